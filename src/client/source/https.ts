/**
 * A release on any static host, read by plain GETs. Polling costs the host a 304: what is asked again carries the ETag
 * of what is held. It knows no secrets; a host that asks for one is refused.
 */
import { isReleasePath } from "../../core/model/release.ts";
import type { ReadAnswer, ReadOptions, ReleaseReader } from "./reader.ts";
import { badAddress } from "./failures.ts";
import { ask, isLoopback, refusal, type Limits } from "./http.ts";

export interface HttpsOptions {
  /** Whether http is good enough for hosts other than this machine. What is read is verified all the same. */
  readonly allowHttp?: boolean | undefined;
  readonly limits?: Limits | undefined;
}

/** Reads below an address such as `https://models.example.com/releases/`. */
export function openHttps(address: string, { allowHttp, limits }: HttpsOptions = {}): ReleaseReader {
  const base = checkedUrl(address, allowHttp);
  const shown = base.href.replace(/\/$/, "");
  return {
    address: shown,
    async read(path: string, { maxLength, tag, signal }: ReadOptions): Promise<ReadAnswer> {
      if (!isReleasePath(path)) return undefined;
      const answer = await ask({
        url: new URL(path, base),
        headers: tag === undefined ? {} : { "if-none-match": tag },
        maxLength,
        address: shown,
        path,
        limits,
        signal,
      });
      if (answer.status === 304 && tag !== undefined) return "unchanged";
      if (answer.status === 404 || answer.status === 410) return undefined;
      if (answer.status !== 200) {
        const hint =
          "The host must give out releases to everybody who asks; what is in them is signed, not secret.";
        throw refusal(shown, path, answer.status, hint);
      }
      return { bytes: answer.bytes, tag: answer.headers.get("etag") ?? undefined };
    },
  };
}

/** The folder an address means, ending with a slash; a Failure where it may not be asked. */
export function checkedUrl(address: string, allowHttp = false): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || (url.protocol !== "https:" && url.protocol !== "http:"))
    throw badAddress(address, "it is no https address", "Write https://<host>/<folder>.");
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    const without = `${url.origin}${url.pathname}`;
    throw badAddress(without, "it carries a user, a query or a fragment", "Write https://<host>/<folder>.");
  }
  if (url.protocol === "http:" && !allowHttp && !isLoopback(url.hostname)) {
    throw badAddress(
      address,
      "http is for this machine only",
      "Use https; or allow http where the network is yours.",
    );
  }
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url;
}

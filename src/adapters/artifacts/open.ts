/**
 * Opens artifacts wherever entries say they are kept: one file of this folder per kind of host. It fetches and measures;
 * what the measure means is for app/artifacts.ts to say. It must never let an entry decide which secret is used where.
 */
import { ociCredentials, s3Credentials, s3Region, variable } from "../../client/source/credentials.ts";
import type { ArtifactOptions, ArtifactSource } from "../../app/artifact-port.ts";
import { Failure } from "../../core/model/failure.ts";
import { readFilePieces } from "./file.ts";
import { guardOf } from "./guard.ts";
import { get, statusFailure } from "./http.ts";
import { measureStream, unreadable } from "./stream.ts";

/** The hosts of artifacts; `seconds` since the epoch, for signatures. */
export function openArtifacts(options: ArtifactOptions, seconds: () => number): ArtifactSource {
  const { env, folders, hosts, timeout } = options;
  const endpoint = endpointIn(env);
  const guard = guardOf(endpoint === undefined ? hosts : [...hosts, endpoint.host]);
  // A password for "any registry" would be one for a stranger's: it is used where it says whose it is.
  const { ASSENT_OCI_USERNAME: _user, ASSENT_OCI_PASSWORD: _password, ...nameless } = env;
  const credentials = ociCredentials(variable(env, "ASSENT_OCI_HOST") === undefined ? nameless : env);
  return {
    async measure({ uri, expected, most, told }) {
      const ended = new AbortController();
      const late = setTimeout(() => ended.abort(), timeout);
      const asking = { guard, signal: ended.signal };
      try {
        switch (uri.slice(0, uri.indexOf(":"))) {
          case "file":
            return await measureStream(readFilePieces(uri, folders), most, told);
          case "http":
          case "https": {
            if (!URL.canParse(uri)) throw unreadable(uri, "it is no address");
            const answer = await get(new URL(uri), {}, asking);
            if (answer.status === 200) return await measureStream(answer.pieces, most, told);
            answer.drop();
            throw statusFailure(uri, answer.status);
          }
          case "s3": {
            const { getObject } = await import("./s3.ts");
            const region = s3Region(env) ?? "us-east-1";
            const store = { endpoint, region, credentials: s3Credentials(env), seconds };
            return await measureStream((await getObject(uri, store, asking)).pieces, most, told);
          }
          case "oci": {
            const { measureOci } = await import("./oci.ts");
            const isNamed = (host: string): boolean =>
              hosts.includes(host) || hosts.includes(host.replace(/:\d+$/, ""));
            return await measureOci({ uri, expected, most, told, asking, credentials, isNamed });
          }
          default:
            throw unreadable(uri, "nobody here knows how to open it (file, https, s3 and oci can be opened)");
        }
      } finally {
        clearTimeout(late);
        ended.abort();
      }
    },
  };
}

/** The store that the environment names instead of Amazon's. */
function endpointIn(env: ArtifactOptions["env"]): URL | undefined {
  const text = env["AWS_ENDPOINT_URL_S3"] ?? env["AWS_ENDPOINT_URL"] ?? "";
  if (text === "") return undefined;
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return new URL(text);
  throw new Failure("usage/endpoint", "AWS_ENDPOINT_URL is no address.", {
    hint: "Write https://<host>, as the AWS command line takes it.",
  });
}

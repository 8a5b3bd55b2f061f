/**
 * One GET whose answer is handed out piece by piece. A redirect on the same host is followed with what was sent; one to
 * another host only from https to https, past the guard, and without any header of ours: no secret leaves its host.
 */
import { request as askPlain } from "node:http";
import type { IncomingMessage } from "node:http";
import { request as askSafe } from "node:https";
import { reasonOf } from "../../client/source/failures.ts";
import { Failure } from "../../core/model/failure.ts";
import type { Guard } from "./guard.ts";
import { unreadable } from "./stream.ts";

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly pieces: AsyncIterable<Uint8Array>;
  /** Lets go of an answer that nobody wants to read. */
  drop(): void;
}

export interface Asking {
  readonly guard: Guard;
  readonly signal: AbortSignal;
}

const mostRedirects = 5;
/** Milliseconds without a byte. */
const idle = 30_000;

/** Asks; any status that is no redirect is an answer. */
export async function get(
  url: URL,
  headers: Readonly<Record<string, string>>,
  { guard, signal }: Asking,
): Promise<Answer> {
  let [at, sent] = [url, headers];
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    guard.check(at);
    const response = await send(at, sent, guard, signal);
    const status = response.statusCode ?? 0;
    const to = response.headers.location;
    if (![301, 302, 303, 307, 308].includes(status) || to === undefined) {
      const { href } = at;
      return {
        status,
        headers: response.headers,
        pieces: piecesOf(response, href, signal),
        drop: () => response.destroy(),
      };
    }
    response.destroy();
    const next = URL.canParse(to, at.href) ? new URL(to, at.href) : undefined;
    if (
      next === undefined ||
      (next.host !== at.host && (at.protocol !== "https:" || next.protocol !== "https:"))
    )
      throw unreadable(
        url.href,
        `it sends its readers to ${next?.origin ?? "nowhere"}, which is not followed`,
      );
    if (next.protocol !== at.protocol && next.protocol !== "https:")
      throw unreadable(url.href, "it sends its readers from https to http");
    if (next.host !== at.host) sent = {};
    at = next;
  }
  throw unreadable(url.href, "it redirects without end");
}

function send(
  url: URL,
  headers: Readonly<Record<string, string>>,
  guard: Guard,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const ask = url.protocol === "https:" ? askSafe : askPlain;
  return new Promise((resolve, reject) => {
    const options = {
      headers: { "accept-encoding": "identity", ...headers },
      lookup: guard.lookupFor(url),
      signal,
    };
    const asked = ask(url, options, resolve);
    asked.setTimeout(idle, () => asked.destroy(new Error("it has stopped answering")));
    asked.on("error", (error) => reject(failed(url.href, error, signal)));
    asked.end();
  });
}

async function* piecesOf(
  response: IncomingMessage,
  href: string,
  signal: AbortSignal,
): AsyncIterable<Uint8Array> {
  try {
    for await (const piece of response) yield piece as Buffer;
  } catch (error) {
    throw failed(href, error, signal);
  }
}

function failed(href: string, error: unknown, signal: AbortSignal): Failure {
  if (error instanceof Failure) return error;
  return unreadable(href, signal.aborted ? "it takes longer than it may" : reasonOf(error), error);
}

/** The Failure for a status that is no content. */
export function statusFailure(what: string, status: number): Failure {
  if (status !== 401 && status !== 403) return unreadable(what, `it is answered with status ${status}`);
  return new Failure("artifact/forbidden", `${what}: its host refuses to hand it out (status ${status}).`, {
    hint: "Give whoever runs this the right to read there.",
    category: "auth",
  });
}

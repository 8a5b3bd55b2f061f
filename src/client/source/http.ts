/**
 * One HTTP request as every host is asked: bounded in time and length, and never led astray.
 * What the attacker controls: the network and the host, so every status, header and byte of an answer. Therefore
 * - an answer is cut off at the length that was asked for, whatever it said its length was (TUF 5.3 ff., endless data);
 * - a redirect is followed only on the same host and never from https to http; where a file is named by its digest, a
 *   registry may send to another https host, and then no secret travels along;
 * - a host that sends nothing for a while, or goes on sending drop by drop, is given up.
 */
import { forbidden, reasonOf, tooLong, unavailable } from "./failures.ts";

export interface Limits {
  /** Milliseconds without a byte. */
  readonly idle: number;
  /** Milliseconds for a whole answer. */
  readonly total: number;
}

export const usualLimits: Limits = { idle: 20_000, total: 300_000 };

export interface HttpRequest {
  readonly url: URL;
  readonly method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | undefined;
  readonly maxLength: number;
  /** Of what is read, for messages. */
  readonly address: string;
  readonly path: string;
  readonly limits?: Limits | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The content is checked against a digest, so it may come from another host, asked without headers of ours. */
  readonly elsewhere?: boolean;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
}

const mostRedirects = 5;

/** Asks; any status that is no redirect is an answer. A Failure for everything that yields no whole answer. */
export async function ask(request: HttpRequest): Promise<HttpAnswer> {
  const { address, limits = usualLimits } = request;
  const ended = new AbortController();
  const giveUp = (why: string): void => ended.abort(new Error(why));
  const total = setTimeout(() => giveUp("the answer takes too long"), limits.total);
  let idle = setTimeout(() => giveUp("it does not answer"), limits.idle);
  const alive = (): void => {
    clearTimeout(idle);
    idle = setTimeout(() => giveUp("it has stopped sending"), limits.idle);
  };
  const stop = (): void => giveUp("it was called off");
  request.signal?.addEventListener("abort", stop, { once: true });
  try {
    if (request.signal?.aborted === true) stop();
    const response = await follow(request, ended.signal, alive);
    const bytes = await read(response, request, alive);
    return { status: response.status, headers: response.headers, bytes };
  } catch (error) {
    if (error instanceof Error && error.name === "Failure") throw error;
    const reason: unknown = ended.signal.aborted ? ended.signal.reason : error;
    throw unavailable(address, `${request.path}: ${reasonOf(reason)}`, error);
  } finally {
    clearTimeout(total);
    clearTimeout(idle);
    request.signal?.removeEventListener("abort", stop);
    ended.abort();
  }
}

async function follow(request: HttpRequest, signal: AbortSignal, alive: () => void): Promise<Response> {
  let { url } = request;
  let headers = request.headers ?? {};
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const response = await fetch(url.href, {
      method: request.method ?? "GET",
      headers,
      ...(request.body === undefined ? {} : { body: Buffer.from(request.body) }),
      redirect: "manual",
      signal,
    });
    alive();
    const to = response.headers.get("location");
    if (![301, 302, 303, 307, 308].includes(response.status) || to === null) return response;
    await response.body?.cancel();
    const next = URL.canParse(to, url.href) ? new URL(to, url.href) : undefined;
    if (next === undefined || !mayFollow(url, next, request)) {
      const where = next === undefined ? "nowhere" : next.origin;
      throw unavailable(
        request.address,
        `it sends ${request.path} to ${where}, and such redirects are not followed`,
      );
    }
    if (next.host !== url.host) {
      const { range } = headers;
      headers = range === undefined ? {} : { range };
    }
    url = next;
  }
  throw unavailable(request.address, `it redirects ${request.path} without end`);
}

function mayFollow(from: URL, to: URL, { elsewhere, method = "GET" }: HttpRequest): boolean {
  if (method !== "GET" && method !== "HEAD") return false;
  if (to.username !== "" || to.password !== "") return false;
  if (to.hostname === from.hostname && (to.protocol === "https:" || from.protocol === "http:"))
    return to.protocol === from.protocol ? to.host === from.host : to.port === "";
  return elsewhere === true && to.protocol === "https:" && from.protocol === "https:" && isPublicName(to);
}

/** A name that the whole internet could mean: a registry may not make us ask what only this machine can reach. */
function isPublicName({ hostname }: URL): boolean {
  return (
    /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z][a-z0-9-]+$/.test(hostname) &&
    !/\.(?:local|internal|localhost)$/.test(hostname)
  );
}

async function read(response: Response, request: HttpRequest, alive: () => void): Promise<Uint8Array> {
  const { address, path, maxLength } = request;
  const { body } = response;
  if (body === null) return new Uint8Array();
  // An error's page may be as long as it likes: it is not read. A status says enough.
  const most = response.ok ? maxLength : 64 * 1024;
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    alive();
    length += value.length;
    if (length > most) {
      await reader.cancel();
      if (response.ok) throw tooLong(address, path, maxLength);
      return new Uint8Array();
    }
    parts.push(value);
  }
  const only = parts[0];
  if (parts.length === 1 && only !== undefined) return only;
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Whether a host is this machine itself; only it may be spoken to without TLS unless somebody says otherwise. */
export function isLoopback(hostname: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

/** The Failure for a status that means neither the file nor its absence. */
export function refusal(address: string, path: string, status: number, hint: string): Error {
  if (status === 401 || status === 403) return forbidden(address, status, hint);
  return unavailable(address, `${path} is answered with status ${status}`);
}

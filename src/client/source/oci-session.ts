/**
 * The conversation with an OCI registry (distribution specification 1.1) and who we are in it: tokens as
 * WWW-Authenticate asks for them, or a password. Shared by the reader and by push.
 * What the attacker controls: everything a registry says. The password goes only to the registry it is for, or to the
 * token service that this registry names over TLS; it is never in an address, a message or a redirected request.
 */
import { badAddress, forbidden, unavailable } from "./failures.ts";
import { ask, isLoopback, type HttpAnswer, type HttpRequest, type Limits } from "./http.ts";

/** Who asks a registry. */
export interface OciCredentials {
  readonly username: string;
  readonly password: string;
}

export interface OciOptions {
  /** Who we are at a host (`ghcr.io`, `127.0.0.1:5000`); undefined = nobody. */
  readonly credentials?: ((host: string) => OciCredentials | undefined) | undefined;
  readonly allowHttp?: boolean | undefined;
  readonly limits?: Limits | undefined;
}

/** What an address such as `oci://ghcr.io/acme/registry` names. */
export interface OciPlace {
  readonly origin: string;
  readonly host: string;
  readonly repository: string;
  /** The tag or digest after the name. */
  readonly reference: string | undefined;
}

export type OciRequest = Omit<HttpRequest, "url" | "address" | "limits"> & {
  /** Below `/v2/<repository>/`, or an absolute address that the registry itself gave. */
  readonly at: string | URL;
};

export interface OciSession {
  readonly address: string;
  readonly place: OciPlace;
  ask(request: OciRequest): Promise<HttpAnswer>;
}

const addressPattern =
  /^oci:\/\/([a-z0-9.-]+(?::\d{1,5})?|\[::1\]:\d{1,5})\/([a-z0-9]+(?:[._/-]+[a-z0-9]+)*)(?::([A-Za-z0-9_][A-Za-z0-9._-]{0,127})|@(sha256:[0-9a-f]{64}))?$/;

/** Reads an address; a Failure for one that is none. */
export function parseOciAddress(address: string, allowHttp = false): OciPlace {
  const [, host, repository, tag, digest] = addressPattern.exec(address) ?? [];
  if (host === undefined || repository === undefined) {
    const hint = "Write oci://<host>/<repository>, and :<tag> or @sha256:<digest> for one certain release.";
    throw badAddress(address, "it does not name a registry and a repository", hint);
  }
  // As the registries' own tools do: this machine is spoken to without TLS.
  const plain = isLoopback(host.replace(/:\d+$/, "")) || allowHttp;
  return { origin: `${plain ? "http" : "https"}://${host}`, host, repository, reference: tag ?? digest };
}

/** Opens a conversation; nothing is asked yet. `actions` is what a token must allow: `pull` or `pull,push`. */
export function openOciSession(address: string, actions: string, options: OciOptions = {}): OciSession {
  const place = parseOciAddress(address, options.allowHttp);
  const { origin, host, repository } = place;
  const root = `${origin}/v2/${repository}/`;
  let authorization: string | undefined;
  let asking: Promise<string> | undefined;
  const send = ({ at, ...request }: OciRequest): Promise<HttpAnswer> => {
    const url = new URL(at, root);
    // An upload may continue wherever the registry says, but who we are is for the registry alone.
    const known = url.origin === origin && authorization !== undefined ? { authorization } : {};
    return ask({
      ...request,
      url,
      address,
      limits: options.limits,
      headers: { ...request.headers, ...known },
    });
  };
  const scope = `repository:${repository}:${actions}`;
  return {
    address,
    place,
    async ask(request) {
      const before = authorization;
      const first = await send(request);
      if (first.status !== 401) return first;
      // Many requests may learn at once that a token is needed or has run out: one of them asks for it.
      if (authorization === before) {
        asking ??= authorize(first, { address, host, scope, options }).finally(() => (asking = undefined));
        authorization = await asking;
      }
      const second = await send(request);
      if (second.status === 401) throw unknownHere(address, host);
      return second;
    },
  };
}

/** Asks for the authorization that a registry wants; `refused` is its 401. A Failure where it is not given. */
export async function authorize(
  refused: HttpAnswer,
  asked: {
    readonly address: string;
    readonly host: string;
    readonly scope: string;
    readonly options: OciOptions;
  },
): Promise<string> {
  const { address, host, scope, options } = asked;
  const challenge = refused.headers.get("www-authenticate") ?? "";
  const who = options.credentials?.(host);
  const basic =
    who === undefined
      ? undefined
      : `Basic ${Buffer.from(`${who.username}:${who.password}`).toString("base64")}`;
  if (/^basic\b/i.test(challenge)) {
    if (basic === undefined) throw unknownHere(address, host);
    return basic;
  }
  const realm = parameter(challenge, "realm");
  if (!/^bearer\b/i.test(challenge) || realm === undefined || !URL.canParse(realm))
    throw unavailable(address, "it asks for a way to sign in that is not known here");
  const url = new URL(realm);
  const secure =
    url.protocol === "https:" || (isLoopback(url.hostname) && isLoopback(host.replace(/:\d+$/, "")));
  if (!secure) throw unavailable(address, "it wants the password sent without TLS");
  const service = parameter(challenge, "service");
  if (service !== undefined) url.searchParams.set("service", service);
  url.searchParams.set("scope", scope);
  const { limits } = options;
  const headers = basic === undefined ? {} : { authorization: basic };
  const answer = await ask({ url, headers, maxLength: 1 << 20, address, path: "its token service", limits });
  if (answer.status === 401 || answer.status === 403) throw unknownHere(address, host);
  const token = answer.status === 200 ? tokenIn(answer.bytes) : undefined;
  if (token === undefined)
    throw unavailable(address, `its token service answers with status ${answer.status}`);
  return `Bearer ${token}`;
}

function unknownHere(address: string, host: string): Error {
  return forbidden(
    address,
    401,
    `Sign in: docker login ${host}, or set ASSENT_OCI_USERNAME and ASSENT_OCI_PASSWORD. Credential helpers are not run.`,
  );
}

function parameter(challenge: string, name: string): string | undefined {
  return new RegExp(`[\\s,]${name}="([^"]{1,2000})"`, "i").exec(challenge)?.[1];
}

function tokenIn(bytes: Uint8Array): string | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof value !== "object" || value === null) return undefined;
    const token = "token" in value ? value.token : "access_token" in value ? value.access_token : undefined;
    return typeof token === "string" && /^[\x21-\x7e]{1,20000}$/.test(token) ? token : undefined;
  } catch {
    return undefined;
  }
}

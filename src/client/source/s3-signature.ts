/**
 * Requests to S3-compatible stores: where a file stands, and AWS Signature Version 4 over a request without a body.
 * Values in, values out: the time is an argument, and a secret key leaves only as a signature.
 */
import { createHmac } from "node:crypto";
import { sha256Hex } from "../../core/model/digest.ts";
import { badAddress } from "./failures.ts";
import { isLoopback } from "./http.ts";

/** Who asks a store. */
export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** What an address such as `s3://bucket/prefix?endpoint=https://minio.example.com&region=eu-west-1` names. */
export interface S3Place {
  readonly bucket: string;
  /** Empty, or ending with a slash. */
  readonly prefix: string;
  readonly region: string;
  /** The store's own address; undefined = Amazon's for the region. */
  readonly endpoint: string | undefined;
  /** Whether the bucket stands in the path (else in the host's name). */
  readonly pathStyle: boolean;
}

const parameters = new Set(["endpoint", "region", "style"]);

/** Reads an address; `region` is what counts where it names none. A Failure for one that is none. */
export function parseS3Address(address: string, region = "us-east-1", allowHttp = false): S3Place {
  const wrong = (why: string): Error =>
    badAddress(
      address,
      why,
      "Write s3://<bucket>/<prefix>, for other stores than Amazon's with ?endpoint=https://<host>&region=<region>.",
    );
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const prefix = url?.pathname.replace(/^\/+|\/+$/g, "") ?? "";
  if (url === undefined || url.protocol !== "s3:" || !/^[a-z0-9][a-z0-9.-]{1,62}$/.test(url.host))
    throw wrong("it does not name a bucket");
  // The address as it was typed: reading it as a URL has folded `a/../b` already.
  if (!/^[A-Za-z0-9._/-]*$/.test(prefix) || /\/\.{1,2}(?:[/?]|$)/.test(address))
    throw wrong("its prefix has characters other than letters, digits, dots, dashes and slashes");
  for (const name of url.searchParams.keys())
    if (!parameters.has(name)) throw wrong(`it has an unknown ${name}`);
  const typed = url.searchParams.get("endpoint");
  const endpoint = typed === null ? undefined : URL.canParse(typed) ? new URL(typed) : null;
  if (endpoint === null || (endpoint !== undefined && !isEndpoint(endpoint, allowHttp)))
    throw wrong("its endpoint is no https address");
  const where = url.searchParams.get("region") ?? region;
  if (!/^[a-z0-9-]{1,40}$/.test(where)) throw wrong("its region is none");
  const style = url.searchParams.get("style") ?? (endpoint === undefined ? "host" : "path");
  if (style !== "host" && style !== "path") throw wrong("its style is neither host nor path");
  return {
    bucket: url.host,
    prefix: prefix === "" ? "" : `${prefix}/`,
    region: where,
    endpoint: endpoint?.origin,
    pathStyle: style === "path",
  };
}

function isEndpoint(
  { protocol, hostname, username, password, pathname, search }: URL,
  allowHttp: boolean,
): boolean {
  const safe = protocol === "https:" || (protocol === "http:" && (allowHttp || isLoopback(hostname)));
  return safe && username === "" && password === "" && pathname === "/" && search === "";
}

/** Where a file of a release stands. */
export function s3Url({ bucket, prefix, region, endpoint, pathStyle }: S3Place, path: string): URL {
  const base = new URL(endpoint ?? `https://s3.${region}.amazonaws.com`);
  if (!pathStyle) base.hostname = `${bucket}.${base.hostname}`;
  // The signature is over the escaped path, and of the characters in a path of a release only this one is escaped.
  base.pathname = `${pathStyle ? `/${bucket}` : ""}/${prefix}${path}`.replaceAll("@", "%40");
  return base;
}

const nothing = sha256Hex("");

/**
 * The headers that sign a GET (AWS Signature Version 4). `seconds` since the epoch; `headers` are signed as well, their
 * names in lower case.
 */
export function signedHeaders(
  url: URL,
  who: S3Credentials,
  region: string,
  seconds: number,
  headers: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const time = new Date(seconds * 1000).toISOString().replace(/[-:]|\.\d{3}/g, "");
  const day = time.slice(0, 8);
  const sent: Record<string, string> = {
    ...headers,
    "x-amz-content-sha256": nothing,
    "x-amz-date": time,
    ...(who.sessionToken === undefined ? {} : { "x-amz-security-token": who.sessionToken }),
  };
  const signed: Record<string, string> = { ...sent, host: url.host };
  const names = Object.keys(signed).sort();
  // The paths of a release need no escaping beyond what an address has already.
  const canonical = [
    "GET",
    url.pathname,
    "",
    ...names.map((name) => `${name}:${(signed[name] ?? "").trim()}`),
    "",
    names.join(";"),
    nothing,
  ].join("\n");
  const scope = `${day}/${region}/s3/aws4_request`;
  const text = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256Hex(canonical)}`;
  const key = [day, region, "s3", "aws4_request"].reduce<Buffer | string>(
    (secret, part) => createHmac("sha256", secret).update(part).digest(),
    `AWS4${who.secretAccessKey}`,
  );
  const signature = createHmac("sha256", key).update(text).digest("hex");
  return {
    ...sent,
    authorization: `AWS4-HMAC-SHA256 Credential=${who.accessKeyId}/${scope}, SignedHeaders=${names.join(";")}, Signature=${signature}`,
  };
}

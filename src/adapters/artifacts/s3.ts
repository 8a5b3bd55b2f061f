/**
 * Artifacts in S3-compatible stores: `s3://bucket/key`, and nothing else, since an address of an entry must not choose
 * where a key of ours is used. The store is Amazon's, or the one that AWS_ENDPOINT_URL names.
 */
import { signedHeaders, type S3Credentials } from "../../client/source/s3-signature.ts";
import { get, statusFailure, type Answer, type Asking } from "./http.ts";
import { unreadable } from "./stream.ts";

export interface Store {
  readonly endpoint: URL | undefined;
  readonly region: string;
  readonly credentials: S3Credentials | undefined;
  /** Seconds since the epoch: a signature holds for minutes. */
  readonly seconds: () => number;
}

/** The object behind an address. */
export async function getObject(uri: string, store: Store, asking: Asking): Promise<Answer> {
  const url = objectUrl(uri, store);
  const { credentials, region, seconds } = store;
  const headers = credentials === undefined ? {} : signedHeaders(url, credentials, region, seconds());
  const answer = await get(url, headers, asking);
  if (answer.status === 200) return answer;
  answer.drop();
  throw statusFailure(uri, answer.status);
}

function objectUrl(uri: string, { endpoint, region }: Store): URL {
  const [, bucket = "", key = ""] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,62})\/([^?#]+)$/.exec(uri) ?? [];
  const names = key.split("/");
  if (key === "" || names.some((name) => name === "." || name === ".."))
    throw unreadable(uri, "it is no address of an object (s3://<bucket>/<key>)");
  const url = new URL(endpoint ?? `https://${bucket}.s3.${region}.amazonaws.com`);
  // As AWS signs paths: everything escaped but letters, digits and -._~.
  const escaped = names.map((name) =>
    encodeURIComponent(name).replace(
      /[!'()*]/g,
      (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`,
    ),
  );
  url.pathname = `${endpoint === undefined ? "" : `/${bucket}`}/${escaped.join("/")}`;
  return url;
}

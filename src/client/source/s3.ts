/**
 * A release in an S3-compatible store, read by GETs that are signed where there is a key and plain where there is none.
 * Nothing is listed: the right to read objects is enough.
 */
import { isReleasePath } from "../../core/model/release.ts";
import { ask, refusal, type Limits } from "./http.ts";
import type { ReadAnswer, ReadOptions, ReleaseReader } from "./reader.ts";
import { parseS3Address, s3Url, signedHeaders, type S3Credentials } from "./s3-signature.ts";

export interface S3Options {
  readonly credentials?: S3Credentials | undefined;
  /** Where the address names none. */
  readonly region?: string | undefined;
  /** Seconds since the epoch: a signature holds for minutes. */
  readonly seconds: () => number;
  readonly allowHttp?: boolean | undefined;
  readonly limits?: Limits | undefined;
}

/** Reads `s3://bucket/prefix?endpoint=…&region=…&style=path|host`. */
export function openS3(address: string, options: S3Options): ReleaseReader {
  const { credentials, region, seconds, allowHttp, limits } = options;
  const place = parseS3Address(address, region, allowHttp);
  return {
    address,
    async read(path: string, { maxLength, tag, signal }: ReadOptions): Promise<ReadAnswer> {
      if (!isReleasePath(path)) return undefined;
      const url = s3Url(place, path);
      const asked: Record<string, string> = tag === undefined ? {} : { "if-none-match": tag };
      const headers =
        credentials === undefined ? asked : signedHeaders(url, credentials, place.region, seconds(), asked);
      const answer = await ask({ url, headers, maxLength, address, path, limits, signal });
      if (answer.status === 304 && tag !== undefined) return "unchanged";
      if (answer.status === 404) return undefined;
      if (answer.status !== 200) {
        const hint =
          credentials === undefined
            ? "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or let everybody read the bucket."
            : "The key must be right, this machine's clock too, and the key needs s3:GetObject and s3:ListBucket (without the latter a missing file looks forbidden).";
        throw refusal(address, path, answer.status, hint);
      }
      return { bytes: answer.bytes, tag: answer.headers.get("etag") ?? undefined };
    },
  };
}

/**
 * A release in an S3-compatible store. A put is whole or not at all, so an interrupted push leaves whole objects; the
 * timestamp is put last, on the condition that it is still the one that was seen. Stores that know no conditional writes
 * (they answer 501) are compared with right before, and the operation says so; there a push announces itself first and
 * gives way to any other that is announced, so that two never write metadata of one version at once.
 * What the attacker controls: the store's answers, of which only names, lengths and dates of the release's own paths count.
 */
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type PutObjectCommandInput,
} from "@aws-sdk/client-s3";
import type { ReleaseDestination, ReleaseFile } from "../app/release-port.ts";
import { parseS3Address, type S3Credentials } from "../client/source/s3-signature.ts";
import { atOnce } from "../core/model/at-once.ts";
import { sha256Hex } from "../core/model/digest.ts";
import { Failure } from "../core/model/failure.ts";
import { digestInPath, isReleasePath, TIMESTAMP_PATH } from "../core/model/release.ts";

export interface S3DestinationOptions {
  readonly credentials: S3Credentials | undefined;
  readonly region?: string | undefined;
  readonly allowHttp?: boolean | undefined;
}

interface Held {
  readonly tag: string | undefined;
  readonly bytes: Uint8Array;
  readonly written: Date | undefined;
}

const WIDTH = 8;
const ABANDONED_MS = 10 * 60_000;
const IMMUTABLE = "public, max-age=31536000, immutable";

/** Opens `s3://bucket/prefix?…`; nothing is asked yet. */
export function openS3Destination(
  address: string,
  { credentials, region, allowHttp }: S3DestinationOptions,
): ReleaseDestination {
  const place = parseS3Address(address, region, allowHttp);
  if (credentials === undefined) {
    throw new Failure("push/no-key", `There is no key for ${address}.`, {
      hint: "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN where there is one).",
      category: "auth",
    });
  }
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const client = new S3Client({
    region: place.region,
    ...(place.endpoint === undefined ? {} : { endpoint: place.endpoint }),
    forcePathStyle: place.pathStyle,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
    // Older stores take no checksums in trailers; the signature covers the body as well.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });
  const Bucket = place.bucket;
  /** Where a push to a store without conditional writes announces itself. */
  const claims = `${place.prefix}.push/`;
  let identity: string | undefined;
  let claimed: string | undefined;
  let claiming: Promise<void> | undefined;
  const keyOf = (path: string): string => `${place.prefix}${path}`;
  let conditional = true;

  const get = (path: string): Promise<Held | undefined> =>
    attempt(address, path, async () => {
      try {
        const answer = await client.send(new GetObjectCommand({ Bucket, Key: keyOf(path) }));
        const bytes = (await answer.Body?.transformToByteArray()) ?? new Uint8Array();
        return { tag: answer.ETag, bytes, written: answer.LastModified };
      } catch (error) {
        if (statusOf(error) === 404) return undefined;
        throw error;
      }
    });

  /** Puts one object; false where the condition does not hold, undefined where the store knows no conditions. */
  const put = (
    path: string,
    bytes: Uint8Array,
    condition: Pick<PutObjectCommandInput, "IfMatch" | "IfNoneMatch"> = {},
  ): Promise<boolean | undefined> =>
    attempt(address, path, async () => {
      try {
        await client.send(
          new PutObjectCommand({
            Bucket,
            Key: keyOf(path),
            Body: bytes,
            ContentType: path.endsWith(".jsonl") ? "application/jsonl" : "application/json",
            CacheControl: path === TIMESTAMP_PATH ? "no-cache" : IMMUTABLE,
            ...condition,
          }),
        );
        return true;
      } catch (error) {
        const asked = Object.keys(condition).length > 0;
        // 404: IfMatch on an object that is gone; 409: another conditional put is on its way.
        if (asked && [404, 409, 412].includes(statusOf(error) ?? 0)) return false;
        if (asked && statusOf(error) === 501) {
          conditional = false;
          return undefined;
        }
        throw error;
      }
    });

  /** Announces a push; whoever finds another one gives way. Both may, but never both go on: each writes before it looks. */
  const claim = (name: string): Promise<void> =>
    attempt(address, "the announcement of a push", async () => {
      await client.send(new PutObjectCommand({ Bucket, Key: `${claims}${name}`, Body: Buffer.from("{}\n") }));
      claimed = name;
      const now = await clockOf(client, Bucket);
      for (const [other, { written }] of await list(client, Bucket, claims)) {
        const age = now === undefined || written === undefined ? 0 : now - written.getTime();
        if (other === name || age > ABANDONED_MS) continue;
        await release();
        throw inTheWay(address, "push");
      }
    });

  const release = async (): Promise<void> => {
    if (claimed === undefined) return;
    const Key = `${claims}${claimed}`;
    claimed = undefined;
    // A key that may not delete leaves it there; it counts for ten minutes.
    await client.send(new DeleteObjectCommand({ Bucket, Key })).catch(() => {});
  };

  /** Metadata are named by version: what stands there already may be somebody else's. */
  const putMetadata = async (
    { path }: ReleaseFile,
    bytes: Uint8Array,
    all: readonly ReleaseFile[],
  ): Promise<void> => {
    if (conditional && (await put(path, bytes, { IfNoneMatch: "*" })) === true) return;
    if (!conditional) await (claiming ??= claim(identity ?? identityOf(all)));
    const there = await get(path);
    if (there !== undefined && Buffer.compare(there.bytes, bytes) === 0) return;
    if (there === undefined) return void (await put(path, bytes));
    const now = await clockOf(client, Bucket);
    const age = now === undefined || there.written === undefined ? 0 : now - there.written.getTime();
    if (age <= ABANDONED_MS) throw inTheWay(address, path);
    const replaced = await put(path, bytes, conditional ? { IfMatch: there.tag } : {});
    if (replaced === false) throw inTheWay(address, path);
    if (replaced === undefined) await put(path, bytes);
  };

  return {
    address,
    async present(files) {
      identity = identityOf(files);
      const held = await attempt(address, "its list of objects", () => list(client, Bucket, place.prefix));
      const found = await atOnce(WIDTH, files, async (file) => {
        if (held.get(file.path)?.length !== file.length) return [];
        // Named by its digest and put whole: the length is enough. Metadata are compared.
        if (digestInPath(file.path) !== undefined) return [file.path];
        const there = await get(file.path);
        return there !== undefined && Buffer.compare(there.bytes, await file.read()) === 0 ? [file.path] : [];
      });
      return new Set(found.flat());
    },
    async store(files, told) {
      await atOnce(WIDTH, files, async (file: ReleaseFile) => {
        if (!isReleasePath(file.path)) throw new Error(`${file.path} is no path of a release`);
        const bytes = await file.read();
        if (digestInPath(file.path) === undefined) await putMetadata(file, bytes, files);
        else await put(file.path, bytes);
        told(file);
      });
    },
    async makeCurrent({ timestamp }, expected) {
      const condition = expected === undefined ? { IfNoneMatch: "*" } : { IfMatch: expected };
      const done = conditional ? await put(TIMESTAMP_PATH, timestamp, condition) : undefined;
      if (done === true) return { atomic: true };
      const there = await get(TIMESTAMP_PATH);
      if (done === false || there?.tag !== expected) {
        // A put that was repeated because its answer got lost has won against nobody but itself.
        if (there !== undefined && Buffer.compare(there.bytes, timestamp) === 0) return { atomic: true };
        await release();
        throw overtaken(address);
      }
      await put(TIMESTAMP_PATH, timestamp);
      await release();
      return { atomic: false };
    },
  };
}

/** The same for a push that goes on after it was interrupted. */
function identityOf(files: readonly ReleaseFile[]): string {
  return sha256Hex(files.map(({ sha256 }) => sha256).join("\n"));
}

interface Listed {
  readonly length: number;
  readonly written: Date | undefined;
}

async function list(client: S3Client, Bucket: string, prefix: string): Promise<ReadonlyMap<string, Listed>> {
  const found = new Map<string, Listed>();
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({
        Bucket,
        Prefix: prefix,
        ...(token === undefined ? {} : { ContinuationToken: token }),
      }),
    );
    for (const { Key = "", Size = 0, LastModified } of page.Contents ?? [])
      found.set(Key.slice(prefix.length), { length: Size, written: LastModified });
    token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
  } while (token !== undefined);
  return found;
}

/** The store's own clock, which the dates of its objects are of. */
async function clockOf(client: S3Client, Bucket: string): Promise<number | undefined> {
  let date: string | undefined;
  const command = new ListObjectsV2Command({ Bucket, MaxKeys: 1 });
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { response } = result;
      if (typeof response === "object" && response !== null && "headers" in response)
        date = (response.headers as Readonly<Record<string, string>>)["date"];
      return result;
    },
    { step: "deserialize", name: "dateOfAnswer" },
  );
  await client.send(command);
  const time = date === undefined ? Number.NaN : Date.parse(date);
  return Number.isNaN(time) ? undefined : time;
}

function overtaken(address: string): Failure {
  return new Failure("push/overtaken", `Somebody else has published to ${address} meanwhile.`, {
    hint: "What is current there is whole. Run the push again: it compares with what is there now.",
    category: "conflict",
  });
}

function inTheWay(address: string, path: string): Failure {
  return new Failure("push/in-the-way", `${address} has another ${path}, sent less than ten minutes ago.`, {
    hint: "Another push is on its way, or was broken off. Wait for it, push that release again, or try after ten minutes.",
    category: "conflict",
  });
}

async function attempt<T>(address: string, what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    const status = statusOf(cause);
    const name = cause instanceof Error ? cause.name : "";
    if (status === 401 || status === 403) {
      throw new Failure("push/forbidden", `${address} refuses ${what} (${name}).`, {
        hint: "The key must be right, and this machine's clock too; it needs s3:ListBucket, s3:GetObject and s3:PutObject.",
        category: "auth",
        cause,
      });
    }
    const why = status === undefined ? (cause instanceof Error ? cause.message : "") : `status ${status}`;
    throw new Failure("push/unavailable", `${address} does not take ${what}: ${name} ${why}.`, {
      hint: "See that the bucket exists and the store is up, and run the push again: it goes on where it stopped.",
      category: "unavailable",
      cause,
    });
  }
}

function statusOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("$metadata" in error)) return undefined;
  const { $metadata } = error;
  const status =
    typeof $metadata === "object" && $metadata !== null && "httpStatusCode" in $metadata
      ? $metadata.httpStatusCode
      : undefined;
  return typeof status === "number" ? status : undefined;
}

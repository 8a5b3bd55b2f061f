/**
 * `assent pull`: a release from any source into a folder, verified whole. Files that are in the folder already are not
 * fetched again, so a pull that broke off goes on; the folder's release changes in one step, at the end.
 */
import { readFile } from "../client/read-file.ts";
import { MAXIMA } from "../client/refresh.ts";
import type { ReleaseReader } from "../client/source/reader.ts";
import { asContent, openWhole, type WholeRelease } from "../client/whole.ts";
import type { ContentFile } from "../client/contents.ts";
import { atOnce } from "../core/model/at-once.ts";
import { sha256Hex } from "../core/model/digest.ts";
import { Failure } from "../core/model/failure.ts";
import { counted } from "../core/model/progress.ts";
import { TIMESTAMP_PATH } from "../core/model/release.ts";
import type { Ports, ReleaseFile } from "./ports.ts";
import { lookAt, rootsAt } from "./release-there.ts";
import { openPlace, type PlaceOptions } from "./verify-release.ts";

export interface PullRequest extends PlaceOptions {
  readonly source: string;
  /** The folder to write, relative to `folder`. */
  readonly out: string;
  /** The file of the root that is trusted. */
  readonly trust: string;
  /** Whether it is fine that nothing has ever been published there: for the job that publishes first. */
  readonly ifAny: boolean;
}

export interface Pulled {
  readonly address: string;
  /** Undefined: nothing is published there, and nothing was written. */
  readonly whole: WholeRelease | undefined;
  readonly fetched: number;
  readonly unchanged: number;
  /** Bytes that were fetched. */
  readonly bytes: number;
}

const WIDTH = 8;

/** Copies a release; a Failure leaves the folder's release as it was. */
export async function pull(request: PullRequest, ports: Ports): Promise<Pulled> {
  const { folder, env } = request;
  const address = `dir:${request.out}`;
  const [source, there, destination] = await Promise.all([
    openPlace(request.source, request, ports),
    openPlace(address, request, ports),
    ports.openDestination(address, { folder, env }),
  ]);
  const root = ports.readInput(folder, request.trust);
  const held = await lookAt(there, await rootsAt(there, root));
  if (held !== undefined && held.state === undefined) {
    throw new Failure(
      "pull/not-ours",
      `${request.out} holds something else than a release of this registry.`,
      {
        hint: "Name another folder, or empty this one.",
      },
    );
  }
  let fetched = 0;
  let bytes = 0;
  const read = async (file: ContentFile): Promise<Uint8Array> => {
    const known = await readIfHeld(there, file);
    if (known !== undefined) return known;
    const fresh = await readFile(source, file.path, file);
    await destination.store([{ ...file, read: () => fresh }], () => {});
    fetched++;
    bytes += fresh.length;
    return fresh;
  };
  try {
    if (request.ifAny && (await isEmpty(source)))
      return { address: source.address, whole: undefined, fetched, unchanged: 0, bytes };
    // Beginning with what the folder holds, an older release is refused as any client would refuse it.
    const whole = await openWhole(source, held?.state ?? { root }, { now: ports.now(), read });
    const told = counted(request.onProgress, "fetching files", whole.leaves.length);
    let done = 0;
    await atOnce(WIDTH, whole.leaves, async (file) => {
      await read(file);
      told?.(++done);
    });
    const metadata = whole.metadata.map((each): ReleaseFile => ({
      ...asContent(each),
      read: () => each.bytes,
    }));
    const present = await destination.present(metadata);
    const missing = metadata.filter(({ path }) => !present.has(path));
    await destination.store(missing, () => {});
    const { timestamp, release, files } = whole;
    const isCurrent = held !== undefined && Buffer.compare(held.timestamp, timestamp.bytes) === 0;
    if (!isCurrent) {
      const named = files.map((file): ReleaseFile => ({
        ...file,
        read: () => readFile(there, file.path, file),
      }));
      await destination.makeCurrent(
        {
          ...release.pair,
          timestamp: timestamp.bytes,
          version: timestamp.version,
          files: [...named, ...metadata],
        },
        held?.tag,
      );
    }
    fetched += missing.length + (isCurrent ? 0 : 1);
    bytes += missing.reduce((sum, { length }) => sum + length, isCurrent ? 0 : timestamp.bytes.length);
    const all = files.length + metadata.length + 1;
    return { address: source.address, whole, fetched, unchanged: all - fetched, bytes };
  } finally {
    source.close?.();
  }
}

/** Whether a host answers that it has no release; one that does not answer is a Failure. */
async function isEmpty(source: ReleaseReader): Promise<boolean> {
  return (await source.read(TIMESTAMP_PATH, { maxLength: MAXIMA.timestamp })) === undefined;
}

async function readIfHeld(there: ReleaseReader, file: ContentFile): Promise<Uint8Array | undefined> {
  const answer = await there.read(file.path, { maxLength: Number.MAX_SAFE_INTEGER });
  if (answer === undefined || answer === "unchanged") return undefined;
  const { bytes } = answer;
  return bytes.length === file.length && sha256Hex(bytes) === file.sha256 ? bytes : undefined;
}

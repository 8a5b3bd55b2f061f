/**
 * `assent push`: a local release to any number of hosts. Everything goes everywhere first, and only then does it become
 * current, one host after the other; so whenever a push breaks off, each host has a whole release as its current one, and
 * the next push goes on. Nothing is sent that does not verify, and nothing that the clients of a host would refuse.
 */
import { MAXIMA, refreshRelease } from "../client/refresh.ts";
import { readFile } from "../client/read-file.ts";
import type { ReleaseReader } from "../client/source/reader.ts";
import { asContent, openWhole, type WholeRelease } from "../client/whole.ts";
import { Failure } from "../core/model/failure.ts";
import type { Progress } from "../core/model/progress.ts";
import { digestInPath, metadataPath } from "../core/model/release.ts";
import type { CompleteRelease, Ports, ReleaseDestination, ReleaseFile, RemovedFiles } from "./ports.ts";
import { lookAt, type ReleaseThere } from "./release-there.ts";
import { openPlace, readLeaves, type PlaceOptions } from "./verify-release.ts";

export interface PushRequest extends PlaceOptions {
  readonly destinations: readonly string[];
  /** The folder of the local release, relative to `folder`. */
  readonly release: string;
  /** Afterwards, take away what none of so many newest releases needs; folders only. */
  readonly keep?: number | undefined;
  /** The file of the root that is trusted; default: the oldest root of the release. */
  readonly trust?: string | undefined;
}

/** What happened at one host. */
export interface PushedTo {
  readonly address: string;
  readonly sent: number;
  readonly unchanged: number;
  /** Bytes that were sent. */
  readonly bytes: number;
  /** Whether the release became current just now. */
  readonly moved: boolean;
  /** Whether the host itself excludes that two pushes switch at once. */
  readonly atomic: boolean;
  /** What was taken away, where that was asked for. */
  readonly removed: RemovedFiles | null;
}

export interface Pushed {
  readonly whole: WholeRelease;
  readonly destinations: readonly PushedTo[];
}

interface Place {
  readonly destination: ReleaseDestination;
  readonly there: ReleaseThere | undefined;
  readonly missing: readonly ReleaseFile[];
  /** What was really sent; a host may find that it has something after all. */
  readonly sent: ReleaseFile[];
}

/** Publishes a release; a Failure names the hosts that stand in the way. */
export async function push(request: PushRequest, ports: Ports): Promise<Pushed> {
  const local = await openPlace(request.release, request, ports);
  const root = await rootFor(local, request, ports);
  const whole = await openWhole(local, { root }, { now: ports.now() });
  await readLeaves(local, whole, request.onProgress);
  const files = filesOf(local, whole);
  const addresses = [...new Set(request.destinations)];
  const places = await everywhere(addresses, (address) =>
    prepare(address, local, whole, files, request, ports),
  );
  if (request.keep !== undefined) {
    const { requireKeep, requirePrunable } = await import("./prune.ts");
    requireKeep(request.keep);
    for (const { destination } of places) requirePrunable(destination);
  }
  const tell = tellSent(places, request.onProgress);
  // Roots last: with new keys, a client must not meet the new root long before what the new keys signed.
  for (const phase of [isNamedByDigest, isPlainMetadata, isRoot]) {
    await everywhere(places, ({ destination, missing, sent }) =>
      destination.store(missing.filter(phase), (file) => void (sent.push(file), tell())),
    );
  }
  const destinations = await switchAll(places, whole, files);
  return { whole, destinations: await pruneAll(places, destinations, whole, request, ports) };
}

/** After all have switched: a folder that cannot be pruned keeps no other from being current. */
async function pruneAll(
  places: readonly Place[],
  pushed: readonly PushedTo[],
  { release }: WholeRelease,
  request: PushRequest,
  ports: Ports,
): Promise<readonly PushedTo[]> {
  const { keep } = request;
  if (keep === undefined) return pushed;
  const { prune } = await import("./prune.ts");
  return everywhere(pushed, async (row) => {
    const destination = places.find((place) => place.destination.address === row.address)?.destination;
    if (destination === undefined) throw new Error(`${row.address} was pushed to`);
    const reader = await openPlace(row.address, request, ports);
    return { ...row, removed: await prune(reader, destination, keep, release.registry) };
  });
}

async function prepare(
  address: string,
  local: ReleaseReader,
  whole: WholeRelease,
  files: readonly ReleaseFile[],
  request: PushRequest,
  ports: Ports,
): Promise<Place> {
  const { folder, env, allowHttp } = request;
  const reader = await openPlace(address, request, ports);
  const destination = await ports.openDestination(address, { folder, env, allowHttp });
  const roots = whole.metadata.flatMap(({ path, bytes }) => (isRoot({ path }) ? [bytes] : [])).toReversed();
  const there = await lookAt(reader, roots);
  if (there !== undefined && !isSame(there, whole)) await requireOnward(address, there, local, whole, ports);
  const present = await destination.present(files);
  reader.close?.();
  return { destination, there, missing: files.filter(({ path }) => !present.has(path)), sent: [] };
}

/** What a client that trusts what is there would refuse is not published to it. */
async function requireOnward(
  address: string,
  { state, release }: ReleaseThere,
  local: ReleaseReader,
  whole: WholeRelease,
  ports: Ports,
): Promise<void> {
  if (state === undefined || release === undefined) {
    throw new Failure(
      "push/not-ours",
      `${address} holds something that no root of this release vouches for.`,
      {
        hint: "Choose another place for this registry, or empty that one.",
      },
    );
  }
  const named = `landing ${release.pair.sequence} as of ${release.pair.asOf}`;
  try {
    const next = await refreshRelease(local, state, { now: ports.now() });
    // The workflow passes over an equal version; with other content it was signed somewhere else.
    if (
      next.state.timestamp !== undefined &&
      Buffer.compare(next.state.timestamp, whole.timestamp.bytes) === 0
    )
      return;
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    throw new Failure(
      "push/older",
      `${address} has ${named}, and this release may not follow it: ${cause.message}`,
      {
        hint: "Release again on top of what is published: assent release, then push.",
        category: "conflict",
        cause,
      },
    );
  }
  throw new Failure("push/older", `${address} has ${named} with a timestamp of the same version.`, {
    hint: "Somebody else released as well. Release again on top of what is published: assent release, then push.",
    category: "conflict",
  });
}

/** Makes a complete release current at each host; what fails there is told after all have been tried. */
async function switchAll(
  places: readonly Place[],
  whole: WholeRelease,
  files: readonly ReleaseFile[],
): Promise<readonly PushedTo[]> {
  const { timestamp, release } = whole;
  const complete: CompleteRelease = {
    ...release.pair,
    timestamp: timestamp.bytes,
    version: timestamp.version,
    files,
  };
  const done: PushedTo[] = [];
  const failures: Failure[] = [];
  for (const { destination, there, sent: stored } of places) {
    const { address } = destination;
    const moved = !isSame(there, whole);
    try {
      const { atomic, overhead = 0 } = moved
        ? await destination.makeCurrent(complete, there?.tag)
        : { atomic: true };
      const sent = stored.length + (moved ? 1 : 0);
      const bytes = stored.reduce(
        (sum, { length }) => sum + length,
        moved ? timestamp.bytes.length + overhead : 0,
      );
      done.push({ address, sent, unchanged: files.length + 1 - sent, bytes, moved, atomic, removed: null });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failures.push(error);
    }
  }
  const [first] = failures;
  if (first === undefined) return done;
  const current = done.map(({ address }) => address).join(", ");
  throw again(first, failures, done.length === 0 ? "" : ` It is current at ${current}.`);
}

/** Does the same at every host, and waits for all of them, so that nothing goes on after a failure was told. */
async function everywhere<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const ended = await Promise.allSettled(items.map(work));
  const failures: Failure[] = [];
  const results: R[] = [];
  for (const each of ended) {
    if (each.status === "fulfilled") results.push(each.value);
    else if (each.reason instanceof Failure) failures.push(each.reason);
    else throw each.reason;
  }
  const [first] = failures;
  if (first === undefined) return results;
  throw again(first, failures, items.length === 1 ? "" : " Nothing has become current anywhere.");
}

function again(first: Failure, all: readonly Failure[], tail: string): Failure {
  const others = all.slice(1).map(({ message }) => ` ${message}`);
  return new Failure(first.code, `${first.message}${others.join("")}${tail}`, {
    hint: first.hint,
    category: first.category,
    cause: first,
  });
}

async function rootFor(local: ReleaseReader, request: PushRequest, ports: Ports): Promise<Uint8Array> {
  if (request.trust !== undefined) return ports.readInput(request.folder, request.trust);
  const answer = await local.read(metadataPath("root", 1), { maxLength: MAXIMA.root });
  if (answer !== undefined && answer !== "unchanged") return answer.bytes;
  throw new Failure("push/no-release", `There is no release in ${request.release}.`, {
    hint: "Make one: assent release --out <folder>; or name the folder: --release <folder>.",
  });
}

/** Everything but the timestamp, metadata last. */
function filesOf(local: ReleaseReader, { files, metadata }: WholeRelease): readonly ReleaseFile[] {
  const named = files.map((file): ReleaseFile => ({ ...file, read: () => readFile(local, file.path, file) }));
  return [...named, ...metadata.map((each): ReleaseFile => ({ ...asContent(each), read: () => each.bytes }))];
}

function tellSent(places: readonly Place[], progress: Progress | undefined): () => void {
  const total = places.reduce((sum, { missing }) => sum + missing.length, 0);
  let sent = 0;
  return () => progress?.(`sending files: ${++sent} of ${total}`);
}

function isSame(there: ReleaseThere | undefined, { timestamp }: WholeRelease): boolean {
  return there !== undefined && Buffer.compare(there.timestamp, timestamp.bytes) === 0;
}

function isNamedByDigest({ path }: { readonly path: string }): boolean {
  return digestInPath(path) !== undefined;
}

function isRoot({ path }: { readonly path: string }): boolean {
  return path.endsWith(".root.json");
}

function isPlainMetadata(file: { readonly path: string }): boolean {
  return !isNamedByDigest(file) && !isRoot(file);
}

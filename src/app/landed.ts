/**
 * Reads landings out of a repository: which line of commits counts, and the values each landing changed. Shared by
 * everything that asks history; it must never decide what a change means.
 */
import { landingAt } from "../core/audit/landings.ts";
import type { LandedValues, ValueChange } from "../core/audit/events.ts";
import { isRulePath } from "../core/compile/policy-revision.ts";
import { sha256Hex } from "../core/model/digest.ts";
import { Failure } from "../core/model/failure.ts";
import { parseInstant } from "../core/model/instant.ts";
import { compareBytes, type JsonObject } from "../core/model/json.ts";
import type { Landing } from "../core/model/landing.ts";
import type { FileMode } from "../core/model/tree.ts";
import { parseFast } from "../core/source/parse.ts";
import { identityOfPath } from "../core/source/reference.ts";
import type { Repository } from "./ports.ts";
import type { WalkedFile, WalkOptions } from "./walk-port.ts";

/** So many changed files are in memory at once; histories may be long. */
const BATCH = 8_000;

/**
 * Where the line of landings ends: at a revision, or without one where the protected branch stands in this clone, or at
 * HEAD where HEAD is ahead of it or there is no such branch. Null before the first landing.
 */
export async function tipOfLine(repository: Repository, at?: string): Promise<string | null> {
  if (at !== undefined && parseInstant(at) === undefined) return repository.resolveRevision(at);
  if (at !== undefined) return (await landingsOf(repository, at)).at(-1)?.oid ?? null;
  return tipFrom(repository, await repository.head());
}

async function tipFrom(repository: Repository, head: string | null): Promise<string | null> {
  const tip = await repository.tipOf(head === null ? "main" : await protectedBranch(repository, head));
  if (head === null || tip === null || tip === head) return head ?? tip;
  const here = await repository.landings(head);
  // Commits on top of the protected branch, on that branch or on none, are about to land in just this order.
  return here.some((landing) => landing.oid === tip) ? head : tip;
}

/**
 * The landings of the protected branch, oldest first, up to `at` (an instant or a revision). Without `at` they end where
 * the protected branch stands in this clone, or at HEAD where HEAD is ahead of it or there is no such branch.
 */
export async function landingsOf(repository: Repository, at?: string): Promise<readonly Landing[]> {
  const instant = at === undefined ? undefined : parseInstant(at);
  const tip = await tipOfLine(repository, instant === undefined ? at : undefined);
  const landings = tip === null ? [] : await repository.landings(tip);
  return instant === undefined ? landings : landings.slice(0, landingAt(landings, instant)?.sequence ?? 0);
}

/** The protected branch, without `refs/heads/`, as registry.yaml says at a commit. */
export async function protectedBranch(repository: Repository, commit: string): Promise<string> {
  const path = "registry/registry.yaml";
  const file = (await repository.treeAt(commit, { paths: [path] })).get(path);
  const value = file === undefined ? null : await valueOf(path, file.read());
  const branch = value?.["protectedBranch"];
  return typeof branch === "string" ? branch : "main";
}

/**
 * What these landings changed, read and parsed; `paths` limits it to these files and folders. What `reads` leaves out is
 * told as a file that cannot be read.
 */
export async function readLandings(
  repository: Repository,
  landings: readonly Landing[],
  { paths, reads = isRead }: Partial<Pick<WalkOptions, "paths" | "reads">> = {},
): Promise<readonly LandedValues[]> {
  const all = await repository.changesOf(landings, paths === undefined ? {} : { paths });
  const read: LandedValues[] = [];
  for (let from = 0; from < landings.length;) {
    let until = from;
    for (let files = 0; until < landings.length && (files === 0 || files < BATCH); until++)
      files += all[until]?.length ?? 0;
    const changes = all.slice(from, until);
    const oids = changes.flat().flatMap(({ path, modeFrom, modeTo, oidFrom, oidTo }) => {
      if (!reads(path)) return [];
      return [
        ...(oidFrom === null || modeFrom === "160000" ? [] : [oidFrom]),
        ...(oidTo === null || modeTo === "160000" ? [] : [oidTo]),
      ];
    });
    const blobs = await repository.readBlobs(oids);
    const values = valueReader();
    for (const [index, landing] of landings.slice(from, until).entries()) {
      const files = (changes[index] ?? []).map((change) => ({
        ...change,
        from: blobs.get(change.oidFrom ?? "") ?? null,
        to: blobs.get(change.oidTo ?? "") ?? null,
      }));
      read.push({ landing, changes: await values(files) });
    }
    from = until;
  }
  return read;
}

/**
 * The landings up to `tip` with what they changed, read and parsed, batch by batch, oldest first: for histories of any
 * length. Null where `after` is not on the line. What `reads` leaves out is told as a file that cannot be read.
 */
export async function* walkLandings(
  repository: Repository,
  tip: string,
  options: Partial<WalkOptions> = {},
): AsyncGenerator<readonly LandedValues[] | null, void> {
  const values = valueReader();
  for await (const batch of repository.walk(tip, { reads: isRead, ...options })) {
    if (batch === null) {
      yield null;
      return;
    }
    const landed: LandedValues[] = [];
    for (const { landing, files } of batch) landed.push({ landing, changes: await values(files) });
    yield landed;
  }
}

/**
 * The line of landings up to `at` (see `tipOfLine`), batch by batch. The walk begins at HEAD while it is still being
 * found out whether the line ends there, which it nearly always does.
 */
export async function* walkLine(
  repository: Repository,
  at?: string,
  paths?: readonly string[],
): AsyncGenerator<readonly LandedValues[], void> {
  const head = at === undefined ? await repository.head() : null;
  const guess = head === null ? undefined : walkLandings(repository, head, { paths });
  // A failure of the guess is one of the walk, or of no interest.
  const first = guess?.next();
  first?.catch(() => {});
  const tip = at === undefined ? await tipFrom(repository, head) : await tipOfLine(repository, at);
  if (guess !== undefined && first !== undefined && tip === head) {
    for (let next = await first; next.done !== true; next = await guess.next()) yield next.value ?? [];
    return;
  }
  await guess?.return();
  if (tip === null) return;
  for await (const batch of walkLandings(repository, tip, { paths })) yield batch ?? [];
}

/** What of landings decides the events of a file, and all that rules say: events are numbered in the order of paths. */
export function readUpTo(files: readonly string[]): (path: string) => boolean {
  return (path) => isRulePath(path) || (isRead(path) && files.some((file) => compareBytes(path, file) <= 0));
}

/** Contents count where an entry may stand, and where rules are read from; of other files only that they are there. */
function isRead(path: string): boolean {
  return isRulePath(path) || identityOfPath(path) !== undefined;
}

/** Parses changes in the order of landings; what a path held last is remembered and not parsed again. */
function valueReader(): (files: readonly WalkedFile[]) => Promise<readonly ValueChange[]> {
  const held = new Map<string, { readonly oid: string; readonly value: JsonObject | null }>();
  return async (files) => {
    const changes: ValueChange[] = [];
    for (const { path, modeFrom, modeTo, oidFrom, oidTo, from, to } of files) {
      const isEntry = identityOfPath(path) !== undefined;
      const known = held.get(path);
      let before: JsonObject | null = null;
      if (isEntry && isFile(modeFrom)) {
        before =
          known !== undefined && known.oid === oidFrom
            ? known.value
            : (fastValue(from) ?? (await valueOf(path, from)));
      }
      const after = isEntry && isFile(modeTo) ? (fastValue(to) ?? (await valueOf(path, to))) : null;
      if (oidTo === null) held.delete(path);
      else if (isEntry) held.set(path, { oid: oidTo, value: isFile(modeTo) ? after : null });
      changes.push({ path, existed: modeFrom !== null, before, after, sha256: sha256Of(path, modeTo, to) });
    }
    return changes;
  };
}

/** Links and submodules hold no entry. */
function isFile(mode: FileMode | null): boolean {
  return mode === "100644" || mode === "100755";
}

/** Null where there is nothing; only of rules does the content itself count. */
function sha256Of(path: string, mode: FileMode | null, bytes: Uint8Array | null): string | null {
  if (mode === null || mode === "160000") return null;
  return bytes !== null && isRulePath(path) ? sha256Hex(bytes) : "";
}

/** What nearly every file says, without waiting. */
function fastValue(bytes: Uint8Array | null): JsonObject | undefined {
  return bytes === null ? undefined : parseFast(bytes);
}

/** What a file says; null where it cannot be read as an entry. */
async function valueOf(path: string, bytes: Uint8Array | null): Promise<JsonObject | null> {
  if (bytes === null) return null;
  const fast = parseFast(bytes);
  if (fast !== undefined) return fast;
  const { parseStrict } = await import("../core/source/strict.ts");
  const { value, findings } = parseStrict(path, bytes);
  return findings.some(({ severity, definition }) => (severity ?? definition.severity) === "error")
    ? null
    : (value ?? null);
}

/** Refuses an empty history with what to do about it. */
export function needLandings(landings: readonly Landing[]): readonly Landing[] {
  if (landings.length > 0) return landings;
  throw new Failure("history/empty", "Nothing has landed yet.", {
    hint: "Commit the registry, or ask for a later moment with --at.",
  });
}

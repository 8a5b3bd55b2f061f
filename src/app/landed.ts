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
import type { JsonObject } from "../core/model/json.ts";
import type { Landing, PathChange } from "../core/model/landing.ts";
import { parseFast } from "../core/source/parse.ts";
import { identityOfPath } from "../core/source/reference.ts";
import type { Repository } from "./ports.ts";

/** So many changed files are in memory at once; histories may be long. */
const BATCH = 8_000;

/**
 * The landings of the protected branch, oldest first, up to `at` (an instant or a revision). Without `at` they end where
 * the protected branch stands in this clone, or at HEAD where HEAD is ahead of it or there is no such branch.
 */
export async function landingsOf(repository: Repository, at?: string): Promise<readonly Landing[]> {
  const instant = at === undefined ? undefined : parseInstant(at);
  if (at !== undefined && instant === undefined) return repository.landings(await repository.resolveRevision(at));
  const landings = await protectedLine(repository);
  if (instant === undefined) return landings;
  return landings.slice(0, landingAt(landings, instant)?.sequence ?? 0);
}

async function protectedLine(repository: Repository): Promise<readonly Landing[]> {
  const head = await repository.head();
  const tip = await repository.tipOf(head === null ? "main" : await protectedBranch(repository, head));
  if (head === null) return tip === null ? [] : repository.landings(tip);
  if (tip === null || tip === head) return repository.landings(head);
  const here = await repository.landings(head);
  // Commits on top of the protected branch, on that branch or on none, are about to land in just this order.
  return here.some((landing) => landing.oid === tip) ? here : repository.landings(tip);
}

/** The protected branch, without `refs/heads/`, as registry.yaml says at a commit. */
export async function protectedBranch(repository: Repository, commit: string): Promise<string> {
  const path = "registry/registry.yaml";
  const file = (await repository.treeAt(commit, { paths: [path] })).get(path);
  const value = file === undefined ? null : await valueOf(path, file.read());
  const branch = value?.["protectedBranch"];
  return typeof branch === "string" ? branch : "main";
}

/** What these landings changed, read and parsed; `paths` limits it to these files and folders. */
export async function readLandings(
  repository: Repository,
  landings: readonly Landing[],
  paths?: readonly string[],
): Promise<readonly LandedValues[]> {
  const all = await repository.changesOf(landings, paths === undefined ? {} : { paths });
  const read: LandedValues[] = [];
  for (let from = 0; from < landings.length; ) {
    let until = from;
    for (let files = 0; until < landings.length && (files === 0 || files < BATCH); until++) files += all[until]?.length ?? 0;
    const contents = await contentsOf(repository, all.slice(from, until).flat());
    for (const landing of landings.slice(from, until)) {
      const changes = (all[landing.sequence - (landings[0]?.sequence ?? 1)] ?? []).map((change) => valueChange(change, contents));
      read.push({ landing, changes });
    }
    from = until;
  }
  return read;
}

interface Content {
  readonly value: JsonObject | null;
  readonly sha256: string;
}

/** Each blob once, parsed where an entry may stand in it; by object id. */
async function contentsOf(repository: Repository, changes: readonly PathChange[]): Promise<ReadonlyMap<string, Content>> {
  const paths = new Map<string, string>();
  for (const { path, modeFrom, modeTo, oidFrom, oidTo } of changes) {
    const isEntry = identityOfPath(path) !== undefined;
    if (!isEntry && !isRulePath(path)) continue;
    if (isEntry && oidFrom !== null && modeFrom !== "160000") paths.set(oidFrom, path);
    // The same content may stand at several paths; it is parsed if one of them is an entry's.
    if (oidTo !== null && modeTo !== "160000" && (isEntry || !paths.has(oidTo))) paths.set(oidTo, path);
  }
  const contents = new Map<string, Content>();
  for (const [oid, bytes] of await repository.readBlobs([...paths.keys()])) {
    const path = paths.get(oid) ?? "";
    const value = identityOfPath(path) === undefined ? null : await valueOf(path, bytes);
    contents.set(oid, { value, sha256: sha256Hex(bytes) });
  }
  return contents;
}

function valueChange(change: PathChange, contents: ReadonlyMap<string, Content>): ValueChange {
  const { path, modeFrom, modeTo, oidFrom, oidTo } = change;
  const side = (mode: string | null, oid: string | null): JsonObject | null =>
    mode === "120000" || mode === "160000" || oid === null ? null : (contents.get(oid)?.value ?? null);
  // What is neither entry nor rule is not read; that it is there is all that counts.
  const sha256 = oidTo === null || modeTo === "160000" ? null : (contents.get(oidTo)?.sha256 ?? "");
  return { path, before: side(modeFrom, oidFrom), after: side(modeTo, oidTo), sha256 };
}

/** What a file says; null where it cannot be read as an entry. */
async function valueOf(path: string, bytes: Uint8Array): Promise<JsonObject | null> {
  const fast = parseFast(bytes);
  if (fast !== undefined) return fast;
  const { parseStrict } = await import("../core/source/strict.ts");
  const { value, findings } = parseStrict(path, bytes);
  return findings.some(({ severity, definition }) => (severity ?? definition.severity) === "error") ? null : (value ?? null);
}

/** Refuses an empty history with what to do about it. */
export function needLandings(landings: readonly Landing[]): readonly Landing[] {
  if (landings.length > 0) return landings;
  throw new Failure("history/empty", "Nothing has landed yet.", { hint: "Commit the registry, or ask for a later moment with --at." });
}

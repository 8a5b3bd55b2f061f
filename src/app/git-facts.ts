/**
 * What git knows about a change (DESIGN 5): who its commits name, who signed its head, what its scopes had before and
 * for how long, and what lint says. Nothing of it is judged here; names and dates in commits are claims.
 */
import { EVIDENCE_BRANCH } from "../core/audit/evidence.ts";
import type { Change } from "../core/govern/change.ts";
import { assess, soakScopesOf } from "../core/govern/decide.ts";
import { noFacts, type CommitFact, type CommitPerson, type Facts } from "../core/govern/facts.ts";
import { settingsOf } from "../core/govern/ownership.ts";
import { servedAt } from "../core/govern/scopes.ts";
import { isObject } from "../core/model/json.ts";
import type { Instant } from "../core/model/instant.ts";
import type { Landing } from "../core/model/landing.ts";
import { coAuthorsOf, parsePeople } from "../core/trust/commit-people.ts";
import { commitSigner } from "../core/trust/signed-commit.ts";
import { stackOf, type Live } from "../core/audit/stack.ts";
import { attestedFacts } from "./attested.ts";
import { readLandings } from "./landed.ts";
import { findingsIn } from "./lint.ts";
import type { RecordedTimelines, ServedFrom } from "./audit/recorded-soak.ts";
import type { Repository } from "./ports.ts";
import { loadTree } from "./read.ts";
import { baseSideOf, type ReadChange } from "./read-change.ts";

/** Everything that a repository says about a change on top of these landings; people and approvals beyond commits are for others to add. */
export async function gitFacts(
  { change, findings, asks }: ReadChange,
  landings: readonly Landing[],
  repository: Repository,
  asOf: Instant,
): Promise<Facts> {
  const scopes = change.paths.flatMap(({ path }) => scopeOfPath(path) ?? []);
  const { told, unknown } = await liveHistory(scopes, landings, repository);
  const stacks = new Map(
    [...told].map(([scope, states]) => [scope, stackOf(states.map(({ bundle }) => bundle))]),
  );
  const overrides = new Map([...told].flatMap(([scope, states]) => overrideOf(scope, states)));
  const [commits, soaks, found, head, attestations] = await Promise.all([
    commitFacts(change, repository),
    timelinesFor(change, stacks, landings, repository, asOf),
    findingsIn({ registry: change.result, findings }, asOf, baseSideOf(change), asks),
    repository.readCommits([change.head]),
    attestedFacts(change),
  ]);
  const signer = commitSigner(head.get(change.head) ?? new Uint8Array());
  return {
    ...noFacts,
    origin: "git",
    headKey: "key" in signer ? signer.key.fingerprint : null,
    commits,
    stacks,
    timelines: soaks.timelines,
    overrides,
    ...attestations,
    findings: found,
    unknown: [...noFacts.unknown, ...unknown, ...soaks.unknown],
  };
}

function scopeOfPath(path: string): string | undefined {
  return /^registry\/live\/(.+)\.yaml$/.exec(path)?.[1];
}

/** What a scope's file said from a landing on. */
interface Said {
  readonly landing: Landing;
  readonly bundle: Live;
  readonly emergency: boolean;
}

/** What scopes were told, and what could not be learned about it. */
interface LiveHistory {
  readonly told: ReadonlyMap<string, readonly Said[]>;
  readonly unknown: readonly string[];
}

/**
 * Everything that these scopes' files ever said and that counts, oldest first. A file that cannot be read says nothing, as
 * in all history; what landed without its approvals, and what was healed, says nothing either (DESIGN 5.9).
 */
async function liveHistory(
  scopes: readonly string[],
  landings: readonly Landing[],
  repository: Repository,
): Promise<LiveHistory> {
  const told = new Map<string, Said[]>(scopes.map((scope) => [scope, []]));
  if (scopes.length === 0) return { told, unknown: [] };
  const files = scopes.map((scope) => `registry/live/${scope}.yaml`);
  for (const { landing, changes } of await readLandings(repository, landings, { paths: files })) {
    for (const { path, after, sha256 } of changes) {
      if (after === null && sha256 !== null) continue;
      const bundle = isObject(after) && typeof after["bundle"] === "string" ? after["bundle"] : null;
      told
        .get(scopeOfPath(path) ?? "")
        ?.push({ landing, bundle, emergency: isObject(after) && after["emergency"] === true });
    }
  }
  const evidence = await repository.tipOf(EVIDENCE_BRANCH);
  const touching = new Set([...told.values()].flat().map(({ landing }) => landing));
  if (evidence === null || touching.size === 0) return { told, unknown: [] };
  const { voidLandings } = await import("./audit/void-landings.ts");
  const { isVoid, unknown } = await voidLandings([...touching], landings, evidence, repository);
  const counts = ({ landing }: Said): boolean => !isVoid(landing.sequence);
  return { told: new Map([...told].map(([scope, states]) => [scope, states.filter(counts)])), unknown };
}

/** Since when these scopes have been live by an emergency, up to the last of the landings; those that are not are left out. */
export async function overridesOf(
  scopes: readonly string[],
  landings: readonly Landing[],
  repository: Repository,
): Promise<ReadonlyMap<string, Instant>> {
  const { told } = await liveHistory(scopes, landings, repository);
  return new Map([...told].flatMap(([scope, states]) => overrideOf(scope, states)));
}

/** Since when a scope has been live by an emergency; nothing where it is not. */
function overrideOf(scope: string, states: readonly Said[]): readonly (readonly [string, Instant])[] {
  let opened: Instant | undefined;
  let live: Live = null;
  for (const { landing, bundle, emergency } of states) {
    if (!emergency) opened = undefined;
    else if (opened === undefined || bundle !== live) opened = landing.time;
    live = bundle;
  }
  return opened === undefined ? [] : [[scope, opened]];
}

/** The commits that H brings, each with the people it names. */
export async function commitFacts(change: Change, repository: Repository): Promise<readonly CommitFact[]> {
  const { base, head } = change;
  const shas = await repository.commitsBetween(base.commit, head);
  const own = new Set(shas);
  const objects = await repository.readCommits(shas);
  const facts: CommitFact[] = [];
  for (const [sha, bytes] of objects) {
    const { author, committer, parents } = parsePeople(bytes);
    const addsNothing = parents.length > 1 && (await isUpdate(sha, parents, own, change, repository));
    facts.push({
      sha,
      author: person(author),
      committer: person(committer),
      coAuthors: [...coAuthorsOf(bytes).map(person), ...signerOf(bytes)],
      addsNothing,
    });
  }
  return facts;
}

/** Whoever signed a commit made it, whatever addresses it names and whoever signed the head. */
function signerOf(commit: Uint8Array): readonly CommitPerson[] {
  const signer = commitSigner(commit);
  if (!("key" in signer)) return [];
  const { fingerprint } = signer.key;
  return [{ id: null, login: fingerprint, email: null, key: fingerprint }];
}

function person(email: string): CommitPerson {
  return { id: null, login: null, email };
}

/** Whether a merge only brings the branch up to date: one parent of its own, the rest from B, and the same change as before. */
async function isUpdate(
  sha: string,
  parents: readonly string[],
  own: ReadonlySet<string>,
  { base }: Change,
  repository: Repository,
): Promise<boolean> {
  const [mine, ...more] = parents.filter((parent) => own.has(parent));
  if (mine === undefined || more.length > 0) return false;
  const [before, after] = await Promise.all([
    changeAt(mine, base.commit, repository),
    changeAt(sha, base.commit, repository),
  ]);
  return before !== null && before === after;
}

/** What a commit changed against the base, as text to compare; null where that is not one thing. */
async function changeAt(commit: string, base: string, repository: Repository): Promise<string | null> {
  const mergeBases = await repository.mergeBases(base, commit);
  const [from] = mergeBases;
  if (from === undefined || mergeBases.length > 1) return null;
  return JSON.stringify(await repository.changedPaths(from, commit, { paths: "everywhere" }));
}

/** The scopes whose past a policy asks about: those that bundles must have soaked in. Evidence is read for no others. */
async function timelinesFor(
  change: Change,
  stacks: ReadonlyMap<string, readonly string[]>,
  landings: readonly Landing[],
  repository: Repository,
  asOf: Instant,
): Promise<RecordedTimelines> {
  const served = new Map<string, readonly ServedFrom[]>();
  for (const scope of soakScopesOf(assess(change, stacks, asOf)))
    served.set(scope, await servedFrom(scope, landings, repository));
  if (served.size === 0) return { timelines: new Map(), unknown: [] };
  const needsRecords = (settingsOf(change.base.registry)?.value.witness ?? []).length > 0;
  const isWitnessed = needsRecords || (await repository.tipOf(EVIDENCE_BRANCH)) !== null;
  const { plainTimeline, recordedTimelines } = await import("./audit/recorded-soak.ts");
  if (isWitnessed) return recordedTimelines(served, landings, needsRecords, repository);
  return {
    timelines: new Map([...served].map(([scope, steps]) => [scope, plainTimeline(steps)])),
    unknown: [],
  };
}

/** What a scope resolved to after each landing that could alter it. */
async function servedFrom(
  scope: string,
  landings: readonly Landing[],
  repository: Repository,
): Promise<readonly ServedFrom[]> {
  const [environment, ns, name] = scope.split("/");
  const usecase = `${ns}/${name}`;
  const paths = [
    "registry/registry.yaml",
    `registry/governance/environments/${environment}.yaml`,
    `registry/live/${environment}/${usecase}.yaml`,
    `registry/live/${environment}/${usecase}`,
    `registry/bundles/${usecase}`,
  ];
  const changes = await repository.changesOf(landings, { paths });
  const steps: ServedFrom[] = [];
  for (const [index, landing] of landings.entries()) {
    if ((changes[index] ?? []).length === 0) continue;
    const { registry } = await loadTree(await repository.treeAt(landing.oid, { paths }));
    steps.push({ landing, digest: servedAt(registry, scope)?.digest ?? null });
  }
  return steps;
}

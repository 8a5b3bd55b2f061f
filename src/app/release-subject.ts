/**
 * What may be released: a landing of the protected branch, whole and clean, that lints and that the audit proves. It
 * must never compile anything that nobody landed, and never wave through what it could not look at.
 */
import { settingsOf } from "../core/govern/ownership.ts";
import type { CompiledSnapshot } from "../core/compile/snapshot.ts";
import { Failure } from "../core/model/failure.ts";
import { instantOfSeconds, millisecondsOf, type Instant } from "../core/model/instant.ts";
import type { Assurance, ReleaseCustom } from "../core/trust/tuf/release.ts";
import type { Diagnostic } from "../core/validate/report.ts";
import { errorsOf, refuseUnborn, snapshotOf } from "./compile.ts";
import { protectedBranch } from "./landed.ts";
import { locate } from "./lint.ts";
import { overdueOverrides } from "./overrides.ts";
import type { Ports, Repository } from "./ports.ts";
import { needGit, openRegistry, type OpenRegistry, type Selection } from "./read.ts";
import { rootOf } from "./root.ts";

export interface SubjectRequest extends Selection {
  /** The file of the trust anchor that the audit begins with. */
  readonly trust: string | undefined;
  /** Of this program. */
  readonly version: string;
}

/** A landing that may be released. */
export interface ReleaseSubject {
  readonly snapshot: CompiledSnapshot;
  readonly custom: ReleaseCustom;
}

/** Or why it may not: errors of the data, all of them, with the registry that they stand in. */
export interface Unfit {
  readonly diagnostics: readonly Diagnostic[];
  readonly registry: OpenRegistry;
}

/** Compiles HEAD, or the landing at `at`, for release. Everything that keeps it from that but data is a Failure. */
export async function subjectOf(request: SubjectRequest, ports: Ports): Promise<ReleaseSubject | Unfit> {
  if (request.at === undefined) await refuseUnborn(request.folder, ports);
  const root = rootOf(request.folder, ports);
  const repository = needGit(await ports.openRepository(root), "release");
  if (request.at === undefined) await refuseDirty(root, repository, ports);
  const open = await openRegistry({ ...request, at: request.at ?? "HEAD" }, ports);
  const { commit, sequence } = open;
  if (commit === null || sequence === null) throw new Error("a commit has a number on its line");
  await refuseBranch(repository, commit);
  // DESIGN 5.7: past what its policy allows, an emergency stops releases, while what is released goes on to resolve.
  const errors = [...(await errorsOf(open)), ...(await overdueOverrides(open, ports.now()))];
  if (errors.length > 0) return { diagnostics: await locate(errors, open.registry.tree), registry: open };
  const assurance = await assuranceOf(open, request, ports);
  const snapshot = await snapshotAt(open, request.asOf, ports.now());
  const { registry, asOf } = snapshot.manifest;
  return { snapshot, custom: { sequence, asOf, commit, registry, assurance } };
}

/**
 * CLI.md: as of the landing, or of the last `nextChange` that has passed; so whoever releases a landing at whatever
 * moment between two changes makes the same release.
 */
async function snapshotAt(
  open: OpenRegistry,
  asked: Instant | undefined,
  now: Instant,
): Promise<CompiledSnapshot> {
  if (asked !== undefined && (asked.length !== 20 || millisecondsOf(asked) > millisecondsOf(now))) {
    throw new Failure("release/as-of", `A release as of ${asked} cannot be made now.`, {
      hint: "Write an instant that has passed, to the second: 2026-07-01T00:00:00Z.",
    });
  }
  let snapshot = await snapshotOf(open);
  while (asked === undefined) {
    const { nextChange } = snapshot.manifest;
    if (nextChange === null) break;
    const asOf = instantOfSeconds(Math.ceil(millisecondsOf(nextChange) / 1000));
    if (millisecondsOf(asOf) > millisecondsOf(now)) break;
    snapshot = await snapshotOf({ ...open, asOf });
  }
  return snapshot;
}

/** What was changed and not landed is not released, and whoever changed it should know. */
async function refuseDirty(root: string, repository: Repository, ports: Ports): Promise<void> {
  if (repository.root === null) return;
  const dirty = await repository.dirtyPaths(ports.openWorkTree(root).readTree());
  const [first] = dirty;
  if (first === undefined) return;
  const more = dirty.length === 1 ? "" : ` and ${dirty.length - 1} more`;
  throw new Failure("release/dirty-tree", `${first}${more} differ from HEAD.`, {
    hint: "Land what you changed, or put it aside: git stash.",
  });
}

/** The number of a commit of another branch is the number of another landing. */
async function refuseBranch(repository: Repository, commit: string): Promise<void> {
  const branch = await protectedBranch(repository, commit);
  const tip = await repository.tipOf(branch);
  if (tip === null) {
    throw new Failure(
      "release/no-branch",
      `There is no branch ${branch} here, which is where this registry's changes land.`,
      {
        hint: `Name the branch so (git branch -m ${branch}), or fetch it; protectedBranch in registry.yaml says which one it is.`,
      },
    );
  }
  const landings = await repository.landings(tip);
  if (landings.some(({ oid }) => oid === commit)) return;
  throw new Failure(
    "release/not-landed",
    `Commit ${commit.slice(0, 12)} is no landing of ${branch} as this clone knows it.`,
    { hint: `Release what landed: git fetch origin && git checkout ${branch}.` },
  );
}

/** What only says that the witness has not come by: it may, and then the same release is made. */
const isYetToCome: ReadonlySet<string> = new Set(["audit/unsigned-tail", "audit/landing-not-recorded"]);

/** DESIGN 7: wherever registry.yaml names a witness, only what `audit verify` passes is released. */
async function assuranceOf(open: OpenRegistry, request: SubjectRequest, ports: Ports): Promise<Assurance> {
  const witnesses = settingsOf(open.registry)?.value.witness ?? [];
  if (witnesses.length === 0) return "none";
  const { verifyAudit } = await import("./audit/verify.ts");
  const { folder, trust, version, onProgress } = request;
  const report = await verifyAudit({ folder, trust, version, onProgress, afresh: false }, ports);
  const [first] = report.violations;
  if (report.ok && report.records > 0) return report.assurance;
  if (first === undefined || report.violations.every(({ code }) => isYetToCome.has(code))) {
    const what = first === undefined ? "No landing has a record" : `Landing ${first.sequence} has no record`;
    throw new Failure("release/not-recorded", `${what} yet, so nothing is released.`, {
      hint: "Wait for the witness, or run assent audit record; then try again.",
      category: "unavailable",
    });
  }
  const why = `The audit does not pass, so nothing is released: ${first.code}: ${first.message}`;
  throw new Failure("release/not-proven", why, {
    hint: "Run assent audit record, then assent audit verify, and mend what it names.",
    category: "gate",
  });
}

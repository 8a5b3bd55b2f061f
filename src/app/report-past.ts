/**
 * What only history knows, for reports: when things landed, since when they are in their state, since when a rule is not
 * met. It must never fail a report: without history at hand there is none.
 */
import type { RegistryEvent } from "../core/audit/event.ts";
import type { Marks } from "../core/audit/events.ts";
import { answerIn } from "../core/audit/answers.ts";
import { ruleKey } from "../core/audit/watch.ts";
import type { Past, PastMark } from "../core/export/report/define.ts";
import { kindOf } from "../core/kinds/index.ts";
import { Failure } from "../core/model/failure.ts";
import type { Instant } from "../core/model/instant.ts";
import { compareBytes } from "../core/model/json.ts";
import type { Entry } from "../core/model/registry.ts";
import { parseRef } from "../core/source/reference.ts";
import { growHistory, tipsOfApprovals } from "./history.ts";
import { takeTime } from "./history-take.ts";
import { protectedBranch, tipOfLine } from "./landed.ts";
import type { Ports, Repository } from "./ports.ts";
import type { OpenRegistry } from "./read.ts";

type Opened = Pick<OpenRegistry, "registry" | "repository" | "commit" | "root" | "sandbox">;

/** The past of an opened registry up to an instant; null without git, before the first landing and in a shallow clone. */
export async function pastOf(
  { registry, repository, commit, root, sandbox }: Opened,
  asOf: Instant,
  ports: Pick<Ports, "openCloneNotes">,
): Promise<Past | null> {
  if (repository === undefined || (await repository.isShallow())) return null;
  try {
    const tip = commit ?? (await tipOfLine(repository));
    if (tip === null) return null;
    const source = { repository, sandbox };
    const draft = await growHistory(source, tip, await ports.openCloneNotes(root), commit === null);
    await takeTime(draft, asOf, source);
    const states = statesIn(draft.events);
    const approvers = await approversOf(registry.ofKind("Waiver"), draft.marks, tip, repository);
    return {
      registered: (ref) => draft.marks.get(ref)?.registered,
      approvers: (ref) => approvers.get(ref) ?? [],
      stateSince: (ref) => states.get(ref),
      unmetSince: (ref, environment, policy, rule) =>
        answerIn(environment, draft.watch?.answers.get(ref) ?? [])?.unmet[ruleKey({ policy, rule })],
    };
  } catch (error) {
    if (error instanceof Failure && error.category === "unavailable") return null;
    throw error;
  }
}

/** By reference, who agreed to the landing that changed each last; branches are read only where there are any. */
async function approversOf(
  entries: readonly Entry[],
  marks: ReadonlyMap<string, Marks>,
  tip: string,
  repository: Repository,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const commits = new Map(
    entries.flatMap(({ ref }) => [[ref, marks.get(ref)?.updated.commit ?? ""] as const]),
  );
  const tips = await tipsOfApprovals(repository);
  if (commits.size === 0 || (tips.evidence === null && tips.approvals === null)) return new Map();
  const wanted = new Set(commits.values());
  const landings = (await repository.landings(tip)).filter(({ oid }) => wanted.has(oid));
  const { approvedBy } = await import("./approved-by.ts");
  const known = await approvedBy(
    landings,
    `refs/heads/${await protectedBranch(repository, tip)}`,
    tips,
    repository,
  );
  return new Map(
    [...commits].map(([ref, commit]) => {
      const people = (known.get(commit)?.approvals ?? []).map(({ identity }) => identity);
      return [ref, [...new Set(people)].sort(compareBytes)] as const;
    }),
  );
}

/** The last event that brought each version into its state, or each scope to what it has. */
function statesIn(events: readonly RegistryEvent[]): ReadonlyMap<string, PastMark> {
  const states = new Map<string, PastMark>();
  for (const { type, subject, scope, fromState, toState, observedAt, actor } of events) {
    if (toState === null || !speaksOfState(type)) continue;
    const isMove =
      scope === null ? fromState !== toState && isState(subject, toState) : type !== "activation_amended";
    if (isMove) states.set(subject, { at: observedAt, by: actor });
  }
  return states;
}

/** Other events use the same fields for what policies say, and for versions that something points at. */
function speaksOfState(type: RegistryEvent["type"]): boolean {
  return (
    type !== "compliance_changed" &&
    type !== "dependency_moved" &&
    type !== "alias_moved" &&
    !type.startsWith("override_")
  );
}

function isState(ref: string, state: string): boolean {
  const kind = parseRef(ref)?.kind;
  return kind !== undefined && kindOf(kind).lifecycle?.states.includes(state) === true;
}

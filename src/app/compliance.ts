/**
 * What policies say of entries, with since when (DESIGN 5): the judgement is made of the registry that was opened, since
 * when is joined from history. Shared by everything that shows compliance; it must never decide whether a change may land.
 */
import type { HistoryDraft } from "../core/audit/events.ts";
import { ruleKey } from "../core/audit/watch.ts";
import { Failure } from "../core/model/failure.ts";
import type { Instant } from "../core/model/instant.ts";
import type { Entry } from "../core/model/registry.ts";
import type { EntryCompliance, Violation } from "../core/policy/compliance.ts";
import { growHistory } from "./history.ts";
import { takeTime } from "./history-take.ts";
import { tipOfLine } from "./landed.ts";
import type { Ports } from "./ports.ts";
import type { OpenRegistry } from "./read.ts";

export interface DatedViolation extends Violation {
  /** From when on the rule is not met; null where history does not tell: nothing landed, or it is not in this clone. */
  readonly since: Instant | null;
}

export interface DatedCompliance extends Omit<EntryCompliance, "violations"> {
  /** From when on the status has been this; null as above, and where nothing is unmet: nobody asks for how long. */
  readonly since: Instant | null;
  readonly violations: readonly DatedViolation[];
}

type Opened = Pick<OpenRegistry, "registry" | "asOf" | "repository" | "commit" | "root" | "sandbox">;

/** Of entries (all without `entries`) every answer that is not `unknown`, in the registry's order. */
export async function datedCompliance(
  open: Opened,
  ports: Pick<Ports, "openCloneNotes">,
  entries?: readonly Entry[],
): Promise<readonly DatedCompliance[]> {
  const { registry, asOf } = open;
  if (registry.ofKind("PolicyBinding").length === 0) return [];
  const { compliance } = await import("../core/policy/compliance.ts");
  const found = compliance(registry, asOf, entries === undefined ? {} : { entries }).filter(
    ({ status }) => status !== "unknown",
  );
  const answers = found.some(({ violations }) => violations.length > 0)
    ? await answersUntil(open, ports)
    : undefined;
  return found.map((each) => {
    const known = answers?.get(each.ref) ?? [];
    const { environment, status, violations } = each;
    const here =
      known.find((answer) => answer.environment === environment) ??
      known.find((answer) => answer.environment === null);
    return {
      ...each,
      since: violations.length > 0 && here?.status === status ? here.since : null,
      violations: violations.map((violation) => ({
        ...violation,
        since: here?.unmet[ruleKey(violation)] ?? null,
      })),
    };
  });
}

/** What history says of entries, moved on to the instant that is asked about; undefined where this clone lacks history. */
async function answersUntil(
  { repository, commit, root, asOf, sandbox }: Opened,
  ports: Pick<Ports, "openCloneNotes">,
): Promise<NonNullable<HistoryDraft["watch"]>["answers"] | undefined> {
  if (repository === undefined || (await repository.isShallow())) return undefined;
  try {
    const tip = commit ?? (await tipOfLine(repository));
    if (tip === null) return undefined;
    const notes = await ports.openCloneNotes(root);
    const source = { repository, sandbox };
    const draft = await growHistory(source, tip, notes, commit === null);
    if (draft.watch === null) return undefined;
    await takeTime(draft, asOf, source);
    return draft.watch.answers;
  } catch (error) {
    if (error instanceof Failure && error.category === "unavailable") return undefined;
    throw error;
  }
}

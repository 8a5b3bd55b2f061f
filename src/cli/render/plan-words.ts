/** What a plan says, in words that text and Markdown share. Nothing is escaped here; each format does that itself. */
import type { Transition } from "../../core/model/transition.ts";
import type { AlteredScope, Served } from "../../core/govern/scopes.ts";
import type { Comparison } from "../../core/govern/compare.ts";
import type { Plan } from "../../core/govern/plan.ts";
import { plural } from "./words.ts";

/** A scope's move in all the modes that it happens in alike. */
export interface ScopeMove {
  readonly scope: string;
  readonly from: string;
  readonly to: string;
  /** `every mode`, or their names. */
  readonly modes: string;
}

/** Each altered scope, once for every different move. */
export function scopeMoves(scopes: readonly AlteredScope[]): readonly ScopeMove[] {
  return scopes.flatMap(({ scope, before, after }) => {
    const modes = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
    const byMove = new Map<
      string,
      { readonly from: string; readonly to: string; readonly modes: string[] }
    >();
    for (const mode of modes) {
      const [from, to] = [
        servedWords(before?.[mode], before !== null),
        servedWords(after?.[mode], after !== null),
      ];
      if (from === to) continue;
      const key = JSON.stringify([from, to]);
      const move = byMove.get(key) ?? { from, to, modes: [] };
      byMove.set(key, move);
      move.modes.push(mode);
    }
    return [...byMove.values()].map((move) => ({
      scope,
      from: move.from,
      to: move.to,
      modes: move.modes.length === modes.length ? "every mode" : move.modes.join(", "),
    }));
  });
}

function servedWords(served: Served | undefined, exists: boolean): string {
  if (!exists) return "no such environment";
  if (served === undefined) return "no such mode";
  const { outcome, bundle, compatible, posture } = served;
  const version = bundle?.replace(/^.*@/, "") ?? "nothing";
  const what =
    outcome === "fallback"
      ? `${version} (fallback)`
      : outcome === "incompatible"
        ? "nothing (incompatible)"
        : version;
  const fit = compatible || bundle === null ? "" : ", does not fit";
  return `${what}${fit}${posture === "NORMAL" ? "" : `, ${posture}`}`;
}

/** `1.3.0 -> 1.4.0`, or empty where a move has no two ends. */
export function moveWords({ from, to }: Pick<Transition, "from" | "to">): string {
  if (from === null && to === null) return "";
  return `${from ?? "nothing"} -> ${to ?? "nothing"}`;
}

/** A number as measured, or a dash. */
export function numberWords(value: number | null): string {
  return value === null ? "-" : String(value);
}

/** Whether a gate holds, in one word. */
export function gateWords({ passed }: Comparison): string {
  return passed === null ? "" : passed ? "meets" : "FAILS";
}

/** All runs behind a gate, where there is more than one or one that says nothing; null otherwise. */
export function runsWords({ runs, threshold }: Comparison): string | null {
  if (threshold === null || (runs.length < 2 && runs.every(({ vacuous }) => vacuous === null))) return null;
  return runs
    .map(({ value, executedAt, passed, vacuous }) => {
      const verdict = passed === false ? " FAILS" : vacuous === null ? "" : ` says nothing (${vacuous})`;
      return `${value} on ${executedAt.slice(0, 10)}${verdict}`;
    })
    .join(", ");
}

/** An identity, or what stands for whoever works on the change. */
export function whoWords(who: readonly string[]): string {
  return who.length === 0
    ? "whoever works on it"
    : who.map((ref) => ref.replace(/^identity:/, "")).join(" or ");
}

/** What is kept elsewhere, and whether anybody trusted has looked; null where nothing is. */
export function artifactWords(artifacts: Plan["artifacts"]): string | null {
  const opened = artifacts.filter((each) => each.opened).length;
  const seen =
    opened === 0
      ? "not opened by anyone"
      : opened < artifacts.length
        ? `${opened} of them opened and compared`
        : "opened and compared";
  return artifacts.length === 0 ? null : `${plural(artifacts.length, "file")} kept elsewhere, ${seen}`;
}

/** How many entries are named of each kind of move; the rest is told as a number. */
const MOST_MOVES = 5;

/** What becomes of compliance: how many entries move from where to where, and the first of them with what they do not meet. */
export function complianceLines(moves: Plan["compliance"]): readonly string[] {
  const byMove = new Map<string, Plan["compliance"][number][]>();
  for (const move of moves) {
    const key = `${move.before} -> ${move.after}`;
    const own = byMove.get(key);
    if (own === undefined) byMove.set(key, [move]);
    else own.push(move);
  }
  return [...byMove].flatMap(([key, own]) => [
    `${key}: ${plural(own.length, "entry", "entries")}`,
    ...own.slice(0, MOST_MOVES).map(({ subject, environment, unmet }) => {
      const where = environment === null ? "" : ` in ${environment.replace("environment:", "")}`;
      return `  ${subject}${where}${unmet.length === 0 ? "" : `: ${unmet.join(", ")}`}`;
    }),
    ...(own.length > MOST_MOVES ? [`  and ${own.length - MOST_MOVES} more`] : []),
  ]);
}

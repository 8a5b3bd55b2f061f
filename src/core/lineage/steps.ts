/**
 * What one step of an impact carries: whether somebody who stands on an entry breaks when it goes, or when another
 * takes its place; and how bad a verdict is, by where it arrives. These tables are all there is to it.
 *
 * | what stands on it                                   | when it goes                    |
 * |-----------------------------------------------------|---------------------------------|
 * | what pins it: bundles, pipelines, templates, models | breaks                          |
 * | a range that another version satisfies              | as the comparison with it says  |
 * | what was made from it, or by it                     | stands; cannot be made again    |
 * | what it validated; a fallback; an optional need     | unknown                         |
 *
 * With a replacement no step carries more than the comparison of the two.
 */
import type { Entry, Registry } from "../model/registry.ts";
import { highestWithin } from "../model/version.ts";
import { compareEntries, type Comparison } from "../resolve/compat.ts";
import { isAtItsEnd } from "../validate/states.ts";
import { relationTypes, type Relation } from "./relations.ts";

export type Verdict = "non-breaking" | "unknown" | "breaking";

/** From the weakest up; a level is a place in this list. */
export const verdicts: readonly Verdict[] = ["non-breaking", "unknown", "breaking"];
const STANDS = 0;
const UNKNOWN = 1;
const BREAKS = 2;

export interface Step {
  /** A place in `verdicts`. */
  readonly level: number;
  /** A sentence. */
  readonly because: string;
}

/** The change that is looked at. */
export interface Cause {
  readonly subject: Entry;
  readonly registry: Registry;
  readonly replacement: Entry | undefined;
  readonly comparison: Comparison | null;
}

/** What one relation carries from what is above to what is below. */
export function stepOf(relation: Relation, cause: Cause): Step {
  const own = ownStep(relation);
  if (relation.above !== cause.subject.ref || own.level === STANDS) return own;
  const given = givenStep(relation, cause);
  return given.level <= own.level ? given : own;
}

/** What the sort of relation carries at most. */
function ownStep({ below, above, type, field, required }: Relation): Step {
  const it = `It is ${relationTypes[type].up} ${above}`;
  if (type === "derived_from" && !below.startsWith("template:"))
    return { level: STANDS, because: `${it}: it stands as it is, and could not be made again.` };
  if (type === "transforms")
    return { level: STANDS, because: `${it}: it is there, and could not be made again.` };
  if (type === "validates")
    return { level: UNKNOWN, because: `It was validated by ${above}; what that would say now is not known.` };
  if (field === "fallback")
    return {
      level: UNKNOWN,
      because: `${above} is its fallback, which answers only when the bundle does not fit.`,
    };
  if (!required)
    return { level: UNKNOWN, because: `It says that it can do without ${above}, and nobody has tried here.` };
  return { level: BREAKS, because: `${field} names exactly ${above}.` };
}

/** What the change itself carries to those who name its subject. */
function givenStep(relation: Relation, { subject, registry, replacement, comparison }: Cause): Step {
  const { range } = relation;
  if (replacement !== undefined && comparison !== null) {
    const words = wordsOf(comparison);
    const moves = range !== null && isSameName(subject, replacement) && fits(replacement, range);
    const how = moves
      ? `Its range ${range} moves to ${replacement.ref} by itself: `
      : `${replacement.ref} would take its place: `;
    return { level: levelOfComparison(comparison), because: how + words };
  }
  if (range !== null) {
    const next = nextWithin(subject, range, registry);
    if (next !== undefined) {
      const compared = compareEntries(subject, next);
      return {
        level: levelOfComparison(compared),
        because: `Its range ${range} would resolve to ${next.ref}: ${wordsOf(compared)}`,
      };
    }
    return { level: BREAKS, because: `No other version is within its range ${range}.` };
  }
  return {
    level: BREAKS,
    because: `${relation.field} names exactly ${subject.ref}, and nothing takes its place.`,
  };
}

function levelOfComparison({ breaking }: Comparison): number {
  return breaking === true ? BREAKS : breaking === "unknown" ? UNKNOWN : STANDS;
}

/** The first change that decided. */
function wordsOf({ breaking, changes }: Comparison): string {
  const impact = breaking === true ? "breaking" : "unknown";
  const first = breaking === false ? undefined : changes.find((change) => change.impact === impact);
  return first === undefined ? "it keeps what was promised." : `${first.pointer.join(".")}: ${first.why}`;
}

function isSameName(a: Entry, b: Entry): boolean {
  return a.kind === b.kind && a.ns === b.ns && a.name === b.name;
}

function fits({ version }: Entry, range: string): boolean {
  return version !== null && highestWithin([version], range) === version;
}

/** What a range would resolve to without the subject. */
function nextWithin(subject: Entry, range: string, registry: Registry): Entry | undefined {
  const others = registry
    .versions(subject.kind, `${subject.ns}/${subject.name}`)
    .filter((entry) => entry.ref !== subject.ref && !isAtItsEnd(entry));
  const version = highestWithin(
    others.map((entry) => entry.version ?? ""),
    range,
  );
  return others.find((entry) => entry.version === version);
}

/** How bad it is, the worst first. */
export type Severity = "critical" | "high" | "medium" | "low" | "info";

/** Where something arrives: live in the environment of the highest rank, live elsewhere, nowhere live, or at its end. */
export type Reach = "top" | "live" | "idle" | "over";

const severities: readonly Severity[] = ["critical", "high", "medium", "low", "info"];

const severityTable: Readonly<Record<Verdict, Readonly<Record<Reach, Severity>>>> = {
  breaking: { top: "critical", live: "high", idle: "medium", over: "info" },
  unknown: { top: "high", live: "medium", idle: "low", over: "info" },
  "non-breaking": { top: "low", live: "low", idle: "info", over: "info" },
};

/** How bad a verdict is for something that reaches so far. */
export function severityOf(verdict: Verdict, reach: Reach): Severity {
  return severityTable[verdict][reach];
}

/** The place of a severity in the order in which hits are shown, the worst first. */
export function levelOf(severity: Severity): number {
  return severities.indexOf(severity);
}

/**
 * What the clock will make wrong unless somebody acts before: waivers that end, reviews that are due, versions in use whose
 * sunset comes. Scheduled findings (DESIGN 9): no change is judged by them, and none of them is an error.
 */
import { activationRefs } from "../compile/references.ts";
import { reachOf } from "../compile/reach.ts";
import { defineCode, type CodeDefinition, type Finding } from "../model/diagnostic.ts";
import { millisecondsOf, parseInstant, type Instant } from "../model/instant.ts";
import { compareBytes } from "../model/json.ts";
import type { Entry, Registry } from "../model/registry.ts";
import type { EntryCompliance } from "../policy/compliance.ts";
import { at } from "./rule.ts";
import { isAtItsEnd } from "./states.ts";

export const lapseWaiver = defineCode({
  code: "lapse/waiver",
  severity: "warning",
  category: "invalid",
  summary: "A waiver is about to end, or has ended.",
  why: "From then on what it excused counts as violated, and the next change of it is denied although nobody did anything.",
  fix: "Mend what it excuses, have a new end approved, or remove it when nothing needs it any more.",
});

export const lapseReview = defineCode({
  code: "lapse/review",
  severity: "warning",
  category: "invalid",
  summary: "The review of a use case is due, or about to be.",
  why: "`reviewBy` is the promise that somebody looks again whether the purpose, the risk tier and the gates still fit.",
  fix: "Review it, write down what was found, and set the next date: `assent edit usecase --where ... --set reviewBy=<date>`.",
});

export const lapseSunset = defineCode({
  code: "lapse/sunset",
  severity: "warning",
  category: "invalid",
  summary: "What is live relies on a version whose sunset is near, or past.",
  why: "After its sunset a version may be taken away at any time, and with it what is live.",
  fix: "Move to what replaces it: `assent impact <entry> --to <entry>` shows who is hit and makes the exchange a patch.",
});

/** Every code of this module. */
export const lapseCodes: readonly CodeDefinition[] = [lapseReview, lapseSunset, lapseWaiver];

/**
 * What lapses up to and with `until`, and what has lapsed at `asOf`. `judged`: the compliance of all entries at `asOf`, asked
 * for only where a waiver ends.
 */
export function lapsesWithin(
  registry: Registry,
  asOf: Instant,
  until: Instant,
  judged: () => readonly EntryCompliance[],
): readonly Finding[] {
  return [
    ...waiverLapses(registry, asOf, until, judged),
    ...reviewLapses(registry, asOf, until),
    ...sunsetLapses(registry, asOf, until),
  ];
}

function waiverLapses(
  registry: Registry,
  asOf: Instant,
  until: Instant,
  judged: () => readonly EntryCompliance[],
): readonly Finding[] {
  const ending = registry.ofKind("Waiver").flatMap((waiver) => {
    const end = parseInstant(waiver.value.expires);
    return end !== undefined && millisecondsOf(end) <= millisecondsOf(until) ? [{ waiver, end }] : [];
  });
  if (ending.length === 0) return [];
  const covered = new Map<string, Set<string>>();
  for (const { ref, violations } of judged())
    for (const { waivers } of violations)
      for (const waiver of waivers) covered.set(waiver, (covered.get(waiver) ?? new Set()).add(ref));
  return ending.map(({ waiver, end }) => {
    const excused = [...(covered.get(waiver.ref) ?? [])].sort(compareBytes);
    const isOver = millisecondsOf(end) <= millisecondsOf(asOf);
    const then = isOver
      ? "What it excused counts as violated again."
      : excused.length === 0
        ? "It excuses nothing."
        : `Then ${named(excused)} will violate ${waiver.value.policy}.`;
    return {
      definition: lapseWaiver,
      message: `The waiver ${isOver ? "ended" : "ends"} on ${waiver.value.expires} (${whenOf(end, asOf)}). ${then}`,
      at: at(waiver, "expires"),
      subject: waiver.ref,
    };
  });
}

function reviewLapses(registry: Registry, asOf: Instant, until: Instant): readonly Finding[] {
  return registry.ofKind("UseCase").flatMap((usecase) => {
    const { reviewBy, owner } = usecase.value;
    const day = dayOf(reviewBy);
    if (day === undefined || millisecondsOf(day) > millisecondsOf(until)) return [];
    return {
      definition: lapseReview,
      message: `${usecase.ref} is to be reviewed by ${reviewBy} (${whenOf(day, asOf)}); ${owner} answers for it.`,
      at: at(usecase, "reviewBy"),
      subject: usecase.ref,
    };
  });
}

function sunsetLapses(registry: Registry, asOf: Instant, until: Instant): readonly Finding[] {
  const near = new Map<string, { readonly entry: Entry; readonly day: Instant }>();
  for (const entry of registry.entries) {
    const day = "sunset" in entry.value ? dayOf(entry.value.sunset) : undefined;
    if (day !== undefined && millisecondsOf(day) <= millisecondsOf(until) && !isAtItsEnd(entry))
      near.set(entry.ref, { entry, day });
  }
  if (near.size === 0) return [];
  const users = new Map<string, string[]>();
  for (const activation of registry.ofKind("Activation")) {
    if (activationRefs(activation).length === 0) continue;
    for (const { ref } of reachOf(activation, registry))
      if (near.has(ref)) users.set(ref, [...(users.get(ref) ?? []), activation.ref]);
  }
  return [...near.values()].flatMap(({ entry, day }) => {
    const live = users.get(entry.ref);
    if (live === undefined) return [];
    return {
      definition: lapseSunset,
      message: `${entry.ref} has its sunset on ${day.slice(0, 10)} (${whenOf(day, asOf)}), and ${named(live.sort(compareBytes))} reach it.`,
      at: at(entry, "sunset"),
      subject: entry.ref,
    };
  });
}

/** The first instant of a date; undefined for what is none (`unknown`). */
function dayOf(date: string | undefined): Instant | undefined {
  return date === undefined ? undefined : parseInstant(`${date}T00:00:00Z`);
}

function whenOf(instant: Instant, asOf: Instant): string {
  const days = Math.floor((millisecondsOf(instant) - millisecondsOf(asOf)) / (24 * 60 * 60 * 1000));
  if (days < 0) return -days === 1 ? "a day ago" : `${-days} days ago`;
  return days === 0 ? "today" : days === 1 ? "in a day" : `in ${days} days`;
}

const MOST = 5;

function named(refs: readonly string[]): string {
  const more = refs.length - MOST;
  return `${refs.slice(0, MOST).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

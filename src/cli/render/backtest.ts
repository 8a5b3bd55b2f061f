/** What a policy would have said about past landings, as text or as assent.backtest/v1. */
import type { Backtest, PastLanding } from "../../app/backtest.ts";
import type { PastVerdict } from "../../core/govern/backtest.ts";
import type { Transition } from "../../core/model/transition.ts";
import type { CommandContext } from "../command.ts";
import { escapeLine, jsonLine } from "./escape.ts";
import { diagnosticWire } from "./json.ts";
import { wrap } from "./text.ts";
import { plural } from "./words.ts";

type Outcome = PastVerdict["outcome"];
const outcomes: readonly Outcome[] = ["denied", "warned", "asks", "allowed", "unaffected"];

/** How many landings of each outcome. */
export function countsOf(landings: readonly PastLanding[]): Readonly<Record<Outcome, number>> {
  const counts = { denied: 0, warned: 0, asks: 0, allowed: 0, unaffected: 0 };
  for (const { outcome } of landings) counts[outcome]++;
  return counts;
}

/** The answer as JSON. Landings that the policy is not about are counted, not listed. */
export function backtestJson({ policy, landings, diagnostics }: Backtest): string {
  return jsonLine({
    format: "assent.backtest/v1",
    policy,
    judged: landings.length,
    counts: countsOf(landings),
    landings: landings
      .filter(({ outcome }) => outcome !== "unaffected")
      .map(({ landing, outcome, transitions, requires, reasons }) => ({
        sequence: landing.sequence,
        commit: landing.oid,
        time: landing.time,
        outcome,
        transitions: transitions.map(transitionWire),
        requires,
        reasons,
      })),
    diagnostics: diagnostics.map(diagnosticWire),
  });
}

function transitionWire({ subject, action, from, to, scope }: Transition): object {
  return { subject, action, from, to, scope: scope ?? null };
}

/** The answer for a terminal. */
export function backtestText({ policy, landings }: Backtest, { style, columns }: CommandContext): string {
  const counts = countsOf(landings);
  const lines = [
    `${style.bold(escapeLine(policy ?? ""))}  ${plural(landings.length, "landing")} judged as if it had been in force`,
  ];
  for (const each of landings.filter(({ outcome }) => outcome !== "unaffected")) {
    const paint = {
      denied: style.red,
      warned: style.yellow,
      asks: style.blue,
      allowed: style.green,
      unaffected: style.dim,
    }[each.outcome];
    const { sequence, oid, time, subject } = each.landing;
    lines.push(
      "",
      `${paint(each.outcome.padEnd(7))} #${sequence}  ${oid.slice(0, 10)}  ${time}  ${escapeLine(subject)}`,
    );
    for (const { action, subject: of } of each.transitions.slice(0, 3))
      lines.push(`        ${escapeLine(`${action} of ${of}`)}`);
    if (each.transitions.length > 3)
      lines.push(`        and ${plural(each.transitions.length - 3, "more move")}`);
    for (const sentence of sentencesOf(each)) {
      for (const line of wrap(escapeLine(sentence), columns - 8)) lines.push(`        ${line}`);
    }
  }
  const told = outcomes
    .filter((outcome) => counts[outcome] > 0)
    .map((outcome) => `${counts[outcome]} ${words[outcome]}`);
  return `${[...lines, "", told.join(", ") || "nothing has landed on top of the first landing"].join("\n")}\n`;
}

const words: Readonly<Record<Outcome, string>> = {
  denied: "denied",
  warned: "warned about",
  asks: "would have asked people of whose answers git keeps no record",
  allowed: "allowed",
  unaffected: "not affected",
};

function sentencesOf({ requires, reasons }: PastVerdict): readonly string[] {
  const asked = requires.map(({ role, count, before, approved, holders }) => {
    const had =
      before === 0
        ? "nobody was asked then"
        : before >= count
          ? "asked then as well"
          : `${before} asked then`;
    const signed = approved === 0 ? "" : `; ${approved} signed`;
    const people = holders.map((each) => each.replace(/^identity:/, "")).join(", ") || "nobody could";
    return `asks ${count} of ${role} (${people}); ${had}${signed}`;
  });
  return [...reasons, ...asked];
}

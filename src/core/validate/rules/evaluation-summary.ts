/** evaluation/summary: the sum of a run is the sum of its cases. */
import { at, defineEntryRule } from "../rule.ts";

const counters = [
  ["passed", "passed"],
  ["failed", "failed"],
  ["errors", "error"],
  ["skipped", "skipped"],
] as const;

export const evaluationSummary = defineEntryRule({
  code: "evaluation/summary",
  severity: "error",
  category: "invalid",
  summary: "An Evaluation's summary or status does not match its cases.",
  why: "People read the summary and tools read the cases; where they differ, one of the two was edited.",
  fix: "Let `assent evaluation add` count the cases, or leave `summary` out.",
  kinds: ["Evaluation"],
  find(entry, _context, report) {
    const { cases, summary, status } = entry.value;
    if (cases === undefined) return;
    const wrong = (key: string, stated: number, counted: number): void => {
      if (stated === counted) return;
      report({
        message: `${key} is ${stated}, but the cases come to ${counted}.`,
        at: at(entry, "summary", key),
        subject: entry.ref,
      });
    };
    if (summary !== undefined) {
      wrong("total", summary.total, cases.length);
      for (const [key, state] of counters)
        wrong(key, summary[key], cases.filter((one) => one.status === state).length);
    }
    const bad = cases.findIndex((one) => one.status === "failed" || one.status === "error");
    if (status !== "passed" || bad < 0) return;
    report({
      message: `The status is passed, but the case "${cases[bad]!.id}" is not.`,
      at: at(entry, "status"),
      subject: entry.ref,
      related: [{ message: "the case", at: at(entry, "cases", bad, "status") }],
    });
  },
});

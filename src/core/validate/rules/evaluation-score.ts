/** evaluation/score: score and class of a run are what its points come to. */
import { at, defineEntryRule } from "../rule.ts";
import { isSameScore, scored, scoringOf } from "../scoring.ts";

export const evaluationScore = defineEntryRule({
  code: "evaluation/score",
  severity: "error",
  category: "gate",
  summary: "An Evaluation's score or class is not what its points come to by the suite's scoring.",
  why: "Gates and policies read the score and the class. Recorded by hand they could say anything; computed from the points they say what was measured.",
  fix: "Leave score and class to `assent evaluation add`, and record the points of each check as the metric of its case.",
  kinds: ["Evaluation"],
  find(entry, { registry }, report) {
    const { suite, metrics, status } = entry.value;
    const scoring = scoringOf(registry, suite);
    const subject = entry.ref;
    if (scoring === undefined) {
      if (entry.value.class === undefined || registry.get(suite) === undefined) return;
      report({
        message: `The class is ${JSON.stringify(entry.value.class)}, but ${suite} has no scoring.`,
        at: at(entry, "class"),
        subject,
      });
      return;
    }
    // A run that broke or was skipped has nothing to sum up, and may say so.
    if (status !== "passed" && status !== "failed" && metrics[scoring.metric] === undefined) return;
    const { score, class: found, faults } = scored(scoring, entry.value);
    for (const { case: id, reason } of faults)
      report({
        message: reason,
        at: metrics[id] === undefined ? at(entry, "metrics") : at(entry, "metrics", id),
        subject,
      });
    if (score === null) return;
    const stated = metrics[scoring.metric];
    if (stated === undefined || !isSameScore(stated, score))
      report({
        message: `${scoring.metric} is ${stated ?? "not stated"}, and the points come to ${score}.`,
        at: stated === undefined ? at(entry, "metrics") : at(entry, "metrics", scoring.metric),
        subject,
      });
    if ((entry.value.class ?? null) === found) return;
    report({
      message: `The class is ${JSON.stringify(entry.value.class ?? null)}, and ${score} points come to ${JSON.stringify(found)}.`,
      at: entry.value.class === undefined ? { file: entry.path } : at(entry, "class"),
      subject,
    });
  },
});

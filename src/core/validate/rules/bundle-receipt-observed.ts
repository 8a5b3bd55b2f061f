/** bundle/receipt-observed: what a receipt observed is what its Evaluations measured. */
import type { Entry, Registry } from "../../model/registry.ts";
import { counts } from "../gates.ts";
import { at, defineEntryRule } from "../rule.ts";

export const bundleReceiptObserved = defineEntryRule({
  code: "bundle/receipt-observed",
  severity: "error",
  category: "gate",
  summary: "An observed value of a gate receipt is not what the cited Evaluations measured.",
  why: "A receipt is only as good as the runs behind it: a value that no cited run measured, or that leaves out a worse one, proves nothing.",
  fix: "Cite the Evaluations that measured the values (`gateReceipt.evaluations`), and let `assent publish` copy them.",
  kinds: ["Bundle"],
  find(entry, { registry }, report) {
    const { gates = [], evaluations = [] } = entry.value.gateReceipt;
    // A run that is missing or cannot be read may hold the value; what is wrong there comes first.
    if (evaluations.some((ref) => registry.get(ref) === undefined)) return;
    const runs = evaluations
      .map((ref) => runAt(registry, ref))
      .map((run) => (run !== undefined && counts(run, entry) ? run : undefined));
    const measuredAs = (metric: string): number[] => runs.flatMap((run) => run?.value.metrics[metric] ?? []);
    const confirmed = new Set<string>();
    gates.forEach(({ metric, observed }, i) => {
      const measured = measuredAs(metric);
      if (measured.includes(observed)) {
        confirmed.add(metric);
        return;
      }
      const found =
        measured.length === 0
          ? "no cited run of this bundle carries it"
          : `the cited runs measured ${measured.join(", ")}`;
      report({
        message: `${metric} is given as ${observed}, but ${found}.`,
        at: at(entry, "gateReceipt", "gates", i, "observed"),
        subject: entry.ref,
      });
    });
    runs.forEach((run, j) => {
      for (const metric of confirmed) {
        const value = run?.value.metrics[metric];
        if (
          run === undefined ||
          value === undefined ||
          gates.some((gate) => gate.metric === metric && gate.observed === value)
        )
          continue;
        report({
          message: `This run measured ${metric} as ${value}, which no gate of the receipt observed.`,
          at: at(entry, "gateReceipt", "evaluations", j),
          subject: entry.ref,
          related: [{ message: "the measured value", at: at(run, "metrics", metric) }],
        });
      }
    });
  },
});

function runAt(registry: Registry, ref: string): Entry<"Evaluation"> | undefined {
  const entry = registry.get(ref);
  return entry?.kind === "Evaluation" ? (entry as Entry<"Evaluation">) : undefined;
}

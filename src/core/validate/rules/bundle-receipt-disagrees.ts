/** bundle/receipt-disagrees: a receipt's conclusions follow from its own numbers. */
import { barText, meets } from "../../model/bar.ts";
import { at, defineEntryRule } from "../rule.ts";

export const bundleReceiptDisagrees = defineEntryRule({
  code: "bundle/receipt-disagrees",
  severity: "error",
  category: "gate",
  summary: "A gate receipt says something else than its own observed values.",
  why: "`passed` and `decision` are recomputed from operator, threshold and observed value; a receipt that contradicts itself was edited or made by a broken tool.",
  fix: "Let `assent publish` write the receipt. If the gate really failed, mend the bundle and publish a new version.",
  example: {
    bad: '{ metric: auc, operator: ">=", threshold: 0.9, observed: 0.87, passed: true }',
    good: '{ metric: auc, operator: ">=", threshold: 0.9, observed: 0.93, passed: true }',
  },
  kinds: ["Bundle"],
  find(entry, _context, report) {
    const { decision, gates = [] } = entry.value.gateReceipt;
    let isMet = true;
    gates.forEach((gate, i) => {
      const holds = meets(gate.observed, gate);
      isMet &&= holds;
      if (gate.passed === holds) return;
      report({
        message: `With ${gate.observed} observed, ${barText(gate)} is ${holds ? "met" : "not met"}, but the receipt says passed: ${gate.passed}.`,
        at: at(entry, "gateReceipt", "gates", i, "passed"),
        subject: entry.ref,
      });
    });
    // A FAIL is refused as such, whatever its numbers say.
    if (decision !== "PASS" || isMet) return;
    report({
      message: "The receipt says PASS although a gate is not met.",
      at: at(entry, "gateReceipt", "decision"),
      subject: entry.ref,
    });
  },
});

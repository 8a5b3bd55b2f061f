/** bundle/receipt-missing-gate: a receipt answers the gates that hold everywhere. */
import { barText, implies } from "../../model/bar.ts";
import { usecaseOfBundle } from "../gates.ts";
import { at, defineEntryRule } from "../rule.ts";
import { isAtItsEnd } from "../states.ts";

export const bundleReceiptMissingGate = defineEntryRule({
  code: "bundle/receipt-missing-gate",
  // A use case may gain a gate after a bundle has landed, whose receipt is frozen: only its next promotion must meet it.
  severity: "warning",
  category: "gate",
  summary: "A gate that the use case asks for everywhere is not in the bundle's receipt.",
  why: "The bundle cannot go live in any environment until a run carries that metric, and whoever promotes it would learn it only then.",
  fix: "Evaluate the metric and put the gate into the next version's receipt. Gates for single environments need not be in it.",
  kinds: ["Bundle"],
  find(entry, { registry }, report) {
    const { gates = [] } = entry.value.gateReceipt;
    if (gates.length === 0 || isAtItsEnd(entry)) return;
    const usecase = usecaseOfBundle(registry, entry);
    usecase?.value.gates?.forEach((gate, i) => {
      if (gate.environments !== undefined || gates.some((answer) => implies(answer, gate))) return;
      report({
        message: `The receipt does not answer ${barText(gate)}.`,
        at: at(entry, "gateReceipt", "gates"),
        subject: entry.ref,
        related: [{ message: "the use case's gate", at: at(usecase, "gates", i) }],
      });
    });
  },
});

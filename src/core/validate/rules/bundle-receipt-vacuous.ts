/** bundle/receipt-vacuous: a PASS of nothing is no PASS. */
import { usecaseOfBundle } from "../gates.ts";
import { at, defineEntryRule } from "../rule.ts";
import { isAtItsEnd } from "../states.ts";

export const bundleReceiptVacuous = defineEntryRule({
  code: "bundle/receipt-vacuous",
  severity: "error",
  category: "gate",
  summary: "A gate receipt holds no gate although the use case has gates.",
  why: "PASS over an empty list is always true; it would let a bundle through that was never measured.",
  fix: "Evaluate the bundle and publish it with a receipt that holds the use case's gates.",
  kinds: ["Bundle"],
  find(entry, { registry }, report) {
    if ((entry.value.gateReceipt.gates ?? []).length > 0 || isAtItsEnd(entry)) return;
    const usecase = usecaseOfBundle(registry, entry);
    const asked = usecase?.value.gates ?? [];
    if (usecase === undefined || asked.length === 0) return;
    const pointer = entry.value.gateReceipt.gates === undefined ? ["gateReceipt"] : ["gateReceipt", "gates"];
    report({
      message: `The receipt holds no gate, but ${usecase.ref} has ${asked.length}.`,
      at: at(entry, ...pointer),
      subject: entry.ref,
      related: [{ message: "the use case's gates", at: at(usecase, "gates") }],
    });
  },
});

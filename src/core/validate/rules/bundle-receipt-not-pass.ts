/** bundle/receipt-not-pass: PASS or it does not land (DESIGN 3). */
import { at, defineEntryRule } from "../rule.ts";

export const bundleReceiptNotPass = defineEntryRule({
  code: "bundle/receipt-not-pass",
  severity: "error",
  category: "gate",
  summary: "A bundle's gate receipt does not say PASS.",
  why: "A bundle stands in the registry so that it can go live; one that failed its gates must never be within reach of a promotion.",
  fix: "Do not publish this version. Mend it, evaluate it again and publish the result as a new version.",
  kinds: ["Bundle"],
  find(entry, _context, report) {
    const { decision } = entry.value.gateReceipt;
    if (decision === "PASS") return;
    report({
      message: `The receipt's decision is ${decision}.`,
      at: at(entry, "gateReceipt", "decision"),
      subject: entry.ref,
    });
  },
});

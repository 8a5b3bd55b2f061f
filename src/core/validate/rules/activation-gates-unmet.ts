/** activation/gates-unmet: what is live was measured, and met the gates of where it is live (DESIGN 4). */
import { bundleAt, environmentNameOf } from "../activations.ts";
import { barText } from "../../model/bar.ts";
import { unmetGates, usecaseOfBundle, whyUnmet } from "../gates.ts";
import { at, defineEntryRule } from "../rule.ts";

export const activationGatesUnmet = defineEntryRule({
  code: "activation/gates-unmet",
  // A rollback needs no gates, and only history tells a rollback from a promotion: the gate judges that, lint warns.
  severity: "warning",
  category: "gate",
  summary: "A live bundle does not meet a gate that its use case has for this environment.",
  why: "A promotion needs at least one run of exactly this content for each gate, and every such run must meet it; the gate denies a promotion without. (Only a rollback may do without.)",
  fix: "Evaluate the bundle with a suite that measures the metric; if a run failed the gate, publish a new version.",
  kinds: ["Activation"],
  find(entry, { registry }, report) {
    const bundle = bundleAt(registry, entry, "bundle");
    const usecase = bundle && usecaseOfBundle(registry, bundle);
    if (bundle === undefined || usecase === undefined) return;
    for (const unmet of unmetGates(registry, usecase, bundle, environmentNameOf(entry))) {
      const { index, gate, failing, vacuous } = unmet;
      report({
        message: `${bundle.ref} does not meet ${barText(gate)}: ${whyUnmet(registry, bundle, unmet)}.`,
        at: at(entry, "bundle"),
        subject: entry.ref,
        related: [
          { message: "the gate", at: at(usecase, "gates", index) },
          ...[...failing, ...vacuous].map((run) => ({
            message: "the run",
            at: at(run, "metrics", gate.metric),
          })),
        ],
      });
    }
  },
});

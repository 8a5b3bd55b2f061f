/** activation/bundle-missing: what is live exists. */
import { bundleRefAt } from "../activations.ts";
import { at, defineEntryRule } from "../rule.ts";

export const activationBundleMissing = defineEntryRule({
  code: "activation/bundle-missing",
  severity: "error",
  category: "invalid",
  summary: "An Activation names a bundle version that does not exist.",
  why: "Whoever resolves this scope would be answered that nothing fits: the use case is down here.",
  fix: "Name a version that stands below registry/bundles/<ns>/<name>/, `none`, or publish that version first.",
  kinds: ["Activation"],
  find(entry, { registry }, report) {
    const ref = bundleRefAt(entry, "bundle");
    if (ref === undefined || registry.get(ref) !== undefined || registry.isBroken(ref)) return;
    const known = registry.versions("Bundle", `${entry.ns}/${entry.name}`).map((bundle) => bundle.version);
    const hint =
      known.length === 0
        ? {}
        : { hint: `Versions of ${entry.ns}/${entry.name}: ${known.slice(-10).join(", ")}.` };
    report({ message: `${ref} does not exist.`, ...hint, at: at(entry, "bundle"), subject: entry.ref });
  },
});

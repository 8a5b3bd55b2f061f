/**
 * policy-binding/contradicts: bindings that meet at entries do not take each other's meaning. There is an answer all the
 * same (what enforces decides, and every version that is bound applies), but hardly the one that both authors meant.
 * A warning that is stricter somewhere, and a newer version that only warns for a while, are no contradiction.
 */
import { bindingsOf, type EffectivePolicy } from "../../policy/bindings.ts";
import type { Entry, Registry } from "../../model/registry.ts";
import { at, defineRegistryRule } from "../rule.ts";

export const policyBindingContradicts = defineRegistryRule({
  code: "policy-binding/contradicts",
  severity: "warning",
  category: "invalid",
  summary: "Two bindings say different things of a policy for the same entries.",
  why: "What enforces decides over what warns, and of two versions both apply: one of the two files means nothing, or not what it says.",
  fix: "Remove the one that is not meant, or narrow its selector. A binding to an older version goes when the newer one holds.",
  findAll({ registry }, report) {
    const all = new Map<string, Entry<"PolicyBinding">>(
      registry.ofKind("PolicyBinding").map((binding) => [binding.ref, binding]),
    );
    if (all.size < 2) return;
    const isWarning = (ref: string): boolean => all.get(ref)?.value.mode === "warn";
    const found = new Map<string, Contradiction & { first: string; count: number }>();
    const means = new Set<string>();
    for (const [effective, { first, count }] of listsOf(registry)) {
      for (const each of contradictionsIn(effective, isWarning)) {
        const known = found.get(each.says);
        if (known === undefined) found.set(each.says, { ...each, first, count });
        else known.count += count;
      }
      for (const { policy, mode, bindings } of effective)
        if (mode === "warn") for (const { ref } of bindings) means.add(`${ref} ${policy}`);
    }
    for (const { one, other, says, first, count, unless } of found.values()) {
      const [binding, second] = [all.get(one), all.get(other)];
      if (binding === undefined || second === undefined || (unless !== null && means.has(unless))) continue;
      report({
        message: `${says}: both for ${first}${count === 1 ? "" : ` and ${count - 1} more`}.`,
        at: at(binding, "policies"),
        subject: binding.ref,
        related: [{ message: "The other one.", at: at(second, "policies") }],
      });
    }
  },
});

interface Contradiction {
  /** The references of two bindings. */
  readonly one: string;
  readonly other: string;
  readonly says: string;
  /** What the first one means elsewhere, so that it is none after all; null where that makes no difference. */
  readonly unless: string | null;
}

/** The policies that apply together, each with the first entry that they apply to and how many there are. */
function listsOf(
  registry: Registry,
): ReadonlyMap<readonly EffectivePolicy[], { readonly first: string; readonly count: number }> {
  const bindings = bindingsOf(registry);
  // Entries that the same bindings reach share one list.
  const met = new Map<readonly EffectivePolicy[], { readonly first: string; count: number }>();
  for (const entry of registry.entries) {
    const places = bindings.environments.filter((environment) => bindings.isSpecial(entry, environment));
    for (const place of [null, ...places]) {
      const effective = bindings.policiesOf(entry, place);
      const known = met.get(effective);
      if (known === undefined) met.set(effective, { first: entry.ref, count: 1 });
      else known.count++;
    }
  }
  return met;
}

function contradictionsIn(
  effective: readonly EffectivePolicy[],
  isWarning: (ref: string) => boolean,
): readonly Contradiction[] {
  const modes = effective.flatMap(({ policy, bindings }) => {
    const enforcing = bindings.find(({ ref }) => !isWarning(ref));
    if (enforcing === undefined) return [];
    return bindings
      .filter(({ ref }) => isWarning(ref))
      .map(({ ref }): Contradiction => ({
        one: ref,
        other: enforcing.ref,
        says: `${ref} only warns about ${policy}, and ${enforcing.ref} enforces it`,
        unless: `${ref} ${policy}`,
      }));
  });
  const enforced = effective.filter(({ mode }) => mode === "enforce");
  const versions = enforced.flatMap(({ policy, bindings }, index): readonly Contradiction[] => {
    const name = policy.split("@")[0];
    const other = enforced.slice(index + 1).find((each) => each.policy.split("@")[0] === name);
    const [one, two] = [bindings[0]?.ref, other?.bindings[0]?.ref];
    if (other === undefined || one === undefined || two === undefined) return [];
    const says = `${one} enforces ${policy}, and ${two} enforces ${other.policy}`;
    return [{ one, other: two, says, unless: null }];
  });
  return [...modes, ...versions];
}

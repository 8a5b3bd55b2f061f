/** usecase/expected-unresolved: where a use case was served, it stays served (DESIGN 3, UseCase). */
import type { Entry, Registry } from "../../model/registry.ts";
import { expectedScope, isAnswered } from "../activations.ts";
import { at, defineChangeRule, type EntryChange } from "../rule.ts";

/** What has been told in a run, by its context: one loss may have several changes behind it. */
const told = new WeakMap<object, Set<string>>();

export const usecaseExpectedUnresolved = defineChangeRule({
  code: "usecase/expected-unresolved",
  severity: "error",
  category: "gate",
  summary: "After the change, nothing is handed out any more where a use case expects it.",
  why: "The use case names the places where its users rely on an answer; this change would take it away from them.",
  fix: "Keep a fitting bundle live there, or take the scope out of the use case's `expected` in a change of its own.",
  findChange(change, context, report) {
    const { registry, base } = context;
    const seen = told.get(context) ?? new Set();
    told.set(context, seen);
    for (const usecase of affected(change, registry)) {
      const landed = base.get(usecase.ref);
      (usecase.value.expected ?? []).forEach((expected, i) => {
        const scope = expectedScope(usecase, expected);
        const key = `${usecase.ref} ${expected}`;
        if (scope === undefined || landed === undefined || seen.has(key)) return;
        if (isAnswered(registry, scope) || !isAnswered(base, scope)) return;
        seen.add(key);
        const cause = change.inHead ? [{ message: "changed here", at: { file: change.path } }] : [];
        report({
          message: `Nothing is handed out at ${expected} any more.`,
          at: at(usecase, "expected", i),
          subject: usecase.ref,
          related: cause,
        });
      });
    }
  },
});

/** The use cases whose answers a change may alter. */
function affected({ before, after }: EntryChange, registry: Registry): readonly Entry<"UseCase">[] {
  const entry = after ?? before;
  switch (entry?.kind) {
    case "Registry":
    case "Environment":
      return registry.ofKind("UseCase");
    case "Activation":
    case "Bundle": {
      const usecase = registry.get(`usecase:${entry.ns}/${entry.name}`);
      return usecase?.kind === "UseCase" ? [usecase as Entry<"UseCase">] : [];
    }
    default:
      return [];
  }
}

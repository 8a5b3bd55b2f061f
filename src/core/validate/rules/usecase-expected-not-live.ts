/** usecase/expected-not-live: where a use case will be served, but is not yet. */
import { expectedScope, isAnswered } from "../activations.ts";
import { nearest } from "../../model/nearest.ts";
import { at, defineEntryRule } from "../rule.ts";

export const usecaseExpectedNotLive = defineEntryRule({
  code: "usecase/expected-not-live",
  severity: "info",
  worst: "error",
  category: "gate",
  summary: "A use case expects to be served somewhere where nothing is handed out.",
  why: "Whoever asks there is told that there is nothing. That is right before the first promotion, and worth knowing after it.",
  fix: "Promote a bundle there when it is ready, or take the scope out of `expected`.",
  kinds: ["UseCase"],
  find(entry, { registry }, report) {
    (entry.value.expected ?? []).forEach((expected, i) => {
      const scope = expectedScope(entry, expected);
      if (scope === undefined) return;
      const environment = `environment:${scope.environment}`;
      if (registry.get(environment) === undefined && !registry.isBroken(environment)) {
        // Nothing can ever be handed out there: that is a misspelt word, not a promotion to come.
        const near = nearest(
          scope.environment,
          registry.ofKind("Environment").map(({ name }) => name),
        );
        report({
          message: `${environment} does not exist.`,
          hint:
            near === undefined
              ? "Add the environment, or take the scope out of `expected`."
              : `Did you mean ${near}?`,
          at: at(entry, "expected", i),
          subject: entry.ref,
          severity: "error",
        });
        return;
      }
      if (isAnswered(registry, scope)) return;
      report({
        message: `Nothing is handed out at ${expected}.`,
        at: at(entry, "expected", i),
        subject: entry.ref,
      });
    });
  },
});

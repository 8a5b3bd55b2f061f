/** identity/controller: a human answers for every bot and model. */
import { at, defineEntryRule } from "../rule.ts";

export const identityController = defineEntryRule({
  code: "identity/controller",
  severity: "error",
  category: "invalid",
  summary: "The controller of a bot or model is no active human.",
  why: "Somebody must be answerable, and what a bot changes must not be approved by the person who caused it.",
  fix: "Write `controller: identity:<name>` with an active human.",
  kinds: ["Identity"],
  find(entry, { registry }, report) {
    const { type = "human", controller } = entry.value;
    // That a bot or a model has a controller at all, its schema says.
    if (type === "human" || controller === undefined) return;
    const person = registry.get(controller);
    if (person?.kind !== "Identity") return;
    const { type: personType = "human", active = true } = (person as typeof entry).value;
    if (personType === "human" && active) return;
    const why = personType === "human" ? "is not active" : `is a ${personType}`;
    report({
      message: `The controller ${controller} ${why}.`,
      at: at(entry, "controller"),
      subject: entry.ref,
    });
  },
});

/** identity/controller: a human answers for every bot and model. */
import { at, atKey, defineEntryRule } from "../rule.ts";

export const identityController = defineEntryRule({
  code: "identity/controller",
  severity: "error",
  category: "invalid",
  summary: "A bot or model names no human controller.",
  why: "Somebody must be answerable, and what a bot changes must not be approved by the person who caused it.",
  fix: "Add `controller: identity:<name>` with an active human.",
  kinds: ["Identity"],
  find(entry, { registry }, report) {
    const { type = "human", controller } = entry.value;
    if (type === "human") return;
    if (controller === undefined) {
      report({ message: `${entry.ref} is a ${type} without a controller.`, at: atKey(entry, "type"), subject: entry.ref });
      return;
    }
    const person = registry.get(controller);
    if (person?.kind !== "Identity") return;
    const { type: personType = "human", active = true } = (person as typeof entry).value;
    if (personType === "human" && active) return;
    const why = personType === "human" ? "is not active" : `is a ${personType}`;
    report({ message: `The controller ${controller} ${why}.`, at: at(entry, "controller"), subject: entry.ref });
  },
});

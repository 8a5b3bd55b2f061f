/** extension/rule-violated: custom metadata meets the rules of its MetadataSchema. */
import { preparePolicy } from "../../policy/policies.ts";
import { surroundingsOf } from "../../policy/surroundings.ts";
import { extensionsOf, governs } from "../metadata.ts";
import { at, defineRegistryRule } from "../rule.ts";

export const extensionRuleViolated = defineRegistryRule({
  code: "extension/rule-violated",
  severity: "error",
  category: "invalid",
  summary: "Custom metadata violates a rule of its schema.",
  why: "The owner of the MetadataSchema says what must hold for whoever carries the key.",
  fix: "Do what the message says; the rule stands in the MetadataSchema.",
  findAll({ registry, asOf }, report) {
    const gather = surroundingsOf(registry, asOf);
    for (const schema of registry.ofKind("MetadataSchema")) {
      const { rules = [], appliesTo = [] } = schema.value;
      if (rules.length === 0) continue;
      const policy = preparePolicy({ appliesTo, rules });
      for (const entry of registry.entries) {
        if (extensionsOf(entry)[schema.name] === undefined || !governs(schema, entry)) continue;
        for (const { rule, error } of policy.judge(entry, gather(entry, null, policy.uses))) {
          const reason = error === null ? "" : ` The rule cannot be answered: ${error}.`;
          const related = [{ message: "The rule.", at: at(schema, "rules", rules.indexOf(rule), "assert") }];
          const hint = rule.remediation === undefined ? {} : { hint: rule.remediation };
          report({
            message: `${rule.message}${reason}`,
            ...hint,
            at: at(entry, "extensions", schema.name),
            subject: entry.ref,
            related,
          });
        }
      }
    }
  },
});

/** How violations of policies become findings: at the value that the rule looks at, with the rule beside it. */
import type { PolicyRule } from "../../generated/entries.ts";
import type { KindName } from "../model/kind.ts";
import type { Entry } from "../model/registry.ts";
import { compileExpression } from "../policy/cel.ts";
import type { Violation } from "../policy/compliance.ts";
import { namesOfPolicy } from "../policy/policies.ts";
import { judgedIn } from "./judged.ts";
import { at, type Report, type RuleContext } from "./rule.ts";
import { placeOfViolation } from "./violation-place.ts";

/** Reports the chosen violations that no waiver covers. What holds everywhere is not repeated for each environment. */
export function reportViolations(
  context: RuleContext,
  isChosen: (violation: Violation) => boolean,
  report: Report,
): void {
  const { registry } = context;
  let everywhere: { readonly ref: string; readonly keys: ReadonlySet<string> } = { ref: "", keys: new Set() };
  for (const { ref, environment, violations } of judgedIn(context)) {
    const chosen = violations.filter((violation) => violation.waivers.length === 0 && isChosen(violation));
    const keys = chosen.map(({ policy, rule }) => `${policy} ${rule}`);
    chosen.forEach((violation, i) => {
      if (environment !== null && everywhere.ref === ref && everywhere.keys.has(keys[i] ?? "")) return;
      reportOne(registry.get(ref), registry.get(violation.policy), environment, violation, report);
    });
    if (environment === null) everywhere = { ref, keys: new Set(keys) };
  }
}

function reportOne(
  entry: Entry | undefined,
  policy: Entry | undefined,
  environment: string | null,
  violation: Violation,
  report: Report,
): void {
  if (entry === undefined || policy?.kind !== "Policy") return;
  const { spec } = (policy as Entry<"Policy">).value;
  const index = spec.rules.findIndex(({ id }) => id === violation.rule);
  const rule = spec.rules[index];
  // An expression that is wrong is one finding of its policy, not one more of each entry.
  if (rule === undefined || !isAnswerable(rule, spec.appliesTo)) return;
  const where = environment === null ? "" : ` in ${environment}`;
  const reason = violation.error === null ? "" : ` The rule cannot be answered: ${violation.error}.`;
  report({
    message: `${violation.message}${reason} (${violation.severity}: ${violation.rule} of ${violation.policy}${where})`,
    ...(violation.remediation !== null && { hint: violation.remediation }),
    at: placeOfViolation(entry, rule, spec.appliesTo),
    subject: entry.ref,
    ...(violation.mode === "warn" && { severity: "info" }),
    related: [{ message: "The rule.", at: at(policy, "spec", "rules", index, "assert") }],
  });
}

function isAnswerable(rule: PolicyRule, kinds: readonly KindName[]): boolean {
  const names = namesOfPolicy(kinds);
  return [rule.when ?? rule.assert, rule.assert].every((text) => "program" in compileExpression(text, names));
}

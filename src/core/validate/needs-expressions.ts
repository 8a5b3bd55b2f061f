/** Whether a registry holds anything for the rules with heavy engines (CEL, user-supplied JSON Schemas). */
import type { Registry } from "../model/registry.ts";

/** True when some entry has an expression, is bound by a policy, or carries custom metadata or a schema of its own. */
export function needsExpressions(registry: Registry): boolean {
  const kinds = [
    "Policy",
    "PolicyBinding",
    "Waiver",
    "MetadataSchema",
    "Config",
    "Dataset",
    "Pipeline",
    "Template",
  ] as const;
  if (kinds.some((kind) => registry.ofKind(kind).length > 0)) return true;
  if (registry.ofKind("ApprovalPolicy").some(({ value }) => value.match?.when !== undefined)) return true;
  if ((registry.ofKind("Registry")[0]?.value.requirePolicies?.length ?? 0) > 0) return true;
  if (registry.ofKind("Model").some(({ value }) => value.spec.interface !== undefined)) return true;
  return registry.entries.some(({ value }) => "extensions" in value && value.extensions !== undefined);
}

/** True when some value has to be checked against a JSON Schema that a user wrote (rules/schemas.ts). */
export function needsSchemas(registry: Registry): boolean {
  if (registry.ofKind("Template").some(({ value }) => value.spec.tests !== undefined)) return true;
  if (registry.ofKind("Config").some(({ value }) => value.spec.schema !== undefined)) return true;
  return (
    registry.ofKind("MetadataSchema").length > 0 &&
    registry.entries.some(({ value }) => value.extensions !== undefined)
  );
}

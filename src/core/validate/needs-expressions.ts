/** Whether a registry holds anything for the rules with heavy engines (CEL, user-supplied JSON Schemas). */
import type { KindName } from "../model/kind.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { bindingsOf } from "../policy/bindings.ts";

/**
 * True when one of these entries that is asked about has an expression, carries custom metadata or a schema of its own, or is
 * reached by a binding.
 */
export function needsExpressions(
  registry: Registry,
  asks: (file: string) => boolean,
  entries: readonly Entry[] = registry.entries,
): boolean {
  const bindings = bindingsOf(registry);
  return entries.some((entry) => {
    if (!asks(entry.path)) return false;
    if (withExpressions.has(entry.kind) || entry.value.extensions !== undefined) return true;
    if (entry.kind === "Model" && (entry as Entry<"Model">).value.spec.interface !== undefined) return true;
    if (bindings.policiesOf(entry, null).length > 0) return true;
    return bindings.environments.some((environment) => bindings.isSpecial(entry, environment));
  });
}

/** Kinds whose entries hold expressions, or schemas that their users wrote. */
const withExpressions: ReadonlySet<KindName> = new Set([
  "Policy",
  "ApprovalPolicy",
  "Waiver",
  "MetadataSchema",
  "Config",
  "Dataset",
  "Pipeline",
  "Template",
]);

/** True when some value has to be checked against a JSON Schema that a user wrote (rules/schemas.ts). */
export function needsSchemas(
  registry: Registry,
  asks: (file: string) => boolean,
  entries: readonly Entry[] = registry.entries,
): boolean {
  const asked = entries.filter(({ path }) => asks(path));
  return asked.some(({ kind, value }) => {
    if (value.extensions !== undefined && registry.ofKind("MetadataSchema").length > 0) return true;
    if (kind === "Template") return (value as Entry<"Template">["value"]).spec.tests !== undefined;
    if (kind === "Pipeline") return (value as Entry<"Pipeline">["value"]).spec.template !== undefined;
    if (kind !== "Config") return false;
    const { schema, template } = (value as Entry<"Config">["value"]).spec;
    return schema !== undefined || template !== undefined;
  });
}

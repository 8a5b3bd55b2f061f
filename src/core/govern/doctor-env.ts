/**
 * The variables that providers say their clients need, and whether they are there. Only names go in and out: a value is
 * never handed over, so none can be shown.
 */
import type { Registry } from "../model/registry.ts";
import type { Ailment } from "./doctor.ts";
import { envMissing } from "./doctor-codes.ts";

export interface VariableCheck {
  readonly provider: string;
  readonly name: string;
  readonly required: boolean;
  readonly present: boolean;
}

/** Every variable of every provider, in byte order of providers and the order in which each states them. */
export function checkVariables(
  registry: Registry,
  isSet: (name: string) => boolean,
): readonly VariableCheck[] {
  return registry.ofKind("Provider").flatMap(({ ref, value }) =>
    (value.env ?? []).map(({ name, required }) => ({
      provider: ref,
      name,
      required: required !== false,
      present: isSet(name),
    })),
  );
}

/** What is missing of what is required. */
export function missingVariables(checks: readonly VariableCheck[]): readonly Ailment[] {
  return checks.flatMap(({ provider, name, required, present }) =>
    present || !required
      ? []
      : [{ definition: envMissing, message: `${name} of ${provider} is not set.`, where: "the environment" }],
  );
}

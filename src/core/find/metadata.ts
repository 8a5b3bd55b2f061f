/**
 * The fields of custom metadata by which entries can be sorted, from the registry's MetadataSchemas: `extensions.<key>.score`
 * and `metadata.<key>.score`, where dots and dashes of the key are `_`. It must never look at an entry.
 */
import type { KindName } from "../model/kind.ts";
import type { Registry } from "../model/registry.ts";
import { celKey, metadataTypesOf, type MetadataTypes } from "../policy/cel-metadata.ts";
import type { CelType } from "../policy/cel-types.ts";

/** The steps to a single value of custom metadata; undefined where no MetadataSchema declares one there. */
export function metadataSteps(
  registry: Registry,
  kinds: readonly KindName[],
  field: string,
): readonly string[] | undefined {
  const dot = field.indexOf(".");
  const [name, rest] = [field.slice(0, dot), field.slice(dot + 1)];
  for (const [key, type] of metadataTypesOf(registry, kinds)) {
    const spelled = name === "metadata" ? celKey(key) : key;
    if (!rest.startsWith(`${spelled}.`)) continue;
    const steps = rest.slice(spelled.length + 1).split(".");
    if (leadsToOne(type, steps)) return ["extensions", key, ...steps];
  }
  return undefined;
}

/** Every such field, spelled as `metadata` spells it. */
export function metadataFields(registry: Registry, kinds: readonly KindName[]): readonly string[] {
  return fieldsOf(metadataTypesOf(registry, kinds), "metadata");
}

function fieldsOf(types: MetadataTypes, place: string): readonly string[] {
  return [...types].flatMap(([key, type]) => {
    const field = `${place}.${place === "metadata" ? celKey(key) : key}`;
    return type.kind === "map" ? fieldsOf(type.known ?? new Map(), field) : [field];
  });
}

function leadsToOne(type: CelType, steps: readonly string[]): boolean {
  let at: CelType | undefined = type;
  for (const step of steps) {
    if (at?.kind === "dyn") return step !== "";
    at = at?.kind === "map" ? at.known?.get(step) : undefined;
  }
  return at !== undefined && at.kind !== "map";
}

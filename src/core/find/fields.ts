/**
 * The fields by which entries of a kind can be sorted, from its schema: a misspelt one would sort by nothing, and nobody
 * would see it. It must never look at an entry.
 */
import type { KindName } from "../model/kind.ts";
import { schemaOf, type Schema } from "../validate/schema-tree.ts";

/** What an entry has besides its file: its place. */
const ofEveryEntry: readonly string[] = ["ref", "kind", "ns", "name", "version"];

/** Whether a field can be sorted by: it holds single values, or stands in a map whose keys are free. */
export function isSortable(kind: KindName, field: string): boolean {
  if (ofEveryEntry.includes(field)) return true;
  let schema: Schema | undefined = schemaOf(kind);
  for (const step of field.split(".")) {
    if (isFree(schema)) return step !== "";
    const next: Schema | boolean | undefined = schema.properties?.[step];
    if (typeof next !== "object") return false;
    schema = next;
  }
  return isScalar(schema) || schema["x-free"] === true;
}

/** All of them but those in free maps, outermost first. */
export function sortableFields(kind: KindName): readonly string[] {
  const fields = [...ofEveryEntry];
  let level: readonly (readonly [string, Schema])[] = [["", schemaOf(kind)]];
  for (let depth = 0; depth < 4 && level.length > 0; depth++) {
    const next: (readonly [string, Schema])[] = [];
    for (const [place, schema] of level) {
      for (const [name, property] of Object.entries(schema.properties ?? {})) {
        if (typeof property !== "object") continue;
        const field = place === "" ? name : `${place}.${name}`;
        if (isScalar(property)) fields.push(field);
        else next.push([field, property]);
      }
    }
    level = next;
  }
  return fields;
}

function isScalar({ type, ...schema }: Schema): boolean {
  if (schema.enum !== undefined || schema.const !== undefined) return true;
  const types = typeof type === "string" ? [type] : (type ?? []);
  return types.some((each) => each !== "object" && each !== "array");
}

function isFree(schema: Schema): boolean {
  return schema.patternProperties !== undefined || schema["x-free"] === true;
}

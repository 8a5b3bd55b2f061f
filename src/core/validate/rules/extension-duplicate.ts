/** extension/duplicate: what a MetadataSchema indexes as unique stands in one entry only. */
import { isObject, type Json } from "../../model/json.ts";
import type { Entry } from "../../model/registry.ts";
import { extensionsOf, governs } from "../metadata.ts";
import { at, defineRegistryRule } from "../rule.ts";

export const extensionDuplicate = defineRegistryRule({
  code: "extension/duplicate",
  severity: "error",
  category: "invalid",
  summary: "Two entries hold the same value where it must be unique.",
  why: "The value is used to find one entry (a number in another system, say), and with two nobody knows which is meant.",
  fix: "Correct one of the two.",
  findAll({ registry }, report) {
    for (const schema of registry.ofKind("MetadataSchema")) {
      for (const { path, unique } of schema.value.index ?? []) {
        if (unique !== true) continue;
        const steps = path.split(".");
        const first = new Map<string, Entry>();
        for (const entry of registry.entries) {
          if (!governs(schema, entry)) continue;
          const value = valueAt(extensionsOf(entry)[schema.name], steps);
          if (value === undefined || value === null || typeof value === "object") continue;
          const key = JSON.stringify(value);
          const other = first.get(key);
          if (other === undefined) {
            first.set(key, entry);
            continue;
          }
          // Versions of one thing are the same thing.
          if (other.kind === entry.kind && other.ns === entry.ns && other.name === entry.name) continue;
          const related = [{ message: "The first one.", at: at(other, "extensions", schema.name, ...steps) }];
          report({
            message: `${key} stands in ${other.ref} already.`,
            at: at(entry, "extensions", schema.name, ...steps),
            subject: entry.ref,
            related,
          });
        }
      }
    }
  },
});

function valueAt(value: Json | undefined, steps: readonly string[]): Json | undefined {
  let inner = value;
  for (const step of steps) inner = isObject(inner) && Object.hasOwn(inner, step) ? inner[step] : undefined;
  return inner;
}

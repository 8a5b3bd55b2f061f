/** metadata-schema/index: what a metadata schema indexes is a field of its schema, with a fitting type. */
import { isObject, type Json } from "../../model/json.ts";
import { nearest } from "../../model/nearest.ts";
import { at, defineEntryRule } from "../rule.ts";

export const metadataSchemaIndex = defineEntryRule({
  code: "metadata-schema/index",
  severity: "error",
  category: "invalid",
  summary: "An index leads to no field of the schema.",
  why: "Queries by it would find nothing, and uniqueness would never be checked.",
  fix: "Name a field that the schema declares below `properties`, with the type it has there.",
  kinds: ["MetadataSchema"],
  find(entry, _context, report) {
    entry.value.index?.forEach(({ path, type = "string" }, i) => {
      let schema: Json | undefined = entry.value.schema;
      for (const step of path.split(".")) {
        const properties: Json | undefined = isObject(schema) ? schema["properties"] : undefined;
        // What the schema composes or refers to is not followed; only plain fields can be indexed.
        const fields: Json | undefined = isObject(properties) ? properties : {};
        const inner: Json | undefined = Object.hasOwn(fields, step) ? fields[step] : undefined;
        if (inner === undefined) {
          const near = nearest(step, Object.keys(fields));
          const hint = near === undefined ? {} : { hint: `Did you mean ${near}?` };
          report({
            message: `The schema declares no field "${path}".`,
            ...hint,
            at: at(entry, "index", i, "path"),
            subject: entry.ref,
          });
          return;
        }
        schema = inner;
      }
      const declared = isObject(schema) ? schema["type"] : undefined;
      if (type === "date" && declared === "string" && !isDate(schema)) {
        report({
          message: `The schema declares "${path}" as any string, not as a date.`,
          hint: "Add `format: date` to the field, or index it as a string.",
          at: at(entry, "index", i),
          subject: entry.ref,
        });
        return;
      }
      if (typeof declared !== "string" || fits(declared, type)) return;
      report({
        message: `The schema declares "${path}" as ${declared}, not as ${type}.`,
        at: at(entry, "index", i),
        subject: entry.ref,
      });
    });
  },
});

function isDate(schema: Json | undefined): boolean {
  return isObject(schema) && (schema["format"] === "date" || schema["format"] === "date-time");
}

function fits(declared: string, type: "string" | "number" | "boolean" | "date"): boolean {
  if (type === "date") return declared === "string";
  return declared === type || (declared === "integer" && type === "number");
}

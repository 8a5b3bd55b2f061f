/** Where entries hold JSON Schemas of their own. It must never judge them. */
import type { JsonObject, Pointer } from "../model/json.ts";
import type { AnyEntry, Entry } from "../model/registry.ts";

export interface UserSchema {
  readonly pointer: Pointer;
  readonly schema: JsonObject;
}

/** Every JSON Schema that a user wrote into an entry, with its place. */
export function userSchemasOf(entry: Entry): readonly UserSchema[] {
  const found: UserSchema[] = [];
  const add = (schema: JsonObject | undefined, ...pointer: Pointer): void => {
    if (schema !== undefined) found.push({ pointer, schema });
  };
  const typed = entry as AnyEntry;
  switch (typed.kind) {
    case "MetadataSchema":
      add(typed.value.schema, "schema");
      break;
    case "Model":
      add(typed.value.spec.interface?.input, "spec", "interface", "input");
      add(typed.value.spec.interface?.output, "spec", "interface", "output");
      break;
    case "Config":
      add(typed.value.spec.schema, "spec", "schema");
      break;
    case "Dataset":
      add(typed.value.spec.schema, "spec", "schema");
      break;
    case "Template":
      add(typed.value.spec.parameters, "spec", "parameters");
      break;
    case "Pipeline": {
      const { input, output, nodes } = typed.value.spec;
      add(input, "spec", "input");
      add(output, "spec", "output");
      nodes.forEach((node, n) => {
        node.inputs?.forEach((port, i) => add(port.schema, "spec", "nodes", n, "inputs", i, "schema"));
        node.outputs?.forEach((port, i) => add(port.schema, "spec", "nodes", n, "outputs", i, "schema"));
      });
      break;
    }
    default:
      break;
  }
  return found;
}

/** The kinds that hold such schemas. */
export const kindsWithSchemas = [
  "MetadataSchema",
  "Model",
  "Config",
  "Dataset",
  "Template",
  "Pipeline",
] as const;

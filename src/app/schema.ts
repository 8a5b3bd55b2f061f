/** `assent schema`: the schemas for editors, completing references to the entries that exist now. */
import { editorSchemas, editorSettings } from "../core/export/editor-schemas.ts";
import { SCHEMA_FOLDER } from "../core/author/init-tooling.ts";
import { Failure } from "../core/model/failure.ts";
import type { JsonObject } from "../core/model/json.ts";
import { isSafePath } from "../core/model/path.ts";
import type { FileChange, Ports } from "./ports.ts";
import { openRegistry, type Selection } from "./read.ts";

export interface SchemaRequest extends Selection {
  /** Relative to the registry's root; default `.vscode/schemas`. */
  readonly out: string | undefined;
  /** Write nothing; say what is stale. */
  readonly check: boolean;
}

export interface SchemaResult {
  /** Relative to the root. */
  readonly folder: string;
  /** The files that were (or, with `check`, would be) written. */
  readonly changed: readonly string[];
  readonly schemas: number;
  /** VS Code's `yaml.schemas`: which schema is for which files. */
  readonly settings: Readonly<Record<string, readonly string[]>>;
}

/** Writes the schemas; those that are the same already stay untouched. */
export async function writeSchemas(request: SchemaRequest, ports: Ports): Promise<SchemaResult> {
  const open = await openRegistry(request, ports);
  const folder = (request.out ?? SCHEMA_FOLDER).replace(/\/+$/, "");
  if (!isSafePath(folder) || folder === "registry" || folder.startsWith("registry/")) {
    throw new Failure("usage/out", `"${folder}" is no folder for schemas.`, {
      hint: "Choose one inside the repository and outside registry/, such as .vscode/schemas.",
    });
  }
  const schemas = editorSchemas(open.registry.entries);
  const changes = schemas.flatMap(({ file, schema }): FileChange[] => {
    const path = `${folder}/${file}`;
    const there = open.workTree.readFile(path);
    const content = schemaText(schema);
    return there !== undefined && new TextDecoder().decode(there) === content ? [] : [{ path, content }];
  });
  if (!request.check && changes.length > 0) open.workTree.write(changes);
  return {
    folder,
    changed: changes.map(({ path }) => path),
    schemas: schemas.length,
    settings: editorSettings(folder),
  };
}

/** A schema as its file holds it. */
export function schemaText(schema: JsonObject): string {
  return `${JSON.stringify(schema, null, 1)}\n`;
}

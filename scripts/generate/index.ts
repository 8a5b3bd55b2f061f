/**
 * Writes everything that is derived from other files, or with --check says what differs from what is committed.
 * `node scripts/generate/index.ts [--check]`. One line per output; generators are pure, only this file writes.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { entriesModule } from "./entries.ts";
import { keyOrderModule } from "./key-order.ts";
import { loadSchemas, root, schemasModule } from "./load.ts";
import { referencesModule } from "./references.ts";
import { reportColumnsPage } from "./report-columns.ts";
import { validatorsModule, validatorsTypes } from "./validators.ts";

/** Every generated file by its path from the root. */
export async function generate(): Promise<ReadonlyMap<string, string>> {
  const schemas = loadSchemas();
  return new Map([
    ["src/core/export/report/README.md", await reportColumnsPage()],
    ["src/generated/entries.ts", entriesModule(schemas)],
    ["src/generated/key-order.ts", keyOrderModule(schemas)],
    ["src/generated/references.ts", referencesModule(schemas)],
    ["src/generated/schemas.ts", schemasModule(schemas)],
    ["src/generated/validators.js", await validatorsModule(schemas)],
    ["src/generated/validators.d.ts", validatorsTypes()],
  ]);
}

function current(path: string): string | undefined {
  try {
    return readFileSync(join(root, path), "utf8");
  } catch {
    return undefined;
  }
}

if (import.meta.main) {
  const check = process.argv.includes("--check");
  const stale = [...(await generate())].filter(([path, text]) => current(path) !== text);
  if (check) {
    for (const [path] of stale)
      console.error(`${path} is not what its sources give: run node scripts/generate/index.ts`);
    process.exitCode = stale.length > 0 ? 1 : 0;
  } else {
    for (const [path, text] of stale) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
      console.log(`wrote ${path}`);
    }
  }
}

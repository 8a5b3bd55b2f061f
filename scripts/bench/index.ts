/**
 * `npm run bench` measures every promise of speed and size on the built files and writes the table into
 * scripts/bench/README.md; `npm run bench:smoke` tries all of it small, with wide bars, and writes nothing.
 * A broken promise is exit code 1. Other programs running at the same time spoil the figures.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { arch, cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { history } from "./audit.ts";
import { client } from "./client.ts";
import { compliance } from "./compliance.ts";
import type { Scene } from "./corpus.ts";
import { gate } from "./gate.ts";
import { evidence } from "./evidence.ts";
import { push } from "./push.ts";
import { restore } from "./restore.ts";
import { canonical, parsing, resolving } from "./inside.ts";
import { lineage } from "./lineage.ts";
import { matrix } from "./matrix.ts";
import { large, startUp } from "./processes.ts";
import { betweenMarkers, holds, renderTable, type Row } from "./table.ts";

/** Every benchmark, by the name that `npm run bench -- <name>` takes. */
const groups: Readonly<Record<string, (scene: Scene) => readonly Row[]>> = {
  "start-up": startUp,
  large,
  parsing,
  canonical,
  resolving,
  lineage,
  matrix,
  compliance,
  history,
  gate,
  evidence,
  restore,
  push,
  client,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { smoke: { type: "boolean", default: false }, entries: { type: "string" } },
});
const smoke = values.smoke;
const entries = Number(values.entries ?? (smoke ? 400 : 5276));
const chosen = positionals.length === 0 ? Object.keys(groups) : positionals;

const root = resolve(import.meta.dirname, "../..");
const cli = join(root, "dist/assent.js");
if (!existsSync(cli)) throw new Error("dist/ is missing: npm run build");

const work = mkdtempSync(join(tmpdir(), "assent-bench-"));
const rows: Row[] = [];
const failures: string[] = [];
try {
  for (const name of chosen) {
    const group = groups[name];
    if (group === undefined)
      throw new Error(`no benchmark ${name}; there are ${Object.keys(groups).join(", ")}`);
    try {
      rows.push(...group({ root, cli, work, entries, smoke }));
    } catch (error) {
      failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}

const table = renderTable(rows);
process.stdout.write(`${table}\n`);
for (const failure of failures) process.stderr.write(`could not measure ${failure}\n`);

// Small runs on a busy machine say whether something is broken, not how fast it is.
const broken = rows.filter((row) => !holds(row, smoke ? 3 : 1));
for (const row of broken) process.stderr.write(`a promise is broken: ${row.what}\n`);

if (!smoke && positionals.length === 0 && failures.length === 0) {
  const page = join(root, "scripts/bench/README.md");
  const machine = `Node ${process.versions.node}, ${cpus()[0]?.model.trim() ?? "unknown processor"}, ${cpus().length} cores, ${arch()}.`;
  writeFileSync(page, betweenMarkers(readFileSync(page, "utf8"), `${machine}\n\n${table}`));
}
process.exitCode = broken.length + failures.length === 0 ? 0 : 1;

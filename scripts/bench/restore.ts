/**
 * The restore drill at full size, as `init` writes it and an operator runs it: a bundle file of a large, governed registry
 * with its evidence and a signed checkpoint is fetched into an empty folder, verified, compiled and compared.
 */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { retentionFiles } from "../../src/core/export/retention.ts";
import { runGit } from "../../test/scenarios/scripted-year/objects.ts";
import type { Scene } from "./corpus.ts";
import { governedHistory } from "./evidence-history.ts";
import { once, prepare } from "./measure.ts";
import { figure, type Row } from "./table.ts";

/** Seconds that the drill may take with 100,000 entries and 10,000 landings. */
const BAR = 300;
const PROMISED = { entries: 100_000, landings: 10_000 } as const;

/**
 * What the promised size takes, from two shorter histories over as many entries: each landing costs what the one before
 * it did, whatever the registry's size.
 */
export function restore(scene: Scene): readonly Row[] {
  const entries = scene.smoke ? 2_000 : PROMISED.entries;
  const [few, many] = scene.smoke ? [10, 30] : [100, 1_000];
  const [short, long] = [drill(scene, entries, few), drill(scene, entries, many)];
  // A noisy machine may make the longer one look cheaper.
  const each = Math.max(0, long - short) / (many - few);
  const whole = long + each * (PROMISED.landings - many);
  const size = `${entries.toLocaleString("en")} entries, ${PROMISED.landings.toLocaleString("en")} landings`;
  return [
    {
      what: `restore drill, ${size}, seconds (from ${few} and ${many} landings)`,
      measured: `${figure(whole)} s`,
      against: `${figure(long)} s (${many} landings)`,
      ratio: whole,
      ...(!scene.smoke && { bar: { atMost: BAR } }),
    },
  ];
}

/** Seconds of one drill. */
function drill({ work, cli }: Scene, entries: number, landings: number): number {
  const { folder, key } = governedHistory(work, landings, entries);
  const place = join(work, `drill-${landings}`);
  mkdirSync(place);
  const checkpoint = join(place, "checkpoint.dsse.json");
  process.env["GIT_COMMITTER_NAME"] = process.env["GIT_AUTHOR_NAME"] = "bench";
  process.env["GIT_COMMITTER_EMAIL"] = process.env["GIT_AUTHOR_EMAIL"] = "bench@example.org";
  const record = ["audit", "record", "-C", folder, "--key", key, "--as-of", "2032-01-01T00:00:00Z"];
  prepare({ name: "record", args: [cli, ...record, "--checkpoint", checkpoint] });
  const clone = join(place, "clone");
  const bundle = join(place, "registry.bundle");
  runGit(place, ["clone", "-q", folder, clone]);
  runGit(clone, ["bundle", "create", "-q", bundle, "--remotes=origin"]);
  const script = join(place, "restore-drill.sh");
  writeFileSync(script, retentionFiles.find(({ path }) => path.endsWith(".sh"))?.text ?? "");
  const assent = join(place, "assent");
  writeFileSync(assent, `#!/bin/sh\nexec "${process.execPath}" "${cli}" "$@"\n`);
  chmodSync(assent, 0o755);
  const names = [`ASSENT=${assent}`, `CHECKPOINT=${checkpoint}`, `TMPDIR=${place}`];
  const args = [...names, "sh", script, bundle];
  return once({ name: "restore drill", program: "env", args, cwd: clone }) / 1000;
}

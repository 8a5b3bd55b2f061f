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

/** Seconds that the drill may take. */
const BAR = 300;

/** One run: it takes minutes, and what is promised is minutes. */
export function restore({ work, cli, smoke }: Scene): readonly Row[] {
  const [entries, landings] = smoke ? [2_000, 100] : [100_000, 10_000];
  const { folder, key } = governedHistory(work, landings, entries);
  const checkpoint = join(work, "checkpoint.dsse.json");
  process.env["GIT_COMMITTER_NAME"] = process.env["GIT_AUTHOR_NAME"] = "bench";
  process.env["GIT_COMMITTER_EMAIL"] = process.env["GIT_AUTHOR_EMAIL"] = "bench@example.org";
  const record = ["audit", "record", "-C", folder, "--key", key, "--as-of", "2032-01-01T00:00:00Z"];
  const recording = once({ name: "record", args: [cli, ...record] });
  prepare({ name: "checkpoint", args: [cli, ...record, "--checkpoint", checkpoint] });
  const clone = join(work, "restored-from");
  const bundle = join(work, "registry.bundle");
  runGit(work, ["clone", "-q", folder, clone]);
  runGit(clone, ["bundle", "create", "-q", bundle, "--remotes=origin"]);
  const bin = join(work, "restore-bin");
  mkdirSync(bin, { recursive: true });
  const drill = join(bin, "restore-drill.sh");
  writeFileSync(drill, retentionFiles.find(({ path }) => path.endsWith(".sh"))?.text ?? "");
  const assent = join(bin, "assent");
  writeFileSync(assent, `#!/bin/sh\nexec "${process.execPath}" "${cli}" "$@"\n`);
  chmodSync(assent, 0o755);
  const ms = once({
    name: "restore drill",
    program: "env",
    args: [`ASSENT=${assent}`, `CHECKPOINT=${checkpoint}`, `TMPDIR=${work}`, "sh", drill, bundle],
    cwd: clone,
  });
  const many = `${entries.toLocaleString("en")} entries, ${landings.toLocaleString("en")} landings`;
  return [
    {
      what: `restore drill from a bundle, ${many}, seconds`,
      measured: `${figure(ms / 1000)} s`,
      against: `${figure(recording / 1000)} s (recording them all)`,
      ratio: ms / 1000,
      bar: { atMost: BAR },
    },
  ];
}

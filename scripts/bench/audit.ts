/** Benchmarks of history: `events` and `history` of long lines of landings, against what git itself needs to list them. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Scene } from "./corpus.ts";
import { BUSY_SCOPE, landOnce, longHistory } from "./landings.ts";
import { median, once, type Run, sideBySide, type Timing } from "./measure.ts";
import { type Bar, figure, type Row } from "./table.ts";

/** Git as a process of its own; what it prints is read and thrown away. */
function git(folder: string, ...args: readonly string[]): Run {
  return { name: `git ${args[0] ?? ""}`, program: "git", args: ["--no-pager", ...args], cwd: folder };
}

function row(what: string, run: Timing, base: Timing, against: string, bar?: Bar): Row {
  return {
    what,
    measured: `${figure(run.ms)} ms`,
    against: `${figure(base.ms)} ms (${against})`,
    ratio: run.ms / base.ms,
    peak: run.peak,
    ...(bar && { bar }),
  };
}

/** 10,000 landings in the table of promises; 50,000 (seven years) beside it, for information. */
export function history(scene: Scene): readonly Row[] {
  const [promised, long] = scene.smoke ? [300, undefined] : [10_000, 50_000];
  const rows = historyOf(scene, promised, true);
  return long === undefined ? rows : [...rows, ...historyOf(scene, long, false)];
}

function historyOf(scene: Scene, landings: number, isPromised: boolean): readonly Row[] {
  const { cli } = scene;
  const folder = longHistory(scene, landings);
  // What a clone keeps of an earlier run would hide the cost of reading.
  rmSync(join(folder, ".git/assent"), { recursive: true, force: true });
  const ours = (...args: readonly string[]): Run => ({
    name: args[0] ?? "",
    args: [cli, ...args],
    cwd: folder,
  });
  const runs: readonly Run[] = [
    git(folder, "log", "--first-parent", "--raw"),
    ours("events", "--format", "jsonl"),
  ];
  const rounds = scene.smoke ? 3 : isPromised ? 11 : 3;
  const [log, events] = sideBySide(runs, rounds) as [Timing, Timing];
  const many = `${landings.toLocaleString("en")} landings`;
  const grown = isPromised ? [grownHistory(scene, landings, many)] : [];
  // A short line costs what starting a process costs, and nothing is promised about it.
  const bar = (atMost: number): Bar | undefined => (isPromised && !scene.smoke ? { atMost } : undefined);
  return [
    row(`\`assent events\`, ${many}`, events, log, "git log --first-parent --raw", bar(3)),
    ...scopeHistory(scene, folder, rounds, many, bar(2)),
    ...grown,
  ];
}

/**
 * A scope's history, asked for the first time in a clone, and again after the scope has moved once more: a clone keeps what
 * it has told of a scope and reads what landed since.
 */
function scopeHistory(
  scene: Scene,
  folder: string,
  rounds: number,
  many: string,
  bar: Bar | undefined,
): readonly Row[] {
  const run: Run = { name: "history", args: [scene.cli, "history", BUSY_SCOPE], cwd: folder };
  const ofFile = git(folder, "log", "--", `registry/live/${BUSY_SCOPE}.yaml`);
  const times = { log: [] as number[], first: [] as number[], again: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    times.log.push(once(ofFile));
    rmSync(join(folder, ".git/assent"), { recursive: true, force: true });
    times.first.push(once(run));
    landOnce(folder);
    times.again.push(once(run));
  }
  const log = median(times.log);
  const rowOf = (when: string, ms: number): Row => ({
    what: `\`assent history <scope>\`, ${many}, ${when}`,
    measured: `${figure(ms)} ms`,
    against: `${figure(log)} ms (git log -- <its file>)`,
    ratio: ms / log,
  });
  return [
    { ...rowOf("one landing after it was last asked", median(times.again)), ...(bar && { bar }) },
    rowOf("the first time in a clone", median(times.first)),
  ];
}

/** `compile --history` after one more landing, from the history kept in the clone, against reading all landings again. */
function grownHistory(scene: Scene, landings: number, many: string): Row {
  const folder = longHistory(scene, landings);
  const kept = join(folder, ".git/assent");
  const run: Run = { name: "compile --history", args: [scene.cli, "compile", "--history"], cwd: folder };
  const times: { readonly anew: number[]; readonly grown: number[] } = { anew: [], grown: [] };
  for (let round = 0; round < (scene.smoke ? 2 : 7); round++) {
    rmSync(kept, { recursive: true, force: true });
    times.anew.push(once(run));
    landOnce(folder);
    times.grown.push(once(run));
  }
  const [anew, grown] = [median(times.anew), median(times.grown)];
  return {
    what: `\`assent compile --history\` after one more landing, ${many}`,
    measured: `${figure(grown)} ms`,
    against: `${figure(anew)} ms (all read again)`,
    ratio: grown / anew,
  };
}

/**
 * Measures whole processes side by side: every command once, then every command once more, and so on, so that a
 * noisy moment of the machine falls on all of them. Only medians and ratios within one run mean anything.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A process to start: Node's arguments (or another program's), where, and what exit code says that it did its work. */
export interface Run {
  readonly name: string;
  readonly args: readonly string[];
  /** Instead of Node; its memory is not measured. */
  readonly program?: string;
  readonly cwd?: string;
  readonly exit?: number;
}

export interface Timing {
  /** Median wall time of the whole process, milliseconds. */
  readonly ms: number;
  /** Peak resident memory of one run, MiB. */
  readonly peak: number;
}

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

function start(
  { name, args, program = process.execPath, cwd, exit = 0 }: Run,
  before: readonly string[] = [],
  env = process.env,
): number {
  const from = performance.now();
  const child = spawnSync(program, [...before, ...args], {
    env: { ...env, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 1 << 28,
    ...(cwd === undefined ? {} : { cwd }),
  });
  const ms = performance.now() - from;
  if (child.status !== exit) {
    const said = `${child.stdout.toString()}\n${child.stderr.toString()}`.trim().slice(0, 2000);
    throw new Error(`${name}: exit code ${child.status}, expected ${exit}\n${said}`);
  }
  return ms;
}

/** Runs one process once, unmeasured; for what a measurement needs to find in place. */
export function prepare(run: Run): void {
  start(run);
}

/** Runs one process once and tells how long it took, milliseconds; for what cannot be repeated in turns. */
export function once(run: Run): number {
  return start(run);
}

/** Peak memory as the process itself knows it when it ends; an extra run, because asking costs start-up time. */
function peakOf(run: Run): number {
  if (run.program !== undefined) {
    start(run);
    return Number.NaN;
  }
  const folder = mkdtempSync(join(tmpdir(), "assent-peak-"));
  try {
    const hook = join(folder, "hook.cjs");
    const answer = join(folder, "peak");
    writeFileSync(
      hook,
      `process.on("exit", () => require("fs").writeFileSync(${JSON.stringify(answer)}, String(process.resourceUsage().maxRSS)));`,
    );
    start(run, ["--require", hook]);
    return Number(readFileSync(answer, "utf8")) / 1024;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Times the runs in turns.
 *
 * @param rounds how often each is started, after one unmeasured start that warms the page cache
 * @returns a timing for each run, in their order
 */
export function sideBySide(runs: readonly Run[], rounds: number): readonly Timing[] {
  const times = runs.map((): number[] => []);
  const peaks = runs.map((run) => peakOf(run));
  for (let round = 0; round < rounds; round++) {
    for (const [index, run] of runs.entries()) times[index]?.push(start(run));
  }
  return times.map((each, index) => ({ ms: median(each), peak: peaks[index] ?? Number.NaN }));
}

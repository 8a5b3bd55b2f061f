/**
 * The static checks: what can be known of the code without running it. One line for each; `npm run check` and
 * `npm test` run them all and count each as one test. A check is a command that exits 0 when all is well.
 */
import { spawn } from "node:child_process";
import { resolve } from "node:path";

/** The project's root. */
export const root = resolve(import.meta.dirname, "../..");

export interface Check {
  readonly name: string;
  /** What to type to see this check alone, and, where there is one, what mends it. */
  readonly command: readonly [string, ...string[]];
  readonly fix?: string;
}

export interface CheckResult {
  readonly check: Check;
  readonly passed: boolean;
  readonly seconds: number;
  /** Standard output and standard error as they came, for a failure to be read. */
  readonly output: string;
}

export const checks: readonly Check[] = [
  { name: "types", command: ["tsc", "-p", "."] },
  { name: "layers and lint", command: ["oxlint", "--deny-warnings"] },
  { name: "format", command: ["oxfmt", "--check"], fix: "npm run format" },
  { name: "dead code", command: ["knip"] },
  {
    name: "generated files",
    command: ["node", "scripts/generate/index.ts", "--check"],
    fix: "npm run generate",
  },
  { name: "licences", command: ["node", "scripts/check/licences.ts"] },
];

/** Run after the tests where CI promises them: nothing else may be running while times are compared. */
export const benchSmoke: Check = {
  name: "benchmarks, small",
  command: ["node", "scripts/bench/index.ts", "--smoke"],
};

/** Runs one check in the project's root. Never rejects: a command that cannot start is a check that failed. */
function run(check: Check): Promise<CheckResult> {
  const [program, ...args] = check.command;
  const started = performance.now();
  return new Promise((done) => {
    let output = "";
    const end = (passed: boolean) =>
      done({ check, passed, seconds: (performance.now() - started) / 1000, output: output.trimEnd() });
    const child = spawn(program, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.on("error", (error) => {
      output += error.message;
      end(false);
    });
    child.on("close", (code) => end(code === 0));
  });
}

/** Runs one check and prints a line for it, with its whole output when it failed. */
export async function runCheck(check: Check, print: (line: string) => void): Promise<CheckResult> {
  const result = await run(check);
  print(`${result.passed ? "✓" : "✗"} ${check.name} (${result.seconds.toFixed(1)} s)`);
  if (result.passed) return result;
  print(`${result.output}\n  again: npx ${check.command.join(" ")}`);
  if (check.fix !== undefined) print(`  to mend it: ${check.fix}`);
  return result;
}

/**
 * Runs every check, two at a time.
 *
 * @returns the results in the order of the table
 */
export async function runChecks(print: (line: string) => void): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  const waiting = [...checks.entries()];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, check] = next;
      results[index] = await runCheck(check, print);
    }
  };
  await Promise.all([worker(), worker()]);
  return results;
}

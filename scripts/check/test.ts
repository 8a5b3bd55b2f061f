/**
 * `npm test`: builds dist/, runs the static checks, then every test, and ends with one line that machines read,
 * `N passed, N failed, N skipped`. The exit code is 0 only when nothing failed and something passed; with CI set,
 * a skipped test fails the run as well, because a machine that promises to test must have what the tests need, and the benchmarks are tried at a small size.
 *
 * `npm test -- test/rules` runs the tests below a path and leaves the static checks out;
 * `npm run bless` accepts what the golden files would be now.
 */
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import type { Reporter, TestModule } from "vitest/node";
import { startVitest } from "vitest/node";
import { benchSmoke, type CheckResult, root, runCheck, runChecks } from "./steps.ts";

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

const print = (line: string) => process.stdout.write(`${line}\n`);

/**
 * Counts what ran. A file that could not be loaded has no tests to fail, so it counts as one failure itself;
 * so does an error that no test owns.
 */
function tally(modules: readonly TestModule[], strayErrors: number): Tally {
  const counts = { passed: 0, failed: strayErrors, skipped: 0 };
  for (const module of modules) {
    let failedHere = 0;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === "passed") counts.passed++;
      else if (state === "failed") failedHere++;
      else counts.skipped++;
    }
    if (failedHere === 0 && module.state() === "failed") failedHere = 1;
    counts.failed += failedHere;
  }
  return counts;
}

/** Names each skipped test with its reason, so that nobody takes a skip for a pass. */
function printSkips(modules: readonly TestModule[]): void {
  for (const module of modules) {
    for (const test of module.children.allTests("skipped")) {
      const result = test.result();
      const note = result.state === "skipped" && result.note !== undefined ? `: ${result.note}` : "";
      print(`skipped ${module.relativeModuleId} > ${test.fullName}${note}`);
    }
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { bless: { type: "boolean" } },
});
const everything = positionals.length === 0 && values.bless !== true;
const inCi = (process.env["CI"] ?? "") !== "" && process.env["CI"] !== "false";
const counts: Tally = { passed: 0, failed: 0, skipped: 0 };

function count(results: readonly CheckResult[]): void {
  for (const { passed } of results) {
    if (passed) counts.passed++;
    else counts.failed++;
  }
}

const counter: Reporter = {
  onTestRunEnd(modules, errors) {
    const ran = tally(modules, errors.length);
    counts.passed += ran.passed;
    counts.failed += ran.failed;
    counts.skipped += ran.skipped;
    printSkips(modules);
  },
};

/** Runs the tests; a runner that falls over is a failure like any other, so that the last line is always printed. */
async function runTests(): Promise<void> {
  if (values.bless === true) process.env["BLESS"] = "1";
  try {
    const vitest = await startVitest("test", positionals, {
      root,
      watch: false,
      run: true,
      reporters: ["default", counter],
      ...(values.bless === true ? { update: "all" } : {}),
    });
    await vitest.close();
  } catch (error) {
    counts.failed++;
    print(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}

const build = spawnSync(process.execPath, ["scripts/build/index.ts"], { cwd: root, stdio: "inherit" });
if (build.status !== 0) counts.failed++;
if (everything) count(await runChecks(print));
await runTests();
if (everything && inCi) count([await runCheck(benchSmoke, print)]);

if (inCi && counts.skipped > 0) print("With CI set, a skipped test fails the run.");
print(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed > 0 || counts.passed === 0 || (inCi && counts.skipped > 0) ? 1 : 0;

/**
 * Acceptance: nothing is promoted whose gates do not hold. The same two lines, the same approvals: what was measured
 * decides, and no approval makes up for it.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { run } from "../cli.ts";
import { bundle, evaluation, paths, type Texts } from "../govern-world.ts";
import { git } from "../repository-on-disk.ts";
import { now, startLand, type Land } from "../no-forge-land.ts";

/** The file of a second run. */
const later = (version: string): string => paths.run(version).replace("090000z", "100000z");

let land: Land;
beforeAll(() => {
  // It passed when it was published; a later run of the same content did not.
  const weak = bundle("1.2.0", "approved");
  land = startLand({
    [paths.bundle("1.2.0")]: () => weak,
    [later("1.2.0")]: () => evaluation("1.2.0", weak, { auc: 0.8, at: "2026-06-01T10:00:00Z" }),
    [paths.bundle("1.1.0")]: () => bundle("1.1.0", "approved"),
    [paths.live("stage/fraud/score")]: () => 'bundle: "1.1.0"\nreason: Soak.\n',
  });
  return () => land.remove();
});

const review = (id: number, login: string, account: number, commit: string) => ({
  id,
  user: { id: account, login, type: "User" },
  state: "APPROVED",
  commit_id: commit,
  submitted_at: "2026-07-09T00:00:00Z",
});

/** The decision about a promotion to prod that an owner and both roles have approved. */
async function decided(edits: Texts) {
  const head = land.commit("alice", edits);
  const folder = land.clone();
  git(folder, ["fetch", "-q", "origin", "refs/attack/*:refs/attack/*"]);
  const file = join(folder, "reviews.json");
  const reviews = [review(1, "carol", 103, head), review(2, "dave", 104, head), review(3, "erin", 105, head)];
  writeFileSync(
    file,
    JSON.stringify({
      number: 1,
      author: { id: 101, login: "alice" },
      base: { ref: "refs/heads/main" },
      mergedAt: null,
      reviews,
    }),
  );
  const ran = await run(
    [
      "gate",
      "--base",
      land.main(),
      "--head",
      head,
      "--reviews",
      "reviews.json",
      "--as-of",
      now,
      "--format",
      "json",
    ],
    { cwd: folder },
  );
  return ran;
}

const diagnosticsOf = (stdout: string): readonly string[] =>
  (JSON.parse(stdout) as { diagnostics: { code: string; message: string }[] }).diagnostics.map(
    ({ code, message }) => `${code}: ${message}`,
  );

const live = (version: string): Texts => ({
  [paths.live("prod/fraud/score")]: `bundle: "${version}"\nreason: Promote ${version}.\n`,
});

test("what passed is promoted, what failed is not, whoever approves", { timeout: 60_000 }, async () => {
  const passed = await decided(live("1.1.0"));
  expect([passed.code, diagnosticsOf(passed.stdout)]).toEqual([0, []]);
  expect(JSON.parse(passed.stdout)).toMatchObject({
    format: "assent.decision/v1",
    outcome: "allowed",
    decision: "APPROVED",
  });

  const failed = await decided(live("1.2.0"));
  const { outcome, decision, diagnostics } = JSON.parse(failed.stdout) as {
    outcome: string;
    decision: string | null;
    diagnostics: { code: string; message: string }[];
  };
  expect([failed.code, outcome, decision]).toEqual([1, "denied", null]);
  expect(diagnostics.find(({ code }) => code === "govern/gate-unmet")?.message).toBe(
    "bundle:fraud/score@1.2.0 does not meet auc >= 0.9: evaluation:fraud/score/1.2.0-regression-20260601t100000z measured 0.8.",
  );
});

test(
  "a good run beside the bad one does not help: every run that carries the metric must pass",
  { timeout: 60_000 },
  async () => {
    const bad = evaluation("1.1.0", bundle("1.1.0", "approved"), { auc: 0.8, at: "2026-06-01T10:00:00Z" });
    const ran = await decided({ ...live("1.1.0"), [later("1.1.0")]: bad });
    expect([ran.code, ran.stdout.includes("govern/gate-unmet")]).toEqual([1, true]);
  },
);

test("a run of other content counts for nothing", { timeout: 60_000 }, async () => {
  const other = evaluation("1.1.0", bundle("1.1.0", "approved", " Of another time."));
  const ran = await decided({ ...live("1.1.0"), [paths.run("1.1.0")]: other });
  expect([ran.code, ran.stdout.includes("govern/gate-unmet")]).toEqual([1, true]);
});

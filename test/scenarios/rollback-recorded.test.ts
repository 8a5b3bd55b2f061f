/**
 * Acceptance: a rollback is a landing like any other, recorded as what it is: who, when, why, from what to what. Nobody
 * writes it down; it is read out of history.
 */
import { expect, test } from "vitest";
import { run } from "../cli.ts";
import { merge } from "../../src/app/merge.ts";
import { paths } from "../govern-world.ts";
import { git } from "../repository-on-disk.ts";
import { landHere } from "../no-forge-land.ts";

test("promote, roll back: two landings, two events, one thing live", { timeout: 120_000 }, async () => {
  const land = landHere();
  const folder = land.clone();
  const move = async (version: string, reason: string, approver: "bob") => {
    const head = land.commit(
      "alice",
      { [paths.live("dev/fraud/score")]: `bundle: "${version}"\nreason: ${reason}\n` },
      { author: "alice <alice@example.com>", message: `To ${version}` },
    );
    git(land.folder, ["update-ref", `refs/heads/to-${version}`, head]);
    git(folder, ["fetch", "-q", "origin", `+to-${version}:refs/heads/to-${version}`]);
    await land.approve(approver, head);
    const merged = await merge({ folder, revision: `to-${version}`, squash: false }, land.ports);
    expect(merged.status).toBe("LANDED");
    git(folder, ["fetch", "-q", "origin"]);
    return merged.commit;
  };
  const ask = async (...args: readonly string[]) => {
    const ran = await run([...args, "--at", "origin/main"], { cwd: folder });
    expect([ran.stderr, ran.code]).toEqual(["", 0]);
    return ran.stdout;
  };
  const live = async () =>
    (JSON.parse(await ask("resolve", "dev/fraud/score", "--format", "json")) as { bundle: { ref: string } })
      .bundle.ref;

  const promoted = await move("1.2.0", "Try the newest.", "bob").catch((error: unknown) => error);
  // 1.2.0 is a candidate, which publishTogether does not excuse.
  expect(promoted).toBeInstanceOf(Error);
  const forth = await move("1.0.0", "Compare with the first.", "bob");
  expect(await live()).toBe("bundle:fraud/score@1.0.0");
  const back = await move("1.1.0", "It declined too much.", "bob");
  expect(await live()).toBe("bundle:fraud/score@1.1.0");

  const events = (await ask("events", "--format", "jsonl"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const moves = events.filter(
    ({ scope, commit }) => scope === "dev/fraud/score" && (commit === forth || commit === back),
  );
  expect(
    moves.map(({ type, fromState, toState, reason, commit, sequence }) => ({
      type,
      fromState,
      toState,
      reason,
      commit,
      sequence,
    })),
  ).toMatchObject([
    { type: "bundle_promoted", reason: "Compare with the first.", commit: forth, sequence: 2 },
    { type: "bundle_rolled_back", reason: "It declined too much.", commit: back, sequence: 3 },
  ]);
  const history = await ask("history", "dev/fraud/score");
  expect(history).toMatch(/rolled.back/i);
  expect(git(folder, ["log", "-1", "--format=%B", "origin/main"])).toMatch(
    /Assent-Approved-by: identity:bob/,
  );
});

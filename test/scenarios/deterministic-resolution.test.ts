/**
 * Acceptance: the same registry and the same question give the same bytes: in any clone, in any order of files and
 * questions, from the commit or from its compiled snapshot, on any day.
 */
import { join } from "node:path";
import { expect, test } from "vitest";
import { run } from "../cli.ts";
import { paths, registryYaml } from "../govern-world.ts";
import { git, newFolder } from "../repository-on-disk.ts";
import { landHere } from "../no-forge-land.ts";

const scopes = [
  "prod/fraud/score",
  "prod/fraud/score/acme",
  "prod/fraud/score/acme/night",
  "prod/fraud/score/other/night",
  "prod/fraud/score/default/night",
];
/** What each scope resolves to: the pinned order is (tenant, scenario), (tenant, -), (-, scenario), (-, -). */
const answers = ["1.0.0", "1.1.0", "1.1.0", "1.0.0", "1.0.0"];

test("ten times, in clones, in any order, with and without a snapshot", { timeout: 120_000 }, async () => {
  const land = landHere({ [paths.registry]: () => registryYaml({ inherit: true }) });
  const head = land.commit("alice", {
    [paths.live("prod/fraud/score/acme")]: 'bundle: "1.1.0"\nreason: Acme first.\n',
  });
  git(land.folder, ["update-ref", "refs/heads/main", head]);
  const seen = new Map<string, Set<string>>();
  for (let round = 0; round < 5; round++) {
    const folder = land.clone();
    const out = join(newFolder(), "snapshot");
    const compiled = await run(["compile", "--out", out], { cwd: folder });
    expect([compiled.stderr, compiled.code]).toEqual(["", 0]);
    const order = round % 2 === 0 ? scopes : [...scopes].reverse();
    for (const scope of order) {
      for (const from of [
        ["--at", head],
        ["--snapshot", out, "--unsigned"],
      ]) {
        const ran = await run(["resolve", scope, ...from, "--format", "json"], { cwd: folder });
        expect(ran.code).toBe(0);
        // A registry in memory has no snapshot's digest to name; everything else is the same, byte for byte.
        const text = ran.stdout.replace(/"snapshot":\{[^}]*\}/, '"snapshot":{}');
        seen.set(scope, (seen.get(scope) ?? new Set()).add(text));
      }
    }
  }
  expect(scopes.map((scope) => seen.get(scope)?.size)).toEqual(scopes.map(() => 1));
  const bundles = scopes.map(
    (scope) =>
      (JSON.parse([...(seen.get(scope) ?? [])][0] ?? "{}") as { bundle: { ref: string } }).bundle.ref,
  );
  expect(bundles).toEqual(answers.map((version) => `bundle:fraud/score@${version}`));
});

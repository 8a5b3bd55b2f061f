/**
 * Judging reads only what a change can reach; the answer must be that of reading everything. Each change is judged both
 * ways, and decision and plan compared byte for byte.
 */
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { judge } from "../../src/app/judge.ts";
import { planned } from "../../src/app/plan.ts";
import type { Repository } from "../../src/app/ports.ts";
import { decisionDocument, planDocument } from "../../src/core/govern/wire.ts";
import type { Instant } from "../../src/core/model/instant.ts";
import { bundle, evaluation, paths, registryYaml, type Texts } from "../govern-world.ts";
import { now, startLand, type Land } from "../no-forge-land.ts";

const model = (name: string, more = "") => `title: ${name}
state: production
spec: { provider: provider:p, type: embedding, upstreamId: ${name} }
facts: { license: MIT }
${more}`;
const dataset = 'title: Data\nspec: { uri: "s3://b/d", digest: "sha256:' + "0".repeat(64) + '" }\n';
const withModels = (version: string) =>
  bundle(version, "candidate").replace("  compatibility:", "  models: [model:ns1/m@1.0.0]\n  compatibility:");

let land: Land;
let repository: Repository;
beforeAll(async () => {
  const many = Object.fromEntries(
    Array.from({ length: 40 }, (_, i) => [`registry/models/ns${i}/m/1.0.0.yaml`, () => model(`m-${i}`)]),
  );
  land = startLand({
    ...many,
    "registry/providers/p.yaml": () => "title: P\nenv: []\n",
    "registry/datasets/ns1/d/1.0.0.yaml": () => dataset,
    "registry/policies/fraud/licence/1.0.0.yaml": () =>
      'title: Licences\nstate: active\nspec:\n  appliesTo: [Bundle, Model]\n  rules:\n    - { id: has-owner, when: "true", assert: \'title != ""\', severity: high, message: "No title." }\n',
    "registry/governance/policy-bindings/all.yaml": () =>
      "title: All\nselector: { kinds: [Bundle, Model] }\npolicies: [policy:fraud/licence@1.0.0]\nmode: enforce\n",
  });
  repository = await land.ports.openReceiving(land.folder);
});
afterAll(() => land.remove());

const text = bundle("1.3.0", "candidate");
const cases: readonly (readonly [string, Texts, boolean])[] = [
  ["a promotion", { [paths.live("dev/fraud/score")]: 'bundle: "1.0.0"\nreason: A.\n' }, true],
  ["a promotion to prod", { [paths.live("prod/fraud/score")]: 'bundle: "1.1.0"\nreason: A.\n' }, true],
  ["a tenant of its own", { [paths.live("prod/fraud/score/acme")]: 'bundle: "1.1.0"\nreason: A.\n' }, true],
  ["a bundle that is not there", { [paths.live("dev/fraud/score")]: 'bundle: "9.0.0"\nreason: A.\n' }, true],
  ["nothing live any more", { [paths.live("prod/fraud/score")]: "bundle: none\nreason: Off.\n" }, true],
  [
    "a fallback",
    { [paths.live("prod/fraud/score")]: 'bundle: "1.1.0"\nfallback: "1.0.0"\nreason: A.\n' },
    true,
  ],
  [
    "an emergency",
    { [paths.live("prod/fraud/score")]: 'bundle: "1.1.0"\nreason: A.\nemergency: true\n' },
    true,
  ],
  [
    "a new bundle with its run",
    { [paths.bundle("1.3.0")]: text, [paths.run("1.3.0")]: evaluation("1.3.0", text) },
    true,
  ],
  ["a new bundle without one", { [paths.bundle("1.3.0")]: text }, false],
  [
    "a new bundle on a model",
    {
      [paths.bundle("1.3.0")]: withModels("1.3.0"),
      [paths.run("1.3.0")]: evaluation("1.3.0", withModels("1.3.0")),
    },
    true,
  ],
  [
    "a bundle on a model that is not there",
    { [paths.bundle("1.3.0")]: withModels("1.3.0").replace("ns1/m", "ns99/m") },
    false,
  ],
  ["an approval", { [paths.bundle("1.2.0")]: bundle("1.2.0", "approved") }, true],
  ["an illegal move", { [paths.bundle("1.1.0")]: bundle("1.1.0", "candidate") }, true],
  ["a frozen spec", { [paths.bundle("1.1.0")]: bundle("1.1.0", "approved", " Changed.") }, true],
  [
    "a bad run of what is live",
    {
      [paths.run("1.0.0").replace("090000z", "100000z")]: evaluation("1.0.0", bundle("1.0.0", "approved"), {
        auc: 0.1,
        at: "2026-06-01T10:00:00Z",
      }),
    },
    true,
  ],
  ["a new dataset", { "registry/datasets/ns2/d/1.0.0.yaml": dataset }, true],
  ["a dataset's title", { "registry/datasets/ns1/d/1.0.0.yaml": dataset.replace("Data", "Date") }, false],
  ["a bundle's end", { [paths.bundle("1.0.0")]: bundle("1.0.0", "retired") }, false],
  ["a file that is gone", { [paths.run("1.1.0")]: null }, false],
  ["a file that cannot be read", { [paths.live("dev/fraud/score")]: "bundle: [\n" }, false],
  ["a new model", { "registry/models/ns1/m/1.1.0.yaml": model("m-1-1") }, false],
  [
    "a model's facts",
    { "registry/models/ns1/m/1.0.0.yaml": model("m-1").replace("MIT", "Apache-2.0") },
    false,
  ],
  ["a policy", { [paths.policy("undo")]: undoOf("undo") }, false],
  ["the registry's settings", { [paths.registry]: registryYaml({ inherit: true }) }, false],
  [
    "rules and catalogue",
    {
      [paths.registry]: registryYaml({ inherit: true }),
      [paths.live("dev/fraud/score")]: 'bundle: "1.0.0"\nreason: A.\n',
    },
    false,
  ],
  ["a file of alsoGoverned", { "docs/a.md": "Other.\n" }, false],
  ["a file that nothing governs", { "src/x.ts": "x\n" }, true],
];

function undoOf(name: string): string {
  return `title: ${name}\nmatch: { actions: [rollback], environments: [environment:prod] }\nrequire:\n  approvals: [{ role: role:risk }]\n`;
}

/** Both ways of reading: what was said, and how many entries of B were read. */
async function bothWays(
  edits: Texts,
): Promise<{ readonly answers: readonly string[]; readonly sizes: readonly number[] }> {
  const head = land.commit("alice", edits);
  await land.approve("bob", head);
  const answers: string[] = [];
  const sizes: number[] = [];
  for (const whole of [false, true]) {
    const approvals = await repository.refAt("refs/heads/registry-approvals");
    const judged = await judge({ base: land.main(), head, ref: "refs/heads/main" }, repository, {
      asOf: now as Instant,
      sandbox: land.ports.sandbox,
      approvals,
      whole,
    });
    const { decision, plan, diagnostics } = await planned(judged, false);
    answers.push(
      JSON.stringify([decisionDocument(decision, diagnostics), planDocument(plan, diagnostics)], null, 1),
    );
    sizes.push(judged.read.change.base.registry.entries.length);
  }
  return { answers, sizes };
}

test.each(cases)("%s", { timeout: 60_000 }, async (_name, edits, isNarrow) => {
  const { answers, sizes } = await bothWays(edits);
  expect(answers[0]).toBe(answers[1]);
  expect((sizes[0] ?? 0) < (sizes[1] ?? 0)).toBe(isNarrow);
});

test("any of these together, and any scopes moving to any versions", { timeout: 120_000 }, async () => {
  const scope = fc
    .constantFrom("dev", "stage", "prod")
    .chain((environment) =>
      fc.constantFrom("", "/acme", "/acme/night").map((rest) => `${environment}/fraud/score${rest}`),
    );
  const version = fc.constantFrom("1.0.0", "1.1.0", "1.2.0", "1.3.0", "9.9.9", "none", "inherit");
  const moves = fc.array(fc.tuple(scope, version), { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(fc.subarray([...cases], { minLength: 1, maxLength: 3 }), moves, async (some, moved) => {
      const edits: Texts = Object.assign(
        {},
        ...some.map(([, texts]) => texts),
        Object.fromEntries(moved.map(([at, to]) => [paths.live(at), `bundle: "${to}"\nreason: Moved.\n`])),
      ) as Texts;
      const { answers } = await bothWays(edits);
      expect(answers[0]).toBe(answers[1]);
    }),
    { numRuns: 25, seed: 20260702 },
  );
});

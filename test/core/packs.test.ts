/** The policy packs that are shipped: their own tests bite, their pages say what they ask, and among many entries they find what is wrong and nothing else. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bindingOf, policyOfPack } from "../../src/core/author/pack-entries.ts";
import { pageOfPack } from "../../src/core/author/pack-page.ts";
import { packs } from "../../src/core/author/packs/index.ts";
import { modelTestRef } from "../../src/core/author/packs/hivellm-model-test.ts";
import type { Pack } from "../../src/core/author/packs/pack.ts";
import type { Instant } from "../../src/core/model/instant.ts";
import { compliance } from "../../src/core/policy/compliance.ts";
import { runPolicyTests } from "../../src/core/policy/policies.ts";
import { registryOfValues } from "../registry-of-values.ts";

const asOf = "2026-07-01T00:00:00Z" as Instant;

it("are the files of their folder", () => {
  const files = readdirSync(join(import.meta.dirname, "../../src/core/author/packs"))
    .map((file) => file.replace(/\.ts$/, ""))
    .filter((name) => name !== "index" && name !== "pack");
  expect(packs.map(({ name }) => name).sort()).toEqual(files.sort());
});

describe.each(packs.map((pack) => [pack.name, pack] as const))("%s", (_, pack: Pack) => {
  const { spec } = pack;

  it("passes its own tests, and one of them is met by everything", () => {
    expect(runPolicyTests(spec).filter(({ passed }) => !passed)).toEqual([]);
    expect(spec.tests?.some(({ expect: rules }) => rules.length === 0)).toBe(true);
  });

  it.each(spec.rules.map(({ id }) => id))("has tests that notice when %s is gone, or always fails", (id) => {
    for (const assert of ["true", "false"]) {
      const rules = spec.rules.map((rule) => (rule.id === id ? { ...rule, assert } : rule));
      expect(runPolicyTests({ ...spec, rules }).some(({ passed }) => !passed)).toBe(true);
    }
  });

  it("says on its page every rule, what it reads and what it does not say", () => {
    const page = pageOfPack(pack);
    for (const { id, message } of spec.rules) {
      expect(page).toContain(`| ${id} | `);
      expect(page).toContain(message);
    }
    for (const key of Object.keys(pack.schemas ?? {})) expect(page).toContain(`\`extensions.${key}\``);
    for (const note of pack.notes) expect(page).toContain(`- ${note}\n`);
    // Every row of the table has as many cells as its head.
    const rows = page.split("\n").filter((line) => line.startsWith("|"));
    expect(new Set(rows.map((row) => row.replaceAll("\\|", "").split("|").length))).toEqual(new Set([7]));
  });
});

type Fields = Record<string, unknown>;

/** What belongs together: a use case, what serves it, and where it is live. Everything in it is in order. */
function groupOf(i: number) {
  const here = { "data-residency": { regions: ["eu-1"] } };
  const link = "https://wiki.example/x";
  return {
    usecase: {
      riskTier: "high",
      reviewBy: "2027-01-01",
      contacts: ["role:r"],
      gates: [{ metric: "auc", operator: ">=", threshold: 0.5 }],
      euAiAct: { category: "high-risk" },
      extensions: {
        ...here,
        "eu-ai-act": { riskManagement: link, technicalDocumentation: link, humanOversight: link },
        "nist-ai-rmf": { govern: [link], map: [link], measure: [link], manage: [link] },
      },
    } as Fields,
    general: {
      state: "production",
      spec: { provider: "provider:p", type: "completion" },
      facts: { role: "general", sizeClass: "xl", sizeEvidence: "card", openWeights: false },
      serving: { endpoints: [{ type: "rest", region: "eu-1" }] },
    } as Fields,
    ours: {
      state: "production",
      spec: {
        provider: "provider:p",
        type: "other",
        artifact: { uri: "s3://m" },
        datasets: [`dataset:n/d${i}@1.0.0`],
      },
      facts: { role: "specialist", license: "MIT" },
    } as Fields,
    data: { state: "active", spec: { license: "CC-BY-4.0" }, extensions: here } as Fields,
    spare: { state: "deprecated", spec: { license: "CC0-1.0" } } as Fields,
    pipeline: { state: "active", spec: {} } as Fields,
    bundle: {
      state: "approved",
      spec: { models: [`model:n/g${i}@1.0.0`, `model:n/o${i}@1.0.0`], pipelines: [`pipeline:n/p${i}@1.0.0`] },
    } as Fields,
    run: { suite: "suite:n/s@1.0.0", target: `bundle:n/u${i}@1.0.0`, status: "passed" } as Fields,
    tested: {
      suite: modelTestRef,
      target: `model:n/g${i}@1.0.0`,
      status: "passed",
      class: "general",
    } as Fields,
    testedOurs: {
      suite: modelTestRef,
      target: `model:n/o${i}@1.0.0`,
      status: "passed",
      class: "contributor",
    } as Fields,
    prod: { bundle: "1.0.0", reason: "x" } as Fields,
    dev: { bundle: "1.0.0", reason: "x" } as Fields,
  };
}

type Group = ReturnType<typeof groupOf>;

const within = (value: unknown, ...path: readonly string[]): Fields =>
  path.reduce((at, key) => at[key] as Fields, value as Fields);

/** What can be wrong: how, and which rules it violates for which entry of the group. At most one of an area. */
const plants: readonly (readonly [
  area: string,
  plant: (group: Group) => void,
  violated: readonly string[],
])[] = [
  ["generals", (g) => void (within(g.general, "facts")["sizeClass"] = "nano"), ["general large-enough"]],
  ["generals", (g) => void delete within(g.general, "facts")["sizeClass"], ["general large-enough"]],
  ["generals", (g) => void delete within(g.general, "facts")["sizeEvidence"], ["general has-evidence"]],
  ["generals", (g) => void (within(g.ours, "facts")["sizeClass"] = "nano"), []],
  ["licence", (g) => void delete within(g.ours, "facts")["license"], ["ours model-states-one"]],
  ["licence", (g) => void (within(g.general, "facts")["openWeights"] = true), ["general model-states-one"]],
  ["licence", (g) => void (within(g.ours, "facts")["license"] = "GPL-3.0-only"), ["ours model-allowed"]],
  ["licence", (g) => void delete within(g.data, "spec")["license"], ["data dataset-states-one"]],
  ["licence", (g) => void (within(g.spare, "spec")["license"] = "CC-BY-NC-4.0"), ["spare dataset-allowed"]],
  ["deprecated", (g) => void (g.general["state"] = "deprecated"), ["prod nothing-deprecated"]],
  ["deprecated", (g) => void (g.pipeline["state"] = "deprecated"), ["prod nothing-deprecated"]],
  ["deprecated", (g) => void (g.data["state"] = "deprecated"), ["prod nothing-deprecated"]],
  ["evaluation", (g) => void (g.run["status"] = "failed"), ["bundle has-passed", "bundle none-failed"]],
  ["evaluation", (g) => void (g.run["status"] = "skipped"), ["bundle has-passed"]],
  ["evaluation", (g) => void (g.run["target"] = "bundle:n/else@1.0.0"), ["bundle has-passed"]],
  ["tested", (g) => void (g.tested["class"] = "contributor"), ["general tested-as-general"]],
  ["tested", (g) => void (g.testedOurs["class"] = "rejected"), ["ours tested-as-contributor"]],
  ["tested", (g) => void (g.tested["status"] = "error"), ["general tested"]],
  ["tested", (g) => void (g.testedOurs["target"] = "model:n/else@1.0.0"), ["ours tested"]],
  [
    "residency",
    (g) => void delete within(g.usecase, "extensions")["data-residency"],
    ["prod regions-stated"],
  ],
  ["residency", (g) => void (within(g.general, "serving")["endpoints"] = []), ["prod endpoints-known"]],
  [
    "residency",
    (g) => void (within(g.general, "serving", "endpoints", "0")["region"] = "us-1"),
    ["prod served-there"],
  ],
  ["residency", (g) => void (g.data["extensions"] = {}), ["prod data-there"]],
  ["eu", (g) => void delete g.usecase["euAiAct"], ["usecase category-stated"]],
  ["eu", (g) => void (g.usecase["euAiAct"] = { category: "prohibited" }), ["usecase not-prohibited"]],
  ["eu", (g) => void (g.usecase["euAiAct"] = { category: "limited-risk" }), ["usecase transparency"]],
  ["eu", (g) => void (g.usecase["riskTier"] = "medium"), ["usecase tier-fits"]],
  ["eu", (g) => void delete g.usecase["reviewBy"], ["usecase review-planned", "usecase manage-review"]],
  ...["riskManagement", "technicalDocumentation", "humanOversight"].map(
    (key) =>
      [
        "eu",
        (g: Group) => void delete within(g.usecase, "extensions", "eu-ai-act")[key],
        [`usecase ${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`],
      ] as const,
  ),
  ["nist", (g) => void delete g.usecase["contacts"], ["usecase govern-contacts"]],
  ["nist", (g) => void (g.usecase["gates"] = []), ["usecase measure-gates"]],
  [
    "nist",
    (g) => void delete within(g.usecase, "extensions", "nist-ai-rmf")["map"],
    ["usecase map-evidence"],
  ],
];

/** Where evidence is asked for only where much is at risk; planted where the tier is not moved by another plant. */
const ofSerious: typeof plants = ["govern", "measure", "manage"].map((key) => [
  "eu",
  (g) => void delete within(g.usecase, "extensions", "nist-ai-rmf")[key],
  [`usecase ${key}-evidence`],
]);

/** Small and the same everywhere: a linear congruential generator. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

it("among 10,000 entries find every planted violation of every rule, and invent none", () => {
  const values: Record<string, object> = {};
  const nobody = registryOfValues({});
  for (const pack of packs) {
    const policy = policyOfPack(pack, "core", nobody);
    if (policy === undefined) throw new Error(pack.name);
    const [entry] = registryOfValues({ [policy.path]: policy.value }).ofKind("Policy");
    if (entry === undefined) throw new Error(pack.name);
    const bind = { environment: pack.environment ?? null, mode: "enforce" as const };
    for (const { path, value } of [policy, ...bindingOf(entry, bind)]) values[path] = value;
  }
  const next = numbers(20260701);
  const all = [...plants, ...ofSerious];
  const areas = [...new Set(all.map(([area]) => area))];
  const expected: string[] = [];
  for (let i = 0; i < 1000; i++) {
    const group = groupOf(i);
    const refs: Record<keyof Group, string> = {
      usecase: `usecase:n/u${i}`,
      general: `model:n/g${i}@1.0.0`,
      ours: `model:n/o${i}@1.0.0`,
      data: `dataset:n/d${i}@1.0.0`,
      spare: `dataset:n/s${i}@1.0.0`,
      pipeline: `pipeline:n/p${i}@1.0.0`,
      bundle: `bundle:n/u${i}@1.0.0`,
      run: `evaluation:n/u${i}/r`,
      tested: `evaluation:n/g${i}/r`,
      testedOurs: `evaluation:n/o${i}/r`,
      prod: `scope:prod/n/u${i}`,
      dev: `scope:dev/n/u${i}`,
    };
    for (const area of areas) {
      if (next(2) === 0) continue;
      const own = all.filter(([each]) => each === area);
      const [, plant, violated] = own[next(own.length)]!;
      plant(group);
      for (const text of violated) {
        const [who = "", rule = ""] = text.split(" ");
        expected.push(`${refs[who as keyof Group]} ${rule}`);
      }
    }
    // A small name cannot be taken away from an entry: every tenth general has one.
    const name = i % 10 === 0 ? `g${i}-mini` : `g${i}`;
    const general = `model:n/${name}@1.0.0`;
    if (i % 10 === 0) {
      expected.push(`${general} no-small-name`);
      within(group.bundle, "spec")["models"] = [general, refs.ours];
      group.tested["target"] = general;
      for (const [at, text] of expected.entries())
        expected[at] = text.replace(`${refs.general} `, `${general} `);
    }
    values[`registry/usecases/n/u${i}.yaml`] = group.usecase;
    values[`registry/models/n/${name}/1.0.0.yaml`] = group.general;
    values[`registry/models/n/o${i}/1.0.0.yaml`] = group.ours;
    values[`registry/datasets/n/d${i}/1.0.0.yaml`] = group.data;
    values[`registry/datasets/n/s${i}/1.0.0.yaml`] = group.spare;
    values[`registry/pipelines/n/p${i}/1.0.0.yaml`] = group.pipeline;
    values[`registry/bundles/n/u${i}/1.0.0.yaml`] = group.bundle;
    values[`registry/evaluations/n/u${i}/r.yaml`] = group.run;
    values[`registry/evaluations/n/g${i}/r.yaml`] = group.tested;
    values[`registry/evaluations/n/o${i}/r.yaml`] = group.testedOurs;
    values[`registry/live/prod/n/u${i}.yaml`] = group.prod;
    values[`registry/live/dev/n/u${i}.yaml`] = group.dev;
  }
  const registry = registryOfValues(values);
  expect(registry.entries.length).toBeGreaterThan(10_000);
  const found = compliance(registry, asOf).flatMap(({ ref, violations }) =>
    violations.map(({ rule, error }) => `${ref} ${rule}${error === null ? "" : ` ${error}`}`),
  );
  expect(found.sort()).toEqual(expected.sort());
  // Nothing that can be violated was left out.
  const violated = new Set(expected.map((text) => text.split(" ")[1]));
  expect([...violated].sort()).toEqual(packs.flatMap(({ spec }) => spec.rules.map(({ id }) => id)).sort());
});

/** Imports of other registries and of files that people keep: MLflow, model cards, Lattice-Lock, HiveLLM, GTO, tables. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadTree } from "../../src/app/read.ts";
import { importFormats } from "../../src/core/import/index.ts";
import { csv } from "../../src/core/import/csv.ts";
import { csvRecords } from "../../src/core/import/csv-text.ts";
import { gto } from "../../src/core/import/gto.ts";
import { parseTag } from "../../src/core/import/gto-tag.ts";
import { hivellm } from "../../src/core/import/hivellm.ts";
import { huggingfaceCard } from "../../src/core/import/huggingface-card.ts";
import { spdxOf } from "../../src/core/import/huggingface-licence.ts";
import { latticeLock } from "../../src/core/import/lattice-lock.ts";
import { litellm } from "../../src/core/import/litellm.ts";
import { mlflow } from "../../src/core/import/mlflow.ts";
import { readYaml } from "../../src/core/import/yaml-text.ts";
import type { ImportPlan } from "../../src/core/import/draft.ts";
import type { ImportFormat } from "../../src/core/import/record.ts";
import { Failure } from "../../src/core/model/failure.ts";
import { parseInstant } from "../../src/core/model/instant.ts";
import { treeOfTexts } from "../../src/core/model/tree.ts";
import { compliance } from "../../src/core/policy/compliance.ts";
import { rules } from "../../src/core/validate/rules/index.ts";
import { lintRegistry } from "../../src/core/validate/lint.ts";
import { codesOf, importInto, sourceOf } from "../import-run.ts";

const asOf = parseInstant("2026-07-02T00:00:00Z")!;
const start: Readonly<Record<string, string>> = {
  "registry/registry.yaml": "id: tries\nownership:\n  - { path: /registry/, roles: [role:ml] }\n",
  "registry/governance/roles/ml.yaml": "members: [identity:ada]\n",
  "registry/governance/identities/ada.yaml": "github: { login: ada, id: 1 }\n",
  "registry/governance/environments/stage.yaml": "rank: 1\n",
  "registry/governance/environments/prod.yaml": "rank: 2\n",
};
const adopting = { adopt: true, owner: "role:ml" };
const messages = (findings: ImportPlan["notes"]): readonly string[] => findings.map(({ message }) => message);

/** Imports one file, checks that the result lints without errors and that a second import changes nothing. */
async function bring(
  format: ImportFormat,
  text: string,
  options: Parameters<typeof importInto>[2] = {},
  texts: Readonly<Record<string, string>> = start,
  reading: Parameters<typeof importInto>[4] = {},
) {
  const source = sourceOf({ "file.txt": text });
  const first = await importInto(texts, source, options, format, reading);
  const loaded = await loadTree(treeOfTexts(first.texts));
  expect(loaded.findings).toEqual([]);
  const found = lintRegistry(loaded.registry, {
    asOf,
    rules: rules.filter(({ code }) => !code.startsWith("codeowners")),
  });
  const errors = found.filter(({ definition, severity = definition.severity }) => severity === "error");
  expect(errors.map(({ message }) => message)).toEqual([]);
  const again = await importInto(first.texts, source, options, format, reading);
  expect(again.plan.writes).toEqual([]);
  return { ...first, registry: loaded.registry };
}

describe("mlflow", () => {
  const sample = readFileSync(join(import.meta.dirname, "../data/foreign/mlflow-export-model.json"), "utf8");

  it("brings versions, stages as states, tags as labels, aliases", async () => {
    const { texts, plan } = await bring(mlflow, sample);
    expect(plan.imported).toEqual([
      "aliases:model/mlflow/sklearn_wine",
      "model:mlflow/sklearn_wine@1.0.0",
      "model:mlflow/sklearn_wine@2.0.0",
      "model:mlflow/sklearn_wine@3.0.0",
      "provider:mlflow",
    ]);
    expect(texts["registry/models/mlflow/sklearn_wine/1.0.0.yaml"]).toBe(`title: sklearn_wine 1.0.0
description: v1 Production - wine
labels:
  info: Skearn Wine Quality model
  registered_version_info: v1 Production - wine
sources:
  - uri: https://mlflow.org
    path: file.txt
    note: Run d583ca20513841749b26907cb2d3952b. Files at /opt/mlflow/server/mlruns/1/d583ca20513841749b26907cb2d3952b/artifacts/model.
state: production
spec:
  provider: provider:mlflow
  upstreamId: sklearn_wine
  type: other
`);
    expect(texts["registry/models/mlflow/sklearn_wine/aliases.yaml"]).toContain(
      'aliases: { about-ready: "2.0.0", good-to-go: "1.0.0", just-in-case: "3.0.0" }\n',
    );
    expect(messages(plan.notes)).toEqual([
      '"sklearn_wine" 1.0.0: stage Production became state production.',
      '"sklearn_wine" 2.0.0: stage Staging became state beta.',
    ]);
  });

  it("adopts what is live: a use case, a bundle, a line, all of them pending", async () => {
    const { texts, plan, registry } = await bring(mlflow, sample, adopting);
    expect(plan.imported.filter((ref) => !ref.startsWith("model:"))).toEqual([
      "aliases:model/mlflow/sklearn_wine",
      "bundle:mlflow/sklearn_wine@1.0.0",
      "bundle:mlflow/sklearn_wine@2.0.0",
      "provider:mlflow",
      "scope:prod/mlflow/sklearn_wine",
      "scope:stage/mlflow/sklearn_wine",
      "usecase:mlflow/sklearn_wine",
    ]);
    expect(texts["registry/live/prod/mlflow/sklearn_wine.yaml"]).toContain('bundle: "1.0.0"\n');
    const status = new Map(compliance(registry, asOf).map((each) => [each.ref, each.status]));
    for (const ref of plan.imported.filter((each) => /^(?:model|bundle|scope|usecase):/.test(each)))
      expect([ref, status.get(ref)]).toEqual([ref, "pending"]);
    expect(status.get("role:ml")).toBe("unknown");
  });

  it("adopts nothing into an environment that is not there, nor without an owner", async () => {
    const { "registry/governance/environments/stage.yaml": _, ...less } = start;
    const one = await bring(mlflow, sample, adopting, less);
    expect(codesOf(one.plan.notes)).toContain("import/no-environment file.txt");
    expect(one.plan.imported).not.toContain("scope:stage/mlflow/sklearn_wine");
    const two = await bring(mlflow, sample, { adopt: true });
    expect(codesOf(two.plan.notes).filter((code) => code.includes("no-owner")).length).toBe(2);
  });

  it.each([
    [
      "get",
      (model: object, versions: object[]) => ({ registered_model: { ...model, latest_versions: versions } }),
    ],
    [
      "search",
      (model: object, versions: object[]) => ({
        registered_models: [{ ...model, latest_versions: versions }],
      }),
    ],
    ["search of versions", (_: object, versions: object[]) => ({ model_versions: versions })],
    ["a list", (model: object, versions: object[]) => [{ ...model, versions }]],
  ])("reads what %s answers; bad versions do not stop the others", async (_, answer) => {
    const versions = [
      {
        name: "m",
        version: "7",
        current_stage: "Archived",
        status: "READY",
        user_id: "ann@example.com",
        tags: [{ key: "mlflow.x", value: "1" }],
      },
      { name: "m", version: "x" },
      { name: "m", version: "8", status: "FAILED_REGISTRATION" },
      { name: "m", version: 9, aliases: ["Champion", "latest"] },
    ];
    const { plan, texts } = await bring(mlflow, JSON.stringify(answer({ name: "m" }, versions)));
    expect(plan.imported).toEqual([
      "aliases:model/mlflow/m",
      "model:mlflow/m@7.0.0",
      "model:mlflow/m@9.0.0",
      "provider:mlflow",
    ]);
    expect(texts["registry/models/mlflow/m/7.0.0.yaml"]).toContain(
      "state: deprecated\nreason: MLflow has it in stage Archived.\nsunset: unknown\n",
    );
    expect(texts["registry/models/mlflow/m/aliases.yaml"]).toContain('aliases: { champion: "9.0.0" }');
    expect(codesOf(plan.skipped)).toEqual(Array.from({ length: 3 }, () => "import/unreadable file.txt"));
    expect(Object.values(texts).join("")).not.toContain("ann@");
  });

  it("carries on deprecation and moved aliases, and nothing else", async () => {
    const at = (stage: string, version: string): string =>
      JSON.stringify({
        registered_model: {
          name: "m",
          aliases: [{ alias: "best", version }],
          latest_versions: [{ version: "1", current_stage: stage }, { version: "2" }],
        },
      });
    const { texts } = await bring(mlflow, at("Production", "1"));
    const moved = await bring(mlflow, at("Archived", "2"), {}, texts);
    expect(moved.plan.changed).toEqual(["aliases:model/mlflow/m", "model:mlflow/m@1.0.0"]);
    const back = await bring(mlflow, at("Production", "2"), {}, moved.texts);
    expect(back.plan.changed).toEqual([]);
  });
});

describe("huggingface-card", () => {
  const card = `---
license: apache-2.0
language: [en, de]
tags: [Text Gen, "=cmd()"]
datasets: [squad]
base_model: org/base
pipeline_tag: text-generation
library_name: transformers
model-index:
  - name: tiny
    results:
      - task: { type: text-generation }
        dataset: { name: HellaSwag, type: hellaswag }
        metrics: [{ type: acc_norm, value: 85.3 }, { type: loss, value: 0.2 }, { type: f1, value: 0.91 }]
        source: { url: "https://example.com/board", name: Board }
---
# Tiny
<script>alert(1)</script>
`;
  const typed = { typed: "cards/org/tiny/README.md" };

  it("brings licence, languages, links, and claims as shares; data sets become links", async () => {
    const { texts, plan } = await bring(huggingfaceCard, card, {}, start, typed);
    expect(plan.imported).toEqual(["model:huggingface/org-tiny@1.0.0", "provider:huggingface"]);
    expect(texts["registry/models/huggingface/org-tiny/1.0.0.yaml"]).toBe(`title: org/tiny
labels: { library: transformers, task: text-generation }
tags: [text-gen, cmd-]
links:
  - { title: Model card, url: https://huggingface.co/org/tiny }
  - { title: Base model org/base, url: https://huggingface.co/org/base }
  - { title: Data set squad, url: https://huggingface.co/datasets/squad }
sources:
  - uri: https://huggingface.co
    path: file.txt
    note: "A model card: what it claims, nobody here has checked."
state: experimental
spec:
  provider: provider:huggingface
  upstreamId: org/tiny
  type: completion
facts:
  capabilities: { contextLength: unknown, languages: [en, de] }
  license: Apache-2.0
  scores:
    - { name: text-generation / HellaSwag / acc_norm, value: 0.853, source: https://example.com/board }
    - { name: text-generation / HellaSwag / f1, value: 0.91, source: https://example.com/board }
`);
    expect(codesOf(plan.notes)).toEqual(["import/no-digest file.txt", "import/unmeasured file.txt"]);
  });

  it.each([
    ["models--org--name/snapshots/abc/README.md", "org/name"],
    ["hub/Org/Name.v1/README.md", "Org/Name.v1"],
    ["README.md", "tiny"],
  ])("%s is the card of %s", async (path, id) => {
    const { plan } = await importInto(start, sourceOf({ "README.md": card }), {}, huggingfaceCard, {
      typed: path,
    });
    expect(plan.writes.map(({ write }) => (write.by === "new" ? write.value["title"] : ""))).toContain(id);
  });

  it("what the caller says weighs more, and a card of nobody knows what is refused", async () => {
    const said = await importInto(start, sourceOf({ "README.md": card }), {}, huggingfaceCard, {
      id: "acme/x",
    });
    expect(said.plan.imported).toContain("model:huggingface/acme-x@1.0.0");
    const bare = sourceOf({ "README.md": "---\nlicense: mit\n---\n" });
    const { plan } = await importInto(start, bare, {}, huggingfaceCard, { typed: "README.md" });
    expect(codesOf(plan.skipped)).toEqual(["import/illegal-id README.md"]);
  });

  it.each([
    ["no front matter", "# Tiny\n"],
    ["front matter that never ends", "---\nlicense: mit\n"],
    ["an anchor", "---\na: &x [1]\nb: *x\n---\n"],
    ["a tag", "---\na: !!binary aGk=\n---\n"],
    ["a merge", "---\na: {b: 1}\n<<: {c: 1}\n---\n"],
    ["a key twice", "---\na: 1\na: 2\n---\n"],
    ["a prototype", "---\n__proto__: {x: 1}\n---\n"],
    ["deep nesting", `---\na: ${"[".repeat(5000)}${"]".repeat(5000)}\n---\n`],
    ["broken YAML", "---\na: [\n---\n"],
    ["a list", "---\n- a\n---\n"],
    ["two documents", "---\na: 1\n...\nb: 1\n---\n"],
  ])("%s is refused, and said", async (_, text) => {
    const { plan } = await importInto(start, sourceOf({ "a/b/README.md": text }), {}, huggingfaceCard, typed);
    expect(codesOf(plan.skipped)).toEqual(["import/unreadable a/b/README.md"]);
  });

  it.each([
    ["mit", "MIT"],
    ["cc-by-nc-sa-4.0", "CC-BY-NC-SA-4.0"],
    ["gpl-3.0", "GPL-3.0"],
    ["llama3.1", "LicenseRef-llama3.1"],
    ["odc-by", "ODC-By-1.0"],
    ["constructor", "LicenseRef-constructor"],
    ["unknown", undefined],
  ])("the licence %s is %s", (id, spdx) => expect(spdxOf(id, undefined)).toBe(spdx));
  it("what is other is what the card calls it", () =>
    expect(spdxOf("other", "Acme Terms 1.0")).toBe("LicenseRef-acme-terms-1.0"));
});

describe("lattice-lock", () => {
  it("prices per thousand and scores of 1, maturity as state, names of variables", async () => {
    const { texts, plan } = await bring(
      latticeLock,
      `version: "1.1"
providers:
  openai:
    env: [OPENAI_API_KEY, { name: OPENAI_ORG, required: false }]
    models:
      gpt-x:
        api_name: gpt-x-2026
        context_window: 128000
        cost_per_1k_input: 0.0025
        cost_per_1k_output: 0.01
        scores: { reasoning: 0.9, coding: 0.85 }
        maturity: PRODUCTION
        capabilities: [function_calling, vision]
        api_key: sk-do-not-read
      old: { context_window: 8000, cost_per_1k: { input: 0.03, output: 0.06 }, maturity: DEPRECATED }
      odd: { context_window: many, maturity: WILD, cost_per_1k_input: cheap }
`,
    );
    expect(texts["registry/models/openai/gpt-x-2026/1.0.0.yaml"]).toContain(
      "state: production\nspec:\n  provider: provider:openai\n  upstreamId: gpt-x-2026\n  type: multi-modal\n",
    );
    expect(texts["registry/models/openai/gpt-x-2026/1.0.0.yaml"]).toContain(
      'pricing:\n    currency: USD\n    inputPerMillionTokens: "2.5"\n    outputPerMillionTokens: "10"\n',
    );
    expect(texts["registry/models/openai/gpt-x-2026/1.0.0.yaml"]).toContain(
      "- { name: Lattice-Lock reasoning, value: 0.9 }",
    );
    expect(texts["registry/models/openai/old/1.0.0.yaml"]).toContain("state: deprecated");
    expect(texts["registry/models/openai/odd/1.0.0.yaml"]).toContain("contextLength: unknown");
    expect(texts["registry/providers/openai.yaml"]).toContain("name: OPENAI_ORG, required: false");
    expect(codesOf(plan.notes).filter((code) => code.includes("illegal")).length).toBe(3);
    expect(Object.values(texts).join("")).not.toContain("sk-do-not-read");
    expect(plan.dropped).toEqual([["api_key", 1]]);
  });

  it("its own flat list: prices per million, scores of 100", async () => {
    const { texts } = await bring(
      latticeLock,
      "models:\n  - { id: grok-3, provider: xai, context_window: 131072, input_cost: 1.0, output_cost: 3.0, reasoning_score: 99.5, coding_score: 1.0, maturity: beta }\n",
    );
    const text = texts["registry/models/xai/grok-3/1.0.0.yaml"];
    expect(text).toContain('inputPerMillionTokens: "1"');
    expect(text).toContain("{ name: Lattice-Lock reasoning, value: 0.995 }");
    expect(text).toContain("{ name: Lattice-Lock coding, value: 0.01 }");
    expect(text).toContain("state: beta");
  });

  it("a secret where a variable's name should be is neither kept nor shown", async () => {
    const { plan, texts } = await bring(
      latticeLock,
      "providers:\n  acme: { api_key_env: sk-live-123, models: { m: { context_window: 5 } } }\n",
    );
    expect(JSON.stringify([plan, texts])).not.toContain("sk-live-123");
    expect(codesOf(plan.notes)).toEqual(["import/illegal-value file.txt"]);
  });
});

describe("hivellm", () => {
  const names = [
    "Connectivity",
    "Command & Tool Use",
    "Cursor File Operations",
    "Task Completeness",
    "Compliance & Safety",
    "Stability",
  ];
  const result = (points: readonly number[], more: object = {}, critical = false) => ({
    fullModel: "Acme Large 2",
    provider: "Acme",
    modelFamily: "Large",
    checks: names.map((name, at) => ({ name, score: points[at], critical: critical && at === 2, note: "n" })),
    ...more,
  });

  it("a result without a date is a claim; what it says of its class is computed again", async () => {
    const { texts, plan } = await bring(
      hivellm,
      JSON.stringify(result([10, 9, 15, 14, 7, 6], { selfClassification: "general" })),
    );
    expect(plan.imported).toEqual(["model:acme/large-2@1.0.0", "provider:acme"]);
    expect(texts["registry/models/acme/large-2/1.0.0.yaml"]).toContain(
      "{ name: HiveLLM model test, value: 0.61 }",
    );
    expect(messages(plan.notes)).toEqual([
      '"Acme Large 2": "general" is recorded; 61 points come to rejected.',
    ]);
  });

  it.each([
    [[15, 15, 25, 25, 10, 10], false, "general", 100],
    [[15, 15, 25, 25, 10, 10], true, "rejected", 100],
    [[15, 15, 20, 20, 10, 5], false, "general", 85],
    [[15, 14, 20, 20, 10, 5], false, "contributor", 84],
    [[15, 15, 10, 10, 10, 5], false, "contributor", 65],
    [[15, 14, 10, 10, 10, 5], false, "rejected", 64],
  ])("%j, critical %s, is %s", async (points, critical, name, score) => {
    const entry = result(points, { updatedAt: "2025-09-07T00:00:00Z", status: name, score }, critical);
    const { texts, plan } = await bring(hivellm, JSON.stringify({ evaluations: [entry] }));
    expect(plan.notes).toEqual([]);
    const run = texts["registry/evaluations/acme/large-2/1.0.0-model-test-20250907t000000z.yaml"];
    expect(run).toContain(`class: ${name}\n`);
    expect(run).toContain(`score: ${score}\n`);
    expect(plan.imported).toContain("suite:hivellm/model-test@1.0.0");
  });

  it.each([
    ["a check is missing", { checks: names.slice(1).map((name) => ({ name, score: 1, critical: false })) }],
    [
      "a check twice",
      { checks: [...names, "Stability"].map((name) => ({ name, score: 1, critical: false })) },
    ],
    ["too many points", result([16, 1, 1, 1, 1, 1])],
    ["half a point", result([1.5, 1, 1, 1, 1, 1])],
    [
      "a check of nobody's",
      { checks: [...names, "Charm"].map((name) => ({ name, score: 1, critical: false })) },
    ],
  ])("%s: the result is left out, and said once", async (_, more) => {
    const bad = { ...result([1, 1, 1, 1, 1, 1]), ...more, fullModel: "Acme Bad" };
    const { plan } = await bring(hivellm, JSON.stringify([bad, result([1, 1, 1, 1, 1, 1])]));
    expect(plan.imported).toEqual(["model:acme/large-2@1.0.0", "provider:acme"]);
    expect(codesOf(plan.skipped)).toEqual(["import/unreadable file.txt"]);
  });

  it("finds the model that people call so, by the name its upstream id makes", async () => {
    const map = JSON.stringify({
      "large-2": { litellm_provider: "acme", mode: "chat", max_input_tokens: 10 },
    });
    const { texts } = await bring(litellm, map);
    const entry = result([15, 15, 25, 25, 10, 10], { updatedAt: "2025-09-07T00:00:00Z" });
    const { plan } = await importInto(texts, sourceOf({ "h.json": JSON.stringify([entry]) }), {}, hivellm);
    expect(plan.imported).toEqual([
      "evaluation:acme/large-2/1.0.0-model-test-20250907t000000z",
      "suite:hivellm/model-test@1.0.0",
    ]);
  });
});

describe("gto", () => {
  const a = "1".repeat(40);
  const b = "2".repeat(40);
  const tags = [
    `${a} refs/tags/churn@v1.0.0`,
    `${b} refs/tags/churn@v1.1.0`,
    `${a} refs/tags/churn#prod#1`,
    `${b} refs/tags/churn#prod#2`,
    `${a} refs/tags/models=old@v0.1.0`,
    `${a} refs/tags/models=old@deprecated#2`,
    `${a} refs/tags/v9.9.9`,
    `${a} refs/tags/churn@v2.0.0+build`,
  ].join("\n");

  it("versions, stages, what was taken back, and what is live", async () => {
    const { plan, texts } = await bring(gto, tags, adopting);
    expect(plan.imported).toEqual([
      "aliases:model/gto/churn",
      "bundle:gto/churn@1.1.0",
      "model:gto/churn@1.0.0",
      "model:gto/churn@1.1.0",
      "model:gto/models-old@0.1.0",
      "provider:gto",
      "scope:prod/gto/churn",
      "usecase:gto/churn",
    ]);
    expect(texts["registry/models/gto/churn/1.1.0.yaml"]).toContain(b);
    expect(texts["registry/models/gto/churn/1.1.0.yaml"]).toContain("state: production");
    expect(texts["registry/models/gto/models-old/0.1.0.yaml"]).toContain("state: deprecated");
    expect(texts["registry/live/prod/gto/churn.yaml"]).toContain('bundle: "1.1.0"');
    expect(codesOf(plan.notes)).toContain("import/foreign-tag file.txt");
    expect(codesOf(plan.skipped)).toEqual(["import/unreadable file.txt"]);
  });

  it("a plain list knows versions, and says that stages need commits", async () => {
    const { plan } = await bring(gto, "churn@v1.0.0\nchurn#prod#1\n", adopting);
    expect(plan.imported).toEqual(["model:gto/churn@1.0.0", "provider:gto"]);
    expect(messages(plan.skipped)).toEqual([
      '"churn": stage "prod" is assigned, but without commits nobody knows to which version.',
    ]);
  });

  it("annotated tags count by the commit behind them; unassigned stages are not live", async () => {
    const peeled = [
      `${"9".repeat(40)} refs/tags/churn@v1.0.0`,
      `${a} refs/tags/churn@v1.0.0^{}`,
      `${"8".repeat(40)} refs/tags/churn#prod#1`,
      `${a} refs/tags/churn#prod#1^{}`,
    ];
    const live = await bring(gto, peeled.join("\n"), adopting);
    expect(live.plan.imported).toContain("scope:prod/gto/churn");
    const gone = await bring(gto, [...peeled, `${a} refs/tags/churn#prod!#2`].join("\n"), adopting);
    expect(gone.plan.imported).not.toContain("scope:prod/gto/churn");
  });

  it.each([
    ["churn@v1.2.3", { artifact: "churn", version: "1.2.3", cancel: false, counter: 0 }],
    ["churn@v1.2.3!#4", { version: "1.2.3", cancel: true, counter: 4 }],
    ["a/b#prod-eu#12", { artifact: "a/b", stage: "prod-eu", counter: 12 }],
    ["dir/x=nn@v1.0.0-rc.1", { artifact: "dir/x:nn", version: "1.0.0-rc.1" }],
    ["nn@deprecated", { deprecated: true }],
    ["nn@created#1", { deprecated: false, version: undefined }],
  ])("%s is read as GTO reads it", (text, tag) => expect(parseTag(text)).toMatchObject(tag));
  it.each([
    "v1.2.3",
    "churn@1.2.3",
    "Churn@v1.0.0",
    "churn#",
    "churn#Prod",
    "churn@v1.0",
    "@v1.0.0",
    "x".repeat(400),
  ])("%s is none of GTO's", (text) => expect(parseTag(text)).toBeUndefined());
});

describe("csv", () => {
  const table = [
    "Provider,Model,Context window,Input per million,Type,License,Secret",
    'acme,"m,1",8000,0.10,completion,MIT,x',
    "acme,\"=cmd|' /C calc'!A0\",,,other,,",
    'acme,b"ad,1,1,completion,,',
    "acme,short",
    "acme,good,many,-1,robot,,",
    "",
  ].join("\r\n");

  it("known headers, rows one by one, formulas as text", async () => {
    const { plan, texts } = await bring(csv, table);
    expect(plan.imported.length).toBe(4);
    expect(texts["registry/models/acme/m-1/1.0.0.yaml"]).toContain('inputPerMillionTokens: "0.10"');
    expect(texts["registry/models/acme/cmd-c-calc-a0/1.0.0.yaml"]).toContain("title: =cmd|' /C calc'!A0\n");
    expect(messages(plan.skipped)).toEqual([
      "Line 4: A quote stands inside a field that is not quoted.",
      "Line 5: It has 2 fields; the header has 7.",
    ]);
    expect(codesOf(plan.notes).length).toBe(3);
    expect(plan.dropped).toEqual([["Secret", 1]]);
  });

  it("columns mean what the caller says", async () => {
    const columns = new Map([
      ["Wer", "provider"],
      ["Was", "id"],
      ["Preis", "serving.pricing.outputPerMillionTokens"],
    ]);
    const { texts } = await bring(csv, "Wer,Was,Preis\nacme,m,3\n", {}, start, { columns });
    expect(texts["registry/models/acme/m/1.0.0.yaml"]).toContain('outputPerMillionTokens: "3"');
  });

  it.each([
    [{ X: "provider" }, "a,b\n"],
    [{ a: "spec.nothing" }, "a,b\n"],
  ])("a mapping %j that means nothing is a usage error", async (map, text) => {
    const columns = new Map(Object.entries(map));
    await expect(importInto(start, sourceOf({ "t.csv": text }), {}, csv, { columns })).rejects.toThrow(
      Failure,
    );
  });

  it("two columns for one field mean nothing, and are said", async () => {
    const { plan } = await importInto(start, sourceOf({ "t.csv": "provider,id,Model\na,b,c\n" }), {}, csv);
    expect(messages(plan.skipped)).toEqual(['Line 1: Two columns mean the same: id ("Model").']);
  });

  it("reads back whatever RFC 4180 can hold", () => {
    const field = fc.string({ unit: "binary", maxLength: 8 }).filter((text) => !text.startsWith("\uFEFF"));
    const wide = fc.array(
      fc.array(fc.oneof(field, fc.constantFrom('"', ",", "\r\n", "\n", "=1")), {
        minLength: 2,
        maxLength: 4,
      }),
      {
        minLength: 1,
        maxLength: 5,
      },
    );
    fc.assert(
      fc.property(wide, fc.constantFrom("\n", "\r\n"), (rows, end) => {
        const text = rows
          .map((row) => row.map((each) => `"${each.replaceAll('"', '""')}"`).join(",") + end)
          .join("");
        const read = [...csvRecords(text)];
        expect(read.map(({ fields }) => fields)).toEqual(rows);
        expect(read.every(({ fault }) => fault === undefined)).toBe(true);
      }),
    );
  });

  it.each([
    ["quotes", '"a""b",c\n', [['a"b', "c"]]],
    [
      "line ends inside quotes",
      '"a\r\nb",c\r\nd,e',
      [
        ["a\r\nb", "c"],
        ["d", "e"],
      ],
    ],
    ["empty fields", ",\n", [["", ""]]],
    ["no last line end", "a", [["a"]]],
  ])("%s as RFC 4180 has them", (_, text, fields) =>
    expect([...csvRecords(text)].map((record) => record.fields)).toEqual(fields),
  );
  it.each([
    ["text behind a quote", '"a"b,c\nd,e\n', [true, false]],
    ["a bare quote", 'a"b,c\nd,e\n', [true, false]],
    ["an open quote", 'a,b\n"c\nd', [false, true]],
    ["a bare carriage return", "a\rb\nc\n", [true, false, false]],
  ])("%s is a fault of its record", (_, text, faults) =>
    expect([...csvRecords(text)].map(({ fault }) => fault !== undefined)).toEqual(faults),
  );
});

describe("two sources that differ", () => {
  const map = JSON.stringify({
    m: {
      litellm_provider: "acme",
      mode: "chat",
      max_input_tokens: 1000,
      input_cost_per_token: 2.5e-6,
      supports_vision: true,
    },
  });
  const other =
    "provider,id,type,context length,input per million,license\nacme,m,multi-modal,2000,2.50,MIT\n";

  it("are reported fact by fact, with both sources, and nothing is taken over", async () => {
    const { texts } = await bring(litellm, map);
    const { plan, texts: after } = await importInto(texts, sourceOf({ "t.csv": other }), {}, csv);
    expect(plan.disagreements).toEqual([
      {
        ref: "model:acme/m@1.0.0",
        field: "facts.capabilities.contextLength",
        was: 1000,
        wasSource: "https://github.com/BerriAI/litellm file.txt",
        now: 2000,
        nowSource: "urn:csv t.csv",
      },
    ]);
    expect(messages(plan.conflicts)).toEqual([
      "model:acme/m@1.0.0 describes this model and came from another source. They differ in 1 fact.",
    ]);
    expect(after).toEqual(texts);
  });

  it("adopting takes over what the second states, and keeps what only the first does", async () => {
    const { texts } = await bring(litellm, map);
    const { texts: after } = await importInto(texts, sourceOf({ "t.csv": other }), adopting, csv);
    const text = after["registry/models/acme/m/1.0.0.yaml"];
    expect(text).toContain("contextLength: 2000");
    expect(text).toContain("vision: true");
    expect(text).toContain("urn:csv");
  });

  it("a type that the source does not state is held against nobody, adopted or not", async () => {
    const { texts } = await bring(litellm, map);
    const bare = sourceOf({ "t.csv": "provider,id,context length\nacme,m,1000\n" });
    expect((await importInto(texts, bare, {}, csv)).plan.disagreements).toEqual([]);
    const { plan } = await importInto(texts, bare, adopting, csv);
    expect(plan.writes.map(({ path }) => path)).toEqual(["registry/models/acme/m/1.0.0.yaml"]);
  });

  it("that agree are no conflict", async () => {
    const { texts } = await bring(litellm, map);
    const { plan } = await importInto(texts, sourceOf({ "t.csv": other.replace("2000", "1000") }), {}, csv);
    expect([plan.conflicts, plan.disagreements, plan.writes]).toEqual([[], [], []]);
    expect(plan.unchanged).toContain("model:acme/m@1.0.0");
  });
});

it("sources that never list everything let nothing vanish", () => {
  expect(importFormats.filter(({ partial }) => partial !== true).map(({ name }) => name)).toEqual([
    "models.dev",
    "litellm",
    "json",
  ]);
});

it("no text makes the readers of YAML, tags and tables throw, and what they read is bounded", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary", maxLength: 200 }),
      fc.string({ unit: fc.constantFrom(..."-: [{&*!#\n,\"'|>a@v1.0") }),
      (any, yaml) => {
        for (const text of [any, yaml]) {
          expect(() => [
            readYaml(text),
            parseTag(text),
            [...csvRecords(text)],
            spdxOf(text, text),
          ]).not.toThrow();
          expect(spdxOf(text, text) ?? "MIT").toMatch(/^[A-Za-z0-9.-]{1,120}$/);
        }
      },
    ),
    { numRuns: 300 },
  );
});

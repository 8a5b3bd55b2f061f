/** The other formats an import reads: LiteLLM's price map and entries as JSON. */
import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { importFormatOf, importFormats } from "../../src/core/import/index.ts";
import { json } from "../../src/core/import/json.ts";
import { litellm } from "../../src/core/import/litellm.ts";
import { loadTree } from "../../src/app/read.ts";
import { treeOfTexts } from "../../src/core/model/tree.ts";
import { codesOf, importInto, sourceOf } from "../import-run.ts";

/** In the shape of the price map; the numbers are made up. */
const priceMap = {
  sample_spec: { max_tokens: "LEGACY parameter", litellm_provider: "one of the providers", mode: "chat" },
  "acme-large": {
    litellm_provider: "acme",
    mode: "chat",
    max_tokens: 4096,
    max_input_tokens: 128000,
    max_output_tokens: 4096,
    input_cost_per_token: 2.5e-6,
    output_cost_per_token: 1e-5,
    cache_read_input_token_cost: 1.25e-7,
    input_cost_per_token_batches: 1e-6,
    supports_function_calling: true,
    supports_vision: true,
    supports_response_schema: true,
    source: "https://acme.test/prices",
  },
  "acme/acme-small": {
    litellm_provider: "acme",
    mode: "chat",
    max_tokens: 8192,
    input_cost_per_token: 7e-8,
    output_cost_per_token: 3e-7,
  },
  "acme/embed": {
    litellm_provider: "acme",
    mode: "embedding",
    max_input_tokens: 512,
    max_tokens: 512,
    output_vector_size: 1024,
    input_cost_per_token: 0,
  },
  "acme/voice": { litellm_provider: "acme", mode: "audio_speech", input_cost_per_character: 1e-5 },
  "acme/judge": { litellm_provider: "acme", mode: "moderation", input_cost_per_token: "free" },
  "no-provider": { mode: "chat" },
  "not an object": 7,
};
const mapOf = (value: object) => sourceOf({ "prices.json": JSON.stringify(value) });

describe("litellm", () => {
  it("becomes models with prices per million, moved by digits", async () => {
    const { texts, plan } = await importInto({}, mapOf(priceMap), {}, litellm);
    expect(texts["registry/models/acme/acme-large/1.0.0.yaml"]).toBe(`title: acme-large
sources:
  - { uri: https://github.com/BerriAI/litellm, path: prices.json, note: See https://acme.test/prices }
state: experimental
spec:
  provider: provider:acme
  upstreamId: acme-large
  type: multi-modal
facts:
  capabilities:
    contextLength: 128000
    maxOutputTokens: 4096
    modalities: { input: [text, image], output: [text] }
    functions: true
    structuredOutput: true
    vision: true
serving:
  pricing:
    currency: USD
    inputPerMillionTokens: "2.5"
    outputPerMillionTokens: "10"
    cacheReadPerMillionTokens: "0.125"
`);
    expect(texts["registry/models/acme/acme-small/1.0.0.yaml"]).toContain(
      "upstreamId: acme-small\n  type: completion\nfacts:\n  capabilities:\n    contextLength: 8192\n",
    );
    expect(texts["registry/models/acme/acme-small/1.0.0.yaml"]).toContain(
      'inputPerMillionTokens: "0.07"\n    outputPerMillionTokens: "0.3"\n',
    );
    expect(texts["registry/models/acme/embed/1.0.0.yaml"]).toContain("type: embedding");
    expect(texts["registry/models/acme/voice/1.0.0.yaml"]).toContain("type: speech");
    expect(texts["registry/models/acme/judge/1.0.0.yaml"]).toContain("type: classification");
    expect(plan.imported.length).toBe(6);
    expect(codesOf(plan.skipped)).toEqual(["import/unreadable prices.json", "import/unreadable prices.json"]);
    expect(plan.notes.map(({ message }) => message)).toEqual([
      '"acme/judge": input_cost_per_token "\\"free\\"" is no price.',
    ]);
    expect(plan.dropped).toEqual([
      ["input_cost_per_character", 1],
      ["input_cost_per_token_batches", 1],
      ["output_vector_size", 1],
    ]);
    expect((await loadTree(treeOfTexts(texts))).findings).toEqual([]);
    expect((await importInto(texts, mapOf(priceMap), {}, litellm)).plan.writes).toEqual([]);
  });

  it.each([["[]"], ["{"], [""], ["null"]])("a map that is %s is reported, not thrown", async (text) => {
    const { plan } = await importInto({}, sourceOf({ "prices.json": text }), {}, litellm);
    expect(codesOf(plan.skipped)).toEqual(["import/unreadable prices.json"]);
  });

  it("of two keys for one model the first in bytes counts", async () => {
    const twice = { m: priceMap["acme/acme-small"], "acme/m": priceMap["acme/acme-small"] };
    const { plan } = await importInto({}, mapOf(twice), {}, litellm);
    expect(plan.imported).toEqual(["model:acme/m@1.0.0", "provider:acme"]);
    expect(codesOf(plan.skipped)).toEqual(["import/duplicate prices.json"]);
  });
});

describe("json", () => {
  const role = { kind: "Role", id: "ml", title: "ML", members: ["identity:ada"] };
  const model = { ref: "model:ml/scorer@1.0.0", spec: { provider: "provider:own", type: "ranking" } };
  const run = (text: string, texts = {}, options = {}) =>
    importInto(texts, sourceOf({ "entries.json": text }), options, json);

  it.each([
    ["an array", JSON.stringify([role, model])],
    ["lines", `${JSON.stringify(role)}\n\n${JSON.stringify(model)}\n`],
    ["an object of entries", JSON.stringify({ entries: [role, model] })],
    [
      "what `show` prints",
      JSON.stringify([
        role,
        {
          format: "assent.entry/v1",
          ref: model.ref,
          kind: "Model",
          digest: null,
          entry: { spec: model.spec },
          derived: {},
        },
      ]),
    ],
  ])("%s becomes entries of any kind", async (_, text) => {
    const { texts } = await run(text);
    expect(texts["registry/governance/roles/ml.yaml"]).toBe("title: ML\nmembers: [identity:ada]\n");
    expect(texts["registry/models/ml/scorer/1.0.0.yaml"]).toBe(
      "state: experimental\nspec:\n  provider: provider:own\n  type: ranking\n",
    );
    expect((await run(text, texts)).plan.writes).toEqual([]);
  });

  it.each<[string, string, string]>([
    ["no JSON", "import/unreadable", "{"],
    ["a list of numbers", "import/unreadable", "[1]"],
    ["a record that names nothing", "import/unreadable", '[{"title":"x"}]'],
    ["a reference to nothing", "import/unreadable", '[{"ref":"model:a/b"}]'],
    ["another kind than its reference", "import/unreadable", '[{"ref":"role:ml","kind":"Model"}]'],
    ["an unknown kind", "import/unreadable", '[{"kind":"Robot","id":"r"}]'],
    ["a value its schema refuses", "import/invalid-entry", '[{"kind":"Role","id":"r","members":"ada"}]'],
    [
      "an unknown key",
      "import/invalid-entry",
      '[{"kind":"Role","id":"r","members":["identity:a"],"colour":"red"}]',
    ],
    [
      "the same entry twice",
      "import/duplicate",
      '[{"ref":"role:r","members":["identity:a"]},{"ref":"role:r","members":["identity:b"]}]',
    ],
    ["a broken line among lines", "import/unreadable", '{"ref":"role:r","members":["identity:a"]}\n{oops}\n'],
  ])("%s is reported and stops nothing", async (_, code, text) => {
    const { plan } = await run(text);
    expect(plan.skipped.map(({ definition }) => definition.code)).toEqual([code]);
  });

  it("reports what differs, edits it only when told to, and never what is frozen", async () => {
    const { texts } = await run(JSON.stringify([role, model]));
    const other = JSON.stringify([
      { ...role, title: "Machine learning", members: ["identity:ada", "identity:bob"] },
    ]);
    const refused = await run(other, texts);
    expect(refused.plan.writes).toEqual([]);
    expect(codesOf(refused.plan.conflicts)).toEqual(["import/conflict entries.json"]);
    const adopted = await run(other, texts, { adopt: true });
    expect(adopted.texts["registry/governance/roles/ml.yaml"]).toBe(
      "title: ML\nmembers: [identity:ada, identity:bob]\n",
    );
    const frozen = await run(JSON.stringify([{ ...model, spec: { ...model.spec, type: "other" } }]), texts, {
      adopt: true,
    });
    expect(frozen.plan.writes).toEqual([]);
    expect(frozen.plan.conflicts[0]?.message).toContain("frozen");
  });
});

describe("the table of formats", () => {
  it("names each format once, and every format is found by its name", () => {
    expect(importFormats.map(({ name }) => name)).toEqual([
      "models.dev",
      "litellm",
      "mlflow",
      "huggingface-card",
      "lattice-lock",
      "hivellm",
      "gto",
      "csv",
      "json",
    ]);
    for (const format of importFormats) expect(importFormatOf(format.name)).toBe(format);
    expect(importFormatOf("xml")).toBeUndefined();
    const files = readdirSync(new URL("../../src/core/import/", import.meta.url));
    for (const { name } of importFormats) expect(files).toContain(`${name.replace(".", "-")}.ts`);
  });
});

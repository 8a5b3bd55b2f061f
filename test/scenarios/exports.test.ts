/**
 * Exports for programs that people use already: each fits the schema that its program publishes, of the project's own
 * registry and of one made to hurt; what we wrote for LiteLLM we read back without a difference.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv, type AnySchema } from "ajv";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { loadTree } from "../../src/app/read.ts";
import { exportFormats } from "../../src/core/export/formats.ts";
import { litellm } from "../../src/core/import/litellm.ts";
import { parseInstant } from "../../src/core/model/instant.ts";
import type { Registry } from "../../src/core/model/registry.ts";
import { treeOfTexts } from "../../src/core/model/tree.ts";
import { importInto, sourceOf } from "../import-run.ts";
import { run } from "../cli.ts";

const root = join(import.meta.dirname, "../..");
const asOf = parseInstant("2026-07-02T00:00:00Z")!;
const data = (path: string): AnySchema =>
  JSON.parse(readFileSync(join(import.meta.dirname, "../data", path), "utf8")) as AnySchema;

const ajv = new Ajv({ allErrors: true, strict: false });
ajv.addSchema(data("flagd/targeting.json"));
const fits = {
  flagd: ajv.compile(data("flagd/flags.json")),
  backstage: ajv.compile(data("backstage/catalog-info.json")),
  "models.dev": ajv.compile(data("models-dev-api.schema.json")),
};

async function textOf(format: string, registry: Registry): Promise<string> {
  const made = await exportFormats[format]!();
  return made.render({ registry, subject: undefined, asOf, commit: null, version: "0.0.0" });
}

const registryOf = async (texts: Readonly<Record<string, string>>): Promise<Registry> => {
  const loaded = await loadTree(treeOfTexts(texts));
  expect(loaded.findings).toEqual([]);
  return loaded.registry;
};

const own = async (format: string): Promise<string> => {
  const { code, stdout, stderr } = await run(["export", format], { cwd: root });
  expect([code, stderr]).toEqual([0, ""]);
  return stdout;
};

/** Names, titles and ids that hurt: long, with markup, formulas, prototypes and what YAML would read as something else. */
const hostile: Readonly<Record<string, string>> = {
  "registry/registry.yaml": 'id: "on"\nownership:\n  - { path: /registry/, roles: [role:ml] }\n',
  "registry/governance/roles/ml.yaml": 'title: "=cmd|x"\nmembers: [identity:ada]\n',
  "registry/governance/identities/ada.yaml": "github: { login: ada, id: 1 }\n",
  "registry/governance/environments/prod.yaml": "rank: 1\nplatform: { capabilities: [cpu] }\n",
  "registry/providers/acme.yaml":
    'title: "<script>alert(1)</script>"\nenv: [{ name: ACME_KEY }]\nbaseUrl: https://acme.test/v1\n',
  "registry/providers/bare.yaml": "title: Bare\n",
  [`registry/models/acme/${"n".repeat(100)}/1.0.0.yaml`]:
    'title: "yes: # [no]"\ndescription: "---\\n<b>&amp;\\n..."\nlinks: [{ url: "https://x.test/a" }]\nspec: { provider: provider:acme, upstreamId: __proto__, type: completion }\nfacts:\n  capabilities: { contextLength: unknown, modalities: { input: [text], output: [text] }, reasoning: true }\n  releaseDate: 2025-01\nserving:\n  pricing: { currency: USD, inputPerMillionTokens: "0.06", outputPerMillionTokens: "10" }\n'.replace(
      "2025-01",
      '"2025-01"',
    ),
  "registry/models/acme/a_-b/1.0.0.yaml":
    'spec: { provider: provider:acme, upstreamId: constructor, type: embedding }\nserving:\n  pricing: { currency: EUR, inputPerMillionTokens: "1" }\n',
  "registry/models/bare/m/1.0.0.yaml": "spec: { provider: provider:bare, upstreamId: m, type: image }\n",
  "registry/models/acme/gone/1.0.0.yaml":
    "state: retired\nspec: { provider: provider:acme, upstreamId: gone, type: image }\n",
  "registry/usecases/ml/use.yaml": "purpose: Use it.\nowner: identity:ada\nriskTier: low\n",
  ...Object.fromEntries(
    ["1.0.0", "2.0.0"].map((version) => [
      `registry/bundles/ml/use/${version}.yaml`,
      `state: approved\nspec:\n  artifacts: [{ role: prompt, text: x }]\n  models: [model:acme/a_-b@1.0.0]\n  compatibility: { requires: [${version === "1.0.0" ? "cpu" : "gpu"}] }\n  provenance: { codeRevision: abc }\ngateReceipt: { decision: PASS }\n`,
    ]),
  ),
  "registry/live/prod/ml/use.yaml": 'bundle: "2.0.0"\nreason: x\n',
  "registry/live/prod/ml/use/acme.yaml": 'bundle: "2.0.0"\nfallback: "1.0.0"\nreason: x\n',
  "registry/live/prod/ml/use/idle.yaml": "bundle: none\nreason: x\n",
  "registry/live/prod/ml/use/well.yaml": 'bundle: "1.0.0"\nreason: x\n',
};

describe("flagd", () => {
  type Flag = Readonly<{
    defaultVariant: string;
    variants: Record<string, { live: boolean; bundle?: string }>;
  }>;
  const flagsIn = (text: string) => (JSON.parse(text) as { flags: Record<string, Flag> }).flags;

  it("fits flagd's schema and names what resolve answers with", async () => {
    const text = await own("flagd");
    fits.flagd(JSON.parse(text));
    expect(fits.flagd.errors ?? []).toEqual([]);
    const flags = flagsIn(text);
    expect(Object.keys(flags).length).toBeGreaterThan(3);
    for (const [scope, { defaultVariant, variants }] of Object.entries(flags)) {
      const { stdout } = await run(["resolve", scope, "--format", "json"], { cwd: root });
      const { outcome, bundle } = JSON.parse(stdout) as { outcome: string; bundle: { ref: string } | null };
      const served = outcome === "resolved" || outcome === "fallback" ? bundle?.ref : undefined;
      expect([scope, variants[defaultVariant]?.bundle]).toEqual([scope, served]);
    }
  });

  it("fails closed: nothing live, or nothing that fits, has no variant that is live", async () => {
    const text = await textOf("flagd", await registryOf(hostile));
    fits.flagd(JSON.parse(text));
    expect(fits.flagd.errors ?? []).toEqual([]);
    const said = Object.entries(flagsIn(text)).map(([scope, { defaultVariant, variants }]) => [
      scope,
      defaultVariant,
      Object.values(variants).filter(({ live }) => live).length,
    ]);
    expect(said).toEqual([
      ["prod/ml/use", "none", 0],
      ["prod/ml/use/acme", "1.0.0", 1],
      ["prod/ml/use/idle", "none", 0],
      ["prod/ml/use/well", "1.0.0", 1],
    ]);
  });
});

describe("backstage", () => {
  type Entity = Readonly<{ kind: string; metadata: { name: string }; spec: Record<string, unknown> }>;
  const entitiesIn = (text: string): readonly Entity[] =>
    parseAllDocuments(text).map((document) => {
      expect(document.errors).toEqual([]);
      return document.toJS() as Entity;
    });

  it.each(["own", "hostile"])(
    "every entity of the %s registry fits Backstage's schema and its rules of names",
    async (which) => {
      const text =
        which === "own" ? await own("backstage") : await textOf("backstage", await registryOf(hostile));
      const entities = entitiesIn(text);
      for (const entity of entities) {
        fits.backstage(entity);
        expect([entity.metadata.name, fits.backstage.errors ?? []]).toEqual([entity.metadata.name, []]);
        expect(entity.metadata.name).toMatch(/^(?=.{1,63}$)[A-Za-z0-9]+(?:[-_.][A-Za-z0-9]+)*$/);
      }
      const names = entities.map(({ kind, metadata }) => `${kind.toLowerCase()}:default/${metadata.name}`);
      expect(new Set(names).size).toBe(names.length);
      // Nothing points at what is not there.
      const pointed = entities.flatMap(({ spec }) => [
        ...((spec["dependsOn"] as string[] | undefined) ?? []),
      ]);
      expect(pointed.filter((ref) => !names.includes(ref))).toEqual([]);
      expect(new Set(entities.map(({ kind }) => kind)).size).toBeGreaterThan(2);
    },
  );

  it("the schema would see a component without an owner", () => {
    const entity = {
      apiVersion: "backstage.io/v1alpha1",
      kind: "Component",
      metadata: { name: "x" },
      spec: { type: "t", lifecycle: "l" },
    };
    expect(fits.backstage(entity)).toBe(false);
  });
});

describe("models.dev", () => {
  it("fits what models.dev demands, and makes nothing up", async () => {
    const text = await own("models.dev");
    fits["models.dev"](JSON.parse(text));
    expect(fits["models.dev"].errors ?? []).toEqual([]);
    const shown = JSON.parse(await textOf("models.dev", await registryOf(hostile))) as Record<
      string,
      { models: Record<string, { limit: object; cost?: object }> }
    >;
    fits["models.dev"](shown);
    expect(fits["models.dev"].errors ?? []).toEqual([]);
    // No package, no variable: no provider. No date, no modalities: no model.
    expect(Object.keys(shown)).toEqual(["acme"]);
    expect(Object.keys(shown["acme"]!.models)).toEqual(["__proto__"]);
    expect(Object.values(shown["acme"]!.models)[0]).toMatchObject({
      limit: { context: 0, output: 0 },
      cost: { input: 0.06, output: 10 },
    });
  });
});

describe("litellm", () => {
  it("is read back by our importer without a difference in what both hold", async () => {
    const loaded = await loadTree(treeOfTexts(ownTexts()));
    const text = await textOf("litellm", loaded.registry);
    expect(text).not.toMatch(/\de-\d/);
    const back = await importInto(ownTexts(), sourceOf({ "config.yaml": text }), {}, litellm);
    expect(back.plan.skipped).toEqual([]);
    expect(back.plan.disagreements).toEqual([]);
    expect(back.plan.imported).toEqual([]);
  });

  it("names variables of keys, leaves other currencies and retired models out", async () => {
    const text = await textOf("litellm", await registryOf(hostile));
    expect(text).toContain("api_key: os.environ/ACME_KEY");
    expect(text).toContain("input_cost_per_token: 0.00000006\n");
    expect(text).not.toContain("gone");
    expect(text.match(/input_cost/g)?.length).toBe(1);
  });

  it.each([
    [
      "a deployment without a model",
      "model_list:\n  - { model_name: x }\n  - { model_name: y, litellm_params: { model: acme/y } }\n",
      1,
    ],
    [
      "a secret as a key",
      "model_list:\n  - { model_name: y, litellm_params: { model: acme/y, api_key: sk-do-not-read } }\n",
      1,
    ],
    [
      "JSON",
      '{"model_list":[{"model_name":"y","litellm_params":{"model":"acme/y"},"model_info":{"max_input_tokens":5}}]}',
      1,
    ],
    ["an anchor", "model_list: &a []\nx: *a\n", 0],
  ])("a configuration with %s is read as far as it can be", async (_, text, models) => {
    const { plan, texts } = await importInto({}, sourceOf({ "config.yaml": text }), {}, litellm);
    expect(plan.imported.filter((ref) => ref.startsWith("model:")).length).toBe(models);
    expect(JSON.stringify(texts)).not.toContain("sk-do-not-read");
  });
});

/** The project's own registry as texts, its models and providers. */
function ownTexts(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    ["providers", "models"].flatMap((folder) =>
      readdirSync(join(root, "registry", folder), { recursive: true, encoding: "utf8" })
        .filter((path) => path.endsWith(".yaml"))
        .map((path) => [
          `registry/${folder}/${path}`,
          readFileSync(join(root, "registry", folder, path), "utf8"),
        ]),
    ),
  );
}

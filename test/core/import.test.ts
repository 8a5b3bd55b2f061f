/** Imports of models.dev: the mapping, and what a second import does to a registry that people edited. */
import { describe, expect, it } from "vitest";
import { loadTree } from "../../src/app/read.ts";
import { sha256Hex } from "../../src/core/model/digest.ts";
import { treeOfTexts } from "../../src/core/model/tree.ts";
import { codesOf, importInto, sourceOf } from "../import-run.ts";

const provider =
  'name = "Acme"\nenv = ["ACME_API_KEY"]\nnpm = "@acme/sdk"\napi = "https://api.acme.test/v1"\ndoc = "https://acme.test"\n';
const chat = `# Prices: https://acme.test/prices (accessed 2026-06-25)
name = "Acme Chat"
family = "chat"
release_date = "2025-04"
last_updated = "2025-05-01"
knowledge = "2024-12"
attachment = true
reasoning = true
reasoning_options = [{ type = "budget_tokens", min = 1_024 }, { type = "effort", values = ["low", "high"] }]
temperature = true
tool_call = true
structured_output = false
open_weights = false
status = "beta"

[cost]
input = 2.50
output = 10.00
cached_input = 0.075 # why not cache_read

[[cost.tiers]]
input = 5.00
tier = { size = 200_000 }

[limit]
context = 128_000
output = 0

[modalities]
input = ["text"]
output = ["text"]
`;
const source = {
  "providers/acme/provider.toml": provider,
  "providers/acme/models/Chat:1.toml": chat,
};
const chatPath = "registry/models/acme/chat-1/1.0.0.yaml";

describe("a models.dev record", () => {
  it("becomes exactly this file", async () => {
    const { texts, plan } = await importInto({}, sourceOf(source));
    expect(plan.imported).toEqual(["model:acme/chat-1@1.0.0", "provider:acme"]);
    expect(texts[chatPath]).toBe(`title: Acme Chat
sources:
  - uri: https://models.dev
    path: providers/acme/models/Chat:1.toml
    note: "Prices: https://acme.test/prices (accessed 2026-06-25) why not cache_read"
state: experimental
spec:
  provider: provider:acme
  upstreamId: Chat:1
  type: completion
facts:
  series: chat
  maturity: beta
  capabilities:
    contextLength: 128000
    modalities: { input: [text], output: [text] }
    functions: true
    structuredOutput: false
    vision: false
    attachments: true
    temperature: true
    reasoning: true
    reasoningControls:
      - { type: budget-tokens, min: 1024 }
      - { type: effort, values: [low, high] }
  releaseDate: "2025-04"
  lastUpdated: "2025-05-01"
  knowledgeCutoff: "2024-12"
  openWeights: false
serving:
  pricing:
    currency: USD
    inputPerMillionTokens: "2.50"
    outputPerMillionTokens: "10.00"
    cacheReadPerMillionTokens: "0.075"
    tiers:
      - { aboveContextTokens: 200000, inputPerMillionTokens: "5.00" }
`);
    expect(texts["registry/providers/acme.yaml"]).toBe(`title: Acme
sources:
  - { uri: https://models.dev, path: providers/acme/provider.toml }
env:
  - { name: ACME_API_KEY, required: true, secret: true }
baseUrl: https://api.acme.test/v1
sdk: "@acme/sdk"
docs: https://acme.test
`);
    expect(codesOf(plan.notes)).toEqual(["import/misspelt providers/acme/models/Chat:1.toml"]);
    expect(plan.dropped).toEqual([["limit.output = 0", 1]]);
  });

  const lab = "models/lab/base.toml";
  const minimal = '[modalities]\ninput = ["text"]\noutput = ["text"]\n';
  const child = (more: string): string => `base_model = "lab/base"\n${more}`;

  it.each<[string, string, readonly string[], object]>([
    ["a context of 0 is unknown", `${minimal}[limit]\ncontext = 0\n`, [], { contextLength: "unknown" }],
    [
      "a context that is no number is reported",
      `${minimal}[limit]\ncontext = "big"\n`,
      ["import/illegal-value"],
      { contextLength: "unknown" },
    ],
    ["an embedding needs no context", `family = "text-embedding"\n${minimal}`, [], { vision: false }],
    [
      "output above context is kept and reported",
      `${minimal}[limit]\ncontext = 10\noutput = 20\n`,
      ["import/contradiction"],
      { contextLength: 10, maxOutputTokens: 20 },
    ],
    [
      "what it inherits counts",
      child('base_model_omit = ["limit.input"]\n[limit]\noutput = 7\n'),
      [],
      { contextLength: 64, maxOutputTokens: 7 },
    ],
    [
      "a bare TOML date is a date",
      `release_date = 2024-05-13\n${minimal}[limit]\ncontext = 1\n`,
      [],
      { contextLength: 1 },
    ],
    [
      "a date that does not exist is reported",
      `knowledge = "2025-02-31"\n${minimal}[limit]\ncontext = 1\n`,
      ["import/illegal-value"],
      { contextLength: 1 },
    ],
    [
      "an unknown modality is reported",
      '[modalities]\ninput = ["text", "smell"]\noutput = ["text"]\n',
      ["import/illegal-value"],
      { modalities: { input: ["text"], output: ["text"] } },
    ],
    [
      "reasoning comes back in a field",
      `${minimal}[interleaved]\nfield = "reasoning_content"\n`,
      [],
      { reasoningField: "reasoning_content", interleavedReasoning: true },
    ],
    [
      "an empty list of controls says something",
      `reasoning_options = []\n${minimal}`,
      [],
      { reasoningControls: [] },
    ],
  ])("%s", async (_, toml, codes, capabilities) => {
    const files = {
      ...source,
      "providers/acme/models/m.toml": toml,
      [lab]: `${minimal}[limit]\ncontext = 64\ninput = 32\n`,
    };
    const { plan } = await importInto({}, sourceOf(files));
    const write = plan.writes.find(({ ref }) => ref === "model:acme/m@1.0.0")?.write;
    expect(write).toMatchObject({ by: "new", value: { facts: { capabilities } } });
    expect(
      plan.notes.filter(({ at }) => at.file.endsWith("/m.toml")).map(({ definition }) => definition.code),
    ).toEqual(codes);
  });

  it("serves itself at its own address, in modes with their own price", async () => {
    const toml = `${minimal}[provider]\napi = "https://eu.acme.test"\nnpm = "@acme/eu"\nshape = "responses"\n[experimental.modes.fast]\ncost = { input = 1.5 }\nprovider = { body = { speed = "fast" }, headers = { x-beta = "1" } }\n`;
    const { plan } = await importInto({}, sourceOf({ ...source, "providers/acme/models/m.toml": toml }));
    expect(plan.writes.find(({ ref }) => ref === "model:acme/m@1.0.0")?.write).toMatchObject({
      value: {
        serving: {
          endpoints: [{ type: "rest", url: "https://eu.acme.test", shape: "responses" }],
          modes: {
            fast: {
              headers: { "x-beta": "1" },
              body: { speed: "fast" },
              pricing: { currency: "USD", inputPerMillionTokens: "1.5" },
            },
          },
          sdk: "@acme/eu",
        },
      },
    });
  });

  it("is reported with its reason where it cannot be read, and stops nothing", async () => {
    const { plan } = await importInto(
      {},
      sourceOf({
        ...source,
        "providers/acme/models/a.toml": "not toml",
        "providers/acme/models/b.toml": "-> ../../gone/models/b.toml",
        "providers/acme/models/c": chat,
        "providers/acme/models/d.toml": 'base_model = "lab/none"\n',
        "providers/acme/models/e.toml": 'base_model = "lab/nested"\n',
        "models/lab/nested.toml": 'base_model = "lab/base"\n',
        "providers/acme/models/f.toml": "-> Chat:1.toml",
        "providers/acme/models/g.toml": new Uint8Array([0xff, 0xfe]),
      }),
    );
    expect(codesOf(plan.skipped)).toEqual([
      "import/unreadable providers/acme/models/a.toml",
      "import/dangling-link providers/acme/models/b.toml",
      "import/no-ending providers/acme/models/c",
      "import/missing-base providers/acme/models/d.toml",
      "import/missing-base providers/acme/models/e.toml",
      "import/unreadable providers/acme/models/g.toml",
    ]);
    expect(plan.imported).toEqual(["model:acme/chat-1@1.0.0", "model:acme/f@1.0.0", "provider:acme"]);
  });

  it("gives deprecated models their state, others the one asked for", async () => {
    const files = { ...source, "providers/acme/models/old.toml": `status = "deprecated"\n${minimal}` };
    const { texts } = await importInto({}, sourceOf(files), { state: "production", owner: "role:ml" });
    expect(texts["registry/models/acme/old/1.0.0.yaml"]).toMatch(
      /^title: old\nowner: role:ml\n[\s\S]*\nstate: deprecated\nreason: models.dev lists it as deprecated.\nsunset: unknown\nspec:/,
    );
    expect(texts[chatPath]).toContain("\nstate: production\n");
  });

  it("goes into one namespace with its provider in the name where there are several", async () => {
    const two = {
      ...source,
      "providers/other/provider.toml": provider,
      "providers/other/models/Chat:1.toml": chat,
    };
    const { plan } = await importInto({}, sourceOf(two), { namespace: "ml" });
    expect(plan.imported.filter((ref) => ref.startsWith("model:"))).toEqual([
      "model:ml/acme-chat-1@1.0.0",
      "model:ml/other-chat-1@1.0.0",
    ]);
    const one = await importInto({}, sourceOf(source), { namespace: "ml" });
    expect(one.plan.imported).toContain("model:ml/chat-1@1.0.0");
  });

  it("makes a provider where the source describes none", async () => {
    const { texts } = await importInto({}, sourceOf({ "providers/acme/models/Chat:1.toml": chat }));
    expect(texts["registry/providers/acme.yaml"]).toMatch(/^title: acme\n/);
  });
});

describe("a second import", () => {
  const changed = (from: string, to: string) => ({
    ...source,
    "providers/acme/models/Chat:1.toml": chat.replace(from, to),
  });

  it("changes nothing, in any order, whatever was read when", async () => {
    const first = await importInto({}, sourceOf(source), { about: { commit: "a".repeat(40) } });
    const reversed = sourceOf(Object.fromEntries(Object.entries(source).reverse()));
    const second = await importInto(first.texts, reversed, { about: { commit: "b".repeat(40) } });
    expect(second.plan.writes).toEqual([]);
    expect(second.plan.unchanged).toEqual(["model:acme/chat-1@1.0.0", "provider:acme"]);
    expect(second.texts).toEqual(first.texts);
  });

  it("edits facts and prices in place and keeps what people wrote", async () => {
    const { texts } = await importInto({}, sourceOf(source));
    const byHand = texts[chatPath]!.replace(
      "title: Acme Chat\n",
      "# Reviewed by Eve.\ntitle: The good one\nowner: role:ml\ntags: [chat]\n",
    )
      .replace("state: experimental", "state: production # since June")
      .replace("facts:\n", "facts:\n  role: general # for everything\n");
    const { texts: after, plan } = await importInto(
      { ...texts, [chatPath]: byHand },
      sourceOf(changed("input = 2.50", "input = 2.00")),
    );
    expect(plan.changed).toEqual(["model:acme/chat-1@1.0.0"]);
    expect(after[chatPath]).toBe(byHand.replace('"2.50"', '"2.00"'));
  });

  it.each<[string, string, string, string, string]>([
    [
      "a limit it no longer knows goes",
      "context = 128_000\noutput = 0",
      "context = 128_000\ninput = 5",
      "    contextLength: 128000\n",
      "    contextLength: 128000\n    maxInputTokens: 5\n",
    ],
    [
      "a price it no longer states goes",
      "cached_input = 0.075 # why not cache_read\n",
      "# why not cache_read\n",
      '    cacheReadPerMillionTokens: "0.075"\n',
      "",
    ],
  ])("%s", async (_, from, to, before, after) => {
    const { texts } = await importInto({}, sourceOf(source));
    const again = await importInto(texts, sourceOf(changed(from, to)));
    expect(again.texts[chatPath]).toBe(texts[chatPath]!.replace(before, after));
    const back = await importInto(again.texts, sourceOf(source));
    expect(back.texts[chatPath]).toBe(texts[chatPath]);
  });

  it("removes a price list that is gone, and endpoints never", async () => {
    const { texts } = await importInto({}, sourceOf(source));
    const own = texts[chatPath]!.replace(
      "serving:\n",
      "serving:\n  endpoints:\n    - { type: rest, url: https://proxy.test }\n",
    );
    const noPrices = chat.replace(/\[cost\][\s\S]*\[limit\]/, "[limit]");
    const again = await importInto(
      { ...texts, [chatPath]: own },
      sourceOf({ ...source, "providers/acme/models/Chat:1.toml": noPrices }),
    );
    expect(again.texts[chatPath]).not.toContain("pricing");
    expect(again.texts[chatPath]).toContain("url: https://proxy.test");
    expect((await loadTree(treeOfTexts(again.texts))).findings).toEqual([]);
    const bare = await importInto(
      texts,
      sourceOf({ ...source, "providers/acme/models/Chat:1.toml": noPrices }),
    );
    expect(bare.texts[chatPath]).not.toContain("serving");
  });

  it("says from which reading changed facts come", async () => {
    const [before, after] = ["a".repeat(40), "b".repeat(40)];
    const { texts } = await importInto({}, sourceOf(source), { about: { commit: before } });
    const again = await importInto(texts, sourceOf(changed("input = 2.50", "input = 2.00")), {
      about: { commit: after },
    });
    expect(again.plan.changed).toEqual(["model:acme/chat-1@1.0.0"]);
    expect(again.texts[chatPath]).toBe(texts[chatPath]!.replace('"2.50"', '"2.00"').replace(before, after));
  });

  it("touches only the fields that people left to the source", async () => {
    const { texts } = await importInto({}, sourceOf(source));
    const narrowed = texts[chatPath]!.replace("    note:", "    fields: [serving.pricing]\n    note:");
    const files = {
      ...source,
      "providers/acme/models/Chat:1.toml": chat
        .replace("input = 2.50", "input = 3.00")
        .replace("128_000", "64_000"),
    };
    const again = await importInto({ ...texts, [chatPath]: narrowed }, sourceOf(files));
    expect(again.texts[chatPath]).toBe(narrowed.replace('"2.50"', '"3.00"'));
  });

  it("answers a changed spec with the next version, a major one where that breaks users, which starts from the latest", async () => {
    const { texts } = await importInto({}, sourceOf(source));
    const byHand = {
      ...texts,
      [chatPath]: texts[chatPath]!.replace("title: Acme Chat\n", "title: Mine\nowner: role:ml\n").replace(
        "facts:\n",
        "facts:\n  role: general\n",
      ),
    };
    const { texts: after, plan } = await importInto(
      byHand,
      sourceOf(changed('input = ["text"]', 'input = ["text", "image"]')),
    );
    expect(plan.changed).toEqual(["model:acme/chat-1@2.0.0"]);
    expect(after[chatPath]).toBe(byHand[chatPath]);
    const text = after["registry/models/acme/chat-1/2.0.0.yaml"]!;
    expect(text).toContain("title: Mine\nowner: role:ml\n");
    expect(text).toContain("  role: general\n");
    expect(text).toContain("  type: multi-modal\n");
    expect(text).toContain("changelog: type was completion and is multi-modal in the source.");
    expect(
      (await importInto(after, sourceOf(changed('input = ["text"]', 'input = ["text", "image"]')))).plan
        .writes,
    ).toEqual([]);
  });

  it("deprecates what the source deprecates, and leaves coming back to people", async () => {
    const { texts } = await importInto({}, sourceOf(source));
    const { texts: after } = await importInto(
      texts,
      sourceOf(changed('status = "beta"', 'status = "deprecated"')),
    );
    expect(after[chatPath]).toContain(
      "state: deprecated\nreason: models.dev lists it as deprecated.\nsunset: unknown\n",
    );
    const back = await importInto(after, sourceOf(source));
    expect(back.texts[chatPath]).toContain("state: deprecated");
    expect(codesOf(back.plan.notes)).toContain("import/state-kept providers/acme/models/Chat:1.toml");
  });

  const many = (n: number) =>
    Object.fromEntries([
      ["providers/acme/provider.toml", provider],
      ...Array.from({ length: n }, (_, i) => [`providers/acme/models/m${i}.toml`, chat]),
    ]) as Record<string, string>;

  it.each([
    [20, 19, "deprecated"],
    [20, 18, "refused"],
    [100, 95, "deprecated"],
    [100, 94, "refused"],
  ])("of %d models %d are left: %s", async (before, left, outcome) => {
    const { texts } = await importInto({}, sourceOf(many(before)));
    const { plan, texts: after } = await importInto(texts, sourceOf(many(left)));
    if (outcome === "refused") {
      expect(plan.refused?.definition.code).toBe("import/vanished-many");
      expect(plan.writes).toEqual([]);
      const allowed = await importInto(texts, sourceOf(many(left)), { allowVanished: true });
      expect(allowed.plan.changed.length).toBe(before - left);
    } else {
      expect(plan.changed.length).toBe(before - left);
      expect(plan.notes.filter(({ definition }) => definition.code === "import/vanished").length).toBe(
        before - left,
      );
      expect(after[`registry/models/acme/m${before - 1}/1.0.0.yaml`]).toContain(
        "state: deprecated\nreason: It is no longer in https://models.dev.\nsunset: unknown\n",
      );
      expect((await importInto(after, sourceOf(many(left)))).plan.writes).toEqual([]);
    }
  });

  it("does not take a broken record, or one that was not asked for, for a vanished one", async () => {
    const { texts } = await importInto({}, sourceOf(many(3)));
    const broken = await importInto(
      texts,
      sourceOf({ ...many(3), "providers/acme/models/m1.toml": "= broken" }),
    );
    expect(broken.plan.writes).toEqual([]);
    expect(codesOf(broken.plan.skipped)).toEqual(["import/unreadable providers/acme/models/m1.toml"]);
    const some = await importInto(texts, sourceOf(many(1)), { wanted: (key) => key === "acme/m0" });
    expect(some.plan.writes).toEqual([]);
    expect(some.plan.refused).toBeUndefined();
  });

  it("leaves what people wrote alone unless told to adopt it, also under another name", async () => {
    const byHand =
      "title: Our chat\nspec:\n  provider: provider:acme\n  upstreamId: Chat:1\n  type: completion\nfacts:\n  capabilities:\n    contextLength: unknown\n";
    const texts = {
      "registry/models/ml/chat/1.0.0.yaml": byHand,
      "registry/providers/acme.yaml": "title: Acme, Inc.\n",
    };
    const { plan } = await importInto(texts, sourceOf(source));
    expect(plan.writes).toEqual([]);
    expect(codesOf(plan.conflicts)).toEqual([
      "import/conflict providers/acme/models/Chat:1.toml",
      "import/conflict providers/acme/provider.toml",
    ]);
    const adopted = await importInto(texts, sourceOf(source), { adopt: true });
    expect(adopted.plan.changed).toEqual(["model:ml/chat@1.0.0", "provider:acme"]);
    expect(adopted.texts["registry/models/ml/chat/1.0.0.yaml"]).toContain("title: Our chat\n");
    expect(adopted.texts["registry/models/ml/chat/1.0.0.yaml"]).toContain("contextLength: 128000\n");
    expect((await importInto(adopted.texts, sourceOf(source))).plan.writes).toEqual([]);
  });

  it("reports a record for which no name is left", async () => {
    const other = "spec:\n  provider: provider:acme\n  upstreamId: other\n  type: other\n";
    const texts = {
      [chatPath]: other,
      [`registry/models/acme/chat-1-${sha256Hex("Chat:1").slice(0, 8)}/1.0.0.yaml`]: other.replace(
        "other",
        "another",
      ),
    };
    const { plan } = await importInto(texts, sourceOf(source));
    expect(codesOf(plan.skipped)).toEqual(["import/no-name providers/acme/models/Chat:1.toml"]);
  });

  it("rounds what only a binary fraction can have meant", async () => {
    const { texts, plan } = await importInto({}, sourceOf(changed("2.50", "0.049999999999999996")));
    expect(texts[chatPath]).toContain('inputPerMillionTokens: "0.05"');
    expect(codesOf(plan.notes)).toContain("import/rounded providers/acme/models/Chat:1.toml");
  });

  it("never writes over a file that it cannot read", async () => {
    const { plan } = await importInto({ [chatPath]: "title: [broken\n" }, sourceOf(source));
    expect(plan.imported).toEqual(["provider:acme"]);
    expect(codesOf(plan.conflicts)).toEqual(["import/conflict providers/acme/models/Chat:1.toml"]);
  });

  it("does not revive what is retired", async () => {
    const { texts } = await importInto({}, sourceOf(source));
    const retired = {
      ...texts,
      [chatPath]: texts[chatPath]!.replace("state: experimental", "state: retired"),
    };
    expect((await importInto(retired, sourceOf(changed("2.50", "9.99")))).plan.writes).toEqual([]);
  });
});

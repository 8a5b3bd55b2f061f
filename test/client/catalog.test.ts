/** The catalogue of the SDK: what a model is, where it is served and what it costs, from verified shards. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createCatalog, type CatalogOptions } from "../../src/client/catalog.ts";
import type { Notice } from "../../src/client/events.ts";
import type { Values } from "../compiled.ts";
import { DAY, host, machine, publisher, release, type Publisher } from "../client-world.ts";

const folder = mkdtempSync(join(tmpdir(), "assent-catalog-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const model = (more: object): object => ({
  title: "A model",
  state: "production",
  spec: { provider: "provider:acme", upstreamId: "m-1", type: "completion" },
  ...more,
});
const priced = (input: string, currency = "USD"): object => ({
  serving: { pricing: { currency, inputPerMillionTokens: input, outputPerMillionTokens: "9" } },
});

const values: Values = {
  "registry/providers/acme.yaml": {
    title: "Acme",
    baseUrl: "https://api.acme.example/v1",
    auth: { type: "api-key", header: "X-Key" },
    env: [{ name: "ACME_KEY", required: true }],
    sdk: "@acme/sdk",
  },
  "registry/models/acme/cheap/1.0.0.yaml": model({
    ...priced("0.50"),
    facts: { capabilities: { contextLength: 8000, functions: true } },
  }),
  "registry/models/acme/large/1.0.0.yaml": model({
    ...priced("12.00"),
    facts: { capabilities: { contextLength: 200_000, functions: true, vision: true, maxOutputTokens: 4000 } },
  }),
  "registry/models/acme/large/2.0.0.yaml": model({ state: "beta", ...priced("0.40", "EUR") }),
  "registry/models/acme/large/aliases.yaml": { aliases: { stable: "1.0.0" } },
  "registry/models/acme/old/1.0.0.yaml": model({
    state: "deprecated",
    sunset: "2026-12-31",
    replacedBy: "model:acme/large@1.0.0",
  }),
  "registry/models/acme/gone/1.0.0.yaml": model({ state: "retired" }),
  "registry/models/own/scorer/1.0.0.yaml": {
    title: "Ours",
    state: "production",
    spec: { type: "classifier" },
    serving: {
      endpoints: [
        {
          type: "grpc",
          url: "https://scorer.internal",
          region: "eu",
          timeout: "PT2S",
          rateLimit: { requestsPerMinute: 600 },
        },
      ],
    },
  },
};

/** Enough models for several shards. */
const many = (count: number, title = "A model"): Values =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `registry/models/many/m${String(index).padStart(4, "0")}/1.0.0.yaml`,
      model({ title: index === 7 ? title : "A model" }),
    ]),
  );

const open = (by: Publisher, source: CatalogOptions["source"], more: Partial<CatalogOptions> = {}) =>
  createCatalog({ source, trust: by.root, refresh: false, world: machine(), ...more });

describe.each(["lazy", "eager"] as const)("a %s catalogue", (load) => {
  const by = publisher();
  release(by, { sequence: 1, values });

  it("finds entries exactly, and by the aliases that somebody set", async () => {
    const catalog = await open(by, host(by.files), { load });
    expect(await catalog.get("model:acme/cheap@1.0.0")).toMatchObject({
      ref: "model:acme/cheap@1.0.0",
      value: { title: "A model", spec: { upstreamId: "m-1" } },
    });
    expect((await catalog.byAlias("model:acme/large", "stable"))?.ref).toBe("model:acme/large@1.0.0");
    expect(await catalog.byAlias("model:acme/large", "latest")).toBeUndefined();
    expect(await catalog.byAlias("model:acme/large", "constructor")).toBeUndefined();
    expect(await catalog.byAlias("model:acme/cheap", "stable")).toBeUndefined();
    expect(await catalog.get("model:acme/none@1.0.0")).toBeUndefined();
    expect(await catalog.get("zebra:x")).toBeUndefined();
    await expect(catalog.get("GPT 4")).rejects.toMatchObject({ code: "client/malformed-reference" });
    catalog.close();
  });

  it("says where a model is served, within which limits, at what price, with which credentials", async () => {
    const catalog = await open(by, host(by.files), { load });
    expect(await catalog.model("model:acme/large@1.0.0")).toMatchObject({
      provider: "provider:acme",
      upstreamId: "m-1",
      limits: { contextLength: 200_000, maxInputTokens: null, maxOutputTokens: 4000 },
      pricing: { currency: "USD", inputPerMillionTokens: "12.00" },
      capabilities: ["functions", "vision"],
      deprecated: null,
      endpoints: [
        {
          type: "rest",
          url: "https://api.acme.example/v1",
          auth: {
            type: "api-key",
            header: "X-Key",
            variables: [{ name: "ACME_KEY", required: true, secret: true }],
          },
        },
      ],
    });
    expect(await catalog.model("model:own/scorer@1.0.0")).toMatchObject({
      provider: null,
      endpoints: [
        {
          type: "grpc",
          url: "https://scorer.internal",
          region: "eu",
          timeout: "PT2S",
          auth: { type: "none", variables: [] },
          rateLimit: { requestsPerMinute: 600, tokensPerMinute: null },
        },
      ],
    });
    expect(await catalog.model("provider:acme")).toBeUndefined();
    expect(await catalog.provider("acme")).toMatchObject({ ref: "provider:acme", sdk: "@acme/sdk" });
    expect(await catalog.provider("nobody")).toBeUndefined();
    catalog.close();
  });

  it.each([
    [{}, ["acme/cheap@1.0.0", "acme/large@1.0.0", "acme/large@2.0.0", "acme/old@1.0.0", "own/scorer@1.0.0"]],
    [{ provider: "acme", states: ["production"] }, ["acme/cheap@1.0.0", "acme/large@1.0.0"]],
    [{ states: ["retired"] }, ["acme/gone@1.0.0"]],
    [{ type: "classifier" }, ["own/scorer@1.0.0"]],
    [{ capabilities: ["functions", "vision"] }, ["acme/large@1.0.0"]],
    [{ minContextLength: 8000 }, ["acme/cheap@1.0.0", "acme/large@1.0.0"]],
    [{ maxInputPrice: { amount: 1, currency: "USD" } }, ["acme/cheap@1.0.0"]],
    [{ maxInputPrice: { amount: 1, currency: "EUR" } }, ["acme/large@2.0.0"]],
    [
      {
        where: ({ endpoints }: { endpoints: readonly { region: string | null }[] }) =>
          endpoints[0]?.region === "eu",
      },
      ["own/scorer@1.0.0"],
    ],
    [{ limit: 2 }, ["acme/cheap@1.0.0", "acme/large@1.0.0"]],
  ])("finds %j", async (filter, expected) => {
    const catalog = await open(by, host(by.files), { load });
    expect((await catalog.find(filter)).map(({ ref }) => ref.slice("model:".length))).toEqual(expected);
    catalog.close();
  });

  it.each([
    [{ capability: ["functions"] }, "capability"],
    [{ capabilities: "functions" }, "capabilities"],
    [{ capabilities: [5] }, "capabilities"],
    [{ provider: null }, "provider"],
    [{ states: "production" }, "states"],
    [{ minContextLength: "8000" }, "minContextLength"],
    [{ maxInputPrice: 1 }, "maxInputPrice"],
    [{ maxInputPrice: { amount: "1", currency: "USD" } }, "maxInputPrice"],
    [{ where: "region" }, "where"],
    [{ limit: 0 }, "limit"],
    [{ limit: Number.NaN }, "limit"],
    ["functions", "functions"],
    [null, "null"],
  ])("finds nothing by %j: what is misspelt is never passed over", async (filter, named) => {
    const catalog = await open(by, host(by.files), { load });
    const message = expect.stringContaining(named) as string;
    await expect(catalog.find(filter as never)).rejects.toMatchObject({ code: "client/options", message });
    catalog.close();
  });

  it("warns of what is deprecated, once a release, and of nothing else", async () => {
    const warned: Notice[] = [];
    const hooks = { warned: (notice: Notice) => void warned.push(notice) };
    const catalog = await open(by, host(by.files), { load, hooks });
    await catalog.find({ states: ["production"] });
    expect(warned).toEqual([]);
    await catalog.get("model:acme/old@1.0.0");
    await catalog.find();
    expect(warned).toEqual([
      {
        code: "client/deprecated",
        message: "model:acme/old@1.0.0 is deprecated until 2026-12-31; use model:acme/large@1.0.0.",
        subject: "model:acme/old@1.0.0",
      },
    ]);
    catalog.close();
  });

  it("answers nothing past its bound", async () => {
    const world = machine();
    const catalog = await open(by, host(by.files), { load, world });
    await world.advance(DAY);
    await expect(catalog.get("provider:acme")).rejects.toMatchObject({ code: "client/expired" });
    await expect(catalog.find()).rejects.toMatchObject({ code: "client/expired" });
    catalog.close();
    await expect(catalog.provider("acme")).rejects.toMatchObject({ code: "client/closed" });
  });
});

describe("shards", () => {
  const isShard = (path: string): boolean => path.startsWith("catalogue/") && path.endsWith(".jsonl");

  it("a lazy one fetches what is asked for; after a change, what changed", async () => {
    const by = publisher();
    release(by, { sequence: 1, values: many(1500) });
    const source = host(by.files);
    const catalog = await open(by, source, { cacheDir: join(folder, "lazy") });
    expect(source.asked.filter(isShard)).toEqual([]);
    await catalog.get("model:many/m0700@1.0.0");
    // A list and a shard.
    expect(source.asked.filter(isShard)).toHaveLength(2);
    expect(await catalog.find()).toHaveLength(1500);
    const all = source.asked.filter(isShard).length;
    expect(all).toBeGreaterThan(10);
    release(by, { sequence: 2, values: many(1500, "Another title") });
    await catalog.refresh();
    source.asked.length = 0;
    expect((await catalog.find({ where: ({ title }) => title === "Another title" })).length).toBe(1);
    expect(source.asked.filter(isShard)).toHaveLength(2);
    catalog.close();
  });

  it("an eager one needs no source after its start, nor after a restart", async () => {
    const by = publisher();
    release(by, { sequence: 1, values: many(300) });
    const cacheDir = join(folder, "eager");
    (await open(by, host(by.files), { load: "eager", cacheDir })).close();
    const gone = host(new Map());
    const catalog = await open(by, gone, { load: "eager", cacheDir });
    expect(await catalog.find()).toHaveLength(300);
    expect(gone.asked).toEqual([]);
    catalog.close();
  });

  it("a shard that is not what was signed for is refused, wherever it comes from", async () => {
    const by = publisher();
    release(by, { sequence: 1, values });
    const files = new Map(by.files);
    for (const [path, bytes] of files) {
      if (isShard(path)) files.set(path, Buffer.from(Buffer.from(bytes).toString().replace("0.50", "0.05")));
    }
    const lazy = await open(by, host(files));
    await expect(lazy.get("model:acme/cheap@1.0.0")).rejects.toMatchObject({ code: "release/wrong-hash" });
    lazy.close();
    await expect(open(by, host(files), { load: "eager" })).rejects.toMatchObject({
      code: "release/wrong-hash",
    });
    const [lying, honest] = [host(files, "memory:a"), host(by.files, "memory:b")];
    const both = await open(by, [lying, honest]);
    expect((await both.model("model:acme/cheap@1.0.0"))?.pricing).toMatchObject({
      inputPerMillionTokens: "0.50",
    });
    both.close();
  });
});

/** The parts of imports that are tables: names, money, types, inheritance, which records are wanted. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decimalOf, decimalOfNumber, fitDecimal } from "../../src/core/import/decimal.ts";
import { typeOf } from "../../src/core/import/model-facts.ts";
import { inherit } from "../../src/core/import/models-dev-inherit.ts";
import { assignNames, plainName, suffixedName } from "../../src/core/import/names.ts";
import { unmatched, wantedBy } from "../../src/core/import/only.ts";
import { sha256Hex } from "../../src/core/model/digest.ts";
import { compareBytes } from "../../src/core/model/json.ts";
import { isName } from "../../src/core/model/ref.ts";

const hex = (id: string): string => sha256Hex(id).slice(0, 8);

describe("names", () => {
  it.each([
    ["gpt-4o", "gpt-4o"],
    ["Qwen/QwQ-32B", "qwen-qwq-32b"],
    ["@cf/meta/llama-3.1-8b", "cf-meta-llama-3.1-8b"],
    ["~anthropic/claude:latest", "anthropic-claude-latest"],
    ["anthropic.claude-v1:0", "anthropic.claude-v1-0"],
    ["a//::b", "a-b"],
    ["a_b.c", "a_b.c"],
    ["modell-\u00fc", "modell--"],
    ["con", `con-${hex("con")}`],
    ["NUL.x", `nul-x-${hex("NUL.x")}`],
    ["x.yaml", `x.yaml-${hex("x.yaml")}`],
    ["v1.", `v1.-${hex("v1.")}`],
    ["///", hex("///")],
    ["../../etc/passwd", "etc-passwd"],
    ["a".repeat(100), "a".repeat(100)],
    ["a".repeat(101), `${"a".repeat(91)}-${hex("a".repeat(101))}`],
  ])("%s becomes %s", (id, name) => {
    expect(assignNames([id], new Set()).get(id)).toBe(name);
    expect(isName(name)).toBe(true);
  });

  it("gives the plain name to the id earlier in bytes, the other its digest", () => {
    const names = assignNames(["a/b", "a:b", "A-b"], new Set());
    expect([...names].sort()).toEqual([
      ["A-b", "a-b"],
      ["a/b", `a-b-${hex("a/b")}`],
      ["a:b", `a-b-${hex("a:b")}`],
    ]);
  });

  it("leaves a name in use to whoever has it", () => {
    expect(assignNames(["gpt-4o"], new Set(["gpt-4o"])).get("gpt-4o")).toBe(`gpt-4o-${hex("gpt-4o")}`);
    expect(assignNames(["x"], new Set(["x", `x-${hex("x")}`])).has("x")).toBe(false);
  });

  const ids = fc.array(
    fc.oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^[~@]?[A-Za-z0-9./:]{0,120}$/)),
    { maxLength: 20 },
  );

  it("are legal, distinct and independent of order, whatever the ids", () => {
    fc.assert(
      fc.property(ids, (list) => {
        const names = assignNames(list, new Set());
        const again = assignNames([...list].reverse(), new Set());
        expect([...again].sort(([a], [b]) => compareBytes(a, b))).toEqual(
          [...names].sort(([a], [b]) => compareBytes(a, b)),
        );
        expect(new Set(names.values()).size).toBe(names.size);
        expect(names.size).toBe(new Set(list).size);
        for (const name of names.values()) expect(isName(name)).toBe(true);
      }),
    );
  });

  it("keep plain names for legal ids and are never empty", () => {
    fc.assert(
      fc.property(fc.string(), (id) => {
        expect(isName(suffixedName(id))).toBe(true);
        if (isName(id)) expect(plainName(id)).toBe(id);
      }),
    );
  });
});

describe("money", () => {
  it.each([
    ["2.50", 0, "2.50"],
    ["0.075", 0, "0.075"],
    ["10", 0, "10"],
    ["1_000.5", 0, "1000.5"],
    ["+3", 0, "3"],
    ["007", 0, "7"],
    ["1e-7", 0, "0.0000001"],
    ["1.5e3", 0, "1500"],
    ["2.5e-06", 6, "2.5"],
    ["3e-08", 6, "0.03"],
    ["0.000001", 6, "1"],
    ["1.25e-7", 6, "0.125"],
    ["-1", 0, undefined],
    ["inf", 0, undefined],
    ["nan", 0, undefined],
    ["1e400", 0, undefined],
    ["0x10", 0, undefined],
    ["", 0, undefined],
  ])("%s shifted by %d is %s", (literal, shift, digits) => {
    expect(decimalOf(literal, shift)).toBe(digits);
  });

  it("a price per token per million has no float noise, and reads back as the same number", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000 }), (millionths) => {
        const perToken = Number(`${millionths}e-12`);
        const perMillion = decimalOfNumber(perToken, 6) ?? "";
        expect(perMillion).toMatch(/^(?:0|[1-9]\d*)(?:\.\d*[1-9])?$/);
        expect(Number(perMillion)).toBe(Number(`${millionths}e-6`));
      }),
    );
  });

  it.each([
    ["0.049999999999999996", "0.05", true],
    ["0.9999999999999", "1", true],
    ["0.123456789012", "0.123456789012", false],
    ["1234567890123", undefined, undefined],
    ["999999999999.9999999999999", undefined, undefined],
  ])("%s fits as %s", (digits, text, rounded) => {
    expect(fitDecimal(digits)).toEqual(text === undefined ? undefined : { text, rounded });
  });
});

describe("types", () => {
  it.each([
    ["gpt-4o", "gpt", ["text"], ["text"], "completion"],
    ["gpt-4o", "gpt", ["text", "image"], ["text"], "multi-modal"],
    ["x", undefined, ["text"], ["text", "image"], "multi-modal"],
    ["whisper-1", "whisper", ["audio"], ["text"], "multi-modal"],
    ["tts-1", undefined, ["text"], ["audio"], "speech"],
    ["dall-e", undefined, ["text"], ["image"], "image"],
    ["veo", undefined, ["text"], ["video"], "video"],
    ["text-embedding-3-large", undefined, ["text"], ["text"], "embedding"],
    ["all-mini-lm-l6-v2", "text-embedding", ["text"], ["text"], "embedding"],
    ["@cf/baai/bge-m3", undefined, ["text"], ["text"], "embedding"],
    ["intfloat/e5-large", undefined, ["text"], ["text"], "embedding"],
    ["voyage-4", "voyage", ["text"], ["text"], "embedding"],
    ["rerank-2.5", "voyage", ["text"], ["text"], "reranking"],
    ["bge-reranker-base", "bge", ["text"], ["text"], "reranking"],
    ["mystery", undefined, [], [], "other"],
  ])("%s of %s, %j -> %j is %s", (id, family, input, output, type) => {
    expect(typeOf(id, family, { input, output })).toBe(type);
  });
});

describe("inheritance", () => {
  it("merges tables, replaces the rest, leaves the lab's own, omits and prunes", () => {
    const base = {
      name: "B",
      license: "MIT",
      weights: [1],
      limit: { context: 1, input: 2 },
      a: { b: { c: 1 } },
      list: [1],
    };
    const child = {
      base_model: "x/y",
      base_model_omit: ["limit.input", "a.b.c", "none.at.all"],
      limit: { context: 9 },
      list: [2],
    };
    expect(inherit(base, child)).toEqual({ name: "B", limit: { context: 9 }, list: [2] });
    expect(base.limit).toEqual({ context: 1, input: 2 });
  });
});

describe("--only", () => {
  it.each([
    ["openai/gpt-4o", "openai/gpt-4o", true],
    ["openai/gpt-4o", "openai/gpt-4o-mini", false],
    ["openai", "openai/gpt-4o", true],
    ["ml", "ml", true],
    ["openai", "openai-x/gpt-4o", false],
    ["*/gpt-4o*", "azure/gpt-4o-mini", true],
    ["open*/*-mini", "openrouter/a/b-mini", true],
    ["*", "a/b", true],
    ["a.b/*", "axb/c", false],
  ])("%s and %s: %s", (pattern, key, matches) => {
    expect(wantedBy([pattern])(key)).toBe(matches);
  });

  it("without patterns everything is wanted; a pattern nothing matches is named", () => {
    expect(wantedBy([])("a/b")).toBe(true);
    expect(unmatched(["a", "b/*", "c"], ["a/1", "b/2"])).toEqual(["c"]);
  });
});

/** Canonical JSON against RFC 8785 and both npm packages; digests against the published examples. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import canonicalize from "canonicalize";
import fc from "fast-check";
import { canonicalize as jsonCanonicalize } from "json-canonicalize";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { canonicalJson } from "../../src/core/model/canonical.ts";
import { digestOf, digestOfBytes, parseDigest, sha256Hex } from "../../src/core/model/digest.ts";
import type { Json } from "../../src/core/model/json.ts";
import { identityOfPath } from "../../src/core/source/reference.ts";

const examples = "../shared/examples";

describe("canonicalJson", () => {
  it.each<[string, Json, string]>([
    [
      "RFC 8785 3.2.2",
      {
        numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
        string: "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
        literals: [null, true, false],
      },
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    ],
    [
      "RFC 8785 3.2.3, UTF-16 order",
      {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\ud83d\ude00": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
      },
      '{"\\r":"Carriage Return","1":"One","\u0080":"Control","ö":"Latin Small Letter O With Diaeresis",' +
        '"€":"Euro Sign","😀":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
    ],
    ["integer-like keys in text order", { 10: 1, 9: 2, "-1": 3 }, '{"-1":3,"10":1,"9":2}'],
    ["negative zero", [-0], "[0]"],
    [
      "ECMAScript's number borders",
      [1e21, 1e20, 5e-324, 1.7976931348623157e308, 1e-7, 0.000001, -9007199254740993],
      "[1e+21,100000000000000000000,5e-324,1.7976931348623157e+308,1e-7,0.000001,-9007199254740992]",
    ],
    [
      "short and long escapes",
      "\b\t\n\f\r\u0000\u001f\u007f\u2028",
      '"\\b\\t\\n\\f\\r\\u0000\\u001f\u007f\u2028"',
    ],
    ["empty containers", { a: [], b: {}, c: "" }, '{"a":[],"b":{},"c":""}'],
    ["undefined keys are left out", { a: undefined, b: 1, c: undefined }, '{"b":1}'],
    ["nothing but undefined", { a: undefined }, "{}"],
    ["an own __proto__ is a key", JSON.parse('{"__proto__":1,"a":2}') as Json, '{"__proto__":1,"a":2}'],
    [
      "more keys than the insertion sort takes",
      Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`k${29 - i}`, i])),
      `{${Array.from({ length: 30 }, (_, i) => `k${i}`)
        .sort()
        .map((k) => `"${k}":${29 - Number(k.slice(1))}`)
        .join(",")}}`,
    ],
  ])("%s", (_, value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it.each<[string, unknown]>([
    ["a high surrogate alone", "a\ud800"],
    ["a low surrogate alone", "\udc00a"],
    ["surrogates the wrong way round", "\udc00\ud800"],
    ["a lone surrogate in a key", { "\ud800": 1 }],
    ["NaN", [Number.NaN]],
    ["infinity", { a: Number.POSITIVE_INFINITY }],
    ["undefined in a list", [undefined]],
    ["a function", { a: () => 1 }],
    ["a bigint", 1n],
  ])("refuses %s", (_, value) => {
    expect(() => canonicalJson(value as Json)).toThrow("canonical JSON");
  });

  it("gives the bytes of canonicalize and json-canonicalize on 10,000 random values", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4, stringUnit: "binary" }), (value) => {
        const text = canonicalJson(value as Json);
        expect(text).toBe(canonicalize(value));
        expect(text).toBe(jsonCanonicalize(value));
      }),
      { numRuns: 10_000 },
    );
  }, 60_000);

  it("does not depend on the order of keys and can be read back", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: "grapheme" }), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        const text = canonicalJson(value as Json);
        expect(canonicalJson(reversed as Json)).toBe(text);
        expect(canonicalJson(JSON.parse(text) as Json)).toBe(text);
      }),
    );
  });
});

describe("digests", () => {
  it("sha256Hex hashes bytes, and texts as UTF-8", () => {
    expect(sha256Hex("")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect(sha256Hex("é😀")).toBe(sha256Hex(new TextEncoder().encode("é😀")));
    expect(digestOfBytes("")).toBe(`sha256:${sha256Hex("")}`);
  });

  it("parseDigest takes 64 lower-case hex digits and nothing else", () => {
    const good = digestOfBytes("x");
    expect(parseDigest(good)).toBe(good);
    for (const bad of [good.toUpperCase(), good.slice(0, -1), `${good}0`, `${good}\n`, good.slice(7), ""]) {
      expect(parseDigest(bad)).toBeUndefined();
    }
  });

  it("covers kind, id and spec, and nothing beside them", () => {
    const entry = { kind: "Model", id: "a/b@1.0.0", value: { title: "A", spec: { x: 1, y: 2 } } } as const;
    const digest = digestOf(entry);
    expect(digest).toBe(digestOfBytes('{"id":"a/b@1.0.0","kind":"Model","spec":{"x":1,"y":2}}'));
    expect(digestOf({ ...entry, value: { title: "B", state: "beta", spec: { y: 2, x: 1 } } })).toBe(digest);
    expect(digestOf({ ...entry, id: "a/b@1.0.1" })).not.toBe(digest);
    expect(digestOf({ ...entry, kind: "Dataset" })).not.toBe(digest);
    expect(() => digestOf({ ...entry, value: { title: "A" } })).toThrow("no spec");
  });

  it.skipIf(!existsSync(examples))(
    "reproduces every digest of the examples (skipped where ../shared is missing)",
    () => {
      const expected = JSON.parse(readFileSync(`${examples}/digests.json`, "utf8")) as Record<string, string>;
      const actual: Record<string, string> = {};
      for (const file of readdirSync(`${examples}/registry`, { recursive: true, encoding: "utf8" })) {
        const identity = identityOfPath(`registry/${file}`);
        if (identity?.version == null) continue;
        const value = parse(readFileSync(`${examples}/registry/${file}`, "utf8")) as object;
        actual[identity.ref] = digestOf({ ...identity, value });
      }
      expect(actual).toEqual(expected);
    },
  );
});

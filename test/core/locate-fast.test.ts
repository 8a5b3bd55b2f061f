/** The quick locator and the one of the YAML library give one answer wherever the quick one gives any. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Pointer } from "../../src/core/model/json.ts";
import { isObject, type Json } from "../../src/core/model/json.ts";
import { createLocator } from "../../src/core/source/locate.ts";
import { locateFast } from "../../src/core/source/locate-fast.ts";
import { decodeText, parseFast } from "../../src/core/source/parse.ts";
import { rangeOf, rangesIn } from "../../src/core/source/positions.ts";
import { render } from "../../src/core/source/render.ts";
import { asFound } from "../../src/core/source/key-order.ts";

const file = "registry/models/a/b/1.0.0.yaml";

function pointersOf(value: Json | undefined, at: Pointer = []): Pointer[] {
  if (Array.isArray(value))
    return [at, ...value.flatMap((item, index) => pointersOf(item as Json, [...at, index]))];
  if (isObject(value))
    return [at, ...Object.keys(value).flatMap((key) => pointersOf(value[key], [...at, key]))];
  return [at];
}

/** Compares every pointer of a text, and some that lead nowhere; returns how many the quick one answered. */
function compare(text: string): number {
  const bytes = new TextEncoder().encode(text);
  const value = parseFast(bytes);
  if (value === undefined) return 0;
  const locate = createLocator(decodeText(bytes));
  let answered = 0;
  for (const pointer of [...pointersOf(value), ["nothing"], ["spec", "nothing"]]) {
    for (const part of ["key", "value"] as const) {
      const fast = locateFast(text, { file, pointer, part });
      if (fast === undefined) continue;
      answered++;
      expect({ pointer, part, ...fast }).toEqual({ pointer, part, ...locate({ file, pointer, part }) });
    }
  }
  expect(locateFast(text, { file })).toEqual(locate({ file }));
  return answered;
}

describe("locateFast", () => {
  it("answers for plain scalars of a canonical file", () => {
    const text = [
      "# a comment: first",
      "title: GPT-4o # trailing",
      "state: production",
      "reason: |",
      "  state: not this one",
      "  spec: nor this",
      "spec:",
      "  # state: no",
      "  provider: provider:openai",
      '  upstreamId: "gpt: \\"4\\""',
      "  nested: { a: 1, b: two }",
      "  list:",
      "    - provider: other",
      "facts:",
      "  deep:",
      "    provider: third",
      "",
    ].join("\n");
    expect(locateFast(text, { file, pointer: ["spec", "provider"] })).toEqual({
      line: 9,
      column: 13,
      endLine: 9,
      endColumn: 28,
    });
    expect(locateFast(text, { file, pointer: ["facts", "deep", "provider"], part: "key" })).toEqual({
      line: 16,
      column: 5,
      endLine: 16,
      endColumn: 13,
    });
    expect(locateFast(text, { file, pointer: ["spec", "nested", "a"] })).toBeUndefined();
    expect(locateFast(text, { file, pointer: ["spec", "list", 0, "provider"] })).toBeUndefined();
    expect(compare(text)).toBeGreaterThan(10);
  });

  it("agrees with the YAML library on any canonical file", () => {
    const key = fc.constantFrom("title", "state", "spec", "provider", "a", "b-c", "x_1", "facts");
    const scalar = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.constantFrom("state: x", "a # b", "- x", "multi\nline: text\n"),
    );
    const { value } = fc.letrec<{ value: Json }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        scalar,
        fc.dictionary(key, tie("value"), { maxKeys: 4 }),
        fc.array(tie("value"), { maxLength: 3 }),
      ),
    }));
    let answered = 0;
    fc.assert(
      fc.property(fc.dictionary(key, value, { minKeys: 1, maxKeys: 6 }), (entry) => {
        answered += compare(render(entry, asFound));
      }),
      { numRuns: 400, seed: 7 },
    );
    expect(answered).toBeGreaterThan(400);
  });
});

it("counting the lines once gives the same ranges as counting them each time", () => {
  const texts = fc.string({ unit: fc.constantFrom("a", "\n", "\r", "\u{1f600}", " "), maxLength: 40 });
  const offsets = fc.integer({ min: -3, max: 90 });
  fc.assert(
    fc.property(texts, offsets, offsets, (text, start, end) => {
      expect(rangesIn(text)({ start, end })).toEqual(rangeOf(text, { start, end }));
    }),
  );
});

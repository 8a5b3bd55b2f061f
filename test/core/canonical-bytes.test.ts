/** The writer of bytes spells exactly what canonical.ts spells. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../src/core/model/canonical.ts";
import { createCanonicalWriter } from "../../src/core/model/canonical-bytes.ts";
import type { Json } from "../../src/core/model/json.ts";

const written = (value: Json): string => {
  const writer = createCanonicalWriter();
  writer.value(value as object);
  return new TextDecoder().decode(writer.bytes());
};

describe("the canonical writer", () => {
  it("gives the bytes of canonicalJson for every JSON value", () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: "binary" }),
      fc.constantFrom("\u0000", '"\\\n', "é", "\u2028", "😀", "\ufffd", "__proto__"),
    );
    const { value } = fc.letrec<{ value: Json }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        text,
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie("value"), { maxLength: 5 }),
        fc.dictionary(text, tie("value"), { maxKeys: 30 }),
      ),
    }));
    fc.assert(
      fc.property(value, (json) => {
        expect(written(json)).toBe(canonicalJson(json));
      }),
      { numRuns: 300 },
    );
  });

  it("keeps everything when its buffer grows, and leaves out what is undefined", () => {
    const writer = createCanonicalWriter();
    let expected = "";
    for (let i = 0; i < 4000; i++) {
      const value = { b: "x".repeat(i % 300), a: i, c: undefined, é: ["ü".repeat(i % 50)] };
      writer.value(value);
      writer.raw("\n");
      expected += `${canonicalJson(value)}\n`;
    }
    expect(writer.length()).toBe(new TextEncoder().encode(expected).length);
    expect(new TextDecoder().decode(writer.bytes())).toBe(expected);
    expect(written({ a: undefined } as Json)).toBe("{}");
  });

  it.each([["\ud800"], [["a\udc00b"]], [Number.NaN], [{ a: Number.POSITIVE_INFINITY }], [{ "\udfff": 1 }]])(
    "refuses %j",
    (value) => {
      expect(() => written(value as Json)).toThrow("canonical JSON");
    },
  );
});

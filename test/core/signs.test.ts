/** Signs in bytes: one pass says what many searches would say; patterns are bounded in time. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maskTokens } from "../../src/core/validate/mask.ts";
import { personal, tokens } from "../../src/core/validate/raw-patterns.ts";
import { compileSigns } from "../../src/core/validate/signs.ts";
import { shapes } from "../cases/secrets.ts";
import { cpuTime } from "../cpu-time.ts";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("compileSigns", () => {
  it.each([
    ["nothing", [["ab"]], "", 0],
    ["a sign alone", [["ab"]], "ab", 1],
    ["a sign across what looked like its beginning", [["aab"]], "aaab", 1],
    ["a sign within another", [["abcd"], ["bc"]], "xabcx", 2],
    ["both where both end", [["abcd"], ["cd"]], "abcd", 3],
    ["one group by any of its signs", [["x", "yy"], ["z"]], "ayyb", 1],
    ["the same sign in two groups", [["q"], ["q"]], "q", 3],
    ["a prefix of a sign is none", [["abc"]], "ab", 0],
    ["bytes above ASCII are passed over", [["a"]], "\u00e4\u{1f600}", 0],
  ] as const)("%s", (_, groups, text, mask) => {
    expect(compileSigns(groups)(bytesOf(text))).toBe(mask);
  });

  it("answers as a search for each sign would", () => {
    const sign = fc.string({ unit: fc.constantFrom("a", "b", "-"), minLength: 1, maxLength: 4 });
    const groups = fc.array(fc.array(sign, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 31 });
    const text = fc.string({ unit: fc.constantFrom("a", "b", "-", "\u00e4"), maxLength: 60 });
    fc.assert(
      fc.property(groups, text, (list, haystack) => {
        const expected = list.reduce(
          (mask, signs, i) => (signs.some((each) => haystack.includes(each)) ? mask | (1 << i) : mask),
          0,
        );
        expect(compileSigns(list)(bytesOf(haystack))).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  it("takes no more groups than its answer has bits", () => {
    expect(() => compileSigns(Array.from({ length: 32 }, () => ["a"]))).toThrow("31");
    expect(tokens.length + personal.length).toBeLessThanOrEqual(31);
  });
});

describe("the patterns", () => {
  it("match only what holds one of their signs", () => {
    for (const [name, text] of shapes) {
      const matching = tokens.filter(({ pattern }) => text.match(pattern) !== null);
      expect([name, matching.length > 0]).toEqual([name, true]);
      for (const { signs } of matching)
        expect([name, signs.some((sign) => text.includes(sign))]).toEqual([name, true]);
    }
  });

  it("every published shape is tried", () => {
    const tried = new Set(
      shapes.flatMap(([, text]) =>
        tokens.filter(({ pattern }) => text.match(pattern) !== null).map(({ name }) => name),
      ),
    );
    expect(tokens.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual([]);
  });

  const lines: readonly string[] = [
    "a@",
    "@",
    "a.",
    "a-b.",
    "+1 ",
    "+1",
    "12 ",
    "(12)",
    "-----BEGIN ",
    "A ",
    "https://a:",
    "eyJa.",
    "sk-",
    "SG.a",
    "1",
    " ",
  ];
  it("take time in proportion to the text, whatever it is", () => {
    for (const { name, pattern } of [...tokens, ...personal]) {
      for (const unit of lines) {
        const text = unit.repeat(Math.ceil(20_000 / unit.length));
        const start = cpuTime();
        text.match(pattern);
        expect([name, unit, cpuTime() - start < 500]).toEqual([name, unit, true]);
      }
    }
  });
});

describe("maskTokens", () => {
  it.each(shapes)("%s: hides the token and keeps every column", (_, secret, harmless) => {
    const text = `a: ${secret} b\n`;
    const masked = maskTokens(text);
    expect(masked).toHaveLength(text.length);
    expect(masked).not.toContain(secret.slice(0, 12));
    expect(maskTokens(`a: ${harmless} b\n`)).toBe(`a: ${harmless} b\n`);
  });

  it("hides the lines of a private key", () => {
    const begin = ["-----BEGIN", "PRIVATE KEY-----"].join(" ");
    const masked = maskTokens(`k: |\n  ${begin}\n  MIIEabc+/=\n  Zm9v\n  -----END X-----\nb: 1\n`);
    expect(masked.split("\n").slice(2)).toEqual(["  **********", "  ****", "  -----END X-----", "b: 1", ""]);
  });

  it("leaves all other text alone, and its length always", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => maskTokens(text).length === text.length));
  });
});

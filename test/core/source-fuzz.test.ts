/**
 * The two parsers against each other and against anything: whatever the fast one accepts, the judge reads as the same
 * value; and no bytes make either of them throw or take long.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLocator } from "../../src/core/source/locate.ts";
import { decodeText, parseFast } from "../../src/core/source/parse.ts";
import { parseStrict } from "../../src/core/source/strict.ts";
import { documentAt, object } from "../../scripts/fuzz/documents.ts";
import { scalars } from "../../scripts/fuzz/scalars.ts";
import { randomOf } from "../../scripts/fuzz/random.ts";
import { fuzzYaml } from "../../scripts/fuzz/yaml.ts";
import { asFound } from "../../src/core/source/key-order.ts";
import { render } from "../../src/core/source/render.ts";
import { cpuTime } from "../cpu-time.ts";

const root = join(import.meta.dirname, "../..");
const files = [join(root, "registry"), join(root, "../shared/examples/registry")]
  .filter((folder) => existsSync(folder))
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".yaml"))
      .sort()
      .slice(0, 200)
      .map((name) => readFileSync(join(folder, name), "utf8")),
  );

describe("the fast parser", () => {
  it("agrees with the judge and with yaml on 5,000 documents", () => {
    const { accepted, differences } = fuzzYaml(2026, 5_000, files);
    expect(differences).toEqual([]);
    expect(accepted).toBeGreaterThan(1_000);
  }, 60_000);

  it("agrees on every odd scalar in every place", () => {
    const places = [
      "a: %\n",
      "- %\n".replace("-", "a:\n  -"),
      "a: [%]\n",
      "a: [b, % ]\n",
      "a: { b: % }\n",
      "%: a\n",
      "a: { %: b }\n",
      "a:\n  - %: b\n",
      "a: % # c\n",
      "a:\n  b: %\nc: 1\n",
    ];
    const encoder = new TextEncoder();
    for (const scalar of scalars) {
      for (const place of places) {
        const bytes = encoder.encode(place.replace("%", () => scalar));
        const fast = parseFast(bytes);
        if (fast !== undefined)
          expect(
            parseStrict("x", bytes),
            place.replace("%", () => scalar),
          ).toEqual({ value: fast, findings: [] });
      }
    }
  });

  it("accepts what is rendered, but for numbers and texts that no file may hold", () => {
    let accepted = 0;
    for (let seed = 0; seed < 500; seed++) {
      const bytes = new TextEncoder().encode(render(object(randomOf(seed)), asFound));
      if (parseStrict("x", bytes).findings.length > 0) continue;
      expect(parseFast(bytes), decodeText(bytes)).toBeDefined();
      accepted++;
    }
    expect(accepted).toBeGreaterThan(300);
  });
});

/** Reads bytes in every way there is; the answer is a value or findings, each with a place inside the text. */
function answered(bytes: Uint8Array): void {
  const fast = parseFast(bytes);
  const { value, findings } = parseStrict("x", bytes);
  expect(value !== undefined || findings.length > 0).toBe(true);
  if (fast !== undefined) expect(findings).toEqual([]);
  const text = decodeText(bytes);
  const lines = text.split("\n");
  const locate = createLocator(text);
  for (const { at } of [...findings, { at: { file: "x", pointer: ["a", 0, "b"] } }]) {
    const range = locate(at);
    expect(range.column).toBeGreaterThanOrEqual(1);
    expect(range.column).toBeLessThanOrEqual((lines[range.line - 1]?.length ?? 0) + 1);
    expect(range.endLine).toBeGreaterThanOrEqual(range.line);
    expect(range.endColumn).toBeLessThanOrEqual((lines[range.endLine - 1]?.length ?? 0) + 1);
  }
}

describe("any bytes", () => {
  it("make a value or findings, never an exception", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), answered), { numRuns: 500, seed: 1 });
  });

  it("of YAML-like texts make a value or findings", () => {
    const piece = fc.oneof(
      fc.constantFrom(...scalars, "\n", "\n  ", ": ", "- ", "a: "),
      fc.string({ maxLength: 4 }),
    );
    const text = fc
      .array(piece, { maxLength: 30 })
      .map((pieces) => new TextEncoder().encode(pieces.join("")));
    fc.assert(fc.property(text, answered), { numRuns: 700, seed: 2 });
  }, 60_000);

  it("of mutated files make a value or findings", () => {
    for (let index = 0; index < 800; index++) answered(documentAt(7, index, files));
  }, 60_000);
});

const most = 256 * 1024;
const fill = (piece: string): string =>
  piece.repeat(Math.floor(most / new TextEncoder().encode(piece).length));
const counted = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join("\n");

/** Files of 256 KiB that have taken some YAML reader minutes or its stack. */
const traps: Readonly<Record<string, string>> = {
  "open brackets": fill(`${"[".repeat(1990)}\n`),
  "open braces": fill(`${"{a: ".repeat(490)}\n`),
  "dashes in a line": fill(`${"- ".repeat(990)}\n`),
  "deep maps": counted(700, (i) => `${" ".repeat(i)}a:`),
  "deep lists": counted(700, (i) => `${" ".repeat(i)}-`),
  "20,000 keys": counted(20_000, (i) => `k${i}: v`),
  "20,000 keys in brackets": `a: {\n${counted(20_000, (i) => `k${i}: v,`)}\n}`,
  "20,000 number keys": counted(20_000, (i) => `${i}: v`),
  "one key again and again": fill("a: 1\n"),
  "a long list in brackets": `a: [\n${fill("a, b, c, d,\n").slice(20)}]`,
  commas: `a: [${fill(",\n").slice(10)}`,
  "brackets line by line": `a: [\n${fill("[\n").slice(10)}`,
  "balanced brackets": fill(`a: ${"[".repeat(31)}${"]".repeat(31)}\n`),
  "double quotes": fill('"\n'),
  "rows of quotes": fill(`a: "${'"'.repeat(100)}\n`),
  "single quotes": fill(`${"'".repeat(1990)}\n`),
  "a quoted text of many lines": `a: "${fill("x yyyyyyyyyyyyyyyyyyyy\n").slice(10)}`,
  "a plain text of many lines": `a: b\n${fill("  c d e\n").slice(10)}`,
  blanks: fill(`${" ".repeat(1990)}\n`),
  "empty lines": fill("\n"),
  comments: fill("# c\n"),
  questions: fill("? \n"),
  colons: fill(": \n"),
  tags: fill("!a \n"),
  anchors: fill("a: &b c\n"),
  aliases: fill("*a \n"),
  documents: fill("---\n"),
  "document ends": fill("...\n"),
  directives: fill("%a b\n"),
  "a literal block of blank lines": `a: |\n${fill("\n").slice(10)}`,
  "a folded block": `a: >\n${fill("   x\n  y\n").slice(10)}`,
  "long literal lines": `a: |\n${fill(`  ${"x".repeat(19_000)}\n`).slice(0, -10)}`,
  "long indented lines": fill(`  ${"x".repeat(2_100)}\n`),
  "control characters": fill("\u0001"),
  "bidirectional characters": fill("\u202e"),
  "carriage returns": fill("\r"),
  escapes: `a: "${fill("\\x41".repeat(400) + "\n").slice(2_000)}`,
  "bad indentation": fill("a:\n   b\n  c\n"),
  "bad escapes": fill('a: "\\q"\n'),
};

/** Milliseconds to read a file in every way and to place what is wrong with it. */
function timed(bytes: Uint8Array): number {
  const begin = cpuTime();
  parseFast(bytes);
  const { value, findings } = parseStrict("x", bytes);
  const locate = createLocator(decodeText(bytes));
  for (const { at } of findings) locate(at);
  locate({ file: "x", pointer: ["a", 0, "b"] });
  expect(value !== undefined || findings.length > 0).toBe(true);
  return cpuTime() - begin;
}

describe("a file made to hang the reader", () => {
  it.each(Object.entries(traps))(
    "%s: answered in under 2 s",
    (_, text) => {
      const bytes = new TextEncoder().encode(text).subarray(0, most);
      let best = timed(bytes);
      // A busy machine is slow now and then; a trap is slow every time.
      for (let attempt = 0; attempt < 3 && best >= 2_000; attempt++) best = Math.min(best, timed(bytes));
      expect(best).toBeLessThan(2_000);
    },
    60_000,
  );
});

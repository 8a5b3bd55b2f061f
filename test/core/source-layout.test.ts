/** The canonical layout: what is written for a value, what `fmt` makes of a file, and edits that touch one line. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Json, JsonObject, Pointer } from "../../src/core/model/json.ts";
import { isObject } from "../../src/core/model/json.ts";
import { editText, withValue } from "../../src/core/source/edit.ts";
import { asFound, type KeyOrder } from "../../src/core/source/key-order.ts";
import { format, render, sameValue } from "../../src/core/source/layout.ts";
import { parseFast } from "../../src/core/source/parse.ts";
import { identityOfPath } from "../../src/core/source/reference.ts";
import { parseStrict } from "../../src/core/source/strict.ts";
import { keyOrders } from "../../src/generated/key-order.ts";
import { object, wild } from "../../scripts/fuzz/documents.ts";
import { randomOf } from "../../scripts/fuzz/random.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (text: string): JsonObject | undefined => {
  const parsed = parseStrict("x", encode(text));
  return parsed.findings.length === 0 ? parsed.value : undefined;
};
const order: KeyOrder = {
  keys: ["title", "bundle", "reason", "fallback", "spec"],
  children: { spec: { keys: ["a", "b", "c"], children: {}, additional: { keys: ["y", "x"], children: {} } } },
};

describe("render", () => {
  it.each<readonly [string, JsonObject, string]>([
    [
      "keys in schema order, unknown ones behind",
      { z: 1, spec: { c: 1, b: 2 }, title: "T" },
      "title: T\nspec:\n  b: 2\n  c: 1\nz: 1\n",
    ],
    [
      "short maps and lists on one line",
      { a: [1, 2], b: { c: "d", e: ["f"] } },
      "a: [1, 2]\nb: { c: d, e: [f] }\n",
    ],
    [
      "lists of maps on lines of their own",
      { a: [{ b: 1, c: 2 }, { d: 3 }] },
      "a:\n  - { b: 1, c: 2 }\n  - d: 3\n",
    ],
    [
      "lists in lists",
      { a: [[1], [], ["x".repeat(120)]] },
      `a:\n  - [1]\n  - []\n  -\n    - ${"x".repeat(120)}\n`,
    ],
    ["nothing", {}, "{}\n"],
    ["empty maps and lists", { a: {}, b: [] }, "a: {}\nb: []\n"],
    [
      "literal blocks",
      { a: "x\n  y\n", b: "x\n\ny", c: ["p\nq\n"] },
      "a: |\n  x\n    y\nb: |-\n  x\n\n  y\nc:\n  - |\n    p\n    q\n",
    ],
    [
      "quotes where a literal block cannot hold the text",
      { a: " x\ny", b: "x\n\n", c: "x \ny" },
      'a: " x\\ny"\nb: "x\\n\\n"\nc: "x \\ny"\n',
    ],
    [
      "quotes where plain text would be misread",
      { a: "1.4.0", b: "no", c: "2026-01-01", d: "", e: "x: y", f: "x #y", g: "!x", h: "12", i: "*" },
      'a: "1.4.0"\nb: "no"\nc: "2026-01-01"\nd: ""\ne: "x: y"\nf: "x #y"\ng: "!x"\nh: "12"\ni: "*"\n',
    ],
    [
      "the quotes that need no escapes",
      { a: 'say "x"', b: 'it\'s "x"', c: "a\tb" },
      'a: \'say "x"\'\nb: "it\'s \\"x\\""\nc: "a\\tb"\n',
    ],
    [
      "plain text where it is safe",
      { a: "it's fine", b: "https://x.org/#y", c: "role:owner", d: "a, b (c)" },
      "a: it's fine\nb: https://x.org/#y\nc: role:owner\nd: a, b (c)\n",
    ],
    ["quotes between brackets", { a: ["b, c", "d]", "e"] }, 'a: ["b, c", "d]", e]\n'],
    ["keys that need quotes", { "1": 1, "a b": 2, true: 3, "": 4 }, '"1": 1\n"a b": 2\n"true": 3\n"": 4\n'],
    ["numbers", { a: -0, b: 1e21, c: 1e-7, d: 0.1, e: -5 }, "a: 0\nb: 1e+21\nc: 1e-7\nd: 0.1\ne: -5\n"],
    ["a text too long for a line", { a: "x".repeat(2_100) }, `a: |-\n  ${"x".repeat(2_100)}\n`],
  ])("writes %s", (_, value, text) => {
    expect(render(value, order)).toBe(text);
    expect(parseFast(encode(text))).toEqual(value["a"] === 0 ? { ...value, a: 0 } : value);
  });

  it("writes what the fast parser reads back as the same value, and fmt leaves alone", () => {
    for (let seed = 0; seed < 600; seed++) {
      const value = object(randomOf(seed));
      const text = render(value, order);
      const parsed = parseStrict("x", encode(text));
      // Some of these texts hold characters that no file may hold.
      if (parsed.findings.length > 0) continue;
      expect(sameValue(parseFast(encode(text)), value), text).toBe(true);
      expect(format(text, order)).toEqual({ text, findings: [] });
    }
  });
});

describe("fmt", () => {
  it("orders keys, indents, spells scalars anew and keeps every comment with its key", () => {
    const text = `# header

# about the spec
spec:   # behind
    # about c
    c:   [ 1,2 ]   # trailing
    a: {x: 1,   v: "two"}

    # about b
    b:
    - no
    - 0x10
    - "quoted"   # stays
    # end of b

  # about d
    d: 1
title:    'T'
# the end
`;
    expect(format(text, order).text).toBe(`# header

title: 'T'
# about the spec
spec:
  # behind
  a: { x: 1, v: "two" }

  # about b
  b:
    - "no"
    - 16
    - "quoted" # stays
    # end of b
  # about c
  c: [1, 2] # trailing

  # about d
  d: 1
# the end
`);
  });

  it.each([
    ["CR LF", "a: 1\r\nb: |\r\n  x\r\n", "a: 1\nb: |\n  x\n"],
    ["a document start", "---\na: 1\n...\n", "a: 1\n"],
    ["blank lines", "\n\na: 1\n\n\n\nb: 2\n\n\n", "a: 1\n\nb: 2\n"],
    ["texts over several lines", 'a: x\n  y\nb: "x\n\n  y"\n', "a: x y\nb: |-\n  x\n  y\n"],
    ["a list below its key", "a:\n- 1\n- b: 2\n", "a:\n  - 1\n  - b: 2\n"],
    ["brackets over several lines", "a: [\n  x,\n  # why\n  z\n]\n", "a:\n  - x\n  # why\n  - z\n"],
    [
      "comments that stand in several columns",
      "a:\n  b:\n    - c\n    # end of b\n  # end of a\n# about d\nd: 1\n",
      "a:\n  b:\n    - c\n    # end of b\n  # end of a\n# about d\nd: 1\n",
    ],
    ["empty values", "a:\nb: ~\n", "a: null\nb: null\n"],
  ])("mends %s", (_, text, expected) => {
    expect(format(text, asFound)).toEqual({ text: expected, findings: [] });
  });

  it("leaves a broken file alone and says why", () => {
    const { text, findings } = format("a: 1\na: 2\n", order, "registry/x.yaml");
    expect(text).toBe("a: 1\na: 2\n");
    expect(findings.map(({ definition }) => definition.code)).toEqual(["yaml/duplicate-key"]);
  });

  it("keeps values and comments of any file, is idempotent, and its result is read fast", () => {
    let formatted = 0;
    for (let seed = 0; seed < 700; seed++) {
      const text = wild(randomOf(seed));
      const before = read(text);
      if (before === undefined) continue;
      const made = format(text, order);
      expect(made.findings).toEqual([]);
      formatted++;
      expect(sameValue(parseFast(encode(made.text)), before), text).toBe(true);
      expect(format(made.text, order).text).toBe(made.text);
    }
    expect(formatted).toBeGreaterThan(250);
  }, 60_000);
});

const examples = join(import.meta.dirname, "../../../shared/examples");

describe.skipIf(!existsSync(examples))("the example registry (../shared/examples)", () => {
  const files = existsSync(examples)
    ? readdirSync(join(examples, "registry"), { recursive: true, encoding: "utf8" }).filter((name) =>
        name.endsWith(".yaml"),
      )
    : [];

  it.each(files)("%s stands in the canonical layout and is read fast", (name) => {
    const text = readFileSync(join(examples, "registry", name), "utf8");
    const kind = identityOfPath(`registry/${name}`)?.kind;
    const keyOrder = kind === undefined ? asFound : keyOrders[kind];
    expect(format(text, keyOrder)).toEqual({ text, findings: [] });
    const value = parseFast(encode(text));
    expect(value).toEqual(read(text));
    expect(sameValue(read(render(value ?? {}, keyOrder)), value)).toBe(true);
  });
});

const activation = '# who: us\nbundle: "1.3.0" # live\nreason: First.\n';
const model = `title: X
# about spec
spec:
  # about a
  a: 1 # one
  c: [x, z] # list
  m: { k: v }
  list:
    - id: one
      v: 1
    - id: two
    # tail
  text: |
    abc

  # after
last: 1
`;

/** The lines that differ, as `-old` and `+new`. */
function diff(before: string, after: string): string[] {
  const a = before.split("\n");
  const b = after.split("\n");
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  return [
    ...a.slice(start, a.length - end).map((line) => `-${line}`),
    ...b.slice(start, b.length - end).map((line) => `+${line}`),
  ];
}

describe("edit", () => {
  it("makes a promotion a two-line diff", () => {
    const edited = editText(
      activation,
      [
        { pointer: ["bundle"], value: "1.4.0" },
        { pointer: ["reason"], value: "Second." },
      ],
      order,
    );
    expect(edited).toBe('# who: us\nbundle: "1.4.0" # live\nreason: Second.\n');
  });

  it.each<readonly [string, string, Pointer, Json | undefined, readonly string[]]>([
    ["adds a key at its schema place", activation, ["fallback"], "1.2.0", ['+fallback: "1.2.0"']],
    ["adds a key before all others", activation, ["title"], "T", ["+title: T"]],
    ["deletes a key", activation, ["bundle"], undefined, ['-bundle: "1.3.0" # live']],
    ["changes nothing that is already so", activation, ["reason"], "First.", []],
    ["deletes nothing that is not there", activation, ["nothing", "there"], undefined, []],
    ["adds a key between two", model, ["spec", "b"], [1], ["+  b: [1]"]],
    [
      "adds a key between brackets",
      model,
      ["spec", "m", "w"],
      "x, y",
      ["-  m: { k: v }", '+  m: { k: v, w: "x, y" }'],
    ],
    ["deletes a key between brackets", model, ["spec", "m", "k"], undefined, ["-  m: { k: v }", "+  m: {}"]],
    [
      "appends between brackets",
      model,
      ["spec", "c", 2],
      "w",
      ["-  c: [x, z] # list", "+  c: [x, z, w] # list"],
    ],
    [
      "deletes from brackets",
      model,
      ["spec", "c", 0],
      undefined,
      ["-  c: [x, z] # list", "+  c: [z] # list"],
    ],
    ["appends to a list", model, ["spec", "list", 2], { id: "three", v: 2 }, ["+    - { id: three, v: 2 }"]],
    ["deletes from a list", model, ["spec", "list", 1], undefined, ["-    - id: two"]],
    [
      "deletes the key behind a dash",
      model,
      ["spec", "list", 0, "id"],
      undefined,
      ["-    - id: one", "-      v: 1", "+    - v: 1"],
    ],
    ["replaces an item", model, ["spec", "list", 1], "two", ["-    - id: two", "+    - two"]],
    [
      "replaces a literal block",
      model,
      ["spec", "text"],
      "one line",
      ["-  text: |", "-    abc", "+  text: one line"],
    ],
    [
      "moves a comment above what becomes a block",
      model,
      ["spec", "a"],
      "x\ny\n",
      ["-  a: 1 # one", "+  # one", "+  a: |", "+    x", "+    y"],
    ],
    ["makes missing maps", model, ["spec", "w", "deep"], [1], ["+  w: { deep: [1] }"]],
    [
      "changes only what differs in a map",
      model,
      ["spec", "list", 0],
      { id: "one", v: 2 },
      ["-      v: 1", "+      v: 2"],
    ],
    ["keeps CR LF", "a: 1\r\nb: 2\r\n", ["c"], 3, ["+c: 3\r"]],
  ])("%s", (_, text, pointer, value, expected) => {
    expect(diff(text, editText(text, [{ pointer, value }], order))).toEqual(expected);
  });

  it("refuses what no caller may ask for", () => {
    expect(() => editText("a: [", [{ pointer: ["a"], value: 1 }], order)).toThrow("valid file");
    expect(() => editText("a: 1\n", [{ pointer: ["a", "b"], value: 1 }], order)).toThrow("scalar");
    expect(() => editText("a: [1]\n", [{ pointer: ["a", 5], value: 1 }], order)).toThrow("no item 5");
  });

  it("always reads as exactly the edited value", () => {
    let edits = 0;
    for (let seed = 0; seed < 700; seed++) {
      const random = randomOf(seed);
      const text = wild(random);
      const value = read(text);
      const pointers = value === undefined ? [] : pointersOf(value).slice(1);
      if (value === undefined || pointers.length === 0) continue;
      const pointer = random.pick(pointers);
      const wanted = random.chance(0.2)
        ? undefined
        : random.pick<Json>([
            1,
            "x",
            "1.4.0",
            "a: b",
            "l1\nl2\n",
            { k: 1, m: ["a"] },
            ["a", "b"],
            [],
            {},
            "!x",
          ]);
      const edited = editText(text, [{ pointer, value: wanted }], order);
      expect(
        sameValue(read(edited), withValue(value, pointer, wanted)),
        `${text}\n${JSON.stringify(pointer)}`,
      ).toBe(true);
      edits++;
    }
    expect(edits).toBeGreaterThan(250);
  }, 60_000);
});

function pointersOf(value: Json | undefined, at: Pointer = []): Pointer[] {
  if (Array.isArray(value))
    return [at, ...value.flatMap((item: Json, index) => pointersOf(item, [...at, index]))];
  if (isObject(value))
    return [at, ...Object.keys(value).flatMap((key) => pointersOf(value[key], [...at, key]))];
  return [at];
}

/** Bytes -> values and findings: every code at its exact place, and what is accepted as it is. */
import { describe, expect, it } from "vitest";
import type { Location } from "../../src/core/model/diagnostic.ts";
import { sourceCodes } from "../../src/core/source/codes.ts";
import { createLocator } from "../../src/core/source/locate.ts";
import { decodeText, parseFast } from "../../src/core/source/parse.ts";
import { parseStrict } from "../../src/core/source/strict.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** `code line:column-endLine:endColumn` of every finding. */
function found(content: string | Uint8Array): string[] {
  const bytes = typeof content === "string" ? encode(content) : content;
  const locate = createLocator(decodeText(bytes));
  return parseStrict("registry/x.yaml", bytes).findings.map(({ definition, at }) => {
    const { line, column, endLine, endColumn } = locate(at);
    return `${definition.code} ${line}:${column}-${endLine}:${endColumn}`;
  });
}

const faults: readonly (readonly [string, string | Uint8Array, readonly string[]])[] = [
  ["a file over 256 KiB", `a: |\n${`  ${"x".repeat(60)}\n`.repeat(4_200)}`, ["yaml/too-large 1:1-1:1"]],
  ["a byte that is no UTF-8", Uint8Array.of(97, 58, 32, 0xc3, 0xa9, 0xff, 10), ["yaml/encoding 1:5-1:6"]],
  ["half a character at the end", Uint8Array.of(97, 58, 32, 98, 0xe2, 0x82), ["yaml/encoding 1:5-1:6"]],
  ["a byte order mark", "\ufefftitle: a\n", ["yaml/bom 1:1-1:2"]],
  ["a control character", "title: a\u0007b\n", ["yaml/control-character 1:9-1:10"]],
  ["an escaped control character", 'title: "a\\u0007b"\n', ["yaml/control-character 1:8-1:18"]],
  ["a lone carriage return", "title: a\rb\n", ["yaml/control-character 1:9-1:10"]],
  ["a byte order mark inside", "title: a\ufeffb\n", ["yaml/control-character 1:9-1:10"]],
  ["a bidirectional character", "title: a\n# \u202e b\n", ["yaml/bidirectional 2:3-2:4"]],
  ["a line of 2,001 characters", `title: a\nb: ${"x".repeat(1998)}\n`, ["yaml/long-line 2:2001-2:2002"]],
  [
    "a literal line of 20,001 characters",
    `a: |\n  ${"x".repeat(19_999)}\n`,
    ["yaml/long-line 2:20001-2:20002"],
  ],
  ["a missing colon", "title: a\nowner\nstate: b\n", ["yaml/syntax 2:1-2:6"]],
  ["an open quote", 'title: "a\nowner: b\n', ["yaml/syntax 1:8-1:10"]],
  ["a tab for indentation", "spec:\n\ttype: a\n", ["yaml/syntax 2:1-2:2"]],
  ["a colon in a plain text", "title: a: b\n", ["yaml/syntax 1:8-1:9"]],
  [
    "a key twice",
    "title: a\nspec:\n  x: 1\n  x: 2\ntitle: b\n",
    ["yaml/duplicate-key 4:3-4:4", "yaml/duplicate-key 5:1-5:6"],
  ],
  ["a key twice in brackets", "a: { x: 1, x: 2 }\n", ["yaml/duplicate-key 1:12-1:13"]],
  ["an anchor and its alias", "a: &x 1\nb: *x\n", ["yaml/anchor 1:4-1:6", "yaml/alias 2:4-2:6"]],
  ["an alias to nothing", "path: *\n", ["yaml/alias 1:7-1:8"]],
  ["a tag", "a: !!str 1\n", ["yaml/tag 1:4-1:9"]],
  ["an expression that begins with !", 'when: !("eu" in labels)\n', ["yaml/leading-exclamation 1:7-1:9"]],
  ["a directive", "%YAML 1.1\n---\na: no\n", ["yaml/directive 1:1-1:10"]],
  ["a second document", "a: 1\n---\nb: 2\n", ["yaml/multiple-documents 2:1-2:4"]],
  ["a number as key", "1: a\n", ["yaml/key-not-string 1:1-1:2"]],
  ["null as key", "~: a\n", ["yaml/key-not-string 1:1-1:2"]],
  ["a list as key", "? [a]\n: b\n", ["yaml/key-not-string 1:3-1:6"]],
  ['1 beside "1"', '"1": a\n1: b\n', ["yaml/key-not-string 2:1-2:2", "yaml/duplicate-key 2:1-2:2"]],
  ["a forbidden key", "spec:\n  __proto__: 1\n", ["yaml/forbidden-key 2:3-2:12"]],
  ["a merge key", "a:\n  <<: { b: 1 }\n", ["yaml/merge-key 2:3-2:5"]],
  ["a number that is not kept exactly", "a: 9007199254740993\n", ["yaml/unsafe-integer 1:4-1:20"]],
  [
    "a number without end",
    "a: .inf\nb: 1e999\nc: .nan\n",
    ["yaml/not-finite 1:4-1:8", "yaml/not-finite 2:4-2:9", "yaml/not-finite 3:4-3:8"],
  ],
  ["33 levels", `a: ${"[".repeat(32)}${"]".repeat(32)}\n`, ["yaml/too-deep 1:35-1:36"]],
  [
    "2,001 keys",
    Array.from({ length: 2001 }, (_, i) => `k${i}: 1\n`).join(""),
    ["yaml/too-many-keys 2001:1-2001:2"],
  ],
  ["a list", "- a\n- b\n", ["yaml/not-a-map 1:1-3:1"]],
  ["a single value", "hello\n", ["yaml/not-a-map 1:1-1:6"]],
  ["nothing", "", ["yaml/empty 1:1-1:1"]],
  ["only a comment", "# nothing yet\n", ["yaml/empty 1:1-1:1"]],
];

describe("what is refused", () => {
  it.each(faults)("%s", (_, content, expected) => {
    expect(found(content)).toEqual(expected);
    expect(parseFast(typeof content === "string" ? encode(content) : content)).toBeUndefined();
  });

  it("provokes every code of the loader", () => {
    const seen = new Set(faults.flatMap(([, , expected]) => expected.map((line) => line.split(" ")[0])));
    expect(sourceCodes.map(({ code }) => code).filter((code) => !seen.has(code))).toEqual([]);
  });

  it("reports every fault of a file, in the order of the lines", () => {
    expect(found("title: &a x\nwhen: !a\n1: \u202e\nspec: { b: .nan, b: 1 }\n")).toEqual([
      "yaml/anchor 1:8-1:10",
      "yaml/leading-exclamation 2:7-2:9",
      "yaml/key-not-string 3:1-3:2",
      "yaml/bidirectional 3:4-3:5",
      "yaml/not-finite 4:12-4:16",
      "yaml/duplicate-key 4:18-4:19",
    ]);
  });

  it("lists the first faults of a code and counts the rest", () => {
    const { findings } = parseStrict("x", encode("a: 1\n".repeat(100)));
    expect(findings).toHaveLength(20);
    expect(findings.at(-1)?.message).toBe(
      'The key "a" already stands in this map. 79 more of this code are not listed.',
    );
  });

  it("gives a value beside faults only where the meaning is certain", () => {
    expect(parseStrict("x", encode("\ufeffa: \u202e\n")).value).toEqual({ a: "\u202e" });
    expect(parseStrict("x", encode("a: 1\na: 2\n")).value).toBeUndefined();
  });
});

const accepted: readonly (readonly [string, string, unknown])[] = [
  ["CR LF, as git may write it on Windows", "a: 1\r\nb: |\r\n  x\r\n  y\r\n", { a: 1, b: "x\ny\n" }],
  ["no line feed at the end", "a: 1\nb: c", { a: 1, b: "c" }],
  ["comments and blank lines", "# a\n\na: 1 # one\n  # b\n\nb: 2\n", { a: 1, b: 2 }],
  ["2,000 characters in a line", `a: ${"x".repeat(1997)}\n`, { a: "x".repeat(1997) }],
  [
    "20,000 characters in a literal line",
    `a: |\n  ${"x".repeat(19_998)}\nb: 1\n`,
    { a: `${"x".repeat(19_998)}\n`, b: 1 },
  ],
  [
    "32 levels",
    `a: ${"[".repeat(31)}${"]".repeat(31)}\n`,
    { a: JSON.parse(`${"[".repeat(31)}${"]".repeat(31)}`) },
  ],
  [
    "2,000 keys",
    Array.from({ length: 2000 }, (_, i) => `k${i}: 1\n`).join(""),
    Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`k${i}`, 1])),
  ],
  [
    "the largest safe integer",
    "a: 9007199254740991\nb: -9007199254740991\n",
    { a: 9007199254740991, b: -9007199254740991 },
  ],
  [
    "words of YAML 1.1 as texts",
    "a: no\nb: on\nc: 2026-01-01\nd: 12:30\n",
    { a: "no", b: "on", c: "2026-01-01", d: "12:30" },
  ],
  [
    "what only looks like more",
    "a: x#y\nb: a:b\nc: https://x.org/#y\nd: it's\n",
    { a: "x#y", b: "a:b", c: "https://x.org/#y", d: "it's" },
  ],
  [
    "quotes and escapes",
    'a: "x \\"y\\" \\\\ \\n\\t"\nb: \'it\'\'s\'\n"c d": 1\n',
    { a: 'x "y" \\ \n\t', b: "it's", "c d": 1 },
  ],
  ["literal blocks", "a: |\n  x\n\n    y\nb:\n  - |-\n    z\n", { a: "x\n\n  y\n", b: ["z"] }],
  [
    "brackets",
    "a: [x, { y: [1, -2.5], z: null }]\nb: []\nc: {}\n",
    { a: ["x", { y: [1, -2.5], z: null }], b: [], c: {} },
  ],
  ["lists of maps", "a:\n  - b: 1\n    c:\n      - d\n  - {}\n", { a: [{ b: 1, c: ["d"] }, {}] }],
  [
    "characters beyond ASCII",
    "a: \u00e9\u4e2d\ud83d\ude00\nb: 'x\u2028y'\n",
    { a: "\u00e9\u4e2d\ud83d\ude00", b: "x\u2028y" },
  ],
];

describe("what is accepted, by the judge and by the fast parser", () => {
  it.each(accepted)("%s", (_, text, value) => {
    expect(parseStrict("x", encode(text))).toEqual({ value, findings: [] });
    expect(parseFast(encode(text))).toEqual(value);
  });

  it.each([
    ["a document start", "---\na: 1\n", { a: 1 }],
    ["a document end", "a: 1\n...\n", { a: 1 }],
    ["a list below its key", "a:\n- 1\n", { a: [1] }],
    ["an empty value", "a:\nb: 1\n", { a: null, b: 1 }],
    [
      "texts over several lines",
      'a: b\n  c\nd: "e\n  f"\ng: >\n  h\n  i\n',
      { a: "b c", d: "e f", g: "h i\n" },
    ],
    ["other spellings of numbers", "a: 0x1F\nb: 0o17\nc: 1.\nd: +1\n", { a: 31, b: 15, c: 1, d: 1 }],
    ["other escapes", 'a: "\\u00e9"\n', { a: "\u00e9" }],
    ["a pair in a list", "a: [b: c]\n", { a: [{ b: "c" }] }],
  ])("%s, by the judge alone", (_, text, value) => {
    expect(parseStrict("x", encode(text))).toEqual({ value, findings: [] });
    expect(parseFast(encode(text))).toBeUndefined();
  });

  it("does not remember keys from one file to the next", () => {
    expect(parseFast(encode('"1": a\n"a b": b\n"null": c\n'))).toEqual({ "1": "a", "a b": "b", null: "c" });
    for (const text of ["1: a\n", "a b: b\n", "null: c\n"]) expect(parseFast(encode(text))).toBeUndefined();
  });

  it("forgets keys before there are too many", () => {
    for (let file = 0; file < 12; file++) {
      const lines = Array.from({ length: 1_000 }, (_, i) => `file${file}-${i}: ${i}`);
      expect(Object.keys(parseFast(encode(`${lines.join("\n")}\n`)) ?? {})).toHaveLength(1_000);
    }
    expect(parseFast(encode("a: 1\na: 2\n"))).toBeUndefined();
  });
});

const text = `title: GPT
spec:
  when: 'a ''b'' == "x"'
  text: "a\\"b\\u0041c"
  block: |
    first line
      second
  items:
    - a
    - { x: 1, y: two }
  folded: one
    two
  none:
last: \u00e9\ud83d\ude00 end
`;

const places: readonly (readonly [Omit<Location, "file">, string, string])[] = [
  [{ pointer: ["title"] }, "1:8-1:11", "GPT"],
  [{ pointer: ["title"], part: "key" }, "1:1-1:6", "title"],
  [{ pointer: ["spec", "items", 1, "y"] }, "10:18-10:21", "two"],
  [{ pointer: ["spec", "items", 1] }, "10:7-10:23", "{ x: 1, y: two }"],
  [{ pointer: ["spec", "items", 7] }, "8:3-8:8", "items"],
  [{ pointer: ["spec", "nothing", "x"] }, "2:1-2:5", "spec"],
  [{ pointer: ["nothing"] }, "1:1-1:11", "title: GPT"],
  [{ pointer: [] }, "1:1-1:11", "title: GPT"],
  [{ pointer: ["title", "below a text"] }, "1:1-1:6", "title"],
  [{ pointer: ["spec", "none"] }, "13:3-13:7", "none"],
  [{ pointer: ["spec", "when"], within: { start: 2, end: 5 } }, "3:12-3:17", "''b''"],
  [{ pointer: ["spec", "when"], within: { start: 9, end: 12 } }, "3:21-3:24", '"x"'],
  [{ pointer: ["spec", "text"], within: { start: 3, end: 4 } }, "4:14-4:20", "\\u0041"],
  [{ pointer: ["spec", "block"], within: { start: 13, end: 19 } }, "7:7-7:13", "second"],
  [{ pointer: ["spec", "folded"], within: { start: 4, end: 7 } }, "12:5-12:8", "two"],
  [{ pointer: ["last"], within: { start: 4, end: 7 } }, "14:11-14:14", "end"],
  [{ pointer: ["last"], within: { start: 90, end: 99 } }, "14:14-14:14", ""],
  [{ span: { start: 7, end: 10 } }, "1:8-1:11", "GPT"],
  [{}, "1:1-1:11", "title: GPT"],
];

describe("the locator", () => {
  const locate = createLocator(text);
  const lines = text.split("\n");

  it.each(places)("%j", (place, expected, shown) => {
    const { line, column, endLine, endColumn } = locate({ file: "x", ...place });
    expect(`${line}:${column}-${endLine}:${endColumn}`).toBe(expected);
    expect(lines[line - 1]?.slice(column - 1, endColumn - 1)).toBe(shown);
  });

  it.each([["[".repeat(20_000)], [""], ["a: ["], ["\t\t"], ["a: b: c"], ["\n\n"]])(
    "answers for broken text %#",
    (broken) => {
      const { line, endColumn } = createLocator(broken)({ file: "x", pointer: ["a", 0, "b"] });
      expect(line).toBeGreaterThanOrEqual(1);
      expect(endColumn).toBeGreaterThanOrEqual(1);
    },
  );
});

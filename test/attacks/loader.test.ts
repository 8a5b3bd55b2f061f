/**
 * Attacks on the loader: every rule of DESIGN 9 about YAML, tried through the front door. The attacker controls every
 * byte of a registry file; what he must never get is an entry that reviewer and program read differently, a reader
 * that hangs, or a silence.
 */
import { describe, expect, it } from "vitest";
import { treeOfTexts } from "../../src/core/model/tree.ts";
import { loadRegistry, scanTree } from "../../src/core/source/load.ts";
import { parseStrict } from "../../src/core/source/strict.ts";
import { cpuTime } from "../cpu-time.ts";

const path = "registry/governance/roles/fraud.yaml";
const fine = "title: Fraud\nmembers: [identity:alice]\n";
const model = (lines: string): string =>
  `title: M\nstate: experimental\nspec:\n  provider: provider:p\n  type: regression\n${lines}`;

/** Loads the attacked file beside a good one; gives the codes found in it. */
function attack(content: string | Uint8Array, attacked = path): string[] {
  const tree = treeOfTexts({ [attacked]: content, "registry/governance/roles/other.yaml": fine });
  const begin = cpuTime();
  const { registry, findings } = loadRegistry(scanTree(tree), parseStrict);
  expect(cpuTime() - begin).toBeLessThan(2_000);
  // The good file stands, whatever its neighbour does.
  expect(registry.get("role:other")?.value).toEqual({ title: "Fraud", members: ["identity:alice"] });
  expect(findings.every(({ at }) => at.file === attacked)).toBe(true);
  expect(registry.entries.map(({ ref }) => ref)).toEqual(["role:other"]);
  return findings.map(({ definition }) => definition.code);
}

const attacks: Readonly<Record<string, readonly (readonly [string, string | Uint8Array, string])[]>> = {
  "one document": [
    [
      "a second entry behind the reviewed one",
      `${fine}---\ntitle: Fraud\nmembers: [identity:mallory]\n`,
      "yaml/multiple-documents",
    ],
    ["an empty document in front", `---\n---\n${fine}`, "yaml/multiple-documents"],
    ["a second document behind an end mark", `${fine}...\n${fine}`, "yaml/multiple-documents"],
  ],
  "no directives": [
    ["YAML 1.1, where no is false", `%YAML 1.1\n---\n${fine}`, "yaml/directive"],
    ["a tag shorthand", `%TAG !e! tag:example.org,2000:\n---\n${fine}`, "yaml/directive"],
    ["an unknown directive", `%EVIL on\n---\n${fine}`, "yaml/directive"],
  ],
  "no anchors and aliases": [
    [
      "members that stand somewhere else",
      "title: &t Fraud\nmembers: [identity:alice]\nlabels: { t: *t }\n",
      "yaml/alias",
    ],
    ["an anchor nobody uses", "title: &t Fraud\nmembers: [identity:alice]\n", "yaml/anchor"],
    [
      "a billion laughs",
      `a: &a [x, x]\n${Array.from({ length: 25 }, (_, i) => `k${i}: &b${i} [*a, *a]\n`).join("")}`,
      "yaml/alias",
    ],
    ["an alias as key", "title: Fraud\n? *x\n: y\nmembers: []\n", "yaml/alias"],
    ["an alias to itself", "title: &x [*x]\n", "yaml/alias"],
  ],
  "no tags": [
    ["a number made a text", "title: !!str 1\nmembers: [identity:alice]\n", "yaml/tag"],
    ["a script made a value", "title: !!js/function 'function () {}'\n", "yaml/tag"],
    ["bytes hidden from review", "title: !!binary aGFjaw==\n", "yaml/tag"],
    ["a set", "title: Fraud\nmembers: !!set { identity:mallory }\n", "yaml/tag"],
    ["an own tag", "title: Fraud\nmembers: !include /etc/passwd\n", "yaml/leading-exclamation"],
    ["a negation that is lost", "title: Fraud\nwhen: !blocked\n", "yaml/leading-exclamation"],
    ["a verbatim tag", "title: !<tag:yaml.org,2002:str> Fraud\n", "yaml/tag"],
  ],
  "string keys only": [
    ["a number", `${fine}1: x\n`, "yaml/key-not-string"],
    ["null", `${fine}null: x\n`, "yaml/key-not-string"],
    ["true", `${fine}true: x\n`, "yaml/key-not-string"],
    ["a list", `${fine}? [a, b]\n: x\n`, "yaml/key-not-string"],
    ["a map", `${fine}? { a: b }\n: x\n`, "yaml/key-not-string"],
    ["nothing", `${fine}: x\n`, "yaml/key-not-string"],
  ],
  "no key twice": [
    ["members again, further down", `${fine}members: [identity:mallory]\n`, "yaml/duplicate-key"],
    ["once plain, once in quotes", `${fine}"members": [identity:mallory]\n`, "yaml/duplicate-key"],
    ["once plain, once as an escape", `${fine}"\\x6dembers": [identity:mallory]\n`, "yaml/duplicate-key"],
    ["between brackets", "title: Fraud\nlabels: { a: b, a: c }\nmembers: []\n", "yaml/duplicate-key"],
    ['1 beside "1"', `${fine}labels:\n  "1": a\n  1: b\n`, "yaml/duplicate-key"],
    ['true beside "true"', `${fine}labels: { "true": a, true: b }\n`, "yaml/duplicate-key"],
    ["0x1 beside 1", `${fine}labels: { 1: a, 0x1: b }\n`, "yaml/duplicate-key"],
  ],
  "safe integers": [
    ["two ids that round to one", `${fine}labels: { id: 9007199254740993 }\n`, "yaml/unsafe-integer"],
    ["below zero", `${fine}labels: { id: -9007199254740993 }\n`, "yaml/unsafe-integer"],
    ["as hexadecimal", `${fine}labels: { id: 0xFFFFFFFFFFFFFFFF }\n`, "yaml/unsafe-integer"],
    ["thousands of digits", `${fine}labels: { id: ${"9".repeat(300)} }\n`, "yaml/unsafe-integer"],
  ],
  "finite numbers": [
    ["infinity", `${fine}labels: { a: .inf }\n`, "yaml/not-finite"],
    ["below every threshold", `${fine}labels: { a: -.INF }\n`, "yaml/not-finite"],
    ["no number, which compares with nothing", `${fine}labels: { a: .NaN }\n`, "yaml/not-finite"],
    ["an exponent too large", `${fine}labels: { a: 1e400 }\n`, "yaml/not-finite"],
    ["digits too many", `${fine}labels: { a: ${"9".repeat(400)} }\n`, "yaml/not-finite"],
  ],
  "valid UTF-8": [
    ["a stray byte", bytesOf("title: Fr\u0000ud\n", [0xff]), "yaml/encoding"],
    ["an overlong slash", bytesOf("title: a\u0000b\n", [0xc0, 0xaf]), "yaml/encoding"],
    ["half a surrogate pair", bytesOf("title: a\u0000b\n", [0xed, 0xa0, 0x80]), "yaml/encoding"],
    ["a character cut off", bytesOf("title: a\u0000", [0xe2, 0x82]), "yaml/encoding"],
    ["UTF-16", new Uint8Array([0xff, 0xfe, 0x61, 0, 0x3a, 0, 0x20, 0, 0x62, 0]), "yaml/encoding"],
    ["half a surrogate pair as an escape", 'title: "\\ud800"\n', "yaml/control-character"],
  ],
  "no byte order mark": [
    ["in front", `\ufeff${fine}`, "yaml/bom"],
    ["in front of a comment", `\ufeff# note\n${fine}`, "yaml/bom"],
    [
      "inside, where nobody sees it",
      "title: Fr\ufeffaud\nmembers: [identity:alice]\n",
      "yaml/control-character",
    ],
  ],
  "no control characters": [
    ["a terminal escape", "title: Fraud \u001b[2J\nmembers: []\n", "yaml/control-character"],
    ["a NUL", "title: Fraud\u0000\n", "yaml/control-character"],
    [
      "a lone carriage return, which overwrites the line on a terminal",
      "title: Evil\rtitle: Fraud\n",
      "yaml/control-character",
    ],
    ["a C1 control", "title: Fraud\u009b2J\n", "yaml/control-character"],
    ["a next line", "title: Fraud\u0085members: []\n", "yaml/control-character"],
    ["as an escape", 'title: "Fraud\\e[2J"\nmembers: []\n', "yaml/control-character"],
    ["in a comment", `# \u0007\n${fine}`, "yaml/control-character"],
    ["in a key", `${fine}"a\\0b": c\n`, "yaml/control-character"],
  ],
  "no bidirectional characters": [
    ["a reversed name", "title: \u202edfraud\nmembers: []\n", "yaml/bidirectional"],
    ["an isolate", "title: a\u2066b\u2069\nmembers: []\n", "yaml/bidirectional"],
    ["in a comment, where it hides code", `# \u202e a \u2066\n${fine}`, "yaml/bidirectional"],
    ["as an escape", 'title: "\\u202edfraud"\nmembers: []\n', "yaml/bidirectional"],
    ["a mark", "title: a\u200fb\nmembers: []\n", "yaml/bidirectional"],
    ["an Arabic letter mark", "title: a\u061cb\nmembers: []\n", "yaml/bidirectional"],
  ],
  "no keys that reach into JavaScript": [
    ["__proto__", `${fine}__proto__: { admin: true }\n`, "yaml/forbidden-key"],
    ["constructor", `${fine}labels: { constructor: x }\n`, "yaml/forbidden-key"],
    ["prototype", `${fine}labels:\n  prototype: x\n`, "yaml/forbidden-key"],
    ["in quotes", `${fine}"__proto__": { admin: true }\n`, "yaml/forbidden-key"],
    ["as an escape", `${fine}"__pr\\x6fto__": { admin: true }\n`, "yaml/forbidden-key"],
    ["in a list", `${fine}links: [__proto__: x]\n`, "yaml/forbidden-key"],
  ],
  "no merge keys": [
    ["a map merged in", `${fine}labels:\n  <<: { a: b }\n`, "yaml/merge-key"],
    ["at the top", `<<: { members: [identity:mallory] }\n${fine}`, "yaml/merge-key"],
  ],
  "size before parsing": [
    [
      "a file of 256 KiB and one byte",
      `${fine}# ${"x".repeat(98)}\n`.padEnd(256 * 1024 + 1, `# ${"x".repeat(97)}\n`),
      "yaml/too-large",
    ],
    ["a file of 20 MiB", new Uint8Array(20 * 1024 * 1024).fill(35), "yaml/too-large"],
  ],
  "line length before parsing": [
    [
      "an expression beyond the edge of the screen",
      `title: Fraud${" ".repeat(2_000)}# x\nmembers: []\n`,
      "yaml/long-line",
    ],
    ["a comment", `# ${"x".repeat(2_000)}\n${fine}`, "yaml/long-line"],
    ["a line in a literal block", `${fine}description: |\n  ${"x".repeat(20_000)}\n`, "yaml/long-line"],
    [
      "what only looks like a literal block",
      `${fine}a: |\n  x\nb:\n  c: ${"x".repeat(2_000)}\n`,
      "yaml/long-line",
    ],
  ],
  depth: [
    ["brackets", `${fine}labels: ${"[".repeat(33)}${"]".repeat(33)}\n`, "yaml/too-deep"],
    ["maps", `${Array.from({ length: 40 }, (_, i) => `${" ".repeat(i)}a:`).join("\n")}\n`, "yaml/too-deep"],
    [
      "enough to exhaust the stack",
      `a: ${"[".repeat(1_900)}\n${`${"[".repeat(1_900)}\n`.repeat(100)}`,
      "yaml/too-deep",
    ],
  ],
  keys: [
    [
      "2,001 of them",
      `${fine}labels:\n${Array.from({ length: 2_001 }, (_, i) => `  k${i}: v\n`).join("")}`,
      "yaml/too-many-keys",
    ],
    ["20,000 of them", Array.from({ length: 20_000 }, (_, i) => `k${i}: v\n`).join(""), "yaml/too-many-keys"],
    [
      "20,000 without a value",
      Array.from({ length: 20_000 }, (_, i) => `? k${i}\n`).join(""),
      "yaml/too-many-keys",
    ],
  ],
  "a map, and something in it": [
    ["a list", "- title: Fraud\n", "yaml/not-a-map"],
    ["a text", "Fraud\n", "yaml/not-a-map"],
    ["nothing", "", "yaml/empty"],
    ["only blanks", " \n\n", "yaml/empty"],
    ["a null", "null\n", "yaml/not-a-map"],
  ],
  "well-formed": [
    ["a tab that looks like two spaces", "title: Fraud\nlabels:\n\ta: b\n", "yaml/syntax"],
    ["a quote left open", 'title: "Fraud\nmembers: []\n', "yaml/syntax"],
    ["a bracket left open", "title: Fraud\nmembers: [identity:alice\n", "yaml/syntax"],
  ],
};

/** A text whose NUL stands for bytes that are no UTF-8. */
function bytesOf(text: string, bytes: readonly number[]): Uint8Array {
  const [before = "", after = ""] = text.split("\u0000");
  const encoder = new TextEncoder();
  return Uint8Array.from([...encoder.encode(before), ...bytes, ...encoder.encode(after)]);
}

describe.each(Object.entries(attacks))("%s", (_, cases) => {
  it.each(cases)("%s", (_name, content, code) => {
    expect(attack(content)).toContain(code);
  });
});

describe("what survives parsing", () => {
  it("does not reach into prototypes", () => {
    attack(`${fine}__proto__: { polluted: true }\n`);
    attack(`${fine}constructor: { prototype: { polluted: true } }\n`);
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });

  it("does not let one file change how the next is read", () => {
    const tree = treeOfTexts({
      "registry/governance/roles/a.yaml": `${fine}labels: { "1": x, "null": y, "a b": z }\n`,
      "registry/governance/roles/b.yaml": `${fine}labels: { 1: x }\n`,
      "registry/governance/roles/c.yaml": `${fine}labels: { null: y }\n`,
    });
    const { findings } = loadRegistry(scanTree(tree), parseStrict);
    const codes = findings
      .filter(({ definition }) => definition.code.startsWith("yaml/"))
      .map(({ at, definition }) => `${at.file} ${definition.code}`);
    expect(codes).toEqual([
      "registry/governance/roles/b.yaml yaml/key-not-string",
      "registry/governance/roles/c.yaml yaml/key-not-string",
    ]);
  });

  it("reports the faults of a frozen kind in its file", () => {
    expect(attack(model("facts: { maturity: !x y }\n"), "registry/models/a/b/1.0.0.yaml")).toEqual([
      "yaml/leading-exclamation",
    ]);
  });
});

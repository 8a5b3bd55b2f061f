/** Cases about single files: YAML that is read strictly (DESIGN 9), and the shape that a kind's schema fixes. */
import type { Case, Files } from "./case.ts";

const provider = (text: string | Uint8Array): Files => ({ "registry/providers/x.yaml": text });
const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);
const ascii = (text: string): number[] => [...Buffer.from(text)];
const model = (more: string): Files => ({
  "registry/models/acme/a/1.0.0.yaml": `title: A\nspec:\n  provider: provider:acme\n  upstreamId: a\n  type: completion\n${more}`,
});

export const yaml: readonly Case[] = [
  {
    name: "larger than 256 KiB",
    files: provider(`title: X\n${"# x\n".repeat(70_000)}`),
    elsewhere: ["yaml/too-large registry/providers/x.yaml 1:1-1:1"],
  },
  {
    name: "no UTF-8",
    files: provider(bytes(...ascii("title: "), 0xc3, 0x28, 0x0a)),
    elsewhere: ["yaml/encoding registry/providers/x.yaml 1:8-1:9"],
  },
  {
    name: "a byte order mark",
    files: provider(bytes(0xef, 0xbb, 0xbf, ...ascii("title: X\n"))),
    elsewhere: ["yaml/bom registry/providers/x.yaml 1:1-1:2"],
  },
  { name: "a control character", files: provider("title: a⟦yaml/control-character|\u0007⟧b\n") },
  { name: "a character that turns text around", files: provider("title: a⟦yaml/bidirectional|\u202e⟧b\n") },
  { name: "a line of 2,001 characters", files: provider(`title: "${"x".repeat(1992)}⟦yaml/long-line|"⟧\n`) },
  { name: "a quote that never ends", files: provider('title: ⟦yaml/syntax|"X⟧\n') },
  { name: "a key twice", files: provider("title: X\n⟦yaml/duplicate-key|title⟧: Y\n") },
  {
    name: "an anchor and an alias",
    files: provider("title: ⟦yaml/anchor|&a⟧ X\ndescription: ⟦yaml/alias|*a⟧\n"),
  },
  { name: "a tag", files: provider("title: ⟦yaml/tag|!!str⟧ X\n") },
  {
    name: "an expression without quotes",
    files: {
      "registry/governance/approval-policies/a.yaml":
        'match: { kinds: [Model] }\nrequire: {}\ntitle: ⟦yaml/leading-exclamation|!(⟧"eu" in labels)\n',
    },
  },
  { name: "a directive", files: provider("⟦yaml/directive|%YAML 1.2⟧\n---\ntitle: X\n") },
  { name: "two documents", files: provider("title: X\n⟦yaml/multiple-documents|---⟧\ntitle: Y\n") },
  { name: "a number as a key", files: provider("title: X\n⟦yaml/key-not-string|1⟧: one\n") },
  {
    name: "a key that reaches into the language",
    files: provider("title: X\nlabels:\n  ⟦yaml/forbidden-key|__proto__⟧: x\n"),
  },
  { name: "a merge key", files: provider("title: X\n⟦yaml/merge-key|<<⟧: { docs: https://x.example }\n") },
  { name: "a number too large", files: provider("title: ⟦yaml/unsafe-integer|9007199254740993⟧\n") },
  { name: "a number without end", files: provider("title: ⟦yaml/not-finite|.inf⟧\n") },
  { name: "33 levels", files: provider(`title: ${"[".repeat(31)}⟦yaml/too-deep|[⟧${"]".repeat(32)}\n`) },
  {
    name: "more than 2,000 keys",
    files: provider(
      `title: X\nlabels:\n${Array.from({ length: 1998 }, (_, i) => `  k${i}: x\n`).join("")}  last⟦yaml/too-many-keys|:⟧ x\n`,
    ),
  },
  { name: "a list", files: provider("⟦yaml/not-a-map|- title: X\n⟧") },
  { name: "nothing", files: provider(""), elsewhere: ["yaml/empty registry/providers/x.yaml 1:1-1:1"] },
];

export const schema: readonly Case[] = [
  {
    name: "a field is missing",
    files: {
      "registry/models/acme/a/1.0.0.yaml":
        "title: A\n⟦schema/required|spec⟧:\n  upstreamId: a\n  type: image\n",
    },
  },
  { name: "a key misspelt", files: provider("⟦schema/unknown-key|titel⟧: X\n") },
  { name: "a key that the path says already", files: provider("⟦schema/written-by-hand|id⟧: x\n") },
  { name: "a label with a blank", files: provider("title: X\nlabels: { ⟦schema/key-pattern|a b⟧: x }\n") },
  { name: "a number for a text", files: provider("title: ⟦schema/type|1.10⟧\n") },
  {
    name: "a word that the field does not know",
    files: {
      "registry/usecases/acme/s.yaml": "purpose: Try.\nowner: role:owners\nriskTier: ⟦schema/enum|hihg⟧\n",
    },
  },
  {
    name: "another version of the format",
    files: provider("apiVersion: ⟦schema/const|assent/v2⟧\ntitle: X\n"),
  },
  { name: "a reference without its prefix", files: provider("owner: ⟦schema/pattern|owners⟧\n") },
  {
    name: "a day that does not exist",
    files: {
      "registry/usecases/acme/s.yaml":
        'purpose: Try.\nowner: role:owners\nriskTier: low\nreviewBy: ⟦schema/format|"2027-02-30"⟧\n',
    },
  },
  {
    name: "a number out of bounds",
    files: model("facts:\n  capabilities: { contextLength: 1, maxOutputTokens: ⟦schema/range|-1⟧ }\n"),
  },
  { name: "a text without characters", files: provider('title: X\ndescription: ⟦schema/length|""⟧\n') },
  { name: "a word twice", files: provider("title: X\ntags: [a, ⟦schema/duplicate-item|a⟧]\n") },
  {
    name: "fields that exclude each other",
    files: {
      "registry/governance/approval-policies/a.yaml":
        "match: { paths: [a], ⟦schema/not-together|kinds⟧: [Model] }\nrequire: { approvals: [{ role: role:owners }] }\n",
    },
  },
  {
    name: "none of the fields of which one must stand",
    files: { "registry/registry.yaml": "title: Test\nid: test\nwitness:\n  - ⟦schema/exactly-one|{}⟧\n" },
  },
];

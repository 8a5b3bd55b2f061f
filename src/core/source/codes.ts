/**
 * What can be wrong with a file before anybody asks what it means: its bytes and its YAML (DESIGN 2 and 9).
 * Only the definitions stand here, so that a table of all codes can be made without loading a parser.
 */
import { defineCode } from "../model/diagnostic.ts";

const base = { severity: "error", category: "invalid" } as const;

export const tooLarge = defineCode({
  ...base,
  code: "yaml/too-large",
  summary: "The file is larger than 256 KiB.",
  why: "A registry file is read by people and by every run; a bound keeps one file from slowing all of them.",
  fix: "Keep large texts and weights outside the registry and refer to them by uri and digest.",
});

export const encoding = defineCode({
  ...base,
  code: "yaml/encoding",
  summary: "The file is not valid UTF-8.",
  why: "Bytes that are no UTF-8 are shown differently by every tool, so nobody knows what was approved.",
  fix: "Save the file as UTF-8.",
});

export const byteOrderMark = defineCode({
  ...base,
  code: "yaml/bom",
  summary: "The file begins with a byte order mark.",
  why: "The mark is invisible, changes the digest of the file and is read as content by some tools.",
  fix: "Save the file as UTF-8 without a byte order mark.",
});

export const controlCharacter = defineCode({
  ...base,
  code: "yaml/control-character",
  summary: "A control character or another invisible code point stands in the file.",
  why: "What cannot be seen in a review cannot be approved, and terminals obey some of these characters.",
  fix: "Delete the character. Lines end with LF or CR LF; tabs may stand inside a line.",
});

export const bidirectional = defineCode({
  ...base,
  code: "yaml/bidirectional",
  summary: "A character that reverses the direction of text stands in the file.",
  why: "Such characters make a reviewer see another order of words than the program reads.",
  fix: "Delete the character; right-to-left scripts need no such mark here.",
});

export const longLine = defineCode({
  ...base,
  code: "yaml/long-line",
  summary: "A line is longer than 2,000 characters (20,000 inside a literal block).",
  why: "Nobody reviews what lies beyond the edge of the screen, and long lines slow every reader down.",
  fix: "Break the text into lines, or write it as a literal block (`key: |`).",
});

export const syntax = defineCode({
  ...base,
  code: "yaml/syntax",
  summary: "The file is not well-formed YAML.",
  why: "Nothing in the file can be trusted to mean what it seems to say.",
  fix: "Indent with two spaces, put a space after each colon, and quote values that hold `: ` or ` #`.",
});

export const duplicateKey = defineCode({
  ...base,
  code: "yaml/duplicate-key",
  summary: "A key stands twice in the same map.",
  why: "Readers disagree on which of the two counts, so the file would mean different things in different places.",
  fix: "Keep one of the two.",
  example: { bad: "title: One\ntitle: Two\n", good: "title: Two\n" },
});

export const anchor = defineCode({
  ...base,
  code: "yaml/anchor",
  summary: "The file names a value with an anchor (`&name`).",
  why: "Anchors let a line far away change what this line means; a diff then no longer shows what changes.",
  fix: "Delete the anchor and write the value out where it is needed. Quote a text that begins with `&`.",
});

export const alias = defineCode({
  ...base,
  code: "yaml/alias",
  summary: "The file refers to an anchor with an alias (`*name`).",
  why: "An alias can blow a small file up to gigabytes, and a diff no longer shows what changes.",
  fix: "Write the value out. Quote a text that begins with `*`.",
  example: { bad: "path: *\n", good: 'path: "*"\n' },
});

export const tag = defineCode({
  ...base,
  code: "yaml/tag",
  summary: "A value carries a YAML tag (`!!type`).",
  why: "Tags make a value mean something else than what is written, and readers differ in which they know.",
  fix: "Delete the tag; write texts in quotes where they would be read as something else.",
});

export const leadingExclamation = defineCode({
  ...base,
  code: "yaml/leading-exclamation",
  summary: "A value begins with `!`, which YAML reads as a tag.",
  why: "The part up to the next space is lost from the value: an expression would lose its negation.",
  fix: "Put the whole value in quotes.",
  example: { bad: 'when: !("eu" in labels)\n', good: "when: '!(\"eu\" in labels)'\n" },
});

export const directive = defineCode({
  ...base,
  code: "yaml/directive",
  summary: "The file holds a YAML directive (a line that begins with `%`).",
  why: "A directive such as `%YAML 1.1` changes the meaning of plain words like `no` in the whole file.",
  fix: "Delete the line.",
});

export const multipleDocuments = defineCode({
  ...base,
  code: "yaml/multiple-documents",
  summary: "The file holds more than one YAML document.",
  why: "The path of a file is the identity of one entry; a second document would have none.",
  fix: "Move the second document into its own file, or delete the `---`.",
});

export const keyNotString = defineCode({
  ...base,
  code: "yaml/key-not-string",
  summary: "A key is not a text.",
  why: "Keys such as `1`, `true` or `null` become texts in some readers and not in others.",
  fix: "Put the key in quotes.",
  example: { bad: "1: first\n", good: '"1": first\n' },
});

export const forbiddenKey = defineCode({
  ...base,
  code: "yaml/forbidden-key",
  summary: "The key is `__proto__`, `constructor` or `prototype`.",
  why: "These keys reach into the workings of JavaScript programs that read the registry.",
  fix: "Choose another key.",
});

export const mergeKey = defineCode({
  ...base,
  code: "yaml/merge-key",
  summary: "The file uses the merge key `<<`.",
  why: "Some readers merge another map in, others see a key named `<<`: the file would mean two things.",
  fix: "Write the merged keys out.",
});

export const unsafeInteger = defineCode({
  ...base,
  code: "yaml/unsafe-integer",
  summary: "A whole number is too large to be kept exactly.",
  why: "Beyond 9007199254740991 numbers are rounded, so two different files would have the same digest.",
  fix: "Write it in quotes if it is an identifier; otherwise use a larger unit.",
});

export const notFinite = defineCode({
  ...base,
  code: "yaml/not-finite",
  summary: "A number is infinite or not a number.",
  why: "JSON has no such numbers, so the entry could have no digest and no place in a snapshot.",
  fix: "Leave the key out, or write a finite number.",
});

export const tooDeep = defineCode({
  ...base,
  code: "yaml/too-deep",
  summary: "Maps and lists are nested more than 32 deep.",
  why: "Deep nesting exhausts the stack of the programs that read the file.",
  fix: "Flatten the structure.",
});

export const tooManyKeys = defineCode({
  ...base,
  code: "yaml/too-many-keys",
  summary: "The file holds more than 2,000 keys.",
  why: "An entry is read whole by every reader; a bound keeps one file from slowing all of them.",
  fix: "Split the entry, or keep the data outside the registry and refer to it by uri and digest.",
});

export const notAMap = defineCode({
  ...base,
  code: "yaml/not-a-map",
  summary: "The file is not a map of keys to values.",
  why: "Every entry is a map; a single value or a list has no fields to check.",
  fix: "Write `key: value` lines; `assent new` shows what an entry of this kind looks like.",
});

export const empty = defineCode({
  ...base,
  code: "yaml/empty",
  summary: "The file is empty.",
  why: "A path below registry/ says that an entry exists; an empty file says nothing about it.",
  fix: "Write the entry, or delete the file.",
});

/** Every code of the loader, for the table of all codes. */
export const sourceCodes = [
  tooLarge,
  encoding,
  byteOrderMark,
  controlCharacter,
  bidirectional,
  longLine,
  syntax,
  duplicateKey,
  anchor,
  alias,
  tag,
  leadingExclamation,
  directive,
  multipleDocuments,
  keyNotString,
  forbiddenKey,
  mergeKey,
  unsafeInteger,
  notFinite,
  tooDeep,
  tooManyKeys,
  notAMap,
  empty,
] as const;

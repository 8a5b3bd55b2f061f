/** The codes of findings about a file's shape, which its kind's schema fixes (DESIGN 3). Definitions only, no logic. */
import { defineCode, type CodeDefinition } from "../model/diagnostic.ts";

const define = <const C extends string>(
  code: C,
  summary: string,
  why: string,
  fix: string,
  example?: { bad: string; good: string },
): CodeDefinition =>
  defineCode({
    code,
    severity: "error",
    category: "invalid",
    summary,
    why,
    fix,
    ...(example && { example }),
  });

export const required = define(
  "schema/required",
  "A field is missing.",
  "What reads the entry relies on this field; without it nobody can tell what was meant.",
  "Add the field. The editor completes it, and `assent new` writes files that have all of them.",
  {
    bad: "spec:\n  upstreamId: gpt-4o\n  type: completion",
    good: "spec:\n  provider: provider:openai\n  upstreamId: gpt-4o\n  type: completion",
  },
);

export const unknownKey = define(
  "schema/unknown-key",
  "A key stands where the kind has no such field.",
  "A misspelt key would be ignored in silence, and what it was meant to say would not hold.",
  "Correct the spelling, move the key to the block it belongs to, or put your own metadata below `extensions`.",
  { bad: "capabilities:\n  contextlength: 128000", good: "capabilities:\n  contextLength: 128000" },
);

export const writtenByHand = define(
  "schema/written-by-hand",
  "A key says what the path or git already says.",
  "Whatever is written twice will one day disagree: the path is the identity, the folder is the kind, and git knows who changed what and when.",
  "Remove the key.",
  { bad: "id: openai/gpt-4o\nversion: 1.0.0", good: "title: GPT-4o" },
);

export const keyPattern = define(
  "schema/key-pattern",
  "A name chosen by you is not spelled as names here are.",
  "Names become references, columns and parts of expressions, so they are kept short and free of blanks and signs.",
  "Spell the name as the message says.",
);

export const type = define(
  "schema/type",
  "A value is of another type than the field holds.",
  "A text where a number is expected (or the other way round) is compared and computed with wrongly.",
  "Write a value of the expected type. In YAML, `1.10`, `2024-05` and `true` are no texts unless they stand in quotes.",
  { bad: "bundle: 1.4", good: 'bundle: "1.4.0"' },
);

export const enumeration = define(
  "schema/enum",
  "A value is none of the words the field knows.",
  "Rules, approvals and reports decide by these words; another one would fall through all of them.",
  "Take one of the words that the message lists.",
  { bad: "riskTier: hihg", good: "riskTier: high" },
);

export const constant = define(
  "schema/const",
  "The field holds one fixed value, and this is another.",
  "The value tells readers how to read the file.",
  "Write the value that the message names, or leave the field out.",
);

export const pattern = define(
  "schema/pattern",
  "A text is not spelled as the field asks.",
  "The spelling is what makes a reference, a digest or an address mean one thing only.",
  "Spell it like the example in the message.",
  { bad: "provider: openai", good: "provider: provider:openai" },
);

export const format = define(
  "schema/format",
  "A date, an instant, a duration or a version is not one.",
  "Expiries, soak times and version ranges are computed from these; a day that does not exist has no order.",
  'Write dates as "2027-03-31", instants as "2026-07-01T10:00:00Z", durations as P90D or PT5S, versions as "1.4.0".',
  { bad: 'reviewBy: "2027-02-30"', good: 'reviewBy: "2027-02-28"' },
);

export const range = define(
  "schema/range",
  "A number is too small or too large.",
  "The number cannot be right; a score lies between 0 and 1, a count is not negative.",
  "Write a number within the bounds that the message names.",
);

export const length = define(
  "schema/length",
  "A text, list or map holds too little or too much.",
  "Bounds keep every file small enough to read and to review.",
  "Shorten it, or put large content elsewhere and refer to it by its digest.",
);

export const duplicateItem = define(
  "schema/duplicate-item",
  "A list names the same thing twice.",
  "The second mention changes nothing, so one of the two was probably meant to be something else.",
  "Remove one of them, or correct it.",
);

export const exactlyOne = define(
  "schema/exactly-one",
  "Of several fields exactly one must stand.",
  "With two of them nobody could say which one holds; with none nothing is said.",
  "Keep the one that is meant.",
  { bad: "- role: prompt", good: "- role: prompt\n  text: You are a careful assistant." },
);

export const notTogether = define(
  "schema/not-together",
  "Two fields stand together that exclude each other.",
  "Together they would mean two different things.",
  "Keep one of them.",
);

export const invalid = define(
  "schema/invalid",
  "The file does not fit its kind's schema.",
  "Entries that do not fit are not read.",
  "Compare the file with an example of its kind: `assent new <kind>` writes one.",
);

/** All of them. `schema/invalid` is the last resort of a fault that nothing explains; it should never be seen. */
export const schemaCodes: readonly CodeDefinition[] = [
  required,
  unknownKey,
  writtenByHand,
  keyPattern,
  type,
  enumeration,
  constant,
  pattern,
  format,
  range,
  length,
  duplicateItem,
  exactlyOne,
  notTogether,
  invalid,
];

/**
 * What the YAML library says about broken syntax, in words for people who edit YAML once a month.
 * Only wording stands here; where a fault is and that it is one, the library decides.
 */
import type { ErrorCode } from "yaml";

export interface Wording {
  readonly message: string;
  readonly hint?: string;
}

/** Words for one error of the library; its own sentence where none of ours fits. */
export function wordingOf(code: ErrorCode, message: string): Wording {
  for (const { code: its, text, wording } of wordings) {
    if (its === code && message.includes(text)) return wording;
  }
  const first = (message.split("\n")[0] ?? "").slice(0, 200);
  return { message: /[.!?]$/.test(first) ? first : `${first}.` };
}

const wordings: readonly { readonly code: ErrorCode; readonly text: string; readonly wording: Wording }[] = [
  {
    code: "BLOCK_AS_IMPLICIT_KEY",
    text: "Nested mappings",
    wording: {
      message: "A `: ` further on makes a key of this value.",
      hint: "Put the value in quotes, or indent the next line like this key.",
    },
  },
  {
    code: "BLOCK_AS_IMPLICIT_KEY",
    text: "block sequence",
    wording: {
      message: "A list item `- ` stands behind a key.",
      hint: "Begin the list on the next line, or put the value in quotes.",
    },
  },
  {
    code: "UNEXPECTED_TOKEN",
    text: "block-seq-ind on same line",
    wording: {
      message: "A list item `- ` stands behind a key.",
      hint: "Begin the list on the next line, or put the value in quotes.",
    },
  },
  {
    code: "UNEXPECTED_TOKEN",
    text: "at node end",
    wording: {
      message: "Something follows a value that has ended.",
      hint: "Put the whole value in quotes; inside single quotes, write '' for '.",
    },
  },
  {
    code: "UNEXPECTED_TOKEN",
    text: "in YAML stream",
    wording: {
      message: "What stands here belongs to no key.",
      hint: "An entry is a map: `key: value` lines in the first column.",
    },
  },
  {
    code: "MISSING_CHAR",
    text: "Implicit map keys need",
    wording: {
      message: "A key without a colon stands here.",
      hint: "Write `key: value`, with a space after the colon.",
    },
  },
  {
    code: "MULTILINE_IMPLICIT_KEY",
    text: "",
    wording: {
      message: "A key goes over several lines here.",
      hint: "A line above is missing its colon, or a quote or bracket is not closed.",
    },
  },
  {
    code: "BAD_INDENT",
    text: "same column",
    wording: {
      message: "This line does not stand in the same column as the others of its map or list.",
      hint: "Indent with two spaces; keys of one map, and dashes of one list, stand in one column.",
    },
  },
  {
    code: "BAD_INDENT",
    text: "Flow map",
    wording: {
      message: "The map that begins with `{` is not closed, or goes on in the first column.",
      hint: "Close it with `}`.",
    },
  },
  {
    code: "BAD_INDENT",
    text: "Flow sequence",
    wording: {
      message: "The list that begins with `[` is not closed, or goes on in the first column.",
      hint: "Close it with `]`.",
    },
  },
  {
    code: "MISSING_CHAR",
    text: "Missing , ",
    wording: {
      message: "A comma is missing before this.",
      hint: "Separate what stands between brackets with commas.",
    },
  },
  {
    code: "TAB_AS_INDENT",
    text: "",
    wording: { message: "A tab indents this line.", hint: "Indent with spaces." },
  },
  {
    code: "BAD_SCALAR_START",
    text: "",
    wording: { message: "A value cannot begin with this character.", hint: "Put the value in quotes." },
  },
  {
    code: "BAD_DQ_ESCAPE",
    text: "",
    wording: {
      message: "This backslash begins no escape that YAML knows.",
      hint: "Write `\\\\` for a backslash, or put the text in single quotes.",
    },
  },
];

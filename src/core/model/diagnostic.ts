/**
 * The vocabulary of findings: what a code means, and where a finding points.
 * A finding points symbolically (file, pointer); it becomes line:column once, when it is rendered.
 * This module must never format text for a terminal or read a file.
 */
import type { Pointer } from "./json.ts";

export type Severity = "error" | "warning" | "info";

/** Only `conflict` and `unavailable` may be retried (DESIGN 9). */
export type Category = "invalid" | "gate" | "unknown" | "auth" | "internal" | "conflict" | "unavailable";

/** One code of the product: its page (`assent explain <code>`) is made from this. Codes are never reused. */
export interface CodeDefinition {
  /** `area/kebab-case`. */
  readonly code: string;
  readonly severity: Severity;
  readonly category: Category;
  /** One line: what is wrong. */
  readonly summary: string;
  /** Why it matters, in one to three sentences. */
  readonly why: string;
  /** How to mend it, in one to three sentences. */
  readonly fix: string;
  /** A short YAML example of the fault and of its repair, where one helps. */
  readonly example?: { readonly bad: string; readonly good: string };
}

/** A place in a file, as precise as the finder knows it. */
export interface Location {
  /** Relative to the repository, `/`-separated. */
  readonly file: string;
  /** The value pointed at; absent = the whole file. */
  readonly pointer?: Pointer;
  /** Point at the key instead of the value of the last pointer step. */
  readonly part?: "key" | "value";
  /** UTF-16 offsets inside the pointed string value (a caret inside a CEL expression, say). */
  readonly within?: { readonly start: number; readonly end: number };
  /** UTF-16 offsets in the file's text, where no pointer exists (syntax, encoding). */
  readonly span?: { readonly start: number; readonly end: number };
}

/** One thing that is wrong with the data. */
export interface Finding {
  readonly definition: CodeDefinition;
  /** What is wrong here, with the offending value; a sentence. */
  readonly message: string;
  /** How to mend it here; falls back to the definition's `fix`. */
  readonly hint?: string;
  readonly at: Location;
  /** The reference of the entry concerned, where there is one. */
  readonly subject?: string;
  /** Overrides the definition's severity (observe mode, say). */
  readonly severity?: Severity;
  readonly related?: readonly { readonly message: string; readonly at: Location }[];
  /** The one right replacement of the pointed value, where there is exactly one (`lint --fix`). */
  readonly repair?: Repair;
}

/** A repair that `lint --fix` may apply because no other answer is right. */
export type Repair =
  | {
      readonly kind: "set";
      readonly file: string;
      readonly pointer: Pointer;
      readonly value: import("./json.ts").Json;
    }
  | { readonly kind: "write"; readonly file: string; readonly text: string }
  /** The scalar that stands there, in quotes exactly as it is written. */
  | { readonly kind: "quote"; readonly file: string; readonly pointer: Pointer }
  /** The same bytes as an ordinary file that is not executable. */
  | { readonly kind: "rewrite"; readonly file: string }
  /** Done only where nothing stands at `to` and nothing else is to be renamed to it. */
  | { readonly kind: "rename"; readonly file: string; readonly to: string }
  /** Only for what nobody wrote: a leftover of this program. */
  | { readonly kind: "delete"; readonly file: string };

/** Whether a category may be retried (DESIGN 9). */
export function isRetryable(category: Category): boolean {
  return category === "conflict" || category === "unavailable";
}

/** Checks a code's definition at the type level and returns it unchanged. */
export function defineCode<const D extends CodeDefinition>(definition: D): D {
  return definition;
}

/**
 * How runs of other programs are read: a format turns a text into one run as `evaluation add` takes it, and says what it
 * could not. It must never invent what nobody measured: what the file does not say is asked for with flags.
 */
import type { JsonObject } from "../../model/json.ts";
import { unwanted, codePoint } from "../../source/text.ts";

/** A results file may be this large; what it becomes is held to the bounds of entries on top. */
export const MAX_RESULTS_BYTES = 16 * 1024 * 1024;

/** What is known about the run besides the file. */
export interface RunContext {
  /** The ids of the suite's cases; none where it lists none or is not known. */
  readonly cases: ReadonlySet<string>;
  /** Only these tasks of the file, where it holds several; all when empty. */
  readonly tasks: readonly string[];
  /** Whether what cases said is taken over. */
  readonly messages: boolean;
}

/** Why a text is not read; an offset in UTF-16 units. */
export interface RunFault {
  readonly reason: string;
  readonly offset: number;
  readonly hint?: string;
}

/** A run, with what a reader should know about it, or the faults that refuse it. */
export type RunRead =
  | { readonly run: JsonObject; readonly notes: readonly string[] }
  | { readonly faults: readonly RunFault[] };

/** A way to read results. One file and one line in the table (index.ts) each. */
export interface RunFormat {
  /** As typed: `assent evaluation add <file> --from <name>`. */
  readonly name: string;
  /** One line for help. */
  readonly summary: string;
  /** Whether a text looks like this format, by its beginning and its keys; used where nobody says. */
  looksRight(text: string): boolean;
  read(text: string, context: RunContext): RunRead;
}

/** Seconds as a duration, to the microsecond; undefined where the number is none that a run can take. */
export function durationOf(seconds: number): string | undefined {
  if (!Number.isFinite(seconds) || seconds < 0 || seconds >= 1e9) return undefined;
  const text = seconds
    .toFixed(6)
    .replace(/(\.\d*?)0+$/, "$1")
    .replace(/\.$/, "");
  return `PT${text}S`;
}

/** Text of another program as an entry may hold it: what cannot be seen is spelled out, and it ends after `most` signs. */
export function cleanText(text: string, most: number): string {
  let clean = text
    .replaceAll(/\r\n?/g, "\n")
    .trim()
    .slice(0, most * 4);
  for (let bad = unwanted(clean); bad !== undefined; bad = unwanted(clean))
    clean = `${clean.slice(0, bad.at)}<${codePoint(clean, bad.at)}>${clean.slice(bad.at + 1)}`;
  return clean.length <= most ? clean : `${clean.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, "")}\u2026`;
}

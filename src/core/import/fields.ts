/**
 * The fields of one foreign table, read by form. A value of another form than its field is reported once and is then
 * absent: a wrong limit is worse than none. This module must never guess what a wrong value was meant to be.
 */
import type { CodeDefinition } from "../model/diagnostic.ts";
import { isObject, type Json, type JsonObject } from "../model/json.ts";
import * as codes from "./codes.ts";
import { isPartialDate } from "./model-facts.ts";
import { count } from "./record.ts";
import { cleanLine, quoted } from "./text.ts";

/** Reports something about the record at hand; the caller knows the file. */
export type Report = (definition: CodeDefinition, message: string) => void;

/** Where findings and counts of a record go. */
export interface Sink {
  readonly report: Report;
  /** Keys of the source without a field here, with how many records carried them. */
  readonly dropped: Map<string, number>;
}

export interface Fields {
  readonly value: JsonObject;
  /** Clean text on one line; blank text is absent. */
  text(key: string, most: number): string | undefined;
  flag(key: string): boolean | undefined;
  /** `YYYY-MM-DD` or `YYYY-MM`. */
  date(key: string): string | undefined;
  /** A count of at least 1; 0 means that nobody knows it, and is counted as left out. */
  size(key: string): number | undefined;
  /** Those words of a list that are among the known ones; the others are reported. */
  words(key: string, known: ReadonlySet<string>): readonly string[] | undefined;
  /** The table below a key; an empty one where there is none. */
  table(key: string): Fields;
  /** Counts every key but these as dropped. */
  countOthers(known: ReadonlySet<string>): void;
  /** Reports a value as unfit; always undefined, so that a reader can return it. */
  wrong(key: string, what: string): undefined;
}

/** Opens a table. `path` is the dotted path of the table with a final dot, for messages. */
export function fieldsOf(value: JsonObject, sink: Sink, path = ""): Fields {
  const reported = new Set<string>();
  const wrong = (key: string, what: string): undefined => {
    if (reported.has(key)) return undefined;
    reported.add(key);
    sink.report(codes.illegalValue, `${path}${key} ${quoted(JSON.stringify(value[key]) ?? "")} is ${what}.`);
    return undefined;
  };
  const of = (key: string): Json | undefined => (Object.hasOwn(value, key) ? value[key] : undefined);
  return {
    value,
    wrong,
    text(key, most) {
      const found = of(key);
      if (found === undefined) return undefined;
      if (typeof found !== "string") return wrong(key, "no text");
      return cleanLine(found, most).text || undefined;
    },
    flag(key) {
      const found = of(key);
      return found === undefined || typeof found === "boolean" ? found : wrong(key, "neither true nor false");
    },
    date(key) {
      const found = of(key);
      if (found === undefined) return undefined;
      return typeof found === "string" && isPartialDate(found)
        ? found
        : wrong(key, "no date (YYYY-MM-DD or YYYY-MM)");
    },
    size(key) {
      const found = of(key);
      if (found === undefined) return undefined;
      if (found === 0) {
        count(sink.dropped, `${path}${key} = 0`);
        return undefined;
      }
      if (typeof found === "number" && Number.isSafeInteger(found) && found > 0 && found <= mostTokens)
        return found;
      return wrong(key, "no whole number of tokens");
    },
    words(key, known) {
      const found = of(key);
      if (found === undefined) return undefined;
      const list: readonly Json[] = Array.isArray(found) ? found : [];
      const words = list.filter((word): word is string => typeof word === "string" && known.has(word));
      if (!Array.isArray(found) || words.length !== list.length)
        wrong(key, `no list of ${[...known].join(", ")}`);
      return words.length === 0 ? undefined : [...new Set(words)];
    },
    table(key) {
      const found = of(key);
      if (found !== undefined && !isObject(found)) wrong(key, "no table");
      return fieldsOf(isObject(found) ? found : {}, sink, `${path}${key}.`);
    },
    countOthers(known) {
      for (const key of Object.keys(value))
        if (!known.has(key)) count(sink.dropped, path + cleanLine(key, 60).text);
    },
  };
}

/** What the registry's schemas take for a number of tokens. */
const mostTokens = 1_000_000_000_000;

/**
 * Collects what is wrong with one file. A file of 100,000 faults must not become 100,000 findings:
 * the first ones of each code are kept, and the last of them says how many more there are.
 */
import type { CodeDefinition, Finding } from "../model/diagnostic.ts";

/** How many findings of one code a file may have. */
const MOST = 20;

interface Kept {
  readonly definition: CodeDefinition;
  readonly message: string;
  readonly hint: string | undefined;
  readonly start: number;
  readonly end: number;
}

export interface Faults {
  /** Records a fault at UTF-16 offsets of the file's text. */
  add(definition: CodeDefinition, message: string, start: number, end: number, hint?: string): void;
  /** Whether a fault of this code was recorded. */
  has(definition: CodeDefinition): boolean;
  /** Whether a fault, of one of these codes if given, was recorded inside these offsets. */
  overlaps(start: number, end: number, definitions?: readonly CodeDefinition[]): boolean;
  readonly count: number;
  /** The findings in the order of their positions. */
  findings(): readonly Finding[];
}

/** A collector for the file at `path`. */
export function collectFaults(path: string): Faults {
  const kept: Kept[] = [];
  const counts = new Map<string, number>();
  return {
    add(definition, message, start, end, hint) {
      const count = (counts.get(definition.code) ?? 0) + 1;
      counts.set(definition.code, count);
      if (count <= MOST) kept.push({ definition, message, hint, start, end });
    },
    has: (definition) => counts.has(definition.code),
    overlaps: (start, end, definitions) =>
      kept.some(
        (fault) =>
          fault.start >= start &&
          fault.start < end &&
          (definitions === undefined || definitions.includes(fault.definition)),
      ),
    get count() {
      return kept.length;
    },
    findings() {
      const seen = new Map<string, number>();
      const sorted = [...kept].sort((a, b) => a.start - b.start || a.end - b.end);
      return sorted.map(({ definition, message, hint, start, end }) => {
        const nth = (seen.get(definition.code) ?? 0) + 1;
        seen.set(definition.code, nth);
        const more = nth === MOST ? (counts.get(definition.code) ?? 0) - MOST : 0;
        return {
          definition,
          message: more > 0 ? `${message} ${more} more of this code are not listed.` : message,
          ...(hint === undefined ? {} : { hint }),
          at: { file: path, span: { start, end } },
        };
      });
    },
  };
}

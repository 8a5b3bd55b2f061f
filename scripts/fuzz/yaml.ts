/**
 * The differential test of the two parsers: whatever the fast one accepts, the judge accepts without findings and
 * reads as the very same value, keys in the same order; and `yaml` itself, called plainly, agrees.
 */
import { parse } from "yaml";
import { parseFast } from "../../src/core/source/parse.ts";
import { parseStrict } from "../../src/core/source/strict.ts";
import { documentAt } from "./documents.ts";

export interface Difference {
  readonly index: number;
  readonly text: string;
  readonly fast: string;
  readonly judge: string;
}

export interface FuzzResult {
  readonly documents: number;
  /** How many the fast parser accepted; a run that accepts little proves little. */
  readonly accepted: number;
  readonly differences: readonly Difference[];
}

/** Compares the parsers on `count` documents of a seed. */
export function fuzzYaml(seed: number, count: number, files: readonly string[], most = 10): FuzzResult {
  const differences: Difference[] = [];
  let accepted = 0;
  for (let index = 0; index < count && differences.length < most; index++) {
    const bytes = documentAt(seed, index, files);
    const fast = parseFast(bytes);
    const judged = parseStrict("fuzz.yaml", bytes);
    if (fast === undefined) continue;
    accepted++;
    const text = new TextDecoder().decode(bytes);
    const judge =
      judged.findings.length > 0
        ? judged.findings.map(({ definition }) => definition.code).join()
        : exact(judged.value);
    const library = exact(parse(text, { schema: "core", version: "1.2" }));
    if (exact(fast) !== judge || exact(fast) !== library) {
      differences.push({
        index,
        text,
        fast: exact(fast),
        judge: judge === library ? judge : `${judge} / yaml: ${library}`,
      });
    }
  }
  return { documents: count, accepted, differences };
}

/** JSON that also tells -0 from 0 and keeps the order of keys. */
function exact(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (Object.is(inner, -0) ? "-0" : inner)) ?? "undefined";
}

/**
 * Does a file fit its kind's schema, and if not, what exactly is wrong? The compiled validator answers the first
 * question without allocating; the second is asked only after a no. It must never repair or complete a value.
 */
import type { KindName } from "../model/kind.ts";
import type { Json } from "../model/json.ts";
import type { Finding } from "../model/diagnostic.ts";
import { validators } from "../../generated/validators.js";
import { invalid } from "./schema-codes.ts";
import { faultsOf } from "./schema-explain.ts";
import { findingOf } from "./schema-messages.ts";
import { schemaOf } from "./schema-tree.ts";

export { schemaCodes } from "./schema-codes.ts";

const none: readonly Finding[] = [];

/**
 * Everything in which a parsed file differs from its kind's schema (DESIGN 3), all at once, each place once.
 * An empty list means that the value is the kind's `EntryValues` type. Pure.
 */
export function schemaFindings(kind: KindName, path: string, value: Json): readonly Finding[] {
  if (validators[kind](value)) return none;
  const schema = schemaOf(kind);
  const findings: Finding[] = [];
  const seen = new Set<string>();
  for (const fault of faultsOf(schema, value)) {
    const place = JSON.stringify([fault.pointer, fault.keyword, fault.key]);
    if (seen.has(place)) continue;
    seen.add(place);
    findings.push(findingOf(fault, { kind, path, root: schema, document: value }));
  }
  if (findings.length > 0) return findings;
  return [
    { definition: invalid, message: `The file does not fit the schema of ${kind}.`, at: { file: path } },
  ];
}

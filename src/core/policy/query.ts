/**
 * Queries: one expression over entries of any kind (`--where`). An entry the expression cannot be answered for is
 * left out and reported (DESIGN 3); nothing else is decided here.
 */
import type { Instant } from "../model/instant.ts";
import type { KindName } from "../model/kind.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { metadataTypesOf } from "./cel-metadata.ts";
import { compileExpression, evaluate, stepsLeft, type CelError, type CelFault } from "./cel.ts";
import { STEP_LIMIT } from "./cel-value.ts";
import { policyNames } from "./policies.ts";
import { surroundingsOf } from "./surroundings.ts";

export interface QueryResult {
  /** The entries for which the expression is true, in the order they were given. */
  readonly matches: readonly Entry[];
  /** The entries it could not be answered for. */
  readonly skipped: readonly { readonly ref: string; readonly error: CelError }[];
}

/** A compiled query. */
export interface Query {
  run(registry: Registry, asOf: Instant, entries?: readonly Entry[]): QueryResult;
}

/** Compiles `--where` for entries of these kinds (all kinds when empty); with a registry, its custom metadata is typed. */
export function compileQuery(
  text: string,
  kinds: readonly KindName[] = [],
  of?: Registry,
): { readonly query: Query } | { readonly faults: readonly CelFault[] } {
  const compiled = compileExpression(text, {
    kinds,
    around: policyNames,
    ...(of !== undefined && { metadata: metadataTypesOf(of, kinds) }),
  });
  if ("faults" in compiled) return compiled;
  const { program } = compiled;
  const reads = new Set(policyNames.filter((name) => program.uses.has(name)));
  return {
    query: {
      run(registry, asOf, entries = registry.entries) {
        // Anybody may ask the service; a query over all entries must end as surely as one evaluation.
        let steps = QUERY_LIMIT;
        const gather = surroundingsOf(registry, asOf);
        const matches: Entry[] = [];
        const skipped: { ref: string; error: CelError }[] = [];
        for (const entry of entries) {
          const limit = Math.min(STEP_LIMIT, steps);
          const result = evaluate(program, entry, gather(entry, null, reads), limit);
          steps -= limit - Math.max(0, stepsLeft());
          if ("error" in result) skipped.push({ ref: entry.ref, error: result.error });
          else if (result.value === true) matches.push(entry);
          else if (result.value !== false && result.value !== null)
            skipped.push({ ref: entry.ref, error: notLogical });
        }
        return { matches, skipped };
      },
    },
  };
}

/** Steps one query may take over all its entries; an evaluation without loops takes none. */
const QUERY_LIMIT = 20_000_000;

const notLogical: CelError = { message: "the expression is neither true nor false" };

/** `assent diff` and `assent compat`: what two versions differ in, and whether one may replace the other. */
import { Failure } from "../core/model/failure.ts";
import {
  compareEntries,
  describeChanges,
  type CompatChange,
  type Comparison,
} from "../core/resolve/compat.ts";
import type { Json, Pointer } from "../core/model/json.ts";
import { findEntry } from "./entry.ts";
import type { Ports } from "./ports.ts";
import { openRegistry, type Selection } from "./read.ts";

export interface DiffRequest extends Selection {
  readonly from: string;
  readonly to: string;
}

export interface Difference extends CompatChange {
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

export interface DiffResult {
  readonly from: string;
  readonly to: string;
  readonly breaking: Comparison["breaking"];
  /** What matters to whoever uses the entry, in order of pointers. */
  readonly changes: readonly Difference[];
  /** Title, owner, state and the like. */
  readonly descriptive: readonly Difference[];
}

/** Compares two entries of one kind. */
export async function diff(request: DiffRequest, ports: Ports): Promise<DiffResult> {
  const { registry } = await openRegistry(request, ports);
  const from = findEntry(registry, request.from);
  const to = findEntry(registry, request.to);
  if (from.kind !== to.kind) {
    throw new Failure("usage/two-kinds", `${from.ref} is a ${from.kind} and ${to.ref} is a ${to.kind}.`, {
      hint: "Compare two entries of one kind.",
    });
  }
  const { breaking, changes } = compareEntries(from, to);
  const withValues = (change: CompatChange): Difference => ({
    ...change,
    before: valueAt(from.value, change.pointer),
    after: valueAt(to.value, change.pointer),
  });
  return {
    from: from.ref,
    to: to.ref,
    breaking,
    changes: changes.map(withValues),
    descriptive: describeChanges(from.value, to.value).map(withValues),
  };
}

function valueAt(value: object, pointer: Pointer): Json | undefined {
  let at: unknown = value;
  for (const step of pointer) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Readonly<Record<string | number, unknown>>)[step];
  }
  return at as Json | undefined;
}

/**
 * One difference between two versions, and what it means for whoever uses the older one.
 * This module must never know a kind; which field means what stands in compat-table.ts.
 */
import { canonicalJson } from "../model/canonical.ts";
import type { Json, Pointer } from "../model/json.ts";

/**
 * breaking: something that worked with the older version may stop working by contract.
 * compatible: nothing that was promised is taken away.
 * unknown: only measuring tells (a retrained model, a reworded prompt), or the comparison cannot read it.
 */
export type Impact = "breaking" | "compatible" | "unknown";

export interface CompatChange {
  /** From the entry's root; into the newer version, for what was removed into the older one. */
  readonly pointer: Pointer;
  readonly change: "added" | "removed" | "changed";
  readonly impact: Impact;
  /** A sentence. */
  readonly why: string;
}

export type ReportChange = (change: CompatChange) => void;

/** Compares one value of two versions; called only when they differ. Undefined = absent. */
export type Comparer = (
  before: Json | undefined,
  after: Json | undefined,
  pointer: Pointer,
  report: ReportChange,
) => void;

/** Whether two values are the same JSON, whatever the order of keys. */
export function isSame(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined || typeof a !== "object" || typeof b !== "object") return false;
  return canonicalJson(a) === canonicalJson(b);
}

/** What happened to a value that differs. */
export function changeOf(before: Json | undefined, after: Json | undefined): CompatChange["change"] {
  return before === undefined ? "added" : after === undefined ? "removed" : "changed";
}

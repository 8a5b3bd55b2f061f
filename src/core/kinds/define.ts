/**
 * How a kind is declared: one file per kind calls this, `index.ts` holds the table.
 * This module must never know a particular kind.
 */
import type { Kind } from "../model/kind.ts";

/** Checks a kind's definition and returns it with its literal types. */
export function defineKind<const K extends Kind>(kind: K): K {
  return kind;
}

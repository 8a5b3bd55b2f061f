/** States and what they mean for whoever refers to the entry; derived from the table of kinds. */
import { kinds } from "../kinds/index.ts";
import type { Pointer } from "../model/json.ts";
import type { Entry } from "../model/registry.ts";

/** Every state that no move leaves: retired, rejected, archived. */
export const finalStates: ReadonlySet<string> = new Set(kinds.flatMap((kind) => kind.lifecycle?.final ?? []));

/** An entry's state, or null for kinds without one. */
export function stateOf(entry: Entry): string | null {
  const { value } = entry;
  return "state" in value && typeof value.state === "string" ? value.state : null;
}

/** Whether an entry has come to its end, so that nothing may newly rely on it. */
export function isAtItsEnd(entry: Entry): boolean {
  const state = stateOf(entry);
  return state !== null && finalStates.has(state);
}

/**
 * Whether an entry relies on what it refers to here. Evaluations and gate receipts record what was; waivers and
 * selectors pick out entries, they do not need them.
 */
export function relies(entry: Entry, pointer: Pointer): boolean {
  if (entry.kind === "Evaluation" || entry.kind === "Waiver") return false;
  return pointer[0] !== "selector" && pointer[0] !== "gateReceipt";
}

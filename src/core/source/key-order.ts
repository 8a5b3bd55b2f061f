/**
 * The order in which keys are written, as the schemas list them; what `assent fmt` and every writer follow.
 * Only the type stands here; the orders themselves are generated from the schemas, never written by hand.
 */
export interface KeyOrder {
  /** The keys of this map in the order in which they are written; unknown keys follow, in the order found. */
  readonly keys: readonly string[];
  /** The order inside the value of a named key, where that value is a map or a list of maps. */
  readonly children: Readonly<Record<string, KeyOrder>>;
  /** The order inside the items of a list. */
  readonly items?: KeyOrder;
  /** The order inside the values of keys that `children` does not name (`additionalProperties`). */
  readonly additional?: KeyOrder;
}

/** Keeps every key where it is; for values whose keys no schema lists. */
export const asFound: KeyOrder = { keys: [], children: {} };

/**
 * A bounded memory of what was read and hashed. What was not asked for in a while is forgotten, and is read and hashed
 * again when it is asked for; nothing is ever found that was not kept under that id.
 */
interface Kept<T> {
  get(oid: string): T | undefined;
  /** `size`: what it weighs, in bytes. */
  set(oid: string, value: T, size: number): void;
}

/** Keeps so many bytes. Two halves take turns: the older is forgotten whole when the younger is full. */
export function keeping<T>(bytes: number): Kept<T> {
  interface Weighed {
    readonly value: T;
    readonly size: number;
  }
  let young = new Map<string, Weighed>();
  let old = new Map<string, Weighed>();
  let weight = 0;
  const put = (oid: string, weighed: Weighed): void => {
    if (weight > bytes / 2) [old, young, weight] = [young, new Map(), 0];
    young.set(oid, weighed);
    weight += weighed.size;
  };
  return {
    get(oid) {
      const known = young.get(oid);
      if (known !== undefined) return known.value;
      const aged = old.get(oid);
      // Whatever is asked for again stays.
      if (aged !== undefined) put(oid, aged);
      return aged?.value;
    },
    set: (oid, value, size) => put(oid, { value, size }),
  };
}

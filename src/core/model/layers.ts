/**
 * A map that is never altered: another one with some keys changed costs what changed, not what is there. For values that
 * follow one another along a history while the one before is still asked. It must never let one see the other's changes.
 */

export interface Layers<V> {
  get(key: string): V | undefined;
  /** The same with these keys; undefined takes a key away. */
  with(changes: Iterable<readonly [string, V | undefined]>): Layers<V>;
}

/** So many changed keys are copied along before everything is copied once. */
const MOST = 512;

/** Makes one of a map that nobody alters any more. */
export function layersOf<V>(map: ReadonlyMap<string, V>): Layers<V> {
  return layered(map, new Map());
}

function layered<V>(below: ReadonlyMap<string, V>, above: ReadonlyMap<string, V | undefined>): Layers<V> {
  return {
    get(key) {
      const changed = above.get(key);
      return changed !== undefined || (above.size > 0 && above.has(key)) ? changed : below.get(key);
    },
    with(changes) {
      const next = new Map(above);
      for (const [key, value] of changes) next.set(key, value);
      return next.size <= MOST ? layered(below, next) : layered(merged(below, next), new Map());
    },
  };
}

function merged<V>(
  below: ReadonlyMap<string, V>,
  above: ReadonlyMap<string, V | undefined>,
): ReadonlyMap<string, V> {
  const all = new Map(below);
  for (const [key, value] of above)
    if (value === undefined) all.delete(key);
    else all.set(key, value);
  return all;
}

/**
 * A sample that anybody can draw again: what is asked for, ordered by the sha256 of the seed and its own name, and the
 * first of them. The same landings and the same seed give the same sample; nobody can choose it but by the seed.
 */
import { sha256Hex } from "../model/digest.ts";
import { compareBytes } from "../model/json.ts";

/** Something that may be drawn. */
export interface Drawable {
  readonly commit: string;
  readonly subject: string;
}

/** `count` of them, in the order in which they were given. Key: `assent-sample/v1 NUL seed NUL commit NUL subject`. */
export function drawSample<T extends Drawable>(
  from: readonly T[],
  count: number,
  seed: string,
): readonly T[] {
  const keyed = from.map((each, index) => ({
    each,
    index,
    key: sha256Hex(`assent-sample/v1\0${seed}\0${each.commit}\0${each.subject}`),
  }));
  return keyed
    .sort((a, b) => compareBytes(a.key, b.key) || a.index - b.index)
    .slice(0, count)
    .sort((a, b) => a.index - b.index)
    .map(({ each }) => each);
}

/**
 * Text -> number, for texts that nobody asked with before: open addressing in typed arrays, hashed and verified in
 * place, so that no string is made, hashed by the engine or kept. Finds exact texts only.
 */

/** Numbers from 1 on, in the order in which the texts were given. */
export interface TextIndex {
  /** 0 = not among them. */
  find(text: string): number;
}

/**
 * Indexes distinct ASCII texts of at most 255 characters. `seed` moves their places: where it follows from a digest
 * over the texts, nobody can choose texts that all fall together.
 */
export function indexTexts(texts: Iterable<string>, seed: number): TextIndex {
  const all = [...texts];
  const capacity = capacityFor(all.length);
  const last = capacity * 2 - 2;
  // A place is two words: the hash, and where the record stands (0 = free).
  const places = new Int32Array(capacity * 2);
  // A record is a word of number and length, and the characters; it begins at a word.
  const heads = new Int32Array(all.reduce((sum, { length }) => sum + 2 + ((length + 3) >> 2), 1));
  const chars = new Uint8Array(heads.buffer);
  let free = 1;
  for (let i = 0; i < all.length; i++) {
    const text = all[i] ?? "";
    const hash = hashText(seed, text);
    let place = (hash << 1) & last;
    while (places[place + 1] !== 0) place = (place + 2) & last;
    places[place] = hash;
    places[place + 1] = free;
    heads[free] = text.length;
    heads[free + 1] = i + 1;
    const start = (free + 2) << 2;
    for (let c = 0; c < text.length; c++) chars[start + c] = text.charCodeAt(c);
    free = (start + text.length + 3) >> 2;
  }
  return {
    find(text) {
      const hash = hashText(seed, text);
      for (let place = (hash << 1) & last; ; place = (place + 2) & last) {
        const record = places[place + 1] ?? 0;
        if (record === 0) return 0;
        if (places[place] !== hash || heads[record] !== text.length) continue;
        if (isTextAt(chars, (record + 2) << 2, text)) return heads[record + 1] ?? 0;
      }
    },
  };
}

/** A power of two that leaves at least a fifth of the places free, so that every search ends soon. */
export function capacityFor(count: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(4, count * 1.25)));
}

/** FNV-1a, and a last stir, because its low bits alone choose the place. */
function hashText(seed: number, text: string): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return stir(hash);
}

/** Spreads every bit of a word over all of it. */
export function stir(word: number): number {
  const half = Math.imul(word ^ (word >>> 15), 0x2c1b3c6d);
  return half ^ (half >>> 13);
}

function isTextAt(chars: Uint8Array, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (chars[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

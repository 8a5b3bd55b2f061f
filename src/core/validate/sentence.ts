/** Messages of engines as sentences. It must never change what they say. */

/** The text with a capital and a full stop; a first word that is spelled as a name keeps its spelling. */
export function sentence(text: string): string {
  const begun = /^[a-z]+[ ,:]/.test(text) ? `${text.charAt(0).toUpperCase()}${text.slice(1)}` : text;
  return /[.?!]$/.test(begun) ? begun : `${begun}.`;
}

/**
 * The bounds of a file (DESIGN 2). Both parsers keep them, so they stand in one place and nothing else does.
 */
export const MAX_BYTES = 256 * 1024;
export const MAX_LINE = 2_000;
export const MAX_LITERAL_LINE = 20_000;
export const MAX_DEPTH = 32;
export const MAX_KEYS = 2_000;

/** Keys that reach into the workings of JavaScript (DESIGN 9). */
export function isForbiddenKey(key: string): boolean {
  return key === "__proto__" || key === "constructor" || key === "prototype";
}

/** Whether a UTF-16 unit above ASCII may not stand in a text: C1, bidirectional marks, U+FEFF, noncharacters (DESIGN 9). */
export function isUnwanted(code: number): boolean {
  return code < 0xa0 || isBidirectional(code) || code === 0xfeff || code >= 0xfffe;
}

/** U+061C, U+200E, U+200F, U+202A..E, U+2066..9: they change the order in which text is shown. */
export function isBidirectional(code: number): boolean {
  return (
    code === 0x61c ||
    code === 0x200e ||
    code === 0x200f ||
    (code >= 0x202a && code <= 0x202e) ||
    (code >= 0x2066 && code <= 0x2069)
  );
}

/** Whether a key is the same text with and without quotes in the core schema; what begins like a number is not. */
export function isCoreKey(key: string): boolean {
  return keyPattern.test(key) && !(key.length < 6 && coreWords.test(key));
}

/** Whether a key may be written without quotes: the same text in every version of YAML. */
export function isPlainKey(key: string): boolean {
  return keyPattern.test(key) && !(key.length < 6 && words.has(key.toLowerCase()));
}

const keyPattern = /^[A-Za-z_$/][A-Za-z0-9_./$-]*$/;
const coreWords = /^(?:null|true|false)$/i;

/** Words that some version of YAML reads as null, a boolean or a merge. */
export const words: ReadonlySet<string> = new Set([
  "",
  "null",
  "~",
  "true",
  "false",
  "yes",
  "no",
  "on",
  "off",
  "y",
  "n",
  "<<",
  "=",
]);

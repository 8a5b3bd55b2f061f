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

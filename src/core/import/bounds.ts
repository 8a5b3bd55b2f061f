/**
 * The bounds of an entry (DESIGN 2 and 9) for values that never were YAML: depth, number of keys, forbidden keys,
 * characters that no registry file may hold. The loader checks the same on text; an import must never write a file
 * that the loader then refuses.
 */
import { codePoint, unwanted } from "../source/text.ts";
import { MAX_DEPTH, MAX_KEYS, isForbiddenKey } from "../source/limits.ts";
import { quoted } from "./text.ts";

/** Why a value may not stand in a registry file, as a sentence; undefined when it may. Never recurses beyond MAX_DEPTH. */
export function boundsFault(value: unknown): string | undefined {
  return faultIn(value, 1, { keys: 0 });
}

function faultIn(value: unknown, depth: number, seen: { keys: number }): string | undefined {
  if (typeof value === "string") return faultInText(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) return `${value} is no number that a registry file may hold.`;
    return Number.isInteger(value) && !Number.isSafeInteger(value)
      ? `${value} is too large to be exact.`
      : undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  if (depth > MAX_DEPTH) return `It is nested more than ${MAX_DEPTH} deep.`;
  const list = Array.isArray(value);
  for (const [key, child] of Object.entries(value)) {
    if (child === undefined) continue;
    seen.keys++;
    if (seen.keys > MAX_KEYS) return `It has more than ${MAX_KEYS} keys and list items.`;
    if (!list && isForbiddenKey(key)) return `The key ${quoted(key)} is not allowed in any entry.`;
    const fault = (list ? undefined : faultInText(key)) ?? faultIn(child, depth + 1, seen);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function faultInText(text: string): string | undefined {
  const bad = unwanted(text);
  return bad === undefined
    ? undefined
    : `A text holds the character ${codePoint(text, bad.at)}, which no registry file may hold.`;
}

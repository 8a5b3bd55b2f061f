/**
 * Hides credentials in what is shown: a lint's output is printed in logs that more people can read than the registry.
 * It keeps the length of every line, so that places stay true, and must never be used on what is written to a file.
 */
import { tokens } from "./raw-patterns.ts";

/** How many characters are shown, enough to tell which kind of credential it is. */
const shown = 6;

const privateKey = /(-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----)([^-]*)/g;

/** The text with a star for each character of a credential but the first six; a private key's lines as a whole. */
export function maskTokens(text: string): string {
  let masked = text.includes("PRIVATE KEY")
    ? text.replace(privateKey, (_, header, body) => header + stars(body))
    : text;
  for (const { signs, pattern } of tokens) {
    if (!signs.some((sign) => text.includes(sign))) continue;
    masked = masked.replace(pattern, (token) => token.slice(0, shown) + stars(token.slice(shown)));
  }
  return masked;
}

function stars(text: string): string {
  return text.replace(/[^\s]/g, "*");
}

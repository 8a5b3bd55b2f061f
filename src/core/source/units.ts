/**
 * How the fast parser sees a text: one byte for each UTF-16 unit, and tables that say what a unit may do.
 * ASCII is itself, every other legal unit is 128, every illegal one is 1. The tables are data; nothing here reads.
 */
import { isUnwanted, MAX_BYTES } from "./limits.ts";

/** Thrown to decline from any depth; never leaves the fast parser. */
export const declined = { declined: true };

/** The units of the text at hand; one array for all files, because making one costs more than filling it. */
export const units = new Uint8Array(MAX_BYTES + 2);

/** Fills `units` and returns how many there are: a line feed ends the last line, and a 0 stands behind it. */
export function fillUnits(text: string, ascii: Uint8Array | undefined): number {
  let size = text.length;
  if (ascii === undefined) {
    for (let i = 0; i < size; i++) {
      const code = text.charCodeAt(i);
      units[i] = code < 128 ? code : isUnwanted(code) ? 1 : 128;
    }
  } else {
    units.set(ascii);
  }
  if (units[size - 1] !== 10) units[size++] = 10;
  units[size] = 0;
  return size;
}

function table(...ranges: readonly (readonly [number, number, number])[]): Uint8Array {
  const made = new Uint8Array(256);
  for (const [from, to, value] of ranges) made.fill(value, from, to + 1);
  return made;
}

function marked(characters: string, ...ranges: readonly (readonly [number, number, number])[]): Uint8Array {
  const made = table(...ranges);
  for (const character of characters) made[character.charCodeAt(0)] = 1;
  return made;
}

const controls: readonly [number, number, number] = [0, 31, 1];
const del: readonly [number, number, number] = [127, 127, 1];
const letterRanges = [
  [65, 90, 1],
  [97, 122, 1],
] as const;
/** What a plain key consists of. */
export const keyUnits = marked("_-./$", [48, 57, 1], ...letterRanges);
/** What ends or may end a plain scalar. */
export const stopBlock = marked(":#", controls, del);
export const stopFlow = marked(":#,[]{}", controls, del);
export const stopDouble = marked('"\\', controls, del);
export const stopSingle = marked("'", controls, del);
/** How a plain scalar may begin: 0 not at all, 1 as a text, 2 as a number, 3 as a word of the core schema, 4 as either. */
export const plainStarts = marked("_/$();<=^\\", ...letterRanges, [128, 128, 1]);
for (const character of "tTfFnN~") plainStarts[character.charCodeAt(0)] = 3;
for (const character of "-0123456789") plainStarts[character.charCodeAt(0)] = 2;
for (const character of ".+") plainStarts[character.charCodeAt(0)] = 4;

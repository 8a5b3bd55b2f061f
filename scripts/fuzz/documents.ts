/**
 * Documents to try the parsers on: values in the canonical layout, wild YAML made of the pieces that parsers
 * disagree about, mutations of real files, and random bytes. Everything follows from the seed.
 */
import type { Json, JsonObject } from "../../src/core/model/json.ts";
import { asFound } from "../../src/core/source/key-order.ts";
import { render } from "../../src/core/source/render.ts";
import { keys, pieces, tame } from "./pieces.ts";
import { randomOf, type Random } from "./random.ts";
import { scalars } from "./scalars.ts";

/** A value such as registries hold. */
export function value(random: Random, depth = 0): Json {
  const kind = depth > 4 ? random.int(3) : random.int(6);
  switch (kind) {
    case 0:
      return random.pick<Json>([
        0,
        1,
        -1,
        1.5,
        128_000,
        0.944,
        true,
        false,
        null,
        1e21,
        1e-7,
        123_456_789_012,
      ]);
    case 1:
      return random.pick(scalars);
    case 2:
      return Array.from({ length: random.int(5) + 1 }, () =>
        random.pick(["word", "x", "\n", " ", "a b", "\u00e9", ": ", "#", "{", "long ".repeat(20)]),
      ).join("");
    case 3:
      return Array.from({ length: random.int(4) }, () => value(random, depth + 1));
    default:
      return object(random, depth + 1);
  }
}

/** A map of such values. */
export function object(random: Random, depth = 0): JsonObject {
  const made: Record<string, Json> = {};
  for (let i = random.int(6); i >= 0; i--) {
    const key = random.chance(0.8)
      ? random.pick(["title", "owner", "a", "b", "c-d", "x.y"])
      : random.pick(scalars);
    if (key !== "__proto__" && key !== "constructor" && key !== "prototype") made[key] = value(random, depth);
  }
  return made;
}

/** YAML made of pieces, about half of it valid. */
export function wild(random: Random): string {
  const lines: string[] = [];
  const odd = random.pick([0, 0.05, 0.15, 0.5]);
  const scalar = (): string => (random.chance(odd) ? random.pick(scalars) : random.pick(tame));
  const trivia = (margin: string): void => {
    if (random.chance(0.1))
      lines.push(
        `${random.chance(0.5) ? margin : " ".repeat(random.int(8))}# ${random.pick(["note", "a: b", "'", "\u00e9", ""])}`,
      );
    if (random.chance(0.05)) lines.push(random.pick(["", " ", "   ", margin]));
  };
  const tail = (): string =>
    random.chance(0.1) ? random.pick([" # c", " #", "  # c", "#", " ", "\t", " \t# c"]) : "";
  const block = (indent: number, depth: number, first: string): void => {
    const margin = " ".repeat(indent);
    let head = first;
    for (let i = random.int(4); i >= 0; i--) {
      if (head === "") trivia(margin);
      const key = random.chance(odd / 2)
        ? random.pick(keys)
        : `${random.pick(["title", "owner", "spec", "x", "y-z"])}${random.chance(0.8) ? i : ""}`;
      const lead = head === "" ? (random.chance(odd / 4) ? ` ${margin}` : margin) : head;
      head = "";
      const deeper = indent + (random.chance(odd) ? random.pick([1, 3, 4, 0]) : 2);
      const kind = depth > 4 ? 0 : random.int(10);
      if (kind < 6) {
        lines.push(
          `${lead}${key}:${random.chance(odd / 4) ? random.pick(["  ", "", "\t"]) : " "}${scalar()}${tail()}`,
        );
      } else if (kind < 8) {
        lines.push(`${lead}${key}:${tail()}`);
        block(deeper, depth + 1, "");
      } else {
        lines.push(`${lead}${key}:${tail()}`);
        list(deeper, depth + 1);
      }
    }
  };
  const list = (indent: number, depth: number): void => {
    const margin = " ".repeat(indent);
    for (let i = random.int(3); i >= 0; i--) {
      trivia(margin);
      const kind = depth > 4 ? 0 : random.int(8);
      if (kind < 4) {
        lines.push(`${margin}- ${scalar()}${tail()}`);
      } else if (kind < 7) {
        const dash = `${margin}-${random.chance(odd / 2) ? "   " : " "}`;
        block(dash.length, depth + 1, dash);
      } else {
        lines.push(`${margin}-`);
        if (random.chance(0.5)) list(indent + 2, depth + 1);
        else block(indent + 2, depth + 1, "");
      }
    }
  };
  if (random.chance(odd / 4)) lines.push(random.pick(["---", "%YAML 1.1", "...", "\ufeff", "- a"]));
  block(0, 0, "");
  trivia("");
  return `${lines.join("\n")}${random.pick(["\n", "\n", "\n", "", "\n\n", " "])}`;
}

/** A text with a few random changes. */
export function mutate(random: Random, text: string): string {
  let changed = text;
  for (let i = random.int(3); i >= 0; i--) {
    const at = random.int(changed.length + 1);
    const to = Math.min(changed.length, at + random.int(random.chance(0.2) ? 40 : 3));
    switch (random.int(7)) {
      case 0:
        changed = changed.slice(0, at) + changed.slice(to);
        break;
      case 1:
        changed = changed.slice(0, at) + random.pick(pieces) + changed.slice(at);
        break;
      case 2:
        changed = changed.slice(0, at) + random.pick(scalars) + changed.slice(to);
        break;
      case 3: {
        const lines = changed.split("\n");
        const from = random.int(lines.length);
        lines.splice(random.int(lines.length), 0, lines[from] ?? "");
        changed = lines.join("\n");
        break;
      }
      case 4: {
        const lines = changed.split("\n");
        const line = random.int(lines.length);
        lines[line] = random.chance(0.5) ? ` ${lines[line] ?? ""}` : (lines[line] ?? "").slice(1);
        changed = lines.join("\n");
        break;
      }
      case 5:
        changed = changed.slice(0, at);
        break;
      default:
        changed = random.chance(0.3)
          ? changed.replaceAll("\n", "\r\n")
          : changed.slice(0, at) + changed.slice(at, to).repeat(2) + changed.slice(to);
    }
  }
  return changed;
}

/** Random bytes, most of them ASCII. */
export function noise(random: Random): Uint8Array {
  const bytes = new Uint8Array(random.int(120));
  for (let i = 0; i < bytes.length; i++)
    bytes[i] = random.chance(0.9) ? 10 + random.int(117) : random.int(256);
  return bytes;
}

/** Document number `index` of a seed; `files` are real texts to mutate. */
export function documentAt(seed: number, index: number, files: readonly string[]): Uint8Array {
  const random = randomOf(seed * 1_000_003 + index);
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  switch (index % 8) {
    case 0:
      return encode(render(object(random), asFound));
    case 1:
      return encode(mutate(random, render(object(random), asFound)));
    case 2:
    case 3:
    case 4:
      return encode(wild(random));
    case 5:
      return index % 80 === 5 ? noise(random) : encode(mutate(random, wild(random)));
    default:
      return encode(files.length === 0 ? wild(random) : mutate(random, random.pick(files)));
  }
}

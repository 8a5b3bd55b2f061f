/**
 * From the library's composed nodes to a plain value, with the checks that need to know keys and values:
 * keys that are no texts, twice there or forbidden, numbers JSON cannot hold, too many keys, too deep.
 * It must stay linear in the number of nodes (the library's own duplicate check is quadratic).
 */
import { isMap, isPair, isScalar, isSeq, type Pair, type Scalar, type YAMLMap, type YAMLSeq } from "yaml";
import type { Json, JsonObject } from "../model/json.ts";
import * as codes from "./codes.ts";
import type { Faults } from "./faults.ts";
import { isForbiddenKey, MAX_DEPTH, MAX_KEYS } from "./limits.ts";
import { codePoint, unwanted } from "./text.ts";

/** Reads a document's root map; recursion is bounded by MAX_DEPTH. */
export function readMap(root: YAMLMap, faults: Faults): JsonObject {
  return createReader(faults).map(root, 1);
}

type Range = readonly [number, number];

function createReader(faults: Faults): { map(node: YAMLMap, depth: number): JsonObject } {
  let keys = 0;

  function map(node: YAMLMap, depth: number): JsonObject {
    const object: Record<string, Json> = {};
    if (tooDeep(node, depth)) return object;
    const seen = new Set<string>();
    for (const pair of node.items) {
      const [start, end] = rangeOf(pair.key) ?? rangeOf(pair.value) ?? rangeOf(node) ?? [0, 0];
      if (++keys === MAX_KEYS + 1) {
        faults.add(codes.tooManyKeys, `This is key number ${keys}; a file may hold ${MAX_KEYS}.`, start, end);
      }
      const key = keyOf(pair, start, end);
      if (key === undefined) {
        // A value is read even below a bad key, so that its own faults are reported in the same run.
        read(pair.value, depth);
        continue;
      }
      if (seen.has(key))
        faults.add(codes.duplicateKey, `The key ${quoted(key)} already stands in this map.`, start, end);
      seen.add(key);
      const value = read(pair.value, depth);
      if (!isForbiddenKey(key)) object[key] = value;
    }
    return object;
  }

  function read(node: unknown, depth: number): Json {
    if (isScalar(node)) return scalar(node);
    if (isMap(node)) return map(node, depth + 1);
    if (isSeq(node)) return list(node, depth + 1);
    return null;
  }

  function list(node: YAMLSeq, depth: number): Json {
    if (tooDeep(node, depth)) return [];
    return node.items.map((item) => {
      // `[a: b]` is a list of one map; the library keeps it as a pair inside the list.
      if (!isPair(item)) return read(item, depth);
      const key = keyOf(item, ...(rangeOf(item.key) ?? rangeOf(node) ?? [0, 0]));
      const value = read(item.value, depth + 1);
      return key === undefined || isForbiddenKey(key) ? {} : { [key]: value };
    });
  }

  function tooDeep(node: YAMLMap | YAMLSeq, depth: number): boolean {
    if (depth <= MAX_DEPTH) return false;
    const start = rangeOf(node)?.[0] ?? 0;
    if (!faults.has(codes.tooDeep)) {
      faults.add(
        codes.tooDeep,
        `Maps and lists are nested more than ${MAX_DEPTH} deep here.`,
        start,
        start + 1,
      );
    }
    return true;
  }

  /** A key as text; undefined when it cannot be one. `1` is read as "1", to be seen beside `"1"`. */
  function keyOf(pair: Pair, start: number, end: number): string | undefined {
    const { key } = pair;
    if (!isScalar(key)) {
      const what = isMap(key) ? "a map" : isSeq(key) ? "a list" : "missing";
      // An alias as key has its own finding.
      if (key === null || isMap(key) || isSeq(key))
        faults.add(codes.keyNotString, `The key is ${what}.`, start, end);
      return undefined;
    }
    checkScalar(key);
    if (typeof key.value !== "string") {
      const written = key.source ?? String(key.value);
      const what =
        written === "" ? "empty" : key.value === null ? "null" : `the ${typeof key.value} ${written}`;
      const hint = written === "" ? "Write a key before the colon." : `Write "${written}": in quotes.`;
      // Broken syntax leaves empty keys behind.
      if (written !== "" || !faults.has(codes.syntax)) {
        faults.add(codes.keyNotString, `The key is ${what}, not a text.`, start, end, hint);
      }
      return String(key.value);
    }
    if (isForbiddenKey(key.value))
      faults.add(codes.forbiddenKey, `The key ${quoted(key.value)} is not allowed.`, start, end);
    if (key.value === "<<" && key.type === "PLAIN")
      faults.add(codes.mergeKey, "The key << merges another map.", start, end);
    return key.value;
  }

  function scalar(node: Scalar): Json {
    checkScalar(node);
    const { value } = node;
    if (typeof value === "string" || typeof value === "boolean" || typeof value === "number") return value;
    return null;
  }

  function checkScalar(node: Scalar): void {
    const { value, source } = node;
    const [start, end] = rangeOf(node) ?? [0, 0];
    if (typeof value === "string") {
      // What stands in the file as itself was found before; only escapes of double quotes can bring more in.
      const hit = node.type === "QUOTE_DOUBLE" ? unwanted(value) : undefined;
      if (hit !== undefined && !faults.overlaps(start, end)) {
        const definition = hit.bidirectional ? codes.bidirectional : codes.controlCharacter;
        faults.add(
          definition,
          `The text holds the character ${codePoint(value, hit.at)} as an escape.`,
          start,
          end,
        );
      }
    } else if (typeof value === "number") {
      if (!Number.isFinite(value)) {
        faults.add(codes.notFinite, `${source ?? String(value)} is no finite number.`, start, end);
      } else if (!Number.isSafeInteger(value) && /^[-+]?(?:\d+|0o[0-7]+|0x[\da-fA-F]+)$/.test(source ?? "")) {
        faults.add(
          codes.unsafeInteger,
          `${source} cannot be kept exactly; it would be read as ${value}.`,
          start,
          end,
        );
      }
    }
  }

  return { map };
}

function rangeOf(node: unknown): Range | undefined {
  if (isScalar(node) || isMap(node) || isSeq(node)) {
    const range = node.range;
    if (range) return [range[0], range[1]];
  }
  return undefined;
}

function quoted(key: string): string {
  return JSON.stringify(key.length > 60 ? `${key.slice(0, 60)}...` : key);
}

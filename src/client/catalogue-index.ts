/**
 * Finds entries in a catalogue that is cut into shards (DESIGN 7): root -> list -> shard -> line, each named by the
 * digest that stands above it. What the attacker controls: the bytes of lists and shards, and a digest tells; the root
 * was vouched for by the manifest. It must never hand out a line of bytes that do not match.
 */
import { parseDigest } from "../core/model/digest.ts";
import { Failure } from "../core/model/failure.ts";
import { compareBytes, isObject, type JsonObject } from "../core/model/json.ts";
import { CATALOGUE_FORMAT } from "../core/model/snapshot.ts";
import type { TargetContent } from "../core/trust/tuf/release.ts";

/** A list or a shard: references from `first` to `last` are in it, or nowhere. */
export interface Part extends TargetContent {
  readonly first: string;
  readonly last: string;
}

const decoder = new TextDecoder("utf-8", { fatal: true });

/** The lists that the root of a catalogue names, in byte order of their references. */
export function parseCatalogueRoot(path: string, bytes: Uint8Array): readonly Part[] {
  const root = parseLine(path, decode(path, bytes));
  if (root["format"] !== CATALOGUE_FORMAT || !Array.isArray(root["lists"])) throw malformed(path);
  return (root["lists"] as readonly unknown[]).map((row) => partOf(path, row));
}

/** The shards that a list names, in byte order of their references. */
export function parseCatalogueList(path: string, bytes: Uint8Array): readonly Part[] {
  return linesOf(path, bytes).map((line) => partOf(path, parseLine(path, line)));
}

/** The lines of a shard. */
export function linesOf(path: string, bytes: Uint8Array): readonly string[] {
  const lines = decode(path, bytes).split("\n");
  lines.pop();
  return lines;
}

/** The one part that can hold a reference. */
export function partFor(parts: readonly Part[], ref: string): Part | undefined {
  let low = 0;
  let high = parts.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const part = parts[middle];
    if (part === undefined) return undefined;
    if (compareBytes(ref, part.first) < 0) high = middle - 1;
    else if (compareBytes(ref, part.last) > 0) low = middle + 1;
    else return part;
  }
  return undefined;
}

/** The parts that can hold references from `from` up to, not including, `to`. */
export function partsWithin(parts: readonly Part[], from: string, to: string): readonly Part[] {
  return parts.filter(({ first, last }) => compareBytes(last, from) >= 0 && compareBytes(first, to) < 0);
}

/** The reference that a line is about, without reading the rest of it. */
export function refIn(line: string): string {
  // Canonical lines begin with their reference (core/compile), and no reference needs an escape.
  return line.startsWith('{"ref":"') ? line.slice(8, line.indexOf('"', 8)) : "";
}

/** A line as a value. */
export function parseLine(path: string, line: string): JsonObject {
  try {
    const value: unknown = JSON.parse(line);
    if (isObject(value)) return value;
  } catch (cause) {
    throw malformed(path, cause);
  }
  throw malformed(path);
}

function partOf(path: string, row: unknown): Part {
  if (!isObject(row)) throw malformed(path);
  const { digest, length, first, last } = row;
  if (typeof digest !== "string" || parseDigest(digest) === undefined) throw malformed(path);
  if (typeof length !== "number" || !Number.isSafeInteger(length) || length < 0) throw malformed(path);
  if (typeof first !== "string" || typeof last !== "string") throw malformed(path);
  return { sha256: digest.slice("sha256:".length), length, first, last };
}

function decode(path: string, bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw malformed(path, cause);
  }
}

function malformed(path: string, cause?: unknown): Failure {
  return new Failure("client/catalogue", `${path} does not have the shape its format promises.`, {
    hint: "Release it anew, with a version of assent that this client knows.",
    ...(cause === undefined ? {} : { cause }),
  });
}

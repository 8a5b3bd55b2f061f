/**
 * The files that entries keep elsewhere, pinned by digest, and the report of whoever has opened them. One list for
 * `artifacts verify`, the plan and the gate, so that none of them means other files than the others.
 */
import { reachOf } from "../compile/reach.ts";
import { parseDigest, type Digest } from "../model/digest.ts";
import { isObject, type Json } from "../model/json.ts";
import type { Entry, Registry } from "../model/registry.ts";

export const ARTIFACTS_FORMAT = "assent.artifacts/v1";

/** One file of an entry. */
export interface Artifact {
  /** The entry's reference. */
  readonly subject: string;
  /** Where in the entry it is named, as a JSON pointer: `/spec/artifacts/0`. */
  readonly pointer: string;
  readonly uri: string;
  readonly digest: Digest;
  /** In bytes; null where the entry does not say. */
  readonly size: number | null;
  /** What is run or loaded (weights, rules, configuration), or what only vouches for it (a report, evidence). */
  readonly role: "content" | "record";
}

/** The artifacts of one entry, in the order of the file. Datasets are no artifacts: their address is often a folder. */
export function artifactsOf(entry: Entry): readonly Artifact[] {
  const value: Json = entry.value as Json;
  const places: readonly (readonly [readonly string[], Artifact["role"]])[] = [
    [["spec", "artifacts"], "content"],
    [["spec", "artifact"], "content"],
    [["spec", "provenance", "report"], "record"],
    [["gateReceipt", "evidence"], "record"],
    [["artifacts"], "record"],
  ];
  return places.flatMap(([path, role]) => {
    const found = path.reduce<Json | undefined>((at, key) => (isObject(at) ? at[key] : undefined), value);
    const list: readonly (readonly [string, Json])[] = Array.isArray(found)
      ? (found as readonly Json[]).map((each, index): readonly [string, Json] => [`/${index}`, each])
      : found === undefined
        ? []
        : [["", found]];
    return list.flatMap(([tail, each]) => {
      const { uri, digest, size } = isObject(each) ? each : {};
      const parsed = typeof digest === "string" ? parseDigest(digest) : undefined;
      if (typeof uri !== "string" || parsed === undefined) return [];
      const pointer = `/${path.join("/")}${tail}`;
      return [
        {
          subject: entry.ref,
          pointer,
          uri,
          digest: parsed,
          size: typeof size === "number" ? size : null,
          role,
        },
      ];
    });
  });
}

/** What an entry would bring along: the content that it and everything it reaches keep elsewhere, each digest once. */
export function contentOf(entry: Entry, registry: Registry): readonly Artifact[] {
  const found = new Map<string, Artifact>();
  for (const each of [entry, ...reachOf(entry, registry)]) {
    for (const artifact of artifactsOf(each))
      if (artifact.role === "content" && !found.has(artifact.digest)) found.set(artifact.digest, artifact);
  }
  return [...found.values()];
}

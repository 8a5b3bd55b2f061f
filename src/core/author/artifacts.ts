/**
 * `--artifact role=file`: a file becomes an artifact of the entry. Small texts stand in the entry itself; for everything
 * else digest and size are computed and the entry says where the file is kept. Nothing is uploaded: the address is asked.
 */
import type { Digest } from "../model/digest.ts";
import { Failure } from "../model/failure.ts";
import { isObject, type Json, type JsonObject } from "../model/json.ts";
import type { KindName } from "../model/kind.ts";
import { nearest } from "../model/nearest.ts";
import { unwanted } from "../source/text.ts";
import { schemaAt, valueAt } from "./fields.ts";
import type { Edit } from "../source/edit.ts";

/** The most that may stand in an entry as text (DESIGN 3, Bundle). */
export const MAX_INLINE = 64 * 1024;

/** A file that was named for a role. */
export interface GivenArtifact {
  readonly role: string;
  readonly digest: Digest;
  /** In bytes. */
  readonly size: number;
  /** Its content where that has at most MAX_INLINE bytes. */
  readonly bytes: Uint8Array | undefined;
}

/** Splits `role=file`. */
export function parseArtifact(typed: string): { readonly role: string; readonly file: string } {
  const equals = typed.indexOf("=");
  if (equals > 0 && equals < typed.length - 1)
    return { role: typed.slice(0, equals), file: typed.slice(equals + 1) };
  throw new Failure("usage/artifact", `"${typed}" is no role=file.`, {
    hint: "Write --artifact prompt=prompt.txt, for example.",
  });
}

/**
 * The edit that puts an artifact into an entry. In a Bundle it takes the place of the only artifact of its role, else it
 * is added. A Model or Config has one artifact, and its role is called `artifact`.
 */
export function artifactEdit(kind: KindName, root: JsonObject, given: GivenArtifact): Edit {
  const roles = schemaAt(kind, ["spec", "artifacts", 0, "role"])?.enum;
  if (roles === undefined) return singleArtifact(kind, root, given);
  if (!roles.includes(given.role)) {
    const near = nearest(given.role, roles);
    throw new Failure("usage/artifact", `"${given.role}" is no role of an artifact.`, {
      hint: near === undefined ? `The roles are ${roles.join(", ")}.` : `Did you mean ${near}?`,
    });
  }
  const there = valueAt(root, ["spec", "artifacts"]);
  const artifacts: readonly Json[] = Array.isArray(there) ? there : [];
  const same = artifacts.flatMap((artifact, index) =>
    isObject(artifact) && artifact["role"] === given.role ? [index] : [],
  );
  const index = same.length === 1 ? (same[0] ?? 0) : artifacts.length;
  const text = given.role === "model_weights" ? undefined : inlineText(given.bytes);
  const content = text === undefined ? measured(given, artifacts[index]) : { text };
  const value = { role: given.role, ...content };
  const list = [...artifacts.slice(0, index), value, ...artifacts.slice(index + 1)];
  return artifacts.length === 0
    ? { pointer: ["spec", "artifacts"], value: list }
    : { pointer: ["spec", "artifacts", index], value };
}

function singleArtifact(kind: KindName, root: JsonObject, given: GivenArtifact): Edit {
  if (schemaAt(kind, ["spec", "artifact"]) === undefined) {
    throw new Failure("usage/artifact", `A ${kind} has no artifacts.`, {
      hint: "Bundles, models and configs have; elsewhere use --set.",
    });
  }
  if (given.role !== "artifact") {
    throw new Failure("usage/artifact", `A ${kind} has one artifact, without roles.`, {
      hint: "Write --artifact artifact=<file>.",
    });
  }
  return { pointer: ["spec", "artifact"], value: measured(given, valueAt(root, ["spec", "artifact"])) };
}

/** Digest and size; where the same content was an artifact already, also where it is kept. */
function measured({ digest, size }: GivenArtifact, before: Json | undefined): JsonObject {
  return isObject(before) && before["digest"] === digest ? { ...before, size } : { digest, size };
}

/** The bytes as a text that an entry may hold; undefined where they are too many or no such text. */
function inlineText(bytes: Uint8Array | undefined): string | undefined {
  if (bytes === undefined || bytes.length === 0 || bytes.length > MAX_INLINE) return undefined;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return unwanted(text) === undefined ? text : undefined;
  } catch {
    return undefined;
  }
}

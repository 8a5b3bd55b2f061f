/**
 * References: the one spelling of "which entry" (DESIGN 2.2), and what a legal name and version are.
 * Reading references and paths needs the table of kinds and stands in core/source/reference.ts.
 */
import type { KindName } from "./kind.ts";

/** A full reference, `prefix:id`: `model:openai/gpt-4o@1.0.0`. Branded: made by core/source/reference.ts only. */
export type Ref = string & { readonly __brand: "Ref" };

/** What a reference or a path says about an entry. */
export interface Identity {
  readonly kind: KindName;
  readonly ref: Ref;
  /** The reference without its prefix: `openai/gpt-4o@1.0.0`. */
  readonly id: string;
  /** The namespace; null for kinds without one. For an activation, the use case's namespace. */
  readonly ns: string | null;
  /** The name without namespace, version and run. */
  readonly name: string;
  /** Versioned kinds only, else null. */
  readonly version: string | null;
  /** `registry/models/openai/gpt-4o/1.0.0.yaml`. */
  readonly path: string;
}

const namePattern = /^[a-z0-9][a-z0-9._-]{0,99}$/;
/** Ends that a name must not have, and what Windows reserves. */
const illegalName = /\.$|\.yaml$|^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/;
const versionPattern =
  /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-(?:0|[1-9]\d*|\d*[a-z-][0-9a-z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-z-][0-9a-z-]*))*)?$/;

/** Whether a path segment is a legal name (DESIGN 2, Names). */
export function isName(text: string): boolean {
  return namePattern.test(text) && !illegalName.test(text);
}

/** Strict SemVer 2.0, lower case, without build metadata, at most 100 characters. */
export function isVersion(text: string): boolean {
  if (text.length > 100 || !versionPattern.test(text)) return false;
  if (text.length <= 15) return true;
  // semver keeps its parts in doubles; beyond that two spellings would compare as equal.
  for (const part of text.split(/[.-]/)) {
    if (/^\d+$/.test(part) && !Number.isSafeInteger(Number(part))) return false;
  }
  return true;
}

/**
 * The root that a service was given to trust: the one thing that no source can replace. Read once, at the start; as much
 * of it as tells one registry's cache from another's is read without verifying anything.
 */
import { readFileSync } from "node:fs";
import { sha256Hex } from "../core/model/digest.ts";
import { Failure } from "../core/model/failure.ts";
import { isObject } from "../core/model/json.ts";

export interface Pinned {
  readonly bytes: Uint8Array;
  readonly sha256: string;
  /** The registry that the root vouches for. */
  readonly registry: string;
}

/** Reads the trusted root: the path of a file, or its bytes. */
export function readPinned(trust: string | Uint8Array): Pinned {
  const bytes = typeof trust === "string" ? readRoot(trust) : trust;
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw noRoot(cause);
  }
  const signed = isObject(value) ? value["signed"] : undefined;
  const field = isObject(signed) && signed["_type"] === "root" ? signed["x-assent"] : undefined;
  const registry = isObject(field) ? field["registry"] : undefined;
  if (typeof registry !== "string") throw noRoot();
  return { bytes, sha256: sha256Hex(bytes), registry };
}

function readRoot(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new Failure("client/trust", `The root to trust cannot be read from ${path}.`, {
      hint: "Name the root.json that the registry's owners handed over.",
      category: "auth",
      cause,
    });
  }
}

function noRoot(cause?: unknown): Failure {
  return new Failure("client/trust", "What was handed over to trust is no root of a registry.", {
    hint: "Hand over the root.json of the release, taken from its owners and not from where it is published.",
    category: "auth",
    ...(cause === undefined ? {} : { cause }),
  });
}

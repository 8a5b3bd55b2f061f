/**
 * What a client keeps between refreshes: the metadata it trusted last, byte for byte, in one file that is replaced
 * whole, so that roles never get out of step on disk. What the attacker controls: nothing of this file; whoever can
 * write it has the client. A damaged one costs the memory of what was seen, never the pinned root.
 */
import { instantOfSeconds, millisecondsOf, parseInstant, type Instant } from "../../model/instant.ts";
import { isObject, type Json } from "../../model/json.ts";
import { refusal } from "./refusal.ts";
import { releaseIn, targetsOf, type Release, type ReleaseTargets } from "./release.ts";

/** Bytes that were verified, each under the ones before it. Undefined: nothing of that role is trusted (any more). */
export interface TrustedState {
  readonly root: Uint8Array;
  readonly timestamp?: Uint8Array | undefined;
  readonly snapshot?: Uint8Array | undefined;
  readonly targets?: Uint8Array | undefined;
  /**
   * The version of the root that last took a key of the targets away, of those that were followed from the pinned one;
   * undefined: none did. What was released before it may be a thief's, and bars nothing that is released since (5.3.11).
   */
  readonly targetsSince?: number | undefined;
  /** The latest instant at which something was verified as fresh. A clock that is set back does not undo expiry. */
  readonly seenAt?: Instant | undefined;
}

const FORMAT = "assent.trusted/v1";
const PARTS = ["timestamp", "snapshot", "targets"] as const;

/** The one file of a state. Metadata stand in it as texts, so that their bytes come back. */
export function renderTrusted(state: TrustedState): Uint8Array {
  const { seenAt, targetsSince } = state;
  const texts = PARTS.map((part) => [part, textOf(state[part])] as const);
  const value = {
    format: FORMAT,
    seenAt,
    targetsSince,
    root: textOf(state.root),
    ...Object.fromEntries(texts),
  };
  return new TextEncoder().encode(`${JSON.stringify(value)}\n`);
}

/**
 * The state to begin with: of the root that somebody pinned, and of what was kept, where there is something. A kept
 * root that is older than the pinned one gives way to it; one of another registry is a Failure, not a fresh start.
 */
export function openTrusted(pinned: Uint8Array, kept: Uint8Array | undefined): TrustedState {
  const state = kept === undefined ? undefined : parseTrusted(kept);
  if (state === undefined) return { root: pinned };
  const [ours, theirs] = [rootFacts(pinned), rootFacts(state.root)];
  if (ours.registry !== theirs.registry) {
    throw refusal(
      "wrong-registry",
      `What was kept is of the registry ${theirs.registry}, the pinned root of ${ours.registry}.`,
    );
  }
  return ours.version > theirs.version ? { ...state, root: pinned } : state;
}

/** Reads a state's file; undefined where it is damaged. */
export function parseTrusted(bytes: Uint8Array): TrustedState | undefined {
  let value: Json;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as Json;
  } catch {
    return undefined;
  }
  if (!isObject(value) || value["format"] !== FORMAT || typeof value["root"] !== "string") return undefined;
  const { root, seenAt, targetsSince } = value;
  const [timestamp, snapshot, targets] = PARTS.map((part) => bytesOf(value[part]));
  return {
    root: new TextEncoder().encode(root),
    timestamp,
    snapshot,
    targets,
    targetsSince: typeof targetsSince === "number" ? targetsSince : undefined,
    seenAt: typeof seenAt === "string" ? parseInstant(seenAt) : undefined,
  };
}

/** What a state holds, without verifying it again. */
export interface KeptRelease {
  readonly release: Release;
  readonly targets: ReleaseTargets;
  /** When the first of its metadata expires. */
  readonly expires: Instant;
}

/** The release that was verified last; undefined where there is none. For starting fast; a refresh verifies anew. */
export function keptRelease(state: TrustedState): KeptRelease | undefined {
  if (state.targets === undefined) return undefined;
  const signed = signedIn(state.targets);
  const release = releaseIn(signed, rootFacts(state.root).registry);
  return { release, targets: targetsOf(signed), expires: expiryOf(state) };
}

/** When the first of a state's metadata expires. */
export function expiryOf(state: TrustedState): Instant {
  const instants = [state.root, state.timestamp, state.snapshot, state.targets].flatMap((bytes) => {
    const expires = bytes === undefined ? undefined : signedIn(bytes)["expires"];
    return typeof expires === "string" ? (parseInstant(expires) ?? []) : [];
  });
  const [first, ...more] = instants;
  if (first === undefined) throw refusal("malformed", "What was kept has no expiry.");
  return more.reduce((least, one) => (millisecondsOf(one) < millisecondsOf(least) ? one : least), first);
}

/** The later of two instants, spelled to the second. */
export function laterOf(a: Instant, b: Instant | undefined): Instant {
  if (b === undefined || millisecondsOf(b) <= millisecondsOf(a)) return a;
  return instantOfSeconds(Math.floor(millisecondsOf(b) / 1000));
}

function rootFacts(bytes: Uint8Array): { readonly registry: string; readonly version: number } {
  const { version, "x-assent": field } = signedIn(bytes);
  const registry = isObject(field) ? field["registry"] : undefined;
  if (typeof registry === "string" && typeof version === "number") return { registry, version };
  throw refusal("not-a-release", "The trusted root names no registry, so it is none of a release.");
}

function signedIn(bytes: Uint8Array): Readonly<Record<string, Json | undefined>> {
  try {
    const value = JSON.parse(new TextDecoder().decode(bytes)) as Json;
    if (isObject(value) && isObject(value["signed"])) return value["signed"];
  } catch (cause) {
    throw refusal("malformed", "The trusted metadata cannot be read.", cause);
  }
  throw refusal("malformed", "The trusted metadata cannot be read.");
}

function textOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

function bytesOf(value: Json | undefined): Uint8Array | undefined {
  return typeof value === "string" ? new TextEncoder().encode(value) : undefined;
}

/**
 * Whether a release that is properly signed may replace what is known (DESIGN 7): the registry and the environment that
 * the service expects, never an older pair, never the same pair with other content.
 * What the attacker controls: which of all releases ever signed is shown, and to whom. It must never read or write.
 */
import type { Digest } from "../core/model/digest.ts";
import { Failure } from "../core/model/failure.ts";
import { comparePairs, type ReleasePair } from "../core/model/release.ts";
import type { Manifest } from "../core/model/snapshot.ts";
import { refusal } from "../core/trust/tuf/refusal.ts";

/** The newest release that was ever accepted, by this process or by one that shares its cache. */
export interface Floor extends ReleasePair {
  readonly registry: string;
  /** The manifest's. */
  readonly digest: Digest;
}

/** What the service said about itself. */
export interface Expected {
  readonly registry: string | undefined;
  /** Undefined for a catalogue, which is of all environments. */
  readonly environment: string | undefined;
  readonly minSequence: number | undefined;
  /** Development: a work tree has no sequence, and going back and forth is what one does there. */
  readonly unsigned: boolean;
}

/** The pair of a released manifest; undefined for a work tree's. */
export function pairOf({ sequence, asOf }: Manifest): ReleasePair | undefined {
  return sequence === null ? undefined : { sequence, asOf };
}

/** Why a release is refused; undefined = it may be used. */
export function refusalOf(
  manifest: Manifest,
  digest: Digest,
  expected: Expected,
  floor: Floor | undefined,
): Failure | undefined {
  const { registry, environment, minSequence, unsigned } = expected;
  const wanted = registry ?? floor?.registry;
  if (wanted !== undefined && wanted !== manifest.registry) {
    return refusal(
      "wrong-registry",
      `The release is of the registry ${manifest.registry}, not of ${wanted}.`,
    );
  }
  if (environment !== undefined && !manifest.environments.includes(environment)) {
    return refused(
      "client/wrong-environment",
      `This release has no environment "${environment}"; it has ${list(manifest.environments)}.`,
      "Point the profile at the release that holds its environment, or correct the environment's name.",
    );
  }
  const pair = pairOf(manifest);
  if (pair === undefined) {
    if (unsigned && minSequence === undefined) return undefined;
    return refused(
      "client/not-a-release",
      "This snapshot was compiled from a work tree: it has no sequence.",
      "Release a commit: assent release.",
    );
  }
  if (minSequence !== undefined && pair.sequence < minSequence) {
    return refused(
      "client/below-minimum",
      `This is release ${pair.sequence}, and at least ${minSequence} was asked for.`,
      "Let the source catch up, or lower minSequence if somebody set it too high.",
    );
  }
  if (floor === undefined || unsigned) return undefined;
  const order = comparePairs(pair, floor);
  const named = `landing ${pair.sequence} as of ${pair.asOf}`;
  if (order < 0) {
    const before = `landing ${floor.sequence} as of ${floor.asOf}`;
    return refusal("older-pair", `The release of ${named} is offered after that of ${before}.`);
  }
  if (order === 0 && digest !== floor.digest) {
    const both = `${floor.digest} and ${digest}`;
    return refusal("equivocation", `Two releases are signed for ${named}: the manifests ${both}.`);
  }
  return undefined;
}

function list(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.map((name) => `"${name}"`).join(", ");
}

function refused(code: string, message: string, hint: string): Failure {
  return new Failure(code, message, { hint, category: "auth" });
}

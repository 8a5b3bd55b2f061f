/**
 * What is current at a place that a release shall go to, as far as the roots at hand vouch for it. It judges nothing
 * itself: what may follow what is for the client workflow of TUF to say.
 */
import { MAXIMA, refreshRelease } from "../client/refresh.ts";
import type { ReleaseReader } from "../client/source/reader.ts";
import { Failure } from "../core/model/failure.ts";
import type { Instant } from "../core/model/instant.ts";
import { metadataPath, TIMESTAMP_PATH } from "../core/model/release.ts";
import type { Release } from "../core/trust/tuf/release.ts";
import type { TrustedState } from "../core/trust/tuf/state.ts";
import { openRoot, verifyNextRoot } from "../core/trust/tuf/workflow.ts";

export interface ReleaseThere {
  readonly timestamp: Uint8Array;
  /** What makeCurrent compares. */
  readonly tag: string | undefined;
  /** Undefined where none of the roots vouches for what is there. */
  readonly state: TrustedState | undefined;
  readonly release: Release | undefined;
}

/** Nothing has expired yet: what is there may well have, and is replaced all the same. */
const BEFORE_ALL = "1970-01-01T00:00:01Z" as Instant;

/**
 * Reads what is current at a place; undefined where nothing is. `roots` are tried in turn, the likeliest first: a push that
 * broke off may have left a newer root there than the one that vouches for what is current.
 */
export async function lookAt(
  reader: ReleaseReader,
  roots: readonly Uint8Array[],
): Promise<ReleaseThere | undefined> {
  const answer = await reader.read(TIMESTAMP_PATH, { maxLength: MAXIMA.timestamp });
  if (answer === undefined || answer === "unchanged") return undefined;
  const { bytes: timestamp, tag } = answer;
  // One timestamp for the whole look, whoever pushes meanwhile; and no root but those at hand.
  const fixed: ReleaseReader = {
    address: reader.address,
    read: (path, options) => {
      if (path === TIMESTAMP_PATH) return Promise.resolve(answer);
      return path.endsWith(".root.json") ? Promise.resolve(undefined) : reader.read(path, options);
    },
  };
  for (const root of roots) {
    try {
      const { state, release } = await refreshRelease(fixed, { root }, { now: BEFORE_ALL });
      return { timestamp, tag, release, state: { ...state, seenAt: undefined } };
    } catch (error) {
      if (!(error instanceof Failure) || !error.code.startsWith("release/")) throw error;
    }
  }
  return { timestamp, tag, state: undefined, release: undefined };
}

/**
 * The roots that lie at a place, newest first, as far as the pinned one leads to them (TUF 5.3): whoever has followed
 * rotations there once is not back at the pinned root the next time. One that does not follow ends the chain.
 */
export async function rootsAt(reader: ReleaseReader, pinned: Uint8Array): Promise<readonly Uint8Array[]> {
  const chain = [openRoot(pinned)];
  for (let root = chain[0]; root !== undefined && chain.length <= MAXIMA.rotations; root = chain[0]) {
    const path = metadataPath("root", root.version + 1);
    const answer = await reader.read(path, { maxLength: MAXIMA.root });
    if (answer === undefined || answer === "unchanged") break;
    try {
      chain.unshift(verifyNextRoot(root, answer.bytes));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      break;
    }
  }
  return chain.map(({ bytes }) => bytes);
}

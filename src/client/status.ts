/** What a service can ask about the release it runs on; values only, for health checks and logs. */
import type { Digest } from "../core/model/digest.ts";
import type { Failure } from "../core/model/failure.ts";
import { instantOfSeconds, millisecondsOf, type Instant } from "../core/model/instant.ts";
import type { LoadedManifest } from "../core/resolve/load.ts";
import { standingOf, type Bounds, type Standing } from "./freshness.ts";
import type { Settings } from "./options.ts";
import type { SteadyClock } from "./world.ts";

/** The release in use. */
export interface ReleaseInfo {
  readonly registry: string;
  readonly commit: string | null;
  /** Null for a work tree, in development. */
  readonly sequence: number | null;
  readonly asOf: Instant;
  /** The manifest's; it names everything in the release. */
  readonly digest: Digest;
}

export interface ReleaseStatus {
  /** `none`: nothing was ever read. `expired`: nothing is answered. */
  readonly state: Standing | "none" | "closed";
  /** False in development: nothing proves who made what is answered. */
  readonly signed: boolean;
  readonly environment: string | null;
  readonly tenant: string | null;
  readonly release: ReleaseInfo | null;
  /** The signed expiry; null for an unsigned snapshot. */
  readonly expires: Instant | null;
  /** Until when answers are given if no newer release can be had. */
  readonly servesUntil: Instant | null;
  /** The instant at which an expiry changes the content; once it has passed a newer release is due. */
  readonly nextChange: Instant | null;
  readonly overdue: boolean;
  /** When a source last confirmed the release in use. */
  readonly checkedAt: Instant | null;
  /** Which one. */
  readonly source: string | null;
  /** Refreshes that failed since one succeeded, and why the last one did. */
  readonly failures: number;
  readonly lastFailure: { readonly code: string; readonly message: string } | null;
  /** The machine's clock is behind a time that was seen before; that time counts. */
  readonly clockSetBack: boolean;
  /** Whether the release will be there after a restart. */
  readonly kept: boolean;
}

/** What a client knows at a moment. */
export interface Known {
  readonly held:
    | {
        readonly loaded: LoadedManifest;
        readonly expires: Instant | null;
        readonly bounds: Bounds;
        readonly checkedAt: number;
        readonly source: string;
      }
    | undefined;
  readonly clock: SteadyClock;
  readonly isClosed: boolean;
  readonly failures: number;
  readonly lastFailure: Failure | undefined;
  readonly isKept: boolean;
}

export function statusOf(
  { unsigned, environment, tenant }: Pick<Settings, "unsigned" | "environment" | "tenant">,
  { held, clock, isClosed, failures, lastFailure, isKept }: Known,
): ReleaseStatus {
  const now = clock.now();
  const manifest = held?.loaded.manifest;
  const nextChange = manifest?.nextChange ?? null;
  return {
    state: isClosed ? "closed" : held === undefined ? "none" : standingOf(held.bounds, now),
    signed: !unsigned,
    environment: environment ?? null,
    tenant,
    release:
      held === undefined || manifest === undefined
        ? null
        : {
            registry: manifest.registry,
            commit: manifest.commit,
            sequence: manifest.sequence,
            asOf: manifest.asOf,
            digest: held.loaded.digest,
          },
    expires: held?.expires ?? null,
    servesUntil: instantAt(held?.bounds.servesUntil),
    nextChange,
    overdue: nextChange !== null && millisecondsOf(nextChange) <= now,
    checkedAt: instantAt(held?.checkedAt),
    source: held?.source ?? null,
    failures,
    lastFailure: lastFailure === undefined ? null : { code: lastFailure.code, message: lastFailure.message },
    clockSetBack: clock.isSetBack(),
    kept: isKept,
  };
}

/** To the second; null for never. */
function instantAt(milliseconds: number | undefined): Instant | null {
  if (milliseconds === undefined || milliseconds === Infinity) return null;
  return instantOfSeconds(Math.floor(milliseconds / 1000));
}

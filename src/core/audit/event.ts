/**
 * RegistryEvents (DESIGN 6): what happened, derived from landings, never written. This file holds their shape and
 * identity; it must never decide what happened.
 */
import { sha256Hex, type Digest } from "../model/digest.ts";
import type { Instant } from "../model/instant.ts";
import type { PatchOperation } from "./patch.ts";

/**
 * Everything an event can be. `version_updated` stands beside the types of DESIGN 6 for edits of what is not frozen
 * (titles, labels, owners) in versions other than models.
 */
export const eventTypes = [
  "bundle_registered",
  "bundle_approved",
  "bundle_rejected",
  "bundle_activated",
  "bundle_promoted",
  "bundle_rolled_back",
  "bundle_deactivated",
  "activation_amended",
  "bundle_retired",
  "model_registered",
  "model_updated",
  "model_state_changed",
  "endpoint_changed",
  "price_changed",
  "pipeline_registered",
  "pipeline_state_changed",
  "version_registered",
  "version_updated",
  "version_state_changed",
  "alias_moved",
  "dependency_moved",
  "evaluation_recorded",
  "policy_changed",
  "binding_changed",
  "waiver_granted",
  "waiver_lapsed",
  "compliance_changed",
  "usecase_changed",
  "provider_changed",
  "activation_inherited",
  "identity_changed",
  "role_changed",
  "governance_changed",
  "override_opened",
  "override_closed",
  "violation_recorded",
] as const;

export type EventType = (typeof eventTypes)[number];

/** What history alone knows of an event. Approvers come from evidence and are joined by `commit` where shown. */
export interface RegistryEvent {
  /** 64 lower-case hex digits; the same history gives the same ids. */
  readonly eventId: string;
  /** The registry's id as of the landing: part of the event's identity, whatever the registry is called later. */
  readonly registry: string;
  /** The landing's number. */
  readonly sequence: number;
  readonly type: EventType;
  /** A reference; for governed files outside `registry/` their path. */
  readonly subject: string;
  /** `<ns>/<name>` and version of the bundle concerned, where one is. */
  readonly bundleId: string | null;
  readonly bundleVersion: string | null;
  /** A path below `live/`, for what happens to an Activation. */
  readonly scope: string | null;
  /**
   * States of a version; for an Activation `live`, `none` or `inherit`; for an alias or a dependency the versions it
   * points at. Null before the first and where nothing has states; `removed` after a deletion.
   */
  readonly fromState: string | null;
  readonly toState: string | null;
  /** The version that an Activation's change takes out of use. */
  readonly replaces: string | null;
  /** The landing author's identity, or `unknown`. A commit only claims its author. */
  readonly actor: string;
  readonly claimed: true;
  /** The entry's own reason where it gives one for this, else the first line of the landing's message. */
  readonly reason: string;
  /** For updates, else null. */
  readonly patch: readonly PatchOperation[] | null;
  readonly commit: string;
  /** The landing's time. */
  readonly observedAt: Instant;
  /** The rules in force: those of the landing's first parent; for the first landing its own. */
  readonly policyRevision: Digest;
}

/** What decides an event's id. `ordinal` counts the events of one landing and source from 1. */
export interface EventKey {
  readonly registryId: string;
  readonly source: "history" | "evidence" | "release";
  readonly sequence: number;
  /** For what only time brings about; null for landings. */
  readonly asOf: Instant | null;
  readonly ordinal: number;
}

/** The id of an event (DESIGN 6). */
export function eventIdOf({ registryId, source, sequence, asOf, ordinal }: EventKey): string {
  return sha256Hex(["assent-event/v1", registryId, source, sequence, asOf ?? "-", ordinal].join("\0"));
}

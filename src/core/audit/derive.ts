/**
 * From one entry's change to what happened: one to several events, without their landing. Defensive about values,
 * because whatever landed is history, schema-valid or not. It must never compare more than the two values it is given.
 */
import { compareBytes, isObject, type Json, type JsonObject } from "../model/json.ts";
import type { KindName } from "../model/kind.ts";
import { spelledPath } from "../model/path.ts";
import type { Identity } from "../model/ref.ts";
import { kindOf } from "../kinds/index.ts";
import type { EventType, RegistryEvent } from "./event.ts";
import { patchOf, type PatchOperation } from "./patch.ts";
import { isVersionLive, type ActivationMove, type Live } from "./stack.ts";

/** An event that still lacks what all events of its landing have in common. */
export type Happening = Pick<
  RegistryEvent,
  "type" | "subject" | "bundleId" | "bundleVersion" | "scope" | "fromState" | "toState" | "replaces" | "patch"
> & {
  /** Null: the landing's message tells why. */
  readonly reason: string | null;
};

/** An entry's values before and after a landing; null where there was or is none. */
export interface EntryDifference {
  readonly identity: Identity;
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
}

/** The type of every event about an unversioned kind. */
const unversioned: { readonly [K in KindName]?: EventType } = {
  Registry: "governance_changed",
  Identity: "identity_changed",
  Role: "role_changed",
  ApprovalPolicy: "governance_changed",
  Environment: "governance_changed",
  PolicyBinding: "binding_changed",
  Waiver: "waiver_granted",
  MetadataSchema: "governance_changed",
  Provider: "provider_changed",
  UseCase: "usecase_changed",
};

/** Types of versions by kind: registered, updated, state changed. Kinds without a row use the general ones. */
const versioned: { readonly [K in KindName]?: readonly [EventType, EventType, EventType] } = {
  Model: ["model_registered", "model_updated", "model_state_changed"],
  Pipeline: ["pipeline_registered", "version_updated", "pipeline_state_changed"],
  Policy: ["policy_changed", "policy_changed", "policy_changed"],
  Bundle: ["bundle_registered", "version_updated", "version_state_changed"],
};
const general = ["version_registered", "version_updated", "version_state_changed"] as const;

const bundleMoves: Readonly<Record<string, EventType>> = {
  "candidate approved": "bundle_approved",
  "candidate rejected": "bundle_rejected",
  "candidate retired": "bundle_retired",
  "approved retired": "bundle_retired",
};

/** What the change of one entry means; Activations are told by `activationHappening`. */
export function happeningsOf(difference: EntryDifference): readonly Happening[] {
  const { identity, before, after } = difference;
  if (identity.kind === "Aliases") return aliasHappenings(identity, before, after);
  if (identity.kind === "Evaluation") return [evaluationHappening(difference)];
  if (kindOf(identity.kind).shape === "versioned") return versionHappenings(difference);
  const type =
    after === null && identity.kind === "Waiver"
      ? "waiver_lapsed"
      : (unversioned[identity.kind] ?? "governance_changed");
  return [
    happening(identity, type, {
      toState: after === null ? "removed" : null,
      patch: patchBetween(before, after),
      reason: null,
    }),
  ];
}

/** What a governed file outside `registry/` did. */
export function fileHappening(path: string, removed: boolean): Happening {
  return {
    ...nothing,
    type: "governance_changed",
    subject: spelledPath(path),
    toState: removed ? "removed" : null,
    patch: null,
    reason: null,
  };
}

const moveTypes: Readonly<Record<ActivationMove, EventType>> = {
  activate: "bundle_activated",
  promote: "bundle_promoted",
  rollback: "bundle_rolled_back",
  inherit: "activation_inherited",
  deactivate: "bundle_deactivated",
  amend: "activation_amended",
};

/** What the change of an Activation means, once its scope's stack has told the move. */
export function activationHappening(
  difference: EntryDifference,
  move: ActivationMove,
  from: Live,
  to: Live,
): Happening {
  const { identity, before, after } = difference;
  const version = isVersionLive(to) ? to : isVersionLive(from) ? from : null;
  return {
    type: moveTypes[move],
    subject: identity.ref,
    bundleId: `${identity.ns}/${identity.name}`,
    bundleVersion: version,
    scope: identity.id,
    fromState: isVersionLive(from) ? "live" : from,
    toState: isVersionLive(to) ? "live" : (to ?? "removed"),
    replaces: isVersionLive(from) && from !== to ? from : null,
    patch: patchBetween(before, after),
    reason: newReason(before, after),
  };
}

function versionHappenings({ identity, before, after }: EntryDifference): readonly Happening[] {
  const [registered, updated, stateChanged] = versioned[identity.kind] ?? general;
  const initial = kindOf(identity.kind).lifecycle?.initial ?? null;
  const from = before === null ? null : (textAt(before, "state") ?? initial);
  const to = after === null ? "removed" : (textAt(after, "state") ?? initial);
  const reason = newReason(before, after);
  if (before === null) {
    if (after === null) return [];
    // A bundle may be published and approved in one change; consumers wait for both.
    if (identity.kind === "Bundle" && to === "approved") {
      const first = happening(identity, registered, { toState: initial, patch: null, reason });
      return [
        first,
        happening(identity, "bundle_approved", { fromState: initial, toState: to, patch: null, reason }),
      ];
    }
    return [happening(identity, registered, { toState: to, patch: null, reason })];
  }
  if (after === null)
    return [happening(identity, stateChanged, { fromState: from, toState: to, patch: null, reason: null })];
  const found: Happening[] = [];
  const rest = new Set(patchOf(before, after));
  const take = (...roots: string[]): readonly PatchOperation[] => {
    const taken = [...rest].filter(({ path }) =>
      roots.some((root) => path === root || path.startsWith(`${root}/`)),
    );
    for (const operation of taken) rest.delete(operation);
    return taken;
  };
  if (from !== to) {
    const patch = take("/state", "/reason", "/sunset", "/replacedBy");
    const type = (identity.kind === "Bundle" ? bundleMoves[`${from} ${to}`] : undefined) ?? stateChanged;
    found.push(happening(identity, type, { fromState: from, toState: to, patch, reason }));
  }
  if (identity.kind === "Model") {
    const endpoints = take("/serving/endpoints");
    if (endpoints.length > 0)
      found.push(happening(identity, "endpoint_changed", { patch: endpoints, reason: null }));
    const pricing = take("/serving/pricing");
    if (pricing.length > 0)
      found.push(happening(identity, "price_changed", { patch: pricing, reason: null }));
  }
  if (rest.size > 0) found.push(happening(identity, updated, { patch: [...rest], reason: null }));
  return found;
}

function aliasHappenings(
  identity: Identity,
  before: JsonObject | null,
  after: JsonObject | null,
): readonly Happening[] {
  const old = objectAt(before, "aliases");
  const now = objectAt(after, "aliases");
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])].sort(compareBytes);
  return names
    .filter((name) => old[name] !== now[name])
    .map((name) => {
      const patch = patchOf({ aliases: pick(old, name) }, { aliases: pick(now, name) });
      return happening(identity, "alias_moved", {
        fromState: textAt(old, name),
        toState: textAt(now, name) ?? "removed",
        patch,
        reason: null,
      });
    });
}

function evaluationHappening({ identity, before, after }: EntryDifference): Happening {
  const status = after === null ? "removed" : textAt(after, "status");
  const target = /^bundle:(.+)@(.+)$/.exec(textAt(after ?? before, "target") ?? "");
  const event = happening(identity, "evaluation_recorded", {
    fromState: textAt(before, "status"),
    toState: status,
    patch: patchBetween(before, after),
    reason: null,
  });
  return { ...event, bundleId: target?.[1] ?? null, bundleVersion: target?.[2] ?? null };
}

type Details = Pick<Happening, "patch" | "reason"> & Partial<Pick<Happening, "fromState" | "toState">>;

const nothing = {
  bundleId: null,
  bundleVersion: null,
  scope: null,
  fromState: null,
  toState: null,
  replaces: null,
};

function happening(identity: Identity, type: EventType, details: Details): Happening {
  const isBundle = identity.kind === "Bundle";
  const bundle = isBundle
    ? { bundleId: `${identity.ns}/${identity.name}`, bundleVersion: identity.version }
    : {};
  return { ...nothing, ...bundle, ...details, type, subject: identity.ref };
}

/** The reason an entry gives for this change; one that was there before is about something else. */
function newReason(before: JsonObject | null, after: JsonObject | null): string | null {
  const reason = textAt(after, "reason");
  return reason === textAt(before, "reason") ? null : reason;
}

function patchBetween(before: JsonObject | null, after: JsonObject | null): readonly PatchOperation[] | null {
  return before === null || after === null ? null : patchOf(before, after);
}

/** A text at a key, or null; whatever landed may hold anything. */
export function textAt(value: JsonObject | null, key: string): string | null {
  const found = value !== null && Object.hasOwn(value, key) ? value[key] : undefined;
  return typeof found === "string" ? found : null;
}

function objectAt(value: JsonObject | null, key: string): JsonObject {
  const found: Json | undefined = value !== null && Object.hasOwn(value, key) ? value[key] : undefined;
  return isObject(found) ? found : {};
}

function pick(value: JsonObject, key: string): JsonObject {
  return Object.hasOwn(value, key) ? { [key]: value[key] } : {};
}

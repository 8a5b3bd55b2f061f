/**
 * Things that the source versions itself: each version is an entry of its own under the number the source gave it, and
 * the source's aliases are the registry's. A version that is there stays as it is; only deprecation is carried on.
 */
import { isObject, type Json, type JsonObject } from "../model/json.ts";
import type { Entry } from "../model/registry.ts";
import { adopted } from "./adopt.ts";
import * as codes from "./codes.ts";
import { disagreementsOf, nowSourceOf } from "./disagree.ts";
import type { Draft } from "./draft.ts";
import { assignNames } from "./names.ts";
import { namesInUse } from "./plan-models.ts";
import { completedSources, ownSources } from "./provenance.ts";
import { compact, type ImportRecord, type Incoming, type VersionIdentity } from "./record.ts";
import { asObject, sameJson, valueAt } from "./sync.ts";
import { quoted } from "./text.ts";
import { deprecation } from "./vanish.ts";

/** Finds `<namespace>/<name>` of a foreign thing. */
export type Families = (of: VersionIdentity) => string | undefined;

type Versioned = ImportRecord & { readonly identity: { readonly by: "version" } & VersionIdentity };

/** Plans every version and every list of aliases, in the order of the source's files and names. */
export function planVersions(draft: Draft, incoming: Incoming): Families {
  const records = incoming.records.filter((record): record is Versioned => record.identity.by === "version");
  const families = familiesOf(draft, records);
  const seen = new Set<string>();
  for (const record of records) {
    const { identity, file } = record;
    const family = families(identity);
    if (family === undefined) {
      draft.note(codes.noName, file, `No name is free for ${quoted(identity.id)}.`);
      continue;
    }
    const ref = identity.version === null ? `aliases:model/${family}` : `model:${family}@${identity.version}`;
    if (seen.has(ref)) {
      draft.note(codes.duplicate, file, `${ref} stands in the source twice.`, ref);
      continue;
    }
    seen.add(ref);
    const value = valueOf(draft, record.value);
    const existing = draft.registry.get(ref);
    if (existing === undefined) create(draft, record, family, value);
    else if (existing.kind === "Aliases") planAliases(draft, existing as Entry<"Aliases">, value, file);
    else planVersion(draft, existing as Entry<"Model">, value, file);
  }
  return families;
}

/** A family is known by what its versions say of where they came from; new ones get a name that nobody has. */
function familiesOf(draft: Draft, records: readonly Versioned[]): Families {
  const { namespace, uri } = draft.options;
  const keyOf = (of: VersionIdentity): string => `${namespace ?? of.namespace}\n${of.id}`;
  const known = new Map<string, string>();
  for (const entry of draft.registry.ofKind("Model")) {
    if (ownSources(asObject(entry.value), uri).length === 0) continue;
    const key = `${entry.ns ?? ""}\n${entry.value.spec.upstreamId ?? ""}`;
    if (!known.has(key)) known.set(key, `${entry.ns ?? ""}/${entry.name}`);
  }
  const fresh = new Map<string, Set<string>>();
  for (const { identity } of records) {
    if (known.has(keyOf(identity))) continue;
    const ns = namespace ?? identity.namespace;
    fresh.set(ns, (fresh.get(ns) ?? new Set()).add(identity.id));
  }
  const taken = namesInUse(draft);
  for (const [ns, ids] of fresh) {
    for (const [id, name] of assignNames(ids, taken.get(ns) ?? new Set()))
      known.set(`${ns}\n${id}`, `${ns}/${name}`);
  }
  return (of) => known.get(keyOf(of));
}

function valueOf(draft: Draft, value: JsonObject): JsonObject {
  const { uri, about } = draft.options;
  return compact({ ...value, sources: completedSources(value, uri, about) });
}

function create(draft: Draft, { identity, file }: Versioned, family: string, value: JsonObject): void {
  if (identity.version === null) {
    draft.create("Aliases", `model/${family}`, value, file, "imported");
    return;
  }
  const state = value["state"] ?? draft.options.state;
  const owner = value["owner"] ?? draft.options.owner;
  const whole = adopted(draft, compact({ ...value, owner, state }));
  draft.create("Model", `${family}@${identity.version}`, whole, file, "imported");
}

function planVersion(draft: Draft, existing: Entry<"Model">, value: JsonObject, file: string): void {
  const { uri } = draft.options;
  const current = asObject(existing.value);
  const found = disagreementsOf(existing, value, [], nowSourceOf(uri, file));
  const own = ownSources(current, uri).length > 0;
  if (found.length > 0 || (!own && !draft.options.adopt)) {
    draft.disagree(found);
    const why =
      found.length > 0
        ? `differs in ${found.map(({ field }) => field).join(", ")}`
        : "was not made by this import";
    draft.note(codes.conflict, file, `${existing.ref} ${why}.`, existing.ref);
    return;
  }
  const { state } = existing.value;
  const ended = state === "deprecated" || state === "retired";
  if (value["state"] === "deprecated" && !ended)
    draft.edit(existing, deprecation(existing, String(value["reason"])), file);
  else {
    if (value["state"] !== undefined && value["state"] !== state && !ended)
      draft.note(
        codes.stateKept,
        file,
        `${existing.ref} is ${state}; the source says ${String(value["state"])}.`,
        existing.ref,
      );
    draft.keep(existing);
  }
}

/** Aliases that the source moved are moved; those that people added stay. */
function planAliases(draft: Draft, existing: Entry<"Aliases">, value: JsonObject, file: string): void {
  const { uri, adopt } = draft.options;
  const current = asObject(existing.value);
  const aliases = isObject(value["aliases"]) ? value["aliases"] : {};
  const moved = Object.entries(aliases).filter(([alias, version]) => {
    const was = valueAt(current, ["aliases", alias]);
    return was === undefined || !sameJson(was, version ?? null);
  });
  if (moved.length === 0) draft.keep(existing);
  else if (ownSources(current, uri).length === 0 && !adopt) {
    const nowSource = nowSourceOf(uri, file);
    draft.disagree(
      moved.flatMap(([alias, now]): Parameters<Draft["disagree"]>[0] => {
        const was: Json | undefined = valueAt(current, ["aliases", alias]);
        if (was === undefined) return [];
        return [
          { ref: existing.ref, field: `aliases.${alias}`, was, wasSource: null, now: now ?? null, nowSource },
        ];
      }),
    );
    draft.note(
      codes.conflict,
      file,
      `${existing.ref} was written by hand and says something else of ${moved.map(([alias]) => alias).join(", ")}.`,
      existing.ref,
    );
  } else {
    const edits = moved.map(([alias, version]) => ({ pointer: ["aliases", alias], value: version ?? null }));
    draft.edit(existing, edits, file);
  }
}

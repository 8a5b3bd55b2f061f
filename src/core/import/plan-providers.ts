/**
 * Provider entries of an import: one for every provider whose models arrive, so that no reference dangles.
 */
import type { JsonObject } from "../model/json.ts";
import { identityOf } from "../source/reference.ts";
import * as codes from "./codes.ts";
import { assignNames } from "./names.ts";
import type { Draft } from "./draft.ts";
import { disagreementsOf, nowSourceOf } from "./disagree.ts";
import { completedSources, hasOtherSources, ownSources, renewedSources, spokenFields } from "./provenance.ts";
import type { ImportRecord, Incoming } from "./record.ts";
import { asObject, ownedPaths, syncEdits } from "./sync.ts";

const owned = ownedPaths(["env", "baseUrl", "sdk", "docs"]);

/** A name for every foreign provider id of a source: of what arrives, and of what could not be read. */
export function providerNames(incoming: Incoming): ReadonlyMap<string, string> {
  const ids = new Set<string>();
  for (const { kind, identity } of incoming.records) {
    if (identity.by !== "upstream") continue;
    if (identity.provider !== null) ids.add(identity.provider);
    if (kind === "Provider") ids.add(identity.id);
  }
  for (const key of incoming.unreadable) ids.add(key.slice(0, key.indexOf("/")));
  return assignNames(ids, new Set());
}

/** Plans the Provider records, and a bare entry for each provider that models name and nothing describes. */
export function planProviders(
  draft: Draft,
  records: readonly ImportRecord[],
  names: ReadonlyMap<string, string>,
): void {
  const described = new Set<string>();
  for (const record of records) {
    if (record.kind !== "Provider" || record.identity.by !== "upstream") continue;
    described.add(record.identity.id);
    planProvider(draft, record.identity.id, names, record.value, record.file);
  }
  for (const { identity, file } of records) {
    if (identity.by !== "upstream" || identity.provider === null || described.has(identity.provider))
      continue;
    described.add(identity.provider);
    const name = names.get(identity.provider);
    const existing = name === undefined ? undefined : draft.registry.get(`provider:${name}`);
    if (existing !== undefined) draft.keep(existing);
    else
      planProvider(
        draft,
        identity.provider,
        names,
        { title: identity.provider.slice(0, 200), sources: [{ path: file }] },
        file,
      );
  }
}

function planProvider(
  draft: Draft,
  id: string,
  names: ReadonlyMap<string, string>,
  value: JsonObject,
  file: string,
): void {
  const { registry, options } = draft;
  const name = names.get(id);
  if (name === undefined) {
    draft.note(codes.noName, file, `No name is free for the provider ${id}.`);
    return;
  }
  const sources = completedSources(value, options.uri, options.about) ?? [];
  const existing = registry.get(identityOf("Provider", name)?.ref ?? "");
  if (existing === undefined) {
    draft.create("Provider", name, { ...value, sources }, file, "imported");
    return;
  }
  const current = asObject(existing.value);
  if (ownSources(current, options.uri).length === 0 && !options.adopt) {
    const found = disagreementsOf(existing, value, owned, nowSourceOf(options.uri, file));
    const others = hasOtherSources(current, options.uri);
    draft.disagree(found);
    if (others && found.length === 0) draft.keep(existing);
    else {
      const who = others ? "came from another source" : "was written by hand";
      draft.note(codes.conflict, file, `${existing.ref} ${who}.`, existing.ref);
    }
    return;
  }
  const edits = [...syncEdits(current, value, owned, spokenFields(current, options.uri))];
  const renewed = renewedSources(current, sources, options.uri, edits.length > 0);
  if (renewed !== undefined) edits.push({ pointer: ["sources"], value: renewed });
  if (edits.length === 0) draft.keep(existing);
  else draft.edit(existing, edits, file);
}

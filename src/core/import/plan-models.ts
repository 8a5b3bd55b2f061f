/**
 * Models of an import: new ones get a name and version 1.0.0; known ones are edited where facts and serving changed,
 * get a next version where what is frozen changed, and become deprecated when the source dropped them.
 */
import type { Finding } from "../model/diagnostic.ts";
import type { Json, JsonObject } from "../model/json.ts";
import type { Entry } from "../model/registry.ts";
import { compareEntries } from "../resolve/compat.ts";
import * as codes from "./codes.ts";
import { matchModels, vendorKey } from "./match.ts";
import { assignNames, plainName } from "./names.ts";
import type { Draft } from "./draft.ts";
import { adopted } from "./adopt.ts";
import { candidatesOf, likeIn, type Candidate } from "./candidates.ts";
import { disagreementsOf, nowSourceOf } from "./disagree.ts";
import type { RunTarget } from "./plan-runs.ts";
import {
  completedSources,
  hasOtherSources,
  ownSources,
  placed,
  renewedSources,
  spokenFields,
} from "./provenance.ts";
import { compact, type ImportRecord, type Incoming } from "./record.ts";
import { asObject, ownedPaths, sameJson, syncEdits, valueAt, withOwned } from "./sync.ts";
import type { Edit } from "../source/edit.ts";
import { quoted } from "./text.ts";
import { deprecation, planVanished } from "./vanish.ts";

/** What a source speaks for in a model. Absent endpoints say nothing: people add theirs. */
const owned = ownedPaths([
  ...["series", "maturity", "openWeights", "knowledgeCutoff", "releaseDate", "lastUpdated"].map(
    (key) => `facts.${key}`,
  ),
  ...[
    "contextLength",
    "maxInputTokens",
    "maxOutputTokens",
    "modalities",
    "functions",
    "structuredOutput",
    "vision",
    "attachments",
    "temperature",
    "reasoning",
    "reasoningControls",
    "reasoningField",
    "interleavedReasoning",
  ].map((key) => `facts.capabilities.${key}`),
  ...[
    "currency",
    "inputPerMillionTokens",
    "outputPerMillionTokens",
    "reasoningPerMillionTokens",
    "cacheReadPerMillionTokens",
    "cacheWritePerMillionTokens",
    "inputAudioPerMillionTokens",
    "outputAudioPerMillionTokens",
    "tiers",
  ].map((key) => `serving.pricing.${key}`),
  "serving.modes",
  "serving.sdk",
  "serving.endpoints?",
]);

/** Plans the models; the finding says why the import as a whole is refused. */
export function planModels(
  draft: Draft,
  incoming: Incoming,
  providers: ReadonlyMap<string, string>,
  targets: Map<string, RunTarget>,
): Finding | undefined {
  const known = matchModels(draft.registry, draft.options.uri);
  const candidates = candidatesOf(draft, incoming.records, providers);
  const fresh: Candidate[] = [];
  for (const candidate of candidates) {
    const key = vendorKey(candidate.providerRef, candidate.id);
    const existing = known.get(key) ?? (candidate.loose ? likeIn(known, candidate) : undefined);
    if (existing === undefined) fresh.push(candidate);
    else {
      targets.set(key, { ref: existing.ref, spec: asObject(existing.value)["spec"] ?? {} });
      planKnown(draft, existing, candidate);
    }
  }
  planFresh(draft, fresh, targets);
  if (draft.options.partial === true) return undefined;
  const present = new Set(candidates.map(({ providerRef, id }) => vendorKey(providerRef, id)));
  for (const key of incoming.unreadable) {
    const slash = key.indexOf("/");
    present.add(vendorKey(`provider:${providers.get(key.slice(0, slash)) ?? ""}`, key.slice(slash + 1)));
  }
  return planVanished(draft, known, present);
}

/** Names and creates models that the registry does not know. */
function planFresh(draft: Draft, fresh: readonly Candidate[], targets: Map<string, RunTarget>): void {
  const taken = namesInUse(draft);
  const byNamespace = new Map<string, Candidate[]>();
  for (const candidate of fresh) {
    const list = byNamespace.get(candidate.namespace);
    if (list === undefined) byNamespace.set(candidate.namespace, [candidate]);
    else list.push(candidate);
  }
  for (const [namespace, candidates] of byNamespace) {
    const names = assignNames(
      candidates.map(({ nameOf }) => nameOf),
      taken.get(namespace) ?? new Set(),
    );
    for (const { record, providerRef, nameOf, id } of candidates) {
      const broken = `model:${namespace}/${plainName(nameOf)}@1.0.0`;
      if (draft.registry.isBroken(broken)) {
        draft.note(
          codes.conflict,
          record.file,
          `${broken} cannot be read; whether it is this model nobody can tell.`,
          broken,
        );
        continue;
      }
      const name = names.get(nameOf);
      if (name === undefined)
        draft.note(codes.noName, record.file, `No name is free for ${quoted(nameOf)} in ${namespace}.`);
      else {
        const value = newValue(draft, record.value, providerRef);
        const at = `${namespace}/${name}@1.0.0`;
        if (draft.create("Model", at, adopted(draft, value), record.file, "imported"))
          targets.set(vendorKey(providerRef, id), { ref: `model:${at}`, spec: value["spec"] ?? {} });
      }
    }
  }
}

/** Every name below `registry/models`, readable or not, by namespace. */
export function namesInUse(draft: Draft): ReadonlyMap<string, ReadonlySet<string>> {
  const names = new Map<string, Set<string>>();
  for (const { path } of draft.registry.tree.files) {
    if (!path.startsWith("registry/models/")) continue;
    const [, , namespace = "", name = ""] = path.split("/");
    const set = names.get(namespace);
    if (set === undefined) names.set(namespace, new Set([name]));
    else set.add(name);
  }
  return names;
}

/** What the source itself states of a model that is known. */
function stated({ assumesType, identity }: ImportRecord, value: JsonObject): JsonObject {
  if (assumesType !== true) return value;
  const { type: _type, ...spec } = value["spec"] as JsonObject;
  if (identity.by !== "upstream" || identity.loose !== true) return { ...value, spec };
  // People's name for a model is not its vendor's id.
  const { upstreamId: _id, ...rest } = spec;
  return { ...value, spec: rest };
}

function newValue(draft: Draft, value: JsonObject, providerRef: string): JsonObject {
  const { uri, about, owner, state } = draft.options;
  const spec = value["spec"] as JsonObject;
  return compact({
    owner,
    ...value,
    state: value["state"] ?? state,
    spec: { provider: providerRef, ...spec },
    sources: completedSources(value, uri, about),
  });
}

function planKnown(draft: Draft, existing: Entry<"Model">, { record, providerRef }: Candidate): void {
  const { options } = draft;
  const current = asObject(existing.value);
  const incoming = stated(record, newValue(draft, record.value, providerRef));
  if (ownSources(current, options.uri).length === 0 && !options.adopt) {
    planForeign(draft, existing, incoming, record.file);
    return;
  }
  if (existing.value.state === "retired") {
    draft.keep(existing);
    return;
  }
  const fields = spokenFields(current, options.uri);
  const spec = incoming["spec"] as JsonObject;
  const moved = Object.keys(spec).filter(
    (key) => !sameJson(spec[key] ?? null, valueAt(current, ["spec", key]) ?? null),
  );
  if (moved.length > 0 && (fields === undefined || fields.some((field) => field.split(".")[0] === "spec"))) {
    planNextVersion(draft, existing, incoming, moved, record.file);
    return;
  }
  // What another source says about fields that this one is silent on stays.
  const alone = !hasOtherSources(current, options.uri);
  const spoken = alone ? owned : owned.map(({ path }) => ({ path, removes: false }));
  const edits: Edit[] = [
    ...stateEdits(draft, existing, record),
    ...syncEdits(current, incoming, spoken, fields),
  ];
  const sources = (incoming["sources"] ?? []) as readonly JsonObject[];
  const renewed = renewedSources(current, sources, options.uri, edits.length > 0);
  if (renewed !== undefined) edits.push({ pointer: ["sources"], value: renewed });
  if (edits.length === 0) draft.keep(existing);
  else draft.edit(existing, edits, record.file);
}

/** An entry that this source did not make: what both state and differ on is said fact by fact, and nothing is touched. */
function planForeign(draft: Draft, existing: Entry<"Model">, incoming: JsonObject, file: string): void {
  const { uri } = draft.options;
  const current = asObject(existing.value);
  const others = hasOtherSources(current, uri);
  const found = disagreementsOf(existing, incoming, owned, nowSourceOf(uri, file));
  draft.disagree(found);
  if (others && found.length === 0) {
    draft.keep(existing);
    return;
  }
  const who = others ? "came from another source" : "was written by hand";
  const differs =
    found.length === 0 ? "" : ` They differ in ${found.length} fact${found.length > 1 ? "s" : ""}.`;
  draft.note(
    codes.conflict,
    file,
    `${existing.ref} describes this model and ${who}.${differs}`,
    existing.ref,
  );
}

/** Deprecation is the one move an import makes; coming back is for people. */
function stateEdits(draft: Draft, existing: Entry<"Model">, record: ImportRecord): readonly Edit[] {
  const { state } = existing.value;
  const deprecated = record.value["state"] === "deprecated";
  if (!deprecated) {
    if (state === "deprecated")
      draft.note(
        codes.stateKept,
        record.file,
        `${existing.ref} is deprecated; the source does not say so.`,
        existing.ref,
      );
    return [];
  }
  return state === "deprecated" ? [] : deprecation(existing, String(record.value["reason"]));
}

/**
 * A changed `spec` is a new version that starts from the latest: what people wrote about the model comes along, what
 * the source speaks for is the source's, and its state is that of a new model (DESIGN 4).
 */
function planNextVersion(
  draft: Draft,
  existing: Entry<"Model">,
  incoming: JsonObject,
  moved: readonly string[],
  file: string,
): void {
  const { options } = draft;
  const {
    state: _state,
    reason: _reason,
    sunset: _sunset,
    replacedBy: _replacedBy,
    ...kept
  } = asObject(existing.value);
  const before = kept["spec"] as JsonObject;
  const spec = incoming["spec"] as JsonObject;
  const said = (value: Json | undefined): string =>
    typeof value === "string" ? value : JSON.stringify(value ?? null);
  const changelog = moved
    .map((key) => `${key} was ${said(before[key])} and is ${said(spec[key])} in the source.`)
    .join(" ");
  const sources = placed(kept, (incoming["sources"] ?? []) as readonly JsonObject[], options.uri);
  const value = compact({
    ...withOwned(kept, incoming, owned),
    state: incoming["state"],
    reason: incoming["reason"],
    sunset: incoming["sunset"],
    spec: { ...before, ...spec, changelog },
    sources,
  });
  const [major = 0, minor = 0] = (existing.version ?? "").split(".").map(Number);
  const version =
    compareEntries(existing, { kind: "Model", value }, "spec").breaking === true
      ? `${major + 1}.0.0`
      : `${major}.${minor + 1}.0`;
  draft.create("Model", `${existing.ns ?? ""}/${existing.name}@${version}`, value, file, "changed");
}

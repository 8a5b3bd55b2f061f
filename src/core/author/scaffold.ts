/**
 * A new entry: what follows from its kind, its id, an older version and the registry is filled in; what is still missing
 * is listed with what to type. Examples of the schema are shown and never written, and nothing is ever made up: an
 * entry that says something says what somebody meant.
 */
import { isObject, type Json, type JsonObject, type Pointer } from "../model/json.ts";
import type { KindName } from "../model/kind.ts";
import type { Identity } from "../model/ref.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { ownershipAt, settingsOf } from "../govern/ownership.ts";
import { kindOf } from "../kinds/index.ts";
import { isAtItsEnd } from "../validate/states.ts";
import { faultsOf } from "../validate/schema-explain.ts";
import { schemaOf, type Schema } from "../validate/schema-tree.ts";
import { applyEdit, pathText, schemaAt, valueAt } from "./fields.ts";
import { askingFor, sampleOf, type Missing } from "./missing.ts";

/** A value that is complete, or what it lacks. */
export interface Scaffold {
  readonly value: JsonObject;
  readonly missing: readonly Missing[];
}

/** What a new entry of this identity begins with; nothing in it is a statement about the thing itself. */
export function beginningOf({ kind, name, version, path }: Identity, registry: Registry): JsonObject {
  const { lifecycle, shape } = kindOf(kind);
  const isNamed = shape === "versioned" || shape === "namespaced" || shape === "named";
  const words = name.replaceAll(/[-_.]+/g, " ");
  const title = kind === "Bundle" ? `${words} ${version}` : words;
  const owner = lifecycle === undefined && kind !== "UseCase" ? undefined : ownerOf(path, registry);
  return {
    ...(isNamed && { title: title.slice(0, 1).toUpperCase() + title.slice(1) }),
    ...(owner !== undefined && { owner }),
    ...(lifecycle !== undefined && { state: lifecycle.initial }),
  };
}

const ofOneVersion = ["state", "reason", "gateReceipt", "sunset", "replacedBy"];
const ofOneIdentity = ["github", "keys", "emailDigests", "aliases", "proofs"];

/** What an older entry hands on. State, receipt and sunset belong to one version; accounts and keys to one identity. */
export function carriedOver(from: Entry, to: Identity): JsonObject {
  const left = new Set(from.kind === "Identity" ? ofOneIdentity : ofOneVersion);
  const value = Object.fromEntries(
    Object.entries(from.value as JsonObject).filter(([key]) => !left.has(key)),
  );
  const { title, spec } = value;
  const isNewName = from.ns !== to.ns || from.name !== to.name;
  const renamed =
    typeof title === "string" && from.version !== null && to.version !== null
      ? title.replace(from.version, to.version)
      : title;
  if (isNewName) delete value["title"];
  else if (renamed !== undefined) value["title"] = renamed;
  if (isObject(spec)) {
    const { changelog: _, ...rest } = spec;
    value["spec"] = rest;
  }
  return value;
}

/** What no longer holds once something else was set: digests of another file, the training run of other weights. */
export function withoutOutdated(before: JsonObject, after: JsonObject, set: readonly Pointer[]): JsonObject {
  const isSet = (pointer: Pointer): boolean => set.some((each) => pathText(each) === pathText(pointer));
  let value = after;
  for (const holder of holdersOfDigests(after)) {
    const was = valueAt(before, [...holder, "uri"]);
    if (
      was === undefined ||
      was === valueAt(after, [...holder, "uri"]) ||
      valueAt(before, [...holder, "digest"]) !== valueAt(after, [...holder, "digest"])
    )
      continue;
    for (const key of ["digest", "size"])
      if (!isSet([...holder, key])) value = applyEdit(value, { pointer: [...holder, key], value: undefined });
  }
  if (
    JSON.stringify(weightsOf(before)) !== JSON.stringify(weightsOf(value)) &&
    weightsOf(before).length > 0
  ) {
    for (const key of ["trainingRun", "report"]) {
      const pointer = ["spec", "provenance", key];
      const isTouched =
        valueAt(before, pointer) !== valueAt(after, pointer) ||
        set.some((each) => pathText(each).startsWith(pathText(pointer)));
      if (!isTouched) value = applyEdit(value, { pointer, value: undefined });
    }
  }
  return value;
}

function holdersOfDigests(value: JsonObject): readonly Pointer[] {
  const artifacts = valueAt(value, ["spec", "artifacts"]);
  const listed = Array.isArray(artifacts)
    ? artifacts.map((_, index): Pointer => ["spec", "artifacts", index])
    : [];
  return [["spec"], ["spec", "artifact"], ["spec", "provenance", "report"], ...listed].filter((pointer) =>
    isObject(valueAt(value, pointer)),
  );
}

function weightsOf(value: JsonObject): readonly Json[] {
  const artifacts = valueAt(value, ["spec", "artifacts"]);
  return Array.isArray(artifacts)
    ? artifacts.filter((each) => isObject(each) && each["role"] === "model_weights")
    : [];
}

/** Fills in every required field that has one right answer, and lists the others. */
export function complete(identity: Identity, begun: JsonObject, registry: Registry): Scaffold {
  const schema = schemaOf(identity.kind);
  let value = begun;
  // Each round fills at least one field, and a filled one may ask for others.
  for (let round = 0; round < 100; round++) {
    const lacking = lackingIn(schema, value);
    const filled = lacking.flatMap((lack) => {
      const found = answerFor(identity, lack, value, registry);
      return found === undefined ? [] : [{ pointer: lack.pointer, value: found }];
    });
    if (filled.length === 0)
      return {
        value,
        missing: asking(identity, lacking, value).map((pointer) => askingFor(identity, pointer, registry)),
      };
    value = filled.reduce(applyEdit, value);
  }
  return { value, missing: [] };
}

/** What must be asked: not what is asked only as long as another missing field is (a code revision for a training run). */
function asking({ kind }: Identity, lacking: readonly Lack[], value: JsonObject): readonly Pointer[] {
  let pointers = lacking.map(({ pointer }) => pointer);
  for (const { pointer } of lacking) {
    const others = pointers.filter((each) => each !== pointer);
    const answered = others
      .map((each) => ({ pointer: each, value: sampleOf(schemaAt(kind, each), 0) }))
      .reduce(applyEdit, value);
    const isLacking = lackingIn(schemaOf(kind), answered).some(
      (each) => pathText(each.pointer) === pathText(pointer),
    );
    if (!isLacking) pointers = others;
  }
  return pointers;
}

/** A required field that is absent, and what whoever asks for it (the schema or a condition) says of it. */
interface Lack {
  readonly pointer: Pointer;
  readonly asked: Schema | undefined;
}

/** The required fields that are absent, each once, in the order of the schema. */
function lackingIn(root: Schema, value: JsonObject): readonly Lack[] {
  const found = new Map<string, Lack>();
  for (const { keyword, pointer, key, schema } of faultsOf(root, value)) {
    if ((keyword !== "required" && keyword !== "dependentRequired") || key === undefined) continue;
    const asked = schema.properties?.[key];
    found.set(pathText([...pointer, key]), {
      pointer: [...pointer, key],
      asked: typeof asked === "object" ? asked : undefined,
    });
  }
  return [...found.values()];
}

function answerFor(
  identity: Identity,
  { pointer, asked }: Lack,
  value: JsonObject,
  registry: Registry,
): Json | undefined {
  const path = pathText(pointer);
  if (path === "owner") return ownerOf(identity.path, registry) ?? onlyOne(["Role"], registry);
  if (identity.kind === "Environment" && path === "rank") return nextRank(registry);
  if (identity.kind === "Bundle" && path === "gateReceipt")
    return asksNothing(identity, registry) ? { decision: "PASS", gates: [] } : undefined;
  if (identity.kind === "Model" && path === "spec.provider") {
    // Models stand in the namespace of whoever serves them (DESIGN 2), unless a team makes its own.
    const own = `provider:${identity.ns}`;
    return registry.get(own) === undefined ? onlyOne(["Provider"], registry) : own;
  }
  const schema = schemaAt(identity.kind, pointer);
  if (schema === undefined) return undefined;
  if (schema.const !== undefined) return schema.const;
  if (schema.default !== undefined) return schema.default;
  if (schema.enum?.length === 1) return schema.enum[0];
  if (schema["x-ref"] !== undefined && schema["x-ref-mixed"] !== true)
    return onlyOne(schema["x-ref"], registry);
  if (
    schema.type === "array" &&
    schema.items?.["x-ref"] !== undefined &&
    schema.items["x-ref-mixed"] !== true
  ) {
    const only = onlyOne(schema.items["x-ref"], registry);
    return only === undefined ? undefined : [only];
  }
  // A map that asks for keys of its own is made, so that these are asked for.
  const asksForKeys =
    schema.required !== undefined || schema.if !== undefined || asked?.required !== undefined;
  if (schema.type === "object" && valueAt(value, pointer) === undefined && asksForKeys) return {};
  return undefined;
}

/** The only entry of these kinds that may still be relied on; undefined where there is none, or a choice. */
function onlyOne(kinds: readonly KindName[], registry: Registry): string | undefined {
  const found = kinds.flatMap((kind) => registry.ofKind(kind).filter((entry) => !isAtItsEnd(entry)));
  return found.length === 1 ? found[0]?.ref : undefined;
}

/** The role that owns the path, where `ownership` names exactly one. */
function ownerOf(path: string, registry: Registry): string | undefined {
  const settings = settingsOf(registry);
  const roles = settings === undefined ? [] : (ownershipAt(settings.value, path)?.roles ?? []);
  return roles.length === 1 ? roles[0] : undefined;
}

/** One step above the highest environment, so that a ladder is named from its foot to its top. */
function nextRank(registry: Registry): number {
  return Math.max(0, ...registry.ofKind("Environment").map(({ value }) => value.rank)) + 10;
}

/** A use case without gates asks for nothing, and a receipt over nothing is all there is to say. */
function asksNothing({ ns, name }: Identity, registry: Registry): boolean {
  const usecase = registry.get(`usecase:${ns}/${name}`);
  return usecase?.kind === "UseCase" && ((usecase as Entry<"UseCase">).value.gates ?? []).length === 0;
}

/**
 * What has to change so that one entry takes another's place. Published versions are frozen, so everything that pins
 * the old one gets a new version that pins the new one, as a draft, and so on up to the bundles. Nothing is made up:
 * a bundle whose use case has gates has to be measured, so it comes as the beginning of a request to publish; what is
 * live moves by promotion alone.
 */
import { keyOrders } from "../../generated/key-order.ts";
import { beginningOf, carriedOver, complete } from "../author/scaffold.ts";
import { compareBytes, isObject, type Json, type JsonObject } from "../model/json.ts";
import type { KindName } from "../model/kind.ts";
import type { Identity } from "../model/ref.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { highestWithin } from "../model/version.ts";
import { compareEntries } from "../resolve/compat.ts";
import { editText } from "../source/edit.ts";
import { decodeText } from "../source/parse.ts";
import { identityOf } from "../source/reference.ts";
import { render } from "../source/render.ts";
import { honestSpec } from "../template/renderings.ts";
import { isAtItsEnd } from "../validate/states.ts";
import type { Impact } from "./impact.ts";
import { layersOf, type DrawnEdge } from "./layers.ts";
import { relationsAbove, type Lineage } from "./lineage.ts";
import type { FilePatch } from "./patch.ts";
import type { Relation } from "./relations.ts";

/** A new version that pins what is new. */
export interface Draft {
  readonly ref: string;
  readonly from: string;
  readonly path: string;
}

/** The beginning of a request to publish a bundle: the spec is ready, what was measured is missing. */
export interface Request {
  readonly ref: string;
  readonly from: string;
  readonly spec: JsonObject;
}

export interface Migration {
  readonly drafts: readonly Draft[];
  readonly requests: readonly Request[];
  /** The aliases that move with it, as `aliases:model/openai/gpt-4o` and their names. */
  readonly aliases: readonly { readonly ref: string; readonly names: readonly string[] }[];
  /** New and changed files, in byte order of paths. */
  readonly files: readonly FilePatch[];
  /** What only people can do, and why; in the order in which it comes up. */
  readonly open: readonly { readonly ref: string; readonly why: string }[];
}

/** Kinds that are nothing but what they say: a new version of one can be written down. */
const written: ReadonlySet<KindName> = new Set(["Template", "Pipeline", "Bundle"]);

/** Plans that `replacement` takes the place of `subject`, as far as `impact` reaches. */
export function migrationOf(
  lineage: Lineage,
  registry: Registry,
  impact: Impact,
  subject: Entry,
  replacement: Entry,
): Migration {
  const exchanged = new Map<string, string>([[subject.ref, replacement.ref]]);
  const drafts: Draft[] = [];
  const requests: Request[] = [];
  const files: FilePatch[] = [];
  const open: { ref: string; why: string }[] = [];
  const live = new Set<string>(impact.hits.flatMap((hit) => (hit.live ? [hit.ref] : [])));
  for (const group of namesInOrder(lineage, registry, impact)) {
    const touched = group.filter((entry) => pinsOf(lineage, entry).some(({ above }) => exchanged.has(above)));
    const from = chosenOf(touched, live, registry);
    for (const ref of rangesLeft(lineage, group, subject, replacement)) open.push(ref);
    if (from === undefined) continue;
    if (!written.has(from.kind)) {
      open.push({
        ref: from.ref,
        why: `A ${from.kind} is made, not written: publish a version that does without ${subject.ref}.`,
      });
      continue;
    }
    const { identity, value, missing, left } = draftOf(from, exchanged, registry);
    if (missing && from.kind !== "Bundle") {
      open.push({ ref: from.ref, why: "A new version of it would lack required fields: write one by hand." });
      continue;
    }
    if (left !== null)
      open.push({
        ref: identity.ref,
        why: `${left} gives something else: a new version of the template would keep it rendered.`,
      });
    for (const entry of touched) exchanged.set(entry.ref, identity.ref);
    if (missing) {
      const spec = isObject(value["spec"]) ? value["spec"] : {};
      requests.push({ ref: identity.ref, from: from.ref, spec });
      if (hasWeights(from))
        open.push({
          ref: identity.ref,
          why: "Its artifacts hold weights: exchange them as well, with their digests.",
        });
    } else {
      drafts.push({ ref: identity.ref, from: from.ref, path: identity.path });
      files.push({ path: identity.path, before: null, after: render(value, keyOrders[identity.kind]) });
    }
  }
  const moved = movedAliases(registry, subject, replacement);
  return {
    drafts,
    requests,
    aliases: moved === undefined ? [] : [{ ref: moved.ref, names: moved.names }],
    files: [...files, ...(moved === undefined ? [] : [moved.file])].sort((a, b) =>
      compareBytes(a.path, b.path),
    ),
    open,
  };
}

/** The versions that are hit and not at their end, by name; each name after those it stands on. */
function namesInOrder(lineage: Lineage, registry: Registry, { hits }: Impact): readonly (readonly Entry[])[] {
  const groups = new Map<string, Entry[]>();
  for (const { ref } of hits) {
    const entry = registry.get(ref);
    if (entry === undefined || entry.version === null || isAtItsEnd(entry)) continue;
    const group = groups.get(nameOf(entry));
    if (group === undefined) groups.set(nameOf(entry), [entry]);
    else group.push(entry);
  }
  const names = [...groups.keys()].sort(compareBytes);
  const places = new Map(names.map((name, place) => [name, place]));
  const edges = names.flatMap((name, below) =>
    groups.get(name)!.flatMap((entry) =>
      pinsOf(lineage, entry).flatMap(({ above }): readonly DrawnEdge[] => {
        const target = registry.get(above);
        const place = target === undefined ? undefined : places.get(nameOf(target));
        return place === undefined || place === below ? [] : [[place, below]];
      }),
    ),
  );
  const { layer } = layersOf(names.length, edges);
  return names
    .map((name, place) => ({ name, at: layer[place]! }))
    .sort((a, b) => a.at - b.at || compareBytes(a.name, b.name))
    .map(({ name }) => groups.get(name)!);
}

function nameOf({ kind, ns, name }: Entry): string {
  return `${kind} ${ns}/${name}`;
}

/** What an entry itself pins and would have to pin anew. What it was made from stays true. */
function pinsOf(lineage: Lineage, entry: Entry): readonly Relation[] {
  const node = lineage.indexOf(entry.ref);
  if (node === undefined) return [];
  return relationsAbove(lineage, node).flatMap(([relation]) => {
    const { type, range, declaredBy } = relation;
    const isPast =
      type === "transforms" || type === "replaces" || (type === "derived_from" && entry.kind !== "Template");
    return declaredBy !== entry.ref || range !== null || isPast ? [] : [relation];
  });
}

/** Ranges over the subject that the replacement is not in. */
function rangesLeft(
  lineage: Lineage,
  group: readonly Entry[],
  subject: Entry,
  { ref: next, version }: Entry,
): readonly { readonly ref: string; readonly why: string }[] {
  const name = (ref: string): string => ref.slice(0, ref.lastIndexOf("@"));
  return group.flatMap((entry) => {
    const node = lineage.indexOf(entry.ref);
    const relations = node === undefined ? [] : relationsAbove(lineage, node).map(([relation]) => relation);
    return relations.flatMap(({ above, range, declaredBy }) => {
      if (above !== subject.ref || range === null || declaredBy !== entry.ref) return [];
      if (name(next) === name(above) && highestWithin([version ?? ""], range) !== undefined) return [];
      const why = `Its range ${range} of ${name(above)} does not reach ${next}: publish a version with one that does.`;
      return [{ ref: entry.ref, why }];
    });
  });
}

/**
 * The version to start from: the highest that is live, else the highest there is. None where a higher version does
 * without it already: users move there, and nothing has to be written.
 */
function chosenOf(
  touched: readonly Entry[],
  live: ReadonlySet<string>,
  registry: Registry,
): Entry | undefined {
  const [first] = touched;
  if (first === undefined) return undefined;
  const refs = new Set<string>(touched.map(({ ref }) => ref));
  const versions = registry
    .versions(first.kind, `${first.ns}/${first.name}`)
    .filter((entry) => !isAtItsEnd(entry));
  const last = versions.at(-1);
  if (last === undefined || !refs.has(last.ref)) return undefined;
  return versions.findLast(({ ref }) => refs.has(ref) && live.has(ref)) ?? last;
}

interface Drawn {
  readonly identity: Identity;
  readonly value: JsonObject;
  /** Whether it lacks what cannot be written down. */
  readonly missing: boolean;
  /** The template that it was rendered from and no longer is; null where there is none. */
  readonly left: string | null;
}

/** A new version of an entry that names what is new. */
function draftOf(from: Entry, exchanged: ReadonlyMap<string, string>, registry: Registry): Drawn {
  const versions = registry.versions(from.kind, `${from.ns}/${from.name}`);
  const released = versions.findLast(({ version }) => version?.includes("-") === false) ?? from;
  const spec = withExchanged((from.value as JsonObject)["spec"], exchanged);
  const { breaking } = compareEntries(released, { kind: from.kind, value: { spec } }, "spec");
  const identity = identityOf(
    from.kind,
    `${from.ns}/${from.name}@${nextVersion(versions.at(-1)?.version ?? "0.0.0", breaking)}`,
  );
  if (identity === undefined) throw new Error(`a higher version of ${from.ref} is a version`);
  const carried = carriedOver(from, identity);
  const replaced = withExchanged(carried["spec"], exchanged);
  const { spec: changed, left } = isObject(replaced)
    ? honestSpec(registry, from.kind, replaced)
    : { spec: replaced, left: null };
  const { value, missing } = complete(
    identity,
    { ...beginningOf(identity, registry), ...carried, spec: changed },
    registry,
  );
  return { identity, value, missing: missing.length > 0, left };
}

/** Another major version where something breaks, a minor one where nobody knows, else a patch. */
function nextVersion(highest: string, breaking: boolean | "unknown"): string {
  const [major = 0, minor = 0, patch = 0] = highest.split(/[.-]/, 3).map(Number);
  if (breaking === true) return `${major + 1}.0.0`;
  return breaking === "unknown" ? `${major}.${minor + 1}.0` : `${major}.${minor}.${patch + 1}`;
}

/** Fields that say what something was made from; they stay as they are. */
const past = new Set(["provenance", "template"]);

function withExchanged(value: Json | undefined, exchanged: ReadonlyMap<string, string>): Json {
  if (value === undefined) return {};
  if (typeof value === "string") return exchanged.get(value) ?? value;
  if (Array.isArray(value)) {
    const items: Json[] = value.map((item) => withExchanged(item, exchanged));
    // What was named beside its replacement is named once now.
    return items.filter(
      (item, at) =>
        item === value[at] ||
        !items.some((other, place) => other === item && (place < at || value[place] === item)),
    );
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, past.has(key) ? each : withExchanged(each, exchanged)]),
  );
}

function hasWeights({ value }: Entry): boolean {
  const spec = (value as JsonObject)["spec"];
  const artifacts = isObject(spec) ? spec["artifacts"] : undefined;
  return (
    Array.isArray(artifacts) && artifacts.some((each) => isObject(each) && each["role"] === "model_weights")
  );
}

/** Names that meant the subject mean the replacement, where both are versions of one thing. */
function movedAliases(
  registry: Registry,
  subject: Entry,
  replacement: Entry,
): { readonly ref: string; readonly names: readonly string[]; readonly file: FilePatch } | undefined {
  if (nameOf(subject) !== nameOf(replacement) || subject.version === null || replacement.version === null)
    return undefined;
  const prefix = subject.ref.slice(0, subject.ref.indexOf(":"));
  const entry = registry.get(`aliases:${prefix}/${subject.ns}/${subject.name}`) as
    | Entry<"Aliases">
    | undefined;
  const file = entry === undefined ? undefined : registry.tree.get(entry.path);
  if (entry === undefined || file === undefined) return undefined;
  const names = Object.entries(entry.value.aliases).flatMap(([name, version]) =>
    version === subject.version ? [name] : [],
  );
  if (names.length === 0) return undefined;
  const { version } = replacement;
  const before = decodeText(file.read());
  const edits = names.map((name) => ({ pointer: ["aliases", name], value: version }));
  return {
    ref: entry.ref,
    names,
    file: { path: entry.path, before, after: editText(before, edits, keyOrders.Aliases) },
  };
}

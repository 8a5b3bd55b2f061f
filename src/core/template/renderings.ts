/**
 * Entries that say they were rendered from a template: what they hold beside what the template gives, now and by another
 * version of it. The entry itself is the record (DESIGN 3, Template): its template and its parameters, nothing else is
 * asked for. It must never change an entry.
 */
import { isObject, type Json, type JsonObject, type Pointer } from "../model/json.ts";
import type { KindName } from "../model/kind.ts";
import type { Entry, Registry } from "../model/registry.ts";
import type { Transition } from "../model/transition.ts";
import { isSame } from "../resolve/compat-change.ts";
import { compareEntries, type Comparison } from "../resolve/compat.ts";
import { article, templateAt } from "./effective.ts";
import { renderTemplate } from "./render.ts";
import type { TemplateFault } from "./run.ts";

/** What an entry says about where it came from. */
export interface Rendering {
  readonly entry: Entry;
  /** The exact version of the template. */
  readonly template: string;
  readonly parameters: JsonObject;
  /** What was rendered, and where it begins in the entry. */
  readonly content: Json;
  readonly pointer: Pointer;
}

/** The kinds that renderings are kept in, by what a template makes. */
export const kindsOfRenderings: Readonly<
  Record<Entry<"Template">["value"]["spec"]["type"], "Pipeline" | "Config">
> = { pipeline: "Pipeline", invocation: "Config", deployment: "Config" };

/** What an entry says; undefined where it came from no template. */
export function renderingOf(entry: Entry): Rendering | undefined {
  if (entry.kind === "Pipeline") {
    const { template, parameters = {}, ...content } = (entry as Entry<"Pipeline">).value.spec;
    if (template === undefined) return undefined;
    return {
      entry,
      template,
      parameters: parameters as JsonObject,
      content: content as Json,
      pointer: ["spec"],
    };
  }
  if (entry.kind === "Config") {
    const { template, parameters = {}, value = null } = (entry as Entry<"Config">).value.spec;
    if (template === undefined) return undefined;
    return {
      entry,
      template,
      parameters: parameters as JsonObject,
      content: value as Json,
      pointer: ["spec", "value"],
    };
  }
  return undefined;
}

/** Every rendering of a registry, in byte order of references. */
export function renderingsIn(registry: Registry): readonly Rendering[] {
  return [...registry.ofKind("Config"), ...registry.ofKind("Pipeline")].flatMap(
    (entry) => renderingOf(entry) ?? [],
  );
}

/** One place at which an entry is not what its template gives. */
export interface Drift {
  /** From the entry's root. */
  readonly pointer: Pointer;
  /** What stands there, and what the template gives; undefined = nothing. */
  readonly found: Json | undefined;
  readonly given: Json | undefined;
}

export type Checked =
  | { readonly drift: readonly Drift[] }
  /** The template gives nothing for these parameters. */
  | { readonly faults: readonly TemplateFault[] };

const checked = new WeakMap<Registry, Map<string, Checked>>();

/** Renders again what an entry says that it was rendered from. Asked twice, it is done once. */
export function recheck(registry: Registry, rendering: Rendering): Checked {
  let ofRegistry = checked.get(registry);
  if (ofRegistry === undefined) checked.set(registry, (ofRegistry = new Map()));
  const { entry, template, parameters, content, pointer } = rendering;
  let found = ofRegistry.get(entry.ref);
  if (found === undefined) {
    const rendered = renderFor(registry, entry.kind, template, parameters);
    found =
      "faults" in rendered
        ? rendered
        : { drift: driftsOf(content, rendered.value, pointer).slice(0, MOST_DRIFTS) };
    ofRegistry.set(entry.ref, found);
  }
  return found;
}

const MOST_DRIFTS = 20;

/** What a template gives for an entry of this kind. */
export function renderFor(
  registry: Registry,
  kind: KindName,
  template: string,
  parameters: JsonObject,
): { readonly value: Json } | { readonly faults: readonly TemplateFault[] } {
  const rendered = renderTemplate(registry, template, parameters);
  if ("faults" in rendered) return rendered;
  const { type } = rendered.effective;
  if (kindsOfRenderings[type] === kind) return rendered;
  const message = `${template} makes ${article(type)}, which is kept in a ${kindsOfRenderings[type]}, not in a ${kind}.`;
  return { faults: [{ in: "template", pointer: [], message }] };
}

/** The outermost places at which two values differ, in the order of the first, then of the second. */
function driftsOf(found: Json | undefined, given: Json | undefined, pointer: Pointer): readonly Drift[] {
  if (isSame(found, given)) return [];
  if (isObject(found) && isObject(given)) {
    const keys = [...new Set([...Object.keys(found), ...Object.keys(given)])];
    return keys.flatMap((key) => driftsOf(own(found, key), own(given, key), [...pointer, key]));
  }
  if (Array.isArray(found) && Array.isArray(given) && found.length === given.length)
    return (found as readonly Json[]).flatMap((item, index) =>
      driftsOf(item, given[index] as Json, [...pointer, index]),
    );
  return [{ pointer, found, given }];
}

function own(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** What another version of a template would make of an entry that was rendered from it. */
export interface ChangedRendering {
  /** The entry, and the template it says. */
  readonly ref: string;
  readonly from: string;
  readonly to: string;
  /** `same`: nothing changes. `refused`: the new version gives nothing for its parameters; `reasons` say why. */
  readonly outcome: "same" | "changed" | "refused";
  readonly comparison: Comparison | null;
  readonly before: JsonObject;
  readonly after: JsonObject | null;
  readonly reasons: readonly string[];
}

/** What `to` makes of everything that was rendered from one of `from`, in byte order of references. */
export function renderingsChanged(
  registry: Registry,
  from: ReadonlySet<string>,
  to: string,
): readonly ChangedRendering[] {
  return renderingsIn(registry)
    .filter(({ template }) => from.has(template))
    .map((rendering): ChangedRendering => {
      const { entry, template, parameters } = rendering;
      const before = entry.value as JsonObject;
      const subject = { ref: entry.ref, from: template, to, before };
      const rendered = renderFor(registry, entry.kind, to, parameters);
      if ("faults" in rendered) {
        const reasons = rendered.faults.map(reasonOf);
        return { ...subject, outcome: "refused", comparison: null, after: null, reasons };
      }
      const after = { spec: renderedSpec(entry.kind, to, parameters, rendered.value, before) };
      const comparison = compareEntries(
        { kind: entry.kind, value: before },
        { kind: entry.kind, value: after },
        "spec",
      );
      const changes = comparison.changes.filter(({ pointer }) => !isProvenance(pointer));
      const outcome = changes.length === 0 ? "same" : "changed";
      return { ...subject, outcome, comparison: { ...comparison, changes }, after, reasons: [] };
    });
}

/** What the new versions of templates among transitions make of what was rendered from their earlier ones. */
export function renderingsPlanned(
  registry: Registry,
  transitions: readonly Transition[],
): readonly ChangedRendering[] {
  return transitions.flatMap(({ subject, action }) => {
    const created = action === "create" ? templateAt(registry, subject) : undefined;
    if (created === undefined) return [];
    const versions = registry.versions("Template", `${created.ns}/${created.name}`);
    const earlier = versions.slice(0, versions.indexOf(created)).map(({ ref }): string => ref);
    return renderingsChanged(registry, new Set(earlier), created.ref);
  });
}

/** The spec of an entry that was rendered: what the template gave, and what it was given. */
export function renderedSpec(
  kind: KindName,
  template: string,
  parameters: JsonObject,
  value: Json,
  before: JsonObject = {},
): JsonObject {
  const provenance = {
    template,
    ...(Object.keys(parameters).length > 0 && { parameters }),
  };
  if (kind === "Pipeline") return { ...provenance, ...(isObject(value) ? value : {}) };
  const { value: _, template: __, parameters: ___, ...rest } = isObject(before["spec"]) ? before["spec"] : {};
  return { ...rest, ...provenance, value };
}

/**
 * A spec that was changed after it was rendered: as it is where its template gives just that for its parameters, else
 * without the claim that it came from there, and the template it can claim no more.
 */
export function honestSpec(
  registry: Registry,
  kind: KindName,
  spec: JsonObject,
): { readonly spec: JsonObject; readonly left: string | null } {
  const rendering = renderingOf({ kind, value: { spec } } as Entry);
  if (rendering === undefined) return { spec, left: null };
  const rendered = renderFor(registry, kind, rendering.template, rendering.parameters);
  if ("value" in rendered && isSame(rendered.value, rendering.content)) return { spec, left: null };
  const { template: _, parameters: __, ...rest } = spec;
  return { spec: rest, left: rendering.template };
}

/** Why a template gives nothing, in one sentence. */
export function reasonOf({ in: where, pointer, message }: TemplateFault): string {
  if (where === "template" || pointer.length === 0) return message;
  return `${where === "parameters" ? "Parameter " : "At "}${pointer.join(".")}: ${message}`;
}

function isProvenance([, key]: Pointer): boolean {
  return key === "template" || key === "parameters";
}

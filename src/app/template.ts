/**
 * `assent template`: what a template gives for parameters, as a value, a file or an entry that records both; and what
 * another version of it would make of everything that was rendered from it.
 */
import type { FieldChange } from "../core/author/fields.ts";
import { sameJson } from "../core/author/request.ts";
import { beginningOf } from "../core/author/scaffold.ts";
import { kindOf } from "../core/kinds/index.ts";
import { digestOf, type Digest } from "../core/model/digest.ts";
import { Failure } from "../core/model/failure.ts";
import type { Json, JsonObject } from "../core/model/json.ts";
import type { Entry } from "../core/model/registry.ts";
import { render } from "../core/source/render.ts";
import { identityOf } from "../core/source/reference.ts";
import { article, effectiveOf } from "../core/template/effective.ts";
import { readGiven } from "../core/template/given.ts";
import { renderTemplate } from "../core/template/render.ts";
import {
  kindsOfRenderings,
  renderedSpec,
  renderingsChanged,
  type ChangedRendering,
} from "../core/template/renderings.ts";
import type { TemplateFault } from "../core/template/run.ts";
import { keyOrders } from "../generated/key-order.ts";
import { findEntry } from "./entry.ts";
import type { Ports } from "./ports.ts";
import { openRegistry, type OpenRegistry, type Selection } from "./read.ts";
import { writeChanges, type WriteOptions, type WriteResult } from "./write.ts";

export interface RenderRequest extends Selection {
  readonly template: string;
  readonly sets: readonly FieldChange[];
}

/** What a template was asked for, and what it gives. */
export interface TemplateRendered {
  readonly template: string;
  readonly digest: Digest;
  readonly type: Entry<"Template">["value"]["spec"]["type"];
  /** As given; defaults follow from the template. */
  readonly parameters: JsonObject;
  readonly result: { readonly value: Json } | { readonly faults: readonly TemplateFault[] };
}

/** Renders a template of the registry. */
export async function renderOne(request: RenderRequest, ports: Ports): Promise<TemplateRendered> {
  return renderIn(await openRegistry(request, ports), request);
}

function renderIn({ registry }: OpenRegistry, { template, sets }: RenderRequest): TemplateRendered {
  const entry = findEntry(registry, template, "Template") as Entry<"Template">;
  const found = effectiveOf(registry, entry.ref);
  if ("reason" in found)
    throw new Failure("template/unusable", `${entry.ref} cannot be rendered: ${found.reason}.`, {
      hint: "assent lint says where.",
    });
  const parameters = readGiven(sets, found.effective.parameters);
  const rendered = renderTemplate(registry, entry.ref, parameters);
  return {
    template: entry.ref,
    digest: digestOf(entry),
    type: found.effective.type,
    parameters,
    result: "value" in rendered ? { value: rendered.value } : rendered,
  };
}

export interface WriteRenderedRequest extends RenderRequest {
  /** The new entry, with or without its prefix. */
  readonly as: string;
  /** What a Config configures; absent = parameters. */
  readonly configType: string | undefined;
}

/** `written` is absent where the template gives nothing. */
export interface RenderedEntry {
  readonly rendered: TemplateRendered;
  readonly ref: string;
  readonly written?: WriteResult;
}

/** Renders a template into a new entry, which says what it was rendered from. */
export async function renderEntry(
  request: WriteRenderedRequest,
  options: Omit<WriteOptions, "message">,
  ports: Ports,
): Promise<RenderedEntry> {
  const open = await openRegistry(request, ports);
  const rendered = renderIn(open, request);
  const kind = kindsOfRenderings[rendered.type];
  const { prefix } = kindOf(kind);
  const id = request.as.startsWith(`${prefix}:`) ? request.as.slice(prefix.length + 1) : request.as;
  const identity = identityOf(kind, id);
  if (identity === undefined)
    throw new Failure(
      "usage/id",
      `"${request.as}" is no id of a ${kind}, which ${article(rendered.type)} is kept in.`,
      {
        hint: `Write ${prefix}:<namespace>/<name>@<version>.`,
      },
    );
  const { ref, path } = identity;
  if ("faults" in rendered.result) return { rendered, ref };
  if (kind !== "Config" && request.configType !== undefined)
    throw new Failure("usage/config-type", `--type is for Configs, and ${ref} is a ${kind}.`, {
      hint: "Leave it out.",
    });
  const before = kind === "Config" ? { spec: { type: request.configType ?? "parameters" } } : {};
  const { template, parameters } = rendered;
  const spec = renderedSpec(kind, template, parameters, rendered.result.value, before);
  const value: JsonObject = { ...beginningOf(identity, open.registry), spec };
  const there = open.registry.get(ref);
  if (there !== undefined && sameJson((there.value as JsonObject)["spec"], spec))
    return {
      rendered,
      ref,
      written: { outcome: "unchanged", files: [], diagnostics: [], tree: open.registry.tree },
    };
  if (open.registry.tree.get(path) !== undefined)
    throw new Failure("author/exists", `${ref} exists already, with other content.`, {
      category: "conflict",
      hint: "Choose a new version, or remove the file where it has not landed yet.",
    });
  const content = render(value, keyOrders[kind]);
  const message = `Add ${ref}, rendered from ${template}`;
  return { rendered, ref, written: await writeChanges(open, [{ path, content }], { ...options, message }) };
}

export interface TemplateDiffRequest extends Selection {
  readonly from: string;
  readonly to: string;
}

export interface TemplateDiff {
  readonly from: string;
  readonly to: string;
  readonly renderings: readonly ChangedRendering[];
}

/** What `to` would make of everything that was rendered from `from`. */
export async function templateDiff(request: TemplateDiffRequest, ports: Ports): Promise<TemplateDiff> {
  const { registry } = await openRegistry(request, ports);
  const [from, to] = [request.from, request.to].map((word) => findEntry(registry, word, "Template").ref);
  if (from === undefined || to === undefined) throw new Error("two words are two entries");
  return { from, to, renderings: renderingsChanged(registry, new Set([from]), to) };
}

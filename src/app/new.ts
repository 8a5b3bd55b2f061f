/** `assent new`: a new entry, complete and good, or the list of what it still lacks. It must never write half of one. */
import { artifactEdit, type GivenArtifact } from "../core/author/artifacts.ts";
import { applyEdit, editOf, type FieldChange } from "../core/author/fields.ts";
import type { Missing } from "../core/author/missing.ts";
import { sameJson } from "../core/author/request.ts";
import { beginningOf, carriedOver, complete, withoutOutdated } from "../core/author/scaffold.ts";
import { kindOf } from "../core/kinds/index.ts";
import type { Finding } from "../core/model/diagnostic.ts";
import { Failure } from "../core/model/failure.ts";
import type { JsonObject, Pointer } from "../core/model/json.ts";
import type { Kind, KindName } from "../core/model/kind.ts";
import type { Identity } from "../core/model/ref.ts";
import type { Entry, Registry } from "../core/model/registry.ts";
import { hasAliases, identityOf } from "../core/source/reference.ts";
import { render } from "../core/source/render.ts";
import { schemaFindings } from "../core/validate/schema.ts";
import { keyOrders } from "../generated/key-order.ts";
import { findEntry } from "./entry.ts";
import { readKind } from "./find.ts";
import { locate } from "./lint.ts";
import type { Ports } from "./ports.ts";
import { openRegistry, type OpenRegistry, type Selection } from "./read.ts";
import { withChanges, writeChanges, type WriteOptions, type WriteResult } from "./write.ts";

export interface NewRequest extends Selection {
  /** A kind in any spelling. */
  readonly kind: string;
  /** The reference, with or without its prefix. */
  readonly id: string;
  /** An entry of the same kind to start from. */
  readonly from: string | undefined;
  readonly sets: readonly FieldChange[];
  readonly artifacts: readonly GivenArtifact[];
}

export interface Created extends WriteResult {
  readonly ref: string;
  readonly kind: KindName;
  /** What it lacks; then nothing was written. */
  readonly missing: readonly Missing[];
}

type Options = Omit<WriteOptions, "message">;

/** Writes a new entry. */
export async function newEntry(request: NewRequest, options: Options, ports: Ports): Promise<Created> {
  const kind = readKind(request.kind);
  const open = await openRegistry(request, ports);
  const identity = identityFor(kind, request.id);
  const from = request.from === undefined ? undefined : sourceOf(open.registry, request.from, kind, identity);
  return create(open, identity, from, request, options);
}

export interface CloneRequest extends Pick<NewRequest, "sets" | "artifacts">, Selection {
  readonly entry: string;
  readonly id: string;
}

/** Writes a new entry that says what another one says. */
export async function cloneEntry(request: CloneRequest, options: Options, ports: Ports): Promise<Created> {
  const open = await openRegistry(request, ports);
  const from = findEntry(open.registry, request.entry);
  return create(open, identityFor(from.kind, request.id), from, request, options);
}

async function create(
  open: OpenRegistry,
  identity: Identity,
  from: Entry | undefined,
  { sets, artifacts }: Pick<NewRequest, "sets" | "artifacts">,
  options: Options,
): Promise<Created> {
  const { registry } = open;
  const { ref, kind, path } = identity;
  const carried = from === undefined ? {} : carriedOver(from, identity);
  let value: JsonObject = { ...beginningOf(identity, registry), ...carried };
  const touched: Pointer[] = [];
  for (const artifact of artifacts) value = applyEdit(value, artifactEdit(kind, value, artifact));
  for (const change of sets) {
    const edit = editOf(kind, value, change);
    touched.push(edit.pointer);
    value = applyEdit(value, edit);
  }
  const scaffold = complete(identity, withoutOutdated(carried, value, touched), registry);
  const content = render(scaffold.value, keyOrders[kind]);
  const subject = { ref, kind, missing: scaffold.missing };
  const there = registry.tree.get(path);
  if (there !== undefined)
    return { ...(await standing(open, identity, scaffold.value)), ...subject, missing: [] };
  if (scaffold.missing.length > 0) {
    const tree = withChanges(registry.tree, [{ path, content }]);
    const faults = schemaFindings(kind, path, scaffold.value).filter((finding) => !isAsked(finding));
    return { outcome: "refused", files: [], diagnostics: await locate(faults, tree), tree, ...subject };
  }
  const message = from === undefined ? `Add ${ref}` : `Add ${ref}, from ${from.ref}`;
  return { ...(await writeChanges(open, [{ path, content }], { ...options, message })), ...subject };
}

/** Making an entry again that says the same already changes nothing; another content is a conflict (DESIGN 4). */
async function standing(
  open: OpenRegistry,
  { ref, path }: Identity,
  value: JsonObject,
): Promise<WriteResult> {
  const entry = open.registry.get(ref);
  if (entry !== undefined && sameJson(entry.value as JsonObject, value)) {
    return { outcome: "unchanged", files: [], diagnostics: [], tree: open.registry.tree };
  }
  throw new Failure("author/exists", `${ref} exists already, with other content.`, {
    category: "conflict",
    hint:
      entry?.version == null
        ? `Edit ${path}.`
        : `Choose a new version, and start from this one: --from ${ref}.`,
  });
}

/** What the list of missing fields says already. */
function isAsked({ definition }: Finding): boolean {
  return definition.code === "schema/required" || definition.code === "schema/exactly-one";
}

function identityFor(kindName: KindName, typed: string): Identity {
  const kind = kindOf(kindName);
  const id = typed.startsWith(`${kind.prefix}:`) ? typed.slice(kind.prefix.length + 1) : typed;
  const identity = identityOf(kindName, id);
  if (kindName === "Evaluation") {
    throw new Failure("usage/tool-writes-it", "Evaluations are written by the tool that ran the suite.", {
      hint: "Record its result: assent evaluation add <file.json>.",
    });
  }
  if (identity !== undefined) return identity;
  throw new Failure("usage/id", `"${typed}" is no id of a ${kindName}.`, {
    hint: `Write ${shapeOf(kind, id)}. Names are lower-case letters, digits, dots, dashes and underscores.`,
  });
}

/** How an id of a kind is spelled, with what was typed where it fits. */
function shapeOf(kind: Kind, id: string): string {
  switch (kind.shape) {
    case "versioned":
      return /^[^@/]+\/[^@/]+$/.test(id)
        ? `the version as well: ${id}@1.0.0`
        : "<namespace>/<name>@<version>, such as fraud/score@1.0.0";
    case "namespaced":
      return "<namespace>/<name>, such as fraud/score";
    case "named":
      return "a name, such as ml-platform";
    case "aliases":
      return `<kind>/<namespace>/<name>, such as ${hasAliases(kind) ? kind.prefix : "model"}/openai/gpt-4o`;
    case "scope":
      return "<environment>/<namespace>/<name>, such as dev/fraud/score";
    case "singleton":
      return "registry";
    case "run":
      return "<namespace>/<name>/<run>";
  }
}

/** The entry to start from: typed, or for a bare `<ns>/<name>` its highest version. */
function sourceOf(registry: Registry, typed: string, kind: KindName, to: Identity): Entry {
  const { prefix } = kindOf(kind);
  const name = typed.startsWith(`${prefix}:`) ? typed.slice(prefix.length + 1) : typed;
  const latest = to.version === null || name.includes("@") ? undefined : registry.versions(kind, name).at(-1);
  return latest ?? findEntry(registry, typed, kind);
}

/** `assent lineage`: where an entry comes from and what it goes into, at any moment or between two; and what nothing holds. */
import { kindOf } from "../core/kinds/index.ts";
import { lineageOf } from "../core/lineage/lineage.ts";
import { orphansOf, type Orphan } from "../core/lineage/orphans.ts";
import { isLineageKind, lineageKinds } from "../core/lineage/relations.ts";
import { differenceOf, viewOf, type View, type ViewRequest } from "../core/lineage/view.ts";
import { Failure } from "../core/model/failure.ts";
import type { Entry, Registry } from "../core/model/registry.ts";
import { findEntry } from "./entry.ts";
import type { Ports } from "./ports.ts";
import { openRegistry, type Selection } from "./read.ts";

export interface LineageRequest extends Selection, ViewRequest {
  readonly entry: string;
  /** `a..b`: two revisions or instants; with nothing behind the dots, the work tree. */
  readonly diff?: string | undefined;
}

export interface LineageResult {
  readonly view: View;
  /** What was compared, as typed; `to` is null for the work tree. Null where nothing was. */
  readonly compared: { readonly from: string; readonly to: string | null } | null;
}

/** The lineage of one entry, or what changed in it. */
export async function lineage(request: LineageRequest, ports: Ports): Promise<LineageResult> {
  if (request.diff === undefined) {
    const { registry } = await openRegistry(request, ports);
    const view = viewOf(lineageOf(registry), lineageEntry(registry, request.entry).ref, request);
    if (view === undefined) throw new Error("an entry of lineage is one of its nodes");
    return { view, compared: null };
  }
  const compared = readDiff(request.diff, request.at);
  const before = await openRegistry({ ...request, at: compared.from }, ports);
  const after = await openRegistry({ ...request, at: compared.to ?? undefined }, ports);
  const ref = (foundIn(after.registry, request.entry) ?? lineageEntry(before.registry, request.entry)).ref;
  const [older, newer] = [before, after].map(({ registry }) => viewOf(lineageOf(registry), ref, request));
  const view = differenceOf(older, newer);
  if (view === undefined) throw new Error("an entry of one of two registries is in the lineage of that one");
  return { view, compared };
}

/** What nothing holds. */
export async function orphans(selection: Selection, ports: Ports): Promise<readonly Orphan[]> {
  const { registry } = await openRegistry(selection, ports);
  return orphansOf(lineageOf(registry));
}

/** The entry that a word means, which must be of a kind that lineage is about. */
export function lineageEntry(registry: Registry, word: string): Entry {
  const entry = findEntry(registry, word);
  if (isLineageKind(entry.kind)) return entry;
  throw new Failure("usage/no-lineage", `A ${entry.kind} has no lineage.`, {
    hint: `Ask about one of ${lineageKinds.map((kind) => kindOf(kind).prefix).join(", ")}.`,
  });
}

function foundIn(registry: Registry, word: string): Entry | undefined {
  try {
    return lineageEntry(registry, word);
  } catch (error) {
    // It may have been there earlier.
    if (error instanceof Failure && error.code === "usage/unknown-entry") return undefined;
    throw error;
  }
}

function readDiff(
  typed: string,
  at: string | undefined,
): { readonly from: string; readonly to: string | null } {
  const [from = "", to, more] = typed.split("..");
  if (from === "" || to === undefined || more !== undefined) {
    throw new Failure("usage/diff", `"${typed}" does not name two moments.`, {
      hint: "Write --diff <revision>..<revision>, or --diff <revision>.. for the work tree.",
    });
  }
  if (at !== undefined) {
    throw new Failure("usage/diff-at", "--diff names its own moments, and --at names another.", {
      hint: "Leave out --at.",
    });
  }
  return { from, to: to === "" ? null : to };
}

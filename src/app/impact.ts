/**
 * `assent impact`: who is hit when an entry goes or another takes its place, what to do about it, and the plan of the
 * exchange as a patch. Writes nothing: the patch is for people to read, apply and bring through review.
 */
import { adviceOf, type Advice } from "../core/lineage/advice.ts";
import { impactOf, type Hit, type Impact } from "../core/lineage/impact.ts";
import { lineageOf, type Lineage } from "../core/lineage/lineage.ts";
import type { Migration } from "../core/lineage/migrate.ts";
import { Failure } from "../core/model/failure.ts";
import type { Entry, Registry } from "../core/model/registry.ts";
import { findEntry } from "./entry.ts";
import { lineageEntry } from "./lineage.ts";
import type { Ports } from "./ports.ts";
import { openRegistry, type Selection } from "./read.ts";

export interface ImpactRequest extends Selection {
  readonly entry: string;
  /** The entry that would take its place. Without one its `replacedBy` is taken, or nothing is. */
  readonly to?: string | undefined;
}

export interface ImpactResult extends Omit<Impact, "hits"> {
  readonly hits: readonly (Hit & { readonly advice: readonly Advice[] })[];
  /** Null where nothing takes its place. */
  readonly migration: Migration | null;
}

/** The impact of one entry. */
export async function impact(request: ImpactRequest, ports: Ports): Promise<ImpactResult> {
  const { registry } = await openRegistry(request, ports);
  const subject = lineageEntry(registry, request.entry);
  const replacement = replacementOf(subject, request.to, registry);
  const lineage = lineageOf(registry);
  const found = impactOf(lineage, registry, subject, replacement);
  const migration = await planned(lineage, registry, found, subject, replacement?.entry);
  const hits = found.hits.map((hit) => ({ ...hit, advice: adviceOf(hit, found, migration, registry) }));
  return { ...found, hits, migration };
}

/** Where something takes its place. What makes new versions is loaded only then. */
async function planned(
  lineage: Lineage,
  registry: Registry,
  found: Impact,
  subject: Entry,
  replacement: Entry | undefined,
): Promise<Migration | null> {
  if (replacement === undefined) return null;
  const { migrationOf } = await import("../core/lineage/migrate.ts");
  return migrationOf(lineage, registry, found, subject, replacement);
}

function replacementOf(
  subject: Entry,
  to: string | undefined,
  registry: Registry,
): { readonly entry: Entry; readonly chosen: "asked" | "replacedBy" } | undefined {
  if (to !== undefined) {
    const entry = findEntry(registry, to);
    if (entry.kind === subject.kind && entry.ref !== subject.ref) return { entry, chosen: "asked" };
    const what =
      entry.ref === subject.ref ? "the entry itself" : `a ${entry.kind} and ${subject.ref} a ${subject.kind}`;
    throw new Failure("usage/replacement", `${entry.ref} is ${what}.`, {
      hint: "Name another entry of the same kind.",
    });
  }
  const declared = (subject.value as { readonly replacedBy?: string }).replacedBy;
  const entry = declared === undefined ? undefined : registry.get(declared);
  return entry === undefined ? undefined : { entry, chosen: "replacedBy" };
}

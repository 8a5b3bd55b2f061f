/** What of a registry a report is about: all of it, or what belongs to one use case. It must never judge anything. */
import { reachOf } from "../../compile/reach.ts";
import type { Entry, Registry } from "../../model/registry.ts";

/** Whether an entry is meant. */
export type Chosen = (ref: string) => boolean;

/**
 * Of a use case: itself, its bundles and where they are live, all that these bundles need, and what was measured on any
 * of it. Without one: everything.
 */
export function chosenBy(registry: Registry, usecase: string | null): Chosen {
  if (usecase === null) return () => true;
  const meant = new Set([`usecase:${usecase}`]);
  for (const bundle of registry.versions("Bundle", usecase)) {
    meant.add(bundle.ref);
    for (const { ref } of reachOf(bundle, registry)) meant.add(ref);
  }
  for (const activation of registry.ofKind("Activation"))
    if (usecaseOf(activation) === usecase) meant.add(activation.ref);
  for (const run of registry.ofKind("Evaluation")) if (meant.has(run.value.target)) meant.add(run.ref);
  return (ref) => meant.has(ref);
}

/** The use case of a bundle or an activation. */
export function usecaseOf({ ns, name }: Pick<Entry, "ns" | "name">): string {
  return `${ns}/${name}`;
}

/** The bundle that an activation makes live, by reference; undefined for `none`, `inherit` and what is missing. */
export function liveBundle(
  activation: Entry<"Activation">,
  registry: Registry,
  which: "bundle" | "fallback" = "bundle",
): Entry<"Bundle"> | undefined {
  const version = activation.value[which];
  const entry = registry.get(`bundle:${usecaseOf(activation)}@${version ?? ""}`);
  return entry?.kind === "Bundle" ? (entry as Entry<"Bundle">) : undefined;
}

/** A title where an entry has one. */
export function titleOf(entry: Entry | undefined): string | null {
  return entry?.value.title ?? null;
}

/** Whom to ask about an entry, where it says so. */
export function ownerOf(entry: Entry | undefined): string | null {
  return entry?.value.owner ?? null;
}

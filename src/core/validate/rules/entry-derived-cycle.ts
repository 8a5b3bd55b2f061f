/** entry/derived-cycle: nothing is made from itself. */
import { at, defineEntryRule } from "../rule.ts";
import type { Entry, Registry } from "../../model/registry.ts";

export const entryDerivedCycle = defineEntryRule({
  code: "entry/derived-cycle",
  severity: "error",
  category: "invalid",
  summary: "`derivedFrom` or `extends` leads back to where it started.",
  why: "Lineage says what something was made from; a circle says that it was made from itself.",
  fix: "Remove the reference that is wrong; the message lists the circle.",
  kinds: ["Model", "Dataset", "Template"],
  find(entry, { registry }, report) {
    if (parentsOf(entry).length === 0) return;
    const cycle = cycleThrough(entry, registry);
    // Each member of the circle would report it; the first in byte order does.
    if (cycle === undefined || cycle.some((ref) => ref < entry.ref)) return;
    const key = entry.kind === "Template" ? "extends" : "derivedFrom";
    report({ message: `Derived in a circle: ${[...cycle, entry.ref].join(" -> ")}.`, at: at(entry, "spec", key), subject: entry.ref });
  },
});

function parentsOf({ kind, value }: Entry): readonly string[] {
  if (kind === "Model") return (value as Entry<"Model">["value"]).spec.derivedFrom ?? [];
  if (kind === "Dataset") return (value as Entry<"Dataset">["value"]).spec.derivedFrom ?? [];
  const parent = kind === "Template" ? (value as Entry<"Template">["value"]).spec.extends : undefined;
  return parent === undefined ? [] : [parent];
}

/** The references from an entry back to itself, itself first; breadth first, so that the circle is a shortest one. */
function cycleThrough(entry: Entry, registry: Registry): string[] | undefined {
  const cameFrom = new Map<string, string>();
  let front: Entry[] = [entry];
  while (front.length > 0) {
    const next: Entry[] = [];
    for (const current of front) {
      for (const ref of parentsOf(current)) {
        if (ref === entry.ref) {
          const path = [current.ref as string];
          for (let at = cameFrom.get(current.ref); at !== undefined; at = cameFrom.get(at)) path.unshift(at);
          return path;
        }
        const parent = registry.get(ref);
        if (parent === undefined || cameFrom.has(ref)) continue;
        cameFrom.set(ref, current.ref);
        next.push(parent);
      }
    }
    front = next;
  }
  return undefined;
}

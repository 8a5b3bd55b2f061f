/** What an entry reaches through what it needs, transitively. It must never follow what is only named. */
import { compareBytes } from "../model/json.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { needsOf } from "./references.ts";

/** Every entry that `start` needs, directly or not, itself left out; in byte order of references. */
export function reachOf(start: Entry, registry: Registry): readonly Entry[] {
  const seen = new Map<string, Entry>();
  const open: Entry[] = [start];
  for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
    for (const ref of needsOf(entry, registry)) {
      if (ref === start.ref || seen.has(ref)) continue;
      const needed = registry.get(ref);
      if (needed === undefined) continue;
      seen.set(ref, needed);
      open.push(needed);
    }
  }
  return [...seen.values()].sort((a, b) => compareBytes(a.ref, b.ref));
}

/** An entry as plugins see it: the same words as expressions, and nothing that is not in the registry. */
import type { Entry } from "../model/registry.ts";

/** The JSON text of an entry for plugins. */
export function entryText({ ref, kind, id, ns, name, version, path, value }: Entry): string {
  return JSON.stringify({ ref, kind, id, ns, name, version, path, value });
}

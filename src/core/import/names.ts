/**
 * Imported ids become names (DESIGN 2, Names): the upstream spelling is kept as `upstreamId`, the name is what a
 * path can hold on every file system. The result depends on the set of ids and on the names already in use,
 * never on the order in which ids arrive.
 */
import { sha256Hex } from "../model/digest.ts";
import { compareBytes } from "../model/json.ts";
import { isName } from "../model/ref.ts";

/** Names may have this many characters (DESIGN 2). */
const longest = 100;
/** `-` and eight hexadecimal digits. */
const suffixLength = 9;

/**
 * The name an id asks for: lower case, leading characters that are no letter or digit dropped, every other foreign
 * run a `-`. The second value says whether that is already a legal name of at most 100 characters.
 */
export function plainName(id: string): { readonly name: string; readonly legal: boolean } {
  const name = id
    .toLowerCase()
    .replace(/^[^a-z0-9]+/, "")
    .replace(/[^a-z0-9._-]+/g, "-");
  return { name, legal: isName(name) };
}

/**
 * The name of an id that may not have its plain one: too long, taken, reserved by Windows, or ending in `.` or
 * `.yaml`. Eight hex digits of the id's sha256 make it its own; a reserved word loses the dot that makes it one
 * (`nul.x` -> `nul-x-...`), because `nul.anything` names the device too.
 */
export function suffixedName(id: string): string {
  const suffix = `-${sha256Hex(id).slice(0, suffixLength - 1)}`;
  const head = plainName(id).name.slice(0, longest - suffixLength);
  if (head === "") return suffix.slice(1);
  const whole = head + suffix;
  return isName(whole) ? whole : head.replaceAll(".", "-") + suffix;
}

/**
 * Names for the ids of one namespace. `existing` maps names in use to the id they stand for (null: to none that an
 * import could bring). An id that already has a name keeps it; of the others the earlier in bytes gets the plain
 * name. An id without a free name (two ids whose digests collide) is absent from the result.
 */
export function assignNames(
  ids: Iterable<string>,
  existing: ReadonlyMap<string, string | null>,
): ReadonlyMap<string, string> {
  const byId = new Map<string, string>();
  for (const [name, id] of existing) {
    const other = id === null ? undefined : byId.get(id);
    if (id !== null && (other === undefined || compareBytes(name, other) < 0)) byId.set(id, name);
  }
  const taken = new Set(existing.keys());
  const names = new Map<string, string>();
  for (const id of [...new Set(ids)].sort(compareBytes)) {
    const known = byId.get(id);
    if (known !== undefined) {
      names.set(id, known);
      continue;
    }
    const plain = plainName(id);
    const name = plain.legal && !taken.has(plain.name) ? plain.name : suffixedName(id);
    if (taken.has(name)) continue;
    taken.add(name);
    names.set(id, name);
  }
  return names;
}

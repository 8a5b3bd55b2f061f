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
 * run a `-`. It may be illegal: too long, empty, reserved by Windows, ending in `.` or `.yaml`.
 */
export function plainName(id: string): string {
  return id
    .toLowerCase()
    .replace(/^[^a-z0-9]+/, "")
    .replace(/[^a-z0-9._-]+/g, "-");
}

/**
 * The name of an id that may not have its plain one: too long, taken, reserved by Windows, or ending in `.` or
 * `.yaml`. Eight hex digits of the id's sha256 make it its own; a reserved word loses the dot that makes it one
 * (`nul.x` -> `nul-x-...`), because `nul.anything` names the device too.
 */
export function suffixedName(id: string): string {
  const suffix = `-${sha256Hex(id).slice(0, suffixLength - 1)}`;
  const head = plainName(id).slice(0, longest - suffixLength);
  if (head === "") return suffix.slice(1);
  const whole = head + suffix;
  return isName(whole) ? whole : head.replaceAll(".", "-") + suffix;
}

/**
 * Names for ids that have none yet, beside the names in use. Of two ids that ask for the same name the earlier in
 * bytes gets it. An id without a free name (its digest collides with another's) is absent from the result.
 */
export function assignNames(ids: Iterable<string>, inUse: ReadonlySet<string>): ReadonlyMap<string, string> {
  const taken = new Set(inUse);
  const names = new Map<string, string>();
  for (const id of [...new Set(ids)].sort(compareBytes)) {
    const plain = plainName(id);
    const name = isName(plain) && !taken.has(plain) ? plain : suffixedName(id);
    if (taken.has(name)) continue;
    taken.add(name);
    names.set(id, name);
  }
  return names;
}

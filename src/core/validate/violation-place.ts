/** Where in an entry a violated rule looks, so that the reader is led to the value and not to the file's first line. */
import type { PolicyRule } from "../../generated/entries.ts";
import type { KindName } from "../model/kind.ts";
import type { Location } from "../model/diagnostic.ts";
import { isObject, type Json } from "../model/json.ts";
import type { Entry } from "../model/registry.ts";
import { compileExpression } from "../policy/cel.ts";
import { namesOfPolicy } from "../policy/policies.ts";

/** The first place that the rule's assertion reads, or the nearest block around it that the file has. */
export function placeOfViolation(
  entry: Entry,
  rule: Pick<PolicyRule, "assert">,
  kinds: readonly KindName[],
): Location {
  const compiled = compileExpression(rule.assert, namesOfPolicy(kinds));
  const reads = "program" in compiled ? compiled.program.reads : [];
  let [path = []] = reads;
  for (const next of reads) {
    // The first name with all its fields: what begins elsewhere is another value.
    if (next.length > path.length && path.every((step, i) => next[i] === step)) path = next;
  }
  const standing: string[] = [];
  let at: Json | undefined = entry.value as Json;
  for (const step of path) {
    const inner: Json | undefined = isObject(at) && Object.hasOwn(at, step) ? at[step] : undefined;
    if (inner === undefined) break;
    standing.push(step);
    at = inner;
  }
  if (standing.length === 0) return { file: entry.path };
  return { file: entry.path, pointer: standing, ...(standing.length < path.length && { part: "key" }) };
}

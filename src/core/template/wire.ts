/** What another version of a template makes of an entry, as programs read it: in `assent template diff` and in plans. */
import type { Json, JsonObject, Pointer } from "../model/json.ts";
import { isObject } from "../model/json.ts";
import type { ChangedRendering } from "./renderings.ts";

/** The wire value of one rendering, key by key and in order. */
export function changedRenderingDocument(each: ChangedRendering) {
  const { ref, from, to, outcome, comparison, before, after, reasons } = each;
  return {
    ref,
    from,
    to,
    outcome,
    breaking: comparison?.breaking ?? null,
    changes: (comparison?.changes ?? []).map(({ pointer, change, impact, why }) => ({
      pointer: jsonPointer(pointer),
      change,
      impact,
      why,
      before: standingAt(before, pointer) ?? null,
      after: standingAt(after ?? {}, pointer) ?? null,
    })),
    reasons,
  };
}

/** A pointer as RFC 6901 writes it. */
export function jsonPointer(pointer: Pointer): string {
  return pointer.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** What stands at a pointer; undefined where nothing does. */
export function standingAt(root: JsonObject, pointer: Pointer): Json | undefined {
  let value: Json | undefined = root;
  for (const step of pointer) {
    if (Array.isArray(value)) value = value[Number(step)] as Json | undefined;
    else value = isObject(value) && Object.hasOwn(value, String(step)) ? value[String(step)] : undefined;
  }
  return value;
}

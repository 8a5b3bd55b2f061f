/**
 * What marks an entry as adopted: it ran before the registry existed, and nobody has agreed to it here yet. The mark is
 * a label, so that lists and policies can select by it; compliance says `pending` until somebody takes it off.
 */
import { isObject, type JsonObject } from "../model/json.ts";
import type { Draft } from "./draft.ts";

/** The value with the mark, where the import adopts; else the value itself. */
export function adopted(draft: Draft, value: JsonObject): JsonObject {
  if (!draft.options.adopt) return value;
  const { labels } = value;
  return { ...value, labels: { ...(isObject(labels) ? labels : {}), adopted: "true" } };
}

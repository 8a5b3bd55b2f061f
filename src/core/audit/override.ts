/**
 * Emergencies (DESIGN 5.7) as history sees them: an Activation that lands with `emergency: true` opens an override, one
 * that lands without it closes it. Whether the emergency was right is for the gate and for evidence to say.
 */
import type { JsonObject } from "../model/json.ts";
import type { EntryDifference, Happening } from "./derive.ts";

/**
 * What became of a scope's override; nothing where the flag did not move. Another bundle under the same flag is an
 * emergency of its own, with a clock of its own.
 */
export function overrideHappening({ before, after }: EntryDifference, of: Happening): Happening | undefined {
  const was = isEmergency(before);
  const is = isEmergency(after);
  if (!was && !is) return undefined;
  const opens = is && (!was || before?.["bundle"] !== after?.["bundle"]);
  if (is && !opens) return undefined;
  return { ...of, type: opens ? "override_opened" : "override_closed", replaces: null, patch: null };
}

function isEmergency(value: JsonObject | null): boolean {
  return value?.["emergency"] === true;
}

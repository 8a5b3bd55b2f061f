/**
 * The table of foreign formats: one file and one line each. It must never hold what one format alone knows.
 */
import { json } from "./json.ts";
import { litellm } from "./litellm.ts";
import { modelsDev } from "./models-dev.ts";
import type { ImportFormat } from "./record.ts";

export const importFormats: readonly ImportFormat[] = [modelsDev, litellm, json];

/** The format of this name, or undefined. */
export function importFormatOf(name: string): ImportFormat | undefined {
  return importFormats.find((format) => format.name === name);
}

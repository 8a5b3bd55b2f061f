/**
 * The table of foreign formats: one file and one line each. It must never hold what one format alone knows.
 */
import { csv } from "./csv.ts";
import { gto } from "./gto.ts";
import { hivellm } from "./hivellm.ts";
import { huggingfaceCard } from "./huggingface-card.ts";
import { json } from "./json.ts";
import { latticeLock } from "./lattice-lock.ts";
import { litellm } from "./litellm.ts";
import { mlflow } from "./mlflow.ts";
import { modelsDev } from "./models-dev.ts";
import type { ImportFormat } from "./record.ts";

export const importFormats: readonly ImportFormat[] = [
  modelsDev,
  litellm,
  mlflow,
  huggingfaceCard,
  latticeLock,
  hivellm,
  gto,
  csv,
  json,
];

/** The format of this name, or undefined. */
export function importFormatOf(name: string): ImportFormat | undefined {
  return importFormats.find((format) => format.name === name);
}

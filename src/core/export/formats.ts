/** The table of exports, loaded when asked for. A new one is its file and one line here. */
import type { ExportFormat } from "./define.ts";

export const exportFormats: Readonly<Record<string, () => Promise<ExportFormat>>> = {
  openlineage: async () => (await import("./openlineage.ts")).openlineage,
  cyclonedx: async () => (await import("./cyclonedx.ts")).cyclonedx,
  "model-card": async () => (await import("./model-card.ts")).modelCard,
};

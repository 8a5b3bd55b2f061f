/** The table of exports, loaded when asked for. A new one is its file and one line here. */
import type { ExportFormat } from "./define.ts";

export const exportFormats: Readonly<Record<string, () => Promise<ExportFormat>>> = {
  openlineage: async () => (await import("./openlineage.ts")).openlineage,
  cyclonedx: async () => (await import("./cyclonedx.ts")).cyclonedx,
  litellm: async () => (await import("./litellm.ts")).litellm,
  "models.dev": async () => (await import("./models-dev.ts")).modelsDev,
  backstage: async () => (await import("./backstage.ts")).backstage,
  flagd: async () => (await import("./flagd.ts")).flagd,
  "model-card": async () => (await import("./model-card.ts")).modelCard,
};

/** The table of reports, loaded when asked for. A new one is its file and one line here. */
import type { ReportDefinition } from "./define.ts";

export const reports: Readonly<Record<string, () => Promise<ReportDefinition>>> = {
  compliance: async () => (await import("./compliance.ts")).compliance,
  coverage: async () => (await import("./coverage.ts")).coverage,
  waivers: async () => (await import("./waivers.ts")).waivers,
  lifecycle: async () => (await import("./lifecycle.ts")).lifecycle,
  inventory: async () => (await import("./inventory.ts")).inventory,
  "degrade-matrix": async () => (await import("./degrade-matrix.ts")).degradeMatrix,
};

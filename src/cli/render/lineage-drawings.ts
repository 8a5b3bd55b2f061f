/** The drawings of a lineage: one file per format, loaded when asked for. A new one is its file and one line here. */
import type { View } from "../../core/lineage/view.ts";

export const lineageDrawings: Readonly<Record<string, () => Promise<(view: View) => string>>> = {
  mermaid: async () => (await import("./lineage-mermaid.ts")).lineageMermaid,
  dot: async () => (await import("./lineage-dot.ts")).lineageDot,
  svg: async () => (await import("./lineage-svg.ts")).lineageSvg,
  graphml: async () => (await import("./lineage-graphml.ts")).lineageGraphml,
};

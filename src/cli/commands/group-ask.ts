/** Commands that answer questions about the registry. One line a command; see index.ts. */
import type { CommandLine } from "./index.ts";

export const commands: readonly CommandLine[] = [
  {
    name: "resolve",
    group: "Ask",
    summary: "what is live in a scope, and why",
    load: async () => (await import("./resolve.ts")).resolve,
  },
  {
    name: "history",
    group: "Ask",
    summary: "who changed a scope or an entry, when and why",
    load: async () => (await import("./history.ts")).history,
  },
  {
    name: "events",
    group: "Ask",
    summary: "everything that happened, one event a line",
    load: async () => (await import("./events.ts")).events,
  },
  {
    name: "list",
    group: "Ask",
    summary: "entries of a kind, filtered and sorted",
    load: async () => (await import("./list.ts")).list,
  },
  {
    name: "show",
    group: "Ask",
    summary: "one entry, and what is derived about it",
    load: async () => (await import("./show.ts")).show,
  },
  {
    name: "search",
    group: "Ask",
    summary: "find entries by words in titles, descriptions, tags and names",
    load: async () => (await import("./search.ts")).search,
  },
  {
    name: "diff",
    group: "Ask",
    summary: "what two versions differ in, and what that means",
    load: async () => (await import("./diff.ts")).diff,
  },
  {
    name: "compat",
    group: "Ask",
    summary: "may one version replace the other",
    load: async () => (await import("./compat.ts")).compat,
  },
  {
    name: "artifacts",
    group: "Ask",
    summary: "are the files that entries keep elsewhere the ones they pin",
    load: async () => (await import("./artifacts.ts")).artifacts,
  },
  {
    name: "results",
    group: "Ask",
    summary: "every run on a version, beside its gates, and the cases that fail",
    load: async () => (await import("./results.ts")).results,
  },
  {
    name: "trend",
    group: "Ask",
    summary: "how a metric of a use case went over time and versions",
    load: async () => (await import("./trend.ts")).trend,
  },
  {
    name: "lineage",
    group: "Ask",
    summary: "where an entry comes from, and what it goes into",
    load: async () => (await import("./lineage.ts")).lineage,
  },
  {
    name: "impact",
    group: "Ask",
    summary: "who is hit when an entry goes, or another takes its place",
    load: async () => (await import("./impact.ts")).impact,
  },
  {
    name: "report",
    group: "Ask",
    summary:
      "compliance, coverage, waivers, lifecycle, inventory, degrade matrix: as text, table, page or document",
    load: async () => (await import("./report.ts")).report,
  },
];

/** Tables in Markdown, and the one of what is live. Cells are texts of strangers: each is escaped, none is trusted. */
import type { Registry } from "../model/registry.ts";
import { escapeMarkdown } from "./escape.ts";

export interface Page {
  readonly path: string;
  readonly title: string;
  /** How many entries it lists. */
  readonly count: number;
  readonly body: readonly string[];
}

export type Cell = string | number | undefined | null;

/** A table; a line that says so where there are no rows. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
): readonly string[] {
  if (rows.length === 0) return ["None."];
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [
    line(head),
    `|${head.map(() => "---").join("|")}|`,
    ...rows.map((row) => line(row.map((cell) => escapeMarkdown(String(cell ?? ""))))),
  ];
}

/** What every scope says, in byte order of scopes. */
export function livePart(registry: Registry): readonly string[] {
  const rows = registry
    .ofKind("Activation")
    .map(({ id, value }) => [
      id,
      value.bundle,
      value.fallback,
      value.emergency === true ? "emergency" : "",
      value.reason,
    ]);
  return ["## Live", "", ...markdownTable(["Scope", "Bundle", "Fallback", "", "Reason"], rows)];
}

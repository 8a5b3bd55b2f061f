/** A lineage as a Graphviz graph. Names are quoted strings with quotes and backslashes escaped; nothing is HTML. */
import type { View } from "../../core/lineage/view.ts";
import { escapeLine } from "./escape.ts";
import { arrowsOf, changeColours, kindColours, relationColours } from "./lineage-graph.ts";

/** The graph, left to right: from sources to what is live. */
export function lineageDot(view: View): string {
  const lines = [
    `digraph ${quoted(`lineage of ${view.root}`)} {`,
    "  rankdir=LR;",
    '  node [shape=box, style="rounded,filled", fillcolor=white, fontname="monospace", fontsize=11];',
    '  edge [fontname="sans-serif", fontsize=9];',
  ];
  view.nodes.forEach(({ ref, kind, state, missing, change }, place) => {
    const more = missing ? "missing" : state;
    const sign = change === "added" ? "+ " : change === "removed" ? "- " : "";
    const label = more === null ? quoted(sign + ref) : quoted(`${sign}${ref}`, more);
    const attributes = [
      `label=${label}`,
      `color=${quoted(changeColours[change] ?? kindColours[kind] ?? "#6b7280")}`,
      ...(ref === view.root ? ["penwidth=3"] : []),
      ...(change === "removed" || missing ? ['style="rounded,filled,dashed"'] : []),
    ];
    lines.push(`  n${place} [${attributes.join(", ")}];`);
  });
  for (const { from, to, type, change } of arrowsOf(view)) {
    const colour = changeColours[change] ?? relationColours[type];
    const style = change === "removed" || type === "replaces" ? ", style=dashed" : "";
    lines.push(`  n${from} -> n${to} [label=${quoted(type)}, color=${quoted(colour)}${style}];`);
  }
  return `${lines.join("\n")}\n}\n`;
}

/** A quoted string; several lines are divided by DOT's own escape. */
function quoted(...texts: readonly string[]): string {
  const escaped = texts.map((text) => escapeLine(text).replaceAll("\\", "\\\\").replaceAll('"', '\\"'));
  return `"${escaped.join("\\n")}"`;
}

/** A lineage as a Mermaid flowchart, for Markdown that forges draw. Text is escaped as Mermaid's entities. */
import { kindOf } from "../../core/kinds/index.ts";
import { lineageKinds } from "../../core/lineage/relations.ts";
import type { View } from "../../core/lineage/view.ts";
import { escapeLine } from "./escape.ts";
import { arrowsOf, kindColours } from "./lineage-graph.ts";

/** The flowchart, left to right: from sources to what is live. */
export function lineageMermaid(view: View): string {
  const lines = ["flowchart LR"];
  view.nodes.forEach(({ ref, kind, state, missing, change }, place) => {
    const more = missing ? "missing" : state;
    const sign = change === "added" ? "+ " : change === "removed" ? "- " : "";
    const label = text(`${sign}${ref}`) + (more === null ? "" : `<br/>${text(more)}`);
    const [open, close] =
      kind === "Activation" ? ["([", "])"] : kind === "Dataset" ? ["[(", ")]"] : ["[", "]"];
    lines.push(`  n${place}${open}"${label}"${close}:::${kindOf(kind).prefix}`);
    if (change !== "same") lines.push(`  class n${place} ${change}`);
    if (ref === view.root) lines.push(`  style n${place} stroke-width:3px`);
  });
  for (const { from, to, type, change } of arrowsOf(view)) {
    const line = change === "removed" || type === "replaces" ? "-.->" : change === "added" ? "==>" : "-->";
    lines.push(`  n${from} ${line}|${type}| n${to}`);
  }
  for (const kind of lineageKinds) {
    if (!view.nodes.some((node) => node.kind === kind)) continue;
    lines.push(
      `  classDef ${kindOf(kind).prefix} fill:#fff,stroke:${kindColours[kind] ?? "#6b7280"},color:#111`,
    );
  }
  if (view.nodes.some(({ change }) => change === "added")) lines.push("  classDef added fill:#dcfce7");
  if (view.nodes.some(({ change }) => change === "removed"))
    lines.push("  classDef removed fill:#fee2e2,stroke-dasharray:4 3");
  return `${lines.join("\n")}\n`;
}

/** Everything that Mermaid could read as its own becomes an entity. */
function text(value: string): string {
  return escapeLine(value).replace(/[^A-Za-z0-9 :/@._+-]/gu, (sign) => `#${sign.codePointAt(0)};`);
}

/** A lineage as GraphML 1.0, for graph tools such as Gephi and yEd. Edges lead from sources to what is made of them. */
import type { View } from "../../core/lineage/view.ts";
import { escapeXml } from "./escape.ts";

const NAMESPACE = "http://graphml.graphdrawing.org/xmlns";

const keys = [
  { id: "ref", for: "node", type: "string" },
  { id: "kind", for: "node", type: "string" },
  { id: "title", for: "node", type: "string" },
  { id: "state", for: "node", type: "string" },
  { id: "owner", for: "node", type: "string" },
  { id: "missing", for: "node", type: "boolean" },
  { id: "distance", for: "node", type: "int" },
  { id: "change", for: "all", type: "string" },
  { id: "type", for: "edge", type: "string" },
  { id: "field", for: "edge", type: "string" },
  { id: "declaredBy", for: "edge", type: "string" },
  { id: "range", for: "edge", type: "string" },
] as const;

/** The document; every edge that is declared is one, so two may join the same nodes. */
export function lineageGraphml(view: View): string {
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<graphml xmlns="${NAMESPACE}">`,
    ...keys.map(
      (key) => `  <key id="${key.id}" for="${key.for}" attr.name="${key.id}" attr.type="${key.type}"/>`,
    ),
    '  <graph id="lineage" edgedefault="directed">',
  ];
  const places = new Map(view.nodes.map(({ ref }, place) => [ref, place]));
  view.nodes.forEach(({ ref, kind, title, state, owner, missing, distance, change }, place) => {
    lines.push(`    <node id="n${place}">`);
    lines.push(...dataOf({ ref, kind, title, state, owner, missing, distance, change }));
    lines.push("    </node>");
  });
  view.edges.forEach(({ below, above, type, field, declaredBy, range, change }, place) => {
    const [source, target] = [places.get(above), places.get(below)];
    if (source === undefined || target === undefined) return;
    lines.push(`    <edge id="e${place}" source="n${source}" target="n${target}">`);
    lines.push(...dataOf({ type, field, declaredBy, range, change }));
    lines.push("    </edge>");
  });
  return `${[...lines, "  </graph>", "</graphml>"].join("\n")}\n`;
}

function dataOf(values: Readonly<Record<string, string | number | boolean | null>>): readonly string[] {
  return Object.entries(values).flatMap(([key, value]) =>
    value === null ? [] : [`      <data key="${key}">${escapeXml(String(value))}</data>`],
  );
}

/**
 * A lineage as a drawing of its own: columns from sources to what is live, a legend of what occurs, nothing loaded from
 * anywhere and nothing executed. Same lineage, same bytes. All text is escaped.
 */
import { kindOf } from "../../core/kinds/index.ts";
import { layoutOf, type Box, type Layout, type Point } from "../../core/lineage/layout.ts";
import { lineageKinds, relationTypes, type RelationType } from "../../core/lineage/relations.ts";
import type { View, ViewNode } from "../../core/lineage/view.ts";
import { escapeXml } from "./escape.ts";
import { arrowsOf, changeColours, kindColours, relationColours, type Arrow } from "./lineage-graph.ts";

const BOX = 38;
const MARGIN = 24;
const TITLE = 40;
const LEGEND = 22;
/** Of one sign of the font of names, at its size; monospace fonts differ by less than this is too wide. */
const SIGN = 7.4;
const LONGEST = 44;

/** The drawing. */
export function lineageSvg(view: View): string {
  const arrows = arrowsOf(view);
  const layout = layoutOf(
    arrows.map(({ from, to }) => [from, to]),
    { widths: view.nodes.map(widthOf), boxHeight: BOX, rowGap: 12, columnGap: 84 },
  );
  const legend = legendOf(view, arrows);
  const width = Math.ceil(Math.max(layout.width + 2 * MARGIN, legend.width + 2 * MARGIN, titleWidth(view)));
  const top = TITLE + MARGIN / 2;
  const height = Math.ceil(top + layout.height + MARGIN + legend.height + MARGIN / 2);
  const types = Object.keys(relationTypes).filter((type) => arrows.some((arrow) => arrow.type === type));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title">`,
    `<title id="title">Lineage of ${escapeXml(view.root)}</title>`,
    styles,
    "<defs>",
    ...[...types.map((type) => [type, relationColours[type as RelationType]] as const), ...changeMarkers].map(
      ([id, colour]) =>
        `<marker id="${id}" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0.5 L8 4 L0 7.5 z" fill="${colour}"/></marker>`,
    ),
    "</defs>",
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<text x="${MARGIN}" y="30" class="title">Lineage of ${escapeXml(shortened(view.root, 90))}</text>`,
    `<g transform="translate(${MARGIN} ${top})">`,
    ...arrows.map((arrow, edge) => pathOf(arrow, edge, layout)),
    ...view.nodes.map((node, place) => boxOf(node, layout.boxes[place]!, node.ref === view.root)),
    "</g>",
    `<g transform="translate(${MARGIN} ${Math.ceil(top + layout.height + MARGIN)})">`,
    ...legend.lines,
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

const styles = `<style>
.title{font:600 15px system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:#0f172a}
.name{font:12px ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#0f172a}
.more,.legend{font:11px system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:#475569}
.edge{fill:none;stroke-width:1.4}
</style>`;

const changeMarkers = [
  ["added", changeColours.added ?? ""],
  ["removed", changeColours.removed ?? ""],
] as const;

function nameOf({ ref }: ViewNode): string {
  return shortened(ref.slice(ref.indexOf(":") + 1), LONGEST);
}

function moreOf({ kind, state, missing, change }: ViewNode): string {
  const words = [kindOf(kind).prefix, missing ? "missing" : state, change === "same" ? null : change];
  return words.filter((word) => word !== null).join(" · ");
}

function widthOf(node: ViewNode): number {
  return Math.max(nameOf(node).length * SIGN, moreOf(node).length * 6.4) + 26;
}

function titleWidth({ root }: View): number {
  return (shortened(root, 90).length + 12) * 9 + 2 * MARGIN;
}

/** The beginning and the end, which say most about a reference. */
function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  const half = Math.floor((most - 1) / 2);
  return `${text.slice(0, most - 1 - half)}\u2026${text.slice(-half)}`;
}

function boxOf(node: ViewNode, { x, y, width }: Box, isRoot: boolean): string {
  const colour = kindColours[node.kind] ?? "#6b7280";
  const edge = changeColours[node.change] ?? (isRoot ? "#0f172a" : colour);
  const fill = node.change === "added" ? "#f0fdf4" : node.change === "removed" ? "#fef2f2" : "#ffffff";
  const dashed = node.change === "removed" || node.missing ? ' stroke-dasharray="5 3"' : "";
  return [
    "<g>",
    `<title>${escapeXml(node.title === null ? node.ref : `${node.ref}\n${node.title}`)}</title>`,
    `<rect x="${x}" y="${y}" width="${width}" height="${BOX}" rx="5" fill="${fill}" stroke="${edge}" stroke-width="${isRoot ? 2.5 : 1}"${dashed}/>`,
    `<rect x="${x}" y="${y}" width="5" height="${BOX}" rx="2" fill="${colour}"/>`,
    `<text x="${tenth(x + 14)}" y="${tenth(y + 16)}" class="name">${escapeXml(nameOf(node))}</text>`,
    `<text x="${tenth(x + 14)}" y="${tenth(y + 30)}" class="more">${escapeXml(moreOf(node))}</text>`,
    "</g>",
  ].join("");
}

function pathOf({ type, change }: Arrow, edge: number, { ways, turned, boxes }: Layout): string {
  const way = ways[edge]!;
  const colour = changeColours[change] ?? relationColours[type];
  const dashed =
    change === "removed" ? ' stroke-dasharray="5 3"' : type === "replaces" ? ' stroke-dasharray="1.5 3"' : "";
  const marker = change === "same" ? type : change;
  const tip = turned[edge] === true ? "marker-start" : "marker-end";
  const d = way.length === 1 ? loopAt(way[0]!, boxes) : curve(way);
  return `<path d="${d}" class="edge" stroke="${colour}"${dashed} ${tip}="url(#${marker})"/>`;
}

/** Level at every point, so that edges leave and enter boxes straight and pass between others without touching them. */
function curve(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return "";
  let from = first;
  let d = `M${from.x} ${from.y}`;
  for (const to of rest) {
    const half = tenth((from.x + to.x) / 2);
    d += from.y === to.y ? ` L${to.x} ${to.y}` : ` C${half} ${from.y} ${half} ${to.y} ${to.x} ${to.y}`;
    from = to;
  }
  return d;
}

/** An entry that names itself: a loop at its right side. */
function loopAt({ x, y }: Point, boxes: readonly Box[]): string {
  const reach = boxes.length === 0 ? 0 : 34;
  return `M${x} ${tenth(y - 8)} C${tenth(x + reach)} ${tenth(y - 22)} ${tenth(x + reach)} ${tenth(y + 22)} ${x} ${tenth(y + 8)}`;
}

interface Legend {
  readonly lines: readonly string[];
  readonly width: number;
  readonly height: number;
}

/** Which kinds, relations and changes occur, a row each. */
function legendOf({ nodes }: View, arrows: readonly Arrow[]): Legend {
  const kinds = lineageKinds.filter((kind) => nodes.some((node) => node.kind === kind));
  const types = (Object.keys(relationTypes) as RelationType[]).filter((type) =>
    arrows.some((arrow) => arrow.type === type),
  );
  const changes = (["added", "removed"] as const).filter(
    (change) =>
      nodes.some((node) => node.change === change) || arrows.some((arrow) => arrow.change === change),
  );
  const rows = [
    kinds.map((kind) => ({
      text: kindOf(kind).prefix,
      sign: (x: number) =>
        `<rect x="${x}" y="-8" width="10" height="10" rx="2" fill="${kindColours[kind] ?? ""}"/>`,
      room: 16,
    })),
    types.map((type) => ({
      text: type,
      sign: (x: number) =>
        `<path d="M${x} -3 L${x + 22} -3" class="edge" stroke="${relationColours[type]}"${type === "replaces" ? ' stroke-dasharray="1.5 3"' : ""} marker-end="url(#${type})"/>`,
      room: 28,
    })),
    changes.map((change) => ({
      text: change,
      sign: (x: number) =>
        `<path d="M${x} -3 L${x + 22} -3" class="edge" stroke="${changeColours[change] ?? ""}"${change === "removed" ? ' stroke-dasharray="5 3"' : ""} marker-end="url(#${change})"/>`,
      room: 28,
    })),
  ].filter((row) => row.length > 0);
  let widest = 0;
  const lines = rows.flatMap((row, at) => {
    let x = 0;
    const drawn = row.map(({ text, sign, room }) => {
      const item = `${sign(x)}<text x="${x + room}" y="1" class="legend">${escapeXml(text)}</text>`;
      x = Math.ceil(x + room + text.length * 6.6 + 18);
      return item;
    });
    widest = Math.max(widest, x);
    return [`<g transform="translate(0 ${at * LEGEND + 8})">${drawn.join("")}</g>`];
  });
  return { lines, width: widest, height: rows.length * LEGEND };
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}

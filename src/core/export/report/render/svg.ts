/** A chart as SVG inside a page, whose style sheet colours it. All text is escaped; nothing in it is executed. */
import { escapeXml } from "../../escape.ts";
import { drawingOf, FONT_SIZE, type Mark } from "./chart.ts";
import type { Chart } from "../define.ts";

/** The picture, named by its caption and told in words; undefined where there is nothing to draw. */
export function chartSvg(chart: Chart, caption: string, width = 600): string | undefined {
  const drawing = drawingOf(chart, width);
  if (drawing === undefined) return undefined;
  const { height, marks, says } = drawing;
  return [
    `<svg viewBox="0 0 ${width} ${number(height)}" width="${width}" height="${number(height)}" role="img" aria-labelledby="${caption}" aria-describedby="${caption}-says" font-size="${FONT_SIZE}">`,
    `<desc id="${caption}-says">${escapeXml(says)}</desc>`,
    ...marks.map(markSvg),
    "</svg>",
  ].join("\n");
}

function markSvg(mark: Mark): string {
  switch (mark.type) {
    case "box":
      return `<rect x="${number(mark.x)}" y="${number(mark.y)}" width="${number(mark.width)}" height="${number(mark.height)}" class="fill ${mark.tone} p${mark.pattern % 4}"/>`;
    case "path":
      return `<polyline points="${mark.points.map(([x, y]) => `${number(x)},${number(y)}`).join(" ")}" class="line ${mark.tone} p${mark.pattern % 4}"/>`;
    case "dot":
      return `<circle cx="${number(mark.x)}" cy="${number(mark.y)}" r="2.5" class="fill ${mark.tone} p${mark.pattern % 4}"/>`;
    case "rule":
      return `<path d="M${number(mark.x)} ${number(mark.y)}h${number(mark.width)}" class="rule"/>`;
    case "word":
      return `<text x="${number(mark.x)}" y="${number(mark.y)}" text-anchor="${mark.anchor}" class="${mark.ink}">${escapeXml(mark.text)}</text>`;
  }
}

/** A place with one decimal: the same text on every machine. */
function number(value: number): string {
  return String(Math.round(value * 10) / 10);
}

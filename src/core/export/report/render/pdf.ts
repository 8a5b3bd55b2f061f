/**
 * A report as PDF: what the page shows, on paper, charts drawn as vectors. Dates and ids come from the report alone, so the
 * same report gives the same bytes on the same major version of Node (whose zlib packs them).
 */
import { millisecondsOf } from "../../../model/instant.ts";
import type { Report } from "../define.ts";
import { drawingOf, FONT_SIZE, type Drawing, type Mark } from "./chart.ts";
import { light } from "./colours.ts";
import { headOf } from "./head.ts";
import { finish, newPaper, type Paper } from "./pdf-paper.ts";
import { writeTable } from "./pdf-table.ts";
import { factText } from "./words.ts";

/** So many rows of a table are set on paper unless told otherwise. */
export const PDF_ROWS = 1_000;

/** The document's bytes. */
export async function renderPdf(report: Report, most = PDF_ROWS): Promise<Uint8Array> {
  const { title, registry, asOf } = report;
  const name = `${title} \u00b7 ${registry}`;
  const paper = newPaper({ title: name, subject: `As of ${asOf}`, date: millisecondsOf(asOf) });
  paper.paragraph(title, "Helvetica-Bold", 20, light.ink);
  paper.y += 2;
  for (const [label, value] of headOf(report)) {
    paper.write(label, paper.left, paper.y, "Helvetica", 8.5, light.faint);
    const lines = paper.lines(value, paper.width - 70, "Helvetica", 8.5);
    for (const line of lines) {
      paper.write(line, paper.left + 70, paper.y, "Helvetica", 8.5, light.ink);
      paper.y += 11.5;
    }
  }
  paper.y += 6;
  writeFacts(paper, report);
  writeCharts(paper, report);
  for (const section of report.sections) writeTable(paper, section, most);
  writeNotes(paper, report);
  return finish(
    paper,
    `${name} \u00b7 as of ${asOf}${report.commit === null ? "" : ` \u00b7 ${report.commit.slice(0, 12)}`}`,
  );
}

function writeFacts(paper: Paper, { facts }: Report): void {
  const { doc, left, width } = paper;
  const perRow = Math.max(1, Math.min(6, facts.length));
  const size = (width - (perRow - 1) * 8) / perRow;
  const height = 36;
  for (let from = 0; from < facts.length; from += perRow) {
    if (paper.room() < height + 8) paper.nextPage();
    facts.slice(from, from + perRow).forEach((fact, index) => {
      const x = left + index * (size + 8);
      doc.fillColor(light.band).rect(x, paper.y, size, height).fill();
      doc.fillColor(light.fill[fact.tone]).rect(x, paper.y, 3, height).fill();
      const label = paper.lines(fact.title, size - 14, "Helvetica", 7.5)[0] ?? "";
      paper.write(label, x + 9, paper.y + 5, "Helvetica", 7.5, light.faint);
      paper.write(factText(fact), x + 9, paper.y + 15, "Helvetica-Bold", 14, light.ink);
    });
    paper.y += height + 8;
  }
}

/** Two beside each other. */
function writeCharts(paper: Paper, { charts }: Report): void {
  const size = (paper.width - 28) / 2;
  const scale = 0.74;
  const drawn = charts.flatMap((chart) => {
    const drawing = drawingOf(chart, size / scale);
    return drawing === undefined ? [] : [{ title: chart.title, drawing }];
  });
  for (let from = 0; from < drawn.length; from += 2) {
    const pair = drawn.slice(from, from + 2);
    const height = Math.max(...pair.map(({ drawing }) => drawing.height * scale)) + 20;
    if (paper.room() < height) paper.nextPage();
    pair.forEach(({ title, drawing }, index) => {
      const x = paper.left + index * (size + 28);
      paper.write(title, x, paper.y + 2, "Helvetica-Bold", 9.5, light.ink);
      draw(paper, drawing, x, paper.y + 18, scale);
    });
    paper.y += height + 6;
  }
}

function draw(paper: Paper, { marks }: Drawing, left: number, top: number, scale: number): void {
  for (const mark of marks)
    drawMark(
      paper,
      mark,
      (x) => left + x * scale,
      (y) => top + y * scale,
      scale,
    );
}

function drawMark(
  paper: Paper,
  mark: Mark,
  x: (x: number) => number,
  y: (y: number) => number,
  scale: number,
): void {
  const { doc } = paper;
  switch (mark.type) {
    case "box":
      doc.fillOpacity(opacityOf(mark.pattern)).fillColor(light.fill[mark.tone]);
      doc
        .rect(x(mark.x), y(mark.y), mark.width * scale, mark.height * scale)
        .fill()
        .fillOpacity(1);
      return;
    case "dot":
      doc.fillOpacity(opacityOf(mark.pattern)).fillColor(light.fill[mark.tone]);
      doc.circle(x(mark.x), y(mark.y), 2).fill().fillOpacity(1);
      return;
    case "rule":
      doc
        .lineWidth(0.4)
        .strokeColor(light.line)
        .moveTo(x(mark.x), y(mark.y))
        .lineTo(x(mark.x + mark.width), y(mark.y))
        .stroke();
      return;
    case "path": {
      doc.lineWidth(1.3).strokeColor(light.fill[mark.tone]);
      const dash = [0, 5, 2, 8][mark.pattern % 4] ?? 0;
      if (dash > 0) doc.dash(dash, { space: 3 });
      mark.points.forEach(([px, py], index) => {
        if (index === 0) doc.moveTo(x(px), y(py));
        else doc.lineTo(x(px), y(py));
      });
      doc.stroke().undash();
      return;
    }
    case "word": {
      const size = FONT_SIZE * scale;
      const colour = mark.ink === "onBox" ? light.onFill : light[mark.ink];
      const width = paper.measure(mark.text, "Helvetica", size);
      const shift = mark.anchor === "end" ? width : mark.anchor === "middle" ? width / 2 : 0;
      // The baseline stands three quarters below the top of a line.
      paper.write(mark.text, x(mark.x) - shift, y(mark.y) - size * 0.76, "Helvetica", size, colour);
    }
  }
}

function opacityOf(pattern: number): number {
  return [1, 0.7, 0.5, 0.35][pattern % 4] ?? 1;
}

function writeNotes(paper: Paper, { notes, sections }: Report): void {
  if (paper.room() < 80) paper.nextPage();
  paper.y += 10;
  paper.doc.outline.addItem("How to read this");
  paper.paragraph("How to read this", "Helvetica-Bold", 12, light.ink);
  paper.y += 2;
  for (const note of notes) paper.paragraph(`\u2022 ${quoted(note)}`, "Helvetica", 8, light.ink);
  if (paper.replaced())
    paper.paragraph(
      "\u2022 Signs that the fonts of this document lack are written as \\u{..}, the number of the sign; the HTML page shows them.",
      "Helvetica",
      8,
      light.ink,
    );
  for (const { title, columns, rows } of sections) {
    if (rows.length === 0) continue;
    paper.y += 6;
    if (paper.room() < 40) paper.nextPage();
    paper.paragraph(`Columns of \u201c${title}\u201d`, "Helvetica-Bold", 8.5, light.ink);
    for (const { title, means } of columns)
      paper.paragraph(`${title}: ${quoted(means)}`, "Helvetica", 7.5, light.faint);
  }
}

/** Words between backticks in our own sentences. */
function quoted(text: string): string {
  return text.replace(/`([^`]+)`/g, "\u201c$1\u201d");
}

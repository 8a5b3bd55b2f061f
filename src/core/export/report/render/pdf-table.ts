/**
 * A table on paper: columns as wide as what stands in them asks for, cells in as many lines as they need, the header
 * again on each page, rows whole where a page can hold them. Nothing is cut; columns without a single value are named
 * and left out.
 */
import { toneOf, type Cell, type Column, type Row, type Section } from "../define.ts";
import { light } from "./colours.ts";
import { pageTable } from "./head.ts";
import type { Paper, Weight } from "./pdf-paper.ts";
import { cellText, isNumber } from "./words.ts";

const SIZE = 7.5;
const LINE = SIZE * 1.28;
const PAD = 4;
/** A column is at most so wide for its own sake. */
const WIDEST = 190;
const NARROW = 84;
/** So many rows decide how wide columns are. */
const SAMPLE = 400;

/** Sets heading, note and rows. */
export function writeTable(paper: Paper, section: Section, most: number): void {
  const { title, note, none } = section;
  const { columns, rows, empty, left } = pageTable(section, most);
  const widths = widthsOf(paper, columns, rows);
  const cellsOf = (row: Row): readonly CellLines[] =>
    columns.map((column, at) => linesOf(paper, row[column.key] ?? null, column, widths[at] ?? 0, at));
  // A heading goes where its first row goes.
  const [first] = rows;
  const least = first === undefined ? 0 : Math.min(heightOf(cellsOf(first)), 200);
  if (paper.room() < 70 + 3 * LINE + least) paper.nextPage();
  paper.y += 8;
  paper.doc.outline.addItem(title);
  paper.paragraph(title, "Helvetica-Bold", 12, light.ink);
  paper.y += 1;
  paper.paragraph(note, "Helvetica", 8, light.faint);
  if (rows.length === 0) {
    paper.paragraph(none, "Helvetica", 9, light.ink);
    return;
  }
  if (empty !== null) paper.paragraph(empty, "Helvetica", 8, light.faint);
  if (left !== null) paper.paragraph(left, "Helvetica-Bold", 8, light.word.warn);
  paper.y += 4;
  head(paper, columns, widths);
  rows.forEach((row, index) => writeRow(paper, columns, widths, cellsOf(row), index % 2 === 1));
}

function heightOf(cells: readonly CellLines[]): number {
  return Math.max(1, ...cells.map(({ lines }) => lines.length)) * LINE + 2 * PAD;
}

interface CellLines {
  readonly lines: readonly string[];
  readonly weight: Weight;
  readonly colour: string;
}

function linesOf(paper: Paper, cell: Cell, { type }: Column, width: number, at: number): CellLines {
  const text = cellText(cell, type);
  const isStatus = type === "status" && typeof text === "string";
  const weight: Weight = isStatus || at === 0 ? "Helvetica-Bold" : "Helvetica";
  const parts = typeof text === "string" ? (text === "" ? [] : text.split("\n")) : text;
  return {
    lines: parts.flatMap((part) => paper.lines(part, width - 2 * PAD, weight, SIZE)),
    weight,
    colour: isStatus ? light.word[toneOf(text)] : light.ink,
  };
}

function head(paper: Paper, columns: readonly Column[], widths: readonly number[]): void {
  const cells = columns.map(({ title }, at) =>
    paper.lines(title, (widths[at] ?? 0) - 2 * PAD, "Helvetica-Bold", SIZE),
  );
  const height = Math.max(...cells.map(({ length }) => length)) * LINE + 2 * PAD;
  if (paper.room() < height + 3 * LINE) paper.nextPage();
  const { doc, left, y, width } = paper;
  doc.fillColor(light.band).rect(left, y, width, height).fill();
  let x = left;
  columns.forEach((column, at) => {
    const lines = cells[at] ?? [];
    lines.forEach((line, index) =>
      writeCell(paper, line, x, y + PAD + index * LINE, column, widths[at] ?? 0, "Helvetica-Bold", light.ink),
    );
    x += widths[at] ?? 0;
  });
  doc
    .lineWidth(0.8)
    .strokeColor(light.faint)
    .moveTo(left, y + height)
    .lineTo(left + width, y + height)
    .stroke();
  paper.y += height;
}

/** A row that no page holds goes on over pages; every other stays whole. */
function writeRow(
  paper: Paper,
  columns: readonly Column[],
  widths: readonly number[],
  cells: readonly CellLines[],
  isBanded: boolean,
): void {
  const count = Math.max(1, ...cells.map(({ lines }) => lines.length));
  const fitting = (): number => Math.floor((paper.room() - 2 * PAD) / LINE);
  if (fitting() < Math.min(count, 36)) {
    paper.nextPage();
    head(paper, columns, widths);
  }
  for (let from = 0; from < count;) {
    const until = Math.min(count, from + Math.max(1, fitting()));
    const { doc, left, y, width } = paper;
    const height = (until - from) * LINE + 2 * PAD;
    if (isBanded) doc.fillColor("#fafbfc").rect(left, y, width, height).fill();
    let x = left;
    columns.forEach((column, at) => {
      const cell = cells[at];
      cell?.lines.slice(from, until).forEach((line, index) => {
        writeCell(paper, line, x, y + PAD + index * LINE, column, widths[at] ?? 0, cell.weight, cell.colour);
      });
      x += widths[at] ?? 0;
    });
    doc
      .lineWidth(0.4)
      .strokeColor(light.line)
      .moveTo(left, y + height)
      .lineTo(left + width, y + height)
      .stroke();
    paper.y += height;
    from = until;
    if (from < count) {
      paper.nextPage();
      head(paper, columns, widths);
    }
  }
}

function writeCell(
  paper: Paper,
  line: string,
  x: number,
  y: number,
  { type }: Column,
  width: number,
  weight: Weight,
  colour: string,
): void {
  const indent = isNumber(type) ? width - PAD - paper.measure(line, weight, SIZE) : PAD;
  paper.write(line, x + indent, y, weight, SIZE, colour);
}

/** As browsers do it: between the longest word and the longest line of each column, all of the width. */
function widthsOf(paper: Paper, columns: readonly Column[], rows: readonly Row[]): readonly number[] {
  const sample = rows.slice(0, SAMPLE);
  const wishes = columns.map(({ key, type, title }, at) => {
    const isBold = type === "status" || at === 0;
    const weight: Weight = isBold ? "Helvetica-Bold" : "Helvetica";
    const measure = (text: string): number => paper.measure(text, weight, SIZE);
    let least = Math.max(...title.split(" ").map((word) => paper.measure(word, "Helvetica-Bold", SIZE)));
    let most = least;
    for (const row of sample) {
      const text = cellText(row[key] ?? null, type);
      for (const part of typeof text === "string" ? text.split("\n") : text) {
        const whole = measure(part);
        most = Math.max(most, whole);
        const isWhole = type === "status" || type === "instant" || type === "date";
        const longest = isWhole ? whole : Math.max(0, ...part.split(/(?<=[\s/:@_,;=-])/).map(measure));
        least = Math.max(least, Math.min(longest, isWhole ? whole : NARROW));
      }
    }
    // Texts want room in the end, but two long ones must not leave nothing for the others.
    return { least: least + 2 * PAD + 1, most: Math.max(least, Math.min(most, WIDEST)) + 2 * PAD + 1 };
  });
  const least = wishes.reduce((sum, wish) => sum + wish.least, 0);
  const most = wishes.reduce((sum, wish) => sum + wish.most, 0);
  if (least >= paper.width) return wishes.map((wish) => (wish.least / least) * paper.width);
  if (most <= paper.width) return wishes.map((wish) => (wish.most / most) * paper.width);
  const part = (paper.width - least) / (most - least);
  return wishes.map((wish) => wish.least + (wish.most - wish.least) * part);
}

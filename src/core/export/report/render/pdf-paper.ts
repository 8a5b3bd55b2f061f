/**
 * Paper to write a report on: pages of A4 across, words measured before they are set, nothing set outside the margins.
 * The fonts are those every reader of PDF has (Helvetica); they know the signs of Windows-1252 only, and any other is
 * written as `\u{..}`, so that nothing is dropped or drawn as a box. It must never know what a report says.
 */
import { PDFDocument } from "pdfkit";
import { escapeLine } from "../../escape.ts";
import { light } from "./colours.ts";

export const MARGIN = 34;
const WIDTH = 841.89;
const HEIGHT = 595.28;
/** Below this nothing but the footer is set. */
const BOTTOM = HEIGHT - MARGIN - 14;

export type Weight = "Helvetica" | "Helvetica-Bold";

/** What a whole document says of itself. */
export interface Title {
  readonly title: string;
  readonly subject: string;
  /** In milliseconds; the clock of the report, never of the machine. */
  readonly date: number;
}

export interface Paper {
  readonly doc: PDFDocument;
  readonly left: number;
  readonly width: number;
  /** Where the next thing goes. */
  y: number;
  /** How much of the page is left. */
  room(): number;
  nextPage(): void;
  measure(text: string, weight: Weight, size: number): number;
  /** One line; `y` is its top. */
  write(text: string, x: number, y: number, weight: Weight, size: number, colour: string): void;
  /** A text in lines no wider than `width`; words longer than that are broken. */
  lines(text: string, width: number, weight: Weight, size: number): readonly string[];
  /** A paragraph at the left margin, over pages where need be. */
  paragraph(text: string, weight: Weight, size: number, colour: string): void;
  /** Whether a sign had to be written as a number. */
  readonly replaced: () => boolean;
}

/** New paper with its first page. */
export function newPaper({ title, subject, date }: Title): Paper {
  const day = new Date(date);
  const doc = new PDFDocument({
    size: "A4",
    layout: "landscape",
    margin: 0,
    autoFirstPage: false,
    bufferPages: true,
    lang: "en",
    displayTitle: true,
    pdfVersion: "1.7",
    info: {
      Title: title,
      Subject: subject,
      Creator: "assent",
      Producer: "assent",
      CreationDate: day,
      ModDate: day,
    },
  });
  doc.addPage();
  const widths = new Map<string, number>();
  let replaced = false;

  const printable = (text: string): string => {
    const plain = escapeLine(text).replace(
      unknown,
      (sign) => `\\u{${sign.codePointAt(0)?.toString(16) ?? ""}}`,
    );
    if (plain !== text) replaced ||= unknown.test(text) || plain.includes("\\u{");
    unknown.lastIndex = 0;
    return plain;
  };
  /** Width of a sign at one point. */
  const widthOf = (sign: string, weight: Weight): number => {
    const key = `${weight}${sign}`;
    let width = widths.get(key);
    if (width === undefined) widths.set(key, (width = doc.font(weight).fontSize(1).widthOfString(sign)));
    return width;
  };
  const sum = (text: string, weight: Weight, size: number): number => {
    let width = 0;
    for (const sign of text) width += widthOf(sign, weight);
    return width * size;
  };

  const paper: Paper = {
    doc,
    left: MARGIN,
    width: WIDTH - 2 * MARGIN,
    y: MARGIN,
    room: () => BOTTOM - paper.y,
    nextPage() {
      doc.addPage();
      paper.y = MARGIN;
    },
    measure: (text, weight, size) => sum(printable(text), weight, size),
    write(text, x, y, weight, size, colour) {
      doc.font(weight).fontSize(size).fillColor(colour).text(printable(text), x, y, { lineBreak: false });
    },
    lines(text, width, weight, size) {
      return wrapped(printable(text), width, (part) => sum(part, weight, size));
    },
    paragraph(text, weight, size, colour) {
      for (const line of paper.lines(text, paper.width, weight, size)) {
        if (paper.room() < size * 1.4) paper.nextPage();
        paper.write(line, paper.left, paper.y, weight, size, colour);
        paper.y += size * 1.35;
      }
    },
    replaced: () => replaced,
  };
  return paper;
}

/** What Windows-1252 has no sign for. */
const unknown =
  /[^\x20-\x7e\xa0-\xff\u20ac\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u017d\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u017e\u0178]/gu;

/** After these a line may end. */
const piece = /[^\s/:@_,;=-]*(?:[/:@_,;=-]+|\s+|$)/g;

function wrapped(text: string, width: number, measure: (part: string) => number): readonly string[] {
  if (measure(text) <= width) return [text];
  const lines: string[] = [];
  let line = "";
  const take = (part: string): void => {
    if (measure((line + part).trimEnd()) <= width) line += part;
    else if (measure(part.trimEnd()) <= width) {
      lines.push(line.trimEnd());
      line = part;
    } else for (const sign of part) takeSign(sign);
  };
  const takeSign = (sign: string): void => {
    if (line !== "" && measure(line + sign) > width) {
      lines.push(line.trimEnd());
      line = "";
    }
    line += sign;
  };
  for (const [part] of text.matchAll(piece)) if (part !== "") take(part);
  if (line.trim() !== "") lines.push(line.trimEnd());
  return lines;
}

/** Ends every page with a line, and hands back the bytes. The same calls give the same bytes. */
export function finish(paper: Paper, foot: string): Promise<Uint8Array> {
  const { doc } = paper;
  const { count } = doc.bufferedPageRange();
  for (let page = 0; page < count; page++) {
    doc.switchToPage(page);
    const number = `Page ${page + 1} of ${count}`;
    const y = HEIGHT - MARGIN + 2;
    doc
      .lineWidth(0.5)
      .strokeColor(light.line)
      .moveTo(MARGIN, y - 6)
      .lineTo(WIDTH - MARGIN, y - 6)
      .stroke();
    paper.write(foot, MARGIN, y, "Helvetica", 7.5, light.faint);
    const width = paper.measure(number, "Helvetica", 7.5);
    paper.write(number, WIDTH - MARGIN - width, y, "Helvetica", 7.5, light.faint);
  }
  const chunks: Uint8Array[] = [];
  return new Promise((resolve, reject) => {
    doc.on("data", (chunk) => void chunks.push(chunk));
    doc.on("error", reject);
    doc.on("end", () => {
      const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
      let offset = 0;
      for (const chunk of chunks) {
        bytes.set(chunk, offset);
        offset += chunk.length;
      }
      resolve(bytes);
    });
    doc.end();
  });
}

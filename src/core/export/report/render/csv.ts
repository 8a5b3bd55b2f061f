/**
 * One table of a report as CSV (RFC 4180, UTF-8, CRLF), the header made of the columns' keys. What the attacker controls:
 * every text in it, and whoever opens it does so in a spreadsheet; a cell that would begin a formula there is made text.
 */
import { escapeCsv } from "../../escape.ts";
import type { Cell, Section } from "../define.ts";

/** All rows, values as machines read them: instants in full, shares 0 to 1, lists joined by a semicolon. */
export function renderCsv({ columns, rows }: Section): string {
  const lines = [
    columns.map(({ key }) => escapeCsv(key)),
    ...rows.map((row) => columns.map(({ key }) => cellOf(row[key] ?? null))),
  ];
  return lines.map((cells) => `${cells.join(",")}\r\n`).join("");
}

function cellOf(cell: Cell): string {
  if (cell === null) return "";
  // A number cannot be a formula, and a guarded one would be no number.
  if (typeof cell === "number") return String(cell);
  return escapeCsv(typeof cell === "string" ? cell : cell.join("; "));
}

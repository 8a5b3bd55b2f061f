/** Cells as people read them, the same on every page. It must never round what a machine reads. */
import type { Cell, ColumnType, Fact } from "../define.ts";

/** A cell's text; what is not there is empty. Lists stay apart. */
export function cellText(cell: Cell | undefined, type: ColumnType): string | readonly string[] {
  if (cell === null || cell === undefined) return "";
  if (typeof cell === "object") return cell;
  if (type === "share" && typeof cell === "number") return percent(cell);
  if (typeof cell === "number") return String(cell);
  return type === "instant" ? shortInstant(cell) : type === "commit" ? cell.slice(0, 12) : cell;
}

/** The same as one line. */
export function lineText(cell: Cell | undefined, type: ColumnType): string {
  const text = cellText(cell, type);
  return typeof text === "string" ? text : text.join(", ");
}

/** The value of a fact; a dash where it cannot be said. */
export function factText({ type, value }: Fact): string {
  if (value === null) return "\u2013";
  if (typeof value === "string") return value;
  return type === "share" ? percent(value) : String(value);
}

/** Whether cells of a column stand on the right, as numbers do. */
export function isNumber(type: ColumnType): boolean {
  return type === "count" || type === "days" || type === "share";
}

/** `97.3 %`; only the whole is 100. */
function percent(share: number): string {
  const text = (Math.floor(share * 1000) / 10).toFixed(1).replace(/\.0$/, "");
  return `${text} %`;
}

/** `2026-07-01 09:00`, UTC as everything here; machines get the seconds. */
function shortInstant(instant: string): string {
  return instant.slice(0, 16).replace("T", " ");
}

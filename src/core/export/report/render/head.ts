/** What stands at the head of every report, and how many rows of a table a page shows. */
import type { Cell, Column, Report, Row, Section } from "../define.ts";

/** Name and value of each line: which registry at which moment, and what of it. */
export function headOf({
  registry,
  commit,
  sequence,
  asOf,
  environment,
  usecase,
}: Report): readonly (readonly [name: string, value: string])[] {
  const read =
    commit === null ? "the work tree" : `${commit}${sequence === null ? "" : ` (landing ${sequence})`}`;
  return [
    ["Registry", registry],
    ["Read from", read],
    ["As of", asOf],
    ...(environment === null ? [] : [["Environment", environment] as const]),
    ...(usecase === null ? [] : [["Use case", usecase] as const]),
  ];
}

/** A table as a page shows it, and what has to be said about it. */
export interface PageTable {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** Which columns are not shown, because no row has a value there; null = all are. */
  readonly empty: string | null;
  /** How many rows are not shown, and where they are; null = all are. */
  readonly left: string | null;
}

/** The rows that fit, and the columns that say something. Nothing is left out without being said. */
export function pageTable({ key, columns, rows }: Section, most: number): PageTable {
  const shown = rows.length > most ? rows.slice(0, most) : rows;
  const full = columns.filter((column) => shown.some((row) => !isEmpty(row[column.key] ?? null)));
  const missing = columns.filter((column) => !full.includes(column)).map(({ title }) => title);
  return {
    columns: full,
    rows: shown,
    empty: missing.length === 0 ? null : `No row has a value for ${missing.join(", ")}.`,
    left:
      shown.length === rows.length
        ? null
        : `The first ${most} of ${rows.length} rows. All of them: --limit 0, or --format csv --section ${key}.`,
  };
}

function isEmpty(cell: Cell): boolean {
  return cell === null || cell === "" || (typeof cell === "object" && cell.length === 0);
}

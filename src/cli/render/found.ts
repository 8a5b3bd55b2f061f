/** Lists of entries as a table or as assent.list/v1. */
import type { Found } from "../../app/find.ts";
import type { CommandContext } from "../command.ts";
import { escapeLine } from "./escape.ts";
import { renderTable } from "./table.ts";
import { plural } from "./words.ts";

/** Shows a page, and on standard error what is not in it. */
export function showFound(found: Found, context: CommandContext): void {
  const { style, columns } = context;
  for (const { ref, message } of found.skipped.slice(0, 5))
    context.note(`warning: ${escapeLine(ref)} is left out: ${escapeLine(message)}\n`);
  if (found.skipped.length > 5) context.note(`warning: and ${found.skipped.length - 5} more\n`);
  if (found.unreadable > 0)
    context.note(`warning: ${plural(found.unreadable, "file")} cannot be read; see assent lint\n`);
  if (context.global.format === "json") {
    const { total, items, next } = found;
    context.out(`${JSON.stringify({ format: "assent.list/v1", total, items, next })}\n`);
    return;
  }
  if (found.items.length === 0) {
    context.out("nothing found\n");
    return;
  }
  // Without git nothing has a date.
  const isDated = found.items.some(({ updated }) => updated !== null);
  const rows = found.items.map(({ ref, state, updated, title }) => [
    ref,
    state ?? "",
    ...(isDated ? [updated?.at.slice(0, "2026-01-01".length) ?? ""] : []),
    title ?? "",
  ]);
  const head = ["REFERENCE", "STATE", ...(isDated ? ["UPDATED"] : []), "TITLE"];
  const lines = renderTable(head, rows, columns, style);
  context.out(`${lines.join("\n")}\n`);
  const shown =
    found.items.length === found.total
      ? plural(found.total, "entry", "entries")
      : `${found.items.length} of ${found.total}`;
  const more = found.next === null ? "" : `; go on with --after ${found.next}`;
  context.out(style.dim(`${shown}${more}\n`));
}

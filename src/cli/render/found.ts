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
  const rows = found.items.map((item) => [item.ref, item.state ?? "", item.title ?? ""]);
  const lines = renderTable(["REFERENCE", "STATE", "TITLE"], rows, columns, style);
  context.out(`${lines.join("\n")}\n`);
  const shown =
    found.items.length === found.total
      ? plural(found.total, "entry", "entries")
      : `${found.items.length} of ${found.total}`;
  const more = found.next === null ? "" : `; go on with --after ${found.next}`;
  context.out(style.dim(`${shown}${more}\n`));
}

/** What became of files that are made of the registry: as text, or with the format's name as JSON. */
import type { Derived } from "../../app/derived.ts";
import type { CommandContext, ExitCode } from "../command.ts";
import { escapeLine } from "./escape.ts";

/** Shows it; with `check`, stale files are exit code 1. */
export function showDerived(
  { out, files, changed }: Derived,
  { format, check, command }: { readonly format: string; readonly check: boolean; readonly command: string },
  { global, out: print, style }: CommandContext,
): ExitCode {
  const stale = check && changed.length > 0;
  if (global.format === "json") {
    print(`${JSON.stringify({ format, ok: !stale, out, files, changed })}\n`);
  } else if (changed.length === 0)
    print(`${style.green("unchanged")}  ${escapeLine(out)} says what the registry says\n`);
  else {
    const word = check ? style.red("stale") : style.green("written");
    for (const path of changed) print(`${word}  ${escapeLine(path)}\n`);
    if (check) print(`Run ${command}, and commit what it writes.\n`);
  }
  return stale ? 1 : 0;
}

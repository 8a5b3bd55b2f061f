/** `assent schema`: schemas for editors. */
import { relative, resolve, sep } from "node:path";
import { writeSchemas } from "../../app/schema.ts";
import { rootOf } from "../../app/root.ts";
import type { Command } from "../command.ts";
import { selectionOf, textFlag } from "../flags.ts";
import { escapeLine } from "../render/escape.ts";
import { plural } from "../render/words.ts";

export const schema: Command = {
  name: "schema",
  summary: "schemas for editors, completing references to the entries that exist now",
  description:
    "Writes a JSON Schema for each kind, for any editor that checks YAML by schemas, and prints which files each is for " +
    "in the form that VS Code's settings want it (yaml.schemas).",
  options: [
    { flags: "--out <dir>", description: "where to (default: .vscode/schemas)" },
    { flags: "--check", description: "write nothing; exit 1 when a schema is stale" },
  ],
  examples: [
    { line: "assent schema", does: "refreshes .vscode/schemas" },
    { line: "assent schema --check", does: "fails when an entry is not completed yet" },
  ],
  async run(context, _args, flags) {
    const { style, global } = context;
    const check = flags["check"] === true;
    const selection = selectionOf(context);
    const typed = textFlag(flags, "out");
    const out =
      typed === undefined
        ? undefined
        : relative(rootOf(selection.folder, context.ports), resolve(selection.folder, typed))
            .split(sep)
            .join("/");
    const { folder, changed, schemas, settings } = await writeSchemas(
      { ...selection, out, check },
      context.ports,
    );
    const stale = check && changed.length > 0;
    if (global.format === "json") {
      context.out(
        `${JSON.stringify({ format: "assent.schema/v1", ok: !stale, folder, schemas, changed, settings })}\n`,
      );
      return stale ? 1 : 0;
    }
    for (const path of changed) context.out(`${check ? "stale" : "written"}  ${escapeLine(path)}\n`);
    if (stale) {
      context.out(
        `${style.red("stale")}  ${plural(changed.length, "schema")} of ${schemas}\n  fix: assent schema${typed === undefined ? "" : ` --out ${escapeLine(typed)}`}\n`,
      );
      return 1;
    }
    context.out(`${style.green("ok")}  ${plural(schemas, "schema")} in ${escapeLine(folder)}\n`);
    if (!check)
      context.out(
        `\nFor VS Code, .vscode/settings.json:\n${JSON.stringify({ "yaml.schemas": settings }, null, 2)}\n`,
      );
    return 0;
  },
};

/** `assent show`: one entry with what is derived about it. */
import { show as operation, type Shown } from "../../app/show.ts";
import type { Command, CommandContext } from "../command.ts";
import { selectionOf } from "../flags.ts";
import { escapeLine, escapeTerminal } from "../render/escape.ts";
import { renderEntry } from "../../app/entry-text.ts";
import { complianceText } from "../render/compliance.ts";

export const show: Command = {
  name: "show",
  summary: "one entry, and what is derived about it",
  arguments: [
    { name: "<entry>", description: "a reference; the prefix may be left out where one kind fits" },
  ],
  examples: [
    { line: "assent show bundle:fraud/score@1.4.0", does: "its fields, digest, and where it is live" },
    { line: "assent show openai/gpt-4o@stable", does: "aliases work here" },
  ],
  async run(context, args) {
    const shown = await operation({ ...selectionOf(context), entry: String(args[0]) }, context.ports);
    if (context.global.format === "json") {
      const { ref, kind, digest, entry, derived } = shown;
      context.out(`${JSON.stringify({ format: "assent.entry/v1", ref, kind, digest, entry, derived })}\n`);
    } else context.out(textOf(shown, context));
    return 0;
  },
};

function textOf({ ref, kind, digest, entry, derived }: Shown, { style, columns }: CommandContext): string {
  const rows: [string, string][] = [
    ["kind", kind],
    ["file", derived.path],
  ];
  if (digest !== null) rows.push(["digest", digest]);
  const moment = (what: Shown["derived"]["updated"]): string =>
    what === null ? "" : `${what.at} by ${what.by}`;
  if (derived.registered !== null) rows.push(["registered", moment(derived.registered)]);
  if (derived.updated !== null && derived.updated.at !== derived.registered?.at)
    rows.push(["updated", moment(derived.updated)]);
  if (derived.live.length > 0) {
    rows.push([
      "live in",
      derived.live.map(({ scope, as }) => (as === "fallback" ? `${scope} (fallback)` : scope)).join(", "),
    ]);
  }
  if (derived.aliases.length > 0) rows.push(["aliases", derived.aliases.join(", ")]);
  if (derived.resolved.length > 0) rows.push(["resolves to", derived.resolved.join(", ")]);
  if (derived.usedBy.length > 0) {
    const most = 12;
    const more = derived.usedBy.length > most ? ` and ${derived.usedBy.length - most} more` : "";
    rows.push(["used by", derived.usedBy.slice(0, most).join("\n") + more]);
  }
  if (derived.compliance !== null)
    rows.push(["compliance", complianceText(derived.compliance, columns - 14)]);
  if (derived.otherVersions.length > 0) rows.push(["versions", derived.otherVersions.join(", ")]);
  const width = Math.max(...rows.map(([key]) => key.length));
  const lines = rows.flatMap(([key, value]) =>
    value
      .split("\n")
      .map((line, index) => `  ${style.dim((index === 0 ? key : "").padEnd(width))}  ${escapeLine(line)}`),
  );
  return `${style.bold(ref)}\n${lines.join("\n")}\n\n${escapeTerminal(renderEntry(kind, entry))}`;
}

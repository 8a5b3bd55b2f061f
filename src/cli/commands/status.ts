/** `assent status`: what is live where, and what to do next. */
import { status as operation, type StatusResult } from "../../app/status.ts";
import type { Command, CommandContext } from "../command.ts";
import { selectionOf } from "../flags.ts";
import { escapeLine } from "../render/escape.ts";
import { renderTable } from "../render/table.ts";
import { plural } from "../render/words.ts";

export const status: Command = {
  name: "status",
  summary: "what is live where, what is on its way, and the next command to type",
  arguments: [{ name: "[subject]", description: "a use case, a bundle or a scope (default: everything)" }],
  examples: [
    { line: "assent status", does: "the whole registry" },
    { line: "assent status fraud/score", does: "one use case" },
  ],
  async run(context, args) {
    const subject = typeof args[0] === "string" ? args[0] : undefined;
    const result = await operation({ ...selectionOf(context), subject }, context.ports);
    if (context.global.format === "json") {
      const { registry, branch, commit, asOf, entries, live, onItsWay, attention } = result;
      context.out(
        `${JSON.stringify({ format: "assent.status/v1", registry, branch, commit, asOf, entries, live, onItsWay, attention })}\n`,
      );
    } else context.out(textOf(result, context));
    return 0;
  },
};

function textOf(result: StatusResult, { style, columns }: CommandContext): string {
  const place = [result.branch, result.commit?.slice(0, 10)].filter((part) => part != null).join(" @ ");
  const title = `${style.bold(escapeLine(result.registry || "registry"))}  ${plural(result.entries, "entry", "entries")}`;
  const lines = [place === "" ? title : `${title}  ${style.dim(escapeLine(place))}`, ""];
  if (result.live.length === 0) lines.push("Nothing is live yet.");
  else {
    let last = "";
    const rows = result.live.map((each) => {
      const usecase = each.usecase === last ? "" : each.usecase;
      last = each.usecase;
      const where = each.scope.replace(`${each.environment}/${each.usecase}`, each.environment);
      const fallback = each.fallback === null ? "" : ` (fallback ${each.fallback})`;
      return [usecase, where, `${each.bundle}${fallback}${each.emergency ? " EMERGENCY" : ""}`, each.reason];
    });
    lines.push(...renderTable(["USE CASE", "WHERE", "LIVE", "WHY"], rows, columns, style));
  }
  if (result.onItsWay.length > 0) {
    const rows = result.onItsWay.map(({ ref, state, waitsFor }) => [ref, state, waitsFor]);
    lines.push("", ...renderTable(["ON ITS WAY", "STATE", "WAITS FOR"], rows, columns, style));
  }
  if (result.attention.length > 0) {
    lines.push("", style.yellow("Needs attention:"));
    for (const { subject, message } of result.attention)
      lines.push(`  ${escapeLine(subject)} ${escapeLine(message)}`);
  }
  if (result.unreadable > 0)
    lines.push("", style.red(`${plural(result.unreadable, "file")} cannot be read: assent lint`));
  const next = result.onItsWay.map(({ command }) => command);
  lines.push(
    "",
    "Next:",
    ...(next.length > 0 ? next : ["assent lint"]).slice(0, 5).map((command) => `  ${style.bold(command)}`),
  );
  return `${lines.join("\n")}\n`;
}

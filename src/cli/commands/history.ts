/** `assent history`: what happened to a scope or an entry, who did it, when and why. */
import { history as operation } from "../../app/history.ts";
import type { Command } from "../command.ts";
import { limitFlag, selectionOf } from "../flags.ts";
import { renderHistory } from "../render/history.ts";

export const history: Command = {
  name: "history",
  summary: "who changed a scope or an entry, when and why",
  description:
    "Reads the landings (first-parent commits) of the protected branch, latest first. Nothing of it is written by hand. " +
    "Without an argument it shows everything; an entry may be named without its version.",
  arguments: [{ name: "[subject]", description: "a scope such as prod/fraud/score, or an entry" }],
  options: [{ flags: "--limit <n>", description: "at most so many" }],
  examples: [
    { line: "assent history prod/fraud/score", does: "what was live there, since when and why" },
    { line: "assent history model:openai/gpt-4o", does: "every version: registered, changed, moved" },
  ],
  async run(context, args, flags) {
    const subject = typeof args[0] === "string" ? args[0].replace(/^scope:/, "") : undefined;
    const request = { ...selectionOf(context), subject, limit: limitFlag(flags) };
    const result = await operation(request, context.ports);
    context.out(renderHistory(result, context.global.format, context.style));
    return 0;
  },
};

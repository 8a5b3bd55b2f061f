/** `assent rules`: who must agree to what, as a table in plain words. */
import { readRules } from "../../app/rules.ts";
import type { Command } from "../command.ts";
import { selectionOf } from "../flags.ts";
import { showRules } from "../render/rules.ts";

export const rules: Command = {
  name: "rules",
  summary: "who must agree to what, in plain words",
  description:
    "Reads ownership and approval policies and says for every move who must agree, what must have been shown before, and " +
    "what is asked for in an emergency. What asks for nothing, or for what nobody could give, is marked with `!`.",
  arguments: [{ name: "[environment]", description: "only what goes live there" }],
  formats: ["markdown"],
  examples: [
    { line: "assent rules prod", does: "whom to ask before something goes live in production" },
    { line: "assent rules --format markdown", does: "all of it, for a wiki page" },
  ],
  async run(context, args) {
    const environment = args[0] === undefined ? undefined : String(args[0]);
    showRules(await readRules({ ...selectionOf(context), environment }, context.ports), context);
    return 0;
  },
};

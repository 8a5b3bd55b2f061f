/** `assent plan`: what a change means, and who must agree to it. */
import { plan as operation, type PlanResult } from "../../app/plan.ts";
import { planDocument } from "../../core/govern/wire.ts";
import type { Command, CommandContext, Flags } from "../command.ts";
import { selectionOf, textFlag } from "../flags.ts";
import { answer, treeLines } from "../render/decision-text.ts";
import { headline } from "../render/decision-markdown.ts";
import { jsonLine } from "../render/escape.ts";
import { renderPlanMarkdown } from "../render/plan-markdown.ts";
import { renderPlanText } from "../render/plan-text.ts";
import { sourceReader } from "../render/source.ts";

export const plan: Command = {
  name: "plan",
  summary: "what a change means: what goes live where, what it replaces, who must agree",
  description:
    "Compares a commit with the protected branch, as the gate does: what goes live where in every degrade\n" +
    "mode, what was measured before and after, who must agree and what to do next. Nothing is written.",
  options: [
    { flags: "--base <rev>", description: "the protected branch's tip (default: as this clone knows it)" },
    { flags: "--head <rev>", description: "the commit to plan (default: HEAD)" },
    {
      flags: "--if-approved-by <identity>",
      description: "what would be decided then; may be repeated",
      repeatable: true,
    },
  ],
  formats: ["markdown"],
  examples: [
    { line: "assent plan", does: "what landing HEAD would mean" },
    {
      line: "assent plan --if-approved-by alice --if-approved-by bob",
      does: "whether these two would be enough",
    },
  ],
  async run(context, _args, flags) {
    const request = {
      ...selectionOf(context),
      base: textFlag(flags, "base"),
      head: textFlag(flags, "head"),
      ifApprovedBy: namesOf(flags),
    };
    const result = await operation(request, context.ports);
    context.out(render(result, request.ifApprovedBy, context));
    return 0;
  },
};

function namesOf(flags: Flags): readonly string[] | undefined {
  const value = flags["ifApprovedBy"];
  return Array.isArray(value) ? value.map(String) : undefined;
}

function render(result: PlanResult, names: readonly string[] | undefined, context: CommandContext): string {
  const { format } = context.global;
  const { decision } = result;
  if (format === "json") {
    const { outcome, eligibleAt } = decision;
    return jsonLine({
      ...planDocument(result.plan, result.diagnostics),
      ...(names !== undefined && { ifApprovedBy: { identities: names, outcome, eligibleAt } }),
    });
  }
  if (format === "markdown") {
    return `${renderPlanMarkdown(result)}${names === undefined ? "" : `\nIf approved by ${names.join(", ")}: **${headline(decision)}**\n`}`;
  }
  const { style, columns, version } = context;
  const text = renderPlanText(result, { style, columns, version, sourceOf: sourceReader(result.tree) });
  if (names === undefined) return text;
  return `${text}\nIf approved by ${names.join(", ")}: ${answer(decision, style)}\n${treeLines(decision.tree, style, 0).join("\n")}\n`;
}

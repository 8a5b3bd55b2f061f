/** `assent verify-push`: the gate as a pre-receive hook of any git server. */
import { parseUpdates, verifyPush as operation, type PushVerdict } from "../../app/verify-push.ts";
import { decisionDocument } from "../../core/govern/wire.ts";
import type { Command, CommandContext } from "../command.ts";
import { selectionOf } from "../flags.ts";
import { renderDecisionText } from "../render/decision-text.ts";
import { escapeLine, jsonLine } from "../render/escape.ts";
import { exitCodeOf } from "./gate.ts";

export const verifyPush: Command = {
  name: "verify-push",
  summary: "judge a push before it is taken: the gate as a pre-receive hook",
  description:
    "Reads `<old> <new> <ref>` lines as git gives them to the hook pre-receive, and judges each new\n" +
    "first-parent commit of the protected branch as a landing, oldest first. Reasons are printed to whoever\n" +
    "pushes. Anything but exit code 0 makes git refuse the whole push.",
  examples: [{ line: "assent verify-push", does: "in hooks/pre-receive: exec assent verify-push" }],
  async run(context) {
    const input = new TextDecoder().decode(await context.readStdin());
    const verdict = await operation(parseUpdates(input), selectionOf(context), context.ports);
    context.out(context.global.format === "json" ? jsonOf(verdict) : textOf(verdict, context));
    return exitCodeOf(verdict.outcome);
  },
};

function jsonOf({ outcome, refusals, landings }: PushVerdict): string {
  return jsonLine({
    format: "assent.verify-push/v1",
    outcome,
    refusals: refusals.map(({ ref, because }) => ({ ref, because })),
    landings: landings.map(({ commit, outcome: each, decision, diagnostics }) => ({
      commit,
      outcome: each,
      decision: decisionDocument(decision, diagnostics),
    })),
  });
}

function textOf({ refusals, landings }: PushVerdict, { style, columns, version }: CommandContext): string {
  const lines = refusals.map(
    ({ ref, because }) => `${style.red("refused")}  ${escapeLine(ref)}: ${because}\n`,
  );
  for (const { commit, subject, outcome, decision, diagnostics } of landings) {
    const paint = outcome === "allowed" ? style.green : style.red;
    lines.push(`${paint(outcome)}  ${commit.slice(0, 10)} ${escapeLine(subject)}\n`);
    if (outcome !== "allowed")
      lines.push(
        renderDecisionText({ decision, diagnostics }, { style, columns, version, sourceOf: () => undefined }),
      );
  }
  return lines.join("");
}

/** `assent merge`: land a change that has its signed approvals. */
import { merge as operation, type Merged } from "../../app/merge.ts";
import { decisionDocument } from "../../core/govern/wire.ts";
import type { Command, CommandContext, ExitCode } from "../command.ts";
import { selectionOf, textFlag } from "../flags.ts";
import { renderDecisionText } from "../render/decision-text.ts";
import { escapeLine, escapeTerminal, jsonLine } from "../render/escape.ts";

export const merge: Command = {
  name: "merge",
  summary: "land a change that has its signed approvals, without any forge",
  description:
    "Reads the protected branch anew, decides on exactly that base, makes the landing and pushes it only if\n" +
    "the branch still stands there; otherwise it decides again. A change whose files were changed meanwhile\n" +
    "is a CONFLICT that names the winner. Exit code: 0 landed, 4 pending, 1 denied or in conflict.",
  arguments: [{ name: "<rev>", description: "the head of the change" }],
  options: [
    { flags: "--squash", description: "land as one commit with one parent, signed by you" },
    { flags: "--key <file>", description: "the key that signs a squashed landing" },
    {
      flags: "--witness-key <file>",
      description: "record the landing at once with this key (else the variable ASSENT_WITNESS_KEY)",
    },
  ],
  examples: [{ line: "assent merge promote-score", does: "lands the branch, or says what is missing" }],
  async run(context, args, flags) {
    const request = {
      ...selectionOf(context),
      revision: String(args[0]),
      squash: flags["squash"] === true,
      keyFile: textFlag(flags, "key"),
      witnessKeyFile: textFlag(flags, "witnessKey"),
      version: context.version,
    };
    const merged = await operation(request, context.ports);
    context.out(context.global.format === "json" ? jsonOf(merged) : textOf(merged, context));
    return exitCodes[merged.status];
  },
};

const exitCodes: Readonly<Record<Merged["status"], ExitCode>> = {
  LANDED: 0,
  DUPLICATE: 0,
  PENDING: 4,
  CONFLICT: 1,
  DENIED: 1,
  REFUSED: 1,
};

function jsonOf({ status, commit, branch, winners, said, decision, diagnostics, record }: Merged): string {
  return jsonLine({
    format: "assent.merge/v1",
    status,
    commit,
    branch,
    winners: winners.map(({ commit: oid, subject, author, paths }) => ({
      commit: oid,
      subject,
      author,
      paths,
    })),
    said,
    decision: decision === null ? null : decisionDocument(decision, diagnostics),
    record,
  });
}

function textOf(
  { status, commit, branch, winners, said, decision, diagnostics, record }: Merged,
  { style, columns, version }: CommandContext,
): string {
  const place = escapeLine(branch);
  if (status === "DUPLICATE") return `${style.green("nothing to do")}  ${place} holds this change already\n`;
  if (status === "LANDED")
    return `${style.green("landed")}  ${commit ?? ""} on ${place}\n${recordLine(record, style)}`;
  if (status === "REFUSED")
    return `${style.red("refused")}  by the other side:\n${escapeTerminal(said ?? "")}\n`;
  if (status === "CONFLICT") {
    const lines = winners.flatMap((winner) => [
      `  ${winner.commit.slice(0, 10)} ${escapeLine(winner.subject)} (${escapeLine(winner.author)})`,
      ...winner.paths.map((path) => `      ${escapeLine(path)}`),
    ]);
    const hint = `Bring your branch up to date (git merge ${place}), look at these files again, and have the change signed anew.`;
    return `${style.red("CONFLICT")}  what this change edits was changed on ${place} meanwhile, by:\n${lines.join("\n")}\n${hint}\n`;
  }
  return decision === null
    ? ""
    : renderDecisionText({ decision, diagnostics }, { style, columns, version, sourceOf: () => undefined });
}

function recordLine(record: Merged["record"], style: CommandContext["style"]): string {
  if (record.status === "none") return "";
  if (record.status === "failed")
    return `${style.yellow("not recorded")}  ${escapeLine(record.because)} Run assent audit record.\n`;
  return `${style.green("recorded")}  landing ${record.sequence}: ${record.decision ?? "observed"}\n`;
}

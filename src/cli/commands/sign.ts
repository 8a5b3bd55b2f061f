/** `assent sign`: one person's yes to a change, signed with their SSH key. */
import { sign as operation, type Signed } from "../../app/sign.ts";
import { Failure } from "../../core/model/failure.ts";
import type { Command, CommandContext } from "../command.ts";
import { selectionOf, textFlag } from "../flags.ts";
import { escapeLine, jsonLine } from "../render/escape.ts";
import { renderPlanText } from "../render/plan-text.ts";
import { sourceReader } from "../render/source.ts";

export const sign: Command = {
  name: "sign",
  summary: "approve a change with your SSH key, without any forge",
  description:
    "Shows the plan of the change, then signs its transition digest with ssh-keygen (a file, your agent or a\n" +
    "security key) and writes the signature to the branch registry-approvals. The signature is for exactly\n" +
    "these bytes: another commit with the same content keeps it, any other content does not.",
  arguments: [{ name: "<rev>", description: "the head of the change" }],
  options: [
    { flags: "--identity <name>", description: "who you are in the registry" },
    {
      flags: "--key <file>",
      description: "your key (default: the one of yours that is in ~/.ssh or in your agent)",
    },
    { flags: "--withdraw", description: "take your signature back instead" },
  ],
  examples: [
    { line: "assent sign promote-score --identity bob", does: "shows what the branch means and signs it" },
    { line: "assent sign promote-score --identity bob --withdraw", does: "takes the signature back" },
  ],
  async run(context, args, flags) {
    const identity = textFlag(flags, "identity");
    if (identity === undefined) {
      throw new Failure("usage/identity", "Whose approval it is must be said.", {
        hint: "Add --identity <name>: assent list Identity.",
      });
    }
    const { style, columns, version, global } = context;
    const signed = await operation(
      {
        ...selectionOf(context),
        revision: String(args[0]),
        identity,
        keyFile: textFlag(flags, "key"),
        withdraw: flags["withdraw"] === true,
        show: (result) => {
          // With JSON, standard output holds the answer only; what is signed is shown all the same.
          const text = renderPlanText(result, {
            style,
            columns,
            version,
            sourceOf: sourceReader(result.tree),
          });
          (global.format === "json" ? context.note : context.out)(text);
          return Promise.resolve();
        },
      },
      context.ports,
    );
    context.out(global.format === "json" ? jsonOf(signed) : textOf(signed, context));
    return signed.status === "REFUSED" ? 1 : 0;
  },
};

function jsonOf({ status, identity, digest, reason, commit, remote }: Signed): string {
  return jsonLine({ format: "assent.sign/v1", status, identity, digest, reason, commit, remote });
}

function textOf(
  { status, identity, digest, reason, commit, remote }: Signed,
  { style }: CommandContext,
): string {
  const where =
    remote === null ? "registry-approvals" : `registry-approvals, pushed to ${escapeLine(remote)}`;
  if (status === "REFUSED")
    return `\n${style.red("refused")}  ${identity} cannot approve this change: ${escapeLine(reason ?? "")}\n`;
  if (status === "UNCHANGED")
    return `\n${style.green("unchanged")}  there is no signature of ${identity} to withdraw\n`;
  const word = status === "SIGNED" ? "signed" : "withdrawn";
  return `\n${style.green(word)}  ${digest} as ${identity} (${where} ${commit?.slice(0, 10) ?? ""})\n`;
}

/** What `new` and `clone` did: as every writing command, and, where something is missing, what to type. */
import type { Created } from "../../app/new.ts";
import type { CommandContext, ExitCode } from "../command.ts";
import { escapeLine } from "./escape.ts";
import { showWritten } from "./written.ts";

/** Shows the result and says how the command ended. */
export function showCreated(result: Created, context: CommandContext): ExitCode {
  const { ref, missing } = result;
  const goLive =
    result.kind === "Bundle"
      ? [{ command: `assent transition ${ref} approved --reason <why>`, does: "propose it for approval" }]
      : [];
  const next = [
    { command: `assent show ${ref}`, does: "see it, and what is derived" },
    { command: "assent lint --base HEAD", does: "check the change" },
    ...goLive,
  ];
  const code = showWritten(result, { title: ref, wire: { ref, missing }, next }, context);
  if (missing.length === 0 || context.global.format === "json") return code;
  const { style } = context;
  const lines = missing.flatMap(({ path, description, type, choices }) => [
    `  ${style.bold(escapeLine(type))}`,
    `      ${escapeLine(description === "" ? path : description)}`,
    ...(choices.length > 1 ? [style.dim(`      one of ${choices.map(escapeLine).join(", ")}`)] : []),
  ]);
  context.out(`\nStill missing:\n${lines.join("\n")}\n`);
  return code;
}

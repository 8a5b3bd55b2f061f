/** The flags that every command that writes has (CLI.md, Author), and what they mean. */
import { Failure } from "../core/model/failure.ts";
import type { Flags, Option } from "./command.ts";
import { textFlag } from "./flags.ts";

export const writeOptions: readonly Option[] = [
  { flags: "--commit", description: "also commit, onto the branch that is checked out" },
  { flags: "--branch <name>", description: "commit onto this branch instead; the work tree stays as it is" },
  { flags: "--dry-run", description: "show what would be written, and write nothing" },
];

export const reasonOption: Option = { flags: "--reason <text>", description: "why; stands in the entry and in the commit" };

/** What the flags of a writing command say. */
export function readWriteFlags(flags: Flags): { dryRun: boolean; commit: boolean; branch: string | undefined } {
  return { dryRun: flags["dryRun"] === true, commit: flags["commit"] === true, branch: textFlag(flags, "branch") };
}

/** `--reason`, which is demanded: the registry's history is read by people who were not there. */
export function readReason(flags: Flags): string {
  const reason = textFlag(flags, "reason")?.trim() ?? "";
  if (reason !== "") return reason;
  throw new Failure("usage/reason", "A reason is missing.", { hint: 'Add --reason "<why>"; reviewers and auditors will read it.' });
}

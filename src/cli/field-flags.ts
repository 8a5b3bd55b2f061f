/** `--set`, `--unset` and `--artifact`: how fields and files are given to commands that write entries. */
import { MAX_INLINE, parseArtifact, type GivenArtifact } from "../core/author/artifacts.ts";
import { parseSet, type FieldChange } from "../core/author/fields.ts";
import type { CommandContext, Flags, Option } from "./command.ts";
import { listFlag, selectionOf } from "./flags.ts";

export const setOption: Option = {
  flags: "--set <path=value>",
  description:
    "a field, such as spec.provider=provider:openai; JSON where the field takes JSON; a dot in a key is \\.",
  repeatable: true,
};

export const unsetOption: Option = {
  flags: "--unset <path>",
  description: "take a field away",
  repeatable: true,
};

export const artifactOption: Option = {
  flags: "--artifact <role=file>",
  description: `a file: texts up to ${MAX_INLINE / 1024} KiB stand in the entry, of others digest and size (then set its uri)`,
  repeatable: true,
};

/** The fields to set, in the order typed, then those to take away. */
export function readFields(flags: Flags): readonly FieldChange[] {
  return [
    ...listFlag(flags, "set").map(parseSet),
    ...listFlag(flags, "unset").map((path) => ({ path, text: undefined })),
  ];
}

/** The files that were named, measured; relative paths start at -C, else at the working folder. */
export async function readArtifacts(
  flags: Flags,
  context: CommandContext,
): Promise<readonly GivenArtifact[]> {
  const { folder } = selectionOf(context);
  const artifacts: GivenArtifact[] = [];
  for (const typed of listFlag(flags, "artifact")) {
    const { role, file } = parseArtifact(typed);
    artifacts.push({ role, ...(await context.ports.measureInput(folder, file, MAX_INLINE)) });
  }
  return artifacts;
}

/** `assent pull`: a release at a source -> a folder that holds it whole. */
import { pull as operation } from "../../app/pull.ts";
import type { Command } from "../command.ts";
import { allowHttp, neededFlag, placeOf, shownBy } from "../flags.ts";
import { renderPulled } from "../render/release.ts";

export const pull: Command = {
  name: "pull",
  summary: "copy a release into a folder, verified whole",
  description:
    "Fetches a release from a folder, https, an OCI registry, an S3 store or GitHub, verifies everything against the " +
    "trusted root and writes it whole or not at all. What the folder holds already is not fetched again. An older release " +
    "than the one in the folder is refused.",
  arguments: [
    { name: "<source>", description: "a folder, https://…, oci://…, s3://… or github-release:owner/repo" },
  ],
  options: [
    { flags: "--out <dir>", description: "the folder to write" },
    {
      flags: "--trust <file>",
      description: "the root to trust; it came from somewhere else than the release",
    },
    { flags: "--if-any", description: "fine where nothing has been published yet (for the job that will)" },
    allowHttp,
  ],
  examples: [
    {
      line: "assent pull https://models.example.com --out mirror --trust root.json",
      does: "a mirror that keeps its own copy",
    },
  ],
  async run(context, args, flags) {
    const out = neededFlag(flags, "out", "--out <dir>");
    const trust = neededFlag(flags, "trust", "--trust <file>");
    const request = {
      ...placeOf(context, flags),
      source: String(args[0]),
      out,
      trust,
      ifAny: flags["ifAny"] === true,
    };
    context.out(renderPulled(await operation(request, context.ports), out, shownBy(context)));
    return 0;
  },
};

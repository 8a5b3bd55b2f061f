/** `assent verify`: a release at a source -> everything that was checked about it. */
import { verifyRelease } from "../../app/verify-release.ts";
import type { Command } from "../command.ts";
import { neededFlag, placeOf, shownBy } from "../flags.ts";
import { renderVerified } from "../render/release.ts";

export const verify: Command = {
  name: "verify",
  summary: "check a release down to its last file, and show who signed it until when",
  description:
    "Reads a whole release from where services read it and checks every signature, version, expiry, length and digest " +
    "against the trusted root. What does not fit is exit code 2 with a code release/…; so is a source that cannot be read.",
  arguments: [
    { name: "<source>", description: "a folder, https://…, oci://…, s3://… or github-release:owner/repo" },
  ],
  options: [
    {
      flags: "--trust <file>",
      description: "the root to trust; it came from somewhere else than the release",
    },
  ],
  examples: [
    {
      line: "assent verify oci://ghcr.io/acme/registry --trust root.json",
      does: "what services would accept",
    },
  ],
  async run(context, args, flags) {
    const trust = neededFlag(flags, "trust", "--trust <file>");
    const request = { ...placeOf(context), source: String(args[0]), trust };
    context.out(renderVerified(await verifyRelease(request, context.ports), shownBy(context)));
    return 0;
  },
};

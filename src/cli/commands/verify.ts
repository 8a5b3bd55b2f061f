/** `assent verify`: a release at a source -> everything that was checked about it. */
import { verifyRelease } from "../../app/verify-release.ts";
import type { Command } from "../command.ts";
import { allowHttp, neededFlag, placeOf, shownBy, textFlag } from "../flags.ts";
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
    {
      flags: "--provenance <file>",
      description: "sigstore's trusted root; asks who made the release, with the two below",
    },
    { flags: "--identity <uri>", description: "who must have: the workflow, letter by letter" },
    { flags: "--issuer <url>", description: "and who vouches for that identity" },
    allowHttp,
  ],
  examples: [
    {
      line: "assent verify oci://ghcr.io/acme/registry --trust root.json",
      does: "what services would accept",
    },
  ],
  async run(context, args, flags) {
    const trust = neededFlag(flags, "trust", "--trust <file>");
    const root = textFlag(flags, "provenance");
    const provenance =
      root === undefined
        ? undefined
        : {
            root,
            identity: neededFlag(flags, "identity", "--identity <uri>"),
            issuer: neededFlag(flags, "issuer", "--issuer <url>"),
          };
    const { asOf } = context.global;
    const request = { ...placeOf(context, flags), source: String(args[0]), trust, asOf, provenance };
    context.out(renderVerified(await verifyRelease(request, context.ports), shownBy(context)));
    return 0;
  },
};

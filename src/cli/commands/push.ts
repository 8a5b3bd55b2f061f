/** `assent push`: a local release -> hosts -> what was sent where. */
import { push as operation } from "../../app/push.ts";
import type { Command } from "../command.ts";
import { allowHttp, keepFlag, placeOf, shownBy, textFlag } from "../flags.ts";
import { renderPushed } from "../render/release.ts";

export const push: Command = {
  name: "push",
  summary: "publish a release to static hosts, OCI registries, S3 stores and GitHub",
  description:
    "Verifies the release in a folder, sends what each host lacks, and makes it current only when every host has all of " +
    "it. Broken off, it goes on where it stopped, and the release that was current stays whole. What the clients of a " +
    "host would refuse (an older release, another registry) is refused here. Hosts: dir:<folder>, oci://<host>/<repository>, " +
    "s3://<bucket>/<prefix>?endpoint=<url>&region=<region>, github-release:<owner>/<repository>. Secrets come from the " +
    "environment (AWS_ACCESS_KEY_ID, GITHUB_TOKEN, ASSENT_OCI_USERNAME and so on) or from docker login.",
  arguments: [{ name: "<destination...>", description: "where to" }],
  options: [
    { flags: "--release <dir>", description: "the folder that assent release wrote (default: dist/release)" },
    { flags: "--trust <file>", description: "the root to verify it with (default: its own first root)" },
    {
      flags: "--keep <n>",
      description: "take away what none of the n newest releases needs (2 or more; folders only)",
    },
    allowHttp,
  ],
  examples: [
    { line: "assent push dir:public", does: "into a folder that a web server serves" },
    {
      line: "assent push oci://ghcr.io/acme/registry s3://acme-models/registry --release signed",
      does: "to two hosts; neither switches before both have everything",
    },
  ],
  async run(context, args, flags) {
    const destinations = Array.isArray(args[0]) ? args[0].map(String) : [];
    const release = textFlag(flags, "release") ?? "dist/release";
    const request = {
      ...placeOf(context, flags),
      destinations,
      release,
      trust: textFlag(flags, "trust"),
      keep: keepFlag(flags),
    };
    context.out(renderPushed(await operation(request, context.ports), shownBy(context)));
    return 0;
  },
};

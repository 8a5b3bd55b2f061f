/** `assent sync`: identities and role members from the teams of a forge. */
import { syncDirectory } from "../../app/sync.ts";
import { directoryWire } from "../../core/govern/directory.ts";
import { Failure } from "../../core/model/failure.ts";
import type { Command } from "../command.ts";
import { selectionOf, textFlag } from "../flags.ts";
import { escapeLine } from "../render/escape.ts";
import { showWritten } from "../render/written.ts";
import { plural } from "../render/words.ts";
import { readWriteFlags, writeOptions } from "../write-flags.ts";

const github: Command = {
  name: "github",
  summary: "identities and role members from GitHub teams, as one change",
  description:
    "Reads the teams that roles name in githubTeam, or those of --teams, and writes Identities and Role members. The " +
    "numeric account id says who is who, so a renamed account keeps its identity. Who left the organisation becomes " +
    "`active: false`; no identity is ever deleted or woken up, and no address is written. Needs GITHUB_TOKEN with read:org.",
  arguments: [{ name: "<org>", description: "the organisation's name" }],
  options: [
    {
      flags: "--teams <slugs>",
      description: "only these teams, divided by commas; one without a role gets one",
    },
    ...writeOptions,
  ],
  examples: [
    { line: "assent sync github acme --dry-run", does: "shows who joined, who renamed and who left" },
    {
      line: "assent sync github acme --teams fraud,risk --branch people",
      does: "commits the change onto a branch",
    },
  ],
  async run(context, args, flags) {
    const org = String(args[0]);
    const teams = (textFlag(flags, "teams") ?? "")
      .split(",")
      .map((slug) => slug.trim())
      .filter((slug) => slug !== "");
    for (const name of [org, ...teams]) {
      if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name)) continue;
      throw new Failure("usage/team", `"${name}" is no name of an organisation or team.`, {
        hint: "Write them as they stand in GitHub's addresses: acme, fraud-team.",
      });
    }
    const { env, version, ports } = context;
    const directory = await ports.openDirectory({ env, version });
    const result = await syncDirectory(
      { ...selectionOf(context), org, teams },
      readWriteFlags(flags, context),
      directory,
      ports,
    );
    const { plan } = result;
    for (const note of plan.notes) context.note(`note: ${escapeLine(note)}\n`);
    const parts = [
      [plan.added, "new"],
      [plan.renamed, "renamed"],
      [plan.left, "left"],
    ] as const;
    const people = parts.flatMap(([refs, word]) => (refs.length === 0 ? [] : [`${refs.length} ${word}`]));
    const title = `${org}: ${[...people, `${plural(plan.roles.length, "role")} changed`].join(", ")}`;
    return showWritten(
      result,
      {
        title:
          result.outcome === "unchanged"
            ? `${org}: people and roles are in step with ${plural(result.teams.length, "team")}`
            : title,
        wire: { org, teams: result.teams, ...directoryWire(plan) },
        next: [
          {
            command: "assent lint --base HEAD",
            does: "check the change; it needs what any change of the rules needs",
          },
        ],
      },
      context,
    );
  },
};

export const sync: Command = {
  name: "sync",
  summary: "bring people and roles in step with a forge",
  examples: github.examples,
  subcommands: [github],
};

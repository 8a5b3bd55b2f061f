/**
 * `assent sync github`: identities and role members as one planned change, from the teams of an organisation. Reads the
 * forge whole or not at all; writes only files, which then need the approvals that any change of the rules needs.
 */
import { renderCodeowners } from "../core/govern/ownership.ts";
import {
  accountsToAsk,
  planDirectory,
  rolesByTeam,
  type Account,
  type DirectoryPlan,
  type Team,
} from "../core/govern/directory.ts";
import { Failure } from "../core/model/failure.ts";
import type { FileChange } from "../core/model/landing.ts";
import { decodeText } from "../core/source/parse.ts";
import type { ForgeDirectory, Ports } from "./ports.ts";
import { loadTree, openRegistry, type OpenRegistry, type Selection } from "./read.ts";
import { withChanges, writeChanges, type WriteOptions, type WriteResult } from "./write.ts";

export interface SyncRequest extends Selection {
  readonly org: string;
  /** Slugs of teams; empty = the teams that roles name. */
  readonly teams: readonly string[];
}

export interface Synced extends WriteResult {
  readonly plan: DirectoryPlan;
  /** The slugs of the teams that were read. */
  readonly teams: readonly string[];
}

/** Brings identities and roles in step with teams. */
export async function syncDirectory(
  request: SyncRequest,
  options: Omit<WriteOptions, "message">,
  directory: ForgeDirectory,
  ports: Ports,
): Promise<Synced> {
  const open = await openRegistry(request, ports);
  const { registry } = open;
  const { org } = request;
  const slugs = request.teams.length > 0 ? request.teams : [...rolesByTeam(registry, org).keys()];
  if (slugs.length === 0) {
    throw new Failure("sync/no-teams", `No role follows a team of ${org}.`, {
      hint: "Name teams: --teams <slug>,<slug>; or set githubTeam in a role.",
    });
  }
  const teams: Team[] = [];
  for (const slug of [...new Set(slugs.map((each) => each.toLowerCase()))].sort())
    teams.push(await directory.team(org, slug));
  const accounts = new Map<number, Account>();
  for (const id of accountsToAsk(registry, org, teams)) accounts.set(id, await directory.account(org, id));
  const plan = planDirectory(registry, { org, teams, accounts });
  const changes = await withCodeowners(plan.changes, open);
  const message = `Bring people and roles in step with teams of ${org}\n\nTeams: ${teams.map(({ slug }) => slug).join(", ")}.`;
  return {
    ...(await writeChanges(open, changes, { ...options, message, topic: `people ${org}` })),
    plan,
    teams: teams.map(({ slug }) => slug),
  };
}

/** CODEOWNERS names logins where a role has no team, so it follows a renaming, if it was the rendering before. */
async function withCodeowners(
  changes: readonly FileChange[],
  { registry }: OpenRegistry,
): Promise<readonly FileChange[]> {
  const file = registry.tree.get("CODEOWNERS");
  if (file === undefined || decodeText(file.read()) !== renderCodeowners(registry)) return changes;
  const after = await loadTree(withChanges(registry.tree, changes));
  return [...changes, { path: "CODEOWNERS", content: renderCodeowners(after.registry) }];
}

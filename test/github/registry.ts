/** A small registry on the stand-in that the whole program can judge: two owners, one rule, enforced. */
import { newRepository } from "../repository-on-disk.ts";
import type { Person } from "./forge.ts";
import { serveForge, type StandIn } from "./server.ts";

export interface Registry {
  readonly hub: StandIn;
  readonly alice: Person;
  readonly bob: Person;
  /** Files of a change that an owner has to agree to. */
  readonly change: Readonly<Record<string, string>>;
}

const identity = (title: string, login: string, id: number): string =>
  `title: ${title}\ngithub: { login: ${login}, id: ${id} }\n`;

/** What the registry holds at first; `.github` besides, as the test needs it. */
export const files: Readonly<Record<string, string>> = {
  CODEOWNERS:
    "# Generated from registry/registry.yaml (ownership). Do not edit: assent codeowners generate\n* @octo/team\n",
  "registry/registry.yaml":
    'id: payments\nmode: enforce\nownership:\n  - { path: "*", roles: [role:team] }\n',
  "registry/governance/identities/alice.yaml": identity("Alice", "alice", 101),
  "registry/governance/identities/bob.yaml": identity("Bob", "bob", 102),
  "registry/governance/roles/team.yaml":
    'title: Team\nmembers: [identity:alice, identity:bob]\ngithubTeam: "@octo/team"\n',
};

export async function newRegistry(more: Readonly<Record<string, string>> = {}): Promise<Registry> {
  const hub = await serveForge(newRepository("--bare"));
  const alice = hub.forge.person(101, "alice");
  const bob = hub.forge.person(102, "bob");
  hub.forge.push(alice, "main", { ...files, ...more });
  return {
    hub,
    alice,
    bob,
    change: { "registry/providers/acme.yaml": "title: Acme\nbaseUrl: https://api.acme.example/v1\n" },
  };
}

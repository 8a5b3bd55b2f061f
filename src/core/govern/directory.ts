/**
 * Identities and role members from the teams of a forge (CLI.md, `assent sync`). Numeric ids decide who is who; a login
 * is a name that changes hands. The forge proposes and the registry's own rules dispose: this plans files, and whoever
 * owns the rules agrees to them like to any other change. It must never delete an identity, nor wake one up again.
 */
import { keyOrders } from "../../generated/key-order.ts";
import type { FileChange } from "../model/landing.ts";
import { compareBytes, type JsonObject } from "../model/json.ts";
import { isName } from "../model/ref.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { editText, type Edit } from "../source/edit.ts";
import { decodeText } from "../source/parse.ts";
import { render } from "../source/render.ts";
import { isActiveHuman } from "../validate/people.ts";

/** An account in a team, as the forge says it. */
export interface TeamMember {
  readonly id: number;
  readonly login: string;
  /** Only `User` is a person's. */
  readonly type: string;
}

export interface Team {
  readonly slug: string;
  /** What people call it. */
  readonly name: string;
  readonly members: readonly TeamMember[];
}

/** What is known about accounts beyond the teams that were read, by id. */
export interface Account {
  /** Null = the account is gone. */
  readonly login: string | null;
  readonly isMember: boolean;
}

export interface DirectoryInput {
  readonly org: string;
  readonly teams: readonly Team[];
  /** An answer for every account that `accountsToAsk` names. */
  readonly accounts: ReadonlyMap<number, Account>;
}

export interface DirectoryPlan {
  readonly changes: readonly FileChange[];
  /** References of identities, in byte order. */
  readonly added: readonly string[];
  readonly renamed: readonly string[];
  readonly left: readonly string[];
  /** References of roles whose members change, in byte order. */
  readonly roles: readonly string[];
  /** What was left alone, and why; sentences. */
  readonly notes: readonly string[];
}

type Person = Entry<"Identity">;

/** The roles that follow teams of an organisation, by the team's slug. */
export function rolesByTeam(registry: Registry, org: string): ReadonlyMap<string, Entry<"Role">> {
  const found = new Map<string, Entry<"Role">>();
  const prefix = `@${org.toLowerCase()}/`;
  for (const role of registry.ofKind("Role")) {
    const team = role.value.githubTeam?.toLowerCase();
    if (team?.startsWith(prefix) === true && !found.has(team.slice(prefix.length)))
      found.set(team.slice(prefix.length), role);
  }
  return found;
}

/**
 * The accounts about which the teams alone do not say enough: people who are in a role and in no team any more, and
 * people whose login somebody else has now. In ascending order.
 */
export function accountsToAsk(registry: Registry, org: string, teams: readonly Team[]): readonly number[] {
  const present = new Map(
    teams.flatMap(({ members }) => members.map(({ id, login }) => [id, login.toLowerCase()] as const)),
  );
  const taken = new Set(present.values());
  const roles = rolesByTeam(registry, org);
  const watched = new Set(teams.flatMap(({ slug }) => roles.get(slug.toLowerCase())?.value.members ?? []));
  const asked = registry.ofKind("Identity").filter((person) => {
    const { github } = person.value;
    if (github === undefined || present.has(github.id)) return false;
    return taken.has(github.login.toLowerCase()) || (isActiveHuman(person) && watched.has(person.ref));
  });
  return asked.flatMap(({ value }) => value.github?.id ?? []).sort((a, b) => a - b);
}

/** Plans the files that bring identities and roles in step with teams. The order of teams and members is irrelevant. */
export function planDirectory(registry: Registry, input: DirectoryInput): DirectoryPlan {
  const people = planPeople(registry, input);
  const files = new Map<string, string>(people.files);
  const roles: string[] = [];
  const notes = [...people.notes];
  const standing = rolesByTeam(registry, input.org);
  for (const team of [...input.teams].sort((a, b) => compareBytes(a.slug, b.slug))) {
    const wanted = [...new Set(team.members.flatMap(({ id }) => people.refs.get(id) ?? []))].sort(
      compareBytes,
    );
    const role = standing.get(team.slug.toLowerCase());
    const text =
      role === undefined
        ? newRole(registry, input.org, team, wanted, notes)
        : editedRole(registry, role, wanted, people.left);
    if (text === undefined) continue;
    const ref = role?.ref ?? `role:${team.slug}`;
    roles.push(ref);
    files.set(role?.path ?? `registry/governance/roles/${team.slug}.yaml`, text);
  }
  const changes = [...files]
    .sort((a, b) => compareBytes(a[0], b[0]))
    .map(([path, content]) => ({ path, content }));
  const { added, renamed, left } = people;
  return {
    changes,
    added: [...added].sort(compareBytes),
    renamed: [...renamed].sort(compareBytes),
    left: [...left].sort(compareBytes),
    roles: roles.sort(compareBytes),
    notes: notes.sort(compareBytes),
  };
}

interface PlannedPeople {
  readonly files: ReadonlyMap<string, string>;
  /** Who holds a role by being in a team: references by account id. */
  readonly refs: ReadonlyMap<number, string>;
  readonly added: readonly string[];
  readonly renamed: readonly string[];
  readonly left: ReadonlySet<string>;
  readonly notes: readonly string[];
}

function planPeople(registry: Registry, { teams, accounts, org }: DirectoryInput): PlannedPeople {
  const byId = new Map(
    registry
      .ofKind("Identity")
      .flatMap((person) =>
        person.value.github === undefined ? [] : [[person.value.github.id, person] as const],
      ),
  );
  const names = new Set(
    registry.ofKind("Identity").flatMap(({ name, value }) => [name, ...(value.aliases ?? [])]),
  );
  const edits = new Map<Person, Edit[]>();
  const files = new Map<string, string>();
  const refs = new Map<number, string>();
  const added: string[] = [];
  const renamed: string[] = [];
  const left = new Set<string>();
  const notes: string[] = [];
  const edit = (person: Person, change: Edit): void =>
    void edits.set(person, [...(edits.get(person) ?? []), change]);
  // The logins that stand in the registry once those who renamed are written as they are called now.
  const logins = new Map([...byId].map(([id, { value }]) => [id, value.github?.login ?? ""]));
  for (const [id, { login }] of accounts) if (login !== null) logins.set(id, login);
  const members = new Map(
    teams.flatMap((team) => team.members.map((member) => [member.id, member] as const)),
  );
  for (const { id, login } of members.values()) if (byId.has(id)) logins.set(id, login);
  for (const [id, login] of logins) {
    const person = byId.get(id);
    if (person === undefined || login === "" || login === person.value.github?.login) continue;
    edit(person, { pointer: ["github", "login"], value: login });
    renamed.push(person.ref);
  }
  for (const [id, { isMember }] of accounts) {
    const person = byId.get(id);
    if (
      person === undefined ||
      isMember ||
      !isActiveHuman(person) ||
      !isWatched(registry, org, teams, person)
    )
      continue;
    edit(person, { pointer: ["active"], value: false });
    left.add(person.ref);
  }
  for (const { id, login, type } of [...members.values()].sort((a, b) => a.id - b.id)) {
    const known = byId.get(id);
    if (type !== "User") notes.push(`${login} is a ${type} and holds no role: only people do.`);
    else if (known !== undefined && isActiveHuman(known)) refs.set(id, known.ref);
    else if (known !== undefined)
      notes.push(
        `${known.ref} is in a team and stays ${known.value.active === false ? "inactive" : `a ${known.value.type}`}: that is for a change of its own.`,
      );
    else if ([...logins.values()].some((each) => each.toLowerCase() === login.toLowerCase())) {
      notes.push(
        `${login} (${id}) is not added: an identity has this login with another account, which is gone. Take its login away first.`,
      );
    } else {
      const name = freeName(login, id, names);
      names.add(name);
      refs.set(id, `identity:${name}`);
      added.push(`identity:${name}`);
      logins.set(id, login);
      files.set(
        `registry/governance/identities/${name}.yaml`,
        render({ title: login, github: { login, id } }, keyOrders.Identity),
      );
    }
  }
  for (const [person, changes] of edits) files.set(person.path, edited(registry, person, changes));
  return { files, refs, added, renamed, left, notes };
}

/** Whether a person holds a role that follows one of these teams; whoever does not is none of its business. */
function isWatched(registry: Registry, org: string, teams: readonly Team[], { ref }: Person): boolean {
  const roles = rolesByTeam(registry, org);
  return teams.some(({ slug }) => roles.get(slug.toLowerCase())?.value.members.includes(ref) === true);
}

/** The login as a name; with the account's id where somebody has that name. */
function freeName(login: string, id: number, names: ReadonlySet<string>): string {
  const plain = login.toLowerCase();
  if (isName(plain) && !names.has(plain)) return plain;
  return isName(`${plain}-${id}`) ? `${plain}-${id}` : `account-${id}`;
}

/** A role's file with the team's members; who has no account there, or is no person, is left in. Undefined = it says so. */
function editedRole(
  registry: Registry,
  role: Entry<"Role">,
  wanted: readonly string[],
  left: ReadonlySet<string>,
): string | undefined {
  const stays = (ref: string): boolean => {
    const entry = registry.get(ref);
    if (wanted.includes(ref) || entry?.kind !== "Identity" || left.has(ref)) return wanted.includes(ref);
    const { github, type } = (entry as Person).value;
    return github === undefined || (type ?? "human") !== "human";
  };
  const kept = role.value.members.filter(stays);
  const members = [...kept, ...wanted.filter((ref) => !kept.includes(ref))];
  if (
    members.length === role.value.members.length &&
    members.every((ref, index) => ref === role.value.members[index])
  )
    return undefined;
  return edited(registry, role, [{ pointer: ["members"], value: members }]);
}

function newRole(
  registry: Registry,
  org: string,
  { slug, name }: Team,
  members: readonly string[],
  notes: string[],
): string | undefined {
  const ref = `role:${slug}`;
  if (!isName(slug))
    notes.push(
      `The team ${slug} gets no role: a role cannot have this name. Give a role its githubTeam yourself.`,
    );
  else if (registry.get(ref) !== undefined || registry.isBroken(ref))
    notes.push(
      `The team ${slug} gets no role: ${ref} is there and follows no team, or another. Set its githubTeam to @${org}/${slug}.`,
    );
  else if (members.length === 0) notes.push(`The team ${slug} gets no role: nobody is in it.`);
  else return render({ title: name, members, githubTeam: `@${org}/${slug}` }, keyOrders.Role);
  return undefined;
}

function edited(registry: Registry, entry: Entry, edits: readonly Edit[]): string {
  const file = registry.tree.get(entry.path);
  if (file === undefined) throw new Error(`${entry.path} is not in the tree it was read from`);
  return editText(decodeText(file.read()), edits, keyOrders[entry.kind]);
}

/** What a plan did, for the JSON answer. */
export function directoryWire({ added, renamed, left, roles, notes }: DirectoryPlan): JsonObject {
  return { added, renamed, left, roles, notes };
}

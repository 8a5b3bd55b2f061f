/**
 * `assent sync github` against the stand-in: the id decides who is who, nobody is deleted or woken up, nothing is
 * believed that was not read whole, and what comes out is a registry that lints.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run, type Ran } from "../cli.ts";
import { serveForge, type StandIn } from "../github/server.ts";
import type { Person } from "../github/forge.ts";
import { git, newRepository } from "../repository-on-disk.ts";

let hub: StandIn;
let folder: string;
let admin: Person;

const identity = (login: string, id: number, more = ""): string =>
  `title: ${login}\n# A comment that stays.\ngithub: { login: ${login}, id: ${id} }\n${more}`;
const role = (slug: string | null, ...members: readonly string[]): string =>
  `title: A role\nmembers: [${members.map((name) => `identity:${name}`).join(", ")}]\n${slug === null ? "" : `githubTeam: "@Octo/${slug}"\n`}`;
const at = {
  person: (name: string) => `registry/governance/identities/${name}.yaml`,
  role: (name: string) => `registry/governance/roles/${name}.yaml`,
};

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

const read = (path: string): string => readFileSync(join(folder, path), "utf8");

/** A team on the forge; everybody in it is in the organisation. */
function team(slug: string, ...members: readonly Person[]): void {
  hub.forge.teams.set(slug, { id: hub.forge.nextId(), name: `The ${slug} team`, members: [...members] });
  for (const { id } of members) hub.forge.organisation.add(id);
}

async function sync(...argv: readonly string[]): Promise<Ran> {
  return run(["sync", "github", "octo", ...argv], {
    cwd: folder,
    env: { ...hub.env, GITHUB_TOKEN: hub.tokenOf(admin) },
  });
}

async function synced(...argv: readonly string[]): Promise<Record<string, unknown>> {
  const { code, stdout } = await sync("--format", "json", ...argv);
  const answer = JSON.parse(stdout) as Record<string, unknown>;
  expect([code, answer["diagnostics"]]).toEqual([0, []]);
  return answer;
}

beforeEach(async () => {
  hub = await serveForge(newRepository("--bare"));
  admin = hub.forge.person(1, "admin");
  hub.forge.organisation.add(1);
  folder = newRepository();
  write({
    "registry/registry.yaml":
      'title: T\nid: t\nmode: observe\nownership:\n  - { path: "*", roles: [role:fraud] }\n  - { path: /registry/x/, roles: [role:board] }\n',
    [at.person("ada")]: identity("ada", 101),
    [at.person("bob")]: identity("bob", 102),
    [at.person("kay")]: "title: Signs with a key only\n",
    [at.person("bot")]: "title: Bot\ntype: bot\ncontroller: identity:bob\n",
    [at.role("fraud")]: role("fraud", "bob", "ada"),
    [at.role("board")]: role(null, "ada", "bob"),
  });
  expect((await run(["codeowners", "generate"], { cwd: folder })).code).toBe(0);
  expect((await run(["lint", "--max-warnings", "0"], { cwd: folder })).stdout).toContain("no errors");
});

afterEach(() => expect(hub.violations).toEqual([]));

const [ada, bob] = [(): Person => hub.forge.person(101, "ada"), (): Person => hub.forge.person(102, "bob")];

describe("people", () => {
  it("are in step", async () => {
    team("fraud", ada(), bob());
    expect(await synced()).toMatchObject({
      outcome: "unchanged",
      teams: ["fraud"],
      added: [],
      renamed: [],
      left: [],
      roles: [],
      notes: [],
    });
  });

  it("who joined get an Identity with their number, and the role", async () => {
    team("fraud", ada(), bob(), hub.forge.person(103, "Cleo-M"));
    expect(await synced()).toMatchObject({
      outcome: "written",
      added: ["identity:cleo-m"],
      roles: ["role:fraud"],
    });
    expect(read(at.person("cleo-m"))).toBe("title: Cleo-M\ngithub: { login: Cleo-M, id: 103 }\n");
    expect(read(at.role("fraud"))).toContain("members: [identity:bob, identity:ada, identity:cleo-m]");
    expect(await synced()).toMatchObject({ outcome: "unchanged" });
  });

  it("who renamed keep their identity, in CODEOWNERS too", async () => {
    team("fraud", hub.forge.person(101, "ada-lovelace"), bob());
    expect(await synced()).toMatchObject({ renamed: ["identity:ada"], added: [], roles: [] });
    expect(read(at.person("ada"))).toBe(
      "title: ada\n# A comment that stays.\ngithub: { login: ada-lovelace, id: 101 }\n",
    );
    expect(read("CODEOWNERS")).toContain("/registry/x/ @ada-lovelace @bob");
  });

  it("who took an old login are somebody else", async () => {
    hub.forge.person(101, "ada-lovelace");
    hub.forge.organisation.add(101);
    team("fraud", bob(), hub.forge.person(203, "ada"));
    expect(await synced()).toMatchObject({
      renamed: ["identity:ada"],
      added: ["identity:ada-203"],
      left: [],
    });
    expect(read(at.person("ada"))).toContain("login: ada-lovelace, id: 101");
    expect(read(at.person("ada-203"))).toContain("{ login: ada, id: 203 }");
    expect(read(at.role("fraud"))).toContain("[identity:bob, identity:ada-203]");
  });

  it("who took the login of an account that is gone are left for people to judge", async () => {
    team("fraud", bob(), hub.forge.person(203, "ada"));
    const answer = await synced();
    expect(answer).toMatchObject({ added: [], renamed: [], left: ["identity:ada"] });
    expect(String(answer["notes"])).toContain("ada (203) is not added");
    expect(existsSync(join(folder, at.person("ada-203")))).toBe(false);
  });

  it("who left are inactive, never deleted, and out of the role", async () => {
    ada();
    team("fraud", bob());
    expect(await synced()).toMatchObject({ left: ["identity:ada"], roles: ["role:fraud"] });
    expect(read(at.person("ada"))).toBe(
      "title: ada\nactive: false\n# A comment that stays.\ngithub: { login: ada, id: 101 }\n",
    );
    expect(read(at.role("fraud"))).toContain("members: [identity:bob]");
  });

  it("who only left the team stay active", async () => {
    ada();
    hub.forge.organisation.add(101);
    team("fraud", bob());
    expect(await synced()).toMatchObject({ left: [], roles: ["role:fraud"] });
    expect(read(at.person("ada"))).not.toContain("active");
  });

  it("who come back are not woken up by anybody's machine", async () => {
    write({
      [at.person("ada")]: identity("ada", 101, "active: false\n"),
      [at.role("fraud")]: role("fraud", "bob"),
      [at.role("board")]: role(null, "bob"),
    });
    await run(["codeowners", "generate"], { cwd: folder });
    team("fraud", ada(), bob());
    expect(await synced()).toMatchObject({
      outcome: "unchanged",
      notes: ["identity:ada is in a team and stays inactive: that is for a change of its own."],
    });
  });

  it("without an account, and machines, stay in the role; machines in a team get none", async () => {
    write({ [at.role("fraud")]: role("fraud", "bob", "ada", "kay", "bot") });
    team("fraud", bob(), ada(), hub.forge.person(900, "helper[bot]", "Bot"));
    expect(await synced()).toMatchObject({
      outcome: "unchanged",
      notes: ["helper[bot] is a Bot and holds no role: only people do."],
    });
  });

  it("get no address, whatever they are called", async () => {
    team("fraud", ada(), bob(), hub.forge.person(104, "con"), hub.forge.person(105, "x"));
    expect(await synced()).toMatchObject({ added: ["identity:con-104", "identity:x"] });
    const texts = git(folder, ["ls-files", "-o", "--exclude-standard"])
      .split("\n")
      .filter((path) => path.includes("identities"))
      .map(read);
    expect(texts.length).toBe(6);
    expect(texts.filter((text) => text.includes("@"))).toEqual([]);
  });
});

describe("teams", () => {
  it("that are named get a role of their own", async () => {
    team("risk", ada(), hub.forge.person(103, "cleo"));
    expect(await synced("--teams", "risk")).toMatchObject({
      teams: ["risk"],
      added: ["identity:cleo"],
      roles: ["role:risk"],
      left: [],
    });
    expect(read(at.role("risk"))).toBe(
      'title: The risk team\nmembers: [identity:ada, identity:cleo]\ngithubTeam: "@octo/risk"\n',
    );
  });

  it("whose role follows nothing are left alone, and so are empty ones", async () => {
    team("board", ada());
    team("empty");
    expect(await synced("--teams", "board,empty")).toMatchObject({
      outcome: "unchanged",
      notes: [
        "The team board gets no role: role:board is there and follows no team, or another. Set its githubTeam to @octo/board.",
        "The team empty gets no role: nobody is in it.",
      ],
    });
  });

  it("that are larger than a page are read whole", async () => {
    const many = Array.from({ length: 150 }, (_, index) => hub.forge.person(2000 + index, `p${index}`));
    team("fraud", ada(), bob(), ...many);
    const { added } = await synced();
    expect(added).toHaveLength(150);
    expect(read(at.role("fraud"))).toContain("identity:p149");
  });

  it("that empty a role below its minimum are refused as any other change", async () => {
    write({
      [at.role("fraud")]: `${role("fraud", "bob", "ada")}minimumMembers: 2\n`,
      "registry/registry.yaml": read("registry/registry.yaml").replace("observe", "enforce"),
    });
    ada();
    team("fraud", bob());
    const { code, stdout } = await sync("--format", "json");
    expect([code, JSON.parse(stdout)]).toEqual([1, expect.objectContaining({ outcome: "refused" })]);
    expect(read(at.person("ada"))).not.toContain("active");
  });

  it("are one change: planned, written, or committed", async () => {
    team("fraud", ada(), bob(), hub.forge.person(103, "cleo"));
    git(folder, ["add", "-A"]);
    git(folder, ["commit", "-q", "-m", "begin"]);
    expect((await sync("--dry-run")).stdout).toContain("planned  octo: 1 new, 1 role changed");
    expect(git(folder, ["status", "--porcelain"])).toBe("");
    expect(await synced("--branch", "people")).toMatchObject({
      outcome: "written",
      committed: { branch: "people" },
    });
    expect(git(folder, ["diff", "--name-only", "main", "people"]).trim().split("\n")).toEqual([
      at.person("cleo"),
      at.role("fraud"),
    ]);
    expect(git(folder, ["log", "-1", "--format=%s", "people"]).trim()).toBe(
      "Bring people and roles in step with teams of octo",
    );
  });
});

describe("what is not known changes nothing", () => {
  const refused = async (fragment: string, ...argv: readonly string[]): Promise<void> => {
    const before = git(folder, ["ls-files", "-o"]);
    const { code, stderr } = await sync(...argv);
    expect([code, stderr]).toEqual([2, expect.stringContaining(fragment)]);
    expect([git(folder, ["ls-files", "-o"]), read(at.person("ada")).includes("active")]).toEqual([
      before,
      false,
    ]);
  };

  it("a team that is not there", () => refused("GitHub knows nothing", "--teams", "nobody"));

  it("no team at all", async () => {
    write({ [at.role("fraud")]: role(null, "bob", "ada") });
    await refused("No role follows a team of octo");
  });

  it("names that could change what is asked", async () => {
    await refused("is no name", "--teams", "../../user");
    expect(hub.requests).toEqual([]);
  });

  it("a list that ends too early", async () => {
    team("fraud", ada(), bob());
    hub.faults.push({
      operation: /team_slug\}\/members/,
      change: (value) => (Array.isArray(value) ? value.slice(0, 1) : value),
    });
    await refused("did not hand out everybody");
  });

  it("a token of somebody who may not see who is in the organisation", async () => {
    ada();
    team("fraud", bob());
    hub.forge.organisation.delete(1);
    await refused("may not see who is in octo");
  });

  it("an account that answers under another number", async () => {
    ada();
    team("fraud", bob());
    hub.faults.push({
      operation: /GET \/user\/\{account_id\}/,
      change: (value) => ({ ...(value as object), id: 102 }),
    });
    await refused("has the id 102");
  });

  it("a forge that is down", async () => {
    team("fraud", ada(), bob());
    for (let i = 0; i < 8; i++) hub.faults.push({ operation: /teams/, status: 502 });
    await refused("does not answer");
  });
});

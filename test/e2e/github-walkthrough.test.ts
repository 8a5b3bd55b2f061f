/**
 * Governance on GitHub as a new user meets it, command by command, against the stand-in: a registry from nothing, its
 * guard set up, a bundle proposed by a bot, agreed to by the wrong and the right people, promoted step by step, too
 * early and in time, and taken back at once. Only the clock is the test's own.
 */
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { run, type Ran } from "../cli.ts";
import type { Person } from "../github/forge.ts";
import { serveForge, type StandIn } from "../github/server.ts";
import { newFolder, newRepository, plainEnvironment } from "../repository-on-disk.ts";

const call = promisify(execFile);
const usecase = "support/reply";

/** Somebody with a clone and a token. */
interface Desk {
  readonly person: Person;
  readonly folder: string;
  git(...args: readonly string[]): Promise<string>;
  assent(...args: readonly string[]): Promise<Ran>;
}

/** What everybody's clocks say. */
let now = "";
const seconds = (): number => Date.parse(now) / 1000;

async function sitDown(hub: StandIn, person: Person): Promise<Desk> {
  const folder = newFolder();
  const token = hub.tokenOf(person);
  const email = `${person.id}+${person.login}@users.noreply.github.com`;
  const names = Object.fromEntries(
    ["AUTHOR", "COMMITTER"].flatMap((role) => [
      [`GIT_${role}_NAME`, person.login],
      [`GIT_${role}_EMAIL`, email],
    ]),
  ) as Record<string, string>;
  const dated = () => ({ ...names, GIT_AUTHOR_DATE: now, GIT_COMMITTER_DATE: now });
  const git = async (...args: readonly string[]): Promise<string> => {
    const options = { cwd: folder, env: { ...plainEnvironment, ...dated() }, timeout: 20_000 };
    return (await call("git", args, options)).stdout;
  };
  // As `actions/checkout` hands a token to git.
  const basic = Buffer.from(`x-access-token:${token}`).toString("base64");
  await git("init", "-q", "-b", "main", ".");
  await git("config", `http.${hub.url}/.extraheader`, `AUTHORIZATION: basic ${basic}`);
  await git("config", "user.name", person.login);
  await git("config", "user.email", email);
  await git("remote", "add", "origin", `${hub.url}/octo/registry.git`);
  const env = { GITHUB_API_URL: hub.url, GITHUB_SERVER_URL: hub.url, GITHUB_TOKEN: token };
  const assent = (...args: readonly string[]): Promise<Ran> =>
    run(args, { cwd: folder, env, host: { now: seconds(), git: dated() } });
  return { person, folder, git, assent };
}

/** The file of a person, as somebody writes it who looked the number up. */
const identity = ({ id, login }: Person, more = ""): string =>
  `title: ${login}\n${more}github: { login: "${login}", id: ${id} }\n`;

const policy = (title: string, actions: string, require: string): string =>
  `title: ${title}\nmatch: { actions: [${actions}], environments: [environment:prod] }\nrequire:\n${require}`;

/** What the runner of alice's team sends after it has measured a version. */
const request = {
  bundle_id: usecase,
  bundle_version: "1.1.0",
  bundle: {
    artifacts: [{ role: "prompt", text: "Answer from the articles only.\nNever ask for passwords.\n" }],
    models: ["model:openai/gpt-4o-mini@1.0.0"],
    provenance: { codeRevision: "0123456789abcdef0123456789abcdef01234567" },
  },
  gate_receipt: {
    decision: "PASS",
    gates: [{ metric: "checks_passed", operator: ">=", threshold: 1, observed: 1, passed: true }],
  },
  evaluations: [
    {
      suite: "suite:support/prompt-checks@1.0.0",
      executedAt: "2026-07-01T11:00:00Z",
      status: "passed",
      cases: [
        { id: "hands-over", status: "passed" },
        { id: "asks-for-no-secrets", status: "passed" },
      ],
      metrics: { checks_passed: 1 },
    },
  ],
};

test("from an empty folder to a rollback in production", { timeout: 240_000 }, async () => {
  const hub = await serveForge(newRepository("--bare"));
  const { forge } = hub;
  const at = (instant: string): void => {
    now = instant;
    forge.clock.at = instant;
  };
  at("2026-07-01T09:00:00Z");
  const [alice, bob, carol, dave] = [
    forge.person(101, "alice"),
    forge.person(102, "bob"),
    forge.person(103, "carol"),
    forge.person(104, "dave"),
  ];
  const bot = forge.person(900, "publisher[bot]", "Bot");
  const desk = await sitDown(hub, alice);
  const good = async (ran: Promise<Ran>): Promise<string> => {
    const { code, stdout, stderr } = await ran;
    expect({ code, stdout, stderr }).toMatchObject({ code: 0 });
    return stdout;
  };

  // A registry, with the people and the rules that alice wants.
  await good(desk.assent("init", ".", "--id", "payments", "--team", "@octo/team"));
  const write = (path: string, text: string): void => writeFileSync(join(desk.folder, path), text);
  const governance = "registry/governance";
  write(`${governance}/identities/alice.yaml`, identity(alice));
  write(`${governance}/identities/bob.yaml`, identity(bob));
  write(`${governance}/identities/carol.yaml`, identity(carol));
  write(`${governance}/identities/publisher.yaml`, identity(bot, "type: bot\ncontroller: identity:alice\n"));
  write(
    `${governance}/roles/maintainers.yaml`,
    'title: Maintainers\nmembers: [identity:alice, identity:bob, identity:carol]\ngithubTeam: "@octo/team"\n',
  );
  write(`${governance}/roles/release.yaml`, "title: Release\nmembers: [identity:bob]\n");
  write(`${governance}/roles/risk.yaml`, "title: Risk\nmembers: [identity:carol]\n");
  write(
    `${governance}/approval-policies/go-live-prod.yaml`,
    policy(
      "Going live in production",
      "activate, promote",
      "  approvals: [{ role: role:release }, { role: role:risk }]\n  soak: { environment: environment:dev, duration: P1D }\n",
    ),
  );
  write(
    `${governance}/approval-policies/undo.yaml`,
    policy("Undoing in production", "rollback, deactivate", "  approvals: [{ role: role:release }]\n"),
  );
  const settings = readFileSync(join(desk.folder, "registry/registry.yaml"), "utf8");
  write("registry/registry.yaml", settings.replace("mode: observe", "mode: enforce"));
  await good(desk.assent("promote", `${usecase}@1.0.0`, "--to", "prod", "--reason", "Live since spring."));
  await good(desk.assent("lint"));
  await desk.git("add", "-A");
  await desk.git("commit", "-q", "-m", "Begin the registry");
  await desk.git("push", "-q", "origin", "main");

  // The guard: files first, then what leans on them; a third run finds nothing to do.
  const setup = ["setup", "github", "--level", "1", "--github", "octo/registry", "--apply"] as const;
  expect(await good(desk.assent(...setup))).toContain("To change once these files have landed");
  await desk.git("add", "-A");
  await desk.git("commit", "-q", "-m", "Guard the registry");
  await desk.git("push", "-q", "origin", "main");
  expect(await good(desk.assent(...setup))).toContain("Changed on GitHub");
  expect(await good(desk.assent(...setup))).toContain("Nothing to do");

  // The gate as the workflow runs it: with the workflow's token, in a folder of its own.
  const gateFolder = newRepository();
  const gate = (number: number): Promise<Ran> =>
    run(["gate", "--github", `octo/registry#${number}`, "--post"], {
      cwd: gateFolder,
      env: { ...hub.env },
      host: { now: seconds(), git: {} },
    });
  const wire = async (number: number): Promise<Record<string, unknown>> => {
    const argv = ["gate", "--github", `octo/registry#${number}`, "--format", "json"];
    const ran = await run(argv, { cwd: gateFolder, env: { ...hub.env }, host: { now: seconds(), git: {} } });
    return JSON.parse(ran.stdout) as Record<string, unknown>;
  };
  const catchUp = (each: Desk): Promise<string> => each.git("pull", "-q", "--ff-only", "origin", "main");

  // A bot publishes, and the gate says who must agree.
  at("2026-07-01T12:00:00Z");
  const runner = await sitDown(hub, bot);
  await catchUp(runner);
  writeFileSync(join(runner.folder, "../request.json"), JSON.stringify(request));
  const published = await good(runner.assent("publish", "../request.json", "--pull-request"));
  expect(published).toContain("opened octo/registry#1  assent/publish-bundle-support-reply-1.1.0 -> main");
  const first = await gate(1);
  expect(first).toMatchObject({ code: 4 });
  expect(first.stdout).toContain("role:maintainers");
  expect(forge.checks.at(-1)).toMatchObject({ status: "in_progress", conclusion: null });
  expect(forge.merge(1)).toBe("At least 1 approving review is required.");

  // The wrong people: an outsider, and whoever runs the bot. Neither counts, and each is told why.
  forge.review(1, dave, "APPROVED");
  forge.review(1, alice, "APPROVED");
  expect(await gate(1)).toMatchObject({ code: 4 });
  // GitHub would take any yes; the check does not.
  expect(forge.merge(1)).toBe('Required status check "assent" is expected.');
  const { reviews } = (await wire(1)) as { reviews: readonly object[] };
  expect(reviews).toMatchObject([
    { user: "dave", counted: false, reason: "the account belongs to no Identity at the base" },
    { user: "alice", counted: false, reason: "the person had a part in the change" },
  ]);
  forge.review(1, bob, "APPROVED");
  expect(await gate(1)).toMatchObject({ code: 0 });
  expect(forge.merge(1)).toBeUndefined();

  // Approved as a version, then live in dev.
  at("2026-07-01T13:00:00Z");
  const propose = async (...args: readonly string[]): Promise<number> => {
    await catchUp(desk);
    expect(await good(desk.assent(...args, "--pull-request"))).toContain("opened octo/registry#");
    return forge.pulls.length;
  };
  const land = async (number: number, ...people: readonly Person[]): Promise<void> => {
    for (const person of people) forge.review(number, person, "APPROVED");
    const decided = await gate(number);
    expect(decided).toMatchObject({ code: 0 });
    expect(forge.merge(number)).toBeUndefined();
  };
  await land(
    await propose("transition", `bundle:${usecase}@1.1.0`, "approved", "--reason", "Measured."),
    bob,
  );
  at("2026-07-01T14:00:00Z");
  await land(await propose("promote", `${usecase}@1.1.0`, "--to", "dev", "--reason", "Try it."), bob);

  // To prod too early: everybody has agreed, and it waits for its day in dev.
  at("2026-07-01T15:00:00Z");
  const live = await propose("promote", `${usecase}@1.1.0`, "--to", "prod", "--reason", "Better answers.");
  expect(forge.pulls.at(-1)?.body).toContain("| `prod/support/reply` |");
  forge.review(live, bob, "APPROVED");
  expect(await gate(live)).toMatchObject({ code: 4 });
  forge.review(live, carol, "APPROVED");
  const early = await gate(live);
  expect(early).toMatchObject({ code: 4 });
  expect(early.stdout).toContain("2026-07-02T14:00:00Z");
  expect(await wire(live)).toMatchObject({ outcome: "pending", eligibleAt: "2026-07-02T14:00:00Z" });
  expect(forge.merge(live)).toBe('Required status check "assent" is expected.');

  // In time, with both roles.
  at("2026-07-02T14:00:00Z");
  await land(live);
  await catchUp(desk);
  expect(await good(desk.assent("resolve", `prod/${usecase}`))).toContain("1.1.0");

  // Back at once: one yes, no waiting.
  at("2026-07-02T14:05:00Z");
  const back = await propose("rollback", `prod/${usecase}`, "--reason", "Worse answers.");
  expect(forge.pulls.at(-1)).toMatchObject({ branch: "assent/rollback-prod-support-reply" });
  await land(back, bob);
  await catchUp(desk);
  expect(await good(desk.assent("resolve", `prod/${usecase}`))).toContain("1.0.0");
  const history = await good(desk.assent("history", `prod/${usecase}`));
  expect(history).toContain(`bundle_rolled_back  scope:prod/${usecase}  1.1.0 -> 1.0.0`);

  // Rules and what they would let through, in one change: denied, whoever agrees.
  at("2026-07-03T09:00:00Z");
  const mixed = "mixed";
  const soft = policy(
    "Going live in production",
    "activate, promote",
    "  approvals: [{ role: role:release }]\n",
  );
  forge.push(alice, mixed, {
    [`${governance}/approval-policies/go-live-prod.yaml`]: soft,
    [`registry/live/prod/${usecase}.yaml`]: 'bundle: "1.1.0"\nreason: Again.\n',
  });
  const { number } = forge.open(alice, mixed);
  for (const person of [bob, carol]) forge.review(number, person, "APPROVED");
  const denied = await gate(number);
  expect(denied).toMatchObject({ code: 1 });
  expect(denied.stdout).toContain("govern/mixed");
  expect(await wire(number)).toMatchObject({ outcome: "denied", decision: null });
  expect(forge.merge(number)).toMatch(/failing/);
  expect(hub.violations).toEqual([]);
});

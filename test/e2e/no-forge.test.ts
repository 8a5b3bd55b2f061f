/**
 * Governance on a plain git server, as a team would live it (issue: governance without a forge): a bundle is published,
 * signed by the wrong person and by the right ones, promoted to dev, to prod too early and in time, rolled back at once.
 * The server is git's own, its pre-receive hook is the built program, every signature is made by ssh-keygen.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundle, evaluation, paths } from "../govern-world.ts";
import { ok, startWorld, type Name, type Ran, type World } from "../no-forge-world.ts";

const root = mkdtempSync(join(tmpdir(), "assent-no-forge-"));
let world: World;
beforeAll(async () => {
  world = await startWorld(root);
  world.setClock("2026-07-10T00:00:00Z");
});
afterAll(async () => {
  await world.server.close();
  rmSync(root, { recursive: true, force: true });
});

const live = (environment: string, version: string, reason: string) => ({
  [paths.live(`${environment}/fraud/score`)]: `bundle: "${version}"\nreason: ${reason}\n`,
});
async function merge(name: Name, branch: string): Promise<Ran> {
  const ran = await world.assent(name, "merge", branch, "--format", "json");
  fits(ran.code === 2 ? "error" : "merge", ran.stdout);
  return ran;
}
const answer = (ran: Ran) =>
  JSON.parse(ran.stdout) as {
    readonly status: string;
    readonly commit: string | null;
    readonly winners: { readonly commit: string; readonly author: string; readonly paths: string[] }[];
    readonly decision: {
      readonly outcome: string;
      readonly eligibleAt: string | null;
      readonly next: unknown[];
    } | null;
  };
/** Every answer of merge fits its published schema. */
const schemas = join(import.meta.dirname, "../../schemas/wire");
const ajv = new Ajv2020({ strict: false, validateFormats: false });
for (const file of readdirSync(schemas))
  ajv.addSchema(JSON.parse(readFileSync(join(schemas, file), "utf8")) as object);
function fits(name: string, stdout: string): void {
  const validate = ajv.getSchema(`https://assent.dev/schemas/wire/v1/${name}.schema.json`);
  void validate?.(JSON.parse(stdout));
  expect([name, validate?.errors ?? null]).toEqual([name, null]);
}

const statusOf = (ran: Ran): string => `${answer(ran).status} ${ran.code}`;
const main = async (): Promise<string> =>
  ok(await world.git("frank", "ls-remote", "origin", "refs/heads/main")).stdout.slice(0, 40);

describe("a bundle's way to production and back", () => {
  const text = bundle("1.3.0", "approved");
  const published = { [paths.bundle("1.3.0")]: text, [paths.run("1.3.0")]: evaluation("1.3.0", text) };

  test("nobody gets it in past the gate, and the pusher reads why", async () => {
    await world.propose("alice", "publish", published);
    const pushed = await world.git("alice", "push", "origin", "HEAD:main");
    expect(pushed.code).toBe(1);
    expect(pushed.stderr).toContain("pre-receive hook declined");
    expect(pushed.stderr).toMatch(/remote: pending {2}[0-9a-f]{10} publish/);
    expect(pushed.stderr).toContain("role:risk");
  });

  test("its author cannot sign it, and a stranger's signature is not enough", async () => {
    const own = await world.sign("alice", "publish");
    expect(own.code).toBe(1);
    expect(own.stdout).toContain(
      "refused  identity:alice cannot approve this change: the person had a part in the change",
    );
    const dave = ok(await world.sign("dave", "publish"));
    expect(dave.stdout).toMatch(/signed {2}sha256:[0-9a-f]{64} as identity:dave/);
    const merged = await merge("alice", "publish");
    expect(statusOf(merged)).toBe("PENDING 4");
    const next = JSON.stringify(answer(merged).decision?.next);
    expect([
      next.includes("identity:bob"),
      next.includes("identity:carol"),
      next.includes("identity:alice"),
    ]).toEqual([true, true, false]);
  });

  test("a key of somebody else signs nothing in one's name", async () => {
    ok(await world.git("bob", "fetch", "-q", "origin", "publish"));
    const ran = await world.assent(
      "bob",
      "sign",
      "FETCH_HEAD",
      "--identity",
      "bob",
      "--key",
      world.keys.carol.file,
    );
    expect([ran.code, /keys\/not-in-force/.test(ran.stderr)]).toEqual([2, true]);
  });

  test("an owner and the risk role sign, and it lands", async () => {
    ok(await world.sign("bob", "publish"));
    ok(await world.sign("carol", "publish"));
    const merged = await merge("alice", "publish");
    expect(statusOf(merged)).toBe("LANDED 0");
    expect(await main()).toBe(answer(merged).commit);
    ok(await world.git("alice", "fetch", "-q", "origin"));
    const message = ok(await world.git("alice", "log", "-1", "--format=%B", "origin/main")).stdout;
    expect(message).toMatch(
      /^publish\n\nAssent-Digest: sha256:[0-9a-f]{64}\nAssent-Decision: APPROVED\nAssent-Approved-by: identity:bob\nAssent-Approved-by: identity:carol\n/,
    );
    expect(statusOf(await merge("alice", "publish"))).toBe("DUPLICATE 0");
  });

  test("a signature that was taken back does not count", async () => {
    await world.propose("alice", "dev", live("dev", "1.3.0", "Try the new one."));
    ok(await world.sign("bob", "dev"));
    const withdrawn = ok(await world.sign("bob", "dev", "--withdraw", "--format", "json"));
    fits("sign", withdrawn.stdout);
    expect(withdrawn.stdout).toContain('"status":"WITHDRAWN"');
    expect(statusOf(await merge("alice", "dev"))).toBe("PENDING 4");
    ok(await world.sign("bob", "dev"));
    expect(statusOf(await merge("alice", "dev"))).toBe("LANDED 0");
  });

  test("to prod too early it waits, and says until when; one person with two roles is one person", async () => {
    await world.propose("alice", "stage", live("stage", "1.3.0", "Let it soak."));
    ok(await world.sign("bob", "stage"));
    expect(statusOf(await merge("alice", "stage"))).toBe("LANDED 0");
    world.setClock("2026-07-10T12:00:00Z");
    await world.propose("alice", "prod", live("prod", "1.3.0", "It has proven itself."));
    ok(await world.sign("erin", "prod"));
    expect(statusOf(await merge("alice", "prod"))).toBe("PENDING 4");
    ok(await world.sign("dave", "prod"));
    const merged = await merge("alice", "prod");
    expect(statusOf(merged)).toBe("PENDING 4");
    expect(answer(merged).decision?.eligibleAt).toBe("2026-07-11T00:00:00Z");
    // Nor by a clock of one's own: the server has another one.
    const forged = await world.assent("alice", "merge", "prod", "--as-of", "2026-08-01T00:00:00Z");
    expect([forged.code, /pending/.test(forged.stdout)]).toEqual([1, true]);
  });

  test("in time it goes live with both roles", async () => {
    world.setClock("2026-07-11T00:00:01Z");
    expect(statusOf(await merge("alice", "prod"))).toBe("LANDED 0");
    ok(await world.git("alice", "fetch", "-q", "origin"));
    const resolved = ok(
      await world.assent("alice", "resolve", "prod/fraud/score", "--at", "origin/main", "--format", "json"),
    );
    expect(JSON.parse(resolved.stdout)).toMatchObject({
      outcome: "resolved",
      bundle: { ref: "bundle:fraud/score@1.3.0" },
    });
  });

  test("it is rolled back at once, by one signature", async () => {
    await world.propose("alice", "undo", live("prod", "1.0.0", "It declined too much."));
    const plan = ok(await world.assent("alice", "plan", "--head", "undo", "--format", "json"));
    fits("plan", plan.stdout);
    expect(JSON.parse(plan.stdout)).toMatchObject({
      transitions: [{ action: "rollback", from: "1.3.0", to: "1.0.0" }],
    });
    ok(await world.sign("dave", "undo"));
    expect(statusOf(await merge("alice", "undo"))).toBe("LANDED 0");
  });

  test("what landed on signatures does not land again", async () => {
    // The same two lines in and out again: D is that of the first time.
    await world.propose("alice", "again", live("prod", "1.3.0", "It has proven itself."));
    const merged = await merge("alice", "again");
    expect(merged.stdout).not.toContain('"status":"LANDED"');
    await world.propose("alice", "undo-2", live("dev", "1.1.0", "Back."));
    ok(await world.sign("bob", "undo-2"));
    expect(statusOf(await merge("alice", "undo-2"))).toBe("LANDED 0");
    await world.propose("alice", "dev-2", live("dev", "1.3.0", "Forth."));
    ok(await world.sign("bob", "dev-2"));
    expect(statusOf(await merge("alice", "dev-2"))).toBe("LANDED 0");
    await world.propose("alice", "undo-3", live("dev", "1.1.0", "Back."));
    ok(await world.sign("bob", "undo-3"));
    expect(statusOf(await merge("alice", "undo-3"))).toBe("LANDED 0");
    await world.propose("alice", "dev-3", live("dev", "1.3.0", "Forth."));
    const replayed = await merge("alice", "dev-3");
    expect([statusOf(replayed), replayed.stdout.includes("govern/spent")]).toEqual(["DENIED 1", true]);
    // The server says the same to somebody who does without merge.
    const pushed = await world.git("alice", "push", "origin", "dev-3:main");
    expect([pushed.code, pushed.stderr.includes("govern/spent")]).toEqual([1, true]);
  });
});

describe("two clones race into one scope", () => {
  test("one wins; the other gets a CONFLICT that names the winner", async () => {
    world.setClock("2026-07-12T00:00:00Z");
    await world.propose("alice", "race-a", live("dev", "1.0.0", "Alice wants the first."));
    await world.propose("bob", "race-b", live("dev", "1.2.0", "Bob wants the last."), {});
    await world.propose("bob", "race-b", live("dev", "1.3.0", "Bob wants the last."));
    ok(await world.sign("bob", "race-a"));
    ok(await world.sign("alice", "race-b"));
    const [a, b] = await Promise.all([merge("alice", "race-a"), merge("bob", "race-b")]);
    expect([statusOf(a), statusOf(b)].sort()).toEqual(["CONFLICT 1", "LANDED 0"]);
    const [winner, loser] = statusOf(a) === "LANDED 0" ? [a, b] : [b, a];
    expect(answer(loser).winners).toEqual([
      expect.objectContaining({
        commit: answer(winner).commit,
        author: winner === a ? "alice" : "bob",
        paths: [paths.live("dev/fraud/score")],
      }),
    ]);
    expect(await main()).toBe(answer(winner).commit);
  });
});

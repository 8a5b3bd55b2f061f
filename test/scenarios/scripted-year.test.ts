/**
 * The scripted year: ten people, promotions, rollbacks, a policy change, a key rotation, an emergency, a violation
 * healed. Every question about the past is answered from the repository alone and compared with the script's own log.
 * LANDINGS=120 makes a short one of it.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { events, readHistory } from "../../src/app/history.ts";
import type { RegistryEvent } from "../../src/core/audit/event.ts";
import type { AuditReport } from "../../src/core/audit/verify.ts";
import { run } from "../cli.ts";
import { auditedYear, type AuditedYear } from "./scripted-year/audited.ts";
import { instantOf } from "./scripted-year/script.ts";

const landings = Number(process.env["LANDINGS"] ?? 1000);
let year: AuditedYear;
let report: AuditReport;
beforeAll(async () => {
  year = await auditedYear(landings);
  report = await year.verify(year.folder);
}, 600_000);
afterAll(() => year.remove());

describe("what the evidence says", () => {
  test("it is proven, landing by landing", () => {
    expect(report.violations).toEqual([]);
    expect(report).toMatchObject({
      ok: true,
      assurance: "signed",
      trust: "first-use",
      landings,
      records: landings - 1,
      overrides: [],
    });
    expect(report.observed).toEqual([[1, 2]]);
  });

  test("every decision is the one that the script meant", () => {
    const decided = new Map(report.transitions.map(({ sequence, decision }) => [sequence, decision]));
    for (const { sequence, act } of year.log) {
      if (act.expected === "OBSERVED" || act.expected === "NON_GOVERNED")
        expect([sequence, decided.get(sequence)]).toEqual([sequence, undefined]);
      else expect([sequence, decided.get(sequence)]).toEqual([sequence, act.expected]);
    }
  });

  test("whoever agreed according to the script is whoever agreed according to the proof", () => {
    for (const { sequence, act } of year.log) {
      if (!["APPROVED", "OVERRIDE"].includes(act.expected)) continue;
      const found = report.transitions
        .find((each) => each.sequence === sequence)
        ?.approvedBy.map(({ identity }) => identity);
      expect([sequence, found?.toSorted()]).toEqual([
        sequence,
        act.approvers.map((name) => `identity:${name}`).sort(),
      ]);
    }
  });

  test("what landed past everybody is healed", () => {
    const violation = year.log.find(({ act }) => act.expected === "VIOLATION")?.sequence ?? 0;
    expect(report.healed).toEqual([[violation, violation]]);
  });
});

test("the violation is an event of its landing, told after what it did", async () => {
  const { sequence = 0, commit } = year.log.find(({ act }) => act.expected === "VIOLATION") ?? {};
  const told: RegistryEvent[] = [];
  const ports = {
    findRoot: () => year.folder,
    openRepository: () => year.ports.openProof(year.folder),
    sandbox: year.ports.sandbox,
  };
  for await (const batch of events({ folder: year.folder }, ports)) told.push(...batch);
  expect(told.filter(({ type }) => type === "violation_recorded")).toMatchObject([
    { sequence, commit, subject: "registry:registry", toState: "VIOLATION", patch: null },
  ]);
  const ofLanding = told.filter((event) => event.sequence === sequence).map(({ type }) => type);
  expect([ofLanding.length > 1, ofLanding.at(-1)]).toEqual([true, "violation_recorded"]);
  expect(told.map((event) => event.sequence)).toEqual(
    told.map((event) => event.sequence).sort((a, b) => a - b),
  );
  expect(new Set(told.map(({ eventId }) => eventId)).size).toBe(told.length);
});

describe("the past", { timeout: 300_000 }, () => {
  test("what was live where, at any landing", async () => {
    const every = Math.ceil(year.log.length / 24);
    for (const entry of year.log.filter((_, index) => index % every === 0)) {
      const repository = await year.ports.openProof(year.folder);
      const { files } = await repository.treeAt(entry.commit, { paths: ["registry/live"] });
      repository.close();
      for (const [scope, version] of entry.live) {
        const [environment, usecase] = scope.split("/");
        const file = files.find(({ path }) => path === `registry/live/${environment}/fraud/${usecase}.yaml`);
        expect([
          entry.sequence,
          scope,
          Buffer.from(file?.read() ?? "")
            .toString()
            .split("\n")[0],
        ]).toEqual([entry.sequence, scope, `bundle: "${version}"`]);
      }
    }
  });

  test("the events of production are the script's promotions and rollbacks, in order", async () => {
    const repository = await year.ports.openProof(year.folder);
    const { events } = await readHistory(
      { repository, sandbox: year.ports.sandbox },
      year.log.at(-1)?.commit,
    );
    repository.close();
    const found = events
      .filter(
        ({ scope, type }) =>
          scope?.startsWith("prod/fraud/") === true &&
          ["bundle_promoted", "bundle_rolled_back"].includes(type),
      )
      .map(({ sequence, scope, bundleVersion }) => `${sequence} ${scope} ${bundleVersion}`);
    const meant = year.log.flatMap(({ sequence, act }) =>
      act.live?.environment === "prod"
        ? [`${sequence} prod/fraud/${act.live.usecase} ${act.live.version}`]
        : [],
    );
    const unmeant = new Set(
      year.log
        .filter(({ act }) => act.author === "mallory" || act.heals !== undefined)
        .map(({ sequence }) => sequence),
    );
    expect(found.filter((line) => !unmeant.has(Number(line.split(" ")[0])))).toEqual(meant);
  });

  test("resolve --at an instant answers as the script does", async () => {
    const clone = `${year.place}/clone`;
    const { runGit } = await import("./scripted-year/objects.ts");
    runGit(year.place, ["clone", "-q", year.folder, clone]);
    for (const fraction of [0.3, 0.6, 0.95]) {
      const entry = year.log[Math.floor(year.log.length * fraction)];
      const scope = [...(entry?.live ?? [])].find(([name]) => name.startsWith("prod/"));
      if (entry === undefined || scope === undefined) throw new Error("nothing is live");
      const [name, version] = scope;
      const ran = await run(
        ["resolve", name.replace("/", "/fraud/"), "--at", instantOf(entry.act.time), "--format", "json"],
        { cwd: clone },
      );
      expect(JSON.parse(ran.stdout)).toMatchObject({
        outcome: "resolved",
        bundle: { ref: `bundle:fraud/${name.split("/")[1]}@${version}` },
        snapshot: { commit: entry.commit },
      });
    }
  });
});

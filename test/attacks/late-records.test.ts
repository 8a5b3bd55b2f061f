/**
 * A witness that comes late, or whose records were taken away or forged: the gate and `audit verify` count a soak from the
 * same instant, and never from an earlier one than was witnessed (DESIGN 6).
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { recordEvidence, type RecordResult } from "../../src/app/audit/record.ts";
import { verifyAudit } from "../../src/app/audit/verify.ts";
import { gateByFile } from "../../src/app/gate.ts";
import { merge } from "../../src/app/merge.ts";
import { plan } from "../../src/app/plan.ts";
import { verifyPush } from "../../src/app/verify-push.ts";
import type { Evidence } from "../../src/core/audit/evidence.ts";
import { recordMessage, renderRecord } from "../../src/core/audit/record.ts";
import type { Decision } from "../../src/core/model/decision.ts";
import type { Instant } from "../../src/core/model/instant.ts";
import { parseSigningKey } from "../../src/core/trust/signing-key.ts";
import { evidenceAt, evidenceBranch, replaceRecord } from "../evidence-on-disk.ts";
import { paths } from "../govern-world.ts";
import { landHere, type Land } from "../no-forge-land.ts";
import { git, newFolder } from "../repository-on-disk.ts";
import { scriptedKey } from "../scenarios/scripted-year/keys.ts";

const at = { timeout: 120_000 };
const version = "1.0.0";
const instant = (text: string): Instant => `2026-07-${text}Z` as Instant;
const landed = instant("10T00:00:00");
const stage = (bundle: string, reason = `Let ${bundle} soak.`) => ({
  [paths.live("stage/fraud/score")]: `bundle: "${bundle}"\nreason: ${reason}\n`,
});
const prod = { [paths.live("prod/fraud/score")]: 'bundle: "1.1.0"\nreason: It has proven itself.\n' };
const naming = (name: string): string => `witness:\n  - sshPublicKey: ${scriptedKey(name).publicKey}\n`;

interface Soaking extends Land {
  record(asOf: Instant): Promise<RecordResult>;
  /** What the hook says to going live at an instant, with all approvals. */
  goLive(asOf: Instant): Promise<Decision>;
  outcome(asOf: Instant): Promise<string>;
  /** Moves main to an approved commit. */
  move(
    edits: Readonly<Record<string, string>>,
    date: Instant,
    approver: "bob" | "frank" | null,
  ): Promise<void>;
}

/** A land whose stage has served 1.1.0 since landing 3, which nobody has recorded. */
async function soaking(witness: string | null = "witness", date = landed): Promise<Soaking> {
  const land = landHere(witness === null ? {} : { [paths.registry]: (text) => `${text}${naming(witness)}` });
  const keyFile = join(newFolder(), "witness.pem");
  writeFileSync(keyFile, scriptedKey(witness ?? "witness").pem);
  const self: Soaking = {
    ...land,
    record: (asOf) =>
      recordEvidence(
        { folder: land.folder, asOf, keyFile, reviews: [], isOutside: true, version },
        land.ports,
      ),
    async goLive(asOf) {
      const head = land.commit("alice", prod, { date: asOf });
      for (const name of ["carol", "dave"] as const) await land.approve(name, head);
      const update = { ref: "refs/heads/main", from: land.main(), to: head };
      const verdict = await verifyPush([update], { folder: land.folder, asOf }, land.ports);
      const decision = verdict.landings.at(-1)?.decision;
      if (decision === undefined) throw new Error("nothing was judged");
      return decision;
    },
    async outcome(asOf) {
      const { outcome, eligibleAt, findings } = await self.goLive(asOf);
      const codes = findings.map(({ definition }) => definition.code);
      return [outcome, eligibleAt ?? "", ...new Set(codes)].join(" ").trim();
    },
    async move(edits, when, approver) {
      const head = land.commit(approver === "frank" ? "dave" : "alice", edits, { date: when });
      if (approver !== null) await land.approve(approver, head);
      git(land.folder, ["update-ref", "refs/heads/main", head]);
    },
  };
  await self.move(stage("1.0.0"), date, "bob");
  await self.move(stage("1.1.0"), date, "bob");
  return self;
}

/** A record that says what somebody wants it to, signed by whoever they are. */
function signed(evidence: Evidence, name: string): Uint8Array {
  const key = parseSigningKey(scriptedKey(name).pem);
  if (!("sign" in key)) throw new Error(key.problem);
  return renderRecord(evidence, [
    { keyid: key.publicKey.fingerprint, sig: key.sign(recordMessage(evidence)) },
  ]);
}

describe("a late record", at, () => {
  test("a soak waits for it, counts from it, and the audit counts the same", async () => {
    const land = await soaking();
    const waiting = await land.goLive(instant("12T00:00:00"));
    expect([waiting.outcome, waiting.eligibleAt, waiting.next]).toEqual([
      "pending",
      null,
      [{ who: [], do: "have landing 3 recorded by the registry's witness", command: "assent audit record" }],
    ]);
    expect((await land.record(instant("13T00:00:00"))).recorded.map(({ sequence }) => sequence)).toEqual([
      2, 3,
    ]);
    expect(await land.outcome(instant("13T12:00:00"))).toBe("pending 2026-07-14T00:00:00Z");
    expect(await land.outcome(instant("13T23:59:59"))).toBe("pending 2026-07-14T00:00:00Z");
    expect(await land.outcome(instant("14T00:00:00"))).toBe("allowed");
    // Merged in the first moment at which the gate lets it.
    const head = land.commit("alice", prod, { date: instant("14T00:00:00") });
    git(land.folder, ["update-ref", "refs/heads/live", head]);
    const folder = land.clone();
    const asOf = instant("14T00:00:00");
    const early = instant("13T23:59:59");
    const revision = "origin/live";
    expect((await plan({ folder, head: revision, asOf: early }, land.ports)).decision.outcome).toBe(
      "pending",
    );
    expect(await merge({ folder, revision, squash: false, asOf: early }, land.ports)).toMatchObject({
      status: "PENDING",
    });
    expect(await merge({ folder, revision, squash: false, asOf }, land.ports)).toMatchObject({
      status: "LANDED",
    });
    const { recorded } = await land.record(instant("14T00:00:00"));
    expect(recorded.map(({ decision }) => decision)).toEqual(["APPROVED"]);
    const report = await verifyAudit({ folder: land.folder, afresh: true, version }, land.ports);
    expect([report.ok, report.violations]).toEqual([true, []]);
  });

  test("the gate by a file of reviews waits for it too", async () => {
    const land = await soaking();
    const folder = land.clone();
    const head = land.commit("alice", prod);
    git(folder, ["fetch", "-q", "origin", head]);
    const review = (id: number, login: string) => ({
      id,
      user: { id, login, type: "User" },
      state: "APPROVED",
      commit_id: head,
      submitted_at: "2026-07-10T00:00:00Z",
    });
    const reviews = join(newFolder(), "reviews.json");
    writeFileSync(
      reviews,
      JSON.stringify({
        number: 7,
        author: { id: 101, login: "alice" },
        base: { ref: "refs/heads/main" },
        mergedAt: null,
        reviews: [review(103, "carol"), review(104, "dave")],
      }),
    );
    const gate = async (asOf: Instant): Promise<string> => {
      git(folder, ["fetch", "-q", "origin"]);
      const { decision } = await gateByFile({ folder, base: "origin/main", head, reviews, asOf }, land.ports);
      return `${decision.outcome} ${decision.eligibleAt}`;
    };
    expect(await gate(instant("12T00:00:00"))).toBe("pending null");
    await land.record(instant("13T00:00:00"));
    expect(await gate(instant("13T12:00:00"))).toBe("pending 2026-07-14T00:00:00Z");
    expect(await gate(instant("14T00:00:00"))).toBe("allowed null");
  });

  test("where nobody witnesses, both count from the landing", async () => {
    const land = await soaking(null);
    expect(await land.outcome(instant("10T23:59:59"))).toBe("pending 2026-07-11T00:00:00Z");
    expect(await land.outcome(instant("11T00:00:00"))).toBe("allowed");
    const head = land.commit("alice", prod, { date: instant("11T00:00:00") });
    git(land.folder, ["update-ref", "refs/heads/main", head]);
    const report = await verifyAudit({ folder: land.folder, afresh: true, version }, land.ports);
    expect([report.ok, report.assurance]).toEqual([true, "none"]);
  });

  test("what was a violation soaks from its heal on, also where the heal moves nothing any more", async () => {
    const land = await soaking();
    await land.record(landed);
    await land.move(stage("1.0.0"), instant("10T01:00:00"), null);
    await land.move(stage("1.1.0"), instant("10T02:00:00"), null);
    const told = await land.record(instant("10T03:00:00"));
    expect([told.recorded.map(({ decision }) => decision), told.unhealed]).toEqual([
      ["VIOLATION", "VIOLATION"],
      [4, 5],
    ]);
    expect(await land.outcome(instant("20T00:00:00"))).toMatch(/^denied .*govern\/base-violation/);
    // The governed files are what they were when it stood; so whatever lands next heals.
    await land.move({ "README.md": "Nothing governed.\n" }, instant("10T04:00:00"), null);
    expect((await land.record(instant("10T05:00:00"))).unhealed).toEqual([]);
    expect(await land.outcome(instant("11T04:59:59"))).toBe("pending 2026-07-11T05:00:00Z");
    expect(await land.outcome(instant("11T05:00:00"))).toBe("allowed");
    const head = land.commit("alice", prod, { date: instant("11T05:00:00") });
    git(land.folder, ["update-ref", "refs/heads/main", head]);
    const { recorded } = await land.record(instant("11T05:00:00"));
    expect(recorded.map(({ decision }) => decision)).toEqual(["APPROVED"]);
  });
});

describe("what does not stand counts for nothing", at, () => {
  const none = { [paths.live("stage/fraud/score")]: "bundle: none\nreason: Nobody agreed.\n" };
  const readme = { "README.md": "Nothing governed.\n" };
  const stories = [
    ["a violation that its heal takes back", [none], stage("1.0.0"), "frank"],
    ["violations that leave nothing to take back", [none, stage("1.0.0")], readme, null],
  ] as const;

  test.each(stories)("%s: gate and audit tell the same move", async (_, violations, heal, agreed) => {
    const land = await soaking();
    await land.move(stage("1.0.0"), instant("10T00:30:00"), "bob");
    for (const edits of violations) await land.move(edits, instant("10T01:00:00"), null);
    const told = await land.record(instant("10T02:00:00"));
    expect(told.unhealed).toEqual(violations.map((_edits, index) => 5 + index));
    await land.move(heal, instant("10T03:00:00"), agreed);
    expect((await land.record(instant("10T04:00:00"))).unhealed).toEqual([]);
    // The scope had 1.1.0 before 1.0.0, and nothing in between that counts.
    const asOf = instant("10T05:00:00");
    const head = land.commit("alice", stage("1.1.0", "Back to what worked."), { date: asOf });
    await land.approve("bob", head);
    const folder = land.clone();
    git(folder, ["fetch", "-q", "origin", head]);
    const planned = await plan({ folder, head, asOf }, land.ports);
    const move = { subject: "scope:stage/fraud/score", action: "rollback", from: "1.0.0", to: "1.1.0" };
    expect(planned.plan.transitions).toMatchObject([move]);
    git(land.folder, ["update-ref", "refs/heads/main", head]);
    const { recorded } = await land.record(asOf);
    expect(recorded.map(({ decision }) => decision)).toEqual([planned.decision.decision]);
    expect(evidenceAt(land.folder, recorded.at(-1)?.sequence ?? 0).transitions).toMatchObject([move]);
  });

  test("who forges that a landing does not stand is refused", async () => {
    const land = await soaking();
    await land.record(instant("10T02:00:00"));
    const forged: Evidence = { ...evidenceAt(land.folder, 2), decision: "VIOLATION", outcome: "denied" };
    replaceRecord(land.folder, 2, signed(forged, "mallory"));
    const head = land.commit("alice", stage("1.0.0", "Back to what worked."), {
      date: instant("10T05:00:00"),
    });
    await land.approve("bob", head);
    const folder = land.clone();
    git(folder, ["fetch", "-q", "origin", head]);
    const { decision } = await plan({ folder, head, asOf: instant("10T05:00:00") }, land.ports);
    expect([decision.outcome, decision.findings.map(({ definition }) => definition.code)]).toEqual([
      "denied",
      expect.arrayContaining(["govern/unknown"]),
    ]);
  });
});

describe("evidence that somebody has touched", at, () => {
  const late = instant("20T00:00:00");
  const recorded = async (): Promise<Soaking> => {
    const land = await soaking();
    await land.record(instant("13T00:00:00"));
    expect(await land.outcome(late)).toBe("allowed");
    return land;
  };

  test("taken away, or put back to before the landing: nothing has soaked", async () => {
    const land = await recorded();
    const tip = land.ref(evidenceBranch);
    git(land.folder, ["update-ref", evidenceBranch, `${tip}~1`]);
    expect(await land.outcome(late)).toBe("pending");
    git(land.folder, ["update-ref", "-d", evidenceBranch]);
    expect(await land.outcome(late)).toBe("pending");
    git(land.folder, ["update-ref", evidenceBranch, tip]);
    replaceRecord(land.folder, 3, null);
    expect(await land.outcome(late)).toBe("pending");
  });

  test("forged: signed by a stranger, about another landing, or no record at all", async () => {
    const land = await recorded();
    const evidence = { ...evidenceAt(land.folder, 3), decidedAt: landed, recordedAt: landed };
    const soon = instant("13T12:00:00");
    const other = signed({ ...evidence, landing: evidenceAt(land.folder, 2).landing }, "witness");
    for (const bytes of [signed(evidence, "mallory"), other, new TextEncoder().encode("{}")]) {
      replaceRecord(land.folder, 3, bytes);
      expect(await land.outcome(soon)).toMatch(/^denied +govern\/unknown$/);
    }
  });

  test("a landing dated back counts from its record", async () => {
    const land = await soaking("witness", instant("02T00:00:00"));
    await land.record(instant("13T00:00:00"));
    expect(await land.outcome(instant("13T12:00:00"))).toBe("pending 2026-07-14T00:00:00Z");
  });

  test("an intruder who names a witness of their own believes themselves, and nobody else does", async () => {
    const land = await soaking();
    await land.record(landed);
    const text = readFileSync(join(land.clone(), paths.registry), "utf8");
    const own = text.replace(scriptedKey("witness").publicKey, scriptedKey("mallory").publicKey);
    await land.move({ [paths.registry]: own }, instant("10T01:00:00"), null);
    await land.move(stage("1.0.0"), instant("10T01:00:00"), null);
    await land.move(stage("1.1.0"), instant("10T01:00:00"), null);
    const forged = (sequence: number, landing: string): Evidence => ({
      ...evidenceAt(land.folder, 3),
      sequence,
      landing,
      recordedAt: instant("10T01:00:00"),
    });
    for (const [back, sequence] of [
      [1, 5],
      [0, 6],
    ] as const)
      replaceRecord(
        land.folder,
        sequence,
        signed(forged(sequence, land.ref(`refs/heads/main~${back}`)), "mallory"),
      );
    expect(await land.outcome(late)).toMatch(/^denied +(?:.* )?govern\/unknown/);
  });
});

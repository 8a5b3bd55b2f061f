/**
 * The chain of evidence: honest histories verify, the decision is the same made again, and each attack on records, keys
 * and the branch is named. Attacks are built on values; test/e2e builds them on repositories.
 */
import { describe, expect, it } from "vitest";
import {
  audit,
  beginning,
  oidOf,
  play,
  settings,
  spelled,
  tries,
  witnessKey,
  type Chain,
  type Step,
} from "../audit-world.ts";
import { fingerprint, paths } from "../govern-world.ts";
import type { Landed } from "../../src/core/audit/chain-state.ts";
import type { Evidence } from "../../src/core/audit/evidence.ts";
import { auditCodes } from "../../src/core/audit/verify-codes.ts";
import { digestOfBytes } from "../../src/core/model/digest.ts";
import { codeOf } from "../../src/core/validate/codes.ts";

const honest = play([
  ...beginning,
  tries("1.0.0", "Back"),
  tries("1.1.0", "Forth"),
  tries("1.0.0", "Again"),
  tries("1.1.0", "More"),
]);

/** A history nobody agreed to: alice lands alone. */
const alone = (reason: string): Step => ({ ...tries("1.0.0", reason), approvers: [] });
const heal = (to: number): Step => ({ edits: {}, restores: to, by: "frank", approvers: ["dave"] });

describe("an honest history", () => {
  it("verifies, says who agreed in which role, and what only observed", () => {
    const report = audit(honest);
    expect(report).toMatchObject({
      ok: true,
      assurance: "forge",
      trust: "first-use",
      landings: 6,
      records: 6,
      observed: [[1, 2]],
    });
    expect(report.anchor).toMatchObject({
      registry: "example",
      ref: "refs/heads/main",
      sequence: 2,
      landing: honest.landed[1]?.landing.oid,
    });
    expect(
      report.transitions.map(({ sequence, action, from, to, approvedBy, level }) => ({
        sequence,
        action,
        from,
        to,
        approvedBy,
        level,
      })),
    ).toEqual(
      [
        ["promote", "1.1.0", "1.0.0"],
        ["rollback", "1.0.0", "1.1.0"],
        ["promote", "1.1.0", "1.0.0"],
        ["rollback", "1.0.0", "1.1.0"],
      ].map(([action, from, to], index) => ({
        sequence: index + 3,
        action,
        from,
        to,
        level: "forge",
        approvedBy: [{ identity: "identity:bob", roles: ["role:fraud"] }],
      })),
    );
  });

  it("gives the same bytes on every run, in whatever order facts come", () => {
    const again = play([
      ...beginning,
      tries("1.0.0", "Back"),
      tries("1.1.0", "Forth"),
      tries("1.0.0", "Again"),
      tries("1.1.0", "More"),
    ]);
    expect(again.records.map(({ bytes }) => digestOfBytes(bytes))).toEqual(
      honest.records.map(({ bytes }) => digestOfBytes(bytes)),
    );
    const two = (people: readonly ("bob" | "dave")[]) =>
      play([...beginning, { ...tries("1.0.0", "Back"), approvers: people }]).records[2]?.bytes;
    expect(two(["bob", "dave"])).toEqual(two(["dave", "bob"]));
  });

  it("holds no e-mail address", () => {
    for (const { bytes } of honest.records) {
      const { payload } = JSON.parse(new TextDecoder().decode(bytes)) as { payload: string };
      expect(atob(payload)).not.toContain("@example.com");
    }
  });

  it("is judged by the anchor that was pinned, and a pinned one verifies as well", () => {
    const { anchor } = audit(honest);
    expect(audit(honest, { anchor })).toMatchObject({ ok: true, trust: "pinned" });
    const later = anchor && {
      ...anchor,
      sequence: 4,
      landing: honest.landed[3]!.landing.oid,
      record: digestOfBytes(honest.records[3]!.bytes),
    };
    expect(audit(honest, { anchor: later })).toMatchObject({
      ok: true,
      transitions: [{ sequence: 5 }, { sequence: 6 }],
    });
    for (const wrong of [
      { landing: oidOf("other") },
      { registry: "other" },
      { witness: [{ sshPublicKey: witnessKey("w2").publicKey.text }] },
      { record: digestOfBytes("other") },
      { ref: "refs/heads/other" },
    ]) {
      const report = audit(honest, { anchor: anchor && { ...anchor, ...wrong } });
      expect(spelled(report)).toContain("audit/anchor-differs 2");
    }
  });

  it("needs no record where nobody was named a witness, and then proves nothing", () => {
    const steps: readonly Step[] = [
      beginning[0]!,
      { ...beginning[1]!, edits: { [paths.registry]: settings("enforce") } },
      tries("1.0.0", "Back"),
    ];
    expect(audit({ ...play(steps), records: [] })).toMatchObject({ ok: true, assurance: "none", records: 0 });
  });

  it("that only observes is told as such, and is not judged", () => {
    const report = audit({ ...play([beginning[0]!, alone("x")]), records: [] });
    expect(report).toMatchObject({ ok: true, anchor: null, assurance: "none", observed: [[1, 2]] });
  });

  it("says self-witnessed, and mixed where levels differ", () => {
    const inside = (evidence: Evidence): Evidence => ({ ...evidence, witness: "inside" });
    const within = play([...beginning, { ...tries("1.0.0", "Back"), tampered: inside }]);
    expect(audit(within)).toMatchObject({ ok: true, assurance: "forge-self-witnessed" });
    const both = play([
      ...beginning,
      { ...tries("1.0.0", "Back"), tampered: inside },
      tries("1.1.0", "Forth"),
    ]);
    expect(audit(both)).toMatchObject({ ok: true, assurance: "mixed" });
  });
});

describe("what does not stand", () => {
  it("is recorded as VIOLATION, blocks until it is healed, and is told afterwards", () => {
    const broken = play([...beginning, tries("1.0.0", "Back"), alone("Alone")]);
    expect(broken.evidence[3]).toMatchObject({ decision: "VIOLATION", outcome: "pending" });
    expect(spelled(audit(broken))).toEqual(["audit/violation 4"]);
    const more = play([...beginning, tries("1.0.0", "Back"), alone("Alone"), tries("1.1.0", "Forth")]);
    expect(more.evidence[4]).toMatchObject({ decision: "VIOLATION", reasons: ["govern/base-violation"] });
    const healed = play([
      ...beginning,
      tries("1.0.0", "Back"),
      alone("Alone"),
      tries("1.1.0", "Forth"),
      heal(3),
      tries("1.1.0", "Now"),
    ]);
    expect(
      healed.evidence
        .slice(5)
        .map(({ decision, heals, transitions }) => [
          decision,
          heals?.sequence,
          transitions.map(({ action }) => action),
        ]),
    ).toEqual([
      ["APPROVED", 3, expect.anything()],
      // The healed landings count for nothing: 1.1.0 is still below 1.0.0 on the stack.
      ["APPROVED", undefined, ["rollback"]],
    ]);
    expect(audit(healed)).toMatchObject({ ok: true, healed: [[4, 5]] });
  });

  it("is not healed by less than everything, by the wrong people, or by going back to what did not stand", () => {
    const start = [...beginning, tries("1.0.0", "Back"), alone("Alone")];
    const partly = play([...start, { ...heal(3), restores: 2 }]);
    expect(partly.evidence[4]).toMatchObject({ decision: "APPROVED", heals: { sequence: 2 } });
    expect(play([...start, { ...heal(3), by: "alice", approvers: ["bob"] }]).evidence[4]?.decision).toBe(
      "VIOLATION",
    );
    expect(play([...start, alone("Two"), heal(4)]).evidence[5]).toMatchObject({
      decision: "VIOLATION",
      heals: null,
    });
  });

  it("is not healed by going back to before what is judged, or to what was itself undone", () => {
    const start = [...beginning, tries("1.0.0", "Back"), alone("Alone")];
    expect(play([...start, heal(1)]).evidence[4]).toMatchObject({ decision: "VIOLATION", heals: null });
    // Landing 5 was right on its face, stood on a violation and was undone with it.
    const undone = [...start, { ...tries("1.1.0", "Forth"), approvers: [] }, heal(3), alone("Once more")];
    expect(play([...undone, heal(5)]).evidence[7]).toMatchObject({ decision: "VIOLATION", heals: null });
    expect(play([...undone, heal(6)]).evidence[7]).toMatchObject({ decision: "APPROVED" });
  });

  it("cannot switch the rules off, name its own witness, or be healed under rules of its own", () => {
    const coup: Step = { edits: { [paths.registry]: settings("observe", "mallory") }, by: "alice" };
    const steps = [...beginning, tries("1.0.0", "Back"), coup];
    expect(play([...steps, { ...tries("1.1.0", "Forth"), signedBy: ["w1"] }]).evidence[4]).toMatchObject({
      mode: "enforce",
      decision: "VIOLATION",
    });
    const own = play([...steps, { ...tries("1.1.0", "Forth"), signedBy: ["mallory"] }]);
    expect(spelled(audit(own))).toEqual(["audit/record-resigned 5", "audit/violation 4"]);
    expect(audit(play([...steps, heal(3)]))).toMatchObject({ ok: true });
  });

  it("is also what is dated ahead; what follows it is not to blame", () => {
    const ahead = play([
      ...beginning,
      { ...tries("1.0.0", "Back"), after: 86_400 * 400, recordedAfter: -86_400 * 399 },
    ]);
    expect(ahead.evidence[2]).toMatchObject({ decision: "VIOLATION", reasons: ["govern/clock"] });
    expect(spelled(audit(ahead))).toEqual(["audit/violation 3"]);
  });
});

describe("people", () => {
  const by = (email: string) => ({ id: null, login: null, email });
  const steps = [...beginning, tries("1.0.0", "Back")];
  const inGit = (author: string, ...coAuthors: readonly string[]) => ({
    sha: oidOf("work"),
    author: by(author),
    committer: by("noreply@github.com"),
    coAuthors: coAuthors.map(by),
    addsNothing: false,
  });

  /** The history as recorded from these commits, and as git tells it. */
  const told = (
    recorded: ReturnType<typeof inGit>,
    git: ReturnType<typeof inGit>,
    more: Partial<Landed> = {},
  ): Chain => {
    const chain = play([
      ...steps.slice(0, 2),
      { ...tries("1.0.0", "Back"), by: "erin", facts: { commits: [recorded] } },
    ]);
    const landed = chain.landed.map((each, index) =>
      index === 2 ? { ...each, commits: [git], ...more } : each,
    );
    return { ...chain, landed };
  };

  it("are kept as whom their addresses map to, and compared with git", () => {
    const alice = inGit("alice@example.com", "nobody@example.com");
    const chain = told(alice, alice);
    expect(chain.evidence[2]?.facts.commits[0]).toMatchObject({
      author: { id: null, identities: ["identity:alice"] },
      committer: { id: 19_864_447, identities: [] },
      coAuthors: [{ id: null, identities: [] }],
    });
    expect(audit(chain).ok).toBe(true);
  });

  it.each<readonly [string, ReturnType<typeof inGit>]>([
    ["an author left out", inGit("nobody@example.com")],
    ["a co-author left out", inGit("alice@example.com")],
    ["an author for another", inGit("nobody@example.com", "alice@example.com")],
    ["a commit left out", { ...inGit("alice@example.com", "alice@example.com"), sha: oidOf("more") }],
    [
      "a commit said to add nothing",
      { ...inGit("alice@example.com", "alice@example.com"), addsNothing: true },
    ],
  ])("may not be left out: %s", (_, recorded) => {
    expect(spelled(audit(told(recorded, inGit("alice@example.com", "alice@example.com"))))).toEqual([
      "audit/facts-differ 3",
    ]);
  });

  it("have no account where no forge named one", () => {
    const account = { id: 7, login: "somebody", email: null };
    const own = inGit("alice@example.com");
    const facts = {
      origin: "git",
      author: null,
      commits: [{ ...own, author: account }],
      reviews: [],
    } as const;
    const chain = play([...beginning, { ...tries("1.0.0", "Back"), facts }]);
    const landed = chain.landed.map((each, index) => (index === 2 ? { ...each, commits: [own] } : each));
    expect(spelled(audit({ ...chain, landed }))).toContain("audit/facts-differ 3");
  });

  it("who signed a head without a forge is whom git says", () => {
    const facts = {
      origin: "git",
      author: null,
      headKey: fingerprint("alice"),
      commits: [],
      reviews: [],
    } as const;
    const chain = play([...beginning, { ...tries("1.0.0", "Back"), facts }]);
    const signedBy = (headKey: string | null): Chain => ({
      ...chain,
      landed: chain.landed.map((each, index) => (index === 2 ? { ...each, headKey } : each)),
    });
    expect(spelled(audit(signedBy(fingerprint("alice"))))).toEqual(["audit/violation 3"]);
    for (const other of [null, fingerprint("bob")])
      expect(spelled(audit(signedBy(other)))).toEqual(["audit/facts-differ 3", "audit/violation 3"]);
  });
});

describe("time and emergencies", () => {
  const day = 86_400;
  const live = (version: string, reason: string, more = ""): Step["edits"] => ({
    [paths.live("prod/fraud/score")]: `bundle: "${version}"\nreason: ${reason}\n${more}`,
  });
  const goLive = (after: number): Step => ({
    edits: live("1.1.0", "Go"),
    by: "alice",
    approvers: ["carol", "dave"],
    after,
  });
  const decisions = (chain: Chain): readonly (string | null)[] =>
    chain.evidence.slice(2).map(({ decision }) => decision);

  it("soak counts from when a landing was recorded, if that is later", () => {
    expect(decisions(play([...beginning, goLive(2 * day)]))).toEqual(["APPROVED"]);
    expect(decisions(play([...beginning, goLive(day / 2)]))).toEqual(["VIOLATION"]);
    const [first, second] = beginning as readonly [Step, Step];
    expect(
      decisions(
        play([
          { ...first, recordedAfter: 1.5 * day },
          { ...second, recordedAfter: 1.5 * day },
          goLive(2 * day),
        ]),
      ),
    ).toEqual(["VIOLATION"]);
  });

  it("what did not stand, and what was healed, interrupts what soaks", () => {
    const away: Step = {
      edits: { [paths.live("stage/fraud/score")]: 'bundle: "1.0.0"\nreason: Away\n' },
      by: "alice",
      approvers: [],
      after: 2 * day,
    };
    const chain = play([...beginning, away, { ...heal(2), after: 60 }, goLive(day / 2)]);
    expect(decisions(chain)).toEqual(["VIOLATION", "APPROVED", "VIOLATION"]);
    expect(decisions(play([...beginning, away, { ...heal(2), after: 60 }, goLive(2 * day)]))).toEqual([
      "VIOLATION",
      "APPROVED",
      "APPROVED",
    ]);
    expect(spelled(audit(chain))).toEqual(["audit/violation 5"]);
  });

  it("an override is recorded as such, shown until the flag is taken away, and proven", () => {
    const open: Step = {
      edits: live("1.1.0", "Fire", "emergency: true\n"),
      by: "alice",
      approvers: ["frank", "dave"],
    };
    const close: Step = { ...goLive(2 * day), edits: live("1.1.0", "Fire") };
    const burning = play([...beginning, open]);
    expect(decisions(burning)).toEqual(["OVERRIDE"]);
    expect(audit(burning)).toMatchObject({
      ok: true,
      overrides: [{ scope: "prod/fraud/score", since: burning.landed[2]?.landing.time }],
    });
    const over = play([...beginning, open, close]);
    expect(decisions(over)).toEqual(["OVERRIDE", "APPROVED"]);
    expect(audit(over)).toMatchObject({ ok: true, overrides: [] });
  });
});

describe("codes", () => {
  it("are in the table of codes, once each", () => {
    const names = auditCodes.map(({ code }) => code);
    expect(new Set(names).size).toBe(names.length);
    expect(
      names.every((name) => /^audit\/[a-z]+(?:-[a-z]+)*$/.test(name) && codeOf(name) !== undefined),
    ).toBe(true);
  });
});

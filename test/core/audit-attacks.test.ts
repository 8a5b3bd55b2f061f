/**
 * Attacks on the chain of evidence, built on values: each on records, keys and the branch is found and named. The same
 * on repositories is test/e2e's.
 */
import { describe, expect, it } from "vitest";
import {
  audit,
  beginning,
  inputOf,
  lineOf,
  oidOf,
  play,
  sealed,
  settings,
  spelled,
  tries,
  witnessKey,
  type Chain,
  type Step,
} from "../audit-world.ts";
import { fingerprint, paths } from "../govern-world.ts";
import type { Evidence } from "../../src/core/audit/evidence.ts";
import { recordPath, type RecordFile } from "../../src/core/audit/record.ts";
import { verifyChain } from "../../src/core/audit/verify.ts";
import { digestOfBytes } from "../../src/core/model/digest.ts";
import type { Instant } from "../../src/core/model/instant.ts";
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

describe("an attack on the records", () => {
  const at = (chain: Chain, sequence: number): RecordFile => chain.records[sequence - 1]!;
  const put = (chain: Chain, ...files: readonly RecordFile[]): Chain => {
    const byPath = new Map([...chain.records, ...files].map((file) => [file.path, file]));
    return { ...chain, records: [...byPath.values()] };
  };
  const without = (chain: Chain, ...gone: readonly number[]): Chain => ({
    ...chain,
    records: chain.records.filter((_, index) => !gone.includes(index + 1)),
  });
  const moved = (chain: Chain, from: number, to: number): RecordFile => ({
    ...at(chain, from),
    path: recordPath(to),
  });
  const tampered = (
    sequence: number,
    change: (evidence: Evidence) => Evidence,
    ...signers: readonly string[]
  ): Chain =>
    put(honest, {
      path: recordPath(sequence),
      bytes: sealed(change(honest.evidence[sequence - 1]!), ...(signers.length === 0 ? ["w1"] : signers)),
    });
  /** All steps again, one of them lied about by its witness, the rest chained to the lie. */
  const lied = (change: (evidence: Evidence) => Evidence): Chain =>
    play([...beginning, { ...tries("1.0.0", "Back"), tampered: change }, tries("1.1.0", "Forth")]);

  const attacks: readonly (readonly [string, () => Chain, readonly string[]])[] = [
    ["deleted", () => without(honest, 4), ["audit/record-missing 4"]],
    ["deleted, two of them", () => without(honest, 3, 4), ["audit/record-missing 3"]],
    ["all deleted", () => without(honest, 1, 2, 3, 4, 5, 6), ["audit/landing-not-recorded 3"]],
    ["the tail cut off", () => without(honest, 5, 6), ["audit/unsigned-tail 5"]],
    [
      "swapped",
      () => put(honest, moved(honest, 4, 5), moved(honest, 5, 4)),
      ["audit/record-reordered 4", "audit/record-reordered 5"],
    ],
    ["duplicated over the next", () => put(honest, moved(honest, 4, 5)), ["audit/record-duplicated 5"]],
    ["duplicated beyond the tip", () => put(honest, moved(honest, 6, 7)), ["audit/record-extra 7"]],
    [
      "a file that is none",
      () => put(honest, { path: "log/0/x.dsse.json", bytes: new Uint8Array() }),
      ["audit/record-extra null"],
    ],
    [
      "truncated",
      () => put(honest, { path: recordPath(4), bytes: at(honest, 4).bytes.subarray(0, 500) }),
      ["audit/record-malformed 4"],
    ],
    [
      "emptied",
      () => put(honest, { path: recordPath(4), bytes: new Uint8Array() }),
      ["audit/record-malformed 4"],
    ],
    ["signed again by a stranger", () => tampered(4, (same) => same, "mallory"), ["audit/record-resigned 4"]],
    [
      "signed by a stranger as well",
      () => tampered(4, (same) => same, "w1", "mallory"),
      ["audit/record-resigned 4"],
    ],
    [
      "of another registry",
      () => tampered(4, (same) => ({ ...same, registry: "other" })),
      ["audit/wrong-registry 4"],
    ],
    [
      "of another branch",
      () => tampered(4, (same) => ({ ...same, ref: "refs/heads/x" })),
      ["audit/wrong-branch 4"],
    ],
    [
      "for a landing that is not on the branch",
      () => tampered(6, (same) => ({ ...same, landing: oidOf("nowhere") })),
      ["audit/rewritten 6"],
    ],
    [
      "for another landing of the branch",
      () => tampered(6, (same) => ({ ...same, landing: honest.landed[3]!.landing.oid })),
      ["audit/record-reordered 6"],
    ],
    [
      "replaced by its own witness",
      () => tampered(4, (same) => ({ ...same, recordedAt: "2026-07-10T05:00:00Z" as Instant })),
      ["audit/record-forked 5"],
    ],
    [
      "made by an older program",
      () => play([...beginning, tries("1.0.0", "Back"), { ...tries("1.1.0", "Forth"), evaluator: "1.1.9" }]),
      ["audit/evaluator-downgraded 4"],
    ],
    [
      "made by a newer program",
      () => play([...beginning, { ...tries("1.0.0", "Back"), evaluator: "9.0.0" }]),
      ["audit/evaluator-unknown 3"],
    ],
    [
      "made by no program",
      () => play([...beginning, { ...tries("1.0.0", "Back"), evaluator: "x" }]),
      ["audit/evaluator-unknown 3"],
    ],
    [
      "a violation called approved",
      () =>
        play([
          ...beginning,
          { ...alone("Alone"), tampered: (same) => ({ ...same, decision: "APPROVED", outcome: "allowed" }) },
        ]),
      ["audit/decision-differs 3", "audit/violation 3"],
    ],
    [
      "another policy revision",
      () => lied((same) => ({ ...same, policyRevision: digestOfBytes("x") })),
      ["audit/decision-differs 3"],
    ],
    [
      "an approval made up",
      () => lied((same) => ({ ...same, approvals: [...same.approvals, ...same.approvals] })),
      ["audit/decision-differs 3"],
    ],
    [
      "another content",
      () => lied((same) => ({ ...same, paths: same.paths.map((each) => ({ ...each, to: "0".repeat(64) })) })),
      ["audit/content-differs 3"],
    ],
    [
      "another D",
      () => lied((same) => ({ ...same, digest: digestOfBytes("x") })),
      ["audit/content-differs 3"],
    ],
    [
      "another parent",
      () => lied((same) => ({ ...same, previousLanding: null })),
      ["audit/content-differs 3"],
    ],
    [
      "decided before its base landed",
      () =>
        play([
          ...beginning,
          {
            ...tries("1.0.0", "Back"),
            tampered: (same) => ({ ...same, decidedAt: "2026-07-09T00:00:00Z" as Instant }),
          },
        ]),
      ["audit/record-clock 3"],
    ],
    [
      "decided after it was recorded",
      () => lied((same) => ({ ...same, decidedAt: "2027-07-09T00:00:00Z" as Instant })),
      ["audit/record-clock 3"],
    ],
    [
      "about a stranger's commit",
      () =>
        play([
          ...beginning,
          {
            ...tries("1.0.0", "Back"),
            facts: { origin: "git" },
            tampered: (same) => ({ ...same, head: oidOf("x") }),
          },
        ]),
      ["audit/facts-differ 3", "audit/violation 3"],
    ],
    [
      "an approval's signature made up",
      () =>
        play([
          ...beginning,
          {
            ...alone("Alone"),
            signatures: (change) => [
              {
                identity: "identity:bob",
                key: fingerprint("bob"),
                digest: change.digest,
                valid: true,
                signature: "x",
              },
            ],
          },
        ]),
      ["audit/facts-differ 3"],
    ],
    [
      "a run said to be attested that nobody signed",
      () =>
        play([
          ...beginning,
          {
            ...tries("1.0.0", "Back"),
            facts: { attested: new Set(["evaluation:fraud/score/1.0.0-regression-20260601t090000z"]) },
          },
        ]),
      ["audit/facts-differ 3"],
    ],
    [
      "signed by a witness before it was named",
      () =>
        play([
          ...beginning,
          { ...tries("1.0.0", "Back"), signedBy: ["w2"] },
          { edits: { [paths.registry]: settings("enforce", "w1", "w2") }, by: "frank", approvers: ["dave"] },
        ]),
      ["audit/key-not-in-force 3"],
    ],
    [
      "signed by the witness that the landing itself names",
      () =>
        play([
          ...beginning,
          {
            edits: { [paths.registry]: settings("enforce", "w2") },
            by: "frank",
            approvers: ["dave"],
            signedBy: ["w2"],
          },
        ]),
      ["audit/key-not-in-force 3"],
    ],
    [
      "signed by a witness after it was taken away",
      () =>
        play([
          ...beginning,
          { edits: { [paths.registry]: settings("enforce", "w2") }, by: "frank", approvers: ["dave"] },
          { ...tries("1.0.0", "Back"), signedBy: ["w1"] },
        ]),
      ["audit/key-not-in-force 4"],
    ],
  ];

  const known = [{ sshPublicKey: witnessKey("w2").publicKey.text }];
  it.each(attacks)("is named: %s", (_, attack, expected) => {
    const report = audit(attack(), { known });
    expect(spelled(report)).toEqual(expected);
    expect(report.ok).toBe(false);
    for (const { code } of report.violations) expect(codeOf(code)).toBeDefined();
  });

  it("finds every single byte that was changed", () => {
    const chain = play([...beginning, tries("1.0.0", "Back"), tries("1.1.0", "Forth")]);
    const { bytes } = at(chain, 4);
    const before = verifyChain({
      ...inputOf(chain),
      landed: chain.landed.slice(0, 3),
      records: chain.records.slice(0, 3),
    });
    expect(before.report.ok).toBe(true);
    const missed: number[] = [];
    for (let place = 0; place < bytes.length; place++) {
      const other = Uint8Array.from(bytes);
      // Each bit in turn; a base64 digit's lowest bit may be padding, and must be seen as well.
      other[place] = other[place]! ^ (1 << (place % 7));
      const { report } = verifyChain({
        ...inputOf(chain),
        landed: chain.landed.slice(3),
        records: [{ path: recordPath(4), bytes: other }],
        remembered: before.state,
      });
      if (report.ok) missed.push(place);
    }
    expect(missed).toEqual([]);
  });

  it("finds every key of the predicate that its own witness lies about", () => {
    // What a witness alone can know: nothing else says it, and its signature is all there is. A squash's branch too.
    const claims: ReadonlySet<string> = new Set([
      "external",
      "recordedAt",
      "decidedAt",
      "witness",
      "evaluator",
      "head",
    ]);
    const { evidence } = play([...beginning, tries("1.0.0", "Back")]);
    const told = Object.entries(evidence[2] ?? {}).filter(([name]) => !claims.has(name));
    expect(told.length).toBeGreaterThan(18);
    for (const [name, value] of told) {
      const chain = lied((same) => ({ ...same, [name]: unlike(value) }));
      const report = audit(chain);
      expect([name, report.violations.some(({ sequence }) => sequence === 3)]).toEqual([name, true]);
    }
  });
});

/** Another value of the same type. */
function unlike(value: unknown): unknown {
  if (typeof value === "string")
    return /^[0-9a-f]{40}$/.test(value)
      ? oidOf("other")
      : value.startsWith("sha256:")
        ? digestOfBytes("other")
        : value.endsWith("Z")
          ? "2020-01-01T00:00:00Z"
          : value === "enforce"
            ? "observe"
            : value === "APPROVED"
              ? "OVERRIDE"
              : value === "allowed"
                ? "denied"
                : `${value}x`;
  if (typeof value === "number") return value + 1;
  if (Array.isArray(value)) return value.length > 0 ? [] : ["made/up"];
  if (value === null) return { sequence: 2, commit: oidOf("other") };
  return { ...(value as object), headKey: "SHA256:x", unknown: ["made up"] };
}

describe("an attack on the branch", () => {
  it.each([
    ["the tip rewritten", 6, "audit/rewritten 6"],
    ["the middle rewritten", 4, "audit/rewritten 4"],
  ] as const)("is named: %s", (_, from, expected) => {
    const other = play(
      [
        ...beginning,
        tries("1.0.0", "Back"),
        tries("1.1.0", "Forth"),
        tries("1.0.0", "Again"),
        tries("1.1.0", "More"),
      ],
      "rewritten ",
    );
    const landed = honest.landed.map((each, index) =>
      index + 1 < from
        ? each
        : { ...each, landing: { ...each.landing, oid: other.landed[index]!.landing.oid } },
    );
    const report = audit({ ...honest, landed, line: lineOf(landed) });
    expect(spelled(report)).toEqual([expected]);
    const old = honest.landed.map(({ landing }) => landing.oid);
    expect(spelled(audit({ ...honest, landed, line: lineOf(landed, old) }))).toEqual([
      expected.replace("rewritten", "foxtrot"),
    ]);
  });

  it("is named: landings cut off, and landings that nobody recorded", () => {
    const landed = honest.landed.slice(0, 4);
    expect(spelled(audit({ ...honest, landed, line: lineOf(landed) }))).toEqual(["audit/rewritten 5"]);
    expect(spelled(audit({ ...honest, records: honest.records.slice(0, 5) }))).toEqual([
      "audit/unsigned-tail 6",
    ]);
  });
});

it("no record of a merge that adds to its branch names the people of that branch alone", () => {
  const branch = oidOf("the branch");
  const chain = play([
    ...beginning,
    {
      ...tries("1.0.0", "Back"),
      tampered: (said) => ({ ...said, head: branch, facts: { ...said.facts, commits: [] } }),
    },
    tries("1.1.0", "Forth"),
  ]);
  // What it merged is not what it changed, so that its head is the merge itself.
  const landed = chain.landed.map((each, index) =>
    index === 2
      ? { ...each, landing: { ...each.landing, parents: [...each.landing.parents, branch] } }
      : each,
  );
  expect(spelled(audit({ ...chain, landed }))).toEqual(["audit/facts-differ 3"]);
});

it("no record before the anchor keeps a witness in force whom a later landing had replaced", () => {
  const chain = play([
    ...beginning,
    { edits: { [paths.registry]: settings("enforce", "w2") }, by: "frank", approvers: ["dave"] },
    { ...tries("1.0.0", "Back"), signedBy: ["w2"] },
    { ...tries("1.1.0", "Forth"), signedBy: ["w2"] },
    // The key that was given up signs what nobody agreed to.
    { ...tries("1.0.0", "Again"), signedBy: ["w1"] },
  ]);
  const first = audit(chain).anchor;
  const anchor = first && {
    ...first,
    sequence: 5,
    landing: chain.landed[4]!.landing.oid,
    record: digestOfBytes(chain.records[4]!.bytes),
    witness: [{ sshPublicKey: witnessKey("w2").publicKey.text }],
  };
  // Before the anchor nobody is asked for a signature: a stranger says that the change of witnesses was undone.
  const saying = (sequence: number, said: Partial<Evidence>): RecordFile => ({
    path: recordPath(sequence),
    bytes: sealed({ ...chain.evidence[sequence - 1]!, ...said }, "mallory"),
  });
  const heals = { sequence: 2, commit: chain.landed[1]!.landing.oid };
  const forged = [saying(3, { decision: "VIOLATION" }), saying(4, { heals })];
  for (const records of [
    chain.records,
    chain.records.map((file) => forged.find(({ path }) => path === file.path) ?? file),
  ])
    expect(spelled(audit({ ...chain, records }, { anchor }))).toEqual(["audit/key-not-in-force 6"]);
});

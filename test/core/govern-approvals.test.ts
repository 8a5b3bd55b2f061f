/** Which approvals count (DESIGN 5.2, 5.3, 5.6): a row for each sentence, and the attacks that live in it. */
import { describe, expect, test } from "vitest";
import type { Facts, ReviewFact, SignatureFact } from "../../src/core/govern/facts.ts";
import { fingerprintOf } from "../../src/core/govern/persons.ts";
import { decide } from "../../src/core/govern/decide.ts";
import type { Digest } from "../../src/core/model/digest.ts";
import type { Instant } from "../../src/core/model/instant.ts";
import {
  account,
  asOf,
  commit,
  decideWith,
  files,
  fingerprint,
  head,
  key,
  open,
  paths,
  people,
  review,
  spelled,
  world,
  type Person,
  type Texts,
  type World,
} from "../govern-world.ts";

/** Alice changes something that fraud (alice, bob) owns; bob is the only one who can agree. */
const dev: Texts = { [paths.live("dev/fraud/score")]: 'bundle: "1.0.0"\nreason: Back.\n' };
const small = world(dev);
const at = (time: string): Instant => `2026-07-09T${time}Z` as Instant;
const other = `sha256:${"0".repeat(64)}` as Digest;

/** Outcome, and of each review whether it counted and why. */
function verdicts(reviews: readonly ReviewFact[], more: Partial<Facts> = {}, of: World = small): string[] {
  const decision = decide(of.change, { ...of.facts, reviews, ...more }, asOf);
  return [
    spelled(decision),
    ...decision.reviews.map(
      ({ id, counted, reason }) => `${id} ${counted ? "counts" : "does not"}: ${reason}`,
    ),
  ];
}
const bob = (more: Partial<ReviewFact> = {}): ReviewFact => review(small.change, "bob", { id: 5, ...more });

describe("an approval counts when (5.3)", () => {
  const yes = "5 counts: approves exactly this change";
  const no = (why: string, id = 5): string => `${id} does not: ${why}`;
  const pending = "pending";
  test.each<[string, ReviewFact[], Partial<Facts>, string[]]>([
    ["it approves exactly this change", [bob()], {}, ["allowed", yes]],
    ["nobody did", [], {}, [pending]],
    ["it is no comment", [bob({ state: "COMMENTED" })], {}, [pending, no("a comment is no opinion")]],
    [
      "a comment after it changes nothing",
      [bob(), bob({ id: 6, state: "COMMENTED", submittedAt: at("01:00:00") })],
      {},
      ["allowed", yes, no("a comment is no opinion", 6)],
    ],
    ["it was submitted", [bob({ submittedAt: null })], {}, [pending, no("it was not submitted")]],
    ["a pending review is none", [bob({ state: "PENDING" })], {}, [pending, no("it was not submitted")]],
    ["it was not dismissed", [bob({ state: "DISMISSED" })], {}, [pending, no("it was dismissed")]],
    [
      "the account did not change its mind",
      [bob(), bob({ id: 6, state: "CHANGES_REQUESTED", submittedAt: at("01:00:00") })],
      {},
      [
        "denied govern/changes-requested",
        no("the account has said something else since"),
        no("it asks for changes", 6),
      ],
    ],
    [
      "it is the later of two, whatever the order of ids",
      [bob({ id: 9, state: "CHANGES_REQUESTED" }), bob({ id: 6, submittedAt: at("01:00:00") })],
      {},
      [
        "allowed",
        "6 counts: approves exactly this change",
        no("the account has said something else since", 9),
      ],
    ],
    [
      "of the same second the higher id is later: approval last",
      [bob({ id: 6 }), bob({ state: "CHANGES_REQUESTED" })],
      {},
      ["allowed", no("the account has said something else since"), "6 counts: approves exactly this change"],
    ],
    [
      "of the same second the higher id is later: objection last",
      [bob(), bob({ id: 6, state: "CHANGES_REQUESTED" })],
      {},
      [
        "denied govern/changes-requested",
        no("the account has said something else since"),
        no("it asks for changes", 6),
      ],
    ],
    [
      "approve then push: another digest",
      [bob({ digest: other })],
      {},
      [pending, no("the change was another one at the reviewed commit")],
    ],
    [
      "an older commit with the same digest is as good",
      [bob({ commitId: "d".repeat(40) })],
      {},
      ["allowed", yes],
    ],
    [
      "a commit whose content is gone",
      [bob({ digest: null })],
      {},
      [pending, no("what the reviewed commit changed cannot be computed")],
    ],
    [
      "a commit that is no ancestor of the head",
      [bob({ isAncestor: false })],
      {},
      [pending, no("the reviewed commit is no ancestor of the head")],
    ],
    [
      "it is not after the merge",
      [bob({ submittedAt: at("02:00:00") })],
      { mergedAt: at("01:00:00") },
      [pending, no("it was submitted after the merge")],
    ],
    [
      "a change of mind after the merge is too late as well",
      [bob(), bob({ id: 6, state: "CHANGES_REQUESTED", submittedAt: at("02:00:00") })],
      { mergedAt: at("01:00:00") },
      ["allowed", yes, no("it was submitted after the merge", 6)],
    ],
    ["the account was deleted", [bob({ user: null })], {}, [pending, no("the account was deleted")]],
    [
      "the forge's stand-in for deleted accounts",
      [bob({ user: { id: 10137, login: "ghost", type: "User" } })],
      {},
      [pending, no("the account was deleted")],
    ],
    [
      "the account is an outsider's",
      [bob({ user: { id: 999, login: "mallory", type: "User" } })],
      {},
      [pending, no("the account belongs to no Identity at the base")],
    ],
    [
      "a login that was registered again is another account",
      [bob({ user: { id: 998, login: "bob", type: "User" } })],
      {},
      [pending, no("the account belongs to no Identity at the base")],
    ],
    [
      "a renamed login is the same account",
      [bob({ user: { id: people.bob, login: "robert", type: "User" } })],
      {},
      ["allowed", yes],
    ],
    [
      "the account is a bot's",
      [bob({ user: { id: people.bob, login: "bob", type: "Bot" } })],
      {},
      [pending, no("the account is a Bot, and only people approve")],
    ],
    [
      "the identity is a bot",
      [bob({ user: { id: 900, login: "bot[bot]", type: "User" } })],
      {},
      [pending, no("a bot never fills a human's slot")],
    ],
    [
      "a state that nobody knows",
      [bob({ state: "ENDORSED" })],
      {},
      ["denied govern/unknown", no("a comment is no opinion")],
    ],
    ["one review twice is one", [bob(), bob()], {}, ["allowed", yes]],
    [
      "one id with two contents is a contradiction",
      [bob(), bob({ state: "DISMISSED" })],
      {},
      ["denied govern/unknown", yes],
    ],
  ])("%s", (_, reviews, more, expected) => {
    expect(verdicts(reviews, more)).toEqual(expected);
    expect(verdicts([...reviews].reverse(), more)).toEqual(expected);
  });

  test("the Identity is active at the base", () => {
    const decision = decideWith(
      world({
        [paths.bundle("1.2.0")]: (files[paths.bundle("1.2.0")] ?? "").replace("candidate", "approved"),
      }),
      ["bob", "gina"],
    );
    expect([spelled(decision), decision.reviews[1]?.reason]).toEqual([
      "pending",
      "the Identity is inactive at the base",
    ]);
  });

  test.each<[string, Texts]>([
    [
      "an account of two identities is nobody's",
      { [paths.identity("bob2")]: `title: Bob\ngithub: { login: bob2, id: ${people.bob} }\n` },
    ],
  ])("%s", (_, base) => {
    const two = world(dev, base);
    expect(verdicts([review(two.change, "bob")], { findings: [] }, two)).toEqual([
      "pending",
      "1020 does not: the account belongs to several Identities at the base",
    ]);
  });

  test("an identity, a role or an owner of the same change counts for nothing: rules are read from B", () => {
    const mallory = { user: { id: 666, login: "mallory", type: "User" } };
    const self = world({
      [paths.identity("mallory")]: "title: M\ngithub: { login: mallory, id: 666 }\n",
      [paths.role("governance")]: "title: G\nmembers: [identity:mallory, identity:dave, identity:frank]\n",
      [paths.policy("rules")]: null,
    });
    const decision = decide(
      self.change,
      {
        ...self.facts,
        author: account("bob"),
        commits: [commit("bob")],
        reviews: [review(self.change, "bob", mallory)],
      },
      asOf,
    );
    expect([decision.outcome, open(decision.tree).filter((line) => line.includes("governance"))]).toEqual([
      "pending",
      [
        expect.stringContaining("pending an owner of"),
        "pending one of role:governance (approval-policy:rules)",
      ],
    ]);
  });
});

describe("who had a part in the change cannot approve it (5.3)", () => {
  const nobody = "denied govern/nobody-left";
  const person = (id: number | null, email: string | null = null) => ({ id, login: null, email });
  test.each<[string, Partial<Facts>, string]>([
    ["the author", { author: account("bob"), commits: [commit("alice")] }, nobody],
    [
      "the author of a commit, not only on the first-parent line",
      { commits: [commit("alice"), commit("bob", { sha: "e".repeat(40) })] },
      nobody,
    ],
    [
      "a committer, after a colleague's rebase",
      { commits: [commit("alice", { committer: person(people.bob) })] },
      nobody,
    ],
    ["a co-author", { commits: [commit("alice", { coAuthors: [person(people.bob)] })] }, nobody],
    ["a pusher", { pushers: [account("bob")] }, nobody],
    ["pushers that nobody can know are not unknown", { pushers: null }, "allowed"],
    [
      "who asked a bot for it",
      {
        author: { id: 900, login: "bot[bot]", type: "Bot" },
        commits: [commit("alice")],
        requestedBy: account("bob"),
      },
      nobody,
    ],
    [
      "by the account's address where the forge reports no id",
      { commits: [commit("alice", { author: person(null, `${people.bob}+bob@users.noreply.github.com`) })] },
      nobody,
    ],
    [
      "an id that the forge reports goes before the address",
      {
        commits: [
          commit("alice", { author: person(people.alice, `${people.bob}+bob@users.noreply.github.com`) }),
        ],
      },
      "allowed",
    ],
    [
      "an address that maps to nobody excludes nobody",
      { commits: [commit("alice", { author: person(null, "stranger@example.com") })] },
      "allowed",
    ],
    [
      "the forge's own web committer is nobody",
      { commits: [commit("alice", { committer: { id: 19864447, login: "web-flow", email: null } })] },
      "allowed",
    ],
    [
      "a merge of B that leaves R unchanged adds nobody",
      { commits: [commit("alice"), commit("bob", { addsNothing: true })] },
      "allowed",
    ],
    [
      "an evil merge adds its author",
      { commits: [commit("alice"), commit("bob", { addsNothing: false })] },
      nobody,
    ],
    [
      "a contributor without an Identity is listed",
      { commits: [commit("alice", { author: { id: 12345, login: "intern", email: null } })] },
      "allowed",
    ],
  ])("%s", (_, more, expected) => {
    expect(spelled(decide(small.change, { ...small.facts, reviews: [bob()], ...more }, asOf))).toBe(expected);
  });

  test("an address is matched by its digest, whatever its case, and never shown", () => {
    const commits = [commit("bob", { author: person(null, "Alice@Example.com") })];
    const decision = decide(
      small.change,
      { ...small.facts, author: account("carol"), commits, reviews: [review(small.change, "alice")] },
      asOf,
    );
    expect(decision.reviews[0]?.reason).toBe("the person had a part in the change");
    expect(JSON.stringify(decision)).not.toContain("example.com");
    expect(decision.contributors).toContainEqual({
      part: "author",
      name: "an e-mail address",
      identity: "identity:alice",
    });
  });

  test("the web committer is not even listed", () => {
    const commits = [
      commit("alice", { committer: { id: 19864447, login: "web-flow", email: null } }),
      commit("alice", { committer: person(null, "noreply@github.com") }),
    ];
    expect(decide(small.change, { ...small.facts, commits }, asOf).contributors).toEqual([
      { part: "author", name: "alice", identity: "identity:alice" },
    ]);
  });

  test("a key of two identities is nobody's: neither an author's nor an approver's", () => {
    const shared = world(dev, {
      [paths.identity("twin")]: `title: Twin\nkeys:\n  - sshPublicKey: ${key("bob")}\n`,
    });
    const { change } = shared;
    const signatures = [
      { identity: "identity:bob", key: fingerprint("bob"), digest: change.digest, valid: true },
    ];
    const facts = { ...shared.facts, findings: [] };
    expect(decide(change, { ...facts, signatures }, asOf).reviews[0]?.reason).toBe(
      "the key is in force for several Identities at the base",
    );
    expect(
      spelled(decide(change, { ...facts, origin: "git", author: null, headKey: fingerprint("bob") }, asOf)),
    ).toContain("govern/author-unknown");
  });

  test("the controller of a bot's change", () => {
    const rules = world({ [paths.policy("undo")]: `owner: role:fraud\n${files[paths.policy("undo")]}` });
    const more = { author: { id: 900, login: "bot[bot]", type: "Bot" }, commits: [] };
    const by = (name: Person): string =>
      spelled(decide(rules.change, { ...rules.facts, ...more, reviews: [review(rules.change, name)] }, asOf));
    expect([by("dave"), by("frank")]).toEqual(["pending", "allowed"]);
  });

  test("the author is known, or the change is denied", () => {
    expect(verdicts([bob()], { author: null })[0]).toBe("denied govern/author-unknown");
  });

  test.each<[string, string | null, string]>([
    ["who signed the head made it", fingerprint("alice"), "allowed"],
    ["and cannot approve it", fingerprint("bob"), nobody],
    ["an unsigned head is denied", null, "denied govern/author-unknown"],
    ["and so is a key that is nobody's", fingerprint("stranger"), "denied govern/author-unknown"],
  ])("without a forge: %s", (_, headKey, expected) => {
    const signatures = [
      { identity: "identity:bob", key: fingerprint("bob"), digest: small.change.digest, valid: true },
    ];
    expect(
      spelled(
        decide(
          small.change,
          { ...small.facts, origin: "git", author: null, commits: [commit("alice")], headKey, signatures },
          asOf,
        ),
      ),
    ).toBe(expected);
  });
});

describe("objections (5.3)", () => {
  const carol = world({ [paths.live("prod/fraud/score")]: 'bundle: "1.1.0"\nreason: Better.\n' });
  const good = [review(carol.change, "carol"), review(carol.change, "dave")];
  const says = (name: Person, state: string, more: Partial<ReviewFact> = {}): ReviewFact =>
    review(carol.change, name, { id: people[name] * 10 + 1, state, ...more });
  test.each<[string, ReviewFact[], string]>([
    [
      "a holder of a required role blocks",
      [...good, says("erin", "CHANGES_REQUESTED")],
      "denied govern/changes-requested",
    ],
    [
      "whatever was reviewed",
      [...good, says("erin", "CHANGES_REQUESTED", { digest: other, isAncestor: false })],
      "denied govern/changes-requested",
    ],
    ["until it is dismissed", [...good, says("erin", "DISMISSED")], "allowed"],
    [
      "until the account approves, be it an older state",
      [...good, says("erin", "CHANGES_REQUESTED"), says("erin", "APPROVED", { id: 9999, digest: other })],
      "allowed",
    ],
    [
      "somebody who holds no required role and owns nothing here does not",
      [...good, says("frank", "CHANGES_REQUESTED")],
      "allowed",
    ],
    [
      "an outsider does not",
      [...good, says("frank", "CHANGES_REQUESTED", { user: { id: 999, login: "x", type: "User" } })],
      "allowed",
    ],
    ["an inactive holder does not", [...good, says("gina", "CHANGES_REQUESTED")], "allowed"],
    [
      "others' approvals do not outvote it",
      [...good, says("erin", "CHANGES_REQUESTED"), says("frank", "APPROVED")],
      "denied govern/changes-requested",
    ],
  ])("%s", (_, reviews, expected) => {
    expect(verdicts(reviews, {}, carol)[0]).toBe(expected);
  });
});

describe("distinct persons fill slots (5.3)", () => {
  const golive = world({ [paths.live("prod/fraud/score")]: 'bundle: "1.1.0"\nreason: Better.\n' });
  const policy = (approvals: string): Texts => ({
    [paths.policy("more")]: `match: { actions: [promote] }\nrequire:\n  approvals: ${approvals}\n`,
  });
  test.each<[string, Person[], string]>([
    ["risk and release", ["carol", "dave"], "allowed"],
    ["one person who holds both roles fills one", ["erin"], "pending"],
    ["that person and one of either", ["erin", "carol"], "allowed"],
    ["or of the other", ["erin", "dave"], "allowed"],
    ["others fill nothing", ["bob", "frank"], "pending"],
  ])("%s", (_, names, expected) => {
    expect(spelled(decideWith(golive, names))).toBe(expected);
  });

  test("of all policies per role the highest count", () => {
    const two = world(
      { [paths.live("prod/fraud/score")]: 'bundle: "1.1.0"\nreason: Better.\n' },
      policy("[{ role: role:risk, count: 2 }]"),
    );
    expect([
      spelled(decideWith(two, ["carol", "dave"])),
      spelled(decideWith(two, ["carol", "dave", "erin"])),
    ]).toEqual(["pending", "allowed"]);
  });

  test("a count that nobody can reach is denied, not waited for", () => {
    const three = world(
      { [paths.live("prod/fraud/score")]: 'bundle: "1.1.0"\nreason: Better.\n' },
      policy("[{ role: role:risk, count: 3 }]"),
    );
    expect(spelled(decideWith(three, ["carol", "dave", "erin"], { findings: [] }))).toBe(
      "denied govern/nobody-left",
    );
  });

  test("role: owner is any role that owns the subject's path at B, not the entry's own owner key", () => {
    const owner = world(
      { [paths.live("dev/fraud/score")]: 'bundle: "1.0.0"\nreason: Back.\nowner: role:governance\n' },
      {
        [paths.policy("own")]:
          "match: { environments: [environment:dev] }\nrequire:\n  approvals: [{ role: owner }]\n",
      },
    );
    expect([spelled(decideWith(owner, ["dave", "frank"])), spelled(decideWith(owner, ["bob"]))]).toEqual([
      "pending",
      "allowed",
    ]);
  });

  test("next names who could still do it, and nobody who did", () => {
    expect(decideWith(golive, ["erin"]).next).toEqual([
      { who: ["identity:carol"], do: "approve the change as role:risk" },
    ]);
    expect(decideWith(golive, []).next.map(({ who }) => who)).toEqual([
      ["identity:carol", "identity:dave", "identity:erin"],
      ["identity:dave", "identity:erin"],
      ["identity:carol", "identity:erin"],
    ]);
  });
});

describe("signed approvals (5.6)", () => {
  const edits: Texts = { [paths.live("dev/fraud/score")]: 'bundle: "1.0.0"\nreason: Back.\n' };
  const signedPolicy: Texts = {
    [paths.policy("signed")]:
      "match: { environments: [environment:dev] }\nrequire:\n  assurance: signed\n  approvals: [{ role: role:fraud }]\n",
  };
  const signed = world(edits, signedPolicy);
  const sign = (more: Partial<SignatureFact> = {}): SignatureFact => ({
    identity: "identity:bob",
    key: fingerprint("bob"),
    digest: signed.change.digest,
    valid: true,
    ...more,
  });
  const judged = (signatures: SignatureFact[], more: Partial<Facts> = {}): string[] => {
    const decision = decide(signed.change, { ...signed.facts, signatures, ...more }, asOf);
    return [spelled(decision), ...decision.reviews.map(({ reason }) => reason)];
  };
  test.each<[string, SignatureFact[], Partial<Facts>, string[]]>([
    ["by a key in force at B", [sign()], {}, ["allowed", "signed exactly this change"]],
    ["removing it withdraws it", [], {}, ["pending"]],
    ["it verifies", [sign({ valid: false })], {}, ["pending", "the signature does not verify"]],
    ["over this D", [sign({ digest: other })], {}, ["pending", "another change was signed"]],
    [
      "a key of somebody else",
      [sign({ key: fingerprint("carol") })],
      {},
      ["pending", "the key is not one of the Identity's in force at the base"],
    ],
    [
      "an identity that is not there",
      [sign({ identity: "identity:mallory" })],
      {},
      ["pending", "there is no such Identity at the base"],
    ],
    [
      "a bot's",
      [sign({ identity: "identity:bot" })],
      {},
      ["pending", "the key is not one of the Identity's in force at the base"],
    ],
    [
      "the author's own",
      [sign({ identity: "identity:alice", key: fingerprint("alice") })],
      {},
      ["pending", "the person had a part in the change"],
    ],
    ["a landing spends it", [sign()], { spent: true }, ["denied govern/spent", "a landing has spent it"]],
    ["two signatures of one person are one", [sign(), sign()], {}, ["allowed", "signed exactly this change"]],
    [
      "the forge's reviews do not count where signed ones are asked for",
      [],
      { reviews: [review(signed.change, "bob")] },
      ["pending", "this change asks for signed approvals"],
    ],
  ])("%s", (_, signatures, more, expected) => {
    expect(judged(signatures, more)).toEqual(expected);
  });

  test("a revoked key is not in force", () => {
    const base = {
      ...signedPolicy,
      [paths.identity("bob")]:
        `title: bob\ngithub: { login: bob, id: 102 }\nkeys:\n  - sshPublicKey: ${key("bob")}\n    revoked: { reason: Lost., since: 3 }\n`,
    };
    const revoked = world(edits, base);
    const decision = decide(
      revoked.change,
      { ...revoked.facts, signatures: [sign({ digest: revoked.change.digest })] },
      asOf,
    );
    expect(decision.reviews.map(({ counted, reason }) => [counted, reason])).toEqual([
      [false, "the key is not one of the Identity's in force at the base"],
    ]);
  });

  test("signatures count beside a forge as well, one person once", () => {
    const facts = { signatures: [sign({ digest: small.change.digest })], reviews: [bob()] };
    expect(verdicts([bob()], facts)[0]).toBe("allowed");
    expect(decide(small.change, { ...small.facts, ...facts, reviews: [] }, asOf).outcome).toBe("allowed");
  });

  test("next says how to sign", () => {
    expect(decide(signed.change, signed.facts, asOf).next[0]).toEqual({
      who: ["identity:bob"],
      do: "sign the change as role:fraud",
      command: `assent sign ${head} --identity <name>`,
    });
  });

  test("fingerprints are ssh-keygen's", () => {
    expect(
      fingerprintOf("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJmUVnJ3A5GVJS5GqbkXS//3/SGs5lBOBmwYZtAbYssF"),
    ).toBe("SHA256:SiOTmwdXPLrXCcEqx/qnIpVsOQALtmVnYzh3hG+GMyI");
    expect([fingerprintOf(key("bob")), fingerprintOf("no key"), fingerprintOf("ssh-ed25519 ###")]).toEqual([
      fingerprint("bob"),
      undefined,
      undefined,
    ]);
  });
});

test("--if-approved-by counts whom it may count and nobody else", () => {
  const golive = world({ [paths.live("prod/fraud/score")]: 'bundle: "1.1.0"\nreason: Better.\n' });
  const assumed = (...names: string[]): string =>
    spelled(decide(golive.change, { ...golive.facts, assumed: names }, asOf));
  expect([
    assumed("identity:carol", "identity:dave"),
    assumed("identity:carol", "identity:alice"),
    assumed("identity:nobody"),
    assumed("identity:bot"),
  ]).toEqual(["allowed", "pending", "pending", "pending"]);
});

/** The decision's properties (DESIGN 5): what no change of the facts may ever bring about. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decide } from "../../src/core/govern/decide.ts";
import type { CommitFact, Facts, ReviewFact } from "../../src/core/govern/facts.ts";
import { decisionDocument } from "../../src/core/govern/wire.ts";
import type { Decision } from "../../src/core/model/decision.ts";
import type { Digest } from "../../src/core/model/digest.ts";
import type { Instant } from "../../src/core/model/instant.ts";
import { account, asOf, bundle, commit, paths, people, review, world, type Person } from "../govern-world.ts";

const golive = world({ [paths.live("prod/fraud/score")]: 'bundle: "1.1.0"\nreason: Because of 1.1.0.\n' });
const instant = (text: string): Instant => text as Instant;

describe("properties (5)", () => {
  const names = Object.keys(people) as Person[];
  const name = fc.constantFrom(...names);
  const worlds = [
    golive,
    world({ [paths.policy("undo")]: null }),
    world({ [paths.bundle("1.2.0")]: bundle("1.2.0", "approved") }),
  ];
  const scene = fc.record({
    at: fc.nat(worlds.length - 1),
    reviews: fc.array(
      fc.record({
        name,
        state: fc.constantFrom(
          "APPROVED",
          "APPROVED",
          "APPROVED",
          "CHANGES_REQUESTED",
          "DISMISSED",
          "COMMENTED",
        ),
        minute: fc.nat(3),
        stale: fc.constantFrom(false, false, false, true),
      }),
      { maxLength: 8 },
    ),
    commits: fc.array(name, { maxLength: 3 }),
    author: name,
  });
  type Scene = typeof scene extends fc.Arbitrary<infer S> ? S : never;
  const rank = { denied: 0, pending: 1, allowed: 2 } as const;

  function factsOf({ at, reviews, commits, author }: Scene): Facts {
    const { change, facts } = worlds[at] ?? golive;
    const made = reviews.map(({ name: who, state, minute, stale }, index): ReviewFact =>
      review(change, who, {
        id: index + 1,
        state,
        submittedAt: instant(`2026-07-09T00:0${minute}:00Z`),
        ...(stale && { digest: `sha256:${"1".repeat(64)}` as Digest }),
      }),
    );
    return {
      ...facts,
      author: account(author),
      commits: commits.map((who): CommitFact => commit(who)),
      reviews: made,
    };
  }
  const decided = (of: Scene, facts: Facts): Decision =>
    decide((worlds[of.at] ?? golive).change, facts, asOf);

  test("taking an account's approvals away never turns a denial into an allowance", () => {
    fc.assert(
      fc.property(scene, name, (of, who) => {
        const facts = factsOf(of);
        const without = facts.reviews.filter(
          ({ user, state }) => user?.id !== people[who] || state !== "APPROVED",
        );
        expect(rank[decided(of, { ...facts, reviews: without }).outcome]).toBeLessThanOrEqual(
          rank[decided(of, facts).outcome],
        );
      }),
      { numRuns: 150 },
    );
  });

  test("nor does taking away one approval that counted", () => {
    fc.assert(
      fc.property(scene, fc.nat(), (of, pick) => {
        const facts = factsOf(of);
        const before = decided(of, facts);
        const counted = before.reviews.filter((each) => each.counted);
        const gone = counted[pick % Math.max(1, counted.length)];
        const without = facts.reviews.filter(({ id }) => String(id) !== gone?.id);
        expect(rank[decided(of, { ...facts, reviews: without }).outcome]).toBeLessThanOrEqual(
          rank[before.outcome],
        );
      }),
      { numRuns: 150 },
    );
  });

  test("adding a contributor never turns a denial into an allowance", () => {
    fc.assert(
      fc.property(
        scene,
        name,
        fc.constantFrom("author", "committer", "coAuthor", "pusher", "requester"),
        (of, who, part) => {
          const facts = factsOf(of);
          const person = { id: people[who], login: who, email: null };
          const nobody = { id: null, login: null, email: null };
          const extra = commit(who, {
            author: part === "author" ? person : nobody,
            committer: part === "committer" ? person : nobody,
            coAuthors: part === "coAuthor" ? [person] : [],
          });
          const more = {
            ...facts,
            commits: [...facts.commits, extra],
            ...(part === "pusher" && { pushers: [account(who)] }),
            ...(part === "requester" && { requestedBy: account(who) }),
          };
          expect(rank[decided(of, more).outcome]).toBeLessThanOrEqual(rank[decided(of, facts).outcome]);
        },
      ),
      { numRuns: 150 },
    );
  });

  test("the order of the API's answers is irrelevant, and equal inputs give equal bytes", () => {
    fc.assert(
      fc.property(scene, fc.infiniteStream(fc.nat()), (of, stream) => {
        const facts = factsOf(of);
        const shuffle = <T>(list: readonly T[]): T[] =>
          list
            .map((each) => [stream.next().value ?? 0, each] as const)
            .sort((a, b) => a[0] - b[0])
            .map(([, each]) => each);
        const shuffled = {
          ...facts,
          reviews: shuffle(facts.reviews),
          commits: shuffle(facts.commits),
          findings: facts.findings,
        };
        expect(JSON.stringify(decisionDocument(decided(of, shuffled), []))).toBe(
          JSON.stringify(decisionDocument(decided(of, facts), [])),
        );
      }),
      { numRuns: 100 },
    );
  });

  test("nobody but people with a part in nothing ever count", () => {
    fc.assert(
      fc.property(scene, (of) => {
        const counted = decided(of, factsOf(of))
          .reviews.filter((each) => each.counted)
          .map(({ identity }) => identity);
        expect(
          counted.filter((ref) => [of.author, ...of.commits].some((who) => ref === `identity:${who}`)),
        ).toEqual([]);
        expect(new Set(counted).size).toBe(counted.length);
      }),
      { numRuns: 100 },
    );
  });
});

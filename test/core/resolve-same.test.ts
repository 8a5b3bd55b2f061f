/** Resolution against DESIGN 8 written plainly: random slices, random questions, the same bytes. */
import fc from "fast-check";
import { expect, it } from "vitest";
import type { SliceDocument } from "../../src/core/model/snapshot.ts";
import { createResolver, renderAnswer, type Query } from "../../src/core/resolve/resolve.ts";
import { referenceAnswer } from "./resolve-reference.ts";
import { digestOf, manifest, query, slice } from "./resolve-worlds.ts";

const legal = /^[a-z0-9](?:[a-z0-9._-]{0,98}[a-z0-9_-])?$/;
const isLegal = (path: string): boolean => {
  const parts = path.split("/");
  return (
    parts.length >= 3 &&
    parts.length <= 5 &&
    parts.every((part) => legal.test(part) && part !== "con" && !part.endsWith(".yaml")) &&
    !(parts.length === 4 && parts[3] === "default")
  );
};

it("answers what DESIGN 8 says, byte for byte, however often it is asked", () => {
  const outcomes = new Map<string, number>();
  fc.assert(
    fc.property(
      slice,
      fc.array(query, { minLength: 1, maxLength: 8 }),
      fc.array(fc.nat(60), { minLength: 4, maxLength: 12 }),
      fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
      (document, questions, picks, bits) => {
        const digest = digestOf(bits.toString(16).padStart(64, "0"));
        const asked: Query[] = [...questions];
        for (const pick of picks) {
          // Scopes that are there, spelled as a question.
          const [, ns, use, tenant, scenario] =
            document.scopes[pick % document.scopes.length]?.scope.split("/") ?? [];
          if (use !== undefined) asked.push({ ...questions[0]!, usecase: `${ns}/${use}`, tenant, scenario });
        }
        const legalOnly: SliceDocument = {
          ...document,
          scopes: document.scopes.filter((each) => isLegal(each.scope)).reverse(),
        } as SliceDocument;
        const { policyRevision } = manifest;
        const stamp = { snapshot: { digest, commit: null, sequence: 7 }, policyRevision };
        const resolver = createResolver({ digest, manifest }, [structuredClone(document) as SliceDocument]);
        for (const each of [...asked, ...asked]) {
          const expected = referenceAnswer(legalOnly, each, stamp);
          const answer = resolver.resolve(each);
          if (expected === undefined) expect(answer).toMatchObject({ code: "resolve/unknown-degrade-mode" });
          else expect(renderAnswer(answer)).toBe(expected);
          const outcome = "outcome" in answer ? answer.outcome : answer.code;
          outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        }
      },
    ),
    { numRuns: 1500 },
  );
  // A generator that no longer reaches one of them would prove nothing about it.
  expect(outcomes.size).toBe(5);
  for (const outcome of ["resolved", "fallback", "incompatible", "none", "resolve/unknown-degrade-mode"])
    expect(outcomes.get(outcome) ?? 0, outcome).toBeGreaterThan(50);
});

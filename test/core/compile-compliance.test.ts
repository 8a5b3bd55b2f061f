/** What policies say in the snapshot, and that `nextChange` is the first instant at which it says something else. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { complianceTable } from "../../src/core/compile/compliance-table.ts";
import { compileSnapshot, type CompiledSnapshot } from "../../src/core/compile/snapshot.ts";
import { instantOfSeconds, millisecondsOf, type Instant } from "../../src/core/model/instant.ts";
import { compliance } from "../../src/core/policy/compliance.ts";
import { base, type Values } from "../compiled.ts";
import { registryOfValues } from "../registry-of-values.ts";

const policy = (...asserts: readonly string[]): object => ({
  state: "active",
  spec: {
    appliesTo: ["Model"],
    rules: asserts.map((assert, i) => ({ id: `r${i}`, assert, severity: "high", message: "No." })),
  },
});
const waiver = (expires: string, more: object = {}): object => ({
  policy: "policy:core/sized@1.0.0",
  selector: {},
  reason: "Because.",
  expires,
  ...more,
});
const world: Values = {
  ...base,
  "registry/policies/core/sized/1.0.0.yaml": policy('facts.sizeClass != "mini"'),
  "registry/governance/policy-bindings/all.yaml": {
    selector: { kinds: ["Model"] },
    policies: ["policy:core/sized@1.0.0"],
    mode: "enforce",
  },
  "registry/models/x/small/1.0.0.yaml": {
    state: "beta",
    spec: { provider: "provider:x", type: "other" },
    facts: { sizeClass: "mini" },
  },
  "registry/models/x/large/1.0.0.yaml": {
    state: "beta",
    spec: { provider: "provider:x", type: "other" },
    facts: { sizeClass: "large" },
  },
};

function at(asOf: Instant, values: Values): CompiledSnapshot {
  const registry = registryOfValues({ ...world, ...values });
  return compileSnapshot(
    registry,
    { commit: null, sequence: null, asOf },
    complianceTable(compliance(registry, asOf), registry, asOf),
  );
}

function linesOf(snapshot: CompiledSnapshot): Record<string, string> {
  const text = snapshot.files
    .filter(({ path }) => path.startsWith("compliance/") && path.endsWith(".jsonl"))
    .map(({ bytes }) => new TextDecoder().decode(bytes))
    .join("");
  const rows = text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { ref?: string; compliance: { status: string }[] });
  return Object.fromEntries(
    rows.flatMap(({ ref, compliance: answers }) =>
      ref === undefined ? [] : [[ref, answers[0]?.status ?? ""]],
    ),
  );
}

const now = "2026-07-01T12:00:00Z" as Instant;
const seconds = (instant: Instant): number => millisecondsOf(instant) / 1000;

describe("compliance in the snapshot", () => {
  it("has a line for what a binding reaches, and none for the rest", () => {
    const waived = { "registry/governance/waivers/w.yaml": waiver("2027-01-01T00:00:00Z") };
    expect(linesOf(at(now, {}))).toEqual({
      "model:x/large@1.0.0": "compliant",
      "model:x/small@1.0.0": "non-compliant",
    });
    expect(linesOf(at(now, waived))).toEqual({
      "model:x/large@1.0.0": "compliant",
      "model:x/small@1.0.0": "exempt",
    });
    expect(linesOf(at("2027-01-01T00:00:00Z" as Instant, waived))["model:x/small@1.0.0"]).toBe(
      "non-compliant",
    );
  });

  it.each<[string, Values, string | null]>([
    ["no waiver", {}, null],
    [
      "a waiver that excuses something",
      { "registry/governance/waivers/a.yaml": waiver("2027-01-01T00:00:00Z") },
      "2027-01-01T00:00:00Z",
    ],
    [
      "the first of two",
      {
        "registry/governance/waivers/a.yaml": waiver("2027-01-01T00:00:00Z"),
        "registry/governance/waivers/b.yaml": waiver("2026-08-01T00:00:00.5Z"),
      },
      "2026-08-01T00:00:00.5Z",
    ],
    ["one that has ended", { "registry/governance/waivers/a.yaml": waiver("2026-07-01T12:00:00Z") }, null],
    [
      "one that excuses nothing",
      {
        "registry/governance/waivers/a.yaml": waiver("2027-01-01T00:00:00Z", {
          selector: { refs: ["model:x/large@1.0.0"] },
        }),
      },
      null,
    ],
    [
      "a policy that reads the clock",
      { "registry/policies/core/sized/1.0.0.yaml": policy('asOf < timestamp("2026-12-01T00:00:00Z")') },
      "2026-07-02T00:00:00Z",
    ],
    [
      "a policy that reads the clock and binds nothing",
      { "registry/policies/core/clock/1.0.0.yaml": policy("asOf == asOf") },
      null,
    ],
  ])("nextChange: %s", (_, values, expected) => {
    expect(at(now, values).manifest.nextChange).toBe(expected);
  });

  it("nextChange: equal content before it, other content at it", () => {
    const start = seconds(now);
    const instants = fc
      .integer({ min: -1000, max: 1_000_000 })
      .map((offset) => instantOfSeconds(start + offset));
    const selectors = fc.constantFrom(
      {},
      { refs: ["model:x/small@1.0.0"] },
      { refs: ["model:x/large@1.0.0"] },
      { namespaces: ["y"] },
    );
    const waivers = fc.array(fc.tuple(instants, selectors, fc.constantFrom(undefined, "r0", "other")), {
      maxLength: 4,
    });
    fc.assert(
      fc.property(waivers, fc.double({ min: 0, max: 1, noNaN: true }), (list, part) => {
        const values = Object.fromEntries(
          list.map(([expires, selector, rule], i) => [
            `registry/governance/waivers/w${i}.yaml`,
            waiver(expires, { selector, ...(rule && { rule }) }),
          ]),
        );
        const first = at(now, values);
        const { nextChange } = first.manifest;
        const until = nextChange === null ? start + 2_000_000 : seconds(nextChange) - 1;
        const between = at(instantOfSeconds(start + Math.floor((until - start) * part)), values);
        const content = ({ manifest }: CompiledSnapshot): readonly unknown[] => [
          manifest.files,
          manifest.nextChange,
          manifest.policyRevision,
        ];
        expect(content(between)).toEqual(content(first));
        if (nextChange !== null)
          expect(at(nextChange, values).manifest.compliance).not.toBe(first.manifest.compliance);
      }),
      { numRuns: 60 },
    );
  });
});

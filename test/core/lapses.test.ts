/** What only time brings about: waivers that end, compliance that changes with them, the same ids whoever looks. */
import { expect, test } from "vitest";
import { lapsesAfter, type InForce } from "../../src/core/audit/lapses.ts";
import { digestOfBytes, sha256Hex } from "../../src/core/model/digest.ts";
import type { Instant } from "../../src/core/model/instant.ts";
import { base, type Values } from "../compiled.ts";
import { registryOfValues } from "../registry-of-values.ts";

const day = (n: number): Instant => `2026-01-${String(n).padStart(2, "0")}T12:00:00Z` as Instant;
const person = { name: "", email: "", time: 0 };
const inForce: InForce = {
  registryId: "acme",
  landing: {
    oid: "a".repeat(40),
    parents: [],
    author: person,
    committer: person,
    subject: "",
    sequence: 7,
    time: day(1),
  },
  policyRevision: digestOfBytes("rules"),
};
const policy = (assert: string): object => ({
  state: "active",
  spec: { appliesTo: ["Model"], rules: [{ id: "r", assert, severity: "high", message: "No." }] },
});
const waiver = (expires: string): object => ({
  policy: "policy:core/sized@1.0.0",
  selector: {},
  reason: "Because.",
  expires,
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
};
const waivers = "registry/governance/waivers";

/** Waivers and policies, until when, and what happened: `day type subject from>to`. */
const table: readonly (readonly [string, Values, Instant, readonly string[]])[] = [
  ["nothing ends, nothing happens", {}, day(30), []],
  [
    "a waiver ends, and what it excused is excused no longer",
    { [`${waivers}/w.yaml`]: waiver(day(5)) },
    day(5),
    ["5 waiver_lapsed waiver:w ->expired", "5 compliance_changed model:x/small@1.0.0 exempt>non-compliant"],
  ],
  [
    "not before its instant",
    { [`${waivers}/w.yaml`]: waiver(day(5)) },
    "2026-01-05T11:59:59Z" as Instant,
    [],
  ],
  ["one that had ended when it landed ends no more", { [`${waivers}/w.yaml`]: waiver(day(1)) }, day(30), []],
  [
    "of two the last one counts; each ends at its own instant",
    { [`${waivers}/a.yaml`]: waiver(day(9)), [`${waivers}/b.yaml`]: waiver(day(5)) },
    day(30),
    [
      "5 waiver_lapsed waiver:b ->expired",
      "9 waiver_lapsed waiver:a ->expired",
      "9 compliance_changed model:x/small@1.0.0 exempt>non-compliant",
    ],
  ],
  [
    "a policy that reads the clock changes its answer at the midnight after",
    { "registry/policies/core/sized/1.0.0.yaml": policy('asOf < timestamp("2026-01-03T00:00:00Z")') },
    day(4),
    ["3 compliance_changed model:x/small@1.0.0 compliant>non-compliant"],
  ],
];

test.each(table)("%s", (_name, values, until, expected) => {
  const events = lapsesAfter(inForce, registryOfValues({ ...world, ...values }), until);
  const own = events.filter(
    ({ subject }) => subject.startsWith("waiver:") || subject === "model:x/small@1.0.0",
  );
  const brief = own.map(({ observedAt, type, subject, fromState, toState }) => {
    return `${new Date(observedAt).getUTCDate()} ${type} ${subject} ${fromState ?? "-"}>${toState ?? "-"}`;
  });
  expect(brief).toEqual(expected);
});

test("an event of time names the landing in force and its instant, and is the same whenever it is looked at", () => {
  const registry = registryOfValues({ ...world, [`${waivers}/w.yaml`]: waiver(day(5)) });
  const [first] = lapsesAfter(inForce, registry, day(5));
  expect(first).toMatchObject({
    eventId: sha256Hex(`assent-event/v1\0acme\0release\x007\0${day(5)}\x001`),
    registry: "acme",
    sequence: 7,
    commit: "a".repeat(40),
    observedAt: day(5),
    actor: "unknown",
  });
  expect(lapsesAfter(inForce, registry, day(30)).slice(0, 2)).toEqual(lapsesAfter(inForce, registry, day(5)));
});

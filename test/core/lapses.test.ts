/** Events that changes alone do not tell: of compliance, by landings and by time, and of what evidence records. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { violationEvent } from "../../src/core/audit/evidence-events.ts";
import { watcherWith } from "../../src/core/audit/moves.ts";
import type { RegistryEvent } from "../../src/core/audit/event.ts";
import { beginWatch, type InForce } from "../../src/core/audit/watch.ts";
import { digestOfBytes, sha256Hex } from "../../src/core/model/digest.ts";
import { identityOfPath, parseRef } from "../../src/core/source/reference.ts";
import type { JsonObject } from "../../src/core/model/json.ts";
import type { Instant } from "../../src/core/model/instant.ts";
import { numberLandings, type Commit } from "../../src/core/model/landing.ts";
import {
  appendHistory,
  draftOf,
  emptyHistory,
  lapsesOf,
  type History,
  type LandedValues,
  type ValueChange,
} from "../../src/core/audit/events.ts";
import { parseHistoryState, renderHistoryState } from "../../src/core/audit/state.ts";
import { compliance } from "../../src/core/policy/compliance.ts";
import { base as loose, type Values } from "../compiled.ts";
import { beginning, play, tries, type Step } from "../audit-world.ts";
import { registryOfValues } from "../registry-of-values.ts";

const moves = watcherWith(null, null);
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
/** What time brings about after everything has landed at once. */
function lapsesAfter(inForce: InForce, values: Values, until: Instant): readonly RegistryEvent[] {
  const watch = beginWatch([]);
  const differences = Object.entries(values).map(([path, after]) => {
    const identity = identityOfPath(path);
    if (identity === undefined) throw new Error(path);
    return { identity, before: null, after: after as JsonObject };
  });
  moves.land(watch, inForce.landing, differences);
  return moves.lapse(watch, inForce, until);
}

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
/** What fits the schemas: of nothing else does history say that it complies. */
const bundle = (more: object = {}, spec: object = {}): object => ({
  state: "approved",
  spec: {
    artifacts: [{ role: "prompt", text: "x" }],
    provenance: { codeRevision: "0".repeat(40) },
    ...spec,
  },
  gateReceipt: { decision: "PASS", gates: [] },
  ...more,
});
const versions = ["1.0.0", "2.0.0", "3.0.0"];
const base: Values = {
  ...loose,
  ...Object.fromEntries(versions.map((v) => [`registry/bundles/fraud/score/${v}.yaml`, bundle()])),
};
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
  const events = lapsesAfter(inForce, { ...world, ...values }, until);
  const own = events.filter(
    ({ subject }) => subject.startsWith("waiver:") || subject === "model:x/small@1.0.0",
  );
  const brief = own.map(({ observedAt, type, subject, fromState, toState }) => {
    return `${new Date(observedAt).getUTCDate()} ${type} ${subject} ${fromState ?? "-"}>${toState ?? "-"}`;
  });
  expect(brief).toEqual(expected);
});

test("an event of time names the landing in force and its instant, and is the same whenever it is looked at", () => {
  const registry = { ...world, [`${waivers}/w.yaml`]: waiver(day(5)) };
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

type Files = Readonly<Record<string, object | null>>;

/** Landings of what each writes, a day apart unless `days` says when; null deletes. */
function landed(steps: readonly Files[], days: readonly number[] = []): LandedValues[] {
  const commits = steps.map((_, index): Commit => {
    const time = Date.parse(day(days[index] ?? index + 1)) / 1000;
    const who = { name: "Ada", email: "ada@example.com", time };
    const oidOf = (n: number): string => sha256Hex(`commit ${n}`).slice(0, 40);
    const parents = index === 0 ? [] : [oidOf(index - 1)];
    return { oid: oidOf(index), parents, author: who, committer: who, subject: `Landing ${index + 1}` };
  });
  const files = new Map<string, JsonObject>();
  return numberLandings(commits).map((landing, index) => {
    const changes = Object.entries(steps[index] ?? {}).map(([path, value]): ValueChange => {
      const before = files.get(path) ?? null;
      const after = value as JsonObject | null;
      if (after === null) files.delete(path);
      else files.set(path, after);
      const sha256 = after === null ? null : sha256Hex(JSON.stringify(after));
      return { path, existed: before !== null, before, after, sha256 };
    });
    return { landing, changes };
  });
}

const watching: History = { ...emptyHistory, watch: beginWatch([]) };
const follow = (steps: readonly Files[], days?: readonly number[]): History =>
  appendHistory(watching, landed(steps, days), moves);

const small = "registry/models/x/small/1.0.0.yaml";
const bind = "registry/governance/policy-bindings/all.yaml";
const sized = "registry/policies/core/sized/1.0.0.yaml";
const model = (more: object = {}): object => ({
  state: "beta",
  spec: { provider: "provider:x", type: "other" },
  facts: { sizeClass: "mini" },
  ...more,
});
const binding = (selector: object): object => ({ selector, policies: ["policy:core/sized@1.0.0"] });
const ruling = (kind: string, assert: string): object => ({
  state: "active",
  spec: { appliesTo: [kind], rules: [{ id: "r", assert, severity: "high", message: "No." }] },
});
const ofKind = (kind: string, assert: string): Files => ({
  [sized]: ruling(kind, assert),
  [bind]: binding({ kinds: [kind] }),
});
const evaluation = "registry/evaluations/fraud/score/run-1.yaml";
const run = {
  target: "bundle:fraud/score@1.0.0",
  targetDigest: `sha256:${"0".repeat(64)}`,
  suite: "suite:fraud/suite@1.0.0",
  executedAt: day(1),
  metrics: {},
  status: "passed",
};
const usecase = "registry/usecases/fraud/score.yaml";
const use = (riskTier: string): object => ({ title: "S", purpose: "P.", owner: "role:o", riskTier });
const scope = "registry/live/prod/fraud/score.yaml";
const ruled = "policy:core/sized@1.0.0 (r)";

/** What lands, and what the last landing and the time before it say of compliance and waivers. */
type Case = readonly [string, readonly Files[], readonly string[], (readonly number[])?];
const landings: readonly Case[] = [
  [
    "a policy that nothing binds says nothing",
    [{ [small]: model() }, { [sized]: ruling("Model", "false") }],
    [],
  ],
  [
    "a binding lands",
    [{ [small]: model(), [sized]: ruling("Model", "false") }, { [bind]: binding({ kinds: ["Model"] }) }],
    [`2 model:x/small@1.0.0 unknown>non-compliant: ${ruled}`],
  ],
  ["a binding goes", [{ ...world }, { [bind]: null }], ["2 model:x/small@1.0.0 non-compliant>unknown"]],
  [
    "a policy changes its rule",
    [{ ...world }, { [sized]: ruling("Model", "true") }],
    ["2 model:x/small@1.0.0 non-compliant>compliant"],
  ],
  [
    "a waiver lands",
    [{ ...world }, { [`${waivers}/w.yaml`]: waiver(day(9)) }],
    [`2 model:x/small@1.0.0 non-compliant>exempt: ${ruled}`],
  ],
  [
    "a waiver is taken away",
    [{ ...world, [`${waivers}/w.yaml`]: waiver(day(9)) }, { [`${waivers}/w.yaml`]: null }],
    ["2 waiver:w ->removed", `2 model:x/small@1.0.0 exempt>non-compliant: ${ruled}`],
  ],
  [
    "a model changes; what does not fit its schema changes nothing",
    [
      { ...world },
      { [small]: model({ facts: { sizeClass: "large" } }) },
      { [small]: { state: "no such state" } },
    ],
    [],
  ],
  [
    "a model changes",
    [{ ...world }, { [small]: model({ facts: { sizeClass: "large" } }) }],
    ["2 model:x/small@1.0.0 non-compliant>compliant"],
  ],
  [
    "a new model was nothing before, one that goes is nothing afterwards",
    [{ ...world }, { "registry/models/x/tiny/1.0.0.yaml": model(), [small]: null }],
    [`2 model:x/tiny@1.0.0 ->non-compliant: ${ruled}`],
  ],
  [
    "evidence arrives",
    [{ ...world, ...ofKind("Bundle", "size(evaluations) > 0") }, { [evaluation]: run }],
    ["2 bundle:fraud/score@1.0.0 pending>compliant"],
  ],
  [
    "a use case's risk moves what belongs to it",
    [
      { ...world, ...ofKind("Bundle", 'usecase.riskTier == "low"'), [usecase]: use("low") },
      { [usecase]: use("high") },
    ],
    versions.map((v) => `2 bundle:fraud/score@${v} compliant>non-compliant: ${ruled}`),
  ],
  [
    "an activation is moved by its bundle",
    [
      {
        ...world,
        ...ofKind("Activation", 'bundle.state == "approved"'),
        [scope]: { bundle: "1.0.0", reason: "r" },
      },
      { "registry/bundles/fraud/score/1.0.0.yaml": bundle({ state: "retired", reason: "old" }) },
    ],
    [`2 scope:prod/fraud/score compliant>non-compliant: ${ruled}`],
  ],
  [
    "what an entry depends on moves it",
    [
      {
        ...world,
        ...ofKind("Bundle", 'dependencies.all(d, d.state != "retired")'),
        "registry/bundles/fraud/score/1.0.0.yaml": bundle({}, { models: ["model:x/small@1.0.0"] }),
      },
      { [small]: model({ state: "retired", reason: "old" }) },
    ],
    [`2 bundle:fraud/score@1.0.0 compliant>non-compliant: ${ruled}`],
  ],
  [
    "a binding for one environment says where; another landing takes it back",
    [
      { [small]: model(), ...base, [sized]: ruling("Model", "false") },
      { [bind]: binding({ kinds: ["Model"], environments: ["environment:prod"] }) },
    ],
    [`2 model:x/small@1.0.0 unknown>non-compliant in environment:prod: ${ruled}`],
  ],
  [
    "where nothing special is bound any more, what holds everywhere holds there",
    [
      {
        ...world,
        [small]: model({ facts: { sizeClass: "large" } }),
        "registry/policies/core/proven/1.0.0.yaml": ruling("Model", "false"),
        "registry/governance/policy-bindings/prod.yaml": {
          selector: { environments: ["environment:prod"] },
          policies: ["policy:core/proven@1.0.0"],
        },
      },
      { "registry/governance/policy-bindings/prod.yaml": null },
    ],
    ["2 model:x/small@1.0.0 non-compliant>compliant in environment:prod"],
  ],
  [
    "time passed before something else landed",
    [
      { ...world, [`${waivers}/w.yaml`]: waiver(day(5)) },
      { "registry/providers/y.yaml": { title: "Y", baseUrl: "https://y.example" } },
    ],
    ["1 waiver:w ->expired", `1 model:x/small@1.0.0 exempt>non-compliant: ${ruled}`],
    [1, 20],
  ],
  [
    "at the very instant at which a waiver ends, it has ended before what lands",
    [
      { ...world, [`${waivers}/w.yaml`]: waiver(day(5)) },
      { [small]: model({ facts: { sizeClass: "large" } }) },
    ],
    [
      "1 waiver:w ->expired",
      `1 model:x/small@1.0.0 exempt>non-compliant: ${ruled}`,
      "2 model:x/small@1.0.0 non-compliant>compliant",
    ],
    [1, 5],
  ],
];

const rows = landings.map(([name, steps, expected, days = []]) => ({ name, steps, expected, days }));

test.each(rows)("$name", ({ steps, expected, days }) => {
  const before = follow(steps.slice(0, -1), days).events.length;
  const told = follow(steps, days)
    .events.slice(before)
    .filter(
      ({ type, toState }) => type === "compliance_changed" || (type === "waiver_lapsed" && toState !== null),
    );
  expect(
    told.map(({ sequence, subject, fromState, toState, reason }) => {
      const why = /(?: in environment:\w+)?(?:: .*)?\.$/.exec(reason)?.[0].slice(0, -1) ?? "";
      const said = subject.startsWith("waiver:") ? "" : why;
      return `${sequence} ${subject} ${fromState ?? "-"}>${toState ?? "-"}${said}`;
    }),
  ).toEqual(expected);
});

test("what time brought about before a landing is, by its id too, what was told before anything landed", () => {
  const steps = [{ ...world, [`${waivers}/w.yaml`]: waiver(day(5)) }, { [small]: null }];
  const draft = draftOf(follow(steps.slice(0, 1)));
  const told = lapsesOf(draft, moves, day(9));
  expect(told).toHaveLength(2);
  const whole = follow(steps, [1, 9]).events;
  expect(whole.filter(({ observedAt }) => observedAt === day(5))).toEqual(told);
});

test("a history that watches is not moved on without its watcher", () => {
  expect(() => appendHistory(watching, landed([{}]))).toThrow("needs its watcher");
});

/** From when on each status holds and each rule is not met, as history keeps it. */
function sinceOf({ watch }: History): Readonly<Record<string, string>> {
  const rows = [...(watch?.answers ?? [])].flatMap(([ref, answers]) =>
    answers.flatMap(({ environment, status, since, unmet }) => [
      [`${ref} ${environment} ${status}`, since] as const,
      ...Object.entries(unmet).map(([rule, from]) => [`${ref} ${environment} ${rule}`, from] as const),
    ]),
  );
  return Object.fromEntries(rows.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The same from first principles: everything judged at every landing, and at every noon and midnight in between. */
function sinceByHand(all: readonly LandedValues[]): Readonly<Record<string, string>> {
  let known = new Map<string, string>();
  let history = watching;
  const look = (at: Instant): void => {
    const values = Object.fromEntries(
      [...(history.watch?.values ?? [])].map(([ref, value]) => [parseRef(ref)?.path ?? "", value]),
    );
    const before = known;
    known = new Map();
    for (const { ref, environment, status, violations } of compliance(registryOfValues(values), at)) {
      if (status === "unknown") continue;
      const keys = [status, ...violations.map(({ policy, rule }) => `${policy} ${rule}`)];
      // Before a binding named the environment, what held everywhere held there.
      const asked = [...before.keys()].some((key) => key.startsWith(`${ref} ${environment} `));
      for (const key of keys) {
        const was = before.get(`${ref} ${asked ? environment : null} ${key}`);
        known.set(`${ref} ${environment} ${key}`, was ?? at);
      }
    }
  };
  all.forEach((landed, index) => {
    const { time } = landed.landing;
    const last = index === 0 ? undefined : all[index - 1]?.landing.time;
    const half = 12 * 60 * 60 * 1000;
    if (last !== undefined)
      for (let at = Math.floor(Date.parse(last) / half + 1) * half; at <= Date.parse(time); at += half)
        look(new Date(at).toISOString().replace(".000Z", "Z") as Instant);
    history = appendHistory(history, [landed], moves);
    look(time);
  });
  return Object.fromEntries([...known].sort(([a], [b]) => (a < b ? -1 : 1)));
}

describe("random histories", () => {
  const midnight = 'asOf < timestamp("2026-01-07T00:00:00Z")';
  const rules = ['facts.sizeClass != "mini"', midnight, "ancestors.all(a, a.state != 'retired')"];
  const content: Readonly<Record<string, readonly (object | null)[]>> = {
    [small]: [
      model(),
      model({ facts: { sizeClass: "large" } }),
      model({ state: "retired", reason: "r" }),
      null,
      {},
    ],
    "registry/models/x/tiny/1.0.0.yaml": [
      model(),
      model({ spec: { provider: "provider:x", type: "other", derivedFrom: ["model:x/small@1.0.0"] } }),
      null,
    ],
    [sized]: [...rules.map((assert) => ruling("Model", assert)), null],
    "registry/policies/core/proven/1.0.0.yaml": [
      ruling("Bundle", "size(evaluations) > 0 && usecase.riskTier != 'high'"),
      ruling("Bundle", "dependencies.all(d, d.state != 'retired')"),
    ],
    [bind]: [binding({ kinds: ["Model"] }), binding({ environments: ["environment:prod"] }), null],
    "registry/governance/policy-bindings/proven.yaml": [
      { selector: {}, policies: ["policy:core/proven@1.0.0"] },
      {
        selector: { namespaces: ["fraud"] },
        policies: ["policy:core/proven@1.0.0", "policy:core/sized@1.0.0"],
      },
    ],
    [`${waivers}/w.yaml`]: [waiver(day(4)), waiver(day(8)), null],
    [evaluation]: [run, { ...run, status: "failed" }, null],
    [usecase]: [use("high"), use("low"), null],
    "registry/bundles/fraud/score/1.0.0.yaml": [
      bundle(),
      bundle({}, { models: ["model:x/small@1.0.0"] }),
      null,
    ],
  };
  const step: fc.Arbitrary<Files> = fc
    .dictionary(fc.constantFrom(...Object.keys(content)), fc.nat(20), { maxKeys: 4 })
    .map((picks) =>
      Object.fromEntries(
        Object.entries(picks).map(([path, pick]) => {
          const all = content[path] ?? [];
          return [path, all[pick % all.length] ?? null];
        }),
      ),
    );

  test("what is followed from landing to landing is what judging everything says; parts and kept parts give the whole", () => {
    let told = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 9 }), fc.nat(9), (random, cut) => {
        const steps = [{ ...base }, ...random];
        const all = landed(steps);
        const whole = appendHistory(watching, all, moves);
        const first = appendHistory(watching, all.slice(0, cut + 1), moves);
        const kept = parseHistoryState(renderHistoryState(first));
        if (kept === undefined) throw new Error("nothing kept");
        expect(appendHistory(kept, all.slice(cut + 1), moves)).toEqual(whole);
        expect(appendHistory(first, all.slice(cut + 1), moves)).toEqual(whole);
        // Judged anew, from values that the schemas allow.
        const values = Object.fromEntries(
          [...(whole.watch?.values ?? [])].map(([ref, value]) => [parseRef(ref)?.path ?? "", value]),
        );
        const at = whole.tip?.time ?? day(1);
        const judged = compliance(registryOfValues(values), at)
          .filter(({ status }) => status !== "unknown")
          .map(({ ref, environment, status }) => `${ref} ${environment} ${status}`);
        const followed = [...(whole.watch?.answers ?? [])].flatMap(([ref, answers]) =>
          answers.map(({ environment, status }) => `${ref} ${environment} ${status}`),
        );
        expect(followed.sort()).toEqual(judged.sort());
        expect(sinceOf(whole)).toEqual(sinceByHand(all));
        // The events alone tell the same: the last of each says what holds.
        const last = new Map<string, string>();
        for (const { type, subject, toState, reason } of whole.events) {
          const place = / in (environment:\w+)/.exec(reason)?.[1] ?? "null";
          if (type === "compliance_changed") last.set(`${subject} ${place}`, toState ?? "");
        }
        for (const row of judged) {
          const [ref = "", place = "", status] = row.split(" ");
          if (place === "null") expect([row, last.get(`${ref} ${place}`)]).toEqual([row, status]);
        }
        const ids = whole.events.map(({ eventId }) => eventId);
        expect(new Set(ids).size).toBe(ids.length);
        told += last.size;
      }),
      { numRuns: 150 },
    );
    expect(told).toBeGreaterThan(50);
  });
});

describe("what evidence alone tells", () => {
  const alone: Step = { ...tries("1.0.0", "Past everybody"), approvers: [] };
  const { landed: line, records } = play([...beginning, tries("1.1.0", "Agreed"), alone]);
  const bytesOf = (sequence: number): Uint8Array => records[sequence - 1]?.bytes ?? new Uint8Array();
  const told = (sequence: number, record: Uint8Array): RegistryEvent | undefined => {
    const landing = line[sequence - 1]?.landing;
    if (landing === undefined) throw new Error("no such landing");
    return violationEvent({ landing, registryId: "example", actor: "identity:alice" }, record);
  };
  const changed = (from: string, to: string): Uint8Array => {
    const envelope = JSON.parse(new TextDecoder().decode(bytesOf(4))) as Record<string, string>;
    const payload = btoa(atob(envelope["payload"] ?? "").replace(from, to));
    return new TextEncoder().encode(JSON.stringify({ ...envelope, payload }));
  };

  test("a violation is an event, with an id from first principles", () => {
    expect(told(4, bytesOf(4))).toMatchObject({
      eventId: sha256Hex("assent-event/v1\0example\0evidence\x004\0-\x001"),
      sequence: 4,
      type: "violation_recorded",
      subject: "registry:registry",
      toState: "VIOLATION",
      actor: "identity:alice",
      commit: line[3]?.landing.oid,
    });
    expect(told(4, bytesOf(4))?.reason).toBe("It lacked approvals or time.");
  });

  const nothing: readonly (readonly [string, number, Uint8Array])[] = [
    ["a landing that was approved", 3, bytesOf(3)],
    ["a landing that was only observed", 1, bytesOf(1)],
    ["another landing's record", 3, bytesOf(4)],
    ["a record that is cut off", 4, bytesOf(4).slice(0, -40)],
    ["a record that is no record", 4, changed('"decision":"VIOLATION"', '"decision":["VIOLATION"]')],
    ["no JSON at all", 4, new TextEncoder().encode('{"payload":"*VIOLATION"')],
    ["nothing", 4, new Uint8Array()],
  ];
  test.each(nothing)("%s is none", (_name, sequence, record) => {
    expect(told(sequence, record)).toBe(undefined);
  });
});

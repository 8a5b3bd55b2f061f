/** Landings -> events, marks and scope stacks: tables for every event history can tell, properties for the rest. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { eventIdOf, eventTypes, type RegistryEvent } from "../../src/core/audit/event.ts";
import {
  appendHistory,
  buildHistory,
  emptyHistory,
  type LandedValues,
  type ValueChange,
} from "../../src/core/audit/events.ts";
import { landingAt } from "../../src/core/audit/landings.ts";
import { patchOf, type PatchOperation } from "../../src/core/audit/patch.ts";
import { DERIVATION, renderHistoryState } from "../../src/core/audit/state.ts";
import { moveScope, stackOf, type Live } from "../../src/core/audit/stack.ts";
import { policyRevisionOf } from "../../src/core/compile/policy-revision.ts";
import { sha256Hex } from "../../src/core/model/digest.ts";
import { isObject, type Json, type JsonObject } from "../../src/core/model/json.ts";
import { numberLandings, type Commit } from "../../src/core/model/landing.ts";
import { treeOfTexts } from "../../src/core/model/tree.ts";

type Files = Readonly<Record<string, JsonObject | null>>;

const email = "101+alice@users.noreply.github.com";

/** Landings from what each one writes; null deletes. */
function landed(
  steps: readonly Files[],
  details: (index: number) => { email?: string; time?: number } = () => ({}),
): LandedValues[] {
  const commits = steps.map((_, index): Commit => {
    const { email: address = email, time = 1_700_000_000 + index } = details(index);
    const person = { name: "A", email: address, time };
    return {
      oid: sha256Hex(`commit ${index}`).slice(0, 40),
      parents: index === 0 ? [] : [sha256Hex(`commit ${index - 1}`).slice(0, 40)],
      author: person,
      committer: person,
      subject: `landing ${index + 1}`,
    };
  });
  const files = new Map<string, JsonObject>();
  return numberLandings(commits).map((landing, index) => {
    const changes = Object.entries(steps[index] ?? {}).map(([path, after]): ValueChange => {
      const before = files.get(path) ?? null;
      if (after === null) files.delete(path);
      else files.set(path, after);
      return {
        path,
        existed: before !== null,
        before,
        after,
        sha256: after === null ? null : sha256Hex(JSON.stringify(after)),
      };
    });
    return { landing, changes };
  });
}

function brief({ type, subject, fromState, toState, replaces, reason, patch }: RegistryEvent): string {
  const ops = patch?.map((operation) => `${operation.op} ${operation.path}`).join(", ");
  return [
    `${type} ${subject} ${fromState ?? "-"}>${toState ?? "-"}`,
    replaces && `replaces ${replaces}`,
    `"${reason}"`,
    ops && `[${ops}]`,
  ]
    .filter(Boolean)
    .join(" ");
}

const model = "registry/models/openai/gpt/1.0.0.yaml";
const bundle = "registry/bundles/fraud/score/1.4.0.yaml";
const live = "registry/live/prod/fraud/score.yaml";
const dependent = "registry/models/acme/router/1.0.0.yaml";

/** What landed, and what happened in the last landing. */
const table: readonly (readonly [string, readonly Files[], readonly string[]])[] = [
  [
    "a model registers with the state it landed in",
    [{ [model]: { state: "production", reason: "ok" } }],
    ['model_registered model:openai/gpt@1.0.0 ->production "ok"'],
  ],
  [
    "a missing state is the kind's initial one",
    [{ [model]: {} }, { [model]: { state: "beta" } }],
    ['model_state_changed model:openai/gpt@1.0.0 experimental>beta "landing 2" [add /state]'],
  ],
  [
    "one landing may move, reprice, re-route and correct a model",
    [
      {
        [model]: {
          state: "beta",
          reason: "r",
          facts: { a: 1 },
          serving: { pricing: { x: "1" }, endpoints: [] },
        },
      },
      {
        [model]: {
          state: "production",
          reason: "good",
          facts: { a: 2 },
          serving: { pricing: { x: "2" }, endpoints: [{ type: "rest" }], minApiVersion: "2" },
        },
      },
    ],
    [
      'model_state_changed model:openai/gpt@1.0.0 beta>production "good" [replace /reason, replace /state]',
      'endpoint_changed model:openai/gpt@1.0.0 ->- "landing 2" [add /serving/endpoints/0]',
      'price_changed model:openai/gpt@1.0.0 ->- "landing 2" [replace /serving/pricing/x]',
      'model_updated model:openai/gpt@1.0.0 ->- "landing 2" [replace /facts/a, add /serving/minApiVersion]',
    ],
  ],
  [
    "a bundle may be published and approved at once",
    [{ [bundle]: { state: "approved", reason: "ok" } }],
    [
      'bundle_registered bundle:fraud/score@1.4.0 ->candidate "ok"',
      'bundle_approved bundle:fraud/score@1.4.0 candidate>approved "ok"',
    ],
  ],
  [
    "a bundle is approved",
    [{ [bundle]: { state: "candidate" } }, { [bundle]: { state: "approved", reason: "ok" } }],
    ['bundle_approved bundle:fraud/score@1.4.0 candidate>approved "ok" [add /reason, replace /state]'],
  ],
  [
    "a bundle is rejected",
    [{ [bundle]: { state: "candidate" } }, { [bundle]: { state: "rejected" } }],
    ['bundle_rejected bundle:fraud/score@1.4.0 candidate>rejected "landing 2" [replace /state]'],
  ],
  [
    "a bundle is retired",
    [{ [bundle]: { state: "approved" } }, { [bundle]: { state: "retired" } }],
    ['bundle_retired bundle:fraud/score@1.4.0 approved>retired "landing 2" [replace /state]'],
  ],
  [
    "an illegal move is told as well",
    [{ [bundle]: { state: "rejected" } }, { [bundle]: { state: "approved" } }],
    ['version_state_changed bundle:fraud/score@1.4.0 rejected>approved "landing 2" [replace /state]'],
  ],
  [
    "a bundle's title changes",
    [{ [bundle]: { title: "a" } }, { [bundle]: { title: "b" } }],
    ['version_updated bundle:fraud/score@1.4.0 ->- "landing 2" [replace /title]'],
  ],
  [
    "a deleted version",
    [{ [model]: { state: "beta" } }, { [model]: null }],
    ['model_state_changed model:openai/gpt@1.0.0 beta>removed "landing 2"'],
  ],
  [
    "activate",
    [{ [live]: { bundle: "1.3.0", reason: "first" } }],
    ['bundle_activated scope:prod/fraud/score ->live "first"'],
  ],
  [
    "promote",
    [{ [live]: { bundle: "1.3.0", reason: "a" } }, { [live]: { bundle: "1.4.0", reason: "b" } }],
    [
      'bundle_promoted scope:prod/fraud/score live>live replaces 1.3.0 "b" [replace /bundle, replace /reason]',
    ],
  ],
  [
    "roll back",
    [{ [live]: { bundle: "1.3.0" } }, { [live]: { bundle: "1.4.0" } }, { [live]: { bundle: "1.3.0" } }],
    ['bundle_rolled_back scope:prod/fraud/score live>live replaces 1.4.0 "landing 3" [replace /bundle]'],
  ],
  [
    "deactivate",
    [{ [live]: { bundle: "1.3.0" } }, { [live]: { bundle: "none" } }],
    ['bundle_deactivated scope:prod/fraud/score live>none replaces 1.3.0 "landing 2" [replace /bundle]'],
  ],
  [
    "inherit",
    [{ [live]: { bundle: "1.3.0" } }, { [live]: { bundle: "inherit" } }],
    ['activation_inherited scope:prod/fraud/score live>inherit replaces 1.3.0 "landing 2" [replace /bundle]'],
  ],
  [
    "amend",
    [{ [live]: { bundle: "1.3.0" } }, { [live]: { bundle: "1.3.0", fallback: "1.2.0" } }],
    ['activation_amended scope:prod/fraud/score live>live "landing 2" [add /fallback]'],
  ],
  [
    "after none, an older version is activated, not rolled back to",
    [{ [live]: { bundle: "1.3.0" } }, { [live]: { bundle: "none" } }, { [live]: { bundle: "1.3.0" } }],
    ['bundle_activated scope:prod/fraud/score none>live "landing 3" [replace /bundle]'],
  ],
  [
    "an emergency opens an override",
    [{ [live]: { bundle: "1.3.0" } }, { [live]: { bundle: "1.4.0", emergency: true, reason: "fire" } }],
    [
      'bundle_promoted scope:prod/fraud/score live>live replaces 1.3.0 "fire" [replace /bundle, add /emergency, add /reason]',
      'override_opened scope:prod/fraud/score live>live "fire"',
    ],
  ],
  [
    "another bundle under the same flag is an emergency of its own",
    [{ [live]: { bundle: "1.4.0", emergency: true } }, { [live]: { bundle: "1.3.0", emergency: true } }],
    [
      'bundle_promoted scope:prod/fraud/score live>live replaces 1.4.0 "landing 2" [replace /bundle]',
      'override_opened scope:prod/fraud/score live>live "landing 2"',
    ],
  ],
  [
    "the same emergency with other words opens nothing",
    [
      { [live]: { bundle: "1.4.0", emergency: true } },
      { [live]: { bundle: "1.4.0", emergency: true, fallback: "1.3.0" } },
    ],
    ['activation_amended scope:prod/fraud/score live>live "landing 2" [add /fallback]'],
  ],
  [
    "without the flag the override is closed",
    [{ [live]: { bundle: "1.4.0", emergency: true } }, { [live]: { bundle: "1.4.0" } }],
    [
      'activation_amended scope:prod/fraud/score live>live "landing 2" [remove /emergency]',
      'override_closed scope:prod/fraud/score live>live "landing 2"',
    ],
  ],
  [
    "aliases, one event each",
    [
      { "registry/models/openai/gpt/aliases.yaml": { aliases: { a: "1.0.0", b: "1.0.0", c: "1.0.0" } } },
      { "registry/models/openai/gpt/aliases.yaml": { aliases: { b: "2.0.0", c: "1.0.0", d: "1.0.0" } } },
    ],
    [
      'alias_moved aliases:model/openai/gpt 1.0.0>removed "landing 2" [remove /aliases/a]',
      'alias_moved aliases:model/openai/gpt 1.0.0>2.0.0 "landing 2" [replace /aliases/b]',
      'alias_moved aliases:model/openai/gpt ->1.0.0 "landing 2" [add /aliases/d]',
    ],
  ],
  [
    "a new version moves whoever depends on a range",
    [
      {
        [model]: { state: "production" },
        [dependent]: {
          spec: {
            dependencies: [
              { ref: "model:openai/gpt", version: "^1.0.0" },
              { ref: "model:openai/gpt", version: "1.0.0" },
            ],
          },
        },
      },
      { "registry/models/openai/gpt/1.2.0.yaml": { state: "beta" } },
    ],
    [
      'model_registered model:openai/gpt@1.2.0 ->beta "landing 2"',
      'dependency_moved model:acme/router@1.0.0 1.0.0>1.2.0 "model:openai/gpt now resolves to 1.2.0"',
    ],
  ],
  [
    "retiring the only version leaves a range without one",
    [
      { [model]: { state: "production" } },
      { [dependent]: { spec: { dependencies: [{ ref: "model:openai/gpt", version: "^1.0.0" }] } } },
      { [model]: { state: "retired" } },
    ],
    [
      'model_state_changed model:openai/gpt@1.0.0 production>retired "landing 3" [replace /state]',
      'dependency_moved model:acme/router@1.0.0 1.0.0>- "model:openai/gpt now resolves to nothing"',
    ],
  ],
  [
    "pipelines",
    [
      { "registry/pipelines/a/b/1.0.0.yaml": {} },
      { "registry/pipelines/a/b/1.0.0.yaml": { state: "active", tags: ["x"] } },
    ],
    [
      'pipeline_state_changed pipeline:a/b@1.0.0 draft>active "landing 2" [add /state]',
      'version_updated pipeline:a/b@1.0.0 ->- "landing 2" [add /tags]',
    ],
  ],
  [
    "a new pipeline",
    [{ "registry/pipelines/a/b/1.0.0.yaml": {} }],
    ['pipeline_registered pipeline:a/b@1.0.0 ->draft "landing 1"'],
  ],
  [
    "other versions",
    [{ "registry/datasets/a/b/1.0.0.yaml": {} }],
    ['version_registered dataset:a/b@1.0.0 ->draft "landing 1"'],
  ],
  [
    "other versions move",
    [{ "registry/datasets/a/b/1.0.0.yaml": {} }, { "registry/datasets/a/b/1.0.0.yaml": { state: "active" } }],
    ['version_state_changed dataset:a/b@1.0.0 draft>active "landing 2" [add /state]'],
  ],
  [
    "policies",
    [
      { "registry/policies/a/b/1.0.0.yaml": { state: "draft" } },
      { "registry/policies/a/b/1.0.0.yaml": { state: "active" } },
    ],
    ['policy_changed policy:a/b@1.0.0 draft>active "landing 2" [replace /state]'],
  ],
  [
    "an evaluation",
    [
      {
        "registry/evaluations/fraud/score/1.4.0-s-20260101t000000z.yaml": {
          status: "passed",
          target: "bundle:fraud/score@1.4.0",
        },
      },
    ],
    ['evaluation_recorded evaluation:fraud/score/1.4.0-s-20260101t000000z ->passed "landing 1"'],
  ],
  [
    "governance, each under its own type, files outside the registry by path",
    [
      {
        "registry/registry.yaml": { id: "acme" },
        "registry/governance/identities/alice.yaml": {},
        "registry/governance/roles/r.yaml": {},
        "registry/governance/approval-policies/p.yaml": {},
        "registry/governance/environments/prod.yaml": {},
        "registry/governance/policy-bindings/b.yaml": {},
        "registry/governance/metadata-schemas/m.yaml": {},
        "registry/governance/waivers/w.yaml": {},
        "registry/providers/openai.yaml": {},
        "registry/usecases/fraud/score.yaml": {},
        "registry/README.md": {},
        "registry/strange.txt": {},
        CODEOWNERS: {},
        ".github/workflows/x.yml": {},
      },
    ],
    [
      'governance_changed .github/workflows/x.yml ->- "landing 1"',
      'governance_changed CODEOWNERS ->- "landing 1"',
      'governance_changed approval-policy:p ->- "landing 1"',
      'governance_changed environment:prod ->- "landing 1"',
      'identity_changed identity:alice ->- "landing 1"',
      'governance_changed metadata-schema:m ->- "landing 1"',
      'binding_changed policy-binding:b ->- "landing 1"',
      'role_changed role:r ->- "landing 1"',
      'waiver_granted waiver:w ->- "landing 1"',
      'provider_changed provider:openai ->- "landing 1"',
      'governance_changed registry:registry ->- "landing 1"',
      'usecase_changed usecase:fraud/score ->- "landing 1"',
    ],
  ],
  [
    "a waiver goes",
    [{ "registry/governance/waivers/w.yaml": {} }, { "registry/governance/waivers/w.yaml": null }],
    ['waiver_lapsed waiver:w ->removed "landing 2"'],
  ],
  [
    "an unversioned entry changes",
    [{ "registry/providers/openai.yaml": { a: [1, 2] } }, { "registry/providers/openai.yaml": { a: [2] } }],
    ['provider_changed provider:openai ->- "landing 2" [remove /a/0]'],
  ],
];

describe("events", () => {
  test.each(table)("%s", (_name, steps, expected) => {
    const history = buildHistory(landed(steps));
    expect(history.events.filter(({ sequence }) => sequence === steps.length).map(brief)).toEqual(expected);
  });

  test("the table provokes every type that history alone can tell", () => {
    const seen = new Set(
      table.flatMap(([, steps]) => buildHistory(landed(steps)).events.map(({ type }) => type)),
    );
    // Policies tell of compliance and evidence of violations: lapses.test.ts.
    expect(eventTypes.filter((type) => !seen.has(type))).toEqual([
      "compliance_changed",
      "violation_recorded",
    ]);
  });

  test("what is derived has not changed without its number: a state kept by an older program is built anew", () => {
    const told = table.map(([, steps]) =>
      renderHistoryState(buildHistory(landed(steps)))
        .split("\n")
        .slice(1),
    );
    expect([DERIVATION, sha256Hex(JSON.stringify(told))]).toEqual([
      4,
      "e272edfb2fa3959f574e67de1aee56ede70e28980fe01c5894d24b3af052a1c9",
    ]);
  });

  test("one whole event, and its id from first principles", () => {
    const [first, second] = buildHistory(
      landed([
        {
          "registry/registry.yaml": { id: "acme" },
          "registry/governance/identities/alice.yaml": { github: { id: 101, login: "x" } },
        },
        { [live]: { bundle: "1.3.0", reason: "first" } },
      ]),
    ).events.slice(-2);
    expect(first?.actor).toBe("identity:alice");
    const tree = treeOfTexts({
      "registry/registry.yaml": '{"id":"acme"}',
      "registry/governance/identities/alice.yaml": '{"github":{"id":101,"login":"x"}}',
    });
    expect(second).toEqual({
      eventId: sha256Hex("assent-event/v1\0acme\0history\x002\0-\x001"),
      registry: "acme",
      sequence: 2,
      type: "bundle_activated",
      subject: "scope:prod/fraud/score",
      bundleId: "fraud/score",
      bundleVersion: "1.3.0",
      scope: "prod/fraud/score",
      fromState: null,
      toState: "live",
      replaces: null,
      actor: "identity:alice",
      claimed: true,
      reason: "first",
      patch: null,
      commit: sha256Hex("commit 1").slice(0, 40),
      observedAt: "2023-11-14T22:13:21Z",
      policyRevision: policyRevisionOf(tree),
    });
    expect(eventIdOf({ registryId: "acme", source: "history", sequence: 2, asOf: null, ordinal: 1 })).toBe(
      second?.eventId,
    );
  });

  test("who acted is what the first parent knew; nobody and several are unknown", () => {
    const id = (value: JsonObject): JsonObject => value;
    const digest = `sha256:${sha256Hex("bob@example.com")}`;
    const people = {
      "registry/governance/identities/alice.yaml": id({ github: { id: 101 } }),
      "registry/governance/identities/bob.yaml": id({ emailDigests: [digest] }),
    };
    const emails = [
      email,
      "Bob@Example.com",
      "carol@example.com",
      "202+carol@users.noreply.github.com",
      "202+carol@users.noreply.github.com",
      "Bob@example.com",
    ];
    const steps: Files[] = [
      people,
      {},
      {},
      { "registry/governance/identities/carol.yaml": id({ github: { id: 202 } }) },
      { "registry/governance/identities/dave.yaml": id({ emailDigests: [digest] }) },
      {},
    ];
    const history = buildHistory(
      landed(
        steps.map((files, index) => ({ ...files, [model]: { n: index } })),
        (index) => ({ email: emails[index] ?? "" }),
      ),
    );
    const actors = steps.map(
      (_, index) => history.events.find(({ sequence }) => sequence === index + 1)?.actor,
    );
    expect(actors).toEqual([
      "identity:alice",
      "identity:bob",
      "unknown",
      "unknown",
      "identity:carol",
      "unknown",
    ]);
  });

  test("registered and updated, by whom and when; what was removed has no marks", () => {
    const history = buildHistory(
      landed([
        { [model]: { a: 1 }, [live]: { bundle: "1.0.0" } },
        { [model]: { a: 2 }, "registry/providers/x.yaml": {} },
        { "registry/providers/x.yaml": null },
      ]),
    );
    const marks = history.marks.get("model:openai/gpt@1.0.0");
    expect([
      marks?.registered.sequence,
      marks?.updated.sequence,
      marks?.updated.at,
      marks?.updated.by,
    ]).toEqual([1, 2, "2023-11-14T22:13:21Z", "unknown"]);
    expect([...history.marks.keys()].sort()).toEqual(["model:openai/gpt@1.0.0", "scope:prod/fraud/score"]);
  });

  test("a file that cannot be read says nothing, and what it said before still stands", () => {
    const steps = landed([
      { [live]: { bundle: "1.3.0" } },
      { [live]: { bundle: "1.4.0" } },
      { [live]: { bundle: "1.3.0" } },
    ]);
    const middle = steps[1]?.changes[0];
    const broken = [
      steps[0],
      { landing: steps[1]?.landing, changes: [{ ...middle, after: null }] },
      { landing: steps[2]?.landing, changes: [{ ...steps[2]?.changes[0], before: null }] },
    ] as LandedValues[];
    const history = buildHistory(broken);
    expect(history.events.map(({ type }) => type)).toEqual(["bundle_activated", "activation_amended"]);
    expect(history.scopes.get("prod/fraud/score")).toEqual({ live: "1.3.0", stack: ["1.3.0"] });
  });

  test("a landing's time never falls, and --at finds the last one in time", () => {
    const times = [100, 50, 300, 200, -5];
    const landings = landed(
      times.map(() => ({})),
      (index) => ({ time: times[index] ?? 0 }),
    ).map(({ landing }) => landing);
    expect(landings.map(({ time }) => Date.parse(time) / 1000)).toEqual([100, 100, 300, 300, 300]);
    expect(
      ["1970-01-01T00:01:39Z", "1970-01-01T00:01:40Z", "1970-01-01T00:04:59Z", "1970-01-01T00:05:00Z"].map(
        (at) => landingAt(landings, at)?.sequence,
      ),
    ).toEqual([undefined, 2, 2, 5]);
  });
});

const paths = [
  model,
  bundle,
  live,
  dependent,
  "registry/live/dev/fraud/score.yaml",
  "registry/models/openai/gpt/1.1.0.yaml",
  "registry/registry.yaml",
  "registry/governance/identities/alice.yaml",
  "registry/models/openai/gpt/aliases.yaml",
  "CODEOWNERS",
  "registry/README.md",
];
const value = fc.record(
  {
    bundle: fc.constantFrom("1.0.0", "1.1.0", "2.0.0", "none", "inherit"),
    state: fc.constantFrom("candidate", "approved", "retired", "beta"),
    reason: fc.constantFrom("a", "b"),
    github: fc.constant({ id: 101 }),
    aliases: fc.dictionary(fc.constantFrom("x", "y"), fc.constantFrom("1.0.0", "1.1.0")),
    spec: fc.constant({ dependencies: [{ ref: "model:openai/gpt", version: "^1.0.0" }] }),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<JsonObject>;
const histories = fc.array(fc.dictionary(fc.constantFrom(...paths), fc.option(value, { nil: null })), {
  maxLength: 12,
});

describe("properties", () => {
  test("appending equals building anew, at every cut and in any order of changes", () => {
    fc.assert(
      fc.property(histories, fc.nat(12), (steps, cut) => {
        const all = landed(steps);
        const whole = buildHistory(all);
        const appended = appendHistory(
          appendHistory(emptyHistory, all.slice(0, cut)),
          all.slice(cut).map((each) => ({ ...each, changes: [...each.changes].reverse() })),
        );
        expect(appended).toEqual(whole);
        expect(JSON.stringify(appended.events)).toBe(JSON.stringify(whole.events));
        const ids = whole.events.map(({ eventId }) => eventId);
        expect(new Set(ids).size).toBe(ids.length);
      }),
      { numRuns: 300 },
    );
    expect(emptyHistory.events).toEqual([]);
  });

  test("the policy revision is that of the tree", () => {
    fc.assert(
      fc.property(histories, (steps) => {
        const files = new Map<string, string>();
        for (const step of steps)
          for (const [path, each] of Object.entries(step)) {
            if (each === null) files.delete(path);
            else files.set(path, JSON.stringify(each));
          }
        expect(buildHistory(landed(steps)).policyRevision).toBe(
          policyRevisionOf(treeOfTexts(Object.fromEntries(files))),
        );
      }),
    );
  });

  test("a patch turns the one value into the other", () => {
    const json = fc.jsonValue({ maxDepth: 4, noUnicodeString: false }) as fc.Arbitrary<Json>;
    fc.assert(
      fc.property(json, json, (before, after) => {
        expect(applied(before, patchOf(before, after))).toEqual(after);
      }),
      { numRuns: 2000 },
    );
    const list = fc.array(fc.constantFrom(1, 2, 3), { maxLength: 6 });
    fc.assert(
      fc.property(list, list, (before, after) => {
        expect(applied(before, patchOf(before, after))).toEqual(after);
      }),
      { numRuns: 2000 },
    );
  });

  test("a scope's stack holds no version twice, its top is live, and a move back is a rollback", () => {
    const states = fc.array(fc.constantFrom<Live>("1", "2", "3", "none", "inherit", null), { maxLength: 20 });
    fc.assert(
      fc.property(states, (lives) => {
        let from: Live = null;
        let stack = stackOf([]);
        for (const to of lives) {
          const moved = moveScope(stack, from, to);
          if (moved.move === "rollback")
            expect([stack.includes(to ?? ""), moved.stack.length < stack.length]).toEqual([true, true]);
          if (moved.move === "promote") expect(stack.includes(to ?? "")).toBe(false);
          stack = moved.stack;
          from = to;
          expect(new Set(stack).size).toBe(stack.length);
          expect(stack.at(-1) ?? "nothing").toBe(
            to === null || to === "none" || to === "inherit" ? "nothing" : to,
          );
        }
        expect(stackOf(lives)).toEqual(stack);
      }),
    );
  });
});

/** RFC 6902, the three operations, written the slow and obvious way. */
function applied(start: Json, patch: readonly PatchOperation[]): Json {
  let root: Json = structuredClone(start) as Json;
  for (const operation of patch) {
    const steps = operation.path
      .split("/")
      .slice(1)
      .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
    const last = steps.pop();
    if (last === undefined) {
      root = operation.op === "remove" ? null : operation.value;
      continue;
    }
    let parent: Json | undefined = root;
    for (const step of steps)
      parent = Array.isArray(parent)
        ? (parent as readonly Json[])[Number(step)]
        : isObject(parent)
          ? parent[step]
          : undefined;
    if (Array.isArray(parent))
      parent.splice(
        Number(last),
        operation.op === "add" ? 0 : 1,
        ...(operation.op === "remove" ? [] : [operation.value]),
      );
    else if (operation.op === "remove") delete (parent as Record<string, Json>)[last];
    else
      Object.defineProperty(parent as object, last, {
        value: operation.value,
        enumerable: true,
        configurable: true,
        writable: true,
      });
  }
  return root;
}

/** Bindings, compliance, waivers, the policies' own tests, queries. */
import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { bindingsOf, levelOf, selectionOf } from "../../src/core/policy/bindings.ts";
import { compliance, idleWaivers, type EntryCompliance } from "../../src/core/policy/compliance.ts";
import { runPolicyTests } from "../../src/core/policy/policies.ts";
import { compileQuery } from "../../src/core/policy/query.ts";
import type { Selector } from "../../src/generated/entries.ts";
import type { Instant } from "../../src/core/model/instant.ts";
import type { Entry } from "../../src/core/model/registry.ts";
import { registryOfValues } from "../registry-of-values.ts";
import { cpuTime } from "../cpu-time.ts";

const asOf = "2026-07-01T00:00:00Z" as Instant;

type Values = Record<string, object>;

const large = {
  id: "large",
  when: 'facts.role == "general"',
  assert: 'facts.sizeClass in ["large", "xl"]',
  severity: "high",
  message: "Too small.",
};
const evidence = {
  id: "evidence",
  assert: 'evaluations.exists(e, e.status == "passed")',
  severity: "medium",
  message: "Not evaluated.",
};
const labelled = { id: "team", assert: 'labels.team != ""', severity: "low", message: "No team." };

function model(facts: object = {}, more: object = {}): object {
  return { state: "production", spec: { provider: "provider:p", type: "image" }, facts, ...more };
}
function policy(...rules: object[]): object {
  return { state: "active", spec: { appliesTo: ["Model"], rules } };
}
const at = {
  model: (name: string, ns = "acme") => `registry/models/${ns}/${name}/1.0.0.yaml`,
  policy: (name: string) => `registry/policies/core/${name}/1.0.0.yaml`,
  binding: (name: string) => `registry/governance/policy-bindings/${name}.yaml`,
  waiver: (name: string) => `registry/governance/waivers/${name}.yaml`,
  evaluation: (name: string) => `registry/evaluations/acme/${name}/1.0.0-s.yaml`,
};
const ref = (name: string): string => `policy:core/${name}@1.0.0`;
const bind = (selector: Selector, ...policies: string[]): object => ({
  selector,
  policies: policies.map(ref),
});
const waive = (name: string, more: object = {}): object => {
  return { policy: ref(name), selector: {}, reason: "Agreed.", expires: "2027-01-01T00:00:00Z", ...more };
};

function complianceOf(values: Values, of = "model:acme/m@1.0.0"): readonly EntryCompliance[] {
  return compliance(registryOfValues(values), asOf).filter((each) => each.ref === of);
}

describe("selectors", () => {
  const registry = registryOfValues({
    [at.model("m")]: model({}, { labels: { team: "a", tier: "1" } }),
    [at.model("m", "other")]: model({}, { state: "beta" }),
    "registry/providers/p.yaml": {},
    "registry/live/prod/acme/score.yaml": { bundle: "1.0.0", reason: "x" },
  });
  const [live, mine, other, provider] = [
    "scope:prod/acme/score",
    "model:acme/m@1.0.0",
    "model:other/m@1.0.0",
    "provider:p",
  ];
  test.each<[Selector, string | null, string[]]>([
    [{}, null, [live, mine, other, provider]],
    [{ kinds: ["Model"] }, null, [mine, other]],
    [{ kinds: ["Model", "Provider"] }, null, [mine, other, provider]],
    [{ namespaces: ["acme"] }, null, [live, mine]],
    [{ namespaces: ["acme", "other"], kinds: ["Model"] }, null, [mine, other]],
    [{ refs: ["model:acme/m@1.0.0", "provider:p"] }, null, [mine, provider]],
    [{ refs: [] }, null, []],
    [{ labels: { team: "a" } }, null, [mine]],
    [{ labels: { team: "a", tier: "2" } }, null, []],
    [{ labels: { toString: "x" } }, null, []],
    [{ states: ["beta"] }, null, [other]],
    [{ states: ["beta", "production"] }, null, [mine, other]],
    [{ environments: ["environment:prod"] }, null, [live]],
    [{ environments: ["environment:prod"] }, "environment:prod", [live, mine, other, provider]],
    [{ environments: ["environment:dev"] }, "environment:dev", [mine, other, provider]],
    [
      { environments: ["environment:prod"], kinds: ["Model"], namespaces: ["acme"] },
      "environment:prod",
      [mine],
    ],
  ])("%j in %s", (selector, environment, expected) => {
    const selects = selectionOf(selector);
    const found = registry.entries
      .filter((entry) => selects(entry, environment))
      .map((entry) => entry.ref as string);
    expect(found.sort()).toEqual([...expected].sort());
  });

  test.each<[Selector, string]>([
    [{}, "global"],
    [{ kinds: ["Model"], environments: ["environment:prod"] }, "global"],
    [{ namespaces: ["acme"] }, "namespace"],
    [{ namespaces: ["acme"], refs: ["model:acme/m@1.0.0"] }, "entry"],
  ])("%j is %s", (selector, level) => expect(levelOf(selector)).toBe(level));

  test("a policy reaches an entry by several bindings, and one that enforces decides", () => {
    const values = {
      [at.model("m")]: model(),
      [at.policy("size")]: policy(large),
      [at.binding("b")]: { ...bind({}, "size"), mode: "warn" },
      [at.binding("a")]: bind({ namespaces: ["acme"] }, "size", "missing"),
      [at.binding("c")]: bind({ kinds: ["Bundle"] }, "size"),
    };
    const found = registryOfValues(values);
    expect(bindingsOf(found).policiesOf(found.get("model:acme/m@1.0.0") as Entry, null)).toEqual([
      {
        policy: ref("size"),
        mode: "enforce",
        bindings: [
          { ref: "policy-binding:a", level: "namespace" },
          { ref: "policy-binding:b", level: "global" },
        ],
      },
    ]);
  });
});

describe("compliance", () => {
  const base: Values = {
    [at.policy("size")]: policy(large),
    [at.policy("proof")]: policy(evidence),
    [at.policy("both")]: policy(large, labelled),
  };
  const small = model({ role: "general", sizeClass: "nano" });
  const passed = { suite: "suite:a/b@1.0.0", target: "model:acme/m@1.0.0", status: "passed" };
  test.each<[string, Values, string, string[]]>([
    ["nothing bound", { [at.model("m")]: small }, "unknown", []],
    [
      "bound to another kind",
      { [at.model("m")]: small, [at.binding("b")]: bind({ kinds: ["Bundle"] }, "size") },
      "unknown",
      [],
    ],
    [
      "bound in another namespace",
      { [at.model("m")]: small, [at.binding("b")]: bind({ namespaces: ["x"] }, "size") },
      "unknown",
      [],
    ],
    [
      "met",
      { [at.model("m")]: model({ role: "general", sizeClass: "xl" }), [at.binding("b")]: bind({}, "size") },
      "compliant",
      [],
    ],
    [
      "not asked",
      { [at.model("m")]: model({ role: "specialist" }), [at.binding("b")]: bind({}, "size") },
      "compliant",
      [],
    ],
    ["violated", { [at.model("m")]: small, [at.binding("b")]: bind({}, "size") }, "non-compliant", ["large"]],
    [
      "unanswerable is violated",
      { [at.model("m")]: model(), [at.binding("b")]: bind({}, "both") },
      "non-compliant",
      ['team: there is no key "team"'],
    ],
    [
      "waived",
      { [at.model("m")]: small, [at.binding("b")]: bind({}, "size"), [at.waiver("w")]: waive("size") },
      "exempt",
      ["large (waiver:w)"],
    ],
    [
      "waived by its rule",
      {
        [at.model("m")]: small,
        [at.binding("b")]: bind({}, "size"),
        [at.waiver("w")]: waive("size", { rule: "large" }),
      },
      "exempt",
      ["large (waiver:w)"],
    ],
    [
      "another rule waived",
      {
        [at.model("m")]: small,
        [at.binding("b")]: bind({}, "size"),
        [at.waiver("w")]: waive("size", { rule: "team" }),
      },
      "non-compliant",
      ["large"],
    ],
    [
      "another policy waived",
      { [at.model("m")]: small, [at.binding("b")]: bind({}, "size"), [at.waiver("w")]: waive("both") },
      "non-compliant",
      ["large"],
    ],
    [
      "another entry waived",
      {
        [at.model("m")]: small,
        [at.binding("b")]: bind({}, "size"),
        [at.waiver("w")]: waive("size", { selector: { refs: ["model:x/y@1.0.0"] } }),
      },
      "non-compliant",
      ["large"],
    ],
    [
      "waiver ended",
      {
        [at.model("m")]: small,
        [at.binding("b")]: bind({}, "size"),
        [at.waiver("w")]: waive("size", { expires: "2026-06-30T23:59:59Z" }),
      },
      "non-compliant",
      ["large"],
    ],
    [
      "waiver ends this instant",
      {
        [at.model("m")]: small,
        [at.binding("b")]: bind({}, "size"),
        [at.waiver("w")]: waive("size", { expires: asOf }),
      },
      "non-compliant",
      ["large"],
    ],
    [
      "waiver ends next second",
      {
        [at.model("m")]: small,
        [at.binding("b")]: bind({}, "size"),
        [at.waiver("w")]: waive("size", { expires: "2026-07-01T00:00:01Z" }),
      },
      "exempt",
      ["large (waiver:w)"],
    ],
    [
      "one of two violations waived",
      {
        [at.model("m")]: small,
        [at.binding("b")]: bind({}, "both"),
        [at.waiver("w")]: waive("both", { rule: "large" }),
      },
      "non-compliant",
      ["large (waiver:w)", 'team: there is no key "team"'],
    ],
    [
      "both waived, by three waivers",
      {
        [at.model("m")]: small,
        [at.binding("b")]: bind({}, "both"),
        [at.waiver("w")]: waive("both", { rule: "large" }),
        [at.waiver("v")]: waive("both"),
        [at.waiver("u")]: waive("both", { rule: "team" }),
      },
      "exempt",
      ["large (waiver:v waiver:w)", 'team: there is no key "team" (waiver:u waiver:v)'],
    ],
    [
      "evidence missing",
      { [at.model("m")]: small, [at.binding("b")]: bind({}, "proof") },
      "pending",
      ["evidence pending"],
    ],
    [
      "evidence there",
      { [at.model("m")]: small, [at.binding("b")]: bind({}, "proof"), [at.evaluation("m")]: passed },
      "compliant",
      [],
    ],
    [
      "evidence of a failure",
      {
        [at.model("m")]: small,
        [at.binding("b")]: bind({}, "proof"),
        [at.evaluation("m")]: { ...passed, status: "failed" },
      },
      "non-compliant",
      ["evidence"],
    ],
    [
      "missing evidence waived",
      { [at.model("m")]: small, [at.binding("b")]: bind({}, "proof"), [at.waiver("w")]: waive("proof") },
      "exempt",
      ["evidence pending (waiver:w)"],
    ],
    // Several policies: the first of non-compliant, pending, exempt, compliant.
    [
      "non-compliant before pending",
      { [at.model("m")]: small, [at.binding("b")]: bind({}, "size", "proof") },
      "non-compliant",
      ["evidence pending", "large"],
    ],
    [
      "pending before exempt",
      {
        [at.model("m")]: small,
        [at.binding("b")]: bind({}, "size", "proof"),
        [at.waiver("w")]: waive("size"),
      },
      "pending",
      ["evidence pending", "large (waiver:w)"],
    ],
    [
      "exempt before compliant",
      {
        [at.model("m")]: small,
        [at.binding("b")]: bind({}, "size", "proof"),
        [at.waiver("w")]: waive("size"),
        [at.evaluation("m")]: passed,
      },
      "exempt",
      ["large (waiver:w)"],
    ],
  ])("%s", (_, values, status, violations) => {
    const [found, ...more] = complianceOf({ ...base, ...values });
    expect(more).toEqual([]);
    const shown = found?.violations.map((each) => {
      return `${each.rule}${each.error === null ? "" : `: ${each.error}`}${each.isPending ? " pending" : ""}${each.waivers.length > 0 ? ` (${each.waivers.join(" ")})` : ""}`;
    });
    expect([found?.status, shown]).toEqual([status, violations]);
  });

  test("where bindings name environments, an entry is judged in each of them", () => {
    const values = {
      ...base,
      [at.model("m")]: small,
      [at.binding("everywhere")]: bind({}, "both"),
      [at.binding("prod")]: bind(
        { environments: ["environment:prod", "environment:stage"], kinds: ["Model"] },
        "size",
      ),
      [at.waiver("w")]: waive("size", { selector: { environments: ["environment:stage"] } }),
      [at.waiver("v")]: waive("both"),
    };
    const found = complianceOf(values).map(({ environment, status, policies }) => [
      environment,
      status,
      policies.map((each) => `${each.policy} ${each.status}`),
    ]);
    expect(found).toEqual([
      [null, "exempt", [`${ref("both")} exempt`]],
      ["environment:prod", "non-compliant", [`${ref("both")} exempt`, `${ref("size")} non-compliant`]],
      ["environment:stage", "exempt", [`${ref("both")} exempt`, `${ref("size")} exempt`]],
    ]);
  });

  test("a violation says everything a reader needs", () => {
    const values = {
      ...base,
      [at.policy("size")]: policy({ ...large, remediation: "Grow." }),
      [at.model("m")]: small,
      [at.binding("b")]: { ...bind({}, "size"), mode: "warn" },
    };
    expect(complianceOf(values)[0]?.violations).toEqual([
      {
        policy: ref("size"),
        rule: "large",
        severity: "high",
        mode: "warn",
        message: "Too small.",
        remediation: "Grow.",
        error: null,
        isPending: false,
        waivers: [],
      },
    ]);
  });

  test("a rule that does not compile is violated by all, never passed", () => {
    const values = {
      [at.model("m")]: small,
      [at.policy("size")]: policy({ ...large, assert: "facts.nothing == 1" }),
      [at.binding("b")]: bind({}, "size"),
    };
    expect(complianceOf(values)[0]).toMatchObject({
      status: "non-compliant",
      violations: [{ rule: "large", error: "there is no field nothing here" }],
    });
  });

  test("a rule reads what surrounds the entry", () => {
    const rules = [
      {
        ...large,
        id: "parents",
        when: "size(ancestors) > 0",
        assert: 'ancestors.all(a, a.state != "retired")',
      },
      { ...large, id: "needs", when: "true", assert: 'dependencies.exists(d, d.kind == "Provider")' },
    ];
    const values = {
      [at.model("m")]: model(
        {},
        { spec: { provider: "provider:p", type: "image", derivedFrom: ["model:acme/base@1.0.0"] } },
      ),
      [at.model("base")]: model(
        {},
        { spec: { provider: "provider:q", type: "image", derivedFrom: ["model:acme/root@1.0.0"] } },
      ),
      [at.model("root")]: model(
        {},
        {
          state: "retired",
          spec: { provider: "provider:q", type: "image", derivedFrom: ["model:acme/m@1.0.0"] },
        },
      ),
      "registry/providers/p.yaml": {},
      [at.policy("size")]: policy(...rules),
      [at.binding("b")]: bind({}, "size"),
    };
    expect(complianceOf(values)[0]?.violations.map(({ rule }) => rule)).toEqual(["parents"]);
    expect(complianceOf(values, "model:acme/root@1.0.0")[0]?.violations.map(({ rule }) => rule)).toEqual([
      "needs",
    ]);
  });

  test("waivers that cover nothing are named", () => {
    const values = {
      ...base,
      [at.model("m")]: small,
      [at.binding("b")]: bind({}, "size"),
      [at.waiver("used")]: waive("size"),
      [at.waiver("idle")]: waive("size", { rule: "team" }),
      [at.waiver("other")]: waive("both"),
      [at.waiver("ended")]: waive("both", { expires: "2026-01-01T00:00:00Z" }),
    };
    const registry = registryOfValues(values);
    expect(idleWaivers(registry, asOf, compliance(registry, asOf)).map((waiver) => waiver.ref)).toEqual([
      "waiver:idle",
      "waiver:other",
    ]);
  });

  test("neither the order nor the names of bindings and waivers matter", () => {
    const bindings = [
      bind({}, "size"),
      bind({ kinds: ["Model"] }, "both"),
      bind({ namespaces: ["acme"] }, "proof"),
      bind({ states: ["production"] }, "size"),
      bind({ environments: ["environment:prod"] }, "proof"),
    ];
    const waivers = [
      waive("size"),
      waive("both", { rule: "team" }),
      waive("proof", { expires: "2026-01-01T00:00:00Z" }),
      waive("both", { selector: { namespaces: ["x"] } }),
    ];
    const run = (order: readonly number[], chosen: readonly number[]): unknown => {
      const values: Values = {
        ...base,
        [at.model("m")]: small,
        [at.model("n")]: model({}, { labels: { team: "a" } }),
      };
      order
        .filter((i) => i < bindings.length && chosen.includes(i))
        .forEach((i, at_) => (values[at.binding(`b${at_}`)] = bindings[i] as object));
      order
        .filter((i) => i < waivers.length && chosen.includes(i + 10))
        .forEach((i, at_) => (values[at.waiver(`w${at_}`)] = waivers[i] as object));
      return compliance(registryOfValues(values), asOf)
        .filter(({ ref: of }) => of.startsWith("model:"))
        .map(({ ref: of, environment, status, violations }) => [
          of,
          environment,
          status,
          violations.map((each) => [each.policy, each.rule, each.waivers.length]),
        ]);
    };
    const numbers = [0, 1, 2, 3, 4];
    fc.assert(
      fc.property(
        fc.shuffledSubarray(numbers, { minLength: 5 }),
        fc.subarray([0, 1, 2, 3, 4, 10, 11, 12, 13]),
        (order, chosen) => {
          expect(run(order, chosen)).toEqual(run(numbers, chosen));
        },
      ),
      { numRuns: 100 },
    );
  });

  test("one waiver more never makes an entry worse, one binding more never better", () => {
    const rank = ["non-compliant", "pending", "exempt", "compliant", "unknown"];
    const choose = fc.subarray(["size", "both", "proof"], { minLength: 1 });
    fc.assert(
      fc.property(choose, choose, choose, (bound, waived, more) => {
        const values: Values = { ...base, [at.model("m")]: small, [at.binding("b")]: bind({}, ...bound) };
        waived.forEach((name) => (values[at.waiver(name)] = waive(name)));
        const before = rank.indexOf(complianceOf(values)[0]?.status ?? "");
        const withWaiver = {
          ...values,
          ...Object.fromEntries(more.map((name) => [at.waiver(`x${name}`), waive(name)])),
        };
        expect(rank.indexOf(complianceOf(withWaiver)[0]?.status ?? "")).toBeGreaterThanOrEqual(before);
        const withBinding = { ...values, [at.binding("c")]: bind({}, ...more) };
        expect(rank.indexOf(complianceOf(withBinding)[0]?.status ?? "")).toBeLessThanOrEqual(before);
      }),
    );
  });
});

describe("a policy's own tests", () => {
  const spec = (given: object, expected: string[]) =>
    ({
      appliesTo: ["Model"],
      rules: [large, labelled, evidence],
      tests: [{ given, expect: expected }],
    }) as never;
  const met = { labels: { team: "a" }, evaluations: [{ status: "passed" }] };
  test.each<[object, string[], boolean, string[]]>([
    [{ ...met, facts: { role: "general", sizeClass: "nano" } }, ["large"], true, ["large"]],
    [{ ...met, facts: { role: "general", sizeClass: "nano" } }, [], false, ["large"]],
    [met, [], true, []],
    [met, ["large"], false, []],
    [{}, ["evidence", "team"], true, ["team", "evidence"]],
    [{ ...met, fact: { role: "general" } }, [], false, []],
  ])("%j expects %j: %s", (given, expected, passed, violated) => {
    expect(runPolicyTests(spec(given, expected))).toMatchObject([{ index: 0, passed, violated }]);
  });

  test("an unseen key and an unanswerable rule are explained", () => {
    expect(runPolicyTests(spec({ fact: {} }, []))).toMatchObject([
      {
        unseen: [{ key: "fact", nearest: "facts" }],
        errors: [{ rule: "team", message: 'there is no key "team"' }],
      },
    ]);
  });

  const example = new URL(
    "../../../shared/examples/registry/policies/core/generals-only-for-large-models/1.0.0.yaml",
    import.meta.url,
  );
  test.skipIf(!existsSync(example))(
    "the example's policy passes (skipped where ../shared is missing)",
    () => {
      const { spec: shared } = parse(readFileSync(example, "utf8"));
      expect(runPolicyTests(shared)).toEqual([
        {
          index: 0,
          passed: true,
          expected: ["large-enough"],
          violated: ["large-enough"],
          errors: [],
          unseen: [],
        },
      ]);
    },
  );
});

describe("queries", () => {
  const registry = registryOfValues({
    [at.model("m")]: model({ sizeClass: "xl" }, { labels: { team: "a" } }),
    [at.model("n")]: model(),
    "registry/providers/p.yaml": { labels: { team: "b" } },
    "registry/usecases/acme/score.yaml": { purpose: "x", owner: "role:r", riskTier: "high" },
  });
  test.each<[string, string[], number]>([
    ['kind == "Model"', ["model:acme/m@1.0.0", "model:acme/n@1.0.0"], 0],
    ['facts.sizeClass == "xl"', ["model:acme/m@1.0.0"], 0],
    ['spec.riskTier == "high"', ["usecase:acme/score"], 0],
    ['labels.team == "a"', ["model:acme/m@1.0.0"], 2],
    ['"team" in labels', ["model:acme/m@1.0.0", "provider:p"], 0],
    [
      "asOf > timestamp('2026-01-01') && ns == 'acme' && usecase.riskTier == 'high'",
      ["usecase:acme/score"],
      0,
    ],
  ])("%s", (text, matches, skipped) => {
    const compiled = compileQuery(text);
    if ("faults" in compiled) throw new Error(compiled.faults[0]?.message);
    const result = compiled.query.run(registry, asOf);
    expect([result.matches.map((entry) => entry.ref), result.skipped.length]).toEqual([matches, skipped]);
  });

  test("a costly query ends", () => {
    const values = Object.fromEntries(
      Array.from({ length: 300 }, (_, i) => [
        at.model(`m${i}`),
        model({}, { tags: Array.from({ length: 1_000 }, (_x, t) => `t${t}`) }),
      ]),
    );
    const compiled = compileQuery('tags.all(x, tags.all(y, x != "" && y != ""))');
    if ("faults" in compiled) throw new Error(compiled.faults[0]?.message);
    const before = cpuTime();
    const { skipped } = compiled.query.run(registryOfValues(values), asOf);
    expect([skipped.length, skipped[0]?.error.message]).toEqual([300, "the evaluation takes too many steps"]);
    expect(cpuTime() - before).toBeLessThan(2_000);
  });

  test("a query that no kind can answer is a fault", () => {
    expect(compileQuery("facts.sizeClas == 'x'")).toEqual({
      faults: [
        { message: "there is no field sizeClas here", hint: "did you mean sizeClass?", start: 6, end: 14 },
      ],
    });
  });
});

/** Resolution: every sentence of DESIGN 8 as a row, asked through the compiler and the loader, as every consumer does. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Resolution, WireError } from "../../src/core/model/snapshot.ts";
import { renderAnswer, type Query } from "../../src/core/resolve/resolve.ts";
import { at, base, bundle, compiled, live, resolverOf, type Values } from "../compiled.ts";

function ask(values: Values, query: Partial<Query>): Resolution {
  const answer = resolverOf(compiled(values)).resolve({
    environment: "prod",
    usecase: "fraud/score",
    ...query,
  });
  if (answer.format !== "assent.resolution/v1") throw new Error(`${answer.code}: ${answer.message}`);
  return answer;
}

function refused(values: Values, query: Partial<Query>): WireError {
  const answer = resolverOf(compiled(values)).resolve({
    environment: "prod",
    usecase: "fraud/score",
    ...query,
  });
  if (answer.format !== "assent.error/v1") throw new Error(`answered ${answer.outcome}`);
  return answer;
}

const tried = (answer: Resolution): string[] =>
  answer.steps.map((step) => `${step.try} ${step.result} ${step.reason}`);

describe("which Activation decides", () => {
  const ladder: Values = {
    [at("")]: live("1.0.0"),
    [at("/acme")]: live("2.0.0"),
    [at("/default/night")]: live("1.0.0"),
    [at("/acme/night")]: live("2.0.0"),
  };
  const rows: readonly [string, Values, Partial<Query>, string, readonly string[]][] = [
    ["exact, nothing named", ladder, {}, "fraud/score", []],
    ["exact tenant", ladder, { tenant: "acme" }, "fraud/score/acme", []],
    ["exact scenario", ladder, { scenario: "night" }, "fraud/score/default/night", []],
    [
      "`default` spells no tenant",
      ladder,
      { tenant: "default", scenario: "night" },
      "fraud/score/default/night",
      [],
    ],
    [
      "exact tenant and scenario",
      ladder,
      { tenant: "acme", scenario: "night" },
      "fraud/score/acme/night",
      [],
    ],
    [
      "(tenant, -) before (-, scenario)",
      without(ladder, at("/acme/night")),
      { tenant: "acme", scenario: "night" },
      "fraud/score/acme",
      ["fraud/score/acme/night"],
    ],
    [
      "then (-, scenario)",
      without(ladder, at("/acme/night"), at("/acme")),
      { tenant: "acme", scenario: "night" },
      "fraud/score/default/night",
      ["fraud/score/acme/night", "fraud/score/acme"],
    ],
    [
      "then (-, -)",
      { [at("")]: live("1.0.0") },
      { tenant: "acme", scenario: "night" },
      "fraud/score",
      ["fraud/score/acme/night", "fraud/score/acme", "fraud/score/default/night"],
    ],
    [
      "a scenario alone never asks a tenant",
      ladder,
      { scenario: "day" },
      "fraud/score",
      ["fraud/score/default/day"],
    ],
  ];
  it.each(rows)("%s", (_, values, query, scope, absent) => {
    const answer = ask(values, query);
    expect(answer.outcome).toBe("resolved");
    const scopes = tried(answer).filter((step) => step.startsWith("scope:"));
    const inherited = absent.length > 0 ? "SCOPE_INHERITED" : "null";
    expect(scopes).toEqual([
      ...absent.map((path) => `scope:prod/${path} absent SCOPE_NOT_FOUND`),
      `scope:prod/${scope} found ${inherited}`,
    ]);
    expect(answer.reasons).toEqual([
      "ACTIVE_BUNDLE_RESOLVED",
      ...(absent.length > 0 ? ["SCOPE_INHERITED"] : []),
    ]);
  });

  it("asks nobody else without resolution.inherit", () => {
    const strict = {
      ...ladder,
      "registry/registry.yaml": { ...base["registry/registry.yaml"], resolution: { inherit: false } },
    };
    expect(ask(strict, { tenant: "zeta" })).toMatchObject({
      outcome: "none",
      bundle: null,
      compatible: false,
      reasons: ["SCOPE_NOT_FOUND"],
    });
    expect(tried(ask(strict, { tenant: "zeta" }))).toEqual([
      "scope:prod/fraud/score/zeta absent SCOPE_NOT_FOUND",
    ]);
    expect(ask(strict, { tenant: "acme" }).outcome).toBe("resolved");
  });

  it("lets the first Activation decide, also when it is none or does not fit", () => {
    const none = ask({ ...ladder, [at("/acme")]: live("none") }, { tenant: "acme" });
    expect(none).toMatchObject({ outcome: "none", bundle: null, compatible: false, reasons: ["NO_ACTIVE"] });
    const inheritedNone = ask({ [at("")]: live("none") }, { tenant: "acme" });
    expect(inheritedNone).toMatchObject({ outcome: "none", reasons: ["SCOPE_INHERITED", "NO_ACTIVE"] });
    expect(ask({ ...ladder, [at("/acme")]: live("3.0.0") }, { tenant: "acme" }).outcome).toBe("incompatible");
  });

  it("passes over `inherit` as if the file did not exist", () => {
    const answer = ask({ ...ladder, [at("/acme")]: live("inherit") }, { tenant: "acme" });
    expect(answer).toMatchObject({ outcome: "resolved", bundle: { ref: "bundle:fraud/score@1.0.0" } });
    expect(tried(answer)[0]).toBe("scope:prod/fraud/score/acme inherit SCOPE_NOT_FOUND");
    expect(ask({ [at("")]: live("inherit") }, {})).toMatchObject({
      outcome: "none",
      reasons: ["SCOPE_NOT_FOUND"],
    });
  });

  it("never chooses by version", () => {
    expect(ask({ [at("")]: live("1.0.0") }, {}).bundle?.ref).toBe("bundle:fraud/score@1.0.0");
    expect(ask({}, {})).toMatchObject({ outcome: "none", bundle: null });
  });
});

describe("compatibility", () => {
  const rows: readonly [string, string, Partial<Query>, string, readonly string[]][] = [
    ["fits", "2.0.0", {}, "resolved", ["ACTIVE_BUNDLE_RESOLVED"]],
    [
      "nothing required fits everywhere",
      "1.0.0",
      { degradeMode: "DEGRADED_1", featureGroups: {}, capabilities: [] },
      "resolved",
      ["ACTIVE_BUNDLE_RESOLVED"],
    ],
    [
      "a capability masked by the profile",
      "2.0.0",
      { degradeMode: "DEGRADED_1" },
      "incompatible",
      ["CAPABILITY_MISMATCH:primary"],
    ],
    [
      "a feature group masked by the profile",
      "2.0.0",
      { degradeMode: "DEGRADED_2" },
      "incompatible",
      ["FEATURE_GROUP_MISSING:velocity"],
    ],
    [
      "a profile that states no list masks nothing",
      "2.0.0",
      { degradeMode: "QUIET" },
      "resolved",
      ["ACTIVE_BUNDLE_RESOLVED"],
    ],
    [
      "the caller has everything",
      "2.0.0",
      { featureGroups: { core: "v1", velocity: "v2" }, capabilities: ["primary"] },
      "resolved",
      ["ACTIVE_BUNDLE_RESOLVED"],
    ],
    [
      "the caller has another version",
      "2.0.0",
      { featureGroups: { core: "v1", velocity: "v1" } },
      "incompatible",
      ["FEATURE_GROUP_VERSION_MISMATCH:velocity"],
    ],
    [
      "the caller has several versions",
      "2.0.0",
      { featureGroups: { core: "v1", velocity: ["v1", "v2"] } },
      "resolved",
      ["ACTIVE_BUNDLE_RESOLVED"],
    ],
    [
      "the caller lacks a group",
      "2.0.0",
      { featureGroups: { core: "v1" } },
      "incompatible",
      ["FEATURE_GROUP_MISSING:velocity"],
    ],
    [
      "the caller lacks a capability",
      "2.0.0",
      { capabilities: ["stage2"] },
      "incompatible",
      ["CAPABILITY_MISMATCH:primary"],
    ],
    [
      "a caller cannot widen the offer",
      "3.0.0",
      { featureGroups: { velocity: "v9", graph: "v1" }, capabilities: ["gpu"] },
      "incompatible",
      ["FEATURE_GROUP_MISSING:graph", "FEATURE_GROUP_VERSION_MISMATCH:velocity", "CAPABILITY_MISMATCH:gpu"],
    ],
    [
      "narrowing comes before masking",
      "2.0.0",
      { degradeMode: "DEGRADED_2", featureGroups: { core: "v2", velocity: "v2" } },
      "incompatible",
      ["FEATURE_GROUP_MISSING:velocity", "FEATURE_GROUP_VERSION_MISMATCH:core"],
    ],
    [
      "names that every object has",
      "2.0.0",
      { featureGroups: JSON.parse('{"constructor":"v1","__proto__":"v1"}') as Record<string, string> },
      "incompatible",
      ["FEATURE_GROUP_MISSING:core", "FEATURE_GROUP_MISSING:velocity"],
    ],
  ];
  it.each(rows)("%s", (_, version, query, outcome, reasons) => {
    const answer = ask({ [at("")]: live(version) }, query);
    expect(answer.outcome).toBe(outcome);
    const expected =
      outcome === "resolved"
        ? reasons
        : ["ACTIVE_BUNDLE_INCOMPATIBLE", ...reasons, "FAIL_CLOSED_NO_COMPATIBLE_BUNDLE"];
    expect(answer.reasons).toEqual(expected);
    expect(answer.compatible).toBe(outcome === "resolved");
    expect(answer.bundle === null).toBe(outcome !== "resolved");
  });

  it("looks a schema and the input contract up in the offered schemas, by exact membership", () => {
    const other = {
      [at("")]: live("4.0.0"),
      "registry/bundles/fraud/score/4.0.0.yaml": bundle({ schemas: { event: "1.4" } }),
    };
    expect(ask(other, {}).reasons).toContain("SCHEMA_VERSION_MISMATCH:event");
    const contract = (schema: string, version: string): Resolution =>
      ask(
        {
          [at("")]: live("4.0.0"),
          "registry/bundles/fraud/score/4.0.0.yaml": bundle({ inputContract: { schema, version } }),
        },
        {},
      );
    expect(contract("event", "1.4.0").outcome).toBe("resolved");
    expect(contract("event", "1.4.1").reasons).toContain("SCHEMA_VERSION_MISMATCH:event");
    expect(contract("order", "1.4.0").reasons).toContain("SCHEMA_VERSION_MISMATCH:order");
  });

  it("gives the posture of the mode, whatever the outcome", () => {
    const values = { [at("")]: live("2.0.0") };
    expect(ask(values, {}).posture).toBe("NORMAL");
    expect(ask(values, { degradeMode: "DEGRADED_1" }).posture).toBe("STEP_UP_ONLY");
    expect(ask({}, { degradeMode: "DEGRADED_2" }).posture).toBe("REVIEW");
  });

  it("replaces the registry's platform key by key and its profiles mode by mode", () => {
    const values = {
      [at("")]: live("2.0.0"),
      "registry/governance/environments/prod.yaml": {
        rank: 30,
        platform: { capabilities: ["primary"], featureGroups: { velocity: ["v2"] } },
        degradeProfiles: { DEGRADED_1: { posture: "REVIEW" } },
      },
    };
    expect(ask(values, {}).reasons).toEqual([
      "ACTIVE_BUNDLE_INCOMPATIBLE",
      "FEATURE_GROUP_MISSING:core",
      "FAIL_CLOSED_NO_COMPATIBLE_BUNDLE",
    ]);
    const degraded = ask({ ...values, [at("")]: live("1.0.0") }, { degradeMode: "DEGRADED_1" });
    expect(degraded).toMatchObject({ outcome: "resolved", posture: "REVIEW" });
    expect(ask(values, { degradeMode: "DEGRADED_2" }).reasons).toContain("FEATURE_GROUP_MISSING:velocity");
  });
});

describe("fallback, warn, deprecated", () => {
  it("takes the explicit fallback when it fits", () => {
    const answer = ask({ [at("")]: live("3.0.0", "2.0.0") }, {});
    expect(answer).toMatchObject({
      outcome: "fallback",
      compatible: true,
      bundle: { ref: "bundle:fraud/score@2.0.0" },
    });
    expect(answer.reasons).toEqual([
      "ACTIVE_BUNDLE_INCOMPATIBLE",
      "FEATURE_GROUP_MISSING:graph",
      "FEATURE_GROUP_VERSION_MISMATCH:velocity",
      "CAPABILITY_MISMATCH:gpu",
      "FALLBACK_EXPLICIT",
    ]);
    expect(tried(answer)).toEqual([
      "scope:prod/fraud/score found null",
      "bundle:fraud/score@3.0.0 incompatible FEATURE_GROUP_MISSING:graph",
      "bundle:fraud/score@3.0.0 incompatible FEATURE_GROUP_VERSION_MISMATCH:velocity",
      "bundle:fraud/score@3.0.0 incompatible CAPABILITY_MISMATCH:gpu",
      "bundle:fraud/score@2.0.0 compatible FALLBACK_EXPLICIT",
    ]);
  });

  it("fails closed when the fallback does not fit either, and names what both lack", () => {
    const answer = ask({ [at("")]: live("3.0.0", "2.0.0") }, { degradeMode: "DEGRADED_2" });
    expect(answer).toMatchObject({ outcome: "incompatible", bundle: null, compatible: false });
    expect(answer.reasons).toEqual([
      "ACTIVE_BUNDLE_INCOMPATIBLE",
      "FEATURE_GROUP_MISSING:graph",
      "FEATURE_GROUP_MISSING:velocity",
      "CAPABILITY_MISMATCH:gpu",
      "FAIL_CLOSED_NO_COMPATIBLE_BUNDLE",
    ]);
  });

  it("does not use the fallback while the live bundle fits", () => {
    expect(ask({ [at("")]: live("2.0.0", "1.0.0") }, {})).toMatchObject({
      outcome: "resolved",
      bundle: { ref: "bundle:fraud/score@2.0.0" },
    });
  });

  it("under warn stays resolved, marked, with every mismatch; the highest rank never warns", () => {
    const values = { "registry/live/dev/fraud/score.yaml": live("3.0.0", "1.0.0"), [at("")]: live("3.0.0") };
    const answer = ask(values, { environment: "dev" });
    expect(answer).toMatchObject({
      outcome: "resolved",
      compatible: false,
      bundle: { ref: "bundle:fraud/score@3.0.0" },
    });
    expect(answer.reasons).toEqual([
      "ACTIVE_BUNDLE_RESOLVED",
      "ACTIVE_BUNDLE_INCOMPATIBLE",
      "FEATURE_GROUP_MISSING:graph",
      "FEATURE_GROUP_VERSION_MISMATCH:velocity",
      "CAPABILITY_MISMATCH:gpu",
    ]);
    expect(ask(values, {}).outcome).toBe("incompatible");
  });

  it("names what is deprecated among all that the answer reaches", () => {
    const values: Values = {
      [at("")]: live("5.0.0"),
      "registry/bundles/fraud/score/5.0.0.yaml": bundle(undefined, { pipelines: ["pipeline:fraud/p@1.0.0"] }),
      "registry/pipelines/fraud/p/1.0.0.yaml": {
        state: "active",
        spec: {
          nodes: [{ id: "a", type: "model", config: { model: "model:x/b@1.0.0" } }],
          edges: [],
          dependencies: [{ ref: "model:x/a", version: "^1.0.0" }],
        },
      },
      "registry/models/x/a/1.0.0.yaml": { state: "production", spec: {} },
      "registry/models/x/a/1.1.0.yaml": { state: "deprecated", spec: {} },
      "registry/models/x/a/1.2.0.yaml": { state: "retired", spec: {} },
      "registry/models/x/b/1.0.0.yaml": { state: "deprecated", spec: {} },
    };
    expect(ask(values, {}).reasons).toEqual([
      "ACTIVE_BUNDLE_RESOLVED",
      "DEPRECATED_REACHED:model:x/a@1.1.0",
      "DEPRECATED_REACHED:model:x/b@1.0.0",
    ]);
  });

  it("treats a live bundle that does not exist as one that does not fit", () => {
    expect(ask({ [at("")]: live("9.9.9") }, {})).toMatchObject({
      outcome: "incompatible",
      bundle: null,
      reasons: ["ACTIVE_BUNDLE_INCOMPATIBLE", "FAIL_CLOSED_NO_COMPATIBLE_BUNDLE"],
    });
    expect(ask({ [at("")]: live("9.9.9", "1.0.0") }, {}).outcome).toBe("fallback");
  });
});

describe("errors are no `none`", () => {
  it.each([
    ["an unknown environment", { environment: "qa" }, "resolve/unknown-environment", "Known: dev, prod."],
    [
      "an unknown mode",
      { degradeMode: "DEGRADED_9" },
      "resolve/unknown-degrade-mode",
      "Known: DEGRADED_1, DEGRADED_2, NORMAL, QUIET.",
    ],
    [
      "a mode that every object has",
      { degradeMode: "constructor" },
      "resolve/unknown-degrade-mode",
      "Known: DEGRADED_1, DEGRADED_2, NORMAL, QUIET.",
    ],
  ])("%s", (_, query, code, hint) => {
    expect(refused({ [at("")]: live("1.0.0") }, query)).toMatchObject({
      code,
      category: "invalid",
      retryable: false,
      hint,
    });
  });
});

describe("the answer", () => {
  const values = { [at("")]: live("2.0.0", "1.0.0") };

  it("has exactly these bytes", () => {
    const snapshot = compiled(values);
    const text = renderAnswer(
      resolverOf(snapshot).resolve({
        environment: "prod",
        usecase: "fraud/score",
        tenant: "acme",
        degradeMode: "DEGRADED_1",
      }),
    );
    const { policyRevision } = snapshot.manifest;
    expect(text).toBe(
      `{"format":"assent.resolution/v1","outcome":"fallback","scope":{"environment":"prod","usecase":"fraud/score","tenant":"acme","scenario":null},` +
        `"bundle":{"ref":"bundle:fraud/score@1.0.0","digest":"sha256:85e8ddfdf6e7925f57e1fc9b3b088225a775090f6b8c7617f5b705dfed1dc464","spec":{"artifacts":[{"role":"prompt","text":"x"}]}},` +
        `"compatible":true,"posture":"STEP_UP_ONLY","reasons":["SCOPE_INHERITED","ACTIVE_BUNDLE_INCOMPATIBLE","CAPABILITY_MISMATCH:primary","FALLBACK_EXPLICIT"],` +
        `"steps":[{"try":"scope:prod/fraud/score/acme","result":"absent","reason":"SCOPE_NOT_FOUND"},{"try":"scope:prod/fraud/score","result":"found","reason":"SCOPE_INHERITED"},` +
        `{"try":"bundle:fraud/score@2.0.0","result":"incompatible","reason":"CAPABILITY_MISMATCH:primary"},{"try":"bundle:fraud/score@1.0.0","result":"compatible","reason":"FALLBACK_EXPLICIT"}],` +
        `"snapshot":{"digest":"${snapshot.digest}","commit":null,"sequence":null},"policyRevision":"${policyRevision}"}\n`,
    );
  });

  it("is a function of snapshot and query, whatever was asked before", () => {
    const one = resolverOf(
      compiled({ ...values, [at("/acme")]: live("3.0.0", "2.0.0"), [at("/default/night")]: live("none") }),
    );
    const text = fc.constantFrom(undefined, null, "acme", "zeta", "default", "night", "__proto__", "");
    const query = fc.record({
      environment: fc.constantFrom("prod", "dev", "qa"),
      usecase: fc.constantFrom("fraud/score", "fraud/none", "constructor"),
      tenant: text,
      scenario: text,
      degradeMode: fc.constantFrom(undefined, "NORMAL", "DEGRADED_1", "QUIET", "x"),
      capabilities: fc.constantFrom(undefined, [], ["primary"], ["primary", "x"]),
      featureGroups: fc.constantFrom(undefined, {}, { core: "v1", velocity: ["v2"] }),
    });
    fc.assert(
      fc.property(query, (asked) => {
        const fresh = resolverOf(
          compiled({
            ...values,
            [at("/acme")]: live("3.0.0", "2.0.0"),
            [at("/default/night")]: live("none"),
          }),
        );
        expect(renderAnswer(one.resolve(asked))).toBe(renderAnswer(fresh.resolve(asked)));
      }),
      { numRuns: 200 },
    );
  });

  it("cannot be changed by who asked before", () => {
    const resolver = resolverOf(compiled(values));
    const question = { environment: "prod", usecase: "fraud/score" };
    const before = renderAnswer(resolver.resolve(question));
    const answer = resolver.resolve(question) as Resolution;
    const artifacts = answer.bundle?.spec["artifacts"] as object[];
    expect(() => artifacts.push({})).toThrow(TypeError);
    expect(() => (answer.reasons as string[]).push("x")).toThrow(TypeError);
    expect(() => (answer.steps as object[]).splice(0)).toThrow(TypeError);
    expect(renderAnswer(resolver.resolve(question))).toBe(before);
  });
});

function without(values: Values, ...paths: string[]): Values {
  return Object.fromEntries(Object.entries(values).filter(([path]) => !paths.includes(path)));
}

/** Rules about Activations and where use cases expect to be served: each with invalid and valid examples. */
import { describe, expect, it } from "vitest";
import type { Rule } from "../../src/core/validate/rule.ts";
import { activationBundleMissing } from "../../src/core/validate/rules/activation-bundle-missing.ts";
import { activationDefaultTenant } from "../../src/core/validate/rules/activation-default-tenant.ts";
import { activationFallbackIncompatible } from "../../src/core/validate/rules/activation-fallback-incompatible.ts";
import { activationFallbackIsLive } from "../../src/core/validate/rules/activation-fallback-is-live.ts";
import { activationFallbackMissing } from "../../src/core/validate/rules/activation-fallback-missing.ts";
import { activationFallbackNotApproved } from "../../src/core/validate/rules/activation-fallback-not-approved.ts";
import { activationGatesUnmet } from "../../src/core/validate/rules/activation-gates-unmet.ts";
import { activationIncompatible } from "../../src/core/validate/rules/activation-incompatible.ts";
import { activationNotApproved } from "../../src/core/validate/rules/activation-not-approved.ts";
import { activationUnknownEnvironment } from "../../src/core/validate/rules/activation-unknown-environment.ts";
import { activationUnknownUsecase } from "../../src/core/validate/rules/activation-unknown-usecase.ts";
import { usecaseExpectedNotLive } from "../../src/core/validate/rules/usecase-expected-not-live.ts";
import { usecaseExpectedUnresolved } from "../../src/core/validate/rules/usecase-expected-unresolved.ts";
import { registryOfValues } from "../registry-of-values.ts";
import {
  activate,
  environment,
  evaluation,
  live,
  needy,
  one,
  runOf,
  second,
  settings,
  usecase,
  type Values,
  world,
} from "./bundle-world.ts";
import { foundBy } from "./found.ts";

type Row = readonly [string, Rule, Values, string[]];
const rows: readonly Row[] = [
  [
    "an unknown environment",
    activationUnknownEnvironment,
    activate(world, "test/a/b", { bundle: "1.0.0" }),
    [`activation/unknown-environment ${live("test/a/b")}`],
  ],
  ["known environments", activationUnknownEnvironment, world, []],
  [
    "an unknown use case",
    activationUnknownUsecase,
    activate(world, "dev/a/c", { bundle: "none" }),
    [`activation/unknown-usecase ${live("dev/a/c")}`],
  ],
  ["a known use case", activationUnknownUsecase, world, []],
  [
    "default without a scenario",
    activationDefaultTenant,
    activate(world, "dev/a/b/default", { bundle: "1.0.0" }),
    [`activation/default-tenant ${live("dev/a/b/default")}`],
  ],
  [
    "default with a scenario, a tenant",
    activationDefaultTenant,
    activate(activate(world, "dev/a/b/default/night", { bundle: "1.0.0" }), "dev/a/b/acme", {
      bundle: "none",
    }),
    [],
  ],
  [
    "a missing bundle",
    activationBundleMissing,
    activate(world, "dev/a/b", { bundle: "9.0.0" }),
    [`activation/bundle-missing ${live("dev/a/b")} /bundle`],
  ],
  [
    "none, inherit, a version",
    activationBundleMissing,
    activate(activate(world, "dev/a/b", { bundle: "none" }), "dev/a/b/acme", { bundle: "inherit" }),
    [],
  ],
  [
    "a candidate",
    activationNotApproved,
    activate(second({ state: "candidate" }), "dev/a/b", { bundle: "2.0.0" }),
    [`activation/not-approved ${live("dev/a/b")} /bundle`],
  ],
  [
    "a retired bundle",
    activationNotApproved,
    activate(second({ state: "retired" }), "dev/a/b", { bundle: "2.0.0" }),
    [`activation/not-approved ${live("dev/a/b")} /bundle`],
  ],
  ["an approved bundle", activationNotApproved, activate(second({}), "dev/a/b", { bundle: "2.0.0" }), []],

  [
    "a bundle that does not fit",
    activationIncompatible,
    activate(second(needy), "dev/a/b", { bundle: "2.0.0" }),
    [`activation/incompatible ${live("dev/a/b")} /bundle`],
  ],
  [
    "a bundle that does not fit, under warn",
    activationIncompatible,
    {
      ...activate(second(needy), "dev/a/b", { bundle: "2.0.0" }),
      [environment("dev")]: { rank: 1, compatibility: "warn" },
    },
    [`activation/incompatible warning ${live("dev/a/b")} /bundle`],
  ],
  [
    "warn does not count on the highest rank",
    activationIncompatible,
    {
      ...activate(second(needy), "prod/a/b", { bundle: "2.0.0" }),
      [environment("prod")]: { rank: 2, compatibility: "warn" },
    },
    [`activation/incompatible ${live("prod/a/b")} /bundle`],
  ],
  [
    "a bundle that fits",
    activationIncompatible,
    activate(
      second({ spec: { compatibility: { featureGroups: { core: "v1" }, requires: ["fast"] } } }),
      "dev/a/b",
      { bundle: "2.0.0" },
    ),
    [],
  ],

  [
    "a missing fallback",
    activationFallbackMissing,
    activate(world, "dev/a/b", { bundle: "1.0.0", fallback: "9.0.0" }),
    [`activation/fallback-missing ${live("dev/a/b")} /fallback`],
  ],
  [
    "a fallback that exists",
    activationFallbackMissing,
    activate(second({}), "dev/a/b", { bundle: "1.0.0", fallback: "2.0.0" }),
    [],
  ],
  [
    "the live one as fallback",
    activationFallbackIsLive,
    activate(world, "dev/a/b", { bundle: "1.0.0", fallback: "1.0.0" }),
    [`activation/fallback-is-live ${live("dev/a/b")} /fallback`],
  ],
  [
    "a fallback from nothing",
    activationFallbackIsLive,
    activate(world, "dev/a/b", { bundle: "none", fallback: "1.0.0" }),
    [`activation/fallback-is-live ${live("dev/a/b")} /fallback`],
  ],
  [
    "another version as fallback",
    activationFallbackIsLive,
    activate(second({}), "dev/a/b", { bundle: "1.0.0", fallback: "2.0.0" }),
    [],
  ],
  [
    "a candidate as fallback",
    activationFallbackNotApproved,
    activate(second({ state: "candidate" }), "dev/a/b", { bundle: "1.0.0", fallback: "2.0.0" }),
    [`activation/fallback-not-approved ${live("dev/a/b")} /fallback`],
  ],
  [
    "an approved fallback",
    activationFallbackNotApproved,
    activate(second({}), "dev/a/b", { bundle: "1.0.0", fallback: "2.0.0" }),
    [],
  ],
  [
    "a fallback that does not fit",
    activationFallbackIncompatible,
    activate(second(needy), "dev/a/b", { bundle: "1.0.0", fallback: "2.0.0" }),
    [`activation/fallback-incompatible ${live("dev/a/b")} /fallback`],
  ],
  [
    "a fallback that fits",
    activationFallbackIncompatible,
    activate(second({}), "dev/a/b", { bundle: "1.0.0", fallback: "2.0.0" }),
    [],
  ],

  [
    "prod's gate is not met, dev's is",
    activationGatesUnmet,
    activate(activate(second({}, { auc: 0.7 }), "dev/a/b", { bundle: "2.0.0" }), "prod/a/b", {
      bundle: "2.0.0",
    }),
    [`activation/gates-unmet warning ${live("prod/a/b")} /bundle`],
  ],
  [
    "no run carries the metric",
    activationGatesUnmet,
    activate(second({}, { f1: 1 }), "dev/a/b", { bundle: "2.0.0" }),
    [`activation/gates-unmet warning ${live("dev/a/b")} /bundle`],
  ],
  [
    "a run of other content does not count",
    activationGatesUnmet,
    evaluation({ targetDigest: `sha256:${"0".repeat(64)}` }),
    [
      `activation/gates-unmet warning ${live("dev/a/b")} /bundle`,
      `activation/gates-unmet warning ${live("prod/a/b")} /bundle`,
      `activation/gates-unmet warning ${live("prod/a/b")} /bundle`,
    ],
  ],
  [
    "one bad run among good ones",
    activationGatesUnmet,
    { ...world, ...runOf(one, "1.0.0", "bad", { status: "failed", metrics: { auc: 0.1 } }) },
    [
      `activation/gates-unmet warning ${live("dev/a/b")} /bundle`,
      `activation/gates-unmet warning ${live("prod/a/b")} /bundle`,
      `activation/gates-unmet warning ${live("prod/a/b")} /bundle`,
    ],
  ],
  [
    "a run that broke does not count",
    activationGatesUnmet,
    { ...world, ...runOf(one, "1.0.0", "bad", { status: "error", metrics: { auc: 0.1 } }) },
    [],
  ],
  ["measured and met", activationGatesUnmet, world, []],

  [
    "expected in an environment that is not there",
    usecaseExpectedNotLive,
    { ...world, [usecase]: { ...world[usecase], expected: ["dev", "test", "dev/acme"] } },
    [`usecase/expected-not-live ${usecase} /expected/1`],
  ],
  [
    "inherited no more",
    usecaseExpectedNotLive,
    { ...world, [settings]: { id: "x" } },
    [`usecase/expected-not-live info ${usecase} /expected/2`],
  ],
  ["all live", usecaseExpectedNotLive, world, []],
];

describe("rules about what is live", () => {
  it.each(rows)("%s (%#)", (_, rule, values, expected) => {
    expect(foundBy(rule, registryOfValues(values))).toEqual(expected);
  });

  it("stay silent about what points at files that cannot be read", () => {
    const values = activate(activate(world, "dev/a/b", { bundle: "9.0.0", fallback: "9.0.0" }), "test/a/c", {
      bundle: "none",
    });
    const registry = registryOfValues(values, {}, ["bundle:a/b@9.0.0", "environment:test", "usecase:a/c"]);
    const rules = new Set(rows.map(([, rule]) => rule));
    rules.delete(activationFallbackIsLive);
    expect([...rules].flatMap((rule) => foundBy(rule, registry))).toEqual([]);
  });
});

describe("usecase/expected-unresolved", () => {
  const code = `usecase/expected-unresolved ${usecase} /expected`;
  it.each<[string, Values, string[]]>([
    [
      "deactivated: the tenant inherited it as well",
      activate(world, "prod/a/b", { bundle: "none" }),
      [`${code}/1`, `${code}/2`],
    ],
    ["a bundle that does not fit", activate(second(needy), "dev/a/b", { bundle: "2.0.0" }), [`${code}/0`]],
    [
      "a bundle that does not fit, with a fallback",
      activate(second(needy), "dev/a/b", { bundle: "2.0.0", fallback: "1.0.0" }),
      [],
    ],
    [
      "the platform is taken away: one finding per place",
      {
        ...activate(second({ spec: { compatibility: { requires: ["fast"] } } }), "dev/a/b", {
          bundle: "2.0.0",
        }),
        [environment("dev")]: { rank: 1, platform: { capabilities: [] } },
      },
      [`${code}/0`],
    ],
    [
      "the tenant's own file hides the wider one",
      activate(world, "prod/a/b/acme", { bundle: "none" }),
      [`${code}/2`],
    ],
    ["inherit is passed over", activate(world, "prod/a/b/acme", { bundle: "inherit" }), []],
    [
      "inheritance is switched off",
      { ...world, [settings]: { ...world[settings], resolution: { inherit: false } } },
      [`${code}/2`],
    ],
    [
      "no longer expected",
      { ...activate(world, "dev/a/b", { bundle: "none" }), [usecase]: { ...world[usecase], expected: [] } },
      [],
    ],
    [
      "newly expected, never live",
      { ...world, [usecase]: { ...world[usecase], expected: ["dev", "prod", "prod/acme", "test"] } },
      [],
    ],
  ])("%s", (_, head, expected) => {
    expect(foundBy(usecaseExpectedUnresolved, registryOfValues(head), registryOfValues(world))).toEqual(
      expected,
    );
  });
});

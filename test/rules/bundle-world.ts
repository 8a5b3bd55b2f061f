/** One use case with two environments, its bundles, runs and activations: what the tables about them start from. */
import { digestOf } from "../../src/core/model/digest.ts";

export const bundle = (version: string): string => `registry/bundles/a/b/${version}.yaml`;
export const run = (name: string): string => `registry/evaluations/a/b/${name}.yaml`;
export const live = (scope: string): string => `registry/live/${scope}.yaml`;
export const usecase = "registry/usecases/a/b.yaml";
export const settings = "registry/registry.yaml";
export const environment = (name: string): string => `registry/governance/environments/${name}.yaml`;

export type Values = Record<string, object>;
export interface BundleParts {
  readonly spec?: object;
  readonly receipt?: object;
  readonly state?: string;
}

export const gate = { metric: "auc", operator: ">=", threshold: 0.9, observed: 0.93, passed: true };

/** A bundle that is approved, with one gate observed by run r1. */
export function bundleOf(
  version: string,
  { spec = {}, receipt = {}, state = "approved" }: BundleParts = {},
): Values {
  return {
    [bundle(version)]: {
      state,
      spec: {
        artifacts: [{ role: "prompt", text: version }],
        provenance: { codeRevision: "0123456" },
        ...spec,
      },
      gateReceipt: {
        decision: "PASS",
        gates: [gate],
        evaluations: [`evaluation:a/b/${version}-r1`],
        ...receipt,
      },
    },
  };
}

/** A run of a bundle among `values`, with the digest recomputed. */
export function runOf(values: Values, version: string, name: string, more: object = {}): Values {
  const value = values[bundle(version)];
  const targetDigest =
    value === undefined
      ? `sha256:${"0".repeat(64)}`
      : digestOf({ kind: "Bundle", id: `a/b@${version}`, value });
  return {
    [run(name)]: {
      suite: "suite:a/s@1.0.0",
      target: `bundle:a/b@${version}`,
      targetDigest,
      executedAt: "2026-06-01T09:00:00Z",
      status: "passed",
      metrics: { auc: 0.93 },
      ...more,
    },
  };
}

/** One use case with two environments; 1.0.0 is live in both, with run r1. */
export const one = bundleOf("1.0.0");
export const world: Values = {
  ...one,
  ...runOf(one, "1.0.0", "1.0.0-r1"),
  [usecase]: {
    owner: "role:x",
    purpose: "x",
    riskTier: "low",
    expected: ["dev", "prod", "prod/acme"],
    gates: [
      { metric: "auc", operator: ">=", threshold: 0.6 },
      { metric: "auc", operator: ">=", threshold: 0.9, environments: ["environment:prod"] },
    ],
  },
  [settings]: {
    id: "x",
    resolution: { inherit: true },
    platform: { featureGroups: { core: ["v1"] }, capabilities: ["fast"] },
  },
  [environment("dev")]: { rank: 1 },
  [environment("prod")]: { rank: 2 },
  [live("dev/a/b")]: { bundle: "1.0.0", reason: "x" },
  [live("prod/a/b")]: { bundle: "1.0.0", reason: "x" },
  "registry/suites/a/s/1.0.0.yaml": { spec: { targets: ["Bundle"] } },
};

export const receipt = (parts: object): Values => ({ ...world, ...bundleOf("1.0.0", { receipt: parts }) });
/** Another version beside 1.0.0, with its run. */
export function second(parts: BundleParts, metrics: object = { auc: 0.95 }): Values {
  const two = bundleOf("2.0.0", parts);
  return { ...world, ...two, ...runOf(two, "2.0.0", "2.0.0-r1", { metrics }) };
}
export const needy = {
  spec: { compatibility: { featureGroups: { core: "v2", extra: "v1" }, requires: ["fast", "slow"] } },
};
export const activate = (values: Values, scope: string, value: object): Values => ({
  ...values,
  [live(scope)]: { reason: "x", ...value },
});
export const evaluation = (more: object, name = "1.0.0-r1"): Values => ({
  ...world,
  ...runOf(one, "1.0.0", name, more),
});

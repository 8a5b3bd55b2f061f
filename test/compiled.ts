/** A small registry with three bundles and two environments, compiled and read back as consumers do; for tests. */
import { compileSnapshot, type CompiledSnapshot } from "../src/core/compile/snapshot.ts";
import type { Instant } from "../src/core/model/instant.ts";
import { MANIFEST_PATH } from "../src/core/model/snapshot.ts";
import { loadManifest, loadSlice } from "../src/core/resolve/load.ts";
import { createResolver, type Resolver } from "../src/core/resolve/resolve.ts";
import { registryOfValues } from "./registry-of-values.ts";

export const asOf = "2026-07-01T00:00:00Z" as Instant;
export type Values = Record<string, object>;

/** An approved bundle that needs what `compatibility` says. */
export const bundle = (compatibility?: object, more: object = {}): object => ({
  title: "A bundle",
  state: "approved",
  spec: { artifacts: [{ role: "prompt", text: "x" }], ...(compatibility && { compatibility }), ...more },
  gateReceipt: { decision: "PASS", gates: [] },
});
/** An Activation. */
export const live = (version: string, fallback?: string): object => ({
  bundle: version,
  reason: "r",
  ...(fallback && { fallback }),
});
/** Fits an environment that offers everything. */
export const needs = {
  featureGroups: { core: "v1", velocity: "v2" },
  schemas: { event: "1.4.0" },
  requires: ["primary"],
};

/** The examples' shape, small: 1.0.0 fits everywhere, 2.0.0 needs everything, 3.0.0 needs what nobody offers. */
export const base: Values = {
  "registry/registry.yaml": {
    title: "Test",
    id: "test",
    resolution: { inherit: true },
    platform: {
      featureGroups: { core: ["v1"], velocity: ["v1", "v2"] },
      schemas: { event: ["1.4.0"] },
      capabilities: ["primary", "stage2"],
    },
    degradeProfiles: {
      DEGRADED_1: { featureGroups: ["core", "velocity"], capabilities: [], posture: "STEP_UP_ONLY" },
      DEGRADED_2: { featureGroups: ["core"], capabilities: ["primary"], posture: "REVIEW" },
      QUIET: { posture: "REVIEW" },
    },
  },
  "registry/governance/environments/dev.yaml": { title: "dev", rank: 10, compatibility: "warn" },
  "registry/governance/environments/prod.yaml": { title: "prod", rank: 30, compatibility: "warn" },
  "registry/bundles/fraud/score/1.0.0.yaml": bundle(),
  "registry/bundles/fraud/score/2.0.0.yaml": bundle(needs),
  "registry/bundles/fraud/score/3.0.0.yaml": bundle({
    ...needs,
    featureGroups: { velocity: "v9", graph: "v1" },
    requires: ["gpu"],
  }),
};

/** The snapshot of the base and what a test adds to it. */
export function compiled(values: Values): CompiledSnapshot {
  return compileSnapshot(registryOfValues({ ...base, ...values }), { commit: null, sequence: null, asOf });
}

/** Reads a compiled snapshot back as a consumer does, with every slice. */
export function resolverOf(snapshot: CompiledSnapshot): Resolver {
  const files = filesOf(snapshot);
  const loaded = loadManifest(files(MANIFEST_PATH));
  return createResolver(
    loaded,
    loaded.manifest.slices.map((slice) => loadSlice(loaded, slice, files(slice.path))),
  );
}

/** The bytes of a snapshot's file by its path. */
export function filesOf(snapshot: CompiledSnapshot): (path: string) => Uint8Array {
  const files = new Map(snapshot.files.map(({ path, bytes }) => [path, bytes]));
  return (path) => {
    const bytes = files.get(path);
    if (bytes === undefined) throw new Error(`the snapshot has no ${path}`);
    return bytes;
  };
}

/** Where an Activation of the base's use case in prod stands. */
export const at = (below: string): string => `registry/live/prod/fraud/score${below}.yaml`;

/** Random slices and questions for resolution; for tests. */
import fc from "fast-check";
import type { Digest } from "../../src/core/model/digest.ts";
import type { Instant } from "../../src/core/model/instant.ts";
import type { Manifest } from "../../src/core/model/snapshot.ts";

export const digestOf = (hex: string): Digest => `sha256:${hex}` as Digest;

/** The manifest of one slice. */
export const manifest: Manifest = {
  format: "assent.manifest/v1",
  registry: "r",
  commit: null,
  sequence: 7,
  asOf: "2026-01-01T00:00:00Z" as Instant,
  nextChange: null,
  policyRevision: digestOf("2".repeat(64)),
  environments: ["prod"],
  slicing: "environment",
  slices: [{ environment: "prod", tenant: null, path: "" }],
  catalogue: "",
  dependents: "",
  compliance: "",
  files: [],
};

const name = fc.constantFrom("a", "b", "ab", "a.b", "a-b_c", "0", "default", "night", "x".repeat(100));
const odd = fc.constantFrom(
  "",
  "A",
  "a/b",
  "é",
  "\u0161",
  "con",
  "a.",
  "a.yaml",
  "x".repeat(300),
  "__proto__",
);
const ref = fc.constantFrom("bundle:u/u@1.0.0", "bundle:u/u@2.0.0", "bundle:u/u@3.0.0", "bundle:u/u@4.0.0");
const group = fc.constantFrom("core", "graph", "toString");
const version = fc.constantFrom("v1", "v2");
const capability = fc.constantFrom("gpu", "tee", "stage2");
const versions = fc.dictionary(group, fc.uniqueArray(version), { maxKeys: 3 });
const some = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined, freq: 3 });

const bundle = fc.record({
  digest: fc.constant(digestOf("1".repeat(64))),
  spec: fc.record({
    artifacts: fc.constant([]),
    compatibility: fc.record(
      {
        featureGroups: fc.dictionary(group, version, { maxKeys: 2 }),
        schemas: fc.dictionary(group, version, { maxKeys: 1 }),
        inputContract: fc.record({ schema: group, version }),
        requires: fc.array(capability, { maxLength: 2 }),
      },
      { requiredKeys: [] },
    ),
  }),
  deprecated: fc.uniqueArray(fc.constantFrom("model:a/b@1.0.0", "policy:c/d@1.0.0")),
});

const scope = fc
  .tuple(
    fc.constantFrom("prod", "prod", "prod", "prod", "pro", "product"),
    fc.array(fc.oneof({ arbitrary: name, weight: 9 }, { arbitrary: odd, weight: 1 }), {
      minLength: 1,
      maxLength: 5,
    }),
  )
  .map(([environment, names]) => [environment, ...names].join("/"));

/** Slices with scopes of all shapes, legal or not. */
export const slice = fc.record({
  format: fc.constant("assent.slice/v1" as const),
  registry: fc.constant("r"),
  environment: fc.constant("prod"),
  slicing: fc.constant("environment" as const),
  tenant: fc.constant(null),
  inherit: fc.boolean(),
  compatibility: fc.constantFrom("fail-closed" as const, "warn" as const),
  offer: fc.record({ featureGroups: versions, schemas: versions, capabilities: fc.uniqueArray(capability) }),
  degradeProfiles: fc.dictionary(
    fc.constantFrom("NORMAL", "D1", "D2"),
    fc.record(
      {
        featureGroups: fc.uniqueArray(group),
        capabilities: fc.uniqueArray(capability),
        posture: fc.constantFrom("NORMAL" as const, "STEP_UP_ONLY" as const, "REVIEW" as const),
      },
      { requiredKeys: ["posture"] },
    ),
  ),
  scopes: fc
    .uniqueArray(
      fc.record(
        {
          scope,
          bundle: fc.oneof({ arbitrary: ref, weight: 4 }, fc.constantFrom("none", "inherit")),
          fallback: ref,
        },
        { requiredKeys: ["scope", "bundle"] },
      ),
      { selector: (each) => each.scope, minLength: 8, maxLength: 40 },
    )
    // Most of what is asked should be there.
    .map((list) => list.concat(list.slice(0, 1).map((each) => ({ ...each, scope: "prod/a/b" })))),
  bundles: fc.dictionary(ref, bundle, { minKeys: 2, maxKeys: 4 }),
});

const text = fc.oneof({ arbitrary: name, weight: 6 }, { arbitrary: odd, weight: 1 });
/** Questions to them, from ordinary to absurd. */
export const query = fc.record({
  environment: fc.constant("prod"),
  usecase: fc.oneof(
    { arbitrary: fc.tuple(name, name).map((parts) => parts.join("/")), weight: 6 },
    fc.constant("a/b"),
    odd,
  ),
  tenant: some(fc.option(text)),
  scenario: some(fc.option(text)),
  degradeMode: some(fc.constantFrom("NORMAL", "D1", "D2", "D3", "constructor")),
  featureGroups: some(fc.dictionary(group, fc.oneof(version, fc.uniqueArray(version)), { maxKeys: 3 })),
  capabilities: some(fc.uniqueArray(capability)),
});

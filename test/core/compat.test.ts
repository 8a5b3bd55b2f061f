/** compareEntries: a table of differences with their impact, and that no field of a schema is forgotten. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { kinds } from "../../src/core/kinds/index.ts";
import type { Json, JsonObject } from "../../src/core/model/json.ts";
import type { KindName } from "../../src/core/model/kind.ts";
import { compareEntries, describeChanges } from "../../src/core/resolve/compat.ts";
import { compatTables } from "../../src/core/resolve/compat-table.ts";

/** `+ pointer impact`, `- ...`, `~ ...`. */
function changes(kind: KindName, before: object, after: object): string[] {
  const sign = { added: "+", removed: "-", changed: "~" };
  return compareEntries({ kind, value: before }, { kind, value: after }).changes.map(
    ({ change, pointer, impact }) => `${sign[change]} ${pointer.join("/")} ${impact}`,
  );
}

type Row = readonly [string, KindName, object, object, string[]];
const spec = (value: object): object => ({ spec: value });
const capabilities = (value: object): object => ({ spec: {}, facts: { capabilities: value } });
const props = (properties: JsonObject, more: JsonObject = {}): Json => ({
  type: "object",
  properties,
  ...more,
});
const text = { type: "string" };

const rows: readonly Row[] = [
  [
    "nothing",
    "Model",
    spec({ type: "completion", datasets: ["a"] }),
    spec({ datasets: ["a"], type: "completion" }),
    [],
  ],
  [
    "another provider and type",
    "Model",
    spec({ provider: "provider:a", type: "completion" }),
    spec({ provider: "provider:b", type: "vision" }),
    ["~ spec/provider breaking", "~ spec/type breaking"],
  ],
  [
    "another upstreamId, changelog, origin",
    "Model",
    spec({ upstreamId: "a", changelog: "x", derivedFrom: ["a"] }),
    spec({ upstreamId: "b", changelog: "y" }),
    ["~ spec/changelog compatible", "- spec/derivedFrom compatible", "~ spec/upstreamId unknown"],
  ],
  [
    "other weights elsewhere",
    "Model",
    spec({ artifact: { uri: "a", digest: "1" } }),
    spec({ artifact: { uri: "b", digest: "2" } }),
    ["~ spec/artifact/digest unknown", "~ spec/artifact/uri compatible"],
  ],
  [
    "dependencies",
    "Model",
    spec({
      dependencies: [
        { ref: "a", version: "1", required: false },
        { ref: "b", version: "1" },
        { ref: "c", version: "1" },
      ],
    }),
    spec({
      dependencies: [
        { ref: "a", version: "1", required: true },
        { ref: "b", version: "2" },
        { ref: "d", version: "1" },
      ],
    }),
    [
      "~ spec/dependencies/0 breaking",
      "~ spec/dependencies/1 unknown",
      "- spec/dependencies/2 compatible",
      "+ spec/dependencies/2 unknown",
    ],
  ],

  [
    "capabilities lost",
    "Model",
    capabilities({ functions: true, vision: true, streaming: false }),
    capabilities({ functions: false, streaming: true, batching: false }),
    [
      "+ facts/capabilities/batching compatible",
      "~ facts/capabilities/functions breaking",
      "~ facts/capabilities/streaming compatible",
      "- facts/capabilities/vision unknown",
    ],
  ],
  [
    "context shrinks, grows, is unknown",
    "Model",
    capabilities({ contextLength: 10, maxOutputTokens: 10, maxInputTokens: 1 }),
    capabilities({ contextLength: 9, maxOutputTokens: 11 }),
    [
      "~ facts/capabilities/contextLength breaking",
      "- facts/capabilities/maxInputTokens unknown",
      "~ facts/capabilities/maxOutputTokens compatible",
    ],
  ],
  [
    "context known no more",
    "Model",
    capabilities({ contextLength: 10 }),
    capabilities({ contextLength: "unknown" }),
    ["~ facts/capabilities/contextLength unknown"],
  ],
  [
    "context known now",
    "Model",
    capabilities({ contextLength: "unknown" }),
    capabilities({ contextLength: 10 }),
    ["~ facts/capabilities/contextLength compatible"],
  ],
  [
    "modalities",
    "Model",
    capabilities({ modalities: { input: ["text", "image"], output: ["text"] } }),
    capabilities({ modalities: { input: ["text"], output: ["text", "audio"] } }),
    [
      "- facts/capabilities/modalities/input/1 breaking",
      "+ facts/capabilities/modalities/output/1 compatible",
    ],
  ],
  [
    "an endpoint",
    "Model",
    {
      spec: {},
      serving: {
        endpoints: [
          { type: "rest", url: "a" },
          { type: "rest", url: "b" },
        ],
      },
    },
    {
      spec: {},
      serving: {
        endpoints: [
          { type: "rest", url: "b", auth: { type: "bearer" } },
          { type: "grpc", url: "b" },
        ],
      },
    },
    [
      "- serving/endpoints/0 breaking",
      "+ serving/endpoints/0/auth breaking",
      "+ serving/endpoints/1 compatible",
    ],
  ],
  [
    "a price, a mode",
    "Model",
    { spec: {}, serving: { pricing: { currency: "USD" }, modes: { fast: {}, slow: {} } } },
    { spec: {}, serving: { modes: { fast: { body: {} } } } },
    ["~ serving/modes/fast unknown", "- serving/modes/slow breaking", "- serving/pricing compatible"],
  ],

  [
    "data",
    "Dataset",
    spec({ digest: "a", classification: "internal", schema: props({ a: text }) }),
    spec({ digest: "b", classification: "restricted", schema: props({}) }),
    ["~ spec/classification breaking", "~ spec/digest unknown", "- spec/schema/properties/a breaking"],
  ],
  [
    "a lower classification",
    "Dataset",
    spec({ classification: "internal" }),
    spec({ classification: "public" }),
    ["~ spec/classification compatible"],
  ],
  [
    "a prompt",
    "Config",
    spec({ type: "prompt", text: "a" }),
    spec({ type: "prompt", text: "b" }),
    ["~ spec/text unknown"],
  ],
  [
    "values",
    "Config",
    spec({ type: "thresholds", value: { a: 1, b: { c: 1 }, d: "x", e: 1 } }),
    spec({ type: "routing", value: { a: 2, b: {}, d: 1, f: 1 } }),
    [
      "~ spec/type breaking",
      "~ spec/value/a unknown",
      "- spec/value/b/c breaking",
      "~ spec/value/d breaking",
      "- spec/value/e breaking",
      "+ spec/value/f compatible",
    ],
  ],
  [
    "a graph",
    "Pipeline",
    spec({
      input: props({}),
      nodes: [{ id: "a", type: "filter" }, { id: "b" }],
      edges: [],
      resources: { cpu: 1 },
    }),
    spec({
      input: props({ x: text }, { required: ["x"] }),
      nodes: [{ id: "c" }, { id: "a", type: "custom" }],
      edges: [1],
      resources: { cpu: 2 },
    }),
    [
      "~ spec/edges unknown",
      "+ spec/input/properties/x breaking",
      "+ spec/nodes/0 unknown",
      "~ spec/nodes/1 unknown",
      "- spec/nodes/1 unknown",
      "~ spec/resources unknown",
    ],
  ],
  [
    "parameters",
    "Template",
    spec({ type: "pipeline", parameters: props({}), body: {} }),
    spec({ type: "invocation", parameters: props({ a: text }), body: { a: 1 }, tests: [] }),
    [
      "~ spec/body unknown",
      "+ spec/parameters/properties/a compatible",
      "+ spec/tests compatible",
      "~ spec/type breaking",
    ],
  ],
  [
    "cases",
    "TestSuite",
    spec({ targets: ["Bundle", "Model"], cases: [{ id: "a" }, { id: "b", input: 1, name: "x" }] }),
    spec({ targets: ["Bundle"], cases: [{ id: "b", input: 2, name: "y" }, { id: "c" }] }),
    [
      "- spec/cases/0 breaking",
      "~ spec/cases/0/input unknown",
      "~ spec/cases/0/name compatible",
      "+ spec/cases/1 compatible",
      "- spec/targets/1 breaking",
    ],
  ],
  [
    "benchmarks",
    "TestSuite",
    spec({
      benchmarks: [
        { metric: "a", operator: ">=", threshold: 1 },
        { metric: "b", operator: "<", threshold: 1 },
        { metric: "c", operator: "==", threshold: 1 },
        { metric: "d", operator: ">=", threshold: 1 },
        { metric: "e", operator: ">", threshold: 1 },
      ],
    }),
    spec({
      benchmarks: [
        { metric: "a", operator: ">=", threshold: 2 },
        { metric: "b", operator: "<", threshold: 2 },
        { metric: "c", operator: "==", threshold: 2 },
        { metric: "e", operator: ">", threshold: 1, unit: "s" },
      ],
    }),
    [
      "~ spec/benchmarks/0 compatible",
      "~ spec/benchmarks/1 breaking",
      "~ spec/benchmarks/2 unknown",
      "~ spec/benchmarks/3 compatible",
      "- spec/benchmarks/3 breaking",
    ],
  ],
  [
    "rules",
    "Policy",
    spec({ appliesTo: ["Model"], rules: [{ id: "a", assert: "x", severity: "low" }, { id: "b" }] }),
    spec({
      appliesTo: ["Model", "Bundle"],
      rules: [{ id: "a", assert: "y", severity: "high" }, { id: "c" }],
    }),
    [
      "+ spec/appliesTo/1 breaking",
      "~ spec/rules/0/assert unknown",
      "~ spec/rules/0/severity breaking",
      "- spec/rules/1 compatible",
      "+ spec/rules/1 breaking",
    ],
  ],
  [
    "artifacts",
    "Bundle",
    spec({
      artifacts: [
        { role: "prompt", text: "a" },
        { role: "prompt", text: "b" },
        { role: "tools", uri: "x", mediaType: "a/b" },
      ],
    }),
    spec({
      artifacts: [
        { role: "tools", uri: "y", mediaType: "c/d" },
        { role: "prompt", text: "c" },
        { role: "config" },
      ],
    }),
    [
      "~ spec/artifacts/0/mediaType breaking",
      "~ spec/artifacts/0/uri compatible",
      "- spec/artifacts/1 unknown",
      "~ spec/artifacts/1/text unknown",
      "+ spec/artifacts/2 compatible",
    ],
  ],
  [
    "demands grow",
    "Bundle",
    spec({ compatibility: { featureGroups: { a: "v1", b: "v1" }, requires: ["x"] } }),
    spec({
      compatibility: {
        featureGroups: { a: "v2", c: "v1" },
        schemas: { s: "1" },
        inputContract: { schema: "s", version: "1" },
        requires: ["y"],
      },
    }),
    [
      "~ spec/compatibility/featureGroups/a breaking",
      "- spec/compatibility/featureGroups/b compatible",
      "+ spec/compatibility/featureGroups/c breaking",
      "+ spec/compatibility/inputContract/schema breaking",
      "+ spec/compatibility/inputContract/version breaking",
      "- spec/compatibility/requires/0 compatible",
      "+ spec/compatibility/requires/0 breaking",
      "+ spec/compatibility/schemas/s breaking",
    ],
  ],
  [
    "demands go",
    "Bundle",
    spec({ compatibility: { requires: ["x"], schemas: { s: "1" } } }),
    spec({}),
    ["- spec/compatibility/requires/0 compatible", "- spec/compatibility/schemas/s compatible"],
  ],
  [
    "pins and provenance",
    "Bundle",
    spec({ models: ["a"], provenance: { codeRevision: "a" } }),
    spec({ models: ["b"], provenance: { codeRevision: "b" } }),
    ["~ spec/models unknown", "~ spec/provenance compatible"],
  ],
];

describe("compareEntries", () => {
  it.each(rows)("%s (%s)", (_, kind, before, after, expected) => {
    expect(changes(kind, before, after)).toEqual(expected);
  });

  it("sums up: breaking over unknown over nothing", () => {
    const sum = (before: object, after: object): boolean | "unknown" =>
      compareEntries({ kind: "Model", value: spec(before) }, { kind: "Model", value: spec(after) }).breaking;
    expect(sum({ type: "a", upstreamId: "a" }, { type: "b", upstreamId: "b" })).toBe(true);
    expect(sum({ upstreamId: "a" }, { upstreamId: "b", changelog: "x" })).toBe("unknown");
    expect(sum({}, { changelog: "x" })).toBe(false);
  });

  it("another kind, or a kind without versions, cannot stand in", () => {
    expect(
      compareEntries({ kind: "Model", value: spec({}) }, { kind: "Bundle", value: spec({}) }).breaking,
    ).toBe(true);
    const roles = [{ members: ["identity:a"] }, { members: [] }].map(
      (value) => ({ kind: "Role", value }) as const,
    );
    expect(compareEntries(roles[0]!, roles[1]!).breaking).toBe(true);
    expect(compareEntries(roles[0]!, roles[0]!)).toEqual({ breaking: false, changes: [] });
  });

  it("looks at the frozen part alone when told to", () => {
    const before = { kind: "Model", value: { spec: {}, facts: { capabilities: { vision: true } } } } as const;
    const after = { kind: "Model", value: { spec: {}, facts: { capabilities: { vision: false } } } } as const;
    expect([compareEntries(before, after).breaking, compareEntries(before, after, "spec").breaking]).toEqual([
      true,
      false,
    ]);
  });

  it("never fails, and finds nothing between equal values", () => {
    const versioned = kinds.filter((kind) => kind.shape === "versioned").map((kind) => kind.name);
    fc.assert(
      fc.property(
        fc.constantFrom(...versioned),
        fc.object({ maxDepth: 5 }),
        fc.object({ maxDepth: 5 }),
        fc.constantFrom("interface", "parameters", "compatibility", "artifacts"),
        (kind, a, b, key) => {
          const [x, y] = JSON.parse(JSON.stringify([{ spec: { [key]: a } }, { spec: { [key]: b } }])) as [
            object,
            object,
          ];
          expect(compareEntries({ kind, value: x }, { kind, value: structuredClone(x) })).toEqual({
            breaking: false,
            changes: [],
          });
          compareEntries({ kind, value: x }, { kind, value: y });
        },
      ),
    );
  });

  it("knows every field of the versioned kinds' schemas", () => {
    for (const kind of kinds) {
      if (kind.shape !== "versioned") continue;
      const schema = JSON.parse(readFileSync(`schemas/${kind.schema}`, "utf8")) as {
        properties: Record<string, JsonObject>;
        $defs?: Record<string, JsonObject>;
      };
      for (const part of ["spec", "facts", "serving"] as const) {
        const found = schema.properties[part];
        if (found === undefined) continue;
        const ref = typeof found["$ref"] === "string" ? found["$ref"].replace("#/$defs/", "") : undefined;
        const target = ref === undefined ? found : schema.$defs?.[ref];
        const known = Object.keys(compatTables[kind.name]?.[part]?.table ?? {}).sort();
        expect([kind.name, part, known]).toEqual([
          kind.name,
          part,
          Object.keys(target?.["properties"] ?? {}).sort(),
        ]);
      }
    }
  });
});

describe("describeChanges", () => {
  it("lists what is said about a version", () => {
    expect(
      describeChanges(
        { title: "a", tags: ["x"], spec: { a: 1 } },
        { title: "b", spec: { a: 2 }, owner: "role:x" },
      ).map(({ change, pointer }) => `${change} ${pointer.join("/")}`),
    ).toEqual(["added owner", "removed tags", "changed title"]);
  });
});

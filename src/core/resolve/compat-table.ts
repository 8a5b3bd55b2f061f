/**
 * What a difference in each field of each versioned kind means for whoever uses the older version. A test asserts
 * that every property of the kinds' schemas stands here, so that a new field cannot be forgotten.
 *
 * | kind      | breaking                                                        | unknown until measured          |
 * |-----------|-----------------------------------------------------------------|---------------------------------|
 * | Model     | another provider or type; narrower input, lesser output;        | other weights, other upstreamId |
 * |           | facts: capability, modality or language lost, less context;     | a limit no longer stated        |
 * |           | serving: an endpoint gone or with other authentication          | rate limits, SDK, API version   |
 * | Dataset   | lesser schema; stricter classification                          | other data, other licence       |
 * | Config    | another type; a key gone or of another type; lesser schema      | other text, other values        |
 * | Pipeline  | narrower input, lesser output                                   | the graph, resources, execution |
 * | Template  | another type; narrower parameters                               | the body                        |
 * | TestSuite | a case, benchmark or target gone; a looser benchmark            | a case that asks something else |
 * | Policy    | more kinds, a new rule                                          | a rule that asks something else |
 * | Bundle    | another media type; any new or other demand on the platform     | an artifact gone, other         |
 * |           | (feature groups, schemas, capabilities)                         | contents, other models, ...     |
 *
 * Everything else is compatible: what is added, and what only describes.
 */
import { barText, implies, isOperator, type Bar } from "../model/bar.ts";
import { isObject, type Json } from "../model/json.ts";
import type { KindName } from "../model/kind.ts";
import type { Comparer } from "./compat-change.ts";
import {
  always,
  breaks,
  demandMap,
  demands,
  fields,
  measured,
  mustNotRise,
  neutral,
  promises,
  valueByKeys,
} from "./compat-fields.ts";
import { dependencies, members } from "./compat-members.ts";
import { schemaOf } from "./compat-schema.ts";
import { artifact, modelTable, type CompatTable } from "./compat-table-model.ts";

/** Benchmarks promise what was measured: a stricter one keeps the promise, a looser one does not. */
const benchmark: Comparer = (before, after, pointer, report) => {
  const [a, b] = [barOf(before), barOf(after)];
  const told = { pointer, change: "changed" } as const;
  if (a !== undefined && b !== undefined && implies(b, a)) {
    report({
      ...told,
      impact: "compatible",
      why: `It asks for ${barText(b)}, which is no less than ${barText(a)}.`,
    });
  } else if (a !== undefined && b !== undefined && implies(a, b)) {
    report({
      ...told,
      impact: "breaking",
      why: `It asks for ${barText(b)}, which is less than ${barText(a)}.`,
    });
  } else {
    report({ ...told, impact: "unknown", why: "It asks for something else." });
  }
};

function barOf(value: Json | undefined): Bar | undefined {
  if (!isObject(value)) return undefined;
  const { metric, operator, threshold } = value;
  return typeof metric === "string" && typeof threshold === "number" && isOperator(operator)
    ? { metric, operator, threshold }
    : undefined;
}

const bundleArtifact = fields({
  role: neutral,
  text: measured("The text differs"),
  uri: neutral,
  digest: measured("The contents differ"),
  size: neutral,
  mediaType: breaks("Whoever loads it expects the other media type."),
});

export const compatTables: Readonly<Partial<Record<KindName, CompatTable>>> = {
  Model: modelTable,
  Dataset: {
    spec: fields({
      uri: neutral,
      digest: measured("The data differ"),
      records: neutral,
      schema: schemaOf("output"),
      license: always("unknown", "Other terms apply."),
      classification: mustNotRise("The classification", ["public", "internal", "confidential", "restricted"]),
      derivedFrom: neutral,
      producedBy: neutral,
      retention: neutral,
    }),
  },
  Config: {
    spec: fields({
      type: breaks("It configures something else."),
      template: neutral,
      parameters: neutral,
      text: measured("The text differs"),
      value: valueByKeys("The value"),
      artifact,
      schema: schemaOf("output"),
    }),
  },
  Pipeline: {
    spec: fields({
      template: neutral,
      parameters: neutral,
      input: schemaOf("input"),
      output: schemaOf("output"),
      nodes: members("The node", ["id"], {
        added: "unknown",
        removed: "unknown",
        changed: measured("A node differs"),
      }),
      edges: measured("The graph is wired differently"),
      resources: always("unknown", "It may no longer fit where it runs."),
      execution: always("unknown", "It runs under other limits."),
      dependencies,
    }),
  },
  Template: {
    spec: fields({
      type: breaks("It makes something else."),
      extends: always("unknown", "It builds on another template."),
      includes: always("unknown", "It puts in other templates."),
      parameters: schemaOf("input"),
      body: always("unknown", "What it renders differs."),
      tests: neutral,
    }),
  },
  TestSuite: {
    spec: fields({
      targets: promises("The target"),
      cases: members("The case", ["id"], {
        added: "compatible",
        removed: "breaking",
        changed: fields({
          id: neutral,
          name: neutral,
          type: neutral,
          category: neutral,
          priority: neutral,
          tags: neutral,
          timeout: always("unknown", "It may take another time."),
          retries: always("unknown", "It is tried another number of times."),
          input: measured("The case asks something else"),
          expected: measured("The case expects something else"),
          assertions: measured("The case checks something else"),
        }),
      }),
      benchmarks: members("The benchmark", ["metric"], {
        added: "compatible",
        removed: "breaking",
        changed: benchmark,
      }),
      scoring: measured("Points come to a score or class in another way"),
      config: neutral,
    }),
  },
  Policy: {
    spec: fields({
      appliesTo: demands("Complying as"),
      rules: members("The rule", ["id"], {
        added: "breaking",
        removed: "compatible",
        changed: fields({
          id: neutral,
          when: always("unknown", "It applies to other entries."),
          assert: always("unknown", "It asks for something else."),
          severity: mustNotRise("The severity", ["low", "medium", "high", "critical"]),
          message: neutral,
          remediation: neutral,
        }),
      }),
      tests: neutral,
    }),
  },
  Bundle: {
    spec: fields({
      // Nothing floats over bundles, and a version may do in its weights what another did in a file beside them.
      artifacts: members("The artifact", ["role"], {
        added: "compatible",
        removed: "unknown",
        changed: bundleArtifact,
      }),
      models: measured("Other models decide"),
      policies: measured("Other policies apply"),
      pipelines: measured("Other pipelines run"),
      configs: measured("Other configs apply"),
      compatibility: fields({
        featureGroups: demandMap("The feature group"),
        schemas: demandMap("The schema"),
        inputContract: demandMap("The input contract's"),
        requires: demands("The capability"),
      }),
      provenance: neutral,
      configHash: neutral,
      origin: neutral,
      changelog: neutral,
    }),
  },
};

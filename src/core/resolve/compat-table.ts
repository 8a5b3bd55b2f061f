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
 * | Bundle    | an artifact role gone, another media type; any new or other     | other contents, other models,   |
 * |           | demand on the platform (feature groups, schemas, capabilities)  | pipelines, policies, configs    |
 *
 * Everything else is compatible: what is added, and what only describes.
 */
import { isObject, type Json } from "../model/json.ts";
import type { KindName } from "../model/kind.ts";
import type { Comparer } from "./compat-change.ts";
import { always, atLeast, demandMap, demands, dependencies, fields, memberMap, members, mustNotRise, neutral, promise, promises, valueByKeys } from "./compat-fields.ts";
import { schemaOf } from "./compat-schema.ts";

/** How to compare the parts of a kind that say what it is: `spec`, and for models `facts` and `serving`. */
export interface CompatTable {
  readonly spec: ReturnType<typeof fields>;
  readonly facts?: ReturnType<typeof fields>;
  readonly serving?: ReturnType<typeof fields>;
}

const measured = (what: string): Comparer => always("unknown", `${what}; only measuring tells what that does.`);
const breaks = (why: string): Comparer => always("breaking", why);

/** Benchmarks promise what was measured: a stricter one keeps the promise, a looser one does not. */
const benchmark: Comparer = (before, after, pointer, report) => {
  const [a, b] = [thresholdOf(before), thresholdOf(after)];
  const sign = a?.operator !== b?.operator ? 0 : a?.operator?.startsWith(">") ? 1 : a?.operator?.startsWith("<") ? -1 : 0;
  const rise = sign * ((b?.threshold ?? 0) - (a?.threshold ?? 0));
  const isSameBar = a?.operator === b?.operator && a?.threshold === b?.threshold;
  const impact = isSameBar || rise > 0 ? "compatible" : rise < 0 ? "breaking" : "unknown";
  report({ pointer, change: "changed", impact, why: isSameBar ? "It asks for the same." : `The bar is ${rise > 0 ? "stricter" : rise < 0 ? "looser" : "another"} now.` });
};

function thresholdOf(value: Json | undefined): { readonly operator: string | undefined; readonly threshold: number | undefined } | undefined {
  if (!isObject(value)) return undefined;
  const { operator, threshold } = value;
  return { operator: typeof operator === "string" ? operator : undefined, threshold: typeof threshold === "number" ? threshold : undefined };
}

const bundleArtifact = fields({
  role: neutral,
  text: measured("The text differs"),
  uri: neutral,
  digest: measured("The contents differ"),
  size: neutral,
  mediaType: breaks("Whoever loads it expects the other media type."),
});

const artifact = fields({ uri: neutral, digest: measured("The contents differ"), size: neutral, mediaType: breaks("Whoever loads it expects the other media type.") });

export const compatTables: Readonly<Partial<Record<KindName, CompatTable>>> = {
  Model: {
    spec: fields({
      provider: breaks("Another provider serves it: other credentials, terms and addresses."),
      upstreamId: measured("The provider knows it by another name"),
      type: breaks("It is another type of model."),
      artifact,
      derivedFrom: neutral,
      datasets: neutral,
      dependencies,
      interface: fields({ input: schemaOf("input"), output: schemaOf("output") }),
      changelog: neutral,
    }),
    facts: fields({
      series: neutral,
      role: neutral,
      sizeClass: neutral,
      sizeEvidence: neutral,
      parameters: neutral,
      maturity: neutral,
      capabilities: fields({
        contextLength: atLeast("The context"),
        maxInputTokens: atLeast("The longest input"),
        maxOutputTokens: atLeast("The longest output"),
        modalities: fields({ input: promises("The input modality"), output: promises("The output modality") }),
        functions: promise("Calling functions"),
        structuredOutput: promise("Structured output"),
        vision: promise("Vision"),
        attachments: promise("Taking attachments"),
        temperature: promise("Setting the temperature"),
        reasoning: promise("Reasoning"),
        reasoningControls: members("The reasoning control", ["type"], { added: "compatible", removed: "breaking", changed: always("unknown", "Other settings are allowed.") }),
        reasoningField: always("unknown", "Reasoning is handed back under another name."),
        interleavedReasoning: promise("Reasoning between tool calls"),
        streaming: promise("Streaming"),
        batching: promise("Batching"),
        languages: promises("The language"),
        features: promises("The feature"),
      }),
      releaseDate: neutral,
      lastUpdated: neutral,
      knowledgeCutoff: neutral,
      openWeights: always("unknown", "Whether the weights are open decides where it may run."),
      license: always("unknown", "Other terms apply."),
      categories: neutral,
      compatibleWith: always("unknown", "It goes together with others."),
      incompatibleWith: always("unknown", "It goes together with others."),
      migrationGuide: neutral,
      scores: neutral,
    }),
    serving: fields({
      endpoints: members("The endpoint", ["type", "url"], {
        added: "compatible",
        removed: "breaking",
        changed: fields({
          type: neutral,
          url: neutral,
          shape: breaks("It speaks another protocol."),
          auth: breaks("It asks for other authentication."),
          rateLimit: always("unknown", "Other limits hold."),
          timeout: always("unknown", "It answers within another time."),
          region: always("unknown", "It runs elsewhere."),
        }),
      }),
      pricing: always("compatible", "It costs something else; nothing stops working."),
      modes: memberMap("The mode", { added: "compatible", removed: "breaking", changed: always("unknown", "A mode is asked for in another way.") }),
      sdk: always("unknown", "Another SDK is named."),
      minApiVersion: always("unknown", "Another version of the API is needed."),
    }),
  },
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
      nodes: members("The node", ["id"], { added: "unknown", removed: "unknown", changed: measured("A node differs") }),
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
      benchmarks: members("The benchmark", ["metric"], { added: "compatible", removed: "breaking", changed: benchmark }),
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
      artifacts: members("The artifact", ["role"], { added: "compatible", removed: "breaking", changed: bundleArtifact }),
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

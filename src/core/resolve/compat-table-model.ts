/**
 * What a difference in each field of a model means: its spec, and what is said about it in facts and serving.
 * The other kinds, and the table in words, stand in compat-table.ts.
 */
import { always, atLeast, breaks, fields, measured, neutral, promise, promises } from "./compat-fields.ts";
import { dependencies, memberMap, members } from "./compat-members.ts";
import { schemaOf } from "./compat-schema.ts";

/** How to compare the parts of a kind that say what it is: `spec`, and for models `facts` and `serving`. */
export interface CompatTable {
  readonly spec: ReturnType<typeof fields>;
  readonly facts?: ReturnType<typeof fields>;
  readonly serving?: ReturnType<typeof fields>;
}

/** A file kept elsewhere. */
export const artifact = fields({
  uri: neutral,
  digest: measured("The contents differ"),
  size: neutral,
  mediaType: breaks("Whoever loads it expects the other media type."),
});

export const modelTable: CompatTable = {
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
      modalities: fields({
        input: promises("The input modality"),
        output: promises("The output modality"),
      }),
      functions: promise("Calling functions"),
      structuredOutput: promise("Structured output"),
      vision: promise("Vision"),
      attachments: promise("Taking attachments"),
      temperature: promise("Setting the temperature"),
      reasoning: promise("Reasoning"),
      reasoningControls: members("The reasoning control", ["type"], {
        added: "compatible",
        removed: "breaking",
        changed: always("unknown", "Other settings are allowed."),
      }),
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
    modes: memberMap("The mode", {
      added: "compatible",
      removed: "breaking",
      changed: always("unknown", "A mode is asked for in another way."),
    }),
    sdk: always("unknown", "Another SDK is named."),
    minApiVersion: always("unknown", "Another version of the API is needed."),
  }),
};

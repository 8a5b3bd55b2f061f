/** Generated from schemas/ by scripts/generate; do not edit. What a schema-valid file of each kind holds. */
import type { Json, JsonObject } from "../core/model/json.ts";

/** Each name stands for one exact version. `latest` is refused: nothing is ever chosen by time. */
export type AliasesAliases = {
  readonly [key: string]: string;
};

/** How many holders of a role must agree. */
export type ApprovalPolicyApproval = {
  /** The role, or `owner` for any role that owns the subject's path by `ownership`. */
  readonly role: string;
  /** How many different people. */
  readonly count?: number;
};

/** What is asked for instead when an activation carries `emergency: true`. */
export type ApprovalPolicyEmergency = {
  /** Which roles must agree to the emergency. */
  readonly approvals: readonly ApprovalPolicyApproval[];
  /** How long the override may stand before lint, gate and release fail. */
  readonly expiresAfter: string;
};

/** Which moves this policy is about. Keys are ANDed, the values within a key ORed; `paths` stands alone. */
export type ApprovalPolicyMatch = {
  /** Moves of entries of these kinds. */
  readonly kinds?: readonly KindName[];
  /** These moves. */
  readonly actions?: readonly ("create" | "approve" | "reject" | "beta" | "release" | "deprecate" | "retire" | "restore" | "start" | "pause" | "resume" | "archive" | "activate" | "promote" | "rollback" | "inherit" | "deactivate" | "amend" | "edit" | "serve" | "remove")[];
  /** Moves in these environments. */
  readonly environments?: readonly string[];
  /** Moves of entries in these namespaces. */
  readonly namespaces?: readonly string[];
  /** Moves for which this is true. It also sees `usecase`, `bundle`, `from`, `to`, `action` and `environment`. */
  readonly when?: string;
  /** Changes of any of these paths, as CODEOWNERS spells patterns. It cannot stand beside other keys. */
  readonly paths?: readonly string[];
};

/** What must be there before the move may land. */
export type ApprovalPolicyRequire = {
  /** Which roles must agree. */
  readonly approvals?: readonly ApprovalPolicyApproval[];
  /** How strongly approvals must be proven: by the forge's reviews, or by signatures that need no forge. */
  readonly assurance?: "forge" | "signed";
  /** Evaluations older than this do not count. */
  readonly evaluationMaxAge?: string;
  /** Whether Evaluations need an attestation to count. */
  readonly attestedEvaluations?: boolean;
  /** Whether every artifact must have been fetched and its digest compared. */
  readonly verifiedArtifacts?: boolean;
  /** Where and for how long the same bundle must have been live before. */
  readonly soak?: {
    /** Where it must have been live. */
    readonly environment: string;
    /** For how long, without interruption. */
    readonly duration: string;
  };
};

/** A file that lives elsewhere, pinned by its digest. */
export type Artifact = {
  /** Where the file is kept. */
  readonly uri: string;
  /** The digest of the file's bytes. */
  readonly digest: string;
  /** The file's size in bytes. */
  readonly size?: number;
  /** What kind of file it is. */
  readonly mediaType?: string;
};

/** How callers prove who they are. Names only, never a secret. */
export type Auth = {
  /** How a caller proves who it is. */
  readonly type: "none" | "api-key" | "bearer" | "basic" | "oauth2" | "mtls" | "aws-sigv4" | "google-adc" | "azure-ad" | "custom";
  /** The HTTP header that carries the credential. */
  readonly header?: string;
};

/** One file: either its text, or where it is kept and its digest. */
export type BundleArtifact = {
  /** What the file is for. */
  readonly role: "model_weights" | "policy_rules" | "prompt" | "thresholds" | "guardrail" | "tools" | "config" | "metadata";
  /** The file's content, up to 64 KiB. */
  readonly text?: string;
  /** Where the file is kept. */
  readonly uri?: string;
  /** The digest of the file's bytes. */
  readonly digest?: string;
  /** The file's size in bytes. */
  readonly size?: number;
  /** What kind of file it is. */
  readonly mediaType?: string;
};

/** What was measured before the version was published. Frozen with the spec, outside its digest; tools write it. */
export type BundleGateReceipt = {
  /** What the gates said. Only PASS lands. */
  readonly decision: "PASS" | "FAIL";
  /** Each gate with what was observed. */
  readonly gates?: readonly BundleGateResult[];
  /** The runs the observed values come from. */
  readonly evaluations?: readonly string[];
  /** Who issued the receipt. */
  readonly issuer?: string;
  /** When it was issued. */
  readonly issuedAt?: string;
  /** The full record, kept elsewhere. */
  readonly evidence?: {
    /** Where it is kept. */
    readonly uri: string;
    /** The digest of its bytes. */
    readonly digest: string;
  };
};

/** One gate and what was observed. */
export type BundleGateResult = {
  /** The metric that was looked at. */
  readonly metric: string;
  /** How the observed value is compared with the threshold. */
  readonly operator: Operator;
  /** The value to compare with. */
  readonly threshold: number;
  /** The value the cited Evaluations measured. */
  readonly observed: number;
  /** Whether the gate held. */
  readonly passed: boolean;
};

/** What is deployed. Frozen once landed: the digest covers it, and a correction is a new version. */
export type BundleSpec = {
  /** The files that make up the bundle. */
  readonly artifacts: readonly BundleArtifact[];
  /** The exact model versions it uses. */
  readonly models?: readonly string[];
  /** The exact policy versions it was built against. */
  readonly policies?: readonly string[];
  /** The exact pipeline versions it runs. */
  readonly pipelines?: readonly string[];
  /** The exact config versions it uses. */
  readonly configs?: readonly string[];
  /** What it needs of a platform. Empty means that it runs everywhere. */
  readonly compatibility?: {
    /** The exact version it needs of each feature group. */
    readonly featureGroups?: {
      readonly [key: string]: string;
    };
    /** The exact version it needs of each message schema. */
    readonly schemas?: {
      readonly [key: string]: string;
    };
    /** The message schema it is called with. It is looked up among the platform's schemas. */
    readonly inputContract?: {
      /** The schema's name. */
      readonly schema: string;
      /** The exact version. */
      readonly version: string;
    };
    /** What the platform must be able to do. */
    readonly requires?: readonly string[];
  };
  /** Where it comes from. A training run and its data are needed for weights; a code revision or a training run always. */
  readonly provenance: {
    /** The run that made the weights. */
    readonly trainingRun?: string;
    /** The exact data the weights were trained on. */
    readonly datasets?: readonly string[];
    /** The commit of the code that built the bundle. */
    readonly codeRevision?: string;
    /** The report of the training or the build. */
    readonly report?: {
      /** Where it is kept. */
      readonly uri: string;
      /** The digest of its bytes. */
      readonly digest: string;
    };
  };
  /** The digest of the configuration that was in force when the bundle was built. */
  readonly configHash?: string;
  /** The id of this version in the system it was published from. */
  readonly origin?: {
    /** The system's name. */
    readonly system: string;
    /** The id there. */
    readonly id: string;
    /** The version there. */
    readonly version?: string;
  };
  /** What is new in this version, for the people who use it. */
  readonly changelog?: string;
};

/** The configuration. Frozen once landed: the digest covers it, and a correction is a new version. */
export type ConfigSpec = {
  /** What it configures. */
  readonly type: "prompt" | "parameters" | "thresholds" | "routing" | "tools";
  /** The template that the value was rendered from; it is checked against it again. */
  readonly template?: string;
  /** The parameters the template was rendered with. */
  readonly parameters?: JsonObject;
  /** The content as text: a prompt, say. It may be up to 64 KiB. */
  readonly text?: string;
  /** The content as data. */
  readonly value?: Json;
  /** The content, kept elsewhere. */
  readonly artifact?: Artifact;
  /** The JSON Schema the content follows. */
  readonly schema?: JsonObject;
};

/** What the data is. Frozen once landed: the digest covers it, and a correction is a new version. */
export type DatasetSpec = {
  /** Where the data is kept. */
  readonly uri: string;
  /** The digest of the data, or of its manifest. */
  readonly digest: string;
  /** How many records it holds. */
  readonly records?: number;
  /** The JSON Schema of one record. */
  readonly schema?: JsonObject;
  /** The licence it is used under: an SPDX expression or the name of a contract. */
  readonly license?: string;
  /** Who may see it. */
  readonly classification?: "public" | "internal" | "confidential" | "restricted";
  /** The data sets it was made from. */
  readonly derivedFrom?: readonly string[];
  /** What made it: a pipeline, a model, a role or an identity, or the name of a job elsewhere. */
  readonly producedBy?: string;
  /** How long it may be kept. */
  readonly retention?: string;
};

/** What is left of the platform in a degrade mode. */
export type DegradeProfile = {
  /** The feature groups that still work. */
  readonly featureGroups?: readonly string[];
  /** The capabilities that still work. */
  readonly capabilities?: readonly string[];
  /** How callers should act in this mode. */
  readonly posture?: "NORMAL" | "STEP_UP_ONLY" | "REVIEW";
};

/** What is left in each degrade mode; the mode NORMAL without a profile masks nothing. */
export type DegradeProfiles = {
  readonly [key: string]: DegradeProfile;
};

/** Something this version needs, given as a range; the snapshot records the exact version it resolves to. */
export type Dependency = {
  /** The entry without a version: `model:<namespace>/<name>`. The range stands in `version`. */
  readonly ref: string;
  /** Which versions fit, as a SemVer range. The highest version that is not retired wins; pre-releases only where the range names one. */
  readonly version: string;
  /** Whether this version is of no use without it. An optional dependency may resolve to nothing. */
  readonly required?: boolean;
};

/** What came of one assertion. */
export type EvaluationAssertionResult = {
  /** How the answer was judged. */
  readonly type: "equals" | "contains" | "matches_regex" | "less_than" | "greater_than" | "schema_valid" | "custom";
  /** Whether it held. */
  readonly passed: boolean;
  /** What to know about it. */
  readonly message?: string;
  /** What was expected. */
  readonly expected?: Json;
  /** What was seen. */
  readonly actual?: Json;
};

/** The issuer's signature over what was measured, as a DSSE envelope. */
export type EvaluationAttestation = {
  /** The media type of the payload. */
  readonly payloadType: string;
  /** The signed bytes, base64. */
  readonly payload: string;
  /** Of a certificate's signature: what proves it, as sigstore's bundles hold it. */
  readonly verificationMaterial?: JsonObject;
  /** Signatures over the payload. */
  readonly signatures: readonly ({
    /** Which key signed. */
    readonly keyid?: string;
    /** The signature, base64. */
    readonly sig: string;
  })[];
};

/** What came of one case. */
export type EvaluationCaseResult = {
  /** The case's id in the suite. */
  readonly id: string;
  /** How it ended. */
  readonly status: "passed" | "failed" | "error" | "skipped";
  /** How long it took. */
  readonly duration?: string;
  /** What came of each assertion. */
  readonly assertions?: readonly EvaluationAssertionResult[];
  /** What broke. */
  readonly error?: {
    /** The kind of error. */
    readonly type?: string;
    /** What it said. */
    readonly message: string;
  };
};

/** What was measured, by name. Gates look here. */
export type EvaluationMetrics = {
  readonly [key: string]: number;
};

/** How fast it was. */
export type EvaluationPerformance = {
  /** The mean time of an answer. */
  readonly averageLatency?: string;
  /** Half of the answers were faster. */
  readonly p50?: string;
  /** 95 of 100 answers were faster. */
  readonly p95?: string;
  /** 99 of 100 answers were faster. */
  readonly p99?: string;
  /** Answers per second. */
  readonly throughput?: number;
  /** The share of calls that failed. */
  readonly errorRate?: number;
};

/** A file the run left behind. */
export type EvaluationRunArtifact = {
  /** What it is called. */
  readonly name: string;
  /** What it is. */
  readonly type?: string;
  /** Where it is kept. */
  readonly uri: string;
  /** The digest of its bytes. */
  readonly digest?: string;
  /** Its size in bytes. */
  readonly size?: number;
};

/** The cases, counted. It must match them. */
export type EvaluationSummary = {
  /** All cases. */
  readonly total: number;
  /** Cases that passed. */
  readonly passed: number;
  /** Cases that failed. */
  readonly failed: number;
  /** Cases that broke. */
  readonly errors: number;
  /** Cases that were not run. */
  readonly skipped: number;
};

/** Custom metadata by the name of its MetadataSchema. */
export type Extensions = {
  readonly [key: string]: Json;
};

/** A measured value that must hold before a bundle goes live. */
export type Gate = {
  /** The metric that is looked at, as Evaluations record it. */
  readonly metric: string;
  /** How the measured value is compared with the threshold. */
  readonly operator: Operator;
  /** The value to compare with. */
  readonly threshold: number;
  /** Where the gate is asked for; without it, everywhere. */
  readonly environments?: readonly string[];
};

/** The account whose reviews count as this identity's. */
export type IdentityGithub = {
  /** The account's name, for people. A name can change hands; the id decides. */
  readonly login: string;
  /** The account's numeric id, which never changes: `gh api users/<login> --jq .id`. */
  readonly id: number;
};

/** A public key of this identity. */
export type IdentityKey = {
  /** The public key. */
  readonly sshPublicKey: string;
  /** Why and since when the key no longer counts. */
  readonly revoked?: {
    /** Why the key was revoked. */
    readonly reason: string;
    /** The sequence number of the landing from which on the key does not count. */
    readonly since: number;
  };
};

/** One check of this identity. */
export type IdentityProof = {
  /** The identity that checked. */
  readonly by: string;
  /** When it was checked. */
  readonly at: string;
  /** What was seen, or where it is kept. */
  readonly evidence: string;
};

/** The certificate identity, of a workflow say, that signs as this one. It attests evaluations and approves nothing. */
export type IdentitySigstore = {
  /** The address of the OpenID Connect issuer, compared letter by letter. */
  readonly issuer: string;
  /** The subject in the certificate, compared letter by letter. */
  readonly identity: string;
};

/** The name of a kind of entry. */
export type KindName = "Registry" | "Identity" | "Role" | "ApprovalPolicy" | "Environment" | "PolicyBinding" | "Waiver" | "MetadataSchema" | "Provider" | "UseCase" | "Model" | "Aliases" | "Dataset" | "Config" | "Pipeline" | "Template" | "TestSuite" | "Policy" | "Bundle" | "Evaluation" | "Activation";

/** Short key-value marks. */
export type Labels = {
  readonly [key: string]: string;
};

/** A page on the web. */
export type Link = {
  /** What the page is. */
  readonly title?: string;
  /** The page's address. */
  readonly url: string;
};

/** A field that is looked up often. */
export type MetadataSchemaIndexedField = {
  /** The field below the key, with dots. */
  readonly path: string;
  /** What the field holds. */
  readonly type?: "string" | "number" | "boolean" | "date";
  /** Whether no two entries may hold the same value. */
  readonly unique?: boolean;
};

/** What a model can do. */
export type ModelCapabilities = {
  /** How many tokens a request may hold, or `unknown`. Required for completion and multi-modal models. */
  readonly contextLength?: number | "unknown";
  /** How many of them may be input, where that is less than the context length. */
  readonly maxInputTokens?: number;
  /** How many tokens an answer may hold. */
  readonly maxOutputTokens?: number;
  /** What goes in and what comes out. */
  readonly modalities?: {
    /** What it reads. */
    readonly input?: readonly ModelModality[];
    /** What it writes. */
    readonly output?: readonly ModelModality[];
  };
  /** Whether it can call functions (tools). */
  readonly functions?: boolean;
  /** Whether answers can be held to a JSON Schema. */
  readonly structuredOutput?: boolean;
  /** Whether it understands images. */
  readonly vision?: boolean;
  /** Whether requests may carry files. */
  readonly attachments?: boolean;
  /** Whether the temperature can be set. */
  readonly temperature?: boolean;
  /** Whether it reasons before it answers. */
  readonly reasoning?: boolean;
  /** How much it reasons can be set in these ways. */
  readonly reasoningControls?: readonly ModelReasoningControl[];
  /** The field of an answer in which reasoning stands, where it must be sent back between calls. */
  readonly reasoningField?: string;
  /** Whether it reasons between function calls. */
  readonly interleavedReasoning?: boolean;
  /** Whether answers can be streamed. */
  readonly streaming?: boolean;
  /** Whether requests can be sent in batches. */
  readonly batching?: boolean;
  /** The languages it is good at, as BCP 47 tags. */
  readonly languages?: readonly string[];
  /** Anything else it can do, in the vendor's words. */
  readonly features?: readonly string[];
};

/** A score somebody published. */
export type ModelClaimedScore = {
  /** The benchmark and its variant. */
  readonly name: string;
  /** The score as a share of the best possible, from 0 to 1. */
  readonly value: number;
  /** Where it was published. */
  readonly source?: string;
};

/** A place where the model answers. */
export type ModelEndpoint = {
  /** The protocol. */
  readonly type: "rest" | "grpc" | "graphql";
  /** Where requests go. */
  readonly url: string;
  /** Which API the requests follow, where the provider has several. */
  readonly shape?: string;
  /** How callers prove who they are, where it is not the provider's usual way. */
  readonly auth?: Auth;
  /** How much a caller may ask. */
  readonly rateLimit?: {
    /** How many requests a minute are answered. */
    readonly requestsPerMinute?: number;
    /** How many requests a day are answered. */
    readonly requestsPerDay?: number;
    /** How many tokens a minute are read and written. */
    readonly tokensPerMinute?: number;
  };
  /** After how long a caller should give up. */
  readonly timeout?: string;
  /** Where the endpoint runs. */
  readonly region?: string;
};

/** Statements about the model. */
export type ModelFacts = {
  /** The family the vendor counts it to. */
  readonly series?: string;
  /** What it is used for here: as a general, for one special task, or to try. */
  readonly role?: "general" | "specialist" | "experimental";
  /** How large it is, roughly. */
  readonly sizeClass?: "nano" | "mini" | "small" | "medium" | "large" | "xl" | "xxl";
  /** Where the size class comes from. */
  readonly sizeEvidence?: string;
  /** The number of weights, where it is published. */
  readonly parameters?: number;
  /** The vendor's own word for how finished it is. */
  readonly maturity?: string;
  /** What it can do and how much of it. */
  readonly capabilities?: ModelCapabilities;
  /** When the vendor released it: a day, or a month where that is all that is known. */
  readonly releaseDate?: string;
  /** When the vendor last changed it: a day or a month. */
  readonly lastUpdated?: string;
  /** Until when its training data reaches: a day or a month. */
  readonly knowledgeCutoff?: string;
  /** Whether the weights can be downloaded. */
  readonly openWeights?: boolean;
  /** The SPDX expression of the weights' licence. */
  readonly license?: string;
  /** Kinds of work it suits. */
  readonly categories?: readonly string[];
  /** Model versions it can replace or work beside. */
  readonly compatibleWith?: readonly string[];
  /** Model versions it must not be mixed with. */
  readonly incompatibleWith?: readonly string[];
  /** How to move to this version: a text or a link. */
  readonly migrationGuide?: string;
  /** Scores that somebody claims. Measured ones come from Evaluations. */
  readonly scores?: readonly ModelClaimedScore[];
};

/** A kind of content. */
export type ModelModality = "text" | "image" | "audio" | "video" | "pdf" | "file" | "embedding" | "tabular" | "time-series";

/** One way to set how much the model reasons. */
export type ModelReasoningControl = {
  /** Words for the effort, on and off, or a number of tokens. */
  readonly type: "effort" | "toggle" | "budget-tokens";
  /** The words that are accepted. */
  readonly values?: readonly string[];
  /** The smallest number of tokens; -1 where the vendor lets the model choose. */
  readonly min?: number;
  /** The largest number of tokens. */
  readonly max?: number;
};

/** Endpoints, prices and limits. */
export type ModelServing = {
  /** Where the model answers. */
  readonly endpoints?: readonly ModelEndpoint[];
  /** What using it costs. */
  readonly pricing?: Pricing;
  /** Other ways to be served, by name, with what a request must carry and what that costs. */
  readonly modes?: {
    readonly [key: string]: ModelServingMode;
  };
  /** The package that speaks to this model, where it is not the provider's usual one. */
  readonly sdk?: string;
  /** The oldest version of the provider's API that knows the model. */
  readonly minApiVersion?: string;
};

/** Another way to be served. */
export type ModelServingMode = {
  /** Headers a request must carry. Never a secret. */
  readonly headers?: {
    readonly [key: string]: string;
  };
  /** Fields a request's body must carry. */
  readonly body?: JsonObject;
  /** What this mode costs. */
  readonly pricing?: Pricing;
};

/** What the model is. Frozen once landed: the digest covers it, and a correction is a new version. */
export type ModelSpec = {
  /** Who serves the model. */
  readonly provider: string;
  /** The provider's own id, letter by letter, as its API wants it. */
  readonly upstreamId?: string;
  /** What the model does. */
  readonly type: "completion" | "embedding" | "reranking" | "classification" | "regression" | "ranking" | "forecasting" | "anomaly" | "recommendation" | "clustering" | "function-calling" | "vision" | "image" | "speech" | "video" | "multi-modal" | "other";
  /** The weights, where they are ours. */
  readonly artifact?: Artifact;
  /** The models this one was tuned, distilled or merged from. */
  readonly derivedFrom?: readonly string[];
  /** The data it was trained on. */
  readonly datasets?: readonly string[];
  /** What this version needs, as ranges; the snapshot records the exact versions. */
  readonly dependencies?: readonly Dependency[];
  /** What goes in and what comes out. */
  readonly interface?: {
    /** The JSON Schema of a request. */
    readonly input?: JsonObject;
    /** The JSON Schema of an answer. */
    readonly output?: JsonObject;
  };
  /** What is new in this version, for the people who use it. */
  readonly changelog?: string;
};

/** How the measured value is compared with the threshold; the measured value stands on the left. */
export type Operator = ">=" | ">" | "<=" | "<" | "==" | "!=";

/** One connection. */
export type PipelineEdge = {
  /** The output port that is read. */
  readonly from: PipelineEnd;
  /** The input port that is fed. */
  readonly to: PipelineEnd;
  /** What happens on the way, as the runtime understands it. */
  readonly transform?: string;
};

/** One end of an edge. */
export type PipelineEnd = {
  /** A node's id, `$input` or `$output`. */
  readonly node: string;
  /** The port of that node. */
  readonly port: string;
};

/** How the pipeline is run. */
export type PipelineExecution = {
  /** After how long a run is given up. */
  readonly timeout?: string;
  /** What happens when a run fails. */
  readonly retry?: Retry;
  /** How many runs may go on at once. */
  readonly concurrency?: number;
  /** Which runs go first when there is not enough room. */
  readonly priority?: "low" | "normal" | "high" | "critical";
  /** Variables the run sees. Never a secret. */
  readonly environment?: {
    readonly [key: string]: string;
  };
};

/** One step. */
export type PipelineNode = {
  /** The step's name inside the pipeline; edges use it. */
  readonly id: string;
  /** What the step does. A step of type model calls the model named in its config. */
  readonly type: "model" | "transform" | "filter" | "aggregate" | "custom";
  /** The step's settings. A step of type model takes model, config, parameters, timeout and retry; the others take what their runtime understands. */
  readonly config?: {
    /** The exact model version the step calls. */
    readonly model?: string;
    /** The exact config version (a prompt, parameters) the step uses. */
    readonly config?: string;
    readonly [key: string]: Json | undefined;
  };
  /** The ports the step reads. */
  readonly inputs?: readonly PipelinePort[];
  /** The ports the step writes. */
  readonly outputs?: readonly PipelinePort[];
};

/** An end that edges connect. */
export type PipelinePort = {
  /** The port's name. */
  readonly port: string;
  /** The JSON Schema of what flows through. */
  readonly schema?: JsonObject;
};

/** What running needs. */
export type PipelineResources = {
  /** Processor cores: `500m` is half a core. */
  readonly cpu?: string | number;
  /** Main memory. */
  readonly memory?: string | number;
  /** Graphics processors. */
  readonly gpu?: {
    /** Which kind. */
    readonly type?: string;
    /** How many. */
    readonly count: number;
    /** Memory of each. */
    readonly memory?: string | number;
  };
  /** Disk space. */
  readonly storage?: string | number;
};

/** The graph and what running it needs. Frozen once landed: the digest covers it, and a correction is a new version. */
export type PipelineSpec = {
  /** The template this pipeline was rendered from; it is checked against it again. */
  readonly template?: string;
  /** The parameters the template was rendered with. */
  readonly parameters?: JsonObject;
  /** The JSON Schema of what the pipeline is called with; its properties are the ports of `$input`. */
  readonly input?: JsonObject;
  /** The JSON Schema of what the pipeline answers; its properties are the ports of `$output`. */
  readonly output?: JsonObject;
  /** The steps. */
  readonly nodes: readonly PipelineNode[];
  /** What flows from where to where. Every input port is fed exactly once. */
  readonly edges: readonly PipelineEdge[];
  /** What running it needs, as Kubernetes quantities. */
  readonly resources?: PipelineResources;
  /** How it is run. */
  readonly execution?: PipelineExecution;
  /** What this version needs, as ranges; the snapshot records the exact versions. */
  readonly dependencies?: readonly Dependency[];
};

/** What an environment offers to bundles. Each key stated here replaces the inherited one whole. */
export type Platform = {
  /** Feature groups by name, with the versions that are served. */
  readonly featureGroups?: {
    readonly [key: string]: readonly string[];
  };
  /** Message schemas by name, with the versions that are spoken. A bundle's input contract is looked up here too. */
  readonly schemas?: {
    readonly [key: string]: readonly string[];
  };
  /** What the platform can do, by name. */
  readonly capabilities?: readonly string[];
};

/** One thing that must hold. */
export type PolicyRule = {
  /** The rule's name inside the policy; waivers and reports use it. */
  readonly id: string;
  /** The rule is asked only where this is true; without it, always. */
  readonly when?: string;
  /** What must be true. */
  readonly assert: string;
  /** How bad a violation is. */
  readonly severity: "critical" | "high" | "medium" | "low";
  /** What a reader is told when the rule is violated. */
  readonly message: string;
  /** What to do about a violation. */
  readonly remediation?: string;
};

/** The rules. Frozen once landed: the digest covers it, and a correction is a new version. */
export type PolicySpec = {
  /** The kinds the rules can judge. */
  readonly appliesTo: readonly KindName[];
  /** What must hold. */
  readonly rules: readonly PolicyRule[];
  /** Examples and the rules they violate; they run with every lint. */
  readonly tests?: readonly ({
    /** What the test shows. */
    readonly name?: string;
    /** An entry as the rules see it; what is left out is empty. */
    readonly given: JsonObject;
    /** The ids of the rules it violates, all of them. */
    readonly expect: readonly string[];
  })[];
};

/** Prices that hold beyond a size of the context. */
export type PriceTier = {
  /** The tier holds for requests with more context tokens than this. */
  readonly aboveContextTokens: number;
  /** Price of one million input tokens, as a decimal string in the pricing's currency. */
  readonly inputPerMillionTokens?: string;
  /** Price of one million output tokens, as a decimal string in the pricing's currency. */
  readonly outputPerMillionTokens?: string;
  /** Price of one million reasoning tokens, as a decimal string in the pricing's currency. Absent where they cost what output costs. */
  readonly reasoningPerMillionTokens?: string;
  /** Price of one million tokens read from the prompt cache, as a decimal string in the pricing's currency. */
  readonly cacheReadPerMillionTokens?: string;
  /** Price of one million tokens written to the prompt cache, as a decimal string in the pricing's currency. */
  readonly cacheWritePerMillionTokens?: string;
  /** Price of one million audio input tokens, as a decimal string in the pricing's currency. */
  readonly inputAudioPerMillionTokens?: string;
  /** Price of one million audio output tokens, as a decimal string in the pricing's currency. */
  readonly outputAudioPerMillionTokens?: string;
};

/** What using the model costs. */
export type Pricing = {
  /** The ISO 4217 code of the currency of all amounts here. */
  readonly currency: string;
  /** Price of one million input tokens, as a decimal string in the pricing's currency. */
  readonly inputPerMillionTokens?: string;
  /** Price of one million output tokens, as a decimal string in the pricing's currency. */
  readonly outputPerMillionTokens?: string;
  /** Price of one million reasoning tokens, as a decimal string in the pricing's currency. Absent where they cost what output costs. */
  readonly reasoningPerMillionTokens?: string;
  /** Price of one million tokens read from the prompt cache, as a decimal string in the pricing's currency. */
  readonly cacheReadPerMillionTokens?: string;
  /** Price of one million tokens written to the prompt cache, as a decimal string in the pricing's currency. */
  readonly cacheWritePerMillionTokens?: string;
  /** Price of one million audio input tokens, as a decimal string in the pricing's currency. */
  readonly inputAudioPerMillionTokens?: string;
  /** Price of one million audio output tokens, as a decimal string in the pricing's currency. */
  readonly outputAudioPerMillionTokens?: string;
  /** Other prices for large requests; the tier with the highest bound that the request exceeds holds. */
  readonly tiers?: readonly PriceTier[];
};

/** How callers prove who they are. */
export type ProviderAuth = {
  /** How a caller proves who it is. */
  readonly type: "none" | "api-key" | "bearer" | "basic" | "oauth2" | "mtls" | "aws-sigv4" | "google-adc" | "azure-ad" | "custom";
  /** The HTTP header that carries the credential. */
  readonly header?: string;
  /** Where an OAuth 2 client gets its token. */
  readonly tokenEndpoint?: string;
  /** The OAuth 2 scopes to ask for. */
  readonly scopes?: readonly string[];
};

/** A variable by its name; its value never stands in the registry. */
export type ProviderEnvironmentVariable = {
  /** The variable's name. */
  readonly name: string;
  /** Whether calls fail without it. */
  readonly required?: boolean;
  /** Whether its value must be kept out of logs. */
  readonly secret?: boolean;
};

/** Upper bounds, so that nobody fills the registry by accident. */
export type RegistryLimits = {
  /** How many entries of a kind one namespace may hold. */
  readonly perNamespace?: {
    /** How many use cases one namespace may hold. */
    readonly UseCase?: number;
    /** How many model versions one namespace may hold. */
    readonly Model?: number;
    /** How many alias files one namespace may hold. */
    readonly Aliases?: number;
    /** How many dataset versions one namespace may hold. */
    readonly Dataset?: number;
    /** How many config versions one namespace may hold. */
    readonly Config?: number;
    /** How many pipeline versions one namespace may hold. */
    readonly Pipeline?: number;
    /** How many template versions one namespace may hold. */
    readonly Template?: number;
    /** How many test suite versions one namespace may hold. */
    readonly TestSuite?: number;
    /** How many policy versions one namespace may hold. */
    readonly Policy?: number;
    /** How many bundle versions one namespace may hold. */
    readonly Bundle?: number;
    /** How many evaluations one namespace may hold. */
    readonly Evaluation?: number;
    /** How many activations one namespace may hold. */
    readonly Activation?: number;
  };
};

/** One line of CODEOWNERS. */
export type RegistryOwnership = {
  /** The pattern of the paths that are owned. */
  readonly path: string;
  /** The roles that own them. An empty list means that nobody in particular does. */
  readonly roles: readonly string[];
};

/** JavaScript that runs in a sandbox, pinned by its digest: the file .github/assent/plugins/<name>.js. A registry runs exactly these bytes, or fails. */
export type RegistryPlugin = {
  /** The plugin's name, which is its file's; the codes of its findings carry it. */
  readonly name: string;
  /** The digest of the plugin's file. `assent plugin add` writes it. */
  readonly digest: string;
  /** The version of the plugin interface that it speaks. */
  readonly api: "assent.plugin/v1";
  /** What it may do. A plugin that has more than its pin grants is not run. */
  readonly hooks: readonly ("rules" | "functions" | "reports" | "importers" | "onBeforeTransition" | "onAfterLanding")[];
};

/** How a scope is found that has no file of its own. */
export type RegistryResolution = {
  /** Whether a tenant or scenario without a file falls back to the wider scope. */
  readonly inherit?: boolean;
};

/** Somebody outside this repository who signs what landed. */
export type RegistryWitness = {
  /** The key that signs evidence. */
  readonly sshPublicKey?: string;
  /** The certificate identity that signs evidence. */
  readonly sigstore?: {
    /** The address of the OpenID Connect issuer, compared letter by letter. */
    readonly issuer: string;
    /** The subject in the certificate, compared letter by letter. */
    readonly identity: string;
  };
};

/** What happens when a call fails. */
export type Retry = {
  /** How often the call is made at most, the first one included. */
  readonly maxAttempts: number;
  /** How the delay grows from one attempt to the next. */
  readonly backoff?: "fixed" | "linear" | "exponential";
  /** The delay before the second attempt. */
  readonly initialDelay?: string;
  /** The delay never grows beyond this. */
  readonly maxDelay?: string;
};

/** Which entries are meant. Keys are ANDed, the values within a key ORed; an empty selector means every entry. */
export type Selector = {
  /** Entries of these kinds. */
  readonly kinds?: readonly KindName[];
  /** Entries in these namespaces. */
  readonly namespaces?: readonly string[];
  /** Exactly these entries. */
  readonly refs?: readonly string[];
  /** Entries that carry all of these labels. */
  readonly labels?: Labels;
  /** Entries in these states. */
  readonly states?: readonly ("experimental" | "beta" | "production" | "deprecated" | "retired" | "draft" | "active" | "paused" | "archived" | "candidate" | "approved" | "rejected")[];
  /** Where what is selected is live or about to go live. */
  readonly environments?: readonly string[];
};

/** Where some of the facts came from. */
export type Source = {
  /** The page, file or API that was read. */
  readonly uri?: string;
  /** The digest of what was read. */
  readonly digest?: string;
  /** The commit the file was read at, where the source is a repository. */
  readonly commit?: string;
  /** The file inside the source. */
  readonly path?: string;
  /** When the facts were compared with the source. */
  readonly checkedAt?: string;
  /** Which fields of this file the source speaks for; without it, all of them. */
  readonly fields?: readonly string[];
  /** What a reader should know about this source. */
  readonly note?: string;
};

/** The template. Frozen once landed: the digest covers it, and a correction is a new version. */
export type TemplateSpec = {
  /** What rendering it gives. */
  readonly type: "pipeline" | "invocation" | "deployment";
  /** The template this one builds on. */
  readonly extends?: string;
  /** Templates that the body puts in its places, each under a name of its own: `{ $include: <name>, with: {...} }`. */
  readonly includes?: {
    readonly [key: string]: string;
  };
  /** The JSON Schema of the parameters. */
  readonly parameters?: JsonObject;
  /** What is rendered. Parameters fill whole values: `$param`, `$text`, `$if`, `$each`, `$include` and `$literal` stand where a value would. */
  readonly body: JsonObject;
  /** Parameters and what rendering them must give. */
  readonly tests?: readonly ({
    /** What the test shows. */
    readonly name?: string;
    /** The parameters to render with. */
    readonly parameters: JsonObject;
    /** What rendering gives. Without it, rendering has to succeed. */
    readonly expect?: Json;
    /** Whether rendering with these parameters has to be refused. */
    readonly refused?: boolean;
  })[];
};

/** One thing that must hold of the answer. */
export type TestSuiteAssertion = {
  /** How the answer is judged. */
  readonly type: "equals" | "contains" | "matches_regex" | "less_than" | "greater_than" | "schema_valid" | "custom";
  /** What the judgement needs: a path, a value, a pattern. */
  readonly config?: JsonObject;
};

/** One metric and the value a run should reach. */
export type TestSuiteBenchmark = {
  /** The metric's name, as Evaluations record it. */
  readonly metric: string;
  /** How the measured value is compared with the threshold. */
  readonly operator: Operator;
  /** The value to compare with. */
  readonly threshold: number;
  /** The unit of the value. */
  readonly unit?: string;
};

/** One thing that is tried. */
export type TestSuiteCase = {
  /** The case's name inside the suite; Evaluations use it. */
  readonly id: string;
  /** What the case shows. */
  readonly name?: string;
  /** What kind of test it is. */
  readonly type?: "functional" | "integration" | "performance" | "compliance" | "security" | "regression";
  /** A heading for reports. */
  readonly category?: string;
  /** How much a failure matters. */
  readonly priority?: "critical" | "high" | "medium" | "low";
  /** Words to pick cases by. */
  readonly tags?: readonly string[];
  /** After how long the case counts as failed. */
  readonly timeout?: string;
  /** How often a failed case is tried again. */
  readonly retries?: number;
  /** What the target is called with. */
  readonly input?: Json;
  /** What it should answer. */
  readonly expected?: Json;
  /** What must hold of the answer. */
  readonly assertions?: readonly TestSuiteAssertion[];
};

/** One case and what it is worth. */
export type TestSuiteCheck = {
  /** The id of the case. */
  readonly case: string;
  /** The most points that it gives. */
  readonly weight: number;
  /** Whether failing it counts as critical. */
  readonly critical?: boolean;
};

/** A class and what it takes. */
export type TestSuiteClass = {
  /** What Evaluations of this class say. */
  readonly name: string;
  /** The least sum of points; without it, any. */
  readonly atLeast?: number;
  /** Whether a run that failed a critical check may be of this class. */
  readonly criticalFails?: boolean;
};

/** Points of cases, summed up, and the classes that sums fall into. */
export type TestSuiteScoring = {
  /** Where Evaluations record the sum of points. */
  readonly metric: string;
  /** The cases that give points. An Evaluation records the points of each as the metric of the case's id. */
  readonly checks: readonly TestSuiteCheck[];
  /** The best first. The first class whose conditions hold is that of a run. */
  readonly classes?: readonly TestSuiteClass[];
};

/** The cases and benchmarks. Frozen once landed: the digest covers it, and a correction is a new version. */
export type TestSuiteSpec = {
  /** The kinds it can be run on. */
  readonly targets?: readonly ("Bundle" | "Model" | "Pipeline" | "Config" | "Template" | "Dataset")[];
  /** What is tried. */
  readonly cases?: readonly TestSuiteCase[];
  /** What is measured, and the value a run should reach. */
  readonly benchmarks?: readonly TestSuiteBenchmark[];
  /** How points of cases come to a score and a class. Evaluations record both; they are computed again and never believed. */
  readonly scoring?: TestSuiteScoring;
  /** How the suite is run. */
  readonly config?: {
    /** Whether cases may run at the same time. */
    readonly parallel?: boolean;
    /** Whether the first failed case ends the run. */
    readonly stopOnFailure?: boolean;
    /** The form of the report. */
    readonly reportFormat?: "json" | "junit" | "markdown" | "html";
    /** Whether the run records what it covered. */
    readonly coverage?: boolean;
  };
};

/** How the EU AI Act classifies this use. */
export type UseCaseEuAiAct = {
  /** The risk category of the Act. */
  readonly category: "prohibited" | "high-risk" | "limited-risk" | "minimal-risk";
};

/** The registry itself: registry/registry.yaml, one per repository. A change here is a change of the rules. */
export type RegistryEntry = {
  /** The version of the file format. Leave it out: without it, v1 is meant. */
  readonly apiVersion?: "assent/v1";
  /** What people call this, in a few words. Shown in lists, search results and the catalogue. */
  readonly title?: string;
  /** What this is and what to know before using it. Markdown is allowed. */
  readonly description?: string;
  /** The role (or person) to ask about this. It informs and decides nothing; who must agree follows from `ownership` in registry.yaml. */
  readonly owner?: string;
  /** Short key-value marks that policies and queries can select by. */
  readonly labels?: Labels;
  /** Words to find this by. */
  readonly tags?: readonly string[];
  /** Pages worth reading: model cards, announcements, runbooks. */
  readonly links?: readonly Link[];
  /** Where the facts in this file came from, and when they were checked. Importers fill it. */
  readonly sources?: readonly Source[];
  /** The registry's name. It enters every digest and signature, so choose it once and never change it. */
  readonly id: string;
  /** The branch whose commits are landings. */
  readonly protectedBranch?: string;
  /** `observe` decides and comments and never blocks; `enforce` blocks what has not been agreed to. */
  readonly mode?: "observe" | "enforce";
  /** How resolution is cut for consumers: one file per environment, or one per environment and tenant (then no byte of another tenant is in it). */
  readonly slices?: "environment" | "tenant";
  /** How a scope is found that has no file of its own. */
  readonly resolution?: RegistryResolution;
  /** Environments where one change may publish a version and put it live. */
  readonly publishTogether?: readonly string[];
  /** Who may sign the evidence, from the next landing on. */
  readonly witness?: readonly RegistryWitness[];
  /** Kinds whose every entry must be reached by a policy binding. */
  readonly requirePolicies?: readonly KindName[];
  /** Upper bounds, so that nobody fills the registry by accident. */
  readonly limits?: RegistryLimits;
  /** Patterns of further paths in this repository that count as governed, as CODEOWNERS spells them. */
  readonly alsoGoverned?: readonly string[];
  /** JavaScript of this registry's own that runs in a sandbox, in this order. */
  readonly plugins?: readonly RegistryPlugin[];
  /** Who owns which paths. In order, the last match counts: it IS the CODEOWNERS file, one line each. */
  readonly ownership?: readonly RegistryOwnership[];
  /** What every environment offers unless it says otherwise. */
  readonly platform?: Platform;
  /** What is left in each degrade mode, unless an environment says otherwise. */
  readonly degradeProfiles?: DegradeProfiles;
  /** Custom metadata. Each key is the name of a MetadataSchema, which says what may stand below it. */
  readonly extensions?: Extensions;
};

/** A human, bot or model that acts in the registry. Identities are never deleted; set `active: false` instead. */
export type IdentityEntry = {
  /** The version of the file format. Leave it out: without it, v1 is meant. */
  readonly apiVersion?: "assent/v1";
  /** What people call this, in a few words. Shown in lists, search results and the catalogue. */
  readonly title?: string;
  /** What this is and what to know before using it. Markdown is allowed. */
  readonly description?: string;
  /** The role (or person) to ask about this. It informs and decides nothing; who must agree follows from `ownership` in registry.yaml. */
  readonly owner?: string;
  /** Short key-value marks that policies and queries can select by. */
  readonly labels?: Labels;
  /** Words to find this by. */
  readonly tags?: readonly string[];
  /** Pages worth reading: model cards, announcements, runbooks. */
  readonly links?: readonly Link[];
  /** Where the facts in this file came from, and when they were checked. Importers fill it. */
  readonly sources?: readonly Source[];
  /** What the identity is. Bots and models never fill a slot that needs a human. */
  readonly type?: "human" | "bot" | "model";
  /** Whether the identity still counts. From the landing that says false it approves nothing. */
  readonly active?: boolean;
  /** The human who answers for a bot or a model, and who cannot approve its changes. */
  readonly controller?: string;
  /** The exact model version behind an identity of type model. */
  readonly model?: string;
  /** The account whose reviews count as this identity's. */
  readonly github?: IdentityGithub;
  /** Keys that sign approvals and commits. A key is in force at a landing when it stands unrevoked in that landing's first parent. */
  readonly keys?: readonly IdentityKey[];
  /** The certificate identity, of a workflow say, that signs as this one. It attests evaluations and approves nothing. */
  readonly sigstore?: IdentitySigstore;
  /** `sha256:` of each lower-cased e-mail address that commits carry. Never the address itself. */
  readonly emailDigests?: readonly string[];
  /** Other names this identity is known by. */
  readonly aliases?: readonly string[];
  /** Who checked that this identity is who it says. */
  readonly proofs?: readonly IdentityProof[];
  /** Custom metadata. Each key is the name of a MetadataSchema, which says what may stand below it. */
  readonly extensions?: Extensions;
};

/** A group of identities that agrees to changes. */
export type RoleEntry = {
  /** The version of the file format. Leave it out: without it, v1 is meant. */
  readonly apiVersion?: "assent/v1";
  /** What people call this, in a few words. Shown in lists, search results and the catalogue. */
  readonly title?: string;
  /** What this is and what to know before using it. Markdown is allowed. */
  readonly description?: string;
  /** The role (or person) to ask about this. It informs and decides nothing; who must agree follows from `ownership` in registry.yaml. */
  readonly owner?: string;
  /** Short key-value marks that policies and queries can select by. */
  readonly labels?: Labels;
  /** Words to find this by. */
  readonly tags?: readonly string[];
  /** Pages worth reading: model cards, announcements, runbooks. */
  readonly links?: readonly Link[];
  /** Where the facts in this file came from, and when they were checked. Importers fill it. */
  readonly sources?: readonly Source[];
  /** Who holds the role. A deputy is a member for as long as a governance change says so. */
  readonly members: readonly string[];
  /** The team (or account) that CODEOWNERS names for this role. */
  readonly githubTeam?: string;
  /** Fewer active members than this are an error. */
  readonly minimumMembers?: number;
  /** Roles that nobody may hold together with this one. */
  readonly incompatibleWith?: readonly string[];
  /** Custom metadata. Each key is the name of a MetadataSchema, which says what may stand below it. */
  readonly extensions?: Extensions;
};

/** Who must agree to which move, on which evidence. Of all policies that match, the strictest demands hold together. */
export type ApprovalPolicyEntry = {
  /** The version of the file format. Leave it out: without it, v1 is meant. */
  readonly apiVersion?: "assent/v1";
  /** What people call this, in a few words. Shown in lists, search results and the catalogue. */
  readonly title?: string;
  /** What this is and what to know before using it. Markdown is allowed. */
  readonly description?: string;
  /** The role (or person) to ask about this. It informs and decides nothing; who must agree follows from `ownership` in registry.yaml. */
  readonly owner?: string;
  /** Short key-value marks that policies and queries can select by. */
  readonly labels?: Labels;
  /** Words to find this by. */
  readonly tags?: readonly string[];
  /** Pages worth reading: model cards, announcements, runbooks. */
  readonly links?: readonly Link[];
  /** Where the facts in this file came from, and when they were checked. Importers fill it. */
  readonly sources?: readonly Source[];
  /** Which moves this policy is about. Keys are ANDed, the values within a key ORed; `paths` stands alone. */
  readonly match: ApprovalPolicyMatch;
  /** What must be there before the move may land. */
  readonly require: ApprovalPolicyRequire;
  /** What is asked for instead when an activation carries `emergency: true`. */
  readonly emergency?: ApprovalPolicyEmergency;
  /** Custom metadata. Each key is the name of a MetadataSchema, which says what may stand below it. */
  readonly extensions?: Extensions;
};

/** A rung of the ladder from development to production. */
export type EnvironmentEntry = {
  /** The version of the file format. Leave it out: without it, v1 is meant. */
  readonly apiVersion?: "assent/v1";
  /** What people call this, in a few words. Shown in lists, search results and the catalogue. */
  readonly title?: string;
  /** What this is and what to know before using it. Markdown is allowed. */
  readonly description?: string;
  /** The role (or person) to ask about this. It informs and decides nothing; who must agree follows from `ownership` in registry.yaml. */
  readonly owner?: string;
  /** Short key-value marks that policies and queries can select by. */
  readonly labels?: Labels;
  /** Words to find this by. */
  readonly tags?: readonly string[];
  /** Pages worth reading: model cards, announcements, runbooks. */
  readonly links?: readonly Link[];
  /** Where the facts in this file came from, and when they were checked. Importers fill it. */
  readonly sources?: readonly Source[];
  /** The place in the ladder; higher is closer to production. */
  readonly rank: number;
  /** What this environment offers. Each key replaces the registry's whole. */
  readonly platform?: Platform;
  /** What happens when a live bundle does not fit: `fail-closed` serves nothing, `warn` serves it and says so. The highest rank always fails closed. */
  readonly compatibility?: "fail-closed" | "warn";
  /** What is left in each degrade mode; a mode stated here replaces the registry's whole. */
  readonly degradeProfiles?: DegradeProfiles;
  /** Custom metadata. Each key is the name of a MetadataSchema, which says what may stand below it. */
  readonly extensions?: Extensions;
};

/** Which policies apply to which entries, from the landing of this file on. */
export type PolicyBindingEntry = {
  /** The version of the file format. Leave it out: without it, v1 is meant. */
  readonly apiVersion?: "assent/v1";
  /** What people call this, in a few words. Shown in lists, search results and the catalogue. */
  readonly title?: string;
  /** What this is and what to know before using it. Markdown is allowed. */
  readonly description?: string;
  /** The role (or person) to ask about this. It informs and decides nothing; who must agree follows from `ownership` in registry.yaml. */
  readonly owner?: string;
  /** Short key-value marks that policies and queries can select by. */
  readonly labels?: Labels;
  /** Words to find this by. */
  readonly tags?: readonly string[];
  /** Pages worth reading: model cards, announcements, runbooks. */
  readonly links?: readonly Link[];
  /** Where the facts in this file came from, and when they were checked. Importers fill it. */
  readonly sources?: readonly Source[];
  /** The entries the policies apply to. Whether that is global, a namespace or single entries is derived. */
  readonly selector: Selector;
  /** The exact policy versions that apply. */
  readonly policies: readonly string[];
  /** Whether a violation stops a change or only warns. */
  readonly mode?: "enforce" | "warn";
  /** Custom metadata. Each key is the name of a MetadataSchema, which says what may stand below it. */
  readonly extensions?: Extensions;
};

/** An approved, expiring exception from a policy. */
export type WaiverEntry = {
  /** The version of the file format. Leave it out: without it, v1 is meant. */
  readonly apiVersion?: "assent/v1";
  /** What people call this, in a few words. Shown in lists, search results and the catalogue. */
  readonly title?: string;
  /** What this is and what to know before using it. Markdown is allowed. */
  readonly description?: string;
  /** The role (or person) to ask about this. It informs and decides nothing; who must agree follows from `ownership` in registry.yaml. */
  readonly owner?: string;
  /** Short key-value marks that policies and queries can select by. */
  readonly labels?: Labels;
  /** Words to find this by. */
  readonly tags?: readonly string[];
  /** Pages worth reading: model cards, announcements, runbooks. */
  readonly links?: readonly Link[];
  /** Where the facts in this file came from, and when they were checked. Importers fill it. */
  readonly sources?: readonly Source[];
  /** The exact policy version that is waived. */
  readonly policy: string;
  /** The one rule that is waived; without it, all rules of the policy. */
  readonly rule?: string;
  /** The entries that are excused. */
  readonly selector: Selector;
  /** Why the exception is right, for whoever has to answer for it. */
  readonly reason: string;
  /** When the exception ends. */
  readonly expires: string;
  /** Custom metadata. Each key is the name of a MetadataSchema, which says what may stand below it. */
  readonly extensions?: Extensions;
};

/** What may stand below one key of `extensions`. The file's name is the key. */
export type MetadataSchemaEntry = {
  /** The version of the file format. Leave it out: without it, v1 is meant. */
  readonly apiVersion?: "assent/v1";
  /** What people call this, in a few words. Shown in lists, search results and the catalogue. */
  readonly title?: string;
  /** What this is and what to know before using it. Markdown is allowed. */
  readonly description?: string;
  /** The role (or person) to ask about this. It informs and decides nothing; who must agree follows from `ownership` in registry.yaml. */
  readonly owner?: string;
  /** Short key-value marks that policies and queries can select by. */
  readonly labels?: Labels;
  /** Words to find this by. */
  readonly tags?: readonly string[];
  /** Pages worth reading: model cards, announcements, runbooks. */
  readonly links?: readonly Link[];
  /** Where the facts in this file came from, and when they were checked. Importers fill it. */
  readonly sources?: readonly Source[];
  /** The kinds that may carry the key; without it, all. */
  readonly appliesTo?: readonly KindName[];
  /** The namespaces it applies in; without it, all. */
  readonly namespaces?: readonly string[];
  /** Whether every entry it applies to must carry the key. */
  readonly required?: boolean;
  /** The JSON Schema of what stands below the key. */
  readonly schema: JsonObject;
  /** Fields that queries and the catalogue should find quickly. */
  readonly index?: readonly MetadataSchemaIndexedField[];
  /** What must hold beyond the schema. */
  readonly rules?: readonly PolicyRule[];
  /** Custom metadata. Each key is the name of a MetadataSchema, which says what may stand below it. */
  readonly extensions?: Extensions;
};

/** Who serves models. It holds names of environment variables, never their values. */
export type ProviderEntry = {
  /** The version of the file format. Leave it out: without it, v1 is meant. */
  readonly apiVersion?: "assent/v1";
  /** What people call this, in a few words. Shown in lists, search results and the catalogue. */
  readonly title?: string;
  /** What this is and what to know before using it. Markdown is allowed. */
  readonly description?: string;
  /** The role (or person) to ask about this. It informs and decides nothing; who must agree follows from `ownership` in registry.yaml. */
  readonly owner?: string;
  /** Short key-value marks that policies and queries can select by. */
  readonly labels?: Labels;
  /** Words to find this by. */
  readonly tags?: readonly string[];
  /** Pages worth reading: model cards, announcements, runbooks. */
  readonly links?: readonly Link[];
  /** Where the facts in this file came from, and when they were checked. Importers fill it. */
  readonly sources?: readonly Source[];
  /** The variables a caller must set. */
  readonly env?: readonly ProviderEnvironmentVariable[];
  /** Where the provider's API begins. */
  readonly baseUrl?: string;
  /** How callers prove who they are. */
  readonly auth?: ProviderAuth;
  /** The package that speaks to the provider. */
  readonly sdk?: string;
  /** Where the provider documents its models. */
  readonly docs?: string;
  /** Whether the provider may be used for new work. */
  readonly status?: "active" | "deprecated" | "retired";
  /** Custom metadata. Each key is the name of a MetadataSchema, which says what may stand below it. */
  readonly extensions?: Extensions;
};

/** What bundles of this name are for, how risky that is, and what must be measured before they go live. */
export type UseCaseEntry = {
  /** The version of the file format. Leave it out: without it, v1 is meant. */
  readonly apiVersion?: "assent/v1";
  /** What people call this, in a few words. Shown in lists, search results and the catalogue. */
  readonly title?: string;
  /** What this is and what to know before using it. Markdown is allowed. */
  readonly description?: string;
  /** The role (or person) to ask about this. It informs and decides nothing; who must agree follows from `ownership` in registry.yaml. */
  readonly owner: string;
  /** Short key-value marks that policies and queries can select by. */
  readonly labels?: Labels;
  /** Words to find this by. */
  readonly tags?: readonly string[];
  /** Pages worth reading: model cards, announcements, runbooks. */
  readonly links?: readonly Link[];
  /** Where the facts in this file came from, and when they were checked. Importers fill it. */
  readonly sources?: readonly Source[];
  /** What is decided or produced, for whom. */
  readonly purpose: string;
  /** How much harm a wrong answer does. Approval policies ask for more as it rises. */
  readonly riskTier: "low" | "medium" | "high" | "critical";
  /** The day by which somebody must look at this again. */
  readonly reviewBy?: string;
  /** Where something should be live: `environment` or `environment/tenant`. A change after which one no longer resolves is an error. */
  readonly expected?: readonly string[];
  /** What must be measured on a bundle before it goes live. */
  readonly gates?: readonly Gate[];
  /** How the EU AI Act classifies this use. */
  readonly euAiAct?: UseCaseEuAiAct;
  /** Whom to ask: identities, roles, or https links. No e-mail addresses. */
  readonly contacts?: readonly string[];
  /** Custom metadata. Each key is the name of a MetadataSchema, which says what may stand below it. */
  readonly extensions?: Extensions;
};

/** One exact version of a model: what it is (spec), what is said about it (facts) and how it is served (serving). */
export type ModelEntry = {
  /** The version of the file format. Leave it out: without it, v1 is meant. */
  readonly apiVersion?: "assent/v1";
  /** What people call this, in a few words. Shown in lists, search results and the catalogue. */
  readonly title?: string;
  /** What this is and what to know before using it. Markdown is allowed. */
  readonly description?: string;
  /** The role (or person) to ask about this. It informs and decides nothing; who must agree follows from `ownership` in registry.yaml. */
  readonly owner?: string;
  /** Short key-value marks that policies and queries can select by. */
  readonly labels?: Labels;
  /** Words to find this by. */
  readonly tags?: readonly string[];
  /** Pages worth reading: model cards, announcements, runbooks. */
  readonly links?: readonly Link[];
  /** Where the facts in this file came from, and when they were checked. Importers fill it. */
  readonly sources?: readonly Source[];
  /** Where this version stands in its lifecycle. It changes only as a legal move, in a pull request with the approvals that move needs. */
  readonly state?: "experimental" | "beta" | "production" | "deprecated" | "retired";
  /** Why the state is what it is: one or two sentences for whoever reads the log. */
  readonly reason?: string;
  /** The day after which this version should no longer be used, or `unknown`. A deprecated version needs one. */
  readonly sunset?: string;
  /** The version to use instead of this one. */
  readonly replacedBy?: string;
  /** What the model is. Frozen once landed: the digest covers it, and a correction is a new version. */
  readonly spec: ModelSpec;
  /** Statements about the model that may turn out wrong and be corrected; every change shows in the plan. */
  readonly facts?: ModelFacts;
  /** Endpoints, prices and limits. A change is announced as critical. */
  readonly serving?: ModelServing;
  /** Custom metadata. Each key is the name of a MetadataSchema, which says what may stand below it. */
  readonly extensions?: Extensions;
};

/** Names for exact versions of the model or pipeline in whose folder the file stands. */
export type AliasesEntry = {
  /** The version of the file format. Leave it out: without it, v1 is meant. */
  readonly apiVersion?: "assent/v1";
  /** What people call this, in a few words. Shown in lists, search results and the catalogue. */
  readonly title?: string;
  /** What this is and what to know before using it. Markdown is allowed. */
  readonly description?: string;
  /** The role (or person) to ask about this. It informs and decides nothing; who must agree follows from `ownership` in registry.yaml. */
  readonly owner?: string;
  /** Short key-value marks that policies and queries can select by. */
  readonly labels?: Labels;
  /** Words to find this by. */
  readonly tags?: readonly string[];
  /** Pages worth reading: model cards, announcements, runbooks. */
  readonly links?: readonly Link[];
  /** Where the facts in this file came from, and when they were checked. Importers fill it. */
  readonly sources?: readonly Source[];
  /** Each name stands for one exact version. `latest` is refused: nothing is ever chosen by time. */
  readonly aliases: AliasesAliases;
  /** Custom metadata. Each key is the name of a MetadataSchema, which says what may stand below it. */
  readonly extensions?: Extensions;
};

/** One exact version of a data set: where it is and what it holds. */
export type DatasetEntry = {
  /** The version of the file format. Leave it out: without it, v1 is meant. */
  readonly apiVersion?: "assent/v1";
  /** What people call this, in a few words. Shown in lists, search results and the catalogue. */
  readonly title?: string;
  /** What this is and what to know before using it. Markdown is allowed. */
  readonly description?: string;
  /** The role (or person) to ask about this. It informs and decides nothing; who must agree follows from `ownership` in registry.yaml. */
  readonly owner?: string;
  /** Short key-value marks that policies and queries can select by. */
  readonly labels?: Labels;
  /** Words to find this by. */
  readonly tags?: readonly string[];
  /** Pages worth reading: model cards, announcements, runbooks. */
  readonly links?: readonly Link[];
  /** Where the facts in this file came from, and when they were checked. Importers fill it. */
  readonly sources?: readonly Source[];
  /** Where this version stands in its lifecycle. It changes only as a legal move, in a pull request with the approvals that move needs. */
  readonly state?: "draft" | "active" | "deprecated" | "retired";
  /** Why the state is what it is: one or two sentences for whoever reads the log. */
  readonly reason?: string;
  /** The day after which this version should no longer be used, or `unknown`. A deprecated version needs one. */
  readonly sunset?: string;
  /** The version to use instead of this one. */
  readonly replacedBy?: string;
  /** What the data is. Frozen once landed: the digest covers it, and a correction is a new version. */
  readonly spec: DatasetSpec;
  /** Custom metadata. Each key is the name of a MetadataSchema, which says what may stand below it. */
  readonly extensions?: Extensions;
};

/** One exact version of a prompt, parameters, thresholds, routing or tools. */
export type ConfigEntry = {
  /** The version of the file format. Leave it out: without it, v1 is meant. */
  readonly apiVersion?: "assent/v1";
  /** What people call this, in a few words. Shown in lists, search results and the catalogue. */
  readonly title?: string;
  /** What this is and what to know before using it. Markdown is allowed. */
  readonly description?: string;
  /** The role (or person) to ask about this. It informs and decides nothing; who must agree follows from `ownership` in registry.yaml. */
  readonly owner?: string;
  /** Short key-value marks that policies and queries can select by. */
  readonly labels?: Labels;
  /** Words to find this by. */
  readonly tags?: readonly string[];
  /** Pages worth reading: model cards, announcements, runbooks. */
  readonly links?: readonly Link[];
  /** Where the facts in this file came from, and when they were checked. Importers fill it. */
  readonly sources?: readonly Source[];
  /** Where this version stands in its lifecycle. It changes only as a legal move, in a pull request with the approvals that move needs. */
  readonly state?: "draft" | "active" | "deprecated" | "retired";
  /** Why the state is what it is: one or two sentences for whoever reads the log. */
  readonly reason?: string;
  /** The day after which this version should no longer be used, or `unknown`. A deprecated version needs one. */
  readonly sunset?: string;
  /** The version to use instead of this one. */
  readonly replacedBy?: string;
  /** The configuration. Frozen once landed: the digest covers it, and a correction is a new version. */
  readonly spec: ConfigSpec;
  /** Custom metadata. Each key is the name of a MetadataSchema, which says what may stand below it. */
  readonly extensions?: Extensions;
};

/** One exact version of a directed acyclic graph of models and steps. */
export type PipelineEntry = {
  /** The version of the file format. Leave it out: without it, v1 is meant. */
  readonly apiVersion?: "assent/v1";
  /** What people call this, in a few words. Shown in lists, search results and the catalogue. */
  readonly title?: string;
  /** What this is and what to know before using it. Markdown is allowed. */
  readonly description?: string;
  /** The role (or person) to ask about this. It informs and decides nothing; who must agree follows from `ownership` in registry.yaml. */
  readonly owner?: string;
  /** Short key-value marks that policies and queries can select by. */
  readonly labels?: Labels;
  /** Words to find this by. */
  readonly tags?: readonly string[];
  /** Pages worth reading: model cards, announcements, runbooks. */
  readonly links?: readonly Link[];
  /** Where the facts in this file came from, and when they were checked. Importers fill it. */
  readonly sources?: readonly Source[];
  /** Where this version stands in its lifecycle. It changes only as a legal move, in a pull request with the approvals that move needs. */
  readonly state?: "draft" | "active" | "paused" | "deprecated" | "archived";
  /** Why the state is what it is: one or two sentences for whoever reads the log. */
  readonly reason?: string;
  /** The day after which this version should no longer be used, or `unknown`. A deprecated version needs one. */
  readonly sunset?: string;
  /** The version to use instead of this one. */
  readonly replacedBy?: string;
  /** The graph and what running it needs. Frozen once landed: the digest covers it, and a correction is a new version. */
  readonly spec: PipelineSpec;
  /** Custom metadata. Each key is the name of a MetadataSchema, which says what may stand below it. */
  readonly extensions?: Extensions;
};

/** One exact version of a parameterised pipeline, invocation or deployment. */
export type TemplateEntry = {
  /** The version of the file format. Leave it out: without it, v1 is meant. */
  readonly apiVersion?: "assent/v1";
  /** What people call this, in a few words. Shown in lists, search results and the catalogue. */
  readonly title?: string;
  /** What this is and what to know before using it. Markdown is allowed. */
  readonly description?: string;
  /** The role (or person) to ask about this. It informs and decides nothing; who must agree follows from `ownership` in registry.yaml. */
  readonly owner?: string;
  /** Short key-value marks that policies and queries can select by. */
  readonly labels?: Labels;
  /** Words to find this by. */
  readonly tags?: readonly string[];
  /** Pages worth reading: model cards, announcements, runbooks. */
  readonly links?: readonly Link[];
  /** Where the facts in this file came from, and when they were checked. Importers fill it. */
  readonly sources?: readonly Source[];
  /** Where this version stands in its lifecycle. It changes only as a legal move, in a pull request with the approvals that move needs. */
  readonly state?: "draft" | "active" | "deprecated" | "retired";
  /** Why the state is what it is: one or two sentences for whoever reads the log. */
  readonly reason?: string;
  /** The day after which this version should no longer be used, or `unknown`. A deprecated version needs one. */
  readonly sunset?: string;
  /** The version to use instead of this one. */
  readonly replacedBy?: string;
  /** The template. Frozen once landed: the digest covers it, and a correction is a new version. */
  readonly spec: TemplateSpec;
  /** Custom metadata. Each key is the name of a MetadataSchema, which says what may stand below it. */
  readonly extensions?: Extensions;
};

/** One exact version of the test cases and benchmarks that targets are evaluated with. */
export type TestSuiteEntry = {
  /** The version of the file format. Leave it out: without it, v1 is meant. */
  readonly apiVersion?: "assent/v1";
  /** What people call this, in a few words. Shown in lists, search results and the catalogue. */
  readonly title?: string;
  /** What this is and what to know before using it. Markdown is allowed. */
  readonly description?: string;
  /** The role (or person) to ask about this. It informs and decides nothing; who must agree follows from `ownership` in registry.yaml. */
  readonly owner?: string;
  /** Short key-value marks that policies and queries can select by. */
  readonly labels?: Labels;
  /** Words to find this by. */
  readonly tags?: readonly string[];
  /** Pages worth reading: model cards, announcements, runbooks. */
  readonly links?: readonly Link[];
  /** Where the facts in this file came from, and when they were checked. Importers fill it. */
  readonly sources?: readonly Source[];
  /** Where this version stands in its lifecycle. It changes only as a legal move, in a pull request with the approvals that move needs. */
  readonly state?: "draft" | "active" | "deprecated" | "retired";
  /** Why the state is what it is: one or two sentences for whoever reads the log. */
  readonly reason?: string;
  /** The day after which this version should no longer be used, or `unknown`. A deprecated version needs one. */
  readonly sunset?: string;
  /** The version to use instead of this one. */
  readonly replacedBy?: string;
  /** The cases and benchmarks. Frozen once landed: the digest covers it, and a correction is a new version. */
  readonly spec: TestSuiteSpec;
  /** Custom metadata. Each key is the name of a MetadataSchema, which says what may stand below it. */
  readonly extensions?: Extensions;
};

/** One exact version of a set of rules, written in CEL. */
export type PolicyEntry = {
  /** The version of the file format. Leave it out: without it, v1 is meant. */
  readonly apiVersion?: "assent/v1";
  /** What people call this, in a few words. Shown in lists, search results and the catalogue. */
  readonly title?: string;
  /** What this is and what to know before using it. Markdown is allowed. */
  readonly description?: string;
  /** The role (or person) to ask about this. It informs and decides nothing; who must agree follows from `ownership` in registry.yaml. */
  readonly owner?: string;
  /** Short key-value marks that policies and queries can select by. */
  readonly labels?: Labels;
  /** Words to find this by. */
  readonly tags?: readonly string[];
  /** Pages worth reading: model cards, announcements, runbooks. */
  readonly links?: readonly Link[];
  /** Where the facts in this file came from, and when they were checked. Importers fill it. */
  readonly sources?: readonly Source[];
  /** Where this version stands in its lifecycle. It changes only as a legal move, in a pull request with the approvals that move needs. */
  readonly state?: "draft" | "active" | "deprecated" | "retired";
  /** Why the state is what it is: one or two sentences for whoever reads the log. */
  readonly reason?: string;
  /** The day after which this version should no longer be used, or `unknown`. A deprecated version needs one. */
  readonly sunset?: string;
  /** The version to use instead of this one. */
  readonly replacedBy?: string;
  /** The rules. Frozen once landed: the digest covers it, and a correction is a new version. */
  readonly spec: PolicySpec;
  /** Custom metadata. Each key is the name of a MetadataSchema, which says what may stand below it. */
  readonly extensions?: Extensions;
};

/** One exact version of the deployable unit. Its namespace and name are those of the use case it serves. */
export type BundleEntry = {
  /** The version of the file format. Leave it out: without it, v1 is meant. */
  readonly apiVersion?: "assent/v1";
  /** What people call this, in a few words. Shown in lists, search results and the catalogue. */
  readonly title?: string;
  /** What this is and what to know before using it. Markdown is allowed. */
  readonly description?: string;
  /** The role (or person) to ask about this. It informs and decides nothing; who must agree follows from `ownership` in registry.yaml. */
  readonly owner?: string;
  /** Short key-value marks that policies and queries can select by. */
  readonly labels?: Labels;
  /** Words to find this by. */
  readonly tags?: readonly string[];
  /** Pages worth reading: model cards, announcements, runbooks. */
  readonly links?: readonly Link[];
  /** Where the facts in this file came from, and when they were checked. Importers fill it. */
  readonly sources?: readonly Source[];
  /** Where this version stands in its lifecycle. It changes only as a legal move, in a pull request with the approvals that move needs. */
  readonly state?: "candidate" | "approved" | "rejected" | "retired";
  /** Why the state is what it is: one or two sentences for whoever reads the log. */
  readonly reason?: string;
  /** The day after which this version should no longer be used, or `unknown`. A deprecated version needs one. */
  readonly sunset?: string;
  /** The version to use instead of this one. */
  readonly replacedBy?: string;
  /** What is deployed. Frozen once landed: the digest covers it, and a correction is a new version. */
  readonly spec: BundleSpec;
  /** What was measured before the version was published. Frozen with the spec, outside its digest; tools write it. */
  readonly gateReceipt: BundleGateReceipt;
  /** Custom metadata. Each key is the name of a MetadataSchema, which says what may stand below it. */
  readonly extensions?: Extensions;
};

/** One run of a test suite on one exact target. Tools write it; it is frozen as a whole. */
export type EvaluationEntry = {
  /** The version of the file format. Leave it out: without it, v1 is meant. */
  readonly apiVersion?: "assent/v1";
  /** What people call this, in a few words. Shown in lists, search results and the catalogue. */
  readonly title?: string;
  /** What this is and what to know before using it. Markdown is allowed. */
  readonly description?: string;
  /** The role (or person) to ask about this. It informs and decides nothing; who must agree follows from `ownership` in registry.yaml. */
  readonly owner?: string;
  /** Short key-value marks that policies and queries can select by. */
  readonly labels?: Labels;
  /** Words to find this by. */
  readonly tags?: readonly string[];
  /** Pages worth reading: model cards, announcements, runbooks. */
  readonly links?: readonly Link[];
  /** Where the facts in this file came from, and when they were checked. Importers fill it. */
  readonly sources?: readonly Source[];
  /** The exact test suite that was run. */
  readonly suite: string;
  /** What was evaluated. */
  readonly target: string;
  /** The digest of the target's spec at the time of the run. */
  readonly targetDigest: string;
  /** When the run began. */
  readonly executedAt: string;
  /** How long it took. */
  readonly duration?: string;
  /** How it ended: failed when a case failed, error when the run itself broke. */
  readonly status: "passed" | "failed" | "error" | "skipped";
  /** What came of each case. */
  readonly cases?: readonly EvaluationCaseResult[];
  /** The cases, counted. It must match them. */
  readonly summary?: EvaluationSummary;
  /** What was measured, by name. Gates look here. */
  readonly metrics: EvaluationMetrics;
  /** The class that the suite's scoring comes to. It must match the points. */
  readonly class?: string;
  /** How fast it was. */
  readonly performance?: EvaluationPerformance;
  /** What the run left behind: reports, logs, plots. */
  readonly artifacts?: readonly EvaluationRunArtifact[];
  /** Who ran it and stands by the numbers. */
  readonly issuer?: string;
  /** The issuer's signature over what was measured, as a DSSE envelope. */
  readonly attestation?: EvaluationAttestation;
  /** Custom metadata. Each key is the name of a MetadataSchema, which says what may stand below it. */
  readonly extensions?: Extensions;
};

/** What is live in one scope. The file's path names the environment, the use case, and perhaps a tenant and a scenario. */
export type ActivationEntry = {
  /** The version of the file format. Leave it out: without it, v1 is meant. */
  readonly apiVersion?: "assent/v1";
  /** What people call this, in a few words. Shown in lists, search results and the catalogue. */
  readonly title?: string;
  /** What this is and what to know before using it. Markdown is allowed. */
  readonly description?: string;
  /** The role (or person) to ask about this. It informs and decides nothing; who must agree follows from `ownership` in registry.yaml. */
  readonly owner?: string;
  /** Short key-value marks that policies and queries can select by. */
  readonly labels?: Labels;
  /** Words to find this by. */
  readonly tags?: readonly string[];
  /** Pages worth reading: model cards, announcements, runbooks. */
  readonly links?: readonly Link[];
  /** Where the facts in this file came from, and when they were checked. Importers fill it. */
  readonly sources?: readonly Source[];
  /** The exact version of the use case's bundle that is live here; `none` for nothing; `inherit` as if the file did not exist. */
  readonly bundle: string;
  /** Why. It must change whenever the bundle does. */
  readonly reason: string;
  /** Another approved version, served when the live one does not fit the platform. */
  readonly fallback?: string;
  /** Asks for the emergency approvals instead of the usual ones. Remove it as soon as the usual approvals are there. */
  readonly emergency?: boolean;
  /** Custom metadata. Each key is the name of a MetadataSchema, which says what may stand below it. */
  readonly extensions?: Extensions;
};

/** The type of a file's content, by the name of its kind. */
export interface EntryValues {
  readonly Registry: RegistryEntry;
  readonly Identity: IdentityEntry;
  readonly Role: RoleEntry;
  readonly ApprovalPolicy: ApprovalPolicyEntry;
  readonly Environment: EnvironmentEntry;
  readonly PolicyBinding: PolicyBindingEntry;
  readonly Waiver: WaiverEntry;
  readonly MetadataSchema: MetadataSchemaEntry;
  readonly Provider: ProviderEntry;
  readonly UseCase: UseCaseEntry;
  readonly Model: ModelEntry;
  readonly Aliases: AliasesEntry;
  readonly Dataset: DatasetEntry;
  readonly Config: ConfigEntry;
  readonly Pipeline: PipelineEntry;
  readonly Template: TemplateEntry;
  readonly TestSuite: TestSuiteEntry;
  readonly Policy: PolicyEntry;
  readonly Bundle: BundleEntry;
  readonly Evaluation: EvaluationEntry;
  readonly Activation: ActivationEntry;
}

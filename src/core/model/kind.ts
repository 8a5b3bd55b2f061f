/**
 * What a kind is: where its files live, how its references are spelled, which states it knows.
 * The kinds themselves stand in core/kinds; field shapes live in schemas/ and nowhere else.
 */
export type KindName =
  | "Registry"
  | "Identity"
  | "Role"
  | "ApprovalPolicy"
  | "Environment"
  | "PolicyBinding"
  | "Waiver"
  | "MetadataSchema"
  | "Provider"
  | "UseCase"
  | "Model"
  | "Aliases"
  | "Dataset"
  | "Config"
  | "Pipeline"
  | "Template"
  | "TestSuite"
  | "Policy"
  | "Bundle"
  | "Evaluation"
  | "Activation";

/**
 * How the path below the kind's folder is built (DESIGN 2):
 * singleton `registry.yaml`; named `<name>`; namespaced `<ns>/<name>`; versioned `<ns>/<name>/<version>`;
 * aliases `<ns>/<name>/aliases` in the folders of the kinds that have them; run `<ns>/<name>/<run>`;
 * scope `<environment>/<ns>/<name>[/<tenant>[/<scenario>]]`.
 */
export type PathShape = "singleton" | "named" | "namespaced" | "versioned" | "aliases" | "run" | "scope";

/** One legal move of a version's state, and the action that ApprovalPolicies match (DESIGN 4). */
export interface Move {
  readonly from: string;
  readonly to: string;
  readonly action: string;
}

/** The states of a versioned kind, in lifecycle order. */
export interface Lifecycle {
  readonly states: readonly string[];
  /** Every legal move of a landed version; anything else is refused. */
  readonly moves: readonly Move[];
  /** States a new version must not land in. */
  readonly notInitial: readonly string[];
  /** States no move leaves. */
  readonly final: readonly string[];
  /** State of an entry that names none (what `new` and imports write). */
  readonly initial: string;
}

export interface Kind {
  readonly name: KindName;
  /** The reference prefix: `model` in `model:openai/gpt-4o@1.0.0`. */
  readonly prefix: string;
  /** Folder below `registry/`, without slashes at the ends; empty for the singleton. */
  readonly folder: string;
  readonly shape: PathShape;
  /** File below `schemas/`. */
  readonly schema: string;
  /** One line for people: help, scaffolds, documentation. */
  readonly summary: string;
  /** Versioned kinds only. */
  readonly lifecycle?: Lifecycle;
  /** Kinds whose files must never be deleted or renamed once landed (DESIGN 4). */
  readonly undeletable: boolean;
}

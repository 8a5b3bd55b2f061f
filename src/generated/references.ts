/** Generated from schemas/ by scripts/generate; do not edit. Where references stand, by kind. */
import type { KindName } from "../core/model/kind.ts";

/** A place where references stand. */
export interface ReferencePlace {
  /** The keys from the root; `*` stands for each item of a list and each value of a map. */
  readonly path: readonly string[];
  /** The kinds that may be named there. */
  readonly kinds: readonly KindName[];
  /**
   * `ref`: a text, the full reference. `range`: a map with `ref`, a reference without version, and `version`, a range.
   * `version`: a text, the version of the entry of this kind whose name is in the file's path.
   */
  readonly form: "ref" | "range" | "version";
  /** Texts there that do not begin with the prefix of one of the kinds are something else (`owner`, a link). */
  readonly mixed: boolean;
}

export const references: Readonly<Record<KindName, readonly ReferencePlace[]>> = {
  Registry: [
    { path: ["owner"], kinds: ["Role","Identity"], form: "ref", mixed: false },
    { path: ["publishTogether","*"], kinds: ["Environment"], form: "ref", mixed: false },
    { path: ["ownership","*","roles","*"], kinds: ["Role"], form: "ref", mixed: false },
  ],
  Identity: [
    { path: ["owner"], kinds: ["Role","Identity"], form: "ref", mixed: false },
    { path: ["controller"], kinds: ["Identity"], form: "ref", mixed: false },
    { path: ["model"], kinds: ["Model"], form: "ref", mixed: false },
    { path: ["proofs","*","by"], kinds: ["Identity"], form: "ref", mixed: false },
  ],
  Role: [
    { path: ["owner"], kinds: ["Role","Identity"], form: "ref", mixed: false },
    { path: ["members","*"], kinds: ["Identity"], form: "ref", mixed: false },
    { path: ["incompatibleWith","*"], kinds: ["Role"], form: "ref", mixed: false },
  ],
  ApprovalPolicy: [
    { path: ["owner"], kinds: ["Role","Identity"], form: "ref", mixed: false },
    { path: ["match","environments","*"], kinds: ["Environment"], form: "ref", mixed: false },
    { path: ["require","approvals","*","role"], kinds: ["Role"], form: "ref", mixed: true },
    { path: ["require","soak","environment"], kinds: ["Environment"], form: "ref", mixed: false },
    { path: ["emergency","approvals","*","role"], kinds: ["Role"], form: "ref", mixed: true },
  ],
  Environment: [
    { path: ["owner"], kinds: ["Role","Identity"], form: "ref", mixed: false },
  ],
  PolicyBinding: [
    { path: ["owner"], kinds: ["Role","Identity"], form: "ref", mixed: false },
    { path: ["selector","refs","*"], kinds: ["Registry","Identity","Role","ApprovalPolicy","Environment","PolicyBinding","Waiver","MetadataSchema","Provider","UseCase","Model","Aliases","Dataset","Config","Pipeline","Template","TestSuite","Policy","Bundle","Evaluation","Activation"], form: "ref", mixed: false },
    { path: ["selector","environments","*"], kinds: ["Environment"], form: "ref", mixed: false },
    { path: ["policies","*"], kinds: ["Policy"], form: "ref", mixed: false },
  ],
  Waiver: [
    { path: ["owner"], kinds: ["Role","Identity"], form: "ref", mixed: false },
    { path: ["policy"], kinds: ["Policy"], form: "ref", mixed: false },
    { path: ["selector","refs","*"], kinds: ["Registry","Identity","Role","ApprovalPolicy","Environment","PolicyBinding","Waiver","MetadataSchema","Provider","UseCase","Model","Aliases","Dataset","Config","Pipeline","Template","TestSuite","Policy","Bundle","Evaluation","Activation"], form: "ref", mixed: false },
    { path: ["selector","environments","*"], kinds: ["Environment"], form: "ref", mixed: false },
  ],
  MetadataSchema: [
    { path: ["owner"], kinds: ["Role","Identity"], form: "ref", mixed: false },
  ],
  Provider: [
    { path: ["owner"], kinds: ["Role","Identity"], form: "ref", mixed: false },
  ],
  UseCase: [
    { path: ["owner"], kinds: ["Role","Identity"], form: "ref", mixed: false },
    { path: ["gates","*","environments","*"], kinds: ["Environment"], form: "ref", mixed: false },
    { path: ["contacts","*"], kinds: ["Identity","Role"], form: "ref", mixed: true },
  ],
  Model: [
    { path: ["owner"], kinds: ["Role","Identity"], form: "ref", mixed: false },
    { path: ["replacedBy"], kinds: ["Model"], form: "ref", mixed: false },
    { path: ["spec","provider"], kinds: ["Provider"], form: "ref", mixed: false },
    { path: ["spec","derivedFrom","*"], kinds: ["Model"], form: "ref", mixed: false },
    { path: ["spec","datasets","*"], kinds: ["Dataset"], form: "ref", mixed: false },
    { path: ["spec","dependencies","*"], kinds: ["Model","Dataset","Config","Pipeline","Template","TestSuite","Policy","Bundle"], form: "range", mixed: false },
    { path: ["facts","compatibleWith","*"], kinds: ["Model"], form: "ref", mixed: false },
    { path: ["facts","incompatibleWith","*"], kinds: ["Model"], form: "ref", mixed: false },
  ],
  Aliases: [
    { path: ["owner"], kinds: ["Role","Identity"], form: "ref", mixed: false },
    { path: ["aliases","*"], kinds: ["Model","Pipeline"], form: "version", mixed: false },
  ],
  Dataset: [
    { path: ["owner"], kinds: ["Role","Identity"], form: "ref", mixed: false },
    { path: ["replacedBy"], kinds: ["Dataset"], form: "ref", mixed: false },
    { path: ["spec","derivedFrom","*"], kinds: ["Dataset"], form: "ref", mixed: false },
    { path: ["spec","producedBy"], kinds: ["Pipeline","Model","Role","Identity"], form: "ref", mixed: true },
  ],
  Config: [
    { path: ["owner"], kinds: ["Role","Identity"], form: "ref", mixed: false },
    { path: ["replacedBy"], kinds: ["Config"], form: "ref", mixed: false },
    { path: ["spec","template"], kinds: ["Template"], form: "ref", mixed: false },
  ],
  Pipeline: [
    { path: ["owner"], kinds: ["Role","Identity"], form: "ref", mixed: false },
    { path: ["replacedBy"], kinds: ["Pipeline"], form: "ref", mixed: false },
    { path: ["spec","template"], kinds: ["Template"], form: "ref", mixed: false },
    { path: ["spec","nodes","*","config","model"], kinds: ["Model"], form: "ref", mixed: false },
    { path: ["spec","nodes","*","config","config"], kinds: ["Config"], form: "ref", mixed: false },
    { path: ["spec","dependencies","*"], kinds: ["Model","Dataset","Config","Pipeline","Template","TestSuite","Policy","Bundle"], form: "range", mixed: false },
  ],
  Template: [
    { path: ["owner"], kinds: ["Role","Identity"], form: "ref", mixed: false },
    { path: ["replacedBy"], kinds: ["Template"], form: "ref", mixed: false },
    { path: ["spec","extends"], kinds: ["Template"], form: "ref", mixed: false },
    { path: ["spec","includes","*"], kinds: ["Template"], form: "ref", mixed: false },
  ],
  TestSuite: [
    { path: ["owner"], kinds: ["Role","Identity"], form: "ref", mixed: false },
    { path: ["replacedBy"], kinds: ["TestSuite"], form: "ref", mixed: false },
  ],
  Policy: [
    { path: ["owner"], kinds: ["Role","Identity"], form: "ref", mixed: false },
    { path: ["replacedBy"], kinds: ["Policy"], form: "ref", mixed: false },
  ],
  Bundle: [
    { path: ["owner"], kinds: ["Role","Identity"], form: "ref", mixed: false },
    { path: ["replacedBy"], kinds: ["Bundle"], form: "ref", mixed: false },
    { path: ["spec","models","*"], kinds: ["Model"], form: "ref", mixed: false },
    { path: ["spec","policies","*"], kinds: ["Policy"], form: "ref", mixed: false },
    { path: ["spec","pipelines","*"], kinds: ["Pipeline"], form: "ref", mixed: false },
    { path: ["spec","configs","*"], kinds: ["Config"], form: "ref", mixed: false },
    { path: ["spec","provenance","datasets","*"], kinds: ["Dataset"], form: "ref", mixed: false },
    { path: ["gateReceipt","evaluations","*"], kinds: ["Evaluation"], form: "ref", mixed: false },
    { path: ["gateReceipt","issuer"], kinds: ["Identity"], form: "ref", mixed: false },
  ],
  Evaluation: [
    { path: ["owner"], kinds: ["Role","Identity"], form: "ref", mixed: false },
    { path: ["suite"], kinds: ["TestSuite"], form: "ref", mixed: false },
    { path: ["target"], kinds: ["Bundle","Model","Pipeline","Config","Template","Dataset"], form: "ref", mixed: false },
    { path: ["issuer"], kinds: ["Identity"], form: "ref", mixed: false },
  ],
  Activation: [
    { path: ["owner"], kinds: ["Role","Identity"], form: "ref", mixed: false },
    { path: ["bundle"], kinds: ["Bundle"], form: "version", mixed: true },
    { path: ["fallback"], kinds: ["Bundle"], form: "version", mixed: false },
  ],
};

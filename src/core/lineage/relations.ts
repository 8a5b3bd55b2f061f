/**
 * The edges of lineage, derived from what entries declare: which field of which kind means what. Nothing is asked for
 * twice, and nothing is guessed: selectors of policies, owners and contacts are no lineage. A test holds the table
 * against the places that the schemas mark, so that no reference is forgotten.
 */
import { references, type ReferencePlace } from "../../generated/references.ts";
import { activationRefs, resolveDependency } from "../compile/references.ts";
import { kindOf } from "../kinds/index.ts";
import type { KindName } from "../model/kind.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { visitReferences } from "../validate/references.ts";

/** What one entry is to another. */
export type RelationType =
  | "depends_on"
  | "derived_from"
  | "transforms"
  | "validates"
  | "configures"
  | "replaces"
  | "uses";

export interface RelationMeaning {
  /** From what is made to what it is made of: `<below> depends on <above>`. */
  readonly up: string;
  /** The other way: `<above> is needed by <below>`. */
  readonly down: string;
  /** Whether a change of what is above can reach what is below. What replaced it is no part of it. */
  readonly carries: boolean;
}

export const relationTypes: Readonly<Record<RelationType, RelationMeaning>> = {
  depends_on: { up: "depends on", down: "needed by", carries: true },
  derived_from: { up: "derived from", down: "origin of", carries: true },
  transforms: { up: "produced by", down: "produces", carries: true },
  validates: { up: "validated by", down: "validates", carries: true },
  configures: { up: "configured by", down: "configures", carries: true },
  replaces: { up: "replaces", down: "replaced by", carries: false },
  uses: { up: "uses", down: "used by", carries: true },
};

/** The kinds that lineage is about, in the order in which they are shown. */
export const lineageKinds: readonly KindName[] = [
  "Provider",
  "Dataset",
  "Model",
  "Config",
  "Template",
  "Pipeline",
  "TestSuite",
  "Policy",
  "Bundle",
  "Aliases",
  "Activation",
];

const inLineage = new Set<KindName>(lineageKinds);

/** Whether entries of a kind are nodes of lineage. */
export function isLineageKind(kind: KindName): boolean {
  return inLineage.has(kind);
}

/** One edge: `below` comes from `above`. */
export interface Relation {
  readonly below: string;
  readonly above: string;
  readonly type: RelationType;
  /** Where it is declared: the field from the entry's root, `[]` for each element of a list. */
  readonly field: string;
  /** The entry that declares it. */
  readonly declaredBy: string;
  /** The range it was resolved from; null where an exact version stands. */
  readonly range: string | null;
  /** False where the declaring entry says that it can do without. */
  readonly required: boolean;
}

/** What a field of a kind says about the entry that it names. */
export const relationFields: { readonly [K in KindName]?: Readonly<Record<string, RelationType>> } = {
  Model: {
    "spec.provider": "uses",
    "spec.derivedFrom[]": "derived_from",
    "spec.datasets[]": "derived_from",
    "spec.dependencies[]": "depends_on",
    replacedBy: "replaces",
  },
  Dataset: { "spec.derivedFrom[]": "derived_from", "spec.producedBy": "transforms", replacedBy: "replaces" },
  Config: { "spec.template": "derived_from", replacedBy: "replaces" },
  Pipeline: {
    "spec.nodes[].config.model": "uses",
    "spec.nodes[].config.config": "configures",
    "spec.template": "derived_from",
    "spec.dependencies[]": "depends_on",
    replacedBy: "replaces",
  },
  Template: { "spec.extends": "derived_from", "spec.includes[]": "uses", replacedBy: "replaces" },
  TestSuite: { replacedBy: "replaces" },
  Policy: { replacedBy: "replaces" },
  Bundle: {
    "spec.models[]": "depends_on",
    "spec.policies[]": "depends_on",
    "spec.pipelines[]": "depends_on",
    "spec.configs[]": "configures",
    "spec.provenance.datasets[]": "derived_from",
    replacedBy: "replaces",
  },
};

/** What names entries of lineage and is none of it, or is read whole below. */
export const notLineage: { readonly [K in KindName]?: readonly string[] } = {
  // What fits what is a statement, and nothing comes from it.
  Model: ["facts.compatibleWith[]", "facts.incompatibleWith[]"],
  // A model that acts is not made of itself.
  Identity: ["model"],
  Waiver: ["policy", "selector.refs[]"],
};

/** Kinds whose entries say something about two others, or name versions by their path. */
export const readWhole: readonly KindName[] = ["Evaluation", "PolicyBinding", "Activation", "Aliases"];

/** The edges that one entry declares; ends that no kind of lineage knows are left out. */
export function relationsOf(entry: Entry, registry: Registry): readonly Relation[] {
  const found: Relation[] = [];
  const add = (below: string, above: string, type: RelationType, field: string, more?: Ranged): void => {
    found.push({ below, above, type, field, declaredBy: entry.ref, range: null, required: true, ...more });
  };
  if (entry.kind === "Activation") {
    for (const ref of activationRefs(entry)) add(entry.ref, ref, "uses", fieldOfActivation(entry, ref));
  } else if (entry.kind === "Aliases") {
    const [prefix = "", ns = "", name = ""] = entry.id.split("/");
    for (const [alias, version] of Object.entries((entry as Entry<"Aliases">).value.aliases))
      add(entry.ref, `${prefix}:${ns}/${name}@${version}`, "uses", `aliases.${alias}`);
  } else if (entry.kind === "Evaluation") {
    const { target, suite } = (entry as Entry<"Evaluation">).value;
    add(target, suite, "validates", "suite");
  } else if (entry.kind === "PolicyBinding") {
    const { selector, policies } = (entry as Entry<"PolicyBinding">).value;
    for (const ref of selector?.refs ?? [])
      if (isLineageRef(ref)) for (const policy of policies) add(ref, policy, "validates", "policies[]");
  } else if (relationFields[entry.kind] !== undefined) {
    visitReferences(entry, ({ place, ref, range, required }) => {
      const known = meaningOf.get(place);
      if (known === undefined) return;
      const [type, field] = known;
      const named = range === null ? ref : resolveDependency(ref, range, registry);
      if (named === undefined || !isLineageRef(named)) return;
      // "The successor is" stands in the older entry, and the newer one comes from it.
      if (type === "replaces") add(named, entry.ref, type, field);
      else add(entry.ref, named, type, field, { range, required });
    });
  }
  return found;
}

type Ranged = Pick<Relation, "range" | "required">;

/** The field of a place as people write it: `spec.nodes[].config.model`. */
export function fieldOf({ path }: ReferencePlace): string {
  return path.join(".").replaceAll(".*", "[]");
}

const meaningOf = new Map<ReferencePlace, readonly [RelationType, string]>();
for (const kind of lineageKinds) {
  for (const place of references[kind]) {
    const field = fieldOf(place);
    const type = relationFields[kind]?.[field];
    if (type !== undefined) meaningOf.set(place, [type, field]);
  }
}

function fieldOfActivation(entry: Entry, ref: string): string {
  const { bundle } = (entry as Entry<"Activation">).value;
  return ref.endsWith(`@${bundle}`) ? "bundle" : "fallback";
}

const prefixes = new Set(lineageKinds.map((kind) => kindOf(kind).prefix));

function isLineageRef(ref: string): boolean {
  return prefixes.has(ref.slice(0, Math.max(0, ref.indexOf(":"))));
}

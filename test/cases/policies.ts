/** Cases about CODEOWNERS, policies, waivers, custom metadata and the JSON Schemas that users write. */
import type { Case, Files } from "./case.ts";

const settings = (ownership: string, more = ""): Files => ({
  "registry/registry.yaml": `title: Test\nid: test\nmode: enforce\nownership:\n${ownership}${more}`,
});
const all = '  - { path: "*", roles: [role:owners] }\n';
const codeowners = (lines: string): Files => ({
  CODEOWNERS: `# Generated from registry/registry.yaml (ownership). Do not edit: assent codeowners generate\n${lines}`,
});
const model = (extensions = "", title = "title: M\n"): Files => ({
  "registry/models/acme/m/1.0.0.yaml": `${title}spec:\n  provider: provider:acme\n  upstreamId: m\n  type: classification\n${extensions}`,
});
const policy = (rules: string, head = "state: active\n"): Files => ({
  "registry/policies/core/p/1.0.0.yaml": `${head}spec:\n  appliesTo: [Model]\n  rules:\n${rules}`,
});
const rule = (assert: string, id = "r"): string =>
  `    - { id: ${id}, assert: ${assert}, severity: low, message: No. }\n`;
const bound: Files = {
  "registry/governance/policy-bindings/b.yaml":
    "selector: { kinds: [Model] }\npolicies: [policy:core/p@1.0.0]\n",
};
const waiver = (more = "", expires = '"2030-01-01T00:00:00Z"'): Files => ({
  "registry/governance/waivers/w.yaml": `policy: policy:core/p@1.0.0\nselector: { kinds: [Model] }\nreason: Known.\nexpires: ${expires}\n${more}`,
});
const metadata = (schema: string, more = "appliesTo: [Model]\n"): Files => ({
  "registry/governance/metadata-schemas/risk.yaml": `${more}schema: ${schema}\n`,
});
const closed = "{ type: object, additionalProperties: false, properties: { n: { type: integer } } }";
const tag = (value: string): string => `extensions:\n  risk: ${value}\n`;

export const policies: readonly Case[] = [
  {
    name: "CODEOWNERS that somebody edited",
    files: {
      CODEOWNERS:
        "# Generated from registry/registry.yaml (ownership). Do not edit: assent codeowners generate\n⟦codeowners/drift|* @test/others⟧\n",
    },
  },
  { name: "no CODEOWNERS", files: { CODEOWNERS: null }, elsewhere: ["codeowners/drift CODEOWNERS 1:1-1:1"] },
  { name: "a second CODEOWNERS", files: { ".github/CODEOWNERS": "⟦codeowners/location|* @test/owners⟧\n" } },
  {
    name: "a role that owns and is nobody on the forge",
    files: {
      ...settings(
        all + "  - { path: /registry/models/, roles: [⟦codeowners/role-without-owner|role:risk⟧] }\n",
      ),
      ...codeowners("* @test/owners\n/registry/models/\n"),
      "registry/governance/identities/cy.yaml": "title: Cy\n",
      "registry/governance/roles/risk.yaml": "members: [identity:cy]\n",
    },
  },
  {
    name: "a line that a later one overrides",
    files: {
      ...settings("  - ⟦codeowners/shadowed|{ path: /registry/models/, roles: [role:owners] }⟧\n" + all),
      ...codeowners("/registry/models/ @test/owners\n* @test/owners\n"),
    },
  },
  {
    name: "rules that nobody owns, one finding for each of their places",
    files: {
      ...settings(
        "  - { path: /registry/models/, roles: [role:owners] }\n  - ⟦codeowners/unowned|{ path: /.github/, roles: [] }⟧\n",
      ),
      ...codeowners("/registry/models/ @test/owners\n/.github/\n"),
    },
    elsewhere: Array.from({ length: 4 }, () => "codeowners/unowned registry/registry.yaml 5:3-6:35"),
  },
  {
    name: "a pattern that CODEOWNERS does not know",
    files: {
      ...settings(
        all + '  - { path: ⟦codeowners/unsupported-pattern|"/docs/[ab]/"⟧, roles: [role:owners] }\n',
      ),
      ...codeowners("* @test/owners\n"),
    },
  },
  {
    name: "a CODEOWNERS that GitHub would not load",
    files: codeowners(`* @test/owners\n${"#\n".repeat(1_600_000)}`),
    elsewhere: ["codeowners/drift CODEOWNERS 3:1-3:2", "codeowners/too-large CODEOWNERS 1:1-1:93"],
  },

  {
    name: "a policy's expression with a field that does not exist",
    files: policy(rule("'facts.⟦policy/expression|rol⟧ == \"general\"'")),
  },
  {
    name: "two rules of one id",
    files: policy(rule("'true'") + rule("'true'", "⟦policy/duplicate-rule|r⟧")),
  },
  {
    name: "a policy that fails its own test",
    files: policy(
      `${rule("'true'")}  tests:\n    - given: { name: x }\n      expect: ⟦policy/test-failed|[r]⟧\n`,
    ),
  },
  {
    name: "a policy that an entry violates",
    files: { ...bound, ...policy(rule("'labels.size() > 0'")), ...model("", "⟦policy/violated|title: M⟧\n") },
  },
  {
    name: "a policy that asks for runs nobody made",
    files: {
      ...bound,
      ...policy(rule("'evaluations.exists(e, e.status == \"passed\")'")),
      ...model("", "⟦policy/pending|title: M⟧\n"),
    },
  },
  {
    name: "a binding that only warns where another enforces",
    files: {
      ...bound,
      ...policy(rule("'true'")),
      ...model(),
      "registry/governance/policy-bindings/c.yaml":
        "selector: { namespaces: [acme] }\npolicies: ⟦policy-binding/contradicts|[policy:core/p@1.0.0]⟧\nmode: warn\n",
    },
  },
  {
    name: "no policy where there must be one",
    files: { ...settings(all, "requirePolicies: [Model]\n"), ...model("", "⟦policy/unbound|title: M⟧\n") },
  },
  {
    name: "a waiver that excuses nothing",
    files: {
      ...bound,
      ...policy(rule("'true'")),
      ...model(),
      "registry/governance/waivers/w.yaml":
        'policy: policy:core/p@1.0.0\nselector: ⟦waiver/excuses-nothing|{ kinds: [Model] }⟧\nreason: Known.\nexpires: "2030-01-01T00:00:00Z"\n',
    },
  },
  {
    name: "a waiver that has ended",
    files: {
      ...bound,
      ...policy(rule("'labels.size() > 0'")),
      ...model("", "⟦policy/violated|title: M⟧\n"),
      ...waiver("", '⟦waiver/expired|"2020-01-01T00:00:00Z"⟧'),
    },
  },
  {
    name: "a waiver of a rule that is not there",
    files: {
      ...bound,
      ...policy(rule("'labels.size() > 0'")),
      ...model("", "⟦policy/violated|title: M⟧\n"),
      ...waiver("rule: ⟦waiver/unknown-rule|q⟧\n"),
    },
    elsewhere: ["waiver/excuses-nothing registry/governance/waivers/w.yaml 2:11-2:29"],
  },
  {
    name: "a waiver that excuses everything",
    files: {
      ...bound,
      ...policy(rule("'labels.size() > 0'")),
      ...model(),
      "registry/governance/waivers/w.yaml":
        'policy: policy:core/p@1.0.0\nselector: ⟦waiver/excuses-everything|{}⟧\nreason: Known.\nexpires: "2030-01-01T00:00:00Z"\n',
    },
  },
  {
    name: "a condition that is no expression",
    files: {
      "registry/governance/approval-policies/a.yaml":
        "match: { when: 'usecase.⟦approval-policy/expression|riskTeir⟧ == \"high\"' }\nrequire: { approvals: [{ role: role:owners }] }\n",
    },
  },

  {
    name: "metadata that nobody governs",
    files: model("extensions:\n  ⟦extension/unknown|risk⟧: { n: 1 }\n"),
  },
  {
    name: "metadata that does not fit",
    files: { ...metadata(closed), ...model(tag("{ n: ⟦extension/invalid|one⟧ }")) },
  },
  {
    name: "metadata that must be there",
    files: {
      ...metadata(closed, "appliesTo: [Model]\nrequired: true\n"),
      ...model("", "⟦extension/missing|title: M⟧\n"),
    },
  },
  {
    name: "metadata that must be unique",
    files: {
      ...metadata(closed, "appliesTo: [Model]\nindex: [{ path: n, type: number, unique: true }]\n"),
      ...model(tag("{ n: 1 }")),
      "registry/models/acme/n/1.0.0.yaml": `spec:\n  provider: provider:acme\n  upstreamId: n\n  type: classification\n${tag("{ n: ⟦extension/duplicate|1⟧ }")}`,
    },
  },
  {
    name: "metadata that violates a rule of its schema",
    files: {
      ...metadata(closed, `appliesTo: [Model]\nrules:\n${rule("'extensions.risk.n > 1'")}`),
      ...model("extensions:\n  risk: ⟦extension/rule-violated|{ n: 1 }⟧\n"),
    },
  },
  {
    name: "a rule about metadata that is no expression",
    files: metadata(
      closed,
      `appliesTo: [Model]\nrules:\n${rule("'⟦metadata-schema/expression|extensionz⟧.risk.n > 1'")}`,
    ),
  },
  {
    name: "an index over nothing",
    files: metadata(
      closed,
      "appliesTo: [Model]\nindex: [{ path: ⟦metadata-schema/index|m⟧, type: number }]\n",
    ),
  },
  {
    name: "an index of dates over any text",
    files: metadata(
      "{ type: object, additionalProperties: false, properties: { d: { type: string }, e: { type: string, format: date } } }",
      "appliesTo: [Model]\nindex: [⟦metadata-schema/index|{ path: d, type: date }⟧, { path: e, type: date }]\n",
    ),
  },
  {
    name: "a schema that takes any key",
    files: {
      "registry/governance/metadata-schemas/risk.yaml":
        "appliesTo: [Model]\nschema: ⟦metadata-schema/open|{ type: object, properties: { n: { type: integer } } }⟧\n",
    },
  },
  {
    name: "a schema that is none",
    files: {
      "registry/configs/acme/c/1.0.0.yaml":
        "spec:\n  type: parameters\n  value: { a: 1 }\n  schema: { type: ⟦json-schema/invalid|objekt⟧ }\n",
    },
  },
  {
    name: "a keyword that checks nothing",
    files: {
      "registry/configs/acme/c/1.0.0.yaml":
        "spec:\n  type: parameters\n  value: { a: 1 }\n  schema: { type: object, ⟦json-schema/unchecked|propertis⟧: {} }\n",
    },
  },
  {
    name: "a value that does not fit the schema beside it",
    files: {
      "registry/configs/acme/c/1.0.0.yaml":
        "spec:\n  type: parameters\n  value: { a: ⟦config/value-mismatch|x⟧ }\n  schema: { type: object, properties: { a: { type: integer } } }\n",
    },
  },
  {
    name: "a template whose test it refuses",
    files: {
      "registry/templates/acme/t/1.0.0.yaml":
        "spec:\n  type: invocation\n  body: {}\n  parameters: { type: object, properties: { a: { type: integer } } }\n  tests: [{ parameters: { a: ⟦template/test-parameters|x⟧ } }]\n",
    },
  },
];

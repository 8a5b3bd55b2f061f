/** Rules about policies, bindings, waivers, expressions, users' JSON Schemas and custom metadata. */
import { describe, expect, it } from "vitest";
import { createLocator } from "../../src/core/source/locate.ts";
import { lintRegistry } from "../../src/core/validate/lint.ts";
import { needsExpressions, needsSchemas } from "../../src/core/validate/needs-expressions.ts";
import { expressionRules } from "../../src/core/validate/rules/expressions.ts";
import { extensionMissing } from "../../src/core/validate/rules/extension-missing.ts";
import { policyBindingContradicts } from "../../src/core/validate/rules/policy-binding-contradicts.ts";
import { policyUnbound } from "../../src/core/validate/rules/policy-unbound.ts";
import { schemaRules } from "../../src/core/validate/rules/schemas.ts";
import { waiverExpired } from "../../src/core/validate/rules/waiver-expired.ts";
import { registryOfValues } from "../registry-of-values.ts";
import { asOf, foundBy } from "./found.ts";
import { configPath, templatePath, templates } from "./template-cases.ts";

type Values = Record<string, object>;
const all = [
  ...expressionRules,
  ...schemaRules,
  extensionMissing,
  policyBindingContradicts,
  policyUnbound,
  waiverExpired,
];

const modelPath = "registry/models/acme/m/1.0.0.yaml";
const policyPath = "registry/policies/core/p/1.0.0.yaml";
const bindingPath = "registry/governance/policy-bindings/b.yaml";
const waiverPath = "registry/governance/waivers/w.yaml";
const schemaPath = "registry/governance/metadata-schemas/risk.yaml";
const approvalPath = "registry/governance/approval-policies/a.yaml";
const pipelinePath = "registry/pipelines/acme/p/1.0.0.yaml";
const datasetPath = "registry/datasets/acme/d/1.0.0.yaml";
const evaluationPath = "registry/evaluations/acme/m/1.0.0-s.yaml";

const large = {
  id: "large",
  assert: 'facts.sizeClass in ["large", "xl"]',
  severity: "high",
  message: "Too small.",
  remediation: "Grow.",
};
const policy = (rules: readonly object[] = [large], tests?: readonly object[]): object => ({
  state: "active",
  spec: { appliesTo: ["Model"], rules, ...(tests && { tests }) },
});
const model = (more: object = {}): object => ({
  state: "production",
  spec: { provider: "provider:p", type: "image" },
  facts: { sizeClass: "nano" },
  ...more,
});
const binding = (more: object = {}): object => ({
  selector: { kinds: ["Model"] },
  policies: ["policy:core/p@1.0.0"],
  ...more,
});
const waiver = (more: object = {}): object => ({
  policy: "policy:core/p@1.0.0",
  selector: {},
  reason: "Agreed.",
  expires: "2027-01-01T00:00:00Z",
  ...more,
});
const metadata = (
  more: object = {},
  schema: object = { type: "object", additionalProperties: false, properties: { n: { type: "integer" } } },
): object => ({ schema, ...more });
const bound: Values = { [modelPath]: model(), [policyPath]: policy(), [bindingPath]: binding() };

const cases: readonly (readonly [rule: string, name: string, values: Values, expected: readonly string[]])[] =
  [
    ["policy/expression", "right", { [policyPath]: policy() }, []],
    [
      "policy/expression",
      "wrong twice",
      { [policyPath]: policy([{ ...large, when: "facts.rol == 1", assert: "facts.a == 1" }, large]) },
      [
        `policy/expression ${policyPath} /spec/rules/0/assert`,
        `policy/expression ${policyPath} /spec/rules/0/when`,
      ],
    ],
    [
      "policy/expression",
      "matches",
      { [policyPath]: policy([{ ...large, assert: 'name.matches("a")' }]) },
      [`policy/expression ${policyPath} /spec/rules/0/assert`],
    ],
    [
      "policy/expression",
      "a name of transitions",
      { [policyPath]: policy([{ ...large, assert: 'action == "promote"' }]) },
      [`policy/expression ${policyPath} /spec/rules/0/assert`],
    ],
    [
      "approval-policy/expression",
      "right",
      {
        [approvalPath]: {
          match: { actions: ["promote"], when: 'usecase.riskTier in ["high", "critical"]' },
          require: {},
        },
      },
      [],
    ],
    [
      "approval-policy/expression",
      "no condition",
      { [approvalPath]: { match: { paths: ["a"] }, require: {} } },
      [],
    ],
    [
      "approval-policy/expression",
      "wrong",
      { [approvalPath]: { match: { kinds: ["Model"], when: 'usecase.riskTier == "hihg"' }, require: {} } },
      [`approval-policy/expression ${approvalPath} /match/when`],
    ],
    [
      "approval-policy/expression",
      "no clock",
      { [approvalPath]: { match: { when: "asOf > timestamp('2026-01-01')" }, require: {} } },
      [`approval-policy/expression ${approvalPath} /match/when`],
    ],
    [
      "metadata-schema/expression",
      "right",
      { [schemaPath]: metadata({ rules: [{ ...large, assert: 'extensions["risk"].n > 1' }] }) },
      [],
    ],
    [
      "metadata-schema/expression",
      "wrong",
      { [schemaPath]: metadata({ appliesTo: ["Model"], rules: [{ ...large, when: "fact == null" }] }) },
      [`metadata-schema/expression ${schemaPath} /rules/0/when`],
    ],
    ["policy/duplicate-rule", "different", { [policyPath]: policy([large, { ...large, id: "other" }]) }, []],
    [
      "policy/duplicate-rule",
      "the same",
      { [policyPath]: policy([large, { ...large, id: "other" }, large]) },
      [`policy/duplicate-rule ${policyPath} /spec/rules/2/id`],
    ],
    [
      "policy/test-failed",
      "passed",
      {
        [policyPath]: policy(
          [large],
          [
            { given: { facts: { sizeClass: "nano" } }, expect: ["large"] },
            { given: { facts: { sizeClass: "xl" } }, expect: [] },
          ],
        ),
      },
      [],
    ],
    [
      "policy/test-failed",
      "failed",
      {
        [policyPath]: policy(
          [large],
          [
            { given: {}, expect: [] },
            { given: {}, expect: ["larg"] },
            { given: { fact: {} }, expect: [] },
          ],
        ),
      },
      [
        `policy/test-failed ${policyPath} /spec/tests/0/expect`,
        `policy/test-failed ${policyPath} /spec/tests/1/expect`,
        `policy/test-failed ${policyPath} /spec/tests/2/given/fact (key)`,
      ],
    ],
    ["policy-binding/contradicts", "one alone", bound, []],
    [
      "policy-binding/contradicts",
      "warned about everywhere, enforced in prod",
      {
        ...bound,
        [bindingPath]: binding({ mode: "warn" }),
        "registry/governance/policy-bindings/prod.yaml": binding({
          selector: { kinds: ["Model"], environments: ["environment:prod"] },
        }),
      },
      [],
    ],
    [
      "policy-binding/contradicts",
      "enforced everywhere, warned about in prod",
      {
        ...bound,
        "registry/governance/policy-bindings/prod.yaml": binding({
          selector: { kinds: ["Model"], environments: ["environment:prod"] },
          mode: "warn",
        }),
      },
      ["policy-binding/contradicts warning registry/governance/policy-bindings/prod.yaml /policies"],
    ],
    [
      "policy-binding/contradicts",
      "a newer version that only warns for a while",
      {
        ...bound,
        "registry/policies/core/p/2.0.0.yaml": policy(),
        "registry/governance/policy-bindings/next.yaml": binding({
          policies: ["policy:core/p@2.0.0"],
          mode: "warn",
        }),
      },
      [],
    ],
    [
      "policy-binding/contradicts",
      "two versions that are both enforced",
      {
        ...bound,
        "registry/policies/core/p/2.0.0.yaml": policy(),
        "registry/governance/policy-bindings/next.yaml": binding({ policies: ["policy:core/p@2.0.0"] }),
      },
      [`policy-binding/contradicts warning ${bindingPath} /policies`],
    ],
    ["policy/unbound", "not asked", { [modelPath]: model() }, []],
    [
      "policy/unbound",
      "bound",
      { ...bound, "registry/registry.yaml": { id: "r", requirePolicies: ["Model"] } },
      [],
    ],
    [
      "policy/unbound",
      "bound somewhere",
      {
        ...bound,
        [bindingPath]: binding({ selector: { environments: ["environment:prod"] } }),
        "registry/registry.yaml": { id: "r", requirePolicies: ["Model"] },
      },
      [],
    ],
    [
      "policy/unbound",
      "unbound",
      {
        ...bound,
        [bindingPath]: binding({ selector: { namespaces: ["x"] } }),
        "registry/registry.yaml": { id: "r", requirePolicies: ["Model", "Bundle"] },
      },
      [`policy/unbound ${modelPath}`],
    ],
    ["policy/violated", "met", { ...bound, [modelPath]: model({ facts: { sizeClass: "xl" } }) }, []],
    ["policy/violated", "violated", bound, [`policy/violated warning ${modelPath} /facts/sizeClass`]],
    [
      "policy/violated",
      "the field is missing",
      { ...bound, [modelPath]: model({ facts: {} }) },
      [`policy/violated warning ${modelPath} /facts (key)`],
    ],
    [
      "policy/violated",
      "the block is missing",
      { ...bound, [modelPath]: model({ facts: undefined }) },
      [`policy/violated warning ${modelPath}`],
    ],
    [
      "policy/violated",
      "only warned",
      { ...bound, [bindingPath]: binding({ mode: "warn" }) },
      [`policy/violated info ${modelPath} /facts/sizeClass`],
    ],
    ["policy/violated", "waived", { ...bound, [waiverPath]: waiver() }, []],
    [
      "policy/violated",
      "in an environment",
      {
        ...bound,
        [bindingPath]: binding({ selector: { environments: ["environment:prod", "environment:dev"] } }),
      },
      [
        `policy/violated warning ${modelPath} /facts/sizeClass`,
        `policy/violated warning ${modelPath} /facts/sizeClass`,
      ],
    ],
    [
      "policy/violated",
      "everywhere and in an environment",
      {
        ...bound,
        "registry/governance/policy-bindings/c.yaml": binding({
          selector: { environments: ["environment:prod"] },
        }),
      },
      [`policy/violated warning ${modelPath} /facts/sizeClass`],
    ],
    [
      "policy/pending",
      "no evidence",
      { ...bound, [policyPath]: policy([{ ...large, assert: "size(evaluations) > 0" }]) },
      [`policy/pending info ${modelPath}`],
    ],
    [
      "policy/pending",
      "evidence",
      {
        ...bound,
        [policyPath]: policy([{ ...large, assert: "size(evaluations) > 0" }]),
        [evaluationPath]: { target: "model:acme/m@1.0.0" },
      },
      [],
    ],
    ["waiver/expired", "live", { [waiverPath]: waiver() }, []],
    [
      "waiver/expired",
      "ended",
      { [waiverPath]: waiver({ expires: "2026-06-30T00:00:00Z" }) },
      [`waiver/expired warning ${waiverPath} /expires`],
    ],
    ["waiver/excuses-nothing", "used", { ...bound, [waiverPath]: waiver() }, []],
    [
      "waiver/excuses-nothing",
      "idle",
      { ...bound, [waiverPath]: waiver({ selector: { namespaces: ["x"] } }) },
      [`waiver/excuses-nothing warning ${waiverPath} /selector`],
    ],
    [
      "waiver/excuses-nothing",
      "ended",
      {
        ...bound,
        [waiverPath]: waiver({ selector: { namespaces: ["x"] }, expires: "2026-01-01T00:00:00Z" }),
      },
      [],
    ],
    ["waiver/unknown-rule", "known", { [policyPath]: policy(), [waiverPath]: waiver({ rule: "large" }) }, []],
    ["waiver/unknown-rule", "all rules", { [policyPath]: policy(), [waiverPath]: waiver() }, []],
    [
      "waiver/unknown-rule",
      "unknown",
      { [policyPath]: policy(), [waiverPath]: waiver({ rule: "larg" }) },
      [`waiver/unknown-rule ${waiverPath} /rule`],
    ],
    [
      "json-schema/invalid",
      "right everywhere",
      {
        [schemaPath]: metadata(),
        [configPath]: { spec: { type: "tools", schema: { type: "object" } } },
        [datasetPath]: { spec: { schema: {} } },
      },
      [],
    ],
    [
      "json-schema/invalid",
      "wrong everywhere",
      {
        [schemaPath]: metadata({}, { type: "strng" }),
        [configPath]: { spec: { type: "tools", schema: { $ref: "https://x/y" } } },
        [datasetPath]: { spec: { schema: { pattern: "(" } } },
        [modelPath]: model({
          spec: {
            provider: "provider:p",
            type: "image",
            interface: { input: { required: 1 }, output: { items: 1 } },
          },
        }),
        [templatePath]: { spec: { type: "pipeline", parameters: { allOf: [] }, body: {} } },
        [pipelinePath]: {
          spec: {
            input: { type: "x" },
            output: { enum: [] },
            nodes: [
              {
                id: "n",
                type: "model",
                inputs: [{ port: "i", schema: { minimum: "1" } }],
                outputs: [{ port: "o" }, { port: "p", schema: { not: 1 } }],
              },
            ],
            edges: [],
          },
        },
      },
      [
        `json-schema/invalid ${configPath} /spec/schema/$ref`,
        `json-schema/invalid ${datasetPath} /spec/schema/pattern`,
        `json-schema/invalid ${modelPath} /spec/interface/input/required`,
        `json-schema/invalid ${modelPath} /spec/interface/output/items`,
        `json-schema/invalid ${pipelinePath} /spec/input/type`,
        `json-schema/invalid ${pipelinePath} /spec/nodes/0/inputs/0/schema/minimum`,
        `json-schema/invalid ${pipelinePath} /spec/nodes/0/outputs/1/schema/not`,
        `json-schema/invalid ${pipelinePath} /spec/output/enum`,
        `json-schema/invalid ${schemaPath} /schema/type`,
        `json-schema/invalid ${templatePath} /spec/parameters/allOf`,
      ],
    ],
    ["json-schema/unchecked", "annotations", { [schemaPath]: metadata({}, { "x-own": 1, title: "T" }) }, []],
    [
      "json-schema/unchecked",
      "misspelt",
      { [schemaPath]: metadata({}, { requierd: ["a"], properties: { a: { format: "phone" } } }) },
      [
        `json-schema/unchecked warning ${schemaPath} /schema/properties/a/format`,
        `json-schema/unchecked warning ${schemaPath} /schema/requierd (key)`,
      ],
    ],
    ["metadata-schema/open", "closed", { [schemaPath]: metadata() }, []],
    [
      "metadata-schema/open",
      "open at two depths",
      { [schemaPath]: metadata({}, { properties: { a: { items: { properties: {} } } } }) },
      [
        `metadata-schema/open warning ${schemaPath} /schema`,
        `metadata-schema/open warning ${schemaPath} /schema/properties/a/items`,
      ],
    ],
    [
      "metadata-schema/open",
      "a composition",
      {
        [schemaPath]: metadata(
          {},
          { unevaluatedProperties: false, properties: {}, anyOf: [{ properties: { a: {} } }] },
        ),
      },
      [],
    ],
    [
      "metadata-schema/index",
      "right",
      { [schemaPath]: metadata({ index: [{ path: "n", type: "number" }] }) },
      [],
    ],
    [
      "metadata-schema/index",
      "wrong",
      {
        [schemaPath]: metadata({
          index: [{ path: "m" }, { path: "n" }, { path: "n.a" }, { path: "toString" }],
        }),
      },
      [
        `metadata-schema/index ${schemaPath} /index/0/path`,
        `metadata-schema/index ${schemaPath} /index/1`,
        `metadata-schema/index ${schemaPath} /index/2/path`,
        `metadata-schema/index ${schemaPath} /index/3/path`,
      ],
    ],
    [
      "extension/unknown",
      "known",
      { [schemaPath]: metadata(), [modelPath]: model({ extensions: { risk: { n: 1 } } }) },
      [],
    ],
    [
      "extension/unknown",
      "unknown, and known elsewhere",
      {
        [schemaPath]: metadata({ namespaces: ["x"] }),
        [modelPath]: model({ extensions: { risk: {}, rsk: {} } }),
      },
      [
        `extension/unknown ${modelPath} /extensions/risk (key)`,
        `extension/unknown ${modelPath} /extensions/rsk (key)`,
      ],
    ],
    [
      "extension/unknown",
      "of another kind",
      { [schemaPath]: metadata({ appliesTo: ["Bundle"] }), [modelPath]: model({ extensions: { risk: {} } }) },
      [`extension/unknown ${modelPath} /extensions/risk (key)`],
    ],
    [
      "extension/invalid",
      "right",
      { [schemaPath]: metadata(), [modelPath]: model({ extensions: { risk: { n: 1 } } }) },
      [],
    ],
    [
      "extension/invalid",
      "wrong",
      { [schemaPath]: metadata(), [modelPath]: model({ extensions: { risk: { n: "1", m: 2 } } }) },
      [
        `extension/invalid ${modelPath} /extensions/risk/m (key)`,
        `extension/invalid ${modelPath} /extensions/risk/n`,
      ],
    ],
    ["extension/missing", "not required", { [schemaPath]: metadata(), [modelPath]: model() }, []],
    [
      "extension/missing",
      "required",
      { [schemaPath]: metadata({ required: true, appliesTo: ["Model"] }), [modelPath]: model() },
      [`extension/missing warning ${modelPath}`],
    ],
    [
      "extension/missing",
      "another is there",
      {
        [schemaPath]: metadata({ required: true, appliesTo: ["Model"] }),
        [modelPath]: model({ extensions: { other: 1 } }),
      },
      [`extension/missing warning ${modelPath} /extensions (key)`],
    ],
    [
      "extension/missing",
      "there",
      {
        [schemaPath]: metadata({ required: true, appliesTo: ["Model"] }),
        [modelPath]: model({ extensions: { risk: {} } }),
      },
      [],
    ],
    [
      "extension/duplicate",
      "versions of one thing",
      {
        [schemaPath]: metadata({ index: [{ path: "n", unique: true }] }),
        [modelPath]: model({ extensions: { risk: { n: 1 } } }),
        "registry/models/acme/m/1.1.0.yaml": model({ extensions: { risk: { n: 1 } } }),
      },
      [],
    ],
    [
      "extension/duplicate",
      "two things",
      {
        [schemaPath]: metadata({ index: [{ path: "n", unique: true }] }),
        [modelPath]: model({ extensions: { risk: { n: 1 } } }),
        "registry/models/acme/o/1.0.0.yaml": model({ extensions: { risk: { n: 1 } } }),
      },
      ["extension/duplicate registry/models/acme/o/1.0.0.yaml /extensions/risk/n"],
    ],
    [
      "extension/rule-violated",
      "met",
      {
        [schemaPath]: metadata({ rules: [{ ...large, assert: 'extensions["risk"].n > 1' }] }),
        [modelPath]: model({ extensions: { risk: { n: 2 } } }),
      },
      [],
    ],
    [
      "extension/rule-violated",
      "violated",
      {
        [schemaPath]: metadata({ rules: [{ ...large, assert: 'extensions["risk"].n > 1' }] }),
        [modelPath]: model({ extensions: { risk: { n: 1 } } }),
      },
      [`extension/rule-violated ${modelPath} /extensions/risk`],
    ],
    [
      "config/value-mismatch",
      "fits",
      { [configPath]: { spec: { type: "parameters", value: { a: 1 }, schema: { required: ["a"] } } } },
      [],
    ],
    [
      "config/value-mismatch",
      "does not fit",
      {
        [configPath]: {
          spec: {
            type: "parameters",
            value: { a: [1, "x"] },
            schema: { properties: { a: { items: { type: "integer" } } } },
          },
        },
      },
      [`config/value-mismatch ${configPath} /spec/value/a/1`],
    ],
    [
      "template/test-parameters",
      "fit",
      {
        [templatePath]: {
          spec: {
            type: "pipeline",
            parameters: { required: ["a"], properties: { a: {} } },
            body: {},
            tests: [{ parameters: { a: 1 } }],
          },
        },
      },
      [],
    ],
    [
      "template/test-parameters",
      "do not fit",
      {
        [templatePath]: {
          spec: {
            type: "pipeline",
            parameters: { required: ["a"], properties: { a: {} } },
            body: {},
            tests: [{ parameters: { a: 1 } }, { parameters: {} }],
          },
        },
      },
      [`template/test-parameters ${templatePath} /spec/tests/1/parameters`],
    ],
    ...templates.map(([code, name, spec, found]): (typeof cases)[number] => [
      code,
      name,
      {
        [templatePath]: { spec: { type: "invocation", body: { a: 1 }, ...spec } },
        "registry/templates/acme/base/1.0.0.yaml": { spec: { type: "deployment", body: {} } },
        [configPath]: { spec: { type: "parameters", template: "template:acme/t@1.0.0", value: { a: 1 } } },
      },
      found,
    ]),
  ];

describe("rules with engines", () => {
  it.each(cases)("%s: %s", (code, _, values, expected) => {
    const rule = all.find((each) => each.code === code);
    if (rule === undefined) throw new Error(`no rule ${code}`);
    expect(foundBy(rule, registryOfValues(values))).toEqual([...expected].sort());
  });

  it("are all tried, with something found and nothing found", () => {
    const tried = (isBad: boolean): string[] =>
      [...new Set(cases.filter(([, , , found]) => found.length > 0 === isBad).map(([code]) => code))].sort();
    const codes = all.map(({ code }) => code).sort();
    expect([tried(true), tried(false)]).toEqual([codes, codes]);
  });

  it("are loaded whenever one of them has something to say", () => {
    for (const [code, name, values, expected] of cases) {
      if (expected.length === 0) continue;
      const registry = registryOfValues(values);
      const isLoaded = schemaRules.some((rule) => rule.code === code)
        ? needsSchemas(registry, () => true)
        : needsExpressions(registry, () => true);
      expect([code, name, isLoaded]).toEqual([code, name, true]);
    }
  });

  it("a violation leads to the rule, and says what to do", () => {
    const findings = lintRegistry(registryOfValues(bound), { asOf, rules: expressionRules });
    expect(findings.map(({ message, hint, related }) => [message, hint, related?.[0]?.at])).toEqual([
      [
        "Too small. (high: large of policy:core/p@1.0.0)",
        "Grow.",
        { file: policyPath, pointer: ["spec", "rules", 0, "assert"] },
      ],
    ]);
  });
});

describe("one wrong expression", () => {
  it("is one finding, whatever it is bound to", () => {
    const values = { ...bound, [policyPath]: policy([{ ...large, assert: 'facts.sizeClas == "xl"' }]) };
    const findings = lintRegistry(registryOfValues(values), { asOf, rules: expressionRules });
    expect(findings.map(({ definition, message, hint }) => [definition.code, message, hint])).toEqual([
      ["policy/expression", "There is no field sizeClas here.", "Did you mean sizeClass?"],
    ]);
  });
});

describe("carets", () => {
  const rule = (line: string): string =>
    `state: active\nspec:\n  appliesTo: [Model]\n  rules:\n    - id: a\n${line}\n      severity: low\n      message: M.\n`;
  it.each<[string, string, string, string]>([
    ["single quotes", `      assert: 'facts.sizeClas == "x"'`, "sizeClas", 'facts.sizeClas == "x"'],
    [
      "double quotes with escapes",
      String.raw`      assert: "facts.role == \"general\" && facts.sizeClas == \"x\""`,
      "sizeClas",
      'facts.role == "general" && facts.sizeClas == "x"',
    ],
    [
      "quotes inside quotes",
      `      assert: 'name == ''a'' && fact == null'`,
      "fact",
      "name == 'a' && fact == null",
    ],
  ])("stand under the word, in %s", (_, line, word, expression) => {
    const text = rule(line);
    const registry = registryOfValues({ [policyPath]: policy([{ ...large, assert: expression }]) });
    const [finding] = lintRegistry(registry, { asOf, rules: expressionRules }).filter(
      ({ definition }) => definition.code === "policy/expression",
    );
    if (finding === undefined) throw new Error("nothing found");
    const { line: row, column, endColumn } = createLocator(text)(finding.at);
    expect([row, text.split("\n")[row - 1]?.slice(column - 1, endColumn - 1)]).toEqual([6, word]);
  });
});

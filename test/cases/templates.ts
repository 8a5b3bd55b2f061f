/** Cases about templates, and about what was rendered from them. */
import type { Case, Files } from "./case.ts";

const template = (spec: string, name = "t", type = "invocation"): Files => ({
  [`registry/templates/acme/${name}/1.0.0.yaml`]: `state: active\nspec:\n  type: ${type}\n${spec}`,
});
const config = (spec: string): Files => ({
  "registry/configs/acme/c/1.0.0.yaml": `spec:\n  type: parameters\n${spec}`,
});
const takesN = "  parameters: { type: object, required: [n], properties: { n: { type: integer } } }\n";
const graph = (model: string): string =>
  `nodes: [{ id: call, type: model, config: { model: ${model} }, inputs: [{ port: q }], outputs: [{ port: a }] }]
    edges:
      - { from: { node: $input, port: q }, to: { node: call, port: q } }
      - { from: { node: call, port: a }, to: { node: $output, port: a } }
`;
const model: Files = {
  "registry/models/acme/m/1.0.0.yaml":
    "title: M\nspec:\n  provider: provider:acme\n  upstreamId: m\n  type: classification\n",
};
const pipelines = template(
  `  parameters: { type: object, required: [model], properties: { model: { type: string } } }\n  body:\n    ${graph("{ $param: model }")}`,
  "t",
  "pipeline",
);
const rendered = (more = ""): Files => ({
  "registry/pipelines/acme/p/1.0.0.yaml": `spec:
  template: template:acme/t@1.0.0
  parameters: { model: model:acme/m@1.0.0 }
  nodes: [{ id: call, type: model, config: { model: model:acme/m@1.0.0 }, inputs: [{ port: q }], outputs: [{ port: a }] }]
  edges:
    - { from: { node: $input, port: q }, to: { node: call, port: q } }
    - { from: { node: call, port: a }, to: { node: $output, port: a } }
${more}`,
});
const many = (count: number): string => Array.from({ length: count }, (_, i) => i).join(", ");

export const templates: readonly Case[] = [
  {
    name: "a template, its tests, and what was rendered from it",
    files: {
      ...template(
        `${takesN}  body: { temperature: { $param: n }, name: { $text: [t-, { $param: n }] } }\n  tests:\n    - { parameters: { n: 1 }, expect: { name: t-1, temperature: 1 } }\n    - { parameters: {}, refused: true }\n`,
      ),
      ...config(
        "  template: template:acme/t@1.0.0\n  parameters: { n: 2 }\n  value: { name: t-2, temperature: 2 }\n",
      ),
    },
  },
  {
    name: "a pipeline that was rendered, with everything that pipelines are judged by",
    files: { ...model, ...pipelines, ...rendered() },
  },
  {
    name: "a body with a parameter that nobody declared",
    files: template(`${takesN}  body: { a: { $param: ⟦template/body|m⟧ } }\n`),
  },
  {
    name: "a body with a word that is none",
    files: template(`${takesN}  body: { a: { $parm: ⟦template/body|n⟧ } }\n`),
  },
  {
    name: "keys of JSON Schema in a body, which mean themselves",
    files: template(
      "  body: { schema: { $ref: '#/$defs/x', $defs: { x: {} } }, as: { $literal: { $param: x } } }\n",
    ),
  },
  {
    name: "a word with a key beside it",
    files: template(`${takesN}  body: { a: { $param: n, default: ⟦template/body|1⟧ } }\n`),
  },
  {
    name: "an item that hides a parameter, and a template that nobody included",
    files: template(
      `${takesN}  body:\n    a: { $each: [1], as: ⟦template/body|n⟧, do: 1 }\n    b: { $include: ⟦template/body|other⟧ }\n`,
    ),
  },
  {
    name: "a template that extends one of another type",
    files: {
      ...template("  body: {}\n", "base", "deployment"),
      ...template("  extends: ⟦template/extends|template:acme/base@1.0.0⟧\n  body: {}\n"),
    },
  },
  {
    name: "a template that takes parameters and body from the one it extends",
    files: {
      ...template(`${takesN}  body: { a: { $param: n }, nodes: [{ id: x, is: old }, { id: y }] }\n`, "base"),
      ...template(
        "  extends: template:acme/base@1.0.0\n  parameters: { properties: { s: { type: string, default: d } } }\n  body: { b: { $param: s }, nodes: [{ id: x, is: new }, { id: z }] }\n  tests:\n    - parameters: { n: 1 }\n      expect: { a: 1, b: d, nodes: [{ id: x, is: new }, { id: y }, { id: z }] }\n    - parameters: { n: ⟦template/test-parameters|one⟧ }\n",
      ),
    },
  },
  {
    name: "templates that extend and include each other in a circle",
    files: {
      ...template("  extends: template:acme/u@1.0.0\n  body: {}\n"),
      ...template("  includes: { t: template:acme/t@1.0.0 }\n  body: { a: { $include: t } }\n", "u"),
      "registry/templates/acme/t/1.0.0.yaml":
        "state: active\nspec:\n  type: invocation\n  extends: ⟦entry/derived-cycle|template:acme/u@1.0.0⟧\n  body: {}\n",
    },
  },
  {
    name: "a template that fails its tests",
    files: template(
      `${takesN}  body: { a: { $param: n } }\n  tests:\n    - { parameters: { n: 1 }, expect: ⟦template/test-failed|{ a: 2 }⟧ }\n    - { parameters: ⟦template/test-failed|{ n: 1 }⟧, refused: true }\n`,
    ),
  },
  {
    name: "a template of pipelines that gives none",
    files: template(
      "  body: { nodes: [] }\n  tests: [{ parameters: ⟦template/test-failed|{}⟧ }]\n",
      "t",
      "pipeline",
    ),
  },
  {
    name: "a template bomb: lists in lists",
    files: template(
      `  body: { a: { $each: [${many(40)}], as: x, do: { $each: [${many(40)}], as: y, do: { $each: [${many(40)}], as: z, do: 1 } } } }\n  tests: [{ parameters: ⟦template/test-failed|{}⟧ }]\n`,
    ),
  },
  {
    name: "an entry that was changed after it was rendered",
    files: {
      ...template(`${takesN}  body: { a: { $param: n }, b: { c: 1 } }\n`),
      ...config(
        "  template: template:acme/t@1.0.0\n  parameters: { n: 2 }\n  value: { a: ⟦template/drift|3⟧, b: ⟦template/drift|{}⟧ }\n",
      ),
    },
  },
  {
    name: "a pipeline with something that its template does not give",
    files: { ...model, ...pipelines, ...rendered("  resources: ⟦template/drift|{ cpu: 500m }⟧\n") },
  },
  {
    name: "an entry whose template refuses its parameters",
    files: {
      ...template(`${takesN}  body: { a: { $param: n } }\n`),
      ...config(
        "  template: template:acme/t@1.0.0\n  parameters: { n: ⟦template/refused|two⟧ }\n  value: { a: two }\n",
      ),
    },
  },
  {
    name: "an entry that says it came from a template of something else",
    files: {
      ...template("  body: {}\n", "t", "pipeline"),
      ...config("  template: ⟦template/refused|template:acme/t@1.0.0⟧\n  value: {}\n"),
    },
  },
  {
    name: "an entry that says it came from a template that is not there",
    files: config("  template: ⟦ref/missing|template:acme/t@1.0.0⟧\n  value: {}\n"),
  },
];

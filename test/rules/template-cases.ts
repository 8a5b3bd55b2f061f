/** What lint says of templates, and of a Config that says it came from one; data of policies.test.ts. */

export const templatePath = "registry/templates/acme/t/1.0.0.yaml";
export const configPath = "registry/configs/acme/c/1.0.0.yaml";

/** A template, and a Config that says it came from it and holds `{ a: 1 }`. */
export const templates: readonly (readonly [
  code: string,
  name: string,
  spec: object,
  found: readonly string[],
])[] = [
  ["template/body", "nothing named", {}, []],
  [
    "template/body",
    "a parameter that nobody declared",
    { body: { a: { $param: "b" } } },
    [`template/body ${templatePath} /spec/body/a/$param`],
  ],
  ["template/extends", "nothing", {}, []],
  [
    "template/extends",
    "another type",
    { extends: "template:acme/base@1.0.0" },
    [`template/extends ${templatePath} /spec/extends`],
  ],
  ["template/test-failed", "as expected", { tests: [{ parameters: {}, expect: { a: 1 } }] }, []],
  [
    "template/test-failed",
    "something else",
    { tests: [{ parameters: {}, expect: { a: 2 } }] },
    [`template/test-failed ${templatePath} /spec/tests/0/expect`],
  ],
  ["template/drift", "the same", {}, []],
  ["template/drift", "another value", { body: { a: 2 } }, [`template/drift ${configPath} /spec/value/a`]],
  ["template/refused", "given", {}, []],
  [
    "template/refused",
    "a parameter is missing",
    { parameters: { required: ["a"], properties: { a: {} } } },
    [`template/refused ${configPath} /spec/template`],
  ],
];

/** data-residency: what a use case sends and what it was trained on stays in the regions it names. */
import type { Pack } from "./pack.ts";

const stated = '"data-residency" in usecase.extensions';
const regions = 'usecase.extensions["data-residency"].regions';

export const dataResidency: Pack = {
  name: "data-residency",
  version: "1.0.0",
  title: "Data stays where the use case says",
  summary:
    "a use case names its regions; models behind its scopes are served there, and their data lies there",
  environment: "prod",
  schemas: {
    "data-residency": {
      title: "Data residency",
      description:
        "Where data may be: of a use case the regions it may be sent to, of a dataset those it lies in.",
      appliesTo: ["Dataset", "UseCase"],
      schema: {
        type: "object",
        additionalProperties: false,
        required: ["regions"],
        properties: {
          regions: {
            type: "array",
            minItems: 1,
            maxItems: 50,
            uniqueItems: true,
            items: { type: "string", maxLength: 50, pattern: "^[a-z0-9][a-z0-9-]{0,49}$" },
          },
        },
      },
    },
  },
  spec: {
    appliesTo: ["Activation"],
    rules: [
      {
        id: "regions-stated",
        assert: stated,
        severity: "high",
        message: "The use case does not say in which regions its data may be.",
        remediation: "Write extensions.data-residency.regions into the use case.",
      },
      {
        id: "endpoints-known",
        assert:
          'dependencies.all(d, d.kind != "Model" || d.spec.artifact.uri != null || size(d.serving.endpoints) > 0)',
        severity: "medium",
        message: "Of a model behind this scope nobody knows where it is served.",
        remediation: "List the endpoints in use, each with its region, in serving.endpoints of the model.",
      },
      {
        id: "served-there",
        when: stated,
        assert: `dependencies.all(d, d.kind != "Model" || d.serving.endpoints.all(e, e.region in ${regions}))`,
        severity: "critical",
        message: "A model behind this scope is served outside the regions of its use case.",
        remediation: "Use endpoints in those regions, or have the use case's owner name the region.",
      },
      {
        id: "data-there",
        when: stated,
        assert: `dependencies.all(d, d.kind != "Dataset" || ("data-residency" in d.extensions && d.extensions["data-residency"].regions.all(r, r in ${regions})))`,
        severity: "high",
        message: "Data behind this scope lies outside the regions of its use case, or nobody says where.",
        remediation:
          "Write extensions.data-residency.regions into the dataset, or train on data that lies there.",
      },
    ],
    tests: [
      {
        name: "served and trained where it may be",
        given: {
          usecase: { extensions: { "data-residency": { regions: ["eu-west-1", "eu-central-1"] } } },
          dependencies: [
            { kind: "Model", serving: { endpoints: [{ region: "eu-west-1" }] } },
            { kind: "Model", spec: { artifact: { uri: "s3://models/x" } } },
            { kind: "Dataset", extensions: { "data-residency": { regions: ["eu-central-1"] } } },
          ],
        },
        expect: [],
      },
      {
        name: "one endpoint elsewhere, data nowhere",
        given: {
          usecase: { extensions: { "data-residency": { regions: ["eu-west-1"] } } },
          dependencies: [
            { kind: "Model", serving: { endpoints: [{ region: "eu-west-1" }, { region: "us-east-1" }] } },
            { kind: "Dataset" },
          ],
        },
        expect: ["served-there", "data-there"],
      },
      {
        name: "an endpoint without a region",
        given: {
          usecase: { extensions: { "data-residency": { regions: ["eu-west-1"] } } },
          dependencies: [{ kind: "Model", serving: { endpoints: [{ type: "rest" }] } }],
        },
        expect: ["served-there"],
      },
      {
        name: "nobody says anything",
        given: { usecase: {}, dependencies: [{ kind: "Model" }] },
        expect: ["regions-stated", "endpoints-known"],
      },
    ],
  },
  notes: [
    "Regions are names that you choose and use everywhere alike; they are compared as they are written.",
    "It compares what entries say. Whether an endpoint truly keeps data in its region is for the provider's contract, and for whoever audits it.",
  ],
};

/** licence-allow-list: what is run or trained on here is under a licence that somebody has agreed to. */
import type { Pack } from "./pack.ts";

const models = '["Apache-2.0", "MIT", "BSD-2-Clause", "BSD-3-Clause", "ISC"]';
const datasets = '["CC0-1.0", "CC-BY-4.0", "ODC-By-1.0", "PDDL-1.0", "Apache-2.0", "MIT"]';

export const licenceAllowList: Pack = {
  name: "licence-allow-list",
  version: "1.0.0",
  title: "Licences that were agreed to",
  summary: "open weights and datasets state a licence, and every stated licence is on the list",
  spec: {
    appliesTo: ["Model", "Dataset"],
    rules: [
      {
        id: "model-states-one",
        when: 'kind == "Model" && (facts.openWeights == true || spec.artifact.uri != null)',
        assert: "facts.license != null",
        severity: "high",
        message: "A model whose weights can be had must state its licence.",
        remediation: "Write the SPDX identifier into facts.license.",
      },
      {
        id: "model-allowed",
        when: 'kind == "Model" && facts.license != null',
        assert: `facts.license in ${models}`,
        severity: "high",
        message: "The licence of the model is not on the list.",
        remediation:
          "Use a model under another licence, ask for a waiver, or have the list widened in a new version.",
      },
      {
        id: "dataset-states-one",
        when: 'kind == "Dataset"',
        assert: "spec.license != null",
        severity: "medium",
        message: "A dataset must state its licence.",
        remediation: "Register a new version of the dataset with spec.license.",
      },
      {
        id: "dataset-allowed",
        when: 'kind == "Dataset" && spec.license != null',
        assert: `spec.license in ${datasets}`,
        severity: "high",
        message: "The licence of the dataset is not on the list.",
        remediation: "Use other data, ask for a waiver, or have the list widened in a new version.",
      },
    ],
    tests: [
      {
        name: "open weights without a licence",
        given: { kind: "Model", facts: { openWeights: true } },
        expect: ["model-states-one"],
      },
      {
        name: "weights of ours without a licence",
        given: { kind: "Model", spec: { artifact: { uri: "s3://models/x" } } },
        expect: ["model-states-one"],
      },
      { name: "a model behind an API", given: { kind: "Model", facts: { openWeights: false } }, expect: [] },
      {
        name: "a licence that nobody agreed to",
        given: { kind: "Model", facts: { openWeights: true, license: "LicenseRef-Own" } },
        expect: ["model-allowed"],
      },
      { name: "MIT", given: { kind: "Model", facts: { openWeights: true, license: "MIT" } }, expect: [] },
      {
        name: "data without a licence",
        given: { kind: "Dataset", spec: {} },
        expect: ["dataset-states-one"],
      },
      {
        name: "data under a licence that nobody agreed to",
        given: { kind: "Dataset", spec: { license: "CC-BY-NC-4.0" } },
        expect: ["dataset-allowed"],
      },
      { name: "open data", given: { kind: "Dataset", spec: { license: "CC-BY-4.0" } }, expect: [] },
    ],
  },
  notes: [
    "The lists are a beginning and no advice. Edit them in the Policy before it lands; afterwards a longer list is a new version.",
    "A licence is compared as it is written: `Apache-2.0 OR MIT` is another text than either, and needs a place of its own in the list.",
  ],
};

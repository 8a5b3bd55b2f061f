/** nist-ai-rmf: evidence of the four functions of the NIST AI Risk Management Framework, more of it where more is at risk. */
import type { Pack } from "./pack.ts";

const functions = ["govern", "map", "measure", "manage"] as const;
const isSerious = 'spec.riskTier in ["high", "critical"]';
const has = (key: string): string => `"nist-ai-rmf" in extensions && "${key}" in extensions["nist-ai-rmf"]`;

export const nistAiRmf: Pack = {
  name: "nist-ai-rmf",
  version: "1.0.0",
  title: "Functions of the NIST AI RMF",
  summary: "use cases point at evidence for govern, map, measure and manage, as their risk tier asks",
  schemas: {
    "nist-ai-rmf": {
      title: "NIST AI RMF",
      description:
        "Evidence for each function of the framework. Links only; nothing is judged about what they say.",
      appliesTo: ["UseCase"],
      schema: {
        type: "object",
        additionalProperties: false,
        properties: Object.fromEntries(
          functions.map((name) => [
            name,
            {
              type: "array",
              minItems: 1,
              maxItems: 50,
              uniqueItems: true,
              items: { type: "string", maxLength: 2000, pattern: "^https://[^ ]+$" },
            },
          ]),
        ),
      },
    },
  },
  spec: {
    appliesTo: ["UseCase"],
    rules: [
      {
        id: "govern-contacts",
        assert: "size(spec.contacts) > 0",
        severity: "medium",
        message: "Govern: nobody is named who can be asked about the use case.",
        remediation: "Name roles, identities or pages in contacts.",
      },
      {
        id: "govern-evidence",
        when: isSerious,
        assert: has("govern"),
        severity: "medium",
        message: "Govern: nothing shows how the use case is governed.",
        remediation: "Link it in extensions.nist-ai-rmf.govern.",
      },
      {
        id: "map-evidence",
        when: 'spec.riskTier != "low"',
        assert: has("map"),
        severity: "medium",
        message: "Map: nothing shows the context and the risks that were found in it.",
        remediation: "Link it in extensions.nist-ai-rmf.map.",
      },
      {
        id: "measure-gates",
        when: 'spec.riskTier != "low"',
        assert: "size(spec.gates) > 0",
        severity: "high",
        message: "Measure: nothing must be reached before a bundle goes live.",
        remediation: "Write gates into the use case: metric, operator, threshold.",
      },
      {
        id: "measure-evidence",
        when: isSerious,
        assert: has("measure"),
        severity: "medium",
        message: "Measure: nothing shows how the metrics were chosen.",
        remediation: "Link it in extensions.nist-ai-rmf.measure.",
      },
      {
        id: "manage-review",
        when: 'spec.riskTier != "low"',
        assert: "spec.reviewBy != null",
        severity: "medium",
        message: "Manage: no date is set at which the use case is looked at again.",
        remediation: "Write reviewBy.",
      },
      {
        id: "manage-evidence",
        when: isSerious,
        assert: has("manage"),
        severity: "medium",
        message: "Manage: nothing shows what is done when it goes wrong.",
        remediation: "Link it in extensions.nist-ai-rmf.manage.",
      },
    ],
    tests: [
      { name: "low and nameless", given: { spec: { riskTier: "low" } }, expect: ["govern-contacts"] },
      {
        name: "low",
        given: { spec: { riskTier: "low", contacts: ["role:fraud"] } },
        expect: [],
      },
      {
        name: "medium and nothing else",
        given: { spec: { riskTier: "medium", contacts: ["role:fraud"] } },
        expect: ["map-evidence", "measure-gates", "manage-review"],
      },
      {
        name: "high and only its basics",
        given: {
          spec: {
            riskTier: "high",
            contacts: ["role:fraud"],
            reviewBy: "2027-03-31",
            gates: [{ metric: "auc_roc", operator: ">=", threshold: 0.9 }],
          },
          extensions: { "nist-ai-rmf": { map: ["https://wiki.example/b"] } },
        },
        expect: ["govern-evidence", "measure-evidence", "manage-evidence"],
      },
      {
        name: "high with all of it",
        given: {
          spec: {
            riskTier: "high",
            contacts: ["role:fraud"],
            reviewBy: "2027-03-31",
            gates: [{ metric: "auc_roc", operator: ">=", threshold: 0.9 }],
          },
          extensions: {
            "nist-ai-rmf": Object.fromEntries(functions.map((name) => [name, ["https://wiki.example/a"]])),
          },
        },
        expect: [],
      },
      {
        name: "critical with half of it",
        given: {
          spec: {
            riskTier: "critical",
            contacts: ["role:fraud"],
            reviewBy: "2027-03-31",
            gates: [{ metric: "auc_roc", operator: ">=", threshold: 0.9 }],
          },
          extensions: {
            "nist-ai-rmf": { govern: ["https://wiki.example/a"], map: ["https://wiki.example/b"] },
          },
        },
        expect: ["measure-evidence", "manage-evidence"],
      },
    ],
  },
  notes: [
    "The framework is voluntary and has many more outcomes than are asked for here; whoever passes does not thereby follow it. The pack asks for evidence under each of its four functions, and believes the links.",
    "Nothing is read behind a link.",
  ],
};

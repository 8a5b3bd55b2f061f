/** eu-ai-act: every use case says how the EU AI Act sees it, and has at hand what its category calls for. */
import type { Pack } from "./pack.ts";

const isHigh = 'spec.euAiAct.category == "high-risk"';
const link = (title: string): Readonly<Record<string, string | number>> => ({
  title,
  type: "string",
  maxLength: 2000,
  pattern: "^https://[^ ]+$",
});
const has = (key: string): string => `"eu-ai-act" in extensions && "${key}" in extensions["eu-ai-act"]`;

export const euAiAct: Pack = {
  name: "eu-ai-act",
  version: "1.0.0",
  title: "Categories of the EU AI Act",
  summary: "a use case states its category, none is prohibited, and high-risk ones point at their documents",
  schemas: {
    "eu-ai-act": {
      title: "EU AI Act",
      description:
        "Where the documents are that a category calls for. Links only; nothing is judged about what they say.",
      appliesTo: ["UseCase"],
      schema: {
        type: "object",
        additionalProperties: false,
        properties: {
          riskManagement: link("Risk management"),
          technicalDocumentation: link("Technical documentation"),
          humanOversight: link("Human oversight"),
          transparencyNotice: link("Transparency notice"),
        },
      },
    },
  },
  spec: {
    appliesTo: ["UseCase"],
    rules: [
      {
        id: "category-stated",
        assert: "spec.euAiAct.category != null",
        severity: "high",
        message: "The use case does not state its category.",
        remediation: "Write euAiAct.category, as whoever is responsible for it has found.",
      },
      {
        id: "not-prohibited",
        when: "spec.euAiAct.category != null",
        assert: 'spec.euAiAct.category != "prohibited"',
        severity: "critical",
        message: "The use case is in the category prohibited.",
        remediation: "Deactivate its scopes, and ask the second line.",
      },
      {
        id: "tier-fits",
        when: isHigh,
        assert: 'spec.riskTier in ["high", "critical"]',
        severity: "high",
        message: "A high-risk use case has a low risk tier of ours.",
        remediation: "Raise riskTier to high or critical, so that its approvals and gates follow.",
      },
      {
        id: "review-planned",
        when: isHigh,
        assert: "spec.reviewBy != null",
        severity: "medium",
        message: "A high-risk use case has no date for its next review.",
        remediation: "Write reviewBy.",
      },
      {
        id: "risk-management",
        when: isHigh,
        assert: has("riskManagement"),
        severity: "high",
        message: "A high-risk use case does not say where its risk management is written down.",
        remediation: "Link it in extensions.eu-ai-act.riskManagement.",
      },
      {
        id: "technical-documentation",
        when: isHigh,
        assert: has("technicalDocumentation"),
        severity: "high",
        message: "A high-risk use case does not say where its technical documentation is.",
        remediation: "Link it in extensions.eu-ai-act.technicalDocumentation.",
      },
      {
        id: "human-oversight",
        when: isHigh,
        assert: has("humanOversight"),
        severity: "high",
        message: "A high-risk use case does not say how people oversee it.",
        remediation: "Link it in extensions.eu-ai-act.humanOversight.",
      },
      {
        id: "transparency",
        when: 'spec.euAiAct.category == "limited-risk"',
        assert: has("transparencyNotice"),
        severity: "medium",
        message: "A limited-risk use case does not say how people learn that they deal with a machine.",
        remediation: "Link it in extensions.eu-ai-act.transparencyNotice.",
      },
    ],
    tests: [
      { name: "nobody has thought of it", given: { spec: { riskTier: "low" } }, expect: ["category-stated"] },
      {
        name: "prohibited",
        given: { spec: { riskTier: "critical", euAiAct: { category: "prohibited" } } },
        expect: ["not-prohibited"],
      },
      {
        name: "minimal risk",
        given: { spec: { riskTier: "low", euAiAct: { category: "minimal-risk" } } },
        expect: [],
      },
      {
        name: "limited risk without a notice",
        given: { spec: { riskTier: "low", euAiAct: { category: "limited-risk" } } },
        expect: ["transparency"],
      },
      {
        name: "limited risk with a notice",
        given: {
          spec: { riskTier: "low", euAiAct: { category: "limited-risk" } },
          extensions: { "eu-ai-act": { transparencyNotice: "https://wiki.example/notice" } },
        },
        expect: [],
      },
      {
        name: "high risk and nothing else",
        given: { spec: { riskTier: "low", euAiAct: { category: "high-risk" } } },
        expect: [
          "tier-fits",
          "review-planned",
          "risk-management",
          "technical-documentation",
          "human-oversight",
        ],
      },
      {
        name: "high risk with its documents",
        given: {
          spec: { riskTier: "high", reviewBy: "2027-03-31", euAiAct: { category: "high-risk" } },
          extensions: {
            "eu-ai-act": {
              riskManagement: "https://wiki.example/risk",
              technicalDocumentation: "https://wiki.example/file",
              humanOversight: "https://wiki.example/oversight",
            },
          },
        },
        expect: [],
      },
    ],
  },
  notes: [
    "This is no legal advice, and whoever passes does not thereby comply with the Act. Which category a use case is in is found by people; the pack asks that they have written it down, and that documents are linked.",
    "Nothing is read behind a link.",
  ],
};

/** generals-only-for-large-models: a model that is trusted with everything must be a large one, provably. */
import type { Pack } from "./pack.ts";

export const generalsOnlyForLargeModels: Pack = {
  name: "generals-only-for-large-models",
  version: "1.0.0",
  title: "Generals are large models",
  summary: "a model with the role general is large, says where its size comes from, and has no small name",
  spec: {
    appliesTo: ["Model"],
    rules: [
      {
        id: "large-enough",
        when: 'facts.role == "general"',
        assert: 'facts.sizeClass in ["large", "xl", "xxl"]',
        severity: "high",
        message: "A general must be large, xl or xxl.",
        remediation: "Make it a specialist (facts.role), or record its size class.",
      },
      {
        id: "has-evidence",
        when: 'facts.role == "general"',
        assert: "facts.sizeEvidence != null",
        severity: "medium",
        message: "A general's size class needs its evidence.",
        remediation: "Say in facts.sizeEvidence where the size comes from.",
      },
      {
        id: "no-small-name",
        when: 'facts.role == "general"',
        assert: 'like(name, "(^|[-_.])(mini|nano|low)([-_.]|$)") != true',
        severity: "high",
        message: "A name with mini, nano or low is not a general.",
        remediation: "Ask for a waiver if the name misleads.",
      },
    ],
    tests: [
      {
        name: "a small general",
        given: { name: "x", facts: { role: "general", sizeClass: "mini", sizeEvidence: "card" } },
        expect: ["large-enough"],
      },
      {
        name: "a small name, and nobody says how large",
        given: { name: "x-mini", facts: { role: "general", sizeClass: "large" } },
        expect: ["has-evidence", "no-small-name"],
      },
      {
        name: "a large general",
        given: { name: "minimal", facts: { role: "general", sizeClass: "xl", sizeEvidence: "card" } },
        expect: [],
      },
      {
        name: "a specialist may be small",
        given: { name: "x-nano", facts: { role: "specialist" } },
        expect: [],
      },
    ],
  },
  notes: [
    "Only models that say `facts.role: general` are judged; a model without a role is nobody's general.",
    "The size class is a statement of whoever maintains the entry. The rule asks where it comes from and believes it.",
  ],
};

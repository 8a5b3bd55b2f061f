/** Cases about models: identity, limits, names that are one, and what deprecation owes its users. */
import type { Case } from "./case.ts";

const spec = (id: string, provider = "acme"): string =>
  `spec:\n  provider: provider:${provider}\n  upstreamId: ${id}\n  type: classification\n`;
const path = (name: string, version = "1.0.0"): string => `registry/models/acme/${name}/${version}.yaml`;
const artifact = (digit: string): string =>
  `  artifact: { uri: s3://x/${digit}, digest: sha256:${digit.repeat(64)} }\n`;

const ours = "spec:\n  provider: provider:acme\n  type: classification\n";

export const models: readonly Case[] = [
  {
    name: "two names for one upstream model",
    files: {
      [path("a")]: spec("gpt"),
      [path("b")]:
        "spec:\n  provider: provider:acme\n  upstreamId: ⟦model/duplicate|gpt⟧\n  type: classification\n",
    },
  },
  {
    name: "versions of one model share its upstream id",
    files: { [path("a")]: spec("gpt"), [path("a", "1.0.1")]: spec("gpt") },
  },
  {
    name: "one upstream id at two providers",
    files: {
      "registry/providers/other.yaml": "title: Other\n",
      [path("a")]: spec("gpt"),
      [path("b")]: spec("gpt", "other"),
    },
  },
  {
    name: "two names for the same weights",
    files: {
      [path("a")]: `${ours}${artifact("1")}`,
      [path("b")]:
        `${ours}  artifact: { uri: s3://x/copy, digest: ⟦model/duplicate|sha256:${"1".repeat(64)}⟧ }\n`,
    },
  },
  {
    name: "two sets of weights",
    files: { [path("a")]: `${ours}${artifact("1")}`, [path("b")]: `${ours}${artifact("2")}` },
  },

  {
    name: "more output than context",
    files: {
      [path("a")]:
        `${spec("a")}facts:\n  capabilities: { contextLength: 1000, maxOutputTokens: ⟦model/output-exceeds-context|1001⟧ }\n`,
    },
  },
  {
    name: "as much output as context",
    files: {
      [path("a")]: `${spec("a")}facts:\n  capabilities: { contextLength: 1000, maxOutputTokens: 1000 }\n`,
    },
  },
  {
    name: "an unknown context",
    files: {
      [path("a")]: `${spec("a")}facts:\n  capabilities: { contextLength: unknown, maxOutputTokens: 9 }\n`,
    },
  },

  {
    name: "a model that replaces itself",
    files: { [path("a")]: `replacedBy: ⟦model/replaced-by-cycle|model:acme/a@1.0.0⟧\n${spec("a")}` },
  },
  {
    name: "two that replace each other: the first in order says so",
    files: {
      [path("a")]: `replacedBy: ⟦model/replaced-by-cycle|model:acme/b@1.0.0⟧\n${spec("a")}`,
      [path("b")]: `replacedBy: model:acme/a@1.0.0\n${spec("b")}`,
    },
  },
  {
    name: "a circle of three, and one outside that leads into it",
    files: {
      [path("a")]: `replacedBy: model:acme/c@1.0.0\n${spec("a")}`,
      [path("b")]: `replacedBy: ⟦model/replaced-by-cycle|model:acme/c@1.0.0⟧\n${spec("b")}`,
      [path("c")]: `replacedBy: model:acme/d@1.0.0\n${spec("c")}`,
      [path("d")]: `replacedBy: model:acme/b@1.0.0\n${spec("d")}`,
    },
  },
  {
    name: "a chain of replacements that ends",
    files: {
      [path("a")]: `replacedBy: model:acme/b@1.0.0\n${spec("a")}`,
      [path("b")]: `replacedBy: model:acme/c@1.0.0\n${spec("b")}`,
      [path("c")]: spec("c"),
    },
  },

  {
    name: "two names that punctuation tells apart",
    files: {
      [path("gpt-4.1")]: spec("x"),
      [path("gpt-41")]:
        `⟦model/same-name|spec:⟧\n  provider: provider:acme\n  upstreamId: y\n  type: classification\n`,
    },
  },
  {
    name: "two names that the provider's own name tells apart",
    files: {
      [path("acme-large")]: spec("x"),
      [path("large")]: `⟦model/same-name|title: Large⟧\n${spec("y")}`,
    },
  },
  {
    name: "two names that a letter tells apart",
    files: { [path("gpt-4o")]: spec("x"), [path("gpt-4")]: spec("y") },
  },

  {
    name: "deprecated without a sunset",
    files: { [path("a")]: `⟦model/sunset-missing|state⟧: deprecated\n${spec("a")}` },
  },
  {
    name: "deprecated, and nobody knows until when",
    files: { [path("a")]: `state: deprecated\nsunset: ⟦model/sunset-unknown|unknown⟧\n${spec("a")}` },
  },
  {
    name: "deprecated until a day",
    files: { [path("a")]: `state: deprecated\nsunset: "2027-01-01"\n${spec("a")}` },
  },
  { name: "retired without a sunset", files: { [path("a")]: `state: retired\n${spec("a")}` } },

  {
    name: "neither upstream id nor weights",
    files: { [path("a")]: "⟦model/unidentified|spec⟧:\n  provider: provider:acme\n  type: classification\n" },
  },
  {
    name: "trained by us, without weights",
    files: {
      [path("a")]:
        "⟦model/unidentified|spec⟧:\n  provider: provider:acme\n  upstreamId: a\n  type: classification\n  derivedFrom: [model:acme/b@1.0.0]\n",
      [path("b")]: spec("b"),
    },
  },
  {
    name: "trained by us, with weights",
    files: {
      [path("a")]: `${ours}  derivedFrom: [model:acme/b@1.0.0]\n${artifact("1")}`,
      [path("b")]: spec("b"),
    },
  },

  ...(
    [
      ["Apache 2.0", "two words"],
      ["MIT or Apache-2.0", "an operator in small letters"],
      ["MIT AND", "an operator at the end"],
      ["(MIT OR Apache-2.0", "a bracket that is never closed"],
      ["MIT OR Apache-2.0)", "a bracket that was never opened"],
      ["OR MIT", "an operator at the beginning"],
      ["MIT WITH (A)", "an exception in brackets"],
      ["(MIT) WITH A", "an exception of a bracket"],
      ["MIT :", "a character that no name holds"],
    ] as const
  ).map(([text, what]) => ({
    name: `a licence that is no expression: ${what}`,
    files: { [path("a")]: `${spec("a")}facts:\n  license: ⟦model/license|"${text}"⟧\n` },
  })),
  ...[
    "Apache-2.0",
    "GPL-2.0+",
    "MIT OR (Apache-2.0 AND BSD-3-Clause)",
    "GPL-2.0-only WITH Classpath-exception-2.0 OR MIT",
    "LicenseRef-llama-3.1 AND DocumentRef-spdx-tool:LicenseRef-MIT-Style-2",
    "((MIT))",
  ].map((text) => ({
    name: `a licence: ${text}`,
    files: { [path("a")]: `${spec("a")}facts:\n  license: "${text}"\n` },
  })),

  {
    name: "compatible and incompatible with one model",
    files: {
      [path("a")]:
        `${spec("a")}facts:\n  compatibleWith: [model:acme/b@1.0.0, model:acme/c@1.0.0]\n  incompatibleWith: [⟦model/compatibility-contradicts|model:acme/c@1.0.0⟧]\n`,
      [path("b")]: spec("b"),
      [path("c")]: spec("c"),
    },
  },
  {
    name: "compatible with one model and incompatible with another",
    files: {
      [path("a")]:
        `${spec("a")}facts:\n  compatibleWith: [model:acme/b@1.0.0]\n  incompatibleWith: [model:acme/c@1.0.0]\n`,
      [path("b")]: spec("b"),
      [path("c")]: spec("c"),
    },
  },
];

/** Cases about moves: what landed, and what a branch or a work tree makes of it (DESIGN 1, 2.1, 4). */
import type { Case, Files } from "./case.ts";

const path = (name: string, version = "1.0.0"): string => `registry/models/acme/${name}/${version}.yaml`;
const spec = (id: string, more = ""): string =>
  `spec:\n  provider: provider:acme\n  upstreamId: ${id}\n  type: classification\n${more}`;
const model = (name: string, head = ""): Files => ({ [path(name)]: `${head}${spec(name)}` });
const bundlePath = "registry/bundles/acme/s/1.0.0.yaml";
const bundle = (state = "candidate", prompt = "Hi", decision = "PASS"): string =>
  `state: ${state}\nspec:\n  artifacts: [{ role: prompt, text: ${prompt} }]\n  provenance: { codeRevision: "0123456" }\ngateReceipt: { decision: ${decision} }\n`;
const usecase = (more = ""): Files => ({
  "registry/usecases/acme/s.yaml": `purpose: Try.\nowner: role:owners\nriskTier: low\n${more}`,
});
const prod: Files = { "registry/governance/environments/prod.yaml": "rank: 30\n" };
const run = (auc: string): Files => ({
  "registry/suites/acme/reg/1.0.0.yaml": "state: active\nspec: { targets: [Model] }\n",
  "registry/evaluations/acme/a/night.yaml": `suite: suite:acme/reg@1.0.0\ntarget: model:acme/a@1.0.0\ntargetDigest: sha256:8a89d8be4398ed5c5a0ba4ae4de1bbe9efd1d05ea9eb13efd0cf3d5a8a0dc52a\nexecutedAt: "2026-06-01T09:00:00Z"\nstatus: passed\nmetrics: { auc: ${auc} }\n`,
});
const live = (bundleText: string, reason = "First."): Files => ({
  "registry/live/prod/acme/s.yaml": `bundle: ${bundleText}\nreason: ${reason}\n`,
});
const dataset = (head: string): string => `${head}spec:\n  uri: s3://x\n  digest: sha256:${"a".repeat(64)}\n`;
const iface = (required: string): string =>
  `  interface:\n    input: { type: object, additionalProperties: false, properties: { a: { type: string }, b: { type: string } }, required: ${required} }\n`;
const required: Files = {
  "registry/governance/metadata-schemas/risk.yaml":
    "appliesTo: [Model]\nrequired: true\nschema: { type: object, additionalProperties: false, properties: { n: { type: integer } } }\n",
};

export const changes: readonly Case[] = [
  {
    name: "a frozen spec is edited",
    landed: model("a"),
    files: {
      [path("a")]:
        "spec:\n  provider: provider:acme\n  ⟦change/frozen|upstreamId⟧: other\n  type: classification\n",
    },
  },
  {
    name: "something is taken out of a list in a frozen spec",
    landed: { [path("a")]: spec("a", iface("[a, b]")) },
    files: { [path("a")]: spec("a", iface("[a]")).replace("required", "⟦change/frozen|required⟧") },
  },
  {
    name: "a frozen field is gone",
    landed: { [path("a")]: spec("a", "  changelog: Better.\n") },
    files: { [path("a")]: `⟦change/frozen|spec⟧${spec("a").slice(4)}` },
  },
  {
    name: "comments, layout, the order of keys and descriptive keys of a frozen file may change",
    landed: model("a"),
    files: {
      [path("a")]:
        "# Checked in June.\ntitle: A model\nspec: { type: classification, provider: 'provider:acme', upstreamId: \"a\" } # as landed\n",
    },
  },
  {
    name: "facts and serving may change",
    landed: model("a"),
    files: { [path("a")]: `${spec("a")}facts: { series: x }\nserving: { minApiVersion: "2" }\n` },
  },
  {
    name: "a landed receipt is edited, and a landed spec with it",
    landed: { ...usecase(), [bundlePath]: bundle() },
    files: {
      ...usecase(),
      [bundlePath]: bundle("candidate", "Ho")
        .replace("text: Ho", "⟦change/frozen|text⟧: Ho")
        .replace(
          "gateReceipt: { decision: PASS }",
          "gateReceipt: { decision: PASS, ⟦change/frozen|gates⟧: [] }",
        ),
    },
  },
  {
    name: "a landed Evaluation is edited",
    landed: { ...model("a"), ...run("0.5") },
    files: {
      ...model("a"),
      ...run("0.6"),
      "registry/evaluations/acme/a/night.yaml":
        `${run("0.6")["registry/evaluations/acme/a/night.yaml"] as string}`
          .replace("{ auc:", "{ ⟦change/frozen|auc⟧:")
          .replace(/sha256:\w+/, "⟦evaluation/digest|$&⟧"),
    },
  },

  {
    name: "a rejected bundle comes back",
    landed: { ...usecase(), [bundlePath]: bundle("rejected") },
    files: { ...usecase(), [bundlePath]: bundle("⟦change/illegal-move|approved⟧") },
  },
  {
    name: "a model skips backwards",
    landed: model("a", "state: production\n"),
    files: model("a", "state: ⟦change/illegal-move|beta⟧\n"),
  },
  {
    name: "a model skips forward",
    landed: model("a", "state: experimental\n"),
    files: model("a", "state: production\n"),
  },
  {
    name: "a deprecated model is restored",
    landed: model("a", 'state: deprecated\nsunset: "2027-01-01"\n'),
    files: model("a", "state: production\n"),
  },
  {
    name: "a retired model comes back",
    landed: model("a", "state: retired\n"),
    files: model("a", "state: ⟦change/illegal-move|production⟧\n"),
  },
  {
    name: "a candidate is approved",
    landed: { ...usecase(), [bundlePath]: bundle() },
    files: { ...usecase(), [bundlePath]: bundle("approved") },
  },
  {
    name: "a state that was not written is the first one",
    landed: model("a"),
    files: model("a", "state: beta\n"),
  },
  {
    name: "the first state is no longer written",
    landed: model("a", "state: experimental\n"),
    files: model("a"),
  },
  {
    name: "from a state that was not written, by a way that does not exist",
    landed: { "registry/datasets/acme/d/1.0.0.yaml": dataset("") },
    files: { "registry/datasets/acme/d/1.0.0.yaml": dataset("state: ⟦change/illegal-move|retired⟧\n") },
  },
  {
    name: "a state is taken away",
    landed: model("a", "state: production\n"),
    files: { [path("a")]: `⟦change/illegal-move|spec:⟧${spec("a").slice(5)}` },
  },

  {
    name: "a new bundle is rejected from the start",
    landed: {},
    files: { ...usecase(), [bundlePath]: bundle("⟦change/initial-state|rejected⟧") },
  },
  {
    name: "a new model is retired from the start",
    landed: {},
    files: model("a", "state: ⟦change/initial-state|retired⟧\n"),
  },
  {
    name: "a new model is deprecated from the start",
    landed: {},
    files: model("a", 'state: deprecated\nsunset: "2027-01-01"\n'),
  },

  {
    name: "a version is deleted",
    landed: model("a"),
    files: {},
    elsewhere: [`change/deleted ${path("a")} 1:1-1:1`],
  },
  {
    name: "a version is renamed",
    landed: model("a"),
    files: { [path("b")]: spec("a") },
    elsewhere: [`change/deleted ${path("a")} 1:1-1:1`],
  },
  {
    name: "an identity is deleted",
    landed: { "registry/governance/identities/cy.yaml": "title: Cy\n" },
    files: {},
    elsewhere: ["change/deleted registry/governance/identities/cy.yaml 1:1-1:1"],
  },
  {
    name: "an activation is deleted",
    landed: { ...usecase(), ...prod, [bundlePath]: bundle("approved"), ...live('"1.0.0"') },
    files: { ...usecase(), ...prod, [bundlePath]: bundle("approved") },
    elsewhere: ["change/deleted registry/live/prod/acme/s.yaml 1:1-1:1"],
  },
  {
    name: "a provider that nothing refers to may go",
    landed: { "registry/providers/old.yaml": "title: Old\n" },
    files: {},
  },

  {
    name: "another bundle with the old reason",
    landed: { ...usecase(), ...prod, [bundlePath]: bundle("approved"), ...live("none") },
    files: {
      ...usecase(),
      ...prod,
      [bundlePath]: bundle("approved"),
      ...live('"1.0.0"', "⟦activation/reason-unchanged|First.⟧"),
    },
  },
  {
    name: "another bundle with a new reason; the old bundle with a better one",
    landed: {
      ...usecase(),
      ...prod,
      [bundlePath]: bundle("approved"),
      ...live("none"),
      "registry/live/prod/acme/s/t.yaml": "bundle: none\nreason: Old.\n",
    },
    files: {
      ...usecase(),
      ...prod,
      [bundlePath]: bundle("approved"),
      ...live('"1.0.0"', "Second."),
      "registry/live/prod/acme/s/t.yaml": "bundle: none\nreason: Better said.\n",
    },
  },
  {
    name: "nothing is handed out any more where it is expected",
    landed: {
      ...usecase("expected: [prod]\n"),
      ...prod,
      [bundlePath]: bundle("approved"),
      ...live('"1.0.0"'),
    },
    files: {
      ...usecase("expected: [⟦usecase/expected-unresolved usecase/expected-not-live|prod⟧]\n"),
      ...prod,
      [bundlePath]: bundle("approved"),
      ...live("none", "Stop."),
    },
  },
  {
    name: "a breaking version without a new major",
    landed: { [path("a")]: spec("a", iface("[a]")) },
    files: {
      [path("a")]: spec("a", iface("[a]")),
      [path("a", "1.1.0")]: spec("a", iface("⟦version/breaking-without-major|[a, b]⟧")),
    },
  },
  {
    name: "required metadata: of what a change touches, by the rules that stood",
    landed: { ...required, ...model("a"), ...model("b") },
    files: {
      ...required,
      [path("a")]: `⟦extension/required extension/missing|title: A⟧\n${spec("a")}`,
      [path("b")]: `⟦extension/missing|spec:⟧${spec("b").slice(5)}`,
      [path("c")]: `${spec("c")}extensions: { risk: { n: 1 } }\n`,
    },
    elsewhere: [],
  },
  {
    name: "metadata that the same change requires binds nobody yet",
    landed: model("a"),
    files: { ...required, [path("a")]: `⟦extension/missing|title: A⟧\n${spec("a")}` },
  },
  {
    name: "a change that lifts a requirement is still judged by it",
    landed: { ...required, ...model("a") },
    files: { [path("a")]: `⟦extension/required|title: A⟧\n${spec("a")}` },
  },
  {
    name: "a breaking version with a new major",
    landed: { [path("a")]: spec("a", iface("[a]")) },
    files: { [path("a")]: spec("a", iface("[a]")), [path("a", "2.0.0")]: spec("a", iface("[a, b]")) },
  },
];

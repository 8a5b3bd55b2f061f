/** Cases about references: to nothing, out of range, to what has come to its end; aliases; things made from themselves. */
import type { Case } from "./case.ts";

/** A file of `acme/<name>`: an upstream model unless `more` says otherwise. */
const model = (name: string, version: string, head = "", spec = ""): Record<string, string> => ({
  [`registry/models/acme/${name}/${version}.yaml`]: `${head === "" ? "title: Any\n" : head}spec:\n  provider: provider:acme\n  upstreamId: ${name}\n  type: classification\n${spec}`,
});

const dataset = (name: string, head: string, spec = ""): Record<string, string> => ({
  [`registry/datasets/acme/${name}/1.0.0.yaml`]: `${head}spec:\n  uri: s3://x/${name}\n  digest: sha256:${"a".repeat(64)}\n${spec}`,
});

const wants = (range: string, more = ""): Record<string, string> =>
  model("a", "1.0.0", "", `  dependencies:\n    - { ref: model:acme/b, version: ${range}${more} }\n`);

export const references: readonly Case[] = [
  {
    name: "a reference to nothing",
    files: model("a", "1.0.0", "title: A\nreplacedBy: ⟦ref/missing|model:acme/b@1.0.0⟧\n"),
  },
  {
    name: "a reference to a version that is not there",
    files: {
      ...model("a", "1.0.0", "replacedBy: ⟦ref/missing|model:acme/b@2.0.0⟧\n"),
      ...model("b", "1.0.0"),
    },
  },
  {
    name: "a reference to an entry that cannot be read: only its own fault is told",
    files: {
      ...model("a", "1.0.0", "replacedBy: model:acme/b@1.0.0\n"),
      "registry/models/acme/b/1.0.0.yaml": "title: B\nspec: ⟦schema/type|7⟧\n",
    },
  },
  {
    name: "a provider that does not exist, and an owner",
    files: {
      "registry/models/acme/a/1.0.0.yaml":
        "owner: ⟦ref/missing|role:nobody⟧\nspec:\n  provider: ⟦ref/missing|provider:acne⟧\n  upstreamId: a\n  type: classification\n",
    },
  },
  {
    name: "references that hold",
    files: { ...model("a", "1.0.0", "replacedBy: model:acme/b@1.0.0\n"), ...model("b", "1.0.0") },
  },

  { name: "a range that a version meets", files: { ...wants('">=1.0.0 <2.0.0"'), ...model("b", "1.4.0") } },
  {
    name: "a range above every version",
    files: { ...wants('⟦ref/range|">=2.0.0"⟧'), ...model("b", "1.4.0") },
  },
  {
    name: "a range that only a pre-release meets",
    files: { ...wants('⟦ref/range|">=1.0.0"⟧'), ...model("b", "2.0.0-rc.1") },
  },
  {
    name: "a range that names the pre-release",
    files: { ...wants('">=2.0.0-rc.1"'), ...model("b", "2.0.0-rc.1") },
  },
  {
    name: "a range that only a retired version meets",
    files: { ...wants('⟦ref/range|"^1.0.0"⟧'), ...model("b", "1.4.0", "state: retired\n") },
  },
  { name: "a range over no version at all", files: wants('⟦ref/range|"^1.0.0"⟧') },
  {
    name: "an optional dependency that nothing meets: for information",
    files: wants('⟦ref/range:info|"^1.0.0"⟧', ", required: false"),
  },
  {
    name: "an optional dependency that is met",
    files: { ...wants('"^1.0.0"', ", required: false"), ...model("b", "1.0.0") },
  },

  {
    name: "a version that depends on a range with itself in it",
    files: model(
      "b",
      "1.2.0",
      "",
      '  dependencies:\n    - { ref: model:acme/b, version: ⟦ref/own-range|"^1.0.0"⟧ }\n',
    ),
  },
  {
    name: "a version that depends on an older one of its name",
    files: {
      ...model("b", "1.0.0"),
      ...model("b", "1.2.0", "", '  dependencies:\n    - { ref: model:acme/b, version: "<1.2.0" }\n'),
    },
  },

  {
    name: "something in use refers to something retired",
    files: {
      ...model(
        "a",
        "1.0.0",
        "",
        "  datasets: [⟦ref/retired|dataset:acme/d@1.0.0⟧]\n  artifact: { uri: s3://x/a, digest: sha256:0000000000000000000000000000000000000000000000000000000000000001 }\n",
      ),
      ...dataset("d", "state: retired\n"),
    },
  },
  {
    name: "something retired refers to something retired",
    files: {
      ...model("a", "1.0.0", "state: retired\nreplacedBy: model:acme/b@1.0.0\n"),
      ...model("b", "1.0.0", "state: retired\n"),
    },
  },
  {
    name: "a waiver, and a binding's selector, may pick out what is retired",
    files: {
      ...model("a", "1.0.0", "state: retired\n"),
      "registry/policies/core/p/1.0.0.yaml":
        "state: active\nspec:\n  appliesTo: [Model]\n  rules:\n    - { id: never, assert: 'false', severity: low, message: No. }\n",
      "registry/governance/policy-bindings/p.yaml":
        "selector: { kinds: [Model] }\npolicies: [policy:core/p@1.0.0]\n",
      "registry/governance/waivers/w.yaml":
        'policy: policy:core/p@1.0.0\nselector: { refs: ["model:acme/a@1.0.0"] }\nreason: Known.\nexpires: "2030-01-01T00:00:00Z"\n',
    },
  },
  {
    name: "something in use refers to something deprecated",
    files: {
      ...model(
        "a",
        "1.0.0",
        "",
        "  derivedFrom: [⟦ref/deprecated|model:acme/b@1.0.0⟧]\n  artifact: { uri: s3://x/a, digest: sha256:0000000000000000000000000000000000000000000000000000000000000001 }\n",
      ),
      ...model("b", "1.0.0", 'state: deprecated\nsunset: "2027-01-01"\nreplacedBy: model:acme/c@1.0.0\n'),
      ...model("c", "1.0.0"),
    },
  },
  {
    name: "something deprecated refers to something deprecated",
    files: {
      ...model("a", "1.0.0", 'state: deprecated\nsunset: "2027-01-01"\nreplacedBy: model:acme/b@1.0.0\n'),
      ...model("b", "1.0.0", 'state: deprecated\nsunset: "2027-01-01"\n'),
    },
  },

  {
    name: "an alias called latest, and one that looks like a version",
    files: {
      ...model("a", "1.0.0"),
      "registry/models/acme/a/aliases.yaml":
        'aliases:\n  ⟦alias/reserved|latest⟧: "1.0.0"\n  ⟦alias/reserved|"1.0.0"⟧: "1.0.0"\n  stable: "1.0.0"\n',
    },
  },
  {
    name: "aliases of nothing, and of something retired",
    files: {
      ...model("a", "1.0.0", "state: retired\n"),
      "registry/models/acme/a/aliases.yaml":
        'aliases:\n  stable: ⟦alias/target|"1.0.0"⟧\n  canary: ⟦alias/target|"2.0.0"⟧\n',
    },
  },
  {
    name: "aliases of a pipeline",
    files: { "registry/pipelines/acme/p/aliases.yaml": 'aliases: { stable: ⟦alias/target|"1.0.0"⟧ }\n' },
  },
  {
    name: "an alias of a version that cannot be read",
    files: {
      "registry/models/acme/a/1.0.0.yaml": "spec: ⟦schema/type|7⟧\n",
      "registry/models/acme/a/aliases.yaml": 'aliases: { stable: "1.0.0" }\n',
    },
  },

  {
    name: "a dataset made from itself",
    files: dataset("d", "", "  derivedFrom: ⟦entry/derived-cycle|[dataset:acme/d@1.0.0]⟧\n"),
  },
  {
    name: "two datasets made from each other: the first in order says so",
    files: {
      ...dataset("d", "", "  derivedFrom: ⟦entry/derived-cycle|[dataset:acme/e@1.0.0]⟧\n"),
      ...dataset("e", "", "  derivedFrom: [dataset:acme/d@1.0.0]\n"),
    },
  },
  {
    name: "three in a circle, with one outside that leads into it",
    files: {
      ...dataset("a", "", "  derivedFrom: [dataset:acme/d@1.0.0]\n"),
      ...dataset("d", "", "  derivedFrom: ⟦entry/derived-cycle|[dataset:acme/e@1.0.0]⟧\n"),
      ...dataset("e", "", "  derivedFrom: [dataset:acme/f@1.0.0]\n"),
      ...dataset("f", "", "  derivedFrom: [dataset:acme/d@1.0.0]\n"),
    },
  },
  {
    name: "a dataset made from two that were made from one",
    files: {
      ...dataset("d", "", "  derivedFrom: [dataset:acme/e@1.0.0, dataset:acme/f@1.0.0]\n"),
      ...dataset("e", "", "  derivedFrom: [dataset:acme/g@1.0.0]\n"),
      ...dataset("f", "", "  derivedFrom: [dataset:acme/g@1.0.0]\n"),
      ...dataset("g", ""),
    },
  },
];

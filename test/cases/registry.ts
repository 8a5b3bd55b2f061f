/** Cases about the registry as a whole, its settings, environments and activations' places. */
import type { Case } from "./case.ts";

const settings = (more: string): string =>
  `title: Test\nid: test\nmode: enforce\nownership:\n  - { path: "*", roles: [role:owners] }\n${more}`;
const model = (ns: string, name: string): Case["files"] => ({
  [`registry/models/${ns}/${name}/1.0.0.yaml`]: `spec:\n  provider: provider:acme\n  upstreamId: ${ns}-${name}\n  type: classification\n`,
});
const environment = (name: string): string => `registry/governance/environments/${name}.yaml`;

export const registry: readonly Case[] = [
  {
    name: "no registry.yaml",
    files: { "registry/registry.yaml": null },
    elsewhere: ["registry/missing registry/registry.yaml 1:1-1:1"],
  },
  {
    name: "a registry.yaml that cannot be read is told once",
    files: { "registry/registry.yaml": "⟦schema/required|title: Test⟧\n" },
  },
  {
    name: "a namespace with more entries of a kind than it may have",
    files: {
      ...model("acme", "a"),
      ...model("acme", "b"),
      ...model("other", "c"),
      "registry/registry.yaml": settings(
        "limits:\n  perNamespace: { Model: ⟦registry/quota|1⟧, Dataset: 0 }\n",
      ),
    },
  },
  {
    name: "a namespace as full as it may be",
    files: {
      ...model("acme", "a"),
      "registry/registry.yaml": settings("limits: { perNamespace: { Model: 1 } }\n"),
    },
  },
  {
    name: "two environments of one rank",
    files: { [environment("dev")]: "rank: 1\n", [environment("prod")]: "rank: ⟦environment/same-rank|1⟧\n" },
  },
  { name: "a ladder", files: { [environment("dev")]: "rank: 1\n", [environment("prod")]: "rank: 2\n" } },
  {
    name: "a warning where nothing but failing closed is done",
    files: {
      [environment("dev")]: "rank: 1\ncompatibility: warn\n",
      [environment("prod")]: "rank: 2\ncompatibility: ⟦environment/warn-at-top|warn⟧\n",
    },
  },
];

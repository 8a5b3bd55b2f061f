/** The registry in which the scripted year happens: ten people, four use cases, three environments, real rules. */
import { renderCodeowners } from "../../../src/core/govern/ownership.ts";
import { digestOf, sha256Hex } from "../../../src/core/model/digest.ts";
import { treeOfTexts } from "../../../src/core/model/tree.ts";
import { loadRegistry, scanTree } from "../../../src/core/source/load.ts";
import { parseStrict } from "../../../src/core/source/strict.ts";
import { emailDigest, paths, registryYaml } from "../../govern-world.ts";
import { scriptedKey } from "./keys.ts";

/** Who works here; the first four make models, the next two judge risk, then release, then governance. */
export const people = ["alice", "bob", "ivan", "judy", "carol", "erin", "dave", "grace", "frank", "heidi"] as const;
export type Name = (typeof people)[number];
export const roles: Readonly<Record<string, readonly Name[]>> = {
  fraud: ["alice", "bob", "ivan", "judy"],
  risk: ["carol", "erin"],
  release: ["dave", "grace"],
  governance: ["frank", "heidi"],
};
export const usecases = ["score", "limits", "alerts", "device"] as const;
export type Usecase = (typeof usecases)[number];

/** The key that signs evidence. */
export const witness = scriptedKey("the witness");
export const addressOf = (name: string): string => `${name} <${name}@example.com>`;

/** An identity with one key in force and the keys it had before. */
export function identity(name: Name, inForce: string, revoked: readonly { readonly key: string; readonly since: number }[] = []): string {
  const old = revoked.map(({ key, since }) => `  - sshPublicKey: ${scriptedKey(key).publicKey}\n    revoked: { reason: The laptop was replaced., since: ${since} }\n`);
  return `title: ${name}
github: { login: ${name}, id: ${1001 + people.indexOf(name)} }
keys:
  - sshPublicKey: ${scriptedKey(inForce).publicKey}
${old.join("")}emailDigests: ["${emailDigest(`${name}@example.com`)}"]
`;
}

export const at = {
  registry: paths.registry,
  identity: paths.identity,
  policy: paths.policy,
  live: (environment: string, usecase: Usecase) => `registry/live/${environment}/fraud/${usecase}.yaml`,
  bundle: (usecase: Usecase, version: string) => `registry/bundles/fraud/${usecase}/${version}.yaml`,
  run: (usecase: Usecase, name: string) => `registry/evaluations/fraud/${usecase}/${name}.yaml`,
} as const;

/** A bundle that is approved from the start, and the run it stands on. */
export function release(usecase: Usecase, version: string, time: string): Readonly<Record<string, string>> {
  const run = `${version}-regression-${time.slice(0, 19).replaceAll(/[-:]/g, "").toLowerCase()}z`;
  const artifact = { role: "policy_rules", uri: `s3://b/${usecase}-${version}.json`, digest: `sha256:${sha256Hex(`${usecase} ${version}`)}` };
  const spec = {
    artifacts: [artifact],
    compatibility: { featureGroups: { core: "v1" }, requires: ["primary"] },
    provenance: { codeRevision: "0123456789abcdef0123456789abcdef01234567" },
    changelog: `Version ${version} of ${usecase}.`,
  };
  const digest = digestOf({ kind: "Bundle", id: `fraud/${usecase}@${version}`, value: { spec } });
  const bundle = `state: approved
title: ${usecase} ${version}
spec:
  artifacts:
    - { role: ${artifact.role}, uri: "${artifact.uri}", digest: "${artifact.digest}" }
  compatibility:
    featureGroups: { core: v1 }
    requires: [primary]
  provenance: { codeRevision: "${spec.provenance.codeRevision}" }
  changelog: ${spec.changelog}
gateReceipt:
  decision: PASS
  gates: [{ metric: auc, operator: ">=", threshold: 0.9, observed: 0.95, passed: true }]
  evaluations: [evaluation:fraud/${usecase}/${run}]
  issuer: identity:bot
  issuedAt: "${time}"
`;
  const evaluation = `suite: suite:fraud/regression@1.0.0
target: bundle:fraud/${usecase}@${version}
targetDigest: ${digest}
executedAt: "${time}"
status: passed
cases:
  - { id: obvious, status: passed }
summary: { total: 1, passed: 1, failed: 0, errors: 0, skipped: 0 }
metrics: { auc: 0.95 }
issuer: identity:bot
`;
  return { [at.bundle(usecase, version)]: bundle, [at.run(usecase, run)]: evaluation };
}

export const activation = (version: string, reason: string, more = ""): string => `bundle: "${version}"\nreason: ${reason}\n${more}`;

export const goLive = (soak: string): string => `title: Go live
match:
  actions: [activate, promote]
  environments: [environment:prod]
  when: 'usecase.riskTier in ["high", "critical"]'
require:
  approvals: [{ role: role:risk }, { role: role:release }]
  evaluationMaxAge: P90D
  soak: { environment: environment:stage, duration: ${soak} }
emergency:
  approvals: [{ role: role:governance }]
  expiresAfter: P3D
`;

const usecase = (name: string): string => `title: ${name}
owner: role:fraud
purpose: Decide about ${name}.
riskTier: high
gates:
  - { metric: auc, operator: ">=", threshold: 0.9, environments: [environment:prod] }
`;

/** Everything as it is before the first landing, in observe mode. */
export function beginning(time: string): Readonly<Record<string, string>> {
  const texts: Record<string, string> = {
    [at.registry]: registry("observe"),
    "docs/a.md": "text\n",
    [paths.identity("bot")]: `title: Bot\ntype: bot\ncontroller: identity:dave\ngithub: { login: "bot[bot]", id: 900 }\n`,
    ...Object.fromEntries(people.map((name) => [paths.identity(name), identity(name, name)])),
    ...Object.fromEntries(Object.entries(roles).map(([role, members]) => [paths.role(role), `title: ${role}\nmembers: [${members.map((name) => `identity:${name}`).join(", ")}]\n`])),
    [paths.environment("dev")]: "title: dev\nrank: 10\n",
    [paths.environment("stage")]: "title: stage\nrank: 20\n",
    [paths.environment("prod")]: "title: prod\nrank: 30\n",
    [paths.policy("go-live")]: goLive("P1D"),
    [paths.policy("undo")]: `title: Undo
match: { actions: [rollback, deactivate], environments: [environment:prod] }
require:
  approvals: [{ role: role:release }]
`,
    [paths.policy("approve")]: "title: Approve bundles\nmatch: { kinds: [Bundle], actions: [approve] }\nrequire:\n  approvals: [{ role: role:risk }]\n",
    [paths.policy("rules")]: `title: Rules
match:
  paths: [registry/registry.yaml, "registry/governance/**", CODEOWNERS]
require:
  approvals: [{ role: role:governance }]
`,
    ...Object.fromEntries(usecases.map((name) => [`registry/usecases/fraud/${name}.yaml`, usecase(name)])),
    "registry/suites/fraud/regression/1.0.0.yaml": `title: Regression
state: active
spec:
  targets: [Bundle]
  cases: [{ id: obvious, name: Obvious, type: functional, input: {}, assertions: [{ type: equals, config: { value: 1 } }] }]
`,
    ...Object.assign({}, ...usecases.map((name) => release(name, "1.0.0", time))),
    ...Object.fromEntries(usecases.flatMap((name) => ["dev", "stage", "prod"].map((environment) => [at.live(environment, name), activation("1.0.0", "First release.")]))),
  };
  texts["CODEOWNERS"] = renderCodeowners(loadRegistry(scanTree(treeOfTexts(texts)), parseStrict).registry);
  return texts;
}

export const registry = (mode: string): string => registryYaml({ mode, extra: `witness:\n  - sshPublicKey: ${witness.publicKey}\n` });

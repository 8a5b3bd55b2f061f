/**
 * A small registry under governance, from texts through the loader, and changes of it with the facts that belong to
 * them. Every fact is one that an honest world would give; a test changes what it is about.
 */
import { createHash } from "node:crypto";
import { changeOf, resultTree, type Change, type ChangeInput } from "../src/core/govern/change.ts";
import { decide } from "../src/core/govern/decide.ts";
import { noFacts, type CommitFact, type Facts, type ReviewFact } from "../src/core/govern/facts.ts";
import type { Decision, Requirement } from "../src/core/model/decision.ts";
import type { Instant } from "../src/core/model/instant.ts";
import { digestOf, sha256Hex, type Digest } from "../src/core/model/digest.ts";
import type { Registry } from "../src/core/model/registry.ts";
import type { ChangedPath } from "../src/core/model/transition.ts";
import { treeOfTexts, type Tree } from "../src/core/model/tree.ts";
import { loadRegistry, scanTree } from "../src/core/source/load.ts";
import { parseStrict } from "../src/core/source/strict.ts";
import { identityOfPath } from "../src/core/source/reference.ts";
import { lintRegistry } from "../src/core/validate/lint.ts";
import { expressionRules } from "../src/core/validate/rules/expressions.ts";
import { rules } from "../src/core/validate/rules/index.ts";

export const asOf = "2026-07-10T00:00:00Z" as Instant;
export type Texts = Readonly<Record<string, string | null>>;

const B = "b".repeat(40);
const H = "c".repeat(40);
export const head = H;

export const people = {
  alice: 101,
  bob: 102,
  carol: 103,
  dave: 104,
  erin: 105,
  frank: 106,
  gina: 107,
} as const;
export type Person = keyof typeof people;

export const key = (name: string): string => {
  const blob = Buffer.concat([
    Buffer.from("\0\0\0\x0bssh-ed25519\0\0\0 "),
    createHash("sha256").update(name).digest(),
  ]);
  return `ssh-ed25519 ${blob.toString("base64")}`;
};
export const fingerprint = (name: string): string => {
  const blob = Buffer.from(key(name).split(" ")[1] ?? "", "base64");
  return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
};
export const emailDigest = (address: string): string =>
  `sha256:${createHash("sha256").update(address).digest("hex")}`;

const bundleSpec = (version: string, more = ""): string =>
  `title: Score ${version}
spec:
  artifacts:
    - { role: policy_rules, uri: "s3://b/score-${version}.json", digest: "sha256:${sha256Hex(version)}" }
  compatibility:
    featureGroups: { core: v1 }
    requires: [primary]
  provenance: { codeRevision: "0123456789abcdef0123456789abcdef01234567" }
  changelog: Version ${version}.${more}
`;
const receipt = (run: string, observed: number): string =>
  `gateReceipt:
  decision: PASS
  gates: [{ metric: auc, operator: ">=", threshold: 0.9, observed: ${observed}, passed: true }]
  evaluations: [evaluation:fraud/score/${run}]
  issuer: identity:bot
  issuedAt: "2026-06-01T10:00:00Z"
`;

/** A bundle of the use case fraud/score, as a file. */
export function bundle(version: string, state: string, more = ""): string {
  return `state: ${state}\n${bundleSpec(version, more)}${receipt(`${version}-regression-20260601t090000z`, 0.95)}`;
}

/** The run that belongs to a bundle's text. */
export function evaluation(version: string, text: string, more: { auc?: number; at?: string } = {}): string {
  const value = specOf(text);
  const targetDigest = digestOf({ kind: "Bundle", id: `fraud/score@${version}`, value });
  return `suite: suite:fraud/regression@1.0.0
target: bundle:fraud/score@${version}
targetDigest: ${targetDigest}
executedAt: "${more.at ?? "2026-06-01T09:00:00Z"}"
status: passed
cases:
  - { id: obvious, status: passed }
summary: { total: 1, passed: 1, failed: 0, errors: 0, skipped: 0 }
metrics: { auc: ${more.auc ?? 0.95} }
issuer: identity:bot
`;
}

function specOf(text: string): object {
  const loaded = load(treeOfTexts({ "registry/bundles/fraud/score/1.0.0.yaml": text }));
  const entry = loaded.registry.get("bundle:fraud/score@1.0.0");
  if (entry === undefined) throw new Error(JSON.stringify(loaded.findings));
  return entry.value;
}

export const digestOfBundle = (version: string, text = bundle(version, "approved")): Digest =>
  digestOf({ kind: "Bundle", id: `fraud/score@${version}`, value: specOf(text) });

const identity = (name: Person, more = ""): string =>
  `title: ${name}\ngithub: { login: ${name}, id: ${people[name]} }\nkeys:\n  - sshPublicKey: ${key(name)}\n${more}`;
const role = (...members: string[]): string =>
  `title: A role\nmembers: [${members.map((name) => `identity:${name}`).join(", ")}]\n`;
const at = {
  run: (version: string) => `registry/evaluations/fraud/score/${version}-regression-20260601t090000z.yaml`,
};

export const paths = {
  registry: "registry/registry.yaml",
  live: (scope: string) => `registry/live/${scope}.yaml`,
  bundle: (version: string) => `registry/bundles/fraud/score/${version}.yaml`,
  run: at.run,
  policy: (name: string) => `registry/governance/approval-policies/${name}.yaml`,
  role: (name: string) => `registry/governance/roles/${name}.yaml`,
  identity: (name: string) => `registry/governance/identities/${name}.yaml`,
  environment: (name: string) => `registry/governance/environments/${name}.yaml`,
  model: "registry/models/fraud/m/1.0.0.yaml",
} as const;

export const registryYaml = (
  more: { mode?: string; inherit?: boolean; extra?: string; primary?: string } = {},
): string =>
  `title: Test
id: example
mode: ${more.mode ?? "enforce"}
resolution: { inherit: ${more.inherit ?? false} }
publishTogether: [environment:dev]
ownership:
  - { path: "*", roles: [role:governance] }
  - { path: /registry/*/fraud/, roles: [role:fraud] }
  - { path: /registry/live/*/fraud/, roles: [role:fraud] }
  - { path: /registry/live/prod/, roles: [role:release, role:risk] }
  - { path: /docs/unowned/, roles: [] }
alsoGoverned: [/docs/]
platform:
  featureGroups: { core: [v1] }
  capabilities: [${more.primary ?? "primary"}]
degradeProfiles:
  DEGRADED: { featureGroups: [core], capabilities: [], posture: STEP_UP_ONLY }
${more.extra ?? ""}`;

export const files: Readonly<Record<string, string>> = {
  [paths.registry]: registryYaml(),
  CODEOWNERS: "# x\n",
  "docs/a.md": "text\n",
  [paths.identity("alice")]: identity("alice", `emailDigests: ["${emailDigest("alice@example.com")}"]\n`),
  [paths.identity("bob")]: identity("bob"),
  [paths.identity("carol")]: identity("carol"),
  [paths.identity("dave")]: identity("dave"),
  [paths.identity("erin")]: identity("erin"),
  [paths.identity("frank")]: identity("frank"),
  [paths.identity("gina")]: identity("gina", "active: false\n"),
  [paths.identity("bot")]:
    `title: Bot\ntype: bot\ncontroller: identity:dave\ngithub: { login: "bot[bot]", id: 900 }\n`,
  [paths.role("fraud")]: role("alice", "bob"),
  [paths.role("risk")]: role("carol", "erin", "gina"),
  [paths.role("release")]: role("dave", "erin"),
  [paths.role("governance")]: role("dave", "frank"),
  [paths.environment("dev")]: "title: dev\nrank: 10\n",
  [paths.environment("stage")]: "title: stage\nrank: 20\n",
  [paths.environment("prod")]: "title: prod\nrank: 30\n",
  [paths.policy("go-live")]: `title: Go live
match:
  actions: [activate, promote]
  environments: [environment:prod]
  when: 'usecase.riskTier in ["high", "critical"]'
require:
  approvals: [{ role: role:risk }, { role: role:release }]
  evaluationMaxAge: P90D
  soak: { environment: environment:stage, duration: P1D }
emergency:
  approvals: [{ role: role:governance }]
  expiresAfter: P3D
`,
  [paths.policy("undo")]: `title: Undo
match: { actions: [rollback, deactivate], environments: [environment:prod] }
require:
  approvals: [{ role: role:release }]
`,
  [paths.policy("approve")]: `title: Approve bundles
match: { kinds: [Bundle], actions: [approve] }
require:
  approvals: [{ role: role:risk }]
`,
  [paths.policy("rules")]: `title: Rules
match:
  paths: [registry/registry.yaml, "registry/governance/**", CODEOWNERS]
require:
  approvals: [{ role: role:governance }]
`,
  "registry/usecases/fraud/score.yaml": `title: Score
owner: role:fraud
purpose: Score things.
riskTier: high
gates:
  - { metric: auc, operator: ">=", threshold: 0.9, environments: [environment:prod] }
`,
  "registry/suites/fraud/regression/1.0.0.yaml": `title: Regression
state: active
spec:
  targets: [Bundle]
  cases: [{ id: obvious, name: Obvious, type: functional, input: {}, assertions: [{ type: equals, config: { value: 1 } }] }]
`,
  ...Object.fromEntries(
    ["1.0.0", "1.1.0", "1.2.0"].flatMap((version) => {
      const text = bundle(version, version === "1.2.0" ? "candidate" : "approved");
      return [
        [paths.bundle(version), text],
        [paths.run(version), evaluation(version, text)],
      ];
    }),
  ),
  [paths.live("dev/fraud/score")]: 'bundle: "1.1.0"\nreason: Try it.\n',
  [paths.live("stage/fraud/score")]: 'bundle: "1.1.0"\nreason: Try it.\n',
  [paths.live("prod/fraud/score")]: 'bundle: "1.0.0"\nreason: First release.\n',
};

function load(tree: Tree): {
  readonly registry: Registry;
  readonly findings: ReturnType<typeof loadRegistry>["findings"];
} {
  return loadRegistry(scanTree(tree), parseStrict);
}

const withTexts = (texts: Readonly<Record<string, string>>, edits: Texts): Record<string, string> => {
  const all: Record<string, string> = { ...texts };
  for (const [path, text] of Object.entries(edits)) {
    if (text === null) delete all[path];
    else all[path] = text;
  }
  return all;
};

/** A registry of the world with some files otherwise (null = gone). */
export const registryWith = (edits: Texts = {}): Registry =>
  load(treeOfTexts(withTexts(files, edits))).registry;

/** The paths that differ between two trees. */
export function differences(from: Tree, to: Tree): ChangedPath[] {
  const all = [...new Set([...from.files, ...to.files].map(({ path }) => path))];
  return all.flatMap((path) => {
    const [a, b] = [from.get(path), to.get(path)];
    const [x, y] = [a && sha256Hex(a.read()), b && sha256Hex(b.read())];
    if (x === y && a?.mode === b?.mode) return [];
    return [{ path, modeFrom: a?.mode ?? null, modeTo: b?.mode ?? null, from: x ?? null, to: y ?? null }];
  });
}

export interface World {
  readonly change: Change;
  /** Facts that an honest world would give, without any review. */
  readonly facts: Facts;
}

/** A change of the world: `base` edits B (and A), `edits` are what the branch does. */
export function world(edits: Texts, base: Texts = {}, input: Partial<ChangeInput> = {}): World {
  const baseTree = treeOfTexts(withTexts(files, base));
  const headTree = treeOfTexts(withTexts(withTexts(files, base), edits));
  const landed = load(baseTree);
  const changed = differences(baseTree, headTree);
  const after = load(resultTree(baseTree, headTree, changed));
  const touched = changed.map(({ path }) => path);
  const findings = lintRegistry(after.registry, {
    asOf,
    rules: [...rules, ...expressionRules],
    base: {
      registry: landed.registry,
      changes: touched.map((path) => {
        const ref = identityOfPath(path)?.ref ?? "";
        const [before, now] = [landed.registry.get(ref), after.registry.get(ref)];
        const [inBase, inHead] = [baseTree.get(path) !== undefined, headTree.get(path) !== undefined];
        return { path, ...(before && { before }), ...(now && { after: now }), inBase, inHead };
      }),
    },
  });
  const change = changeOf({
    ref: "refs/heads/main",
    base: { commit: B, registry: landed.registry },
    head: H,
    mergeBases: ["a".repeat(40)],
    paths: changed,
    result: after.registry,
    ...input,
  });
  // CODEOWNERS has rules and tests of its own.
  const own = [...after.findings, ...findings].filter(
    ({ definition }) => !definition.code.startsWith("codeowners/"),
  );
  return {
    change,
    facts: {
      ...noFacts,
      author: account("alice"),
      commits: [commit("alice")],
      findings: own,
      stacks: stacksOf(landed.registry),
      timelines: timelines("1.1.0", "2026-07-01T00:00:00Z"),
    },
  };
}

/** Every scope had version 0.9.0, which is gone, and what it has now. */
function stacksOf(registry: Registry): Map<string, readonly string[]> {
  return new Map(
    registry
      .ofKind("Activation")
      .map(({ id, value }) => [id, ["1.0.0", "1.1.0"].includes(value.bundle) ? ["0.9.0", value.bundle] : []]),
  );
}

export const timelines = (version: string, since: string): Facts["timelines"] =>
  new Map([["stage/fraud/score", [{ at: since as Instant, digest: digestOfBundle(version) }]]]);

export const account = (name: Person): { id: number; login: string; type: string } => ({
  id: people[name],
  login: name,
  type: "User",
});

const personOf = (name: Person) => ({ id: people[name], login: name, email: null });

export const commit = (name: Person, more: Partial<CommitFact> = {}): CommitFact => ({
  sha: H,
  author: personOf(name),
  committer: personOf(name),
  coAuthors: [],
  addsNothing: false,
  ...more,
});

/** An approval of exactly this change, made on its head. */
export function review(change: Change, name: Person, more: Partial<ReviewFact> = {}): ReviewFact {
  return {
    id: people[name] * 10,
    user: account(name),
    state: "APPROVED",
    commitId: H,
    submittedAt: "2026-07-09T00:00:00Z" as Instant,
    digest: change.digest,
    isAncestor: true,
    ...more,
  };
}

/** Decides a world with approvals of some people and facts otherwise. */
export function decideWith(
  { change, facts }: World,
  approvers: readonly Person[],
  more: Partial<Facts> = {},
): Decision {
  return decide(change, { ...facts, reviews: approvers.map((name) => review(change, name)), ...more }, asOf);
}

/** A decision in one line: outcome, and the codes of what the gate itself found, sorted. */
export function spelled(decision: Decision): string {
  const found = decision.findings
    .map(({ definition }) => definition.code)
    .filter((code) => /^(?:govern|override)\//.test(code));
  return [decision.outcome, ...[...new Set(found)].sort()].join(" ");
}

/** Every leaf of a tree that is not allowed, as `outcome requirement`. */
export function open(tree: Requirement): string[] {
  if (tree.outcome === "allowed") return [];
  return tree.children.length === 0 ? [`${tree.outcome} ${tree.requirement}`] : tree.children.flatMap(open);
}

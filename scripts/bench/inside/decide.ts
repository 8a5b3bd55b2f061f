/** The decision alone: 1,000 reviews by 600 people, 200 of them contributors, 100 policies that all ask for somebody. */
import { changeOf, resultTree } from "../../../src/core/govern/change.ts";
import { decide } from "../../../src/core/govern/decide.ts";
import { noFacts, type Facts } from "../../../src/core/govern/facts.ts";
import { sha256Hex } from "../../../src/core/model/digest.ts";
import { parseInstant } from "../../../src/core/model/instant.ts";
import { treeOfTexts } from "../../../src/core/model/tree.ts";
import { loadRegistry, scanTree } from "../../../src/core/source/load.ts";
import { answer, inTurns } from "./turns.ts";

const [, , , rounds = "5"] = process.argv;
const PEOPLE = 600;
const POLICIES = 100;
const asOf = parseInstant("2026-07-02T00:00:00Z");
if (asOf === undefined) throw new Error("unreachable: it is an instant");

const person = (i: number) => ({ id: 1000 + i, login: `p${i}`, type: "User" });
const identities = Array.from({ length: PEOPLE }, (_, i): [string, string] => [
  `registry/governance/identities/p${i}.yaml`,
  `title: P${i}\ngithub: { login: p${i}, id: ${1000 + i} }\n`,
]);
const roles = Array.from({ length: POLICIES }, (_, i): [string, string] => {
  const members = Array.from({ length: 10 }, (_member, at) => `identity:p${(i * 7 + at * 61) % PEOPLE}`);
  return [`registry/governance/roles/r${i}.yaml`, `title: R${i}\nmembers: [${members.join(", ")}]\n`];
});
const policies = Array.from({ length: POLICIES }, (_, i): [string, string] => [
  `registry/governance/approval-policies/a${i}.yaml`,
  `title: A${i}\nmatch: { environments: [environment:prod], when: 'usecase.riskTier in ["high", "low"]' }\n` +
    `require:\n  approvals: [{ role: role:r${i} }]\n`,
]);
const live = "registry/live/prod/team/u.yaml";
const activation = (version: string): string => `bundle: "${version}"\nreason: ${version}.\n`;
const bundle = `title: V
state: approved
spec:
  artifacts: [{ role: prompt, text: "Answer." }]
  provenance: { codeRevision: "0123456789abcdef0123456789abcdef01234567" }
gateReceipt: { decision: PASS }
`;
const texts = Object.fromEntries([
  ["registry/registry.yaml", 'id: bench\nmode: enforce\nownership:\n  - { path: "*", roles: [role:r0] }\n'],
  ["registry/governance/environments/prod.yaml", "title: prod\nrank: 20\n"],
  ["registry/usecases/team/u.yaml", "title: U\nowner: role:r0\npurpose: Answer.\nriskTier: low\n"],
  ["registry/bundles/team/u/1.0.0.yaml", bundle],
  ["registry/bundles/team/u/1.1.0.yaml", bundle.replace("Answer.", "Answer well.")],
  [live, activation("1.0.0")],
  ...identities,
  ...roles,
  ...policies,
]);
const base = loadRegistry(scanTree(treeOfTexts(texts))).registry;
const head = treeOfTexts({ ...texts, [live]: activation("1.1.0") });
const paths = [
  {
    path: live,
    modeFrom: "100644" as const,
    modeTo: "100644" as const,
    from: sha256Hex(activation("1.0.0")),
    to: sha256Hex(activation("1.1.0")),
  },
];
const H = "c".repeat(40);
const change = changeOf({
  ref: "refs/heads/main",
  base: { commit: "b".repeat(40), registry: base },
  head: H,
  mergeBases: ["a".repeat(40)],
  paths,
  result: loadRegistry(scanTree(resultTree(base.tree, head, paths))).registry,
});
const facts: Facts = {
  ...noFacts,
  author: person(0),
  commits: Array.from({ length: 200 }, (_, i) => {
    const by = { id: 1000 + i, login: `p${i}`, email: null };
    const sha = i === 0 ? H : i.toString(16).padStart(40, "0");
    return { sha, author: by, committer: by, coAuthors: [], addsNothing: false };
  }),
  pushers: [],
  reviews: Array.from({ length: 1000 }, (_, i) => ({
    id: i + 1,
    user: person((i * 7) % PEOPLE),
    state: i % 9 === 0 ? "COMMENTED" : "APPROVED",
    commitId: H,
    submittedAt: asOf,
    digest: change.digest,
    isAncestor: true,
  })),
  findings: [],
  stacks: new Map(),
};
const decided = decide(change, facts, asOf);
if (decided.reviews.length !== 1000) throw new Error("not all reviews were looked at");
const times = inTurns([{ name: "decide", run: () => decide(change, facts, asOf) }], Number(rounds));
answer({
  decide: times["decide"],
  outcome: decided.outcome,
  because: decided.findings.map(({ message }) => message),
});

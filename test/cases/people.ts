/** Cases about people: one person one identity, who answers for machines, and roles that can act (DESIGN 5, Anti-Sybil). */
import type { Case, Files } from "./case.ts";

const identity = (name: string): string => `registry/governance/identities/${name}.yaml`;
const role = (name: string): string => `registry/governance/roles/${name}.yaml`;
const policy = (name: string): string => `registry/governance/approval-policies/${name}.yaml`;
const key = (letter: string): string => `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${letter.repeat(43)}`;
const digest = `sha256:${"e".repeat(64)}`;

/** registry.yaml in observe mode. */
const observing: Files = {
  "registry/registry.yaml":
    'title: Test\nid: test\nmode: observe\nownership:\n  - { path: "*", roles: [role:owners] }\n',
};
const model = (name: string, version = "1.0.0"): Files => ({
  [`registry/models/acme/${name}/${version}.yaml`]: `spec:\n  provider: provider:acme\n  upstreamId: ${name}\n  type: classification\n`,
});
const voice = (ref: string): string => `type: model\ncontroller: identity:ada\nmodel: ${ref}\n`;

export const people: readonly Case[] = [
  {
    name: "one account under two identities, spelled in another case",
    files: { [identity("cy")]: "github: { login: ⟦identity/duplicate|ADA⟧, id: ⟦identity/duplicate|1⟧ }\n" },
  },
  {
    name: "one key under two identities, and twice under one",
    files: {
      [identity("cy")]:
        `keys:\n  - sshPublicKey: ${key("A")}\n  - sshPublicKey: ⟦identity/duplicate|${key("A")}⟧\n`,
      [identity("di")]: `keys:\n  - sshPublicKey: ⟦identity/duplicate|${key("A")}⟧\n`,
    },
  },
  {
    name: "a revoked key still belongs to one person",
    files: {
      [identity("cy")]: `keys:\n  - sshPublicKey: ${key("A")}\n    revoked: { reason: Lost., since: 3 }\n`,
      [identity("di")]: `keys:\n  - sshPublicKey: ⟦identity/duplicate|${key("A")}⟧\n`,
    },
  },
  {
    name: "one certificate identity under two identities",
    files: {
      [identity("cy")]: "sigstore: { issuer: https://token.example, identity: https://x.example/a }\n",
      [identity("di")]:
        "sigstore: ⟦identity/duplicate|{ issuer: https://token.example, identity: https://x.example/a }⟧\n",
      [identity("ed")]: "sigstore: { issuer: https://token.example, identity: https://x.example/b }\n",
    },
  },
  {
    name: "one address under two identities",
    files: {
      [identity("cy")]: `emailDigests: [${digest}]\n`,
      [identity("di")]: `emailDigests: [⟦identity/duplicate|${digest}⟧]\n`,
    },
  },
  {
    name: "an alias that is somebody's name, and one that two share",
    files: {
      [identity("cy")]: "aliases: [⟦identity/duplicate|ada⟧, cyrus]\n",
      [identity("di")]: "aliases: [⟦identity/duplicate|cyrus⟧]\n",
    },
  },
  {
    name: "several keys, addresses and aliases of one person",
    files: {
      [identity("cy")]:
        `keys:\n  - sshPublicKey: ${key("A")}\n  - sshPublicKey: ${key("B")}\nemailDigests: [${digest}]\naliases: [cyrus]\n`,
    },
  },

  { name: "a bot without a controller", files: { [identity("bot")]: "⟦schema/required|type: bot⟧\n" } },
  {
    name: "controllers that cannot answer: a bot, and somebody inactive",
    files: {
      [identity("bot")]: "type: bot\ncontroller: ⟦identity/controller|identity:cd⟧\n",
      [identity("cd")]: "type: bot\ncontroller: ⟦identity/controller|identity:gone⟧\n",
      [identity("gone")]: "active: false\n",
    },
  },
  {
    name: "a bot that nobody answers for by name",
    files: { [identity("bot")]: "type: bot\ncontroller: ⟦ref/missing|identity:nobody⟧\n" },
  },
  { name: "a bot with a controller", files: { [identity("bot")]: "type: bot\ncontroller: identity:ada\n" } },

  {
    name: "a human bound to a model, and two identities of one model",
    files: {
      ...model("m"),
      [identity("cy")]: "model: ⟦identity/model|model:acme/m@1.0.0⟧\n",
      [identity("x")]: voice("model:acme/m@1.0.0"),
      [identity("y")]: voice("⟦identity/model|model:acme/m@1.0.0⟧"),
    },
  },
  {
    name: "a model bound to no exact version",
    files: { ...model("m"), [identity("x")]: voice("⟦schema/pattern|model:acme/m⟧") },
  },
  {
    name: "two versions of a model, each with its identity",
    files: {
      ...model("m"),
      ...model("m", "2.0.0"),
      [identity("x")]: voice("model:acme/m@1.0.0"),
      [identity("y")]: voice("model:acme/m@2.0.0"),
    },
  },

  {
    name: "one voter under two spellings",
    files: {
      ...model("m"),
      ...model("m", "2.0.0"),
      [identity("acme-m-3.7")]: voice("model:acme/m@1.0.0"),
      [identity("m-37")]:
        `⟦identity/near-duplicate|type: model⟧\ncontroller: identity:ada\nmodel: model:acme/m@2.0.0\n`,
    },
  },
  {
    name: "two humans with distinct accounts under two spellings: a warning",
    files: {
      [identity("a.da")]: "github: { login: ada2, id: 3 }\n",
      [identity("ada")]: "⟦identity/near-duplicate:warning|title: Ada⟧\ngithub: { login: ada, id: 1 }\n",
    },
  },
  {
    name: "two humans under two spellings, one without an account: an error",
    files: {
      [identity("a.da")]: "title: Ada\n",
      [identity("ada")]: "⟦identity/near-duplicate|title: Ada⟧\ngithub: { login: ada, id: 1 }\n",
    },
  },
  {
    name: "a model that is called like a human",
    files: {
      ...model("m"),
      [identity("a-da")]: voice("model:acme/m@1.0.0"),
      [identity("ada")]: "⟦identity/near-duplicate|title: Ada⟧\ngithub: { login: ada, id: 1 }\n",
    },
  },

  {
    name: "somebody in two roles that exclude each other",
    files: {
      [role("risk")]: "members: [⟦role/incompatible|identity:ada⟧]\nincompatibleWith: [role:owners]\n",
    },
  },
  {
    name: "both roles say so: told once",
    files: {
      [role("owners")]:
        'members: [⟦role/incompatible|identity:ada⟧, identity:bea]\ngithubTeam: "@test/owners"\nincompatibleWith: [role:risk]\n',
      [role("risk")]: "members: [identity:ada]\nincompatibleWith: [role:owners]\n",
    },
  },
  {
    name: "in observe mode it is a warning",
    files: {
      ...observing,
      [role("risk")]:
        "members: [⟦role/incompatible:warning|identity:ada⟧]\nincompatibleWith: [role:owners]\n",
    },
  },
  {
    name: "different people in roles that exclude each other",
    files: {
      [identity("cy")]: "title: Cy\n",
      [role("risk")]: "members: [identity:cy]\nincompatibleWith: [role:owners]\n",
    },
  },

  {
    name: "too few active humans: bots and those who left do not count",
    files: {
      [identity("bot")]: "type: bot\ncontroller: identity:ada\n",
      [identity("gone")]: "active: false\n",
      [role("risk")]:
        "members: ⟦role/too-small|[identity:ada, identity:bot, identity:gone]⟧\nminimumMembers: 2\n",
    },
  },
  { name: "a role of nobody", files: { [role("risk")]: "members: ⟦role/too-small|[]⟧\n" } },
  {
    name: "a role of nobody while the registry only observes",
    files: { ...observing, [role("risk")]: "members: ⟦role/too-small:warning|[]⟧\n" },
  },
  {
    name: "a role with a member that cannot be read",
    files: { [identity("cy")]: "title: ⟦schema/type|7⟧\n", [role("risk")]: "members: [identity:cy]\n" },
  },
  {
    name: "somebody twice in a role",
    files: { [role("risk")]: "members: [identity:ada, ⟦schema/duplicate-item|identity:ada⟧]\n" },
  },
  {
    name: "a role as large as its minimum",
    files: { [role("risk")]: "members: [identity:ada, identity:bea]\nminimumMembers: 2\n" },
  },

  {
    name: "two slots, one person who fits either: nobody is left for one of them",
    files: {
      [role("risk")]: "members: [identity:ada]\n",
      [role("sec")]: "members: [identity:ada]\n",
      [policy("p")]:
        "match: { kinds: [Model] }\nrequire:\n  approvals: ⟦approval-policy/deadlock|[{ role: role:risk }, { role: role:sec }]⟧\n",
    },
  },
  {
    name: "the same two slots, when one of them has somebody else: by matching, not by counting",
    files: {
      [role("risk")]: "members: [identity:ada]\n",
      [role("sec")]: "members: [identity:ada, identity:bea]\n",
      [policy("p")]:
        "match: { kinds: [Model] }\nrequire:\n  approvals: [{ role: role:sec }, { role: role:risk }]\n",
    },
  },
  {
    name: "three slots that chain: each person gives way once",
    files: {
      [identity("cy")]: "title: Cy\n",
      [role("one")]: "members: [identity:ada, identity:bea]\n",
      [role("two")]: "members: [identity:bea, identity:cy]\n",
      [role("three")]: "members: [identity:ada]\n",
      [policy("p")]:
        "match: { kinds: [Model] }\nrequire:\n  approvals: [{ role: role:one }, { role: role:two }, { role: role:three }]\n",
    },
  },
  {
    name: "a role of two asked for three, in an emergency",
    files: {
      [policy("p")]:
        "match: { kinds: [Activation] }\nrequire:\n  approvals: [{ role: role:owners }]\nemergency:\n  approvals: ⟦approval-policy/deadlock|[{ role: role:owners, count: 3 }]⟧\n  expiresAfter: P1D\n",
    },
  },
  {
    name: "a deadlock while the registry only observes",
    files: {
      ...observing,
      [policy("p")]:
        "match: { kinds: [Model] }\nrequire:\n  approvals: ⟦approval-policy/deadlock:warning|[{ role: role:owners, count: 3 }]⟧\n",
    },
  },
  {
    name: "a role that does not exist is told as such",
    files: {
      [policy("p")]:
        "match: { kinds: [Model] }\nrequire:\n  approvals: [{ role: ⟦ref/missing|role:nobody⟧, count: 3 }]\n",
    },
  },
  {
    name: "whoever owns the path depends on the change",
    files: {
      [policy("p")]: "match: { kinds: [Model] }\nrequire:\n  approvals: [{ role: owner, count: 3 }]\n",
    },
  },
];

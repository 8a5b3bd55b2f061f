/**
 * What judging a change costs: `plan` and `gate` of ten changed files in a small and in a large registry, as whole
 * processes, and the decision alone. A change costs what it reaches, not what there is.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Scene } from "./corpus.ts";
import { measureInside } from "./inside.ts";
import { type Run, sideBySide, type Timing } from "./measure.ts";
import { figure, type Row } from "./table.ts";

const nothing: Run = { name: "node -e 0", args: ["-e", "0"] };
const USECASES = 20;
const CHANGED = 10;
/** Models that stand in one folder. */
const FANOUT = 500;

/** `plan` and `gate` in registries of a thousand and of a hundred thousand entries; the decision by itself. */
export function gate(scene: Scene): readonly Row[] {
  const [less, more] = scene.smoke ? [200, 2_000] : [1_000, 100_000];
  const small = registryOf(scene, less);
  const large = registryOf(scene, more);
  const { cli } = scene;
  const asOf = ["--as-of", "2026-07-02T00:00:00Z"];
  const plan = ["plan", "--base", "main", "--head", "change", ...asOf];
  const judge = ["gate", "--base", "main", "--head", "change", "--reviews", "reviews.json", ...asOf];
  const runs: readonly Run[] = [
    nothing,
    { name: "plan, small", args: [cli, ...plan], cwd: small },
    { name: "plan, large", args: [cli, ...plan], cwd: large },
    { name: "gate, small", args: [cli, ...judge], cwd: small, exit: 4 },
    { name: "gate, large", args: [cli, ...judge], cwd: large, exit: 4 },
    { name: "plan of models, large", args: [cli, ...plan.with(4, "models")], cwd: large },
  ];
  const [node, planSmall, planLarge, gateSmall, gateLarge, everything] = sideBySide(
    runs,
    scene.smoke ? 5 : 21,
  ) as [Timing, Timing, Timing, Timing, Timing, Timing];
  const sizes = `${more.toLocaleString("en")} entries`;
  const against = (what: string, run: Timing, base: Timing, name: string, atMost?: number): Row => ({
    what,
    measured: `${figure(run.ms)} ms`,
    against: `${figure(base.ms)} ms (${name})`,
    ratio: run.ms / base.ms,
    ...(atMost !== undefined && { bar: { atMost } }),
    peak: run.peak,
  });
  const inSmall = `with ${less.toLocaleString("en")}`;
  const title = (command: string): string => `\`assent ${command}\`, ${CHANGED} changed files, ${sizes}`;
  const { decide } = measureInside<{ readonly decide: number }>(scene, "decide", small);
  return [
    against(title("plan"), planLarge, planSmall, inSmall, 1.2),
    against(title("gate"), gateLarge, gateSmall, inSmall, 1.2),
    against(title("plan"), planLarge, node, nothing.name, 4),
    against(title("gate"), gateLarge, node, nothing.name, 4),
    // Who refers to a model may stand anywhere, so a change of models reads everything.
    against(`${title("plan")}, models that stand there`, everything, planLarge, "promotions"),
    {
      what: "the decision alone: 1,000 reviews, 200 contributors, 100 policies, ms",
      measured: `${figure(decide)} ms`,
      against: "",
      ratio: decide,
      bar: { atMost: 5 },
    },
  ];
}

/** A repository with a registry of so many entries, most of them models, and a branch that promotes ten bundles. */
function registryOf({ work }: Scene, entries: number): string {
  const folder = join(work, `judged-${entries}`);
  if (existsSync(folder)) return folder;
  mkdirSync(folder);
  git(folder, ["init", "-q", "-b", "main"]);
  const texts = new Map(Object.entries(rules));
  for (let i = 0; i < USECASES; i++) {
    texts.set(
      `registry/usecases/team/u${i}.yaml`,
      `title: U${i}\nowner: role:owners\npurpose: Answer.\nriskTier: low\n`,
    );
    for (const version of ["1.0.0", "1.1.0"])
      texts.set(`registry/bundles/team/u${i}/${version}.yaml`, bundle(version));
    texts.set(`registry/live/dev/team/u${i}.yaml`, activation("1.0.0"));
  }
  for (let i = 0; texts.size < entries; i++)
    texts.set(`registry/models/ns${Math.floor(i / FANOUT)}/m${i}/1.0.0.yaml`, model(i));
  const changed = Array.from(
    { length: CHANGED },
    (_, i) => [`registry/live/dev/team/u${i}.yaml`, activation("1.1.0")] as const,
  );
  const repriced = Array.from({ length: CHANGED }, (_, i) => {
    const path = `registry/models/ns0/m${i}/1.0.0.yaml`;
    return [path, `${model(i)}reason: Looked at again.\n`] as const;
  });
  const head = (ref: string, mark: number, seconds: number): string =>
    `commit refs/heads/${ref}\nmark :${mark}\nauthor alice <alice@example.org> ${seconds} +0000\n` +
    `committer alice <alice@example.org> ${seconds} +0000\ndata 1\nx\n`;
  const stream = [
    head("main", 1, 1_780_000_000),
    ...[...texts].map(([path, text]) => file(path, text)),
    head("change", 2, 1_780_000_100),
    "from :1\n",
    ...changed.map(([path, text]) => file(path, text)),
    head("models", 3, 1_780_000_100),
    "from :1\n",
    ...repriced.map(([path, text]) => file(path, text)),
    "done\n",
  ];
  git(folder, ["fast-import", "--quiet", "--done"], stream.join(""));
  git(folder, ["repack", "-adq"]);
  git(folder, ["symbolic-ref", "HEAD", "refs/heads/change"]);
  // Of the work tree only what makes it a registry; judging reads commits.
  git(folder, ["checkout", "-q", "change", "--", "registry/registry.yaml"]);
  writeFileSync(join(folder, "reviews.json"), reviews);
  return folder;
}

const activation = (version: string): string => `bundle: "${version}"\nreason: Try ${version}.\n`;

const model = (i: number): string =>
  `title: Model ${i}\nstate: production\nspec: { provider: provider:p, type: embedding, upstreamId: m-${i} }\n` +
  `facts: { license: MIT }\n`;

const bundle = (version: string): string => `title: Version ${version}
state: approved
spec:
  artifacts: [{ role: prompt, text: "Answer, version ${version}." }]
  models: [model:ns0/m0@1.0.0]
  provenance: { codeRevision: "0123456789abcdef0123456789abcdef01234567" }
gateReceipt: { decision: PASS }
`;

const identity = (name: string, id: number): string =>
  `title: ${name}\ngithub: { login: ${name}, id: ${id} }\n`;

const rules: Readonly<Record<string, string>> = {
  CODEOWNERS:
    "# Generated from registry/registry.yaml (ownership). Do not edit: assent codeowners generate\n* @alice @bob\n",
  "registry/registry.yaml": 'id: bench\nmode: enforce\nownership:\n  - { path: "*", roles: [role:owners] }\n',
  "registry/providers/p.yaml": "title: P\n",
  "registry/governance/identities/alice.yaml": identity("alice", 101),
  "registry/governance/identities/bob.yaml": identity("bob", 102),
  "registry/governance/roles/owners.yaml": "title: Owners\nmembers: [identity:alice, identity:bob]\n",
  "registry/governance/environments/dev.yaml": "title: dev\nrank: 10\n",
  "registry/governance/environments/prod.yaml": "title: prod\nrank: 20\n",
  "registry/governance/approval-policies/go-live.yaml":
    "title: Go live\nmatch: { actions: [activate, promote], environments: [environment:prod] }\nrequire:\n  approvals: [{ role: role:owners }]\n",
};

/** Nobody has agreed yet: the decision waits. */
const reviews = JSON.stringify({
  number: 1,
  author: { id: 101, login: "alice" },
  base: { ref: "refs/heads/main" },
  mergedAt: null,
  reviews: [],
});

function file(path: string, text: string): string {
  return `M 100644 inline ${path}\ndata ${Buffer.byteLength(text)}\n${text}\n`;
}

function git(folder: string, args: readonly string[], input = ""): void {
  const { status, stderr } = spawnSync("git", args, { cwd: folder, input, encoding: "utf8" });
  if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
}

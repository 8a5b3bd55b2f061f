/**
 * What a release costs on its way: how much of it a push sends when little has changed, what it costs to ask a signed
 * release instead of an unsigned snapshot, and what a push takes that finds everything in place.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Scene } from "./corpus.ts";
import { median, once, prepare, sideBySide, type Run, type Timing } from "./measure.ts";
import { figure, type Row } from "./table.ts";

const CHANGED = 10;
const FANOUT = 500;

/** Two releases of one registry, pushed one after the other into a folder; then questions to the second. */
export function push(scene: Scene): readonly Row[] {
  const entries = scene.smoke ? 3_000 : 100_000;
  const { cli, work } = scene;
  const folder = registryOf(work, entries);
  const keys = join(work, "release-keys");
  const passphrase = join(work, "passphrase");
  const [released, published, snapshot] = ["released", "published", "snapshot-pushed"].map((name) =>
    join(work, name),
  );
  writeFileSync(passphrase, "a passphrase for measuring only\n");
  const assent = (...words: readonly string[]): void =>
    prepare({ name: words[0] ?? "", args: [cli, ...words, "--passphrase-file", passphrase], cwd: folder });
  assent("key", "generate", "--out", keys);
  commit(folder, "Trust a root");
  const online = ["targets", "snapshot", "timestamp"].flatMap((role) => [
    "--key",
    `${role}=${join(keys, `${role}.pem`)}`,
  ]);
  const release = (): void => assent("release", "--out", released ?? "", ...online);
  release();
  const whole = sent(scene, folder, released ?? "", published ?? "");
  for (let i = 0; i < CHANGED; i++) {
    // Far from each other, so that hardly two stand in one shard.
    const path = modelPath(Math.floor((i * entries) / CHANGED / 2));
    writeFileSync(join(folder, path), readFileSync(join(folder, path), "utf8").replace("MIT", "Apache-2.0"));
  }
  commit(folder, "Correct ten models");
  release();
  const change = sent(scene, folder, released ?? "", published ?? "");
  prepare({ name: "compile", args: [cli, "compile", "--no-history", "--out", snapshot ?? ""], cwd: folder });
  const alone = releaseBesideCompile(scene, folder, [...online, "--passphrase-file", passphrase]);

  const root = join(folder, "trust/1.root.json");
  const scope = ["resolve", "dev/team/u0", "--snapshot"];
  const runs: readonly Run[] = [
    { name: "node -e 0", args: ["-e", "0"] },
    { name: "resolve, signed", args: [cli, ...scope, published ?? "", "--trust", root] },
    { name: "resolve, unsigned", args: [cli, ...scope, snapshot ?? "", "--unsigned"] },
    { name: "verify", args: [cli, "verify", published ?? "", "--trust", root] },
    { name: "push again", args: [cli, "push", `dir:${published}`, "--release", released ?? ""] },
  ];
  const [node, signed, unsigned, verified, again] = sideBySide(runs, scene.smoke ? 5 : 15) as [
    Timing,
    Timing,
    Timing,
    Timing,
    Timing,
  ];
  const size = entries.toLocaleString("en");
  const timed = (what: string, run: Timing, base: Timing, name: string, atMost?: number): Row => ({
    what,
    measured: `${figure(run.ms)} ms`,
    against: `${figure(base.ms)} ms (${name})`,
    ratio: run.ms / base.ms,
    ...(atMost !== undefined && { bar: { atMost } }),
    peak: run.peak,
  });
  return [
    {
      what: `bytes that \`assent push\` sends after ${CHANGED} of ${size} entries changed, percent`,
      measured: `${figure(change / 1024)} KB`,
      against: `${figure(whole / 1024)} KB (the whole release)`,
      ratio: (100 * change) / whole,
      // A small registry has hardly more shards than entries that changed.
      bar: { atMost: scene.smoke ? 100 : 2 },
    },
    {
      what: `\`assent release\` of ${size} entries into an empty folder, keys with a passphrase`,
      measured: `${figure(alone.release)} ms`,
      against: `${figure(alone.compile)} ms (compile --no-history)`,
      ratio: alone.release / alone.compile,
    },
    timed("`assent resolve` from a signed release in a folder", signed, node, "node -e 0", 2),
    timed("`assent resolve` from a signed release in a folder", signed, unsigned, "unsigned"),
    timed(
      `\`assent push\` of a release that is there already, ${size} entries`,
      again,
      verified,
      "its verification",
    ),
  ];
}

/** Milliseconds of both, each into folders of its own, in turns. */
function releaseBesideCompile(
  { cli, work, smoke }: Scene,
  folder: string,
  keys: readonly string[],
): Readonly<Record<"compile" | "release", number>> {
  const times = { compile: [] as number[], release: [] as number[] };
  for (let round = 0; round < (smoke ? 1 : 3); round++) {
    const out = (name: string): string => join(work, `alone-${name}-${round}`);
    const compile = [cli, "compile", "--no-history", "--out", out("compile")];
    times.compile.push(once({ name: "compile", args: compile, cwd: folder }));
    const release = [cli, "release", "--out", out("release"), ...keys];
    times.release.push(once({ name: "release", args: release, cwd: folder }));
  }
  return { compile: median(times.compile), release: median(times.release) };
}

function sent({ cli }: Scene, folder: string, released: string, published: string): number {
  const words = [cli, "push", `dir:${published}`, "--release", released, "--format", "json"];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(`push: ${stdout}${stderr}`);
  const { destinations } = JSON.parse(stdout) as {
    readonly destinations: readonly { readonly bytes: number }[];
  };
  return destinations[0]?.bytes ?? Number.NaN;
}

/** A repository with a registry of so many entries, nearly all of them models, checked out. */
function registryOf(work: string, entries: number): string {
  const folder = join(work, `pushed-${entries}`);
  if (existsSync(folder)) return folder;
  const bundle =
    'title: B\nstate: approved\nspec:\n  artifacts: [{ role: prompt, text: "Answer." }]\n' +
    '  models: [model:ns0/m0@1.0.0]\n  provenance: { codeRevision: "0123456789abcdef0123456789abcdef01234567" }\n' +
    "gateReceipt: { decision: PASS }\n";
  const texts = new Map([
    ["registry/registry.yaml", "id: bench\n"],
    ["registry/providers/p.yaml", "title: P\n"],
    ["registry/governance/environments/dev.yaml", "title: dev\nrank: 10\n"],
    ["registry/governance/identities/alice.yaml", "title: alice\ngithub: { login: alice, id: 101 }\n"],
    ["registry/governance/roles/owners.yaml", "title: Owners\nmembers: [identity:alice]\n"],
    ["registry/usecases/team/u0.yaml", "title: U\nowner: role:owners\npurpose: Answer.\nriskTier: low\n"],
    ["registry/bundles/team/u0/1.0.0.yaml", bundle],
    ["registry/live/dev/team/u0.yaml", 'bundle: "1.0.0"\nreason: Try.\n'],
  ]);
  for (let i = 0; texts.size < entries; i++) {
    const spec = `{ provider: provider:p, type: embedding, upstreamId: m-${i} }`;
    texts.set(modelPath(i), `title: Model ${i}\nstate: production\nspec: ${spec}\nfacts: { license: MIT }\n`);
  }
  for (const [path, text] of texts) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  git(folder, "init", "-q", "-b", "main");
  commit(folder, "Everything");
  return folder;
}

function modelPath(i: number): string {
  return `registry/models/ns${Math.floor(i / FANOUT)}/m${i}/1.0.0.yaml`;
}

function commit(folder: string, message: string): void {
  git(folder, "add", "-A");
  git(folder, "commit", "-q", "-m", message);
}

function git(folder: string, ...words: readonly string[]): void {
  const who = ["-c", "user.name=bench", "-c", "user.email=bench@example.org", "-c", "commit.gpgsign=false"];
  const { status, stderr } = spawnSync("git", [...who, ...words], { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(`git ${words.join(" ")}: ${stderr}`);
}

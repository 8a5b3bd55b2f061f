/**
 * What services pay for running on releases: a start from the cache, refreshes behind running questions, and how long
 * after a landing of a large registry they answer from it.
 */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Scene } from "./corpus.ts";
import { governedHistory } from "./evidence-history.ts";
import { measureInside } from "./inside.ts";
import { once, prepare, type Run, sideBySide, type Timing } from "./measure.ts";
import { figure, type Row } from "./table.ts";

export function client(scene: Scene): readonly Row[] {
  const { folder, published, root, steps } = fromLanding(scene);
  return [...starts(scene, published, root), ...behind(scene), size(scene), wholeWay(scene, folder, steps)];
}

/** A service that starts and asks one question; `source` is named and, with a cache, not asked. */
function program(scene: Scene, load: string, published: string, root: string): string {
  const options = {
    source: published,
    trust: root,
    environment: "dev",
    cacheDir: join(scene.work, "client-cache"),
  };
  return `${load}
createResolver(${JSON.stringify({ ...options, refresh: false })}).then((resolver) => {
  const answer = resolver.resolve({ usecase: "fraud/score" });
  if (answer.format !== "assent.resolution/v1") throw new Error(answer.code);
  resolver.close();
});`;
}

function starts(scene: Scene, published: string, root: string): readonly Row[] {
  const folder = join(scene.root, "dist/client");
  const loads = {
    cjs: `const { createResolver } = require(${JSON.stringify(join(folder, "index.cjs"))});`,
    mjs: `import { createResolver } from ${JSON.stringify(join(folder, "index.mjs"))};`,
  };
  const runs = Object.entries(loads).map(([ending, load]): Run => {
    const path = join(scene.work, `service.${ending}`);
    writeFileSync(path, program(scene, load, published, root));
    return { name: ending, args: [path] };
  });
  // The first one verifies and fills the cache.
  for (const run of runs) prepare(run);
  const [node, common, modules] = sideBySide(
    [{ name: "node -e 0", args: ["-e", "0"] }, ...runs],
    scene.smoke ? 7 : 31,
  ) as [Timing, Timing, Timing];
  const row = (how: string, run: Timing, atMost?: number): Row => ({
    what: `a service from its start to its first resolution, from the cache, ${how}`,
    measured: `${figure(run.ms)} ms`,
    against: `${figure(node.ms)} ms (node -e 0)`,
    ratio: run.ms / node.ms,
    ...(atMost !== undefined && { bar: { atMost } }),
    peak: run.peak,
  });
  // Node's loader of ES modules is not ours to speed up, and `node -e` does without it.
  return [row("CommonJS", common, 1.5), row("ES modules", modules)];
}

function behind(scene: Scene): readonly Row[] {
  const found = measureInside<Record<"scopes" | "quiet" | "busy" | "longest", number>>(
    scene,
    "refresh",
    scene.smoke ? "1000" : "5000",
  );
  const scopes = `${found.scopes.toLocaleString("en")} scopes`;
  return [
    {
      what: `p99 of \`resolve\` while refreshed all the time, another release of ${scopes} each million questions`,
      measured: `${figure(found.busy)} ns`,
      against: `${figure(found.quiet)} ns (nothing else going on)`,
      ratio: found.busy / found.quiet,
      bar: { atMost: 2 },
    },
    {
      what: `the longest that a service stands still for a release of ${scopes}, ms`,
      measured: `${figure(found.longest)} ms`,
      against: "",
      ratio: found.longest,
    },
  ];
}

function size({ root }: Scene): Row {
  const folder = join(root, "dist/client");
  const bytes = readdirSync(folder)
    .filter((name) => /\.[cm]js$/.test(name))
    .reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  return {
    what: "the client's package, verification and every kind of source included, KB",
    measured: `${figure(bytes / 1000)} KB`,
    against: "",
    ratio: bytes / 1000,
    bar: { atMost: 150 },
  };
}

interface WholeWay {
  readonly folder: string;
  readonly published: string;
  readonly root: string;
  /** From the landing on, milliseconds each. */
  readonly steps: Readonly<Record<string, number>>;
}

/** A history that no other group has recorded already: what was recorded cannot be cut off again. */
const LANDINGS = 12;

/** One landing of a large, governed registry on its way to a service that ran on the landing before. */
function fromLanding(scene: Scene): WholeWay {
  const { cli, work } = scene;
  const wanted = [work, LANDINGS, scene.smoke ? 2_000 : 100_000] as const;
  // Made in a process of its own: starting others from one that holds gigabytes takes long, and would be measured.
  const made = `import { governedHistory } from ${JSON.stringify(join(import.meta.dirname, "evidence-history.ts"))};
    governedHistory(...${JSON.stringify(wanted)});`;
  prepare({ name: "a governed history", args: ["--input-type=module", "-e", made] });
  const { folder, key, previous } = governedHistory(...wanted);
  const [keys, roots, released, published, passphrase] = [
    "keys",
    "roots",
    "released",
    "published",
    "passphrase",
  ].map((name) => join(work, `client-${name}`)) as [string, string, string, string, string];
  writeFileSync(passphrase, "a passphrase for measuring only\n");
  process.env["GIT_COMMITTER_NAME"] = process.env["GIT_AUTHOR_NAME"] = "bench";
  process.env["GIT_COMMITTER_EMAIL"] = process.env["GIT_AUTHOR_EMAIL"] = "bench@example.org";
  const assent = (name: string, ...words: readonly string[]): Run => ({
    name,
    args: [cli, "-C", folder, "--quiet", ...words],
  });
  const root = join(roots, "1.root.json");
  const ceremony = ["--out", keys, "--roots", roots, "--passphrase-file", passphrase];
  const online = ["targets", "snapshot", "timestamp"].flatMap((role) => [
    "--key",
    `${role}=${join(keys, `${role}.pem`)}`,
  ]);
  const service: Run = { name: "the service takes it over", args: [join(work, "update.cjs")] };
  const way: readonly Run[] = [
    assent("recorded", "audit", "record", "--key", key, "--as-of", "2032-01-01T00:00:00Z"),
    assent("verified", "audit", "verify"),
    assent(
      "released",
      "release",
      "--out",
      released,
      "--roots",
      roots,
      "--passphrase-file",
      passphrase,
      ...online,
    ),
    assent("pushed", "push", `dir:${published}`, "--release", released),
    service,
  ];
  writeFileSync(service.args[0] ?? "", updater(scene, published, root));
  prepare(assent("key generate", "key", "generate", ...ceremony));
  const tip = git(folder, "rev-parse", "main");
  git(folder, "update-ref", "refs/heads/main", previous);
  for (const run of way) prepare(run);
  git(folder, "update-ref", "refs/heads/main", tip);
  const steps = Object.fromEntries(way.map((run) => [run.name, once(run)]));
  const { sequence } = JSON.parse(readFileSync(join(work, "updated.json"), "utf8")) as { sequence: number };
  if (sequence !== LANDINGS) throw new Error(`the service is at ${sequence}`);
  return { folder, published, root, steps };
}

/** A service that starts on what it had and refreshes once; it writes down where it is then. */
function updater({ root, work }: Scene, published: string, trust: string): string {
  const options = { source: published, trust, environment: "dev", cacheDir: join(work, "client-way") };
  return `const { createResolver } = require(${JSON.stringify(join(root, "dist/client/index.cjs"))});
createResolver(${JSON.stringify({ ...options, refresh: false })}).then(async (resolver) => {
  const { release } = await resolver.refresh();
  require("node:fs").writeFileSync(${JSON.stringify(join(work, "updated.json"))}, JSON.stringify(release));
  resolver.close();
});`;
}

function wholeWay({ smoke }: Scene, folder: string, steps: WholeWay["steps"]): Row {
  const entries = git(folder, "ls-tree", "-r", "--name-only", "main", "registry").split("\n").length;
  const seconds = Object.values(steps).reduce((sum, ms) => sum + ms, 0) / 1000;
  const each = Object.entries(steps).map(([name, ms]) => `${name} ${figure(ms / 1000)}`);
  return {
    what: `from a landing to a service that answers from it, ${entries.toLocaleString("en")} entries, s`,
    measured: `${figure(seconds)} s`,
    against: each.join(", "),
    ratio: seconds,
    bar: { atMost: smoke ? 30 : 60 },
  };
}

function git(folder: string, ...words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync("git", words, {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`git ${words.join(" ")}: ${stderr}`);
  return stdout.trim();
}

/**
 * The registries that are measured: this repository's own, and a large one. The large one is the imported models.dev
 * catalogue where its archive is at hand (the 5,276 real models), else this repository's imported models repeated
 * under other names, which keeps their distribution of sizes and fields. Everything is made below one temporary folder.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { prepare } from "./measure.ts";

/** Where things are, and how much of them to measure. */
export interface Scene {
  /** The project's root. */
  readonly root: string;
  /** The built command line. */
  readonly cli: string;
  /** A temporary folder of this run. */
  readonly work: string;
  /** Entries of the large registry when it is made by repetition. */
  readonly entries: number;
  readonly smoke: boolean;
}

function git(folder: string, ...args: readonly string[]): void {
  const identity = [
    "-c",
    "user.name=bench",
    "-c",
    "user.email=bench@example.org",
    "-c",
    "commit.gpgsign=false",
  ];
  const { status, stderr } = spawnSync("git", [...identity, ...args], { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
}

function commitAll(folder: string): void {
  git(folder, "init", "-q", "-b", "main");
  git(folder, "add", "-A");
  git(folder, "commit", "-q", "-m", "Everything");
}

/** A clone-like copy of this repository's registry with one landed commit. */
export function smallRegistry({ root, work }: Scene): string {
  const folder = join(work, "small");
  if (existsSync(folder)) return folder;
  mkdirSync(folder);
  cpSync(join(root, "registry"), join(folder, "registry"), { recursive: true });
  if (existsSync(join(root, "CODEOWNERS"))) cpSync(join(root, "CODEOWNERS"), join(folder, "CODEOWNERS"));
  commitAll(folder);
  return folder;
}

/** The paths of the files below a folder, sorted. */
export function filesBelow(folder: string, below = ""): string[] {
  return readdirSync(join(folder, below), { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(below, entry.name);
      return entry.isDirectory() ? filesBelow(folder, path) : [path];
    })
    .toSorted();
}

/** The large registry, as a git repository with one landed commit. */
export function largeRegistry(scene: Scene): string {
  const folder = join(scene.work, "large");
  if (existsSync(join(folder, ".git"))) return folder;
  rmSync(folder, { recursive: true, force: true });
  const archive = join(scene.root, "../shared/data/models.dev-2026-07-02.tar.xz");
  mkdirSync(join(folder, "registry"), { recursive: true });
  writeFileSync(join(folder, "registry/registry.yaml"), "id: bench\n");
  if (!scene.smoke && existsSync(archive)) importArchive(scene, archive, folder);
  else repeatModels(join(scene.root, "registry"), folder, scene.entries);
  commitAll(folder);
  return folder;
}

function importArchive({ work, cli }: Scene, archive: string, folder: string): void {
  const source = join(work, "models.dev");
  mkdirSync(source);
  const { status, stderr } = spawnSync("tar", ["-xJf", archive, "-C", source], { encoding: "utf8" });
  if (status !== 0) throw new Error(`tar: ${stderr}`);
  prepare({ name: "import", args: [cli, "import", "models.dev", source, "-C", folder] });
}

/**
 * Copies the imported models under other names. The upstream id changes with the name, so that none doubles another;
 * owners stay behind with the roles that they name.
 */
function repeatModels(registry: string, folder: string, entries: number): void {
  cpSync(join(registry, "providers"), join(folder, "registry/providers"), { recursive: true });
  const sources = filesBelow(join(registry, "models"))
    .map((path) => ({ path, text: readFileSync(join(registry, "models", path), "utf8") }))
    .filter(({ text }) => /^\s*upstreamId: /m.test(text));
  for (let made = 0; made < entries; made++) {
    const source = sources[made % sources.length];
    if (source === undefined) throw new Error("this repository's registry has no imported models");
    const copy = Math.floor(made / sources.length);
    const [, name = ""] = source.path.split(sep);
    const target = join(folder, "registry/models", source.path.replace(name, `${name}-${copy}`));
    const text = source.text
      .replace(/^(\s*upstreamId: .*?)("?)$/m, `$1-${copy}$2`)
      .replace(/^owner: .*\n/gm, "");
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
}

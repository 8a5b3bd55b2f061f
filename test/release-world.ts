/** A registry that lands, keys, and releases of it, through the front door; for tests. */
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect } from "vitest";
import { refreshRelease, type Refreshed } from "../src/client/refresh.ts";
import { openDirectory } from "../src/client/source/directory.ts";
import { instantOfSeconds } from "../src/core/model/instant.ts";
import type { TrustedState } from "../src/core/trust/tuf/state.ts";
import { run, type Ran } from "./cli.ts";
import { git, makeHistory, newFolder, type MadeCommit } from "./repository-on-disk.ts";

/** 2026-07-01T00:00:00Z, when the first landing landed; each later one lands a minute after the one before. */
export const BEGIN = 1_782_864_000;
export const DAY = 86_400;
export const PASSPHRASE = "correct horse battery staple";

export interface ReleaseWorld {
  readonly folder: string;
  readonly out: string;
  readonly keys: string;
  readonly commits: readonly MadeCommit[];
  /** What the machine has in its environment besides. */
  readonly env: Record<string, string>;
  /** Seconds since the epoch; a test moves it. */
  now: number;
  /** Lands files on main, and leaves the work tree clean. */
  land(files: Readonly<Record<string, string | null>>): void;
  run(...words: readonly string[]): Promise<Ran>;
  /** `assent release` with every key at hand. */
  release(...words: readonly string[]): Promise<Ran>;
}

/** A registry as `init` makes it, landed, below a folder; `begin`: when, for worlds that meet real hosts. */
export async function releaseWorld(place = newFolder(), begin = BEGIN): Promise<ReleaseWorld> {
  const folder = join(place, "registry");
  mkdirSync(folder, { recursive: true });
  git(folder, ["init", "-q", "-b", "main", "."]);
  writeFileSync(join(place, "passphrase"), `${PASSPHRASE}\n`);
  const made = await run(["init", ".", "--id", "tried"], { cwd: folder });
  if (made.code !== 0) throw new Error(made.stderr);
  const world = worldIn(place, [], begin);
  world.land(Object.fromEntries([...filesBelow(folder)].filter(([path]) => !path.startsWith(".git/"))));
  return world;
}

/** The same world once more, to do something to. */
export function copyOf(world: ReleaseWorld): ReleaseWorld {
  const place = newFolder();
  cpSync(dirname(world.folder), place, { recursive: true });
  return Object.assign(worldIn(place, [...world.commits]), { now: world.now });
}

function worldIn(place: string, commits: MadeCommit[], begin = BEGIN): ReleaseWorld {
  const [folder, keys, out] = ["registry", "keys", "out"].map((name) => join(place, name)) as [
    string,
    string,
    string,
  ];
  const world: ReleaseWorld = {
    folder,
    out,
    keys,
    commits,
    env: {},
    now: begin + DAY,
    land(files) {
      const parents = commits.length === 0 ? [] : [commits.length - 1];
      commits.push({ parents, files, time: begin + commits.length * 60 });
      makeHistory(folder, commits);
      git(folder, ["reset", "-q", "--hard"]);
    },
    run: (...words) => run(words, { cwd: folder, host: { now: world.now, git: world.env } }),
    release: (...words) =>
      world.run(
        "release",
        ...(words.includes("--out") ? [] : ["--out", out]),
        ...releaseKeys(keys).filter(
          (flag) => !words.some((own) => flag.startsWith(`--key=${own.split("=")[0]}=`)),
        ),
        `--passphrase-file=${join(place, "passphrase")}`,
        ...words,
      ),
  };
  return world;
}

/** The flags that name the keys of a ceremony. */
export function releaseKeys(keys: string): readonly string[] {
  return ["targets", "snapshot", "timestamp"].map((role) => `--key=${role}=${join(keys, role)}.pem`);
}

/** The ceremony. */
export async function generate(world: ReleaseWorld, ...words: readonly string[]): Promise<Ran> {
  const passphrase = join(dirname(world.folder), "passphrase");
  return world.run("key", "generate", "--out", world.keys, "--passphrase-file", passphrase, ...words);
}

/** Every file below a folder, by its path. */
export function filesBelow(folder: string): ReadonlyMap<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  return new Map(
    paths
      .filter((path) => statSync(join(folder, path)).isFile())
      .map((path) => [path.replaceAll("\\", "/"), readFileSync(join(folder, path), "latin1")]),
  );
}

/** A policy that the registry's one model breaks, and a waiver for it that ends. */
export function waivedUntil(expires: string): Readonly<Record<string, string>> {
  return {
    "registry/policies/support/none/1.0.0.yaml":
      "title: None\nstate: active\nspec:\n  appliesTo: [Model]\n  rules:\n    - id: never\n      assert: \"id == ''\"\n      severity: high\n      message: No model may be here.\n",
    "registry/governance/policy-bindings/none.yaml":
      "title: None\nselector: { kinds: [Model] }\npolicies: [policy:support/none@1.0.0]\nmode: enforce\n",
    "registry/governance/waivers/some.yaml": `title: Some\npolicy: policy:support/none@1.0.0\nselector: { kinds: [Model] }\nreason: Because.\nexpires: ${expires}\n`,
  };
}

export type Wire = Readonly<Record<string, unknown>>;
const schemas = join(import.meta.dirname, "../schemas/wire");
const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true, strictRequired: false });
for (const file of readdirSync(schemas))
  ajv.addSchema(JSON.parse(readFileSync(join(schemas, file), "utf8")) as Wire);

/** An answer in JSON that fits its published schema. */
export function wire(stdout: string): Wire {
  const value = JSON.parse(stdout) as Wire;
  const name = String(value["format"]).slice("assent.".length, -"/v1".length);
  const validate = ajv.getSchema(`https://assent.dev/schemas/wire/v1/${name}.schema.json`);
  expect([validate?.(value), validate?.errors]).toEqual([true, null]);
  return value;
}

export const refused = async (ran: ReturnType<ReleaseWorld["run"]>): Promise<unknown> => {
  const { code, stdout } = await ran;
  return [code, (JSON.parse(stdout) as Wire)["code"]];
};
export const json = ["--format", "json"] as const;

/** What a service sees that pinned the first root. */
export function consume({ folder, out, now }: ReleaseWorld, state?: TrustedState): Promise<Refreshed> {
  const root = readFileSync(join(folder, "trust/1.root.json"));
  return refreshRelease(openDirectory("/", out), state ?? { root }, { now: instantOfSeconds(now) });
}

/** The one file of a folder whose name fits; `at` picks one of several in byte order. */
export function filesNamed(folder: string, pattern: RegExp, at = 0): string {
  const found = readdirSync(folder)
    .filter((name) => pattern.test(name))
    .sort();
  return join(folder, found[Math.min(at, found.length - 1)] ?? "");
}

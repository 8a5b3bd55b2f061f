/**
 * Builds what people install: `dist/` with the CLI (`assent.js`), the library (`index.js`), code-split chunks
 * that are read only when a command needs them, and the package.json that is published. Everything is bundled,
 * so the published package has no dependencies and a command opens two or three files instead of hundreds.
 * It must never write outside `dist/` (but for the link in node_modules/.bin that makes `npx assent` work in a
 * clone), and it reads nothing that changes from day to day: same sources, same bytes.
 */
import { build, type Metafile } from "esbuild";
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { builtinsForCommonJs, dynamicImportsLikeNode } from "./like-node.ts";

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
}

const options = parseArgs({
  options: {
    /** The project to build. */
    root: { type: "string", default: resolve(import.meta.dirname, "../..") },
    /** Where to put it; emptied first. */
    out: { type: "string" },
  },
}).values;

const root = resolve(options.root);
const out = resolve(options.out ?? join(root, "dist"));
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;

/** The files the bundle starts from; the library joins when it exists. */
function entryPoints(): Record<string, string> {
  const library = join(root, "src/index.ts");
  return { assent: join(root, "src/main.ts"), ...(existsSync(library) ? { index: library } : {}) };
}

async function bundle(): Promise<Metafile> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: entryPoints(),
    outdir: out,
    bundle: true,
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    format: "esm",
    platform: "node",
    target: "node20",
    mainFields: ["module", "main"],
    // White space and syntax only: names stay, so that a stack trace in a bug report can be read.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: "none",
    define: { ASSENT_VERSION: JSON.stringify(manifest.version) },
    plugins: [builtinsForCommonJs, dynamicImportsLikeNode],
    metafile: true,
    logLevel: "warning",
  });
  return metafile;
}

/** The package.json of the published package: no dependencies (all is bundled), no scripts, nothing private. */
function publishedManifest(): string {
  const library = existsSync(join(out, "index.js"));
  const published = {
    name: manifest.name,
    version: manifest.version,
    description: manifest.description,
    license: manifest.license,
    type: "module",
    engines: { node: ">=20.16" },
    bin: { assent: "assent.js" },
    exports: {
      ...(library ? { ".": "./index.js" } : {}),
      "./schemas/*": "./schemas/*",
      "./package.json": "./package.json",
    },
    files: ["assent.js", "index.js", "chunks", "schemas", "THIRD-PARTY-LICENSES"],
    sideEffects: false,
  };
  return `${JSON.stringify(published, null, 2)}\n`;
}

/** The licence texts of the packages whose code is in the bundle, as their licences ask. */
function thirdPartyNotices(metafile: Metafile): string {
  const folders = new Set<string>();
  for (const output of Object.values(metafile.outputs)) {
    for (const input of Object.keys(output.inputs)) {
      const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
      if (folder !== undefined) folders.add(folder);
    }
  }
  const notices = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
    const file = readdirSync(join(root, folder)).find((each) => /^licen[cs]e/i.test(each));
    const text =
      file === undefined
        ? "(the package carries no licence file)"
        : readFileSync(join(root, folder, file), "utf8");
    return `${name} ${version} (${license})\n\n${text.trim()}\n`;
  });
  return `Assent contains code of these packages.\n\n${notices.join(`\n${"-".repeat(80)}\n\n`)}`;
}

/** Lets `npx assent` find this clone's own CLI: npm links the bins of dependencies only, never the root's. */
function linkIntoClone(): void {
  const bin = join(root, "node_modules/.bin");
  if (out !== join(root, "dist") || !existsSync(bin)) return;
  const link = join(bin, "assent");
  if (lstatSync(link, { throwIfNoEntry: false }) !== undefined) rmSync(link);
  symlinkSync(relative(dirname(link), join(out, "assent.js")), link);
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const metafile = await bundle().catch(() => process.exit(1)); // esbuild has printed why
const program = join(out, "assent.js");
writeFileSync(program, `#!/usr/bin/env node\n${readFileSync(program, "utf8")}`);
chmodSync(program, 0o755);
writeFileSync(join(out, "package.json"), publishedManifest());
writeFileSync(join(out, "THIRD-PARTY-LICENSES"), thirdPartyNotices(metafile));
for (const name of ["LICENSE", "README.md", "schemas"]) {
  if (existsSync(join(root, name))) cpSync(join(root, name), join(out, name), { recursive: true });
}
linkIntoClone();

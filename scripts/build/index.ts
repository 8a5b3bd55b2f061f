/**
 * Builds what people install: `dist/` with the program (`assent.js` and its parts, see parts.ts) and the
 * package.json that is published. Everything is bundled, so the published package has no dependencies and a command
 * opens a handful of files instead of hundreds.
 * It must never write outside `dist/` (but for the link in node_modules/.bin that makes `npx assent` work in a
 * clone), and it reads nothing that changes from day to day: same sources, same bytes.
 */
import { build, type BuildOptions, type Plugin, type Metafile } from "esbuild";
import { createHash } from "node:crypto";
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
import { buildClient, clientExports } from "./client.ts";
import { buildLibrary, libraryExports } from "./library.ts";
import { cutIntoParts, generatedPart, type Part, sourceOf } from "./parts.ts";
import { buildSandbox } from "./sandbox.ts";
import { cutIntoTiers, isTier, lowest } from "./tiers.ts";
import { pdfFonts } from "./pdf-fonts.ts";

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

const common = {
  absWorkingDir: root,
  bundle: true,
  format: "cjs",
  platform: "node",
  target: "node20",
  mainFields: ["main"],
  // White space and syntax only: names stay, so that a stack trace in a bug report can be read.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: "none",
  // A part is told its folder as Node tells a file.
  define: { ASSENT_VERSION: JSON.stringify(manifest.version), "import.meta.dirname": "__dirname" },
  metafile: true,
  logLevel: "warning",
  logOverride: { "empty-import-meta": "error" },
} as const satisfies BuildOptions;

/** Commander starts programs only for subcommands in files of their own, which we have not; loading that costs 4 ms. */
const withoutChildProcess: Plugin = {
  name: "commander-without-child-process",
  setup(building) {
    building.onLoad({ filter: /commander[/\\]lib[/\\]command\.js$/ }, ({ path }) => {
      const source = readFileSync(path, "utf8");
      const line = "const childProcess = require('node:child_process');";
      if (!source.includes(line)) throw new Error("commander imports node:child_process in another way now");
      return { contents: source.replace(line, "const childProcess = {};"), loader: "js" };
    });
  },
};

/** Builds the program and every part that it turns out to need. Returns what went into them. */
async function bundle(): Promise<Metafile[]> {
  const parts = new Map<string, Part>();
  const entry = await build({
    ...common,
    entryPoints: [join(root, "src/main.ts")],
    outfile: join(out, "assent.js"),
    banner: { js: "#!/usr/bin/env node" },
    // main.ts asks where it stands only when it runs from source.
    define: { ...common.define, "import.meta.url": "undefined" },
    // All that main.ts imports lazily is in parts; `--version` reads none.
    plugins: [
      cutIntoParts(
        root,
        parts,
        "./parts",
        (_, kind) => (kind === "dynamic-import" ? lowest : undefined),
        join(import.meta.dirname, "open-part.ts"),
      ),
    ],
  });
  const tierOf = await cutIntoTiers(root, [...(parts.get(lowest)?.modules.values() ?? [])]);
  const own = (file: string) => (path: string) => {
    const part = generatedPart(path) ?? tierOf(path);
    return part === file ? undefined : part;
  };
  const built = new Map<string, { readonly asked: number; readonly metafile: Metafile }>();
  const isOld = ({ file, modules }: Part): boolean => built.get(file)?.asked !== modules.size;
  // A part may be asked for more when another one is built; then it is built again, until none is.
  for (let next = parts.get(lowest); next !== undefined; next = [...parts.values()].find(isOld)) {
    const { file, modules } = next;
    const asked = modules.size;
    const { metafile } = await build({
      ...common,
      stdin: { contents: sourceOf(next), resolveDir: root, sourcefile: `${file}.js` },
      outfile: join(out, "parts", `${file}.js`),
      plugins: isTier(file) ? [withoutChildProcess, cutIntoParts(root, parts, ".", own(file))] : [pdfFonts],
    });
    built.set(file, { asked, metafile });
  }
  requireOnce([...built].filter(([file]) => isTier(file)).map(([, { metafile }]) => metafile));
  return [entry.metafile, ...[...built.values()].map(({ metafile }) => metafile)];
}

/** A module in two files would be two modules: two classes of one name, two states. */
function requireOnce(built: readonly Metafile[]): void {
  const seen = new Set<string>();
  for (const path of built
    .flatMap(({ inputs }) => Object.keys(inputs))
    .filter((each) => existsSync(join(root, each)))) {
    if (seen.has(path)) throw new Error(`${path} is in two parts; give it one of its own (parts.ts)`);
    seen.add(path);
  }
}

/** Tells assent.js which parts it stands before, so that compiled code is never kept from one build to another. */
function sealBuild(): void {
  const digest = createHash("sha256");
  for (const name of readdirSync(join(out, "parts")).sort())
    digest.update(readFileSync(join(out, "parts", name)));
  const entry = readFileSync(program, "utf8");
  writeFileSync(
    program,
    entry.replace("ASSENT-BUILD-ASSENT-BUILD-ASSENT", digest.digest("hex").slice(0, 32)),
  );
}

/** The package.json of the published package: no dependencies (all is bundled), no scripts, nothing private. */
function publishedManifest(hasLibrary: boolean): string {
  const published = {
    name: manifest.name,
    version: manifest.version,
    description: manifest.description,
    license: manifest.license,
    engines: { node: ">=20" },
    bin: { assent: "assent.js" },
    exports: {
      ...(hasLibrary && { ".": libraryExports, "./client": clientExports }),
      "./schemas/*": "./schemas/*",
      "./package.json": "./package.json",
    },
    files: ["assent.js", "client", "library", "parts", "schemas", "THIRD-PARTY-LICENSES"],
  };
  return `${JSON.stringify(published, null, 2)}\n`;
}

/** The licence texts of the packages whose code is in the bundle, as their licences ask. */
function thirdPartyNotices(built: readonly Metafile[]): string {
  const folders = new Set<string>();
  for (const output of built.flatMap(({ outputs }) => Object.values(outputs))) {
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

// A run of the program may be writing what it compiled beside itself.
rmSync(out, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
mkdirSync(out, { recursive: true });
const built = await bundle().catch((error: object) => {
  if (!("errors" in error)) throw error;
  process.exit(1); // esbuild has printed why
});
built.push(...(await buildSandbox(common, join(out, "parts"))));
const libraries = [...(await buildLibrary(root, out)), ...(await buildClient(root, out))];
const program = join(out, "assent.js");
sealBuild();
chmodSync(program, 0o755);
writeFileSync(join(out, "package.json"), publishedManifest(libraries.length > 0));
writeFileSync(join(out, "THIRD-PARTY-LICENSES"), thirdPartyNotices([...built, ...libraries]));
for (const name of ["LICENSE", "README.md", "schemas"]) {
  if (existsSync(join(root, name))) cpSync(join(root, name), join(out, name), { recursive: true });
}
linkIntoClone();

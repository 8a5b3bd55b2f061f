/**
 * Builds `assent/client`, without dependencies: what answers from a cache in one small file, what verifies and what
 * speaks to hosts in files beside it that the first refresh reads. CommonJS, because Node loads that without its ES
 * module loader, which costs 3 ms by itself; ES modules import the same code through a wrapper, so that a Failure of one
 * is a Failure of the other. The declarations lie beside. test/architecture/client.test.ts holds size and imports.
 */
import { build, type BuildOptions, type Metafile, type Plugin } from "esbuild";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

/** What the published package.json says about it. */
export const clientExports = {
  types: "./client/types/client/index.d.ts",
  import: "./client/index.mjs",
  require: "./client/index.cjs",
} as const;

/**
 * TUF's models match paths of delegated targets with a library of glob patterns, a fifth of the whole client. A release
 * delegates to nobody (core/trust/tuf/metadata.ts), so nothing calls it; if something did, it would be refused.
 */
const withoutGlobs: Plugin = {
  name: "tuf-without-delegations",
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^minimatch$/ }, ({ path }) => ({ path, namespace: "no-delegations" }));
    onLoad({ filter: /.*/, namespace: "no-delegations" }, () => ({
      contents: 'exports.minimatch = () => { throw new Error("a release delegates to nobody"); };',
    }));
  },
};

/** What the first refresh needs and a start from the cache does not. */
const rest = "rest.cjs";

/** Builds into `<out>/client`; returns what went into it. Nothing where the project has no client. */
export async function buildClient(root: string, out: string): Promise<readonly Metafile[]> {
  const entry = join(root, "src/client/index.ts");
  if (!existsSync(entry)) return [];
  const folder = join(out, "client");
  mkdirSync(folder, { recursive: true });
  const common = {
    absWorkingDir: root,
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node20",
    minify: true,
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
  } as const satisfies BuildOptions;
  const late = new Set<string>();
  const first = { ...common, plugins: [laterFrom(root, late)] };
  const start = await build({ ...first, entryPoints: [entry], format: "esm", write: false });
  const inStart = new Set(Object.keys(start.metafile.inputs));
  // Each module is in one of the two files: what the second one needs of the first, it is handed.
  const needed = new Set<string>();
  const second = await build({
    ...common,
    stdin: { contents: tableOf([...late]), resolveDir: root, sourcefile: rest },
    outfile: join(folder, rest),
    plugins: [withoutGlobs, handedFrom(root, inStart, needed)],
  });
  const handed = [...needed].sort().map((path, at) => ({ path, name: `m${at}` }));
  const whole = await build({
    ...first,
    stdin: {
      contents: [
        `export * from "./src/client/index.ts";`,
        ...handed.map(({ path, name }) => `import * as ${name} from "./${path}";`),
        `export const modulesOfClient = { ${handed.map(({ path, name }) => `${JSON.stringify(path)}: ${name}`).join(", ")} };`,
      ].join("\n"),
      resolveDir: root,
      sourcefile: "index.cjs",
    },
    outfile: join(folder, "index.cjs"),
  });
  const names = Object.values(start.metafile.outputs).flatMap(({ exports }) => exports);
  writeFileSync(join(folder, "index.mjs"), wrapperOf(names));
  declare(root, entry, join(folder, "types"));
  return [whole.metafile, second.metafile];
}

/** Leaves what is imported with `import()` to the second file, and notes its path below the root in `late`. */
function laterFrom(root: string, late: Set<string>): Plugin {
  return {
    name: "later",
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^\.\.?\// }, ({ path, kind, resolveDir }) => {
        if (kind !== "dynamic-import") return undefined;
        const module = relative(root, join(resolveDir, path)).split(sep).join("/");
        late.add(module);
        return { path: module, namespace: "later" };
      });
      onResolve({ filter: /^\.\/rest\.cjs$/ }, ({ path }) => ({ path, external: true }));
      onLoad({ filter: /.*/, namespace: "later" }, ({ path }) => ({
        contents: `module.exports = require("./${rest}")[${JSON.stringify(path)}]();`,
        resolveDir: root,
      }));
    },
  };
}

/** Takes modules that stand in the first file from there, and notes them in `needed`. */
function handedFrom(root: string, inStart: ReadonlySet<string>, needed: Set<string>): Plugin {
  return {
    name: "handed",
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^\.\.?\// }, ({ path, importer, resolveDir }) => {
        const module = relative(root, join(resolveDir, path)).split(sep).join("/");
        if (importer === "" || !inStart.has(module)) return undefined;
        needed.add(module);
        return { path: module, namespace: "handed" };
      });
      onResolve({ filter: /^\.\/index\.cjs$/ }, ({ path }) => ({ path, external: true }));
      onLoad({ filter: /.*/, namespace: "handed" }, ({ path }) => ({
        contents: `module.exports = require("./index.cjs").modulesOfClient[${JSON.stringify(path)}];`,
        resolveDir: root,
      }));
    },
  };
}

/** A table of modules, none of which runs before it is asked for. */
function tableOf(modules: readonly string[]): string {
  const lines = modules.toSorted().map((path) => `${JSON.stringify(path)}: () => require("./${path}"),`);
  return `module.exports = { ${lines.join("\n")} };`;
}

/** The ES module that hands out what the CommonJS module beside it exports, by these names. */
export function wrapperOf(names: readonly string[]): string {
  return `import whole from "./index.cjs";\nexport const { ${[...names].sort().join(", ")} } = whole;\n`;
}

const compilerFlags =
  "--ignoreConfig --declaration --emitDeclarationOnly --target es2023 --lib es2024 --types node --module nodenext " +
  "--moduleResolution nodenext --strict --skipLibCheck --exactOptionalPropertyTypes --verbatimModuleSyntax " +
  "--allowImportingTsExtensions --rewriteRelativeImportExtensions --resolveJsonModule";

/** TypeScript 7 has no programming interface: its own command line writes the declarations. */
export function declare(root: string, entry: string, folder: string): void {
  const { status, stdout } = spawnSync(
    process.execPath,
    [
      join(root, "node_modules/typescript/bin/tsc"),
      ...compilerFlags.split(" "),
      "--outDir",
      folder,
      "--rootDir",
      join(root, "src"),
      entry,
    ],
    { cwd: root, encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`the declarations could not be written:\n${stdout}`);
}

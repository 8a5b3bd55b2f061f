/**
 * How the program is cut into files, because start-up is a feature. What is ours is in three files (tiers.ts), whose
 * modules run when they are first imported: forty small files would start 15 ms later. What is heavy and not needed by
 * every command stands in files of its own (parts), read when a module that imports it runs.
 * All are CommonJS, because that loads synchronously and Node's ES module loader costs 3 ms by itself. What the
 * source says must hold for the built program: the same names, each module once, and nothing run before it is imported.
 */
import { build, type Plugin } from "esbuild";
import { readFileSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { pdfkitFile } from "./pdf-fonts.ts";

/** A file to build: what it can hand out, by the name that `require(part)[name]()` asks for. */
export interface Part {
  readonly file: string;
  /** Name -> the module that it is. */
  readonly modules: Map<string, string>;
}

/** Packages that get a part of their own; what belongs together (the same classes) must be in one. */
const packages: Readonly<Record<string, string>> = {
  "@sigstore/bundle": "sigstore",
  "@sigstore/sign": "sigstore",
  "@sigstore/verify": "sigstore",
  "@tufjs/canonical-json": "tuf",
  "@tufjs/models": "tuf",
  "@aws-sdk/client-s3": "s3",
  "@marcbachmann/cel-js": "cel",
  ajv: "ajv",
  "ajv-formats": "ajv",
  "fast-glob": "glob",
  "isomorphic-git": "git",
  minisearch: "search",
  octokit: "forge",
  pdfkit: "pdf",
  re2js: "regex",
  "smol-toml": "toml",
  yaml: "yaml",
};

/**
 * Modules that are asked for only when one of their names is used, not when a module that imports them runs: packages
 * that only some entries need, and what takes Node itself milliseconds. None of the packages may be imported by default.
 */
const whenUsed: ReadonlySet<string> = new Set([
  "@marcbachmann/cel-js",
  "ajv-formats/dist/formats.js",
  "node:child_process",
  "node:crypto",
  "node:worker_threads",
  "re2js",
]);

/** The source of a module with the same names as another, which it loads when one of them is first read. */
function lazySource(names: readonly string[], load: string): string {
  const getters = names.map((name) => `get ${name}() { return (whole ??= ${load}).${name}; },`);
  return `let whole; module.exports = { ${getters.join("\n")} };`;
}

/** The part that a package's module belongs to; undefined = it is small and stays in the program. */
function partOfPackage(specifier: string): string | undefined {
  const name = /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
  return packages[name];
}

/**
 * Redirects imports of parts to the files that will hold them, and notes in `parts` what they must hand out.
 *
 * @param place how the file being built reaches the folder of the parts
 * @param ownPart which of our own modules are in a part: a path below src/ (with slashes) and how it is imported
 * @param opener the module whose `openPart(name)` opens parts, bundled into the file being built; without one they are
 *   files to require
 */
export function cutIntoParts(
  root: string,
  parts: Map<string, Part>,
  place: string,
  ownPart: (path: string, kind: string) => string | undefined,
  opener?: string,
): Plugin {
  const handOut = (file: string, name: string, module: string): void => {
    const part = parts.get(file) ?? { file, modules: new Map<string, string>() };
    parts.set(file, part);
    part.modules.set(name, module);
  };
  const opening = (file: string): string =>
    opener === undefined
      ? `require("part:${file}")`
      : `require(${JSON.stringify(opener)}).openPart(${JSON.stringify(file)})`;
  return {
    name: "cut-into-parts",
    setup({ onLoad, onResolve, resolve }) {
      onResolve({ filter: /^node:/ }, ({ path, namespace }) =>
        whenUsed.has(path) && namespace === "file" ? { path, namespace: "node-when-used" } : undefined,
      );
      onLoad({ filter: /.*/, namespace: "node-when-used" }, async ({ path }) => ({
        contents: lazySource(
          Object.keys(await import(path)).filter(isOwnName),
          `require(${JSON.stringify(path)})`,
        ),
      }));
      onResolve({ filter: /^[@a-z]/ }, async ({ path, namespace }) => {
        const file = partOfPackage(path);
        if (file === undefined || namespace !== "file") return undefined;
        // The file that Node's import would load; esbuild would look for what require() gets.
        handOut(file, path, path === "pdfkit" ? pdfkitFile : fileURLToPath(import.meta.resolve(path)));
        return { path, namespace: "package-part", pluginData: file };
      });
      onResolve({ filter: /^\.\.?\// }, async ({ path, kind, resolveDir, importer, pluginData }) => {
        if (pluginData === "asked" || importer === "") return undefined;
        const found = await resolve(path, { kind, resolveDir, importer, pluginData: "asked" });
        const below = relative(join(root, "src"), found.path).split(sep).join("/");
        const file = below.startsWith("..") ? undefined : ownPart(below, kind);
        if (file === undefined) return undefined;
        handOut(file, below, found.path);
        return { path: below, namespace: "own-part", pluginData: { file, module: found.path } };
      });
      onResolve({ filter: /^part:/ }, ({ path }) => ({
        path: `${place}/${path.slice(5)}.js`,
        external: true,
      }));
      onLoad({ filter: /.*/, namespace: "own-part" }, async ({ path, pluginData: { file, module } }) => {
        const load = `${opening(file)}[${JSON.stringify(path)}]()`;
        // assent.js needs three functions once, and need not know their names.
        if (opener !== undefined) return { contents: `module.exports = ${load};`, resolveDir: root };
        const names = await namesOf(module);
        // What is generated is data, so it can wait until one of its names is read.
        if (generatedPart(path) !== undefined) return { contents: lazySource(names, load), resolveDir: root };
        // A name of its own for each costs nothing when it is used, and would keep its first value for ever.
        if (/^export let /m.test(readFileSync(module, "utf8")))
          throw new Error(`${path} exports what changes, which cannot be handed from one part to another`);
        return { contents: `export const { ${names.join(", ")} } = ${load};`, resolveDir: root };
      });
      onLoad({ filter: /.*/, namespace: "package-part" }, async ({ path, pluginData }) => {
        const seen: object = await import(path);
        const names = Object.keys(seen).filter(isOwnName);
        if (whenUsed.has(path)) {
          const load = `require("part:${pluginData}")[${JSON.stringify(path)}]()`;
          return { contents: lazySource(names, load), resolveDir: root };
        }
        // Node marks the namespace of a CommonJS module so; its default export is the whole of it.
        const whole = "module.exports" in seen ? "whole" : "whole.default";
        return {
          contents: `const whole = require("part:${pluginData}")[${JSON.stringify(path)}]();
            export default ${whole}; export const { ${names.join(", ")} } = whole;`,
          resolveDir: root,
        };
      });
    },
  };
}

/** The names that a module of ours exports, which must not run for that. */
async function namesOf(module: string): Promise<readonly string[]> {
  const { metafile } = await build({
    entryPoints: [module],
    format: "esm",
    write: false,
    metafile: true,
    outdir: ".",
  });
  return Object.values(metafile.outputs).flatMap((output) => output.exports);
}

/** Whether a name of a namespace is one that the module itself exports by name. */
function isOwnName(name: string): boolean {
  return name !== "default" && name !== "module.exports";
}

/** The source of a part: a table of its modules, none of which runs before it is asked for. */
export function sourceOf({ modules }: Part): string {
  const lines = [...modules]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, module]) => {
      return `${JSON.stringify(name)}: () => require(${JSON.stringify(module)}),`;
    });
  return `module.exports = { ${lines.join("\n")} };`;
}

/** Modules of ours that are big and needed by some commands only: what is generated from the schemas. */
export function generatedPart(path: string): string | undefined {
  return /^generated\/(?:schemas|validators)\./.test(path) ? basename(path).replace(/\..*$/, "") : undefined;
}

/**
 * Cuts what is ours into few files that lie on one another: each holds what its commands need and no file below it
 * holds already, the last one all the rest. Whoever opens a file pays for every function in it, so `resolve`, asked more
 * often than all else, needs the lowest file only, and `lint` the two lowest. What a list forgets is slower, not wrong.
 * Every module is in exactly one file: there is one Failure, and every code is defined once.
 */
import { build } from "esbuild";
import { existsSync } from "node:fs";
import { join, relative, sep } from "node:path";

/** The file that everything else stands on; assent.js opens it. */
export const lowest = "start";
/** What no other file holds. */
const rest = "program";

/** The files above another, from the lowest up, with the modules below src/ that they are for. */
const tiers: readonly { readonly file: string; readonly modules: readonly string[] }[] = [
  {
    file: lowest,
    modules: [
      "cli/commands/resolve.ts",
      "cli/render/resolution.ts",
      "app/resolve-release.ts",
      "client/source/directory.ts",
    ],
  },
  {
    file: "check",
    modules: [
      "cli/commands/lint.ts",
      "cli/render/text.ts",
      "adapters/git/binary.ts",
      "core/source/locate.ts",
      "core/validate/rules/expressions.ts",
      "core/validate/rules/schemas.ts",
    ],
  },
];

/** Whether a part is such a file, and not a package or what is generated. */
export function isTier(file: string): boolean {
  return file === rest || tiers.some((tier) => tier.file === file);
}

/**
 * Finds out which file every module of ours belongs to.
 *
 * @param root the project
 * @param first modules that the lowest file must hold besides: those that main.ts asks for, absolute
 * @returns the file of a module, by its path below src/ with slashes
 */
export async function cutIntoTiers(
  root: string,
  first: readonly string[],
): Promise<(path: string) => string> {
  const files = new Map<string, string>();
  for (const { file, modules } of tiers) {
    const named = modules.map((path) => join(root, "src", path)).filter((path) => existsSync(path));
    for (const path of await closureOf(root, file === lowest ? [...first, ...named] : named))
      if (!files.has(path)) files.set(path, file);
  }
  return (path) => files.get(path) ?? rest;
}

/** What runs when these modules are imported: they themselves and what they import, but for what waits in `import()`. */
async function closureOf(root: string, modules: readonly string[]): Promise<readonly string[]> {
  const { metafile } = await build({
    absWorkingDir: root,
    stdin: {
      contents: modules.map((path) => `import ${JSON.stringify(path)};`).join("\n"),
      resolveDir: root,
    },
    bundle: true,
    format: "esm",
    packages: "external",
    platform: "node",
    write: false,
    metafile: true,
    plugins: [
      {
        name: "what-runs-at-once",
        setup({ onResolve }) {
          onResolve({ filter: /^\.\.?\// }, ({ path, kind }) =>
            kind === "dynamic-import" ? { path, external: true } : undefined,
          );
        },
      },
    ],
  });
  return Object.keys(metafile.inputs)
    .filter((path) => path !== "<stdin>")
    .map((path) => relative(join(root, "src"), join(root, path)).split(sep).join("/"));
}

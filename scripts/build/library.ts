/**
 * Builds what `import "assent"` gets: the registry as values (src/index.ts) in one file without dependencies, for
 * CommonJS and through a wrapper for ES modules, with its declarations. Heavy packages run when they are first needed.
 */
import { build, type BuildOptions, type Metafile } from "esbuild";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { declare, wrapperOf } from "./client.ts";

/** What the published package.json says about it. */
export const libraryExports = {
  types: "./library/types/index.d.ts",
  import: "./library/index.mjs",
  require: "./library/index.cjs",
} as const;

/** Builds into `<out>/library`; returns what went into it. Nothing where the project has no library. */
export async function buildLibrary(root: string, out: string): Promise<readonly Metafile[]> {
  const entry = join(root, "src/index.ts");
  if (!existsSync(entry)) return [];
  const folder = join(out, "library");
  mkdirSync(folder, { recursive: true });
  const common = {
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    platform: "node",
    target: "node20",
    mainFields: ["main"],
    // White space and syntax only: names stay, so that a stack trace in a bug report can be read.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
  } as const satisfies BuildOptions;
  const { metafile } = await build({ ...common, format: "cjs", outfile: join(folder, "index.cjs") });
  // Only this format tells the names of what is exported.
  const named = await build({
    ...common,
    format: "esm",
    write: false,
    outfile: "index.mjs",
    logLevel: "silent",
  });
  const names = Object.values(named.metafile.outputs).flatMap(({ exports }) => exports);
  writeFileSync(join(folder, "index.mjs"), wrapperOf(names));
  declare(root, entry, join(folder, "types"));
  return [metafile];
}

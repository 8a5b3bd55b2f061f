/**
 * Builds the thread that plugins run in: a program of its own, which the sandbox starts beside the parts, and the engine
 * that it runs, as its package holds it. What the package brings for other uses (debugging, asynchronous calls) is left
 * out.
 */
import { build, type BuildOptions, type Metafile, type Plugin } from "esbuild";
import { copyFileSync, existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const variant = "@jitl/quickjs-wasmfile-release-sync";

/** The engine's variants that nothing starts are empty. */
const withoutUnused: Plugin = {
  name: "without-unused-variants",
  setup(building) {
    const filter = /^@jitl\/quickjs-wasmfile-(?:debug-|release-asyncify)/;
    building.onResolve({ filter }, ({ path }) => ({ path, namespace: "unused-variant" }));
    building.onLoad({ filter: /.*/, namespace: "unused-variant" }, () => ({ contents: "" }));
  },
};

/** Builds `sandbox.js` and `quickjs.wasm` into a folder. Nothing where the project has no sandbox. */
export async function buildSandbox(
  common: BuildOptions & { readonly absWorkingDir: string; readonly metafile: true },
  folder: string,
): Promise<readonly Metafile[]> {
  const thread = join(common.absWorkingDir, "src/adapters/sandbox/thread.ts");
  if (!existsSync(thread)) return [];
  const ofPackage = createRequire(createRequire(thread).resolve("quickjs-emscripten"));
  // It asks for its engine with import(), for which the package has a module that wants to know where it stands.
  const loader = `${variant}/emscripten-module`;
  const { metafile } = await build({
    ...common,
    entryPoints: [thread],
    outfile: join(folder, "sandbox.js"),
    plugins: [withoutUnused],
    alias: { [loader]: ofPackage.resolve(loader) },
  });
  copyFileSync(ofPackage.resolve(`${variant}/wasm`), join(folder, "quickjs.wasm"));
  return [metafile];
}

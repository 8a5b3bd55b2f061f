/**
 * Two places where bundled code would not behave as the same code run by Node. Both are cured here, so that what
 * the tests see in src/ is what users get in dist/. Never a place for features.
 */
import type { Plugin } from "esbuild";
import { builtinModules } from "node:module";
import { fileURLToPath } from "node:url";

const builtins = new Set(builtinModules);

/**
 * `require("fs")` inside bundled CommonJS becomes a look-up in the running process. The usual cure, a banner with
 * createRequire, would be paid by every chunk at every start; this one is paid by the packages that ask.
 */
export const builtinsForCommonJs: Plugin = {
  name: "builtins-for-commonjs",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[a-z0-9_:/]+$/ }, ({ kind, path }) => {
      const name = path.replace(/^node:/, "");
      return kind === "require-call" && builtins.has(name) ? { path: name, namespace: "builtin" } : undefined;
    });
    onLoad({ filter: /.*/, namespace: "builtin" }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(`node:${path}`)});`,
      loader: "js",
    }));
  },
};

/**
 * `const { parse } = await import("yaml")`: Node finds the names of a CommonJS package, esbuild gives `default`
 * alone. Each such package gets a module that re-exports the names that Node sees.
 */
export const dynamicImportsLikeNode: Plugin = {
  name: "dynamic-imports-like-node",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[@a-z]/ }, async ({ kind, path }) => {
      if (kind !== "dynamic-import" || path.startsWith("node:") || builtins.has(path)) return undefined;
      const seen: object = await import(path);
      // Node marks the namespace of a CommonJS module with this name; ES modules need no help.
      return "module.exports" in seen
        ? { path, namespace: "commonjs", pluginData: Object.keys(seen) }
        : undefined;
    });
    onLoad({ filter: /.*/, namespace: "commonjs" }, ({ path, pluginData }) => {
      const names = (pluginData as string[]).filter(
        (name) => name !== "default" && name !== "module.exports",
      );
      const file = JSON.stringify(fileURLToPath(import.meta.resolve(path)));
      return {
        contents: `const whole = require(${file}); export default whole; export const { ${names.join(", ")} } = whole;`,
        loader: "js",
        resolveDir: import.meta.dirname,
      };
    });
  },
};

/**
 * Fails when a package that users would receive carries a licence that the project does not take. Looks at every
 * package of the lock file that is not for development only, as it is installed, because a package's own
 * package.json is what its author declares.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./steps.ts";

/** SPDX identifiers of permissive licences (DEPENDENCIES names the families). */
const permissive = new Set([
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC0-1.0",
  "ISC",
  "MIT",
  "Unlicense",
]);

/** Packages taken although their licence is not on the list: the exact expression, and why. */
const exceptions: Readonly<Record<string, string>> = {
  // Ports zlib, whose licence (permissive, and asking only not to be misrepresented) it therefore repeats.
  // isomorphic-git, a component the owner chose, depends on it.
  pako: "(MIT AND Zlib)",
  // Its package.json declares nothing; the LICENSE file that it ships is the MIT licence. pdfkit depends on it.
  "png-js": "(none)",
};

/**
 * Whether an SPDX expression can be met with permissive licences alone: one of the alternatives of an OR, all
 * parts of an AND. Anything that is not such an expression is refused.
 */
export function isPermissive(expression: string): boolean {
  const bare = expression.trim().replace(/^\(([^()]*)\)$/, "$1");
  if (bare.includes("(")) return false;
  return bare.split(/\s+OR\s+/).some((part) => part.split(/\s+AND\s+/).every((id) => permissive.has(id)));
}

interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly link?: boolean;
}

/** What the package declares where it is installed; a package for another platform is known by the lock alone. */
function declared(folder: string, locked: LockedPackage): string {
  const manifest = join(root, folder, "package.json");
  if (!existsSync(manifest)) return locked.license ?? "(none)";
  const { license } = JSON.parse(readFileSync(manifest, "utf8")) as { readonly license?: unknown };
  return typeof license === "string" ? license : "(none)";
}

/** Every package of the production tree whose licence is not permissive, as lines to print. */
function refusals(): readonly string[] {
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
    readonly packages: Readonly<Record<string, LockedPackage>>;
  };
  return Object.entries(lock.packages)
    .filter(([folder, { dev }]) => folder !== "" && dev !== true)
    .map(([folder, locked]) => ({
      name: folder.replace(/^.*node_modules\//, ""),
      version: locked.version ?? "",
      licence: declared(folder, locked),
    }))
    .filter(({ name, licence }) => !isPermissive(licence) && exceptions[name] !== licence)
    .map(({ name, version, licence }) => `${name} ${version}: ${licence}`);
}

if (import.meta.main) {
  const lines = refusals();
  for (const line of lines) process.stderr.write(`licence not permitted: ${line}\n`);
  process.exitCode = lines.length === 0 ? 0 : 1;
}

/**
 * Judges one import against the table of layers. Pure, so that it can be tried on names alone; it must never read
 * the file system: whether the imported file exists is the type checker's business.
 */
import { builtinModules } from "node:module";
import { posix } from "node:path";
import { layers, type Layer } from "./table.ts";

const builtins = new Set(builtinModules);

/** An import as it stands in a file. */
export interface Import {
  /** The importing file, below src/, with slashes. */
  readonly from: string;
  /** The specifier as written. */
  readonly specifier: string;
  readonly typesOnly: boolean;
}

/** The layer that a file below src/ belongs to; undefined for a file or folder that the table does not know. */
export function layerOf(file: string): Layer | undefined {
  return layers.find(({ path }) => (path.endsWith("/") ? file.startsWith(path) : file === path));
}

function judgePackage(layer: Layer, specifier: string): string | undefined {
  const bare = specifier.replace(/^node:/, "");
  if (specifier.startsWith("node:") || builtins.has(specifier)) {
    const allowed = layer.builtins ?? [];
    return allowed.includes("*") || allowed.includes(`node:${bare}`)
      ? undefined
      : `Node's own module ${specifier}`;
  }
  const name = /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
  return layer.packages.includes(name) ? undefined : `the package ${name}`;
}

function judgeFile(layer: Layer, { from, specifier, typesOnly }: Import): string | undefined {
  const target = posix.join(posix.dirname(from), specifier);
  if (target.startsWith("..")) return `${specifier}, which is outside src/`;
  const within = (paths: readonly string[]) =>
    paths.some((path) => (path.endsWith("/") ? target.startsWith(path) : target === path));
  if (within(layer.may)) return undefined;
  if (typesOnly && within(layer.mayTypes ?? [])) return undefined;
  if (layer.path.endsWith("/") && target.startsWith(layer.path)) {
    if (layer.siblings !== false) return undefined;
    const [family, member] = target.split("/");
    return from.startsWith(`${family}/${member}/`) || target === from ? undefined : `its sibling ${target}`;
  }
  return within(layer.mayTypes ?? []) ? `more than types of ${target}` : target;
}

/** What is wrong with an import, in words that teach; undefined when nothing is. */
export function judge(found: Import): string | undefined {
  const layer = layerOf(found.from);
  if (layer === undefined)
    return `No layer is known for src/${found.from}: give its folder a line in the table of layers.`;
  const inside = found.specifier.startsWith(".");
  const breach = inside ? judgeFile(layer, found) : judgePackage(layer, found.specifier);
  return breach === undefined ? undefined : `${layer.path} must not import ${breach}. ${layer.teach}`;
}

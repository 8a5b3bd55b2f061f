/**
 * The plugins that a registry pins: which file each is, and whether it is the one that was agreed to. A plugin is run
 * only where its bytes have the pinned digest. It must never run one from another registry than it was asked for: the
 * gate asks for the base's.
 */
import { digestOfBytes } from "../model/digest.ts";
import type { Registry } from "../model/registry.ts";
import type {
  LoadedPlugin,
  PinnedPlugin,
  PluginHook,
  PluginManifest,
  Plugins,
  Sandbox,
} from "../model/plugin.ts";
import type { Tree } from "../model/tree.ts";
import { MAX_BYTES } from "../source/limits.ts";
import { answerFunction } from "./functions.ts";
import { parseManifest } from "./manifest.ts";

/** Where plugins stand; governed, like everything in `.github`. A plugin's name is its file's. */
export const PLUGIN_FOLDER = ".github/assent/plugins/";

/** The file of a plugin. */
export function pluginPath(name: string): string {
  return `${PLUGIN_FOLDER}${name}.js`;
}

/** Whether a path is that of a plugin; what stands deeper (examples, tests) is none. */
export function isPluginPath(path: string): boolean {
  return (
    path.startsWith(PLUGIN_FOLDER) && path.endsWith(".js") && !path.slice(PLUGIN_FOLDER.length).includes("/")
  );
}

/** A pin of registry.yaml. */
export interface PluginPin {
  readonly name: string;
  readonly digest: string;
  readonly api: string;
  readonly hooks: readonly PluginHook[];
}

/** The pins of a registry, in the file's order. */
export function pinsOf(registry: Registry): readonly PluginPin[] {
  return registry.ofKind("Registry")[0]?.value.plugins ?? [];
}

/** Hooks that findings and compliance depend on. */
const judging: ReadonlySet<PluginHook> = new Set(["rules", "functions", "onBeforeTransition"]);

/** Whether some plugin has a say in verdicts. */
export function hasJudges(registry: Registry): boolean {
  return pinsOf(registry).some(({ hooks }) => hooks.some((hook) => judging.has(hook)));
}

/** The plugins that a registry pins, from its own tree; nothing of them has run yet. */
export function pluginsOf(registry: Registry, sandbox: Sandbox): Plugins {
  const pinned = pinsOf(registry).map((pin, index) => pinnedPlugin(pin, index, registry.tree, sandbox));
  return { pinned, functions: answerFunction(pinned) };
}

/** The registry with its plugins at hand, or as it is where none has a say in verdicts. `from`: whose plugins. */
export function withPlugins(registry: Registry, sandbox: Sandbox, from: Registry = registry): Registry {
  return hasJudges(from) || hasJudges(registry)
    ? { ...registry, plugins: pluginsOf(from, sandbox) }
    : registry;
}

function pinnedPlugin(pin: PluginPin, index: number, tree: Tree, sandbox: Sandbox): PinnedPlugin {
  const path = pluginPath(pin.name);
  let opened: ReturnType<PinnedPlugin["open"]> | undefined;
  return {
    name: pin.name,
    path,
    digest: pin.digest,
    hooks: pin.hooks,
    index,
    open: () => (opened ??= openPinned(pin, path, tree, sandbox)),
  };
}

function openPinned(
  pin: PluginPin,
  path: string,
  tree: Tree,
  sandbox: Sandbox,
): ReturnType<PinnedPlugin["open"]> {
  const file = tree.get(path);
  if (file === undefined) return { fault: `${path} is missing` };
  if (file.mode !== "100644") return { fault: `${path} is no ordinary file` };
  const bytes = file.read();
  // The pin is what was agreed to; whoever changed the file alone changed nothing that runs.
  if (digestOfBytes(bytes) !== pin.digest) return { fault: `${path} is not the file that is pinned` };
  const read = readPlugin(pin.name, bytes, sandbox);
  if ("faults" in read) return { fault: read.faults.join("; ") };
  const surplus = read.manifest.hooks.filter((hook) => !pin.hooks.includes(hook));
  if (surplus.length > 0) return { fault: `its pin does not grant ${surplus.join(", ")}` };
  return { loaded: read.loaded, manifest: read.manifest };
}

/** Reads a plugin's file; faults are clauses. */
export function readPlugin(
  name: string,
  bytes: Uint8Array,
  sandbox: Sandbox,
):
  | { readonly loaded: LoadedPlugin; readonly manifest: PluginManifest }
  | { readonly faults: readonly string[] } {
  if (bytes.length > MAX_BYTES)
    return { faults: [`it has ${bytes.length} bytes; at most ${MAX_BYTES} are read`] };
  let source: string;
  try {
    source = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return { faults: ["it is not valid UTF-8"] };
  }
  const loaded = sandbox.load(source);
  if ("fault" in loaded) return { faults: [loaded.fault.message] };
  const parsed = parseManifest(name, loaded.description);
  return "faults" in parsed ? parsed : { loaded, manifest: parsed.manifest };
}

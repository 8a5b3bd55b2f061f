/**
 * `assent plugin`: the plugins of a registry listed, compared with their pins, tried and pinned. Running one decides
 * nothing here; what counts is what the gate runs, which is what the base pins.
 */
import { casesPath, parseCases, runCases, type PluginCaseResult } from "../core/plugin/cases.ts";
import { PLUGIN_API } from "../core/plugin/manifest.ts";
import { choosePart, renderReport } from "../core/plugin/texts.ts";
import {
  isPluginPath,
  PLUGIN_FOLDER,
  pinsOf,
  pluginPath,
  pluginsOf,
  readPlugin,
} from "../core/plugin/pinned.ts";
import type { CodeDefinition } from "../core/model/diagnostic.ts";
import { digestOfBytes } from "../core/model/digest.ts";
import { Failure } from "../core/model/failure.ts";
import { isObject, type Json } from "../core/model/json.ts";
import { nearest } from "../core/model/nearest.ts";
import type { PluginHook, PluginManifest, Sandbox } from "../core/model/plugin.ts";
import type { Registry } from "../core/model/registry.ts";
import { filesBelow } from "../core/model/tree.ts";
import type { Edit } from "../core/source/edit.ts";
import { decodeText } from "../core/source/parse.ts";
import { keyOrders } from "../generated/key-order.ts";
import type { FileChange, Ports } from "./ports.ts";
import { openRegistry, type Selection } from "./read.ts";
import { writeChanges, type WriteOptions, type WriteResult } from "./write.ts";

/** A plugin as it stands in a registry. */
export interface PluginState {
  readonly name: string;
  readonly path: string;
  /** What registry.yaml pins; null where no pin names it. */
  readonly pinned: string | null;
  /** The digest of its file; null where there is none. */
  readonly found: string | null;
  /** What its pin lets it do. */
  readonly hooks: readonly PluginHook[];
  /**
   * `pinned`: exactly what was agreed to. `differs`: the file is another. `missing`: there is none. `unpinned`: it runs
   * nowhere. `unfit`: it is what was agreed to, and cannot be run.
   */
  readonly state: "pinned" | "differs" | "missing" | "unpinned" | "unfit";
  /** Why it cannot be run; a clause. */
  readonly fault: string | null;
  /** What it says it is, where it can be read. */
  readonly manifest: PluginManifest | null;
}

/** Every plugin that is pinned, in the order of the pins, then those that stand there without. */
export async function pluginStates(selection: Selection, ports: Ports): Promise<readonly PluginState[]> {
  const { registry, sandbox } = await openRegistry(selection, ports);
  return statesOf(registry, sandbox);
}

function statesOf(registry: Registry, sandbox: Sandbox): readonly PluginState[] {
  const pins = pinsOf(registry);
  const plugins = pluginsOf(registry, sandbox);
  const pinned = plugins.pinned.map((plugin): PluginState => {
    const { name, path, digest, hooks } = plugin;
    const file = registry.tree.get(path);
    const found = file === undefined || file.mode === "160000" ? null : digestOfBytes(file.read());
    const opened = plugin.open();
    const state = found === null ? "missing" : found !== digest ? "differs" : "pinned";
    return {
      name,
      path,
      pinned: digest,
      found,
      hooks,
      state: state === "pinned" && "fault" in opened ? "unfit" : state,
      fault: "fault" in opened ? opened.fault : null,
      manifest: "manifest" in opened ? opened.manifest : null,
    };
  });
  const names = new Set(pins.map(({ name }) => name));
  const others = standingNames(registry).filter((name) => !names.has(name));
  return [...pinned, ...others.map((name) => unpinned(name, registry, sandbox))];
}

function standingNames(registry: Registry): readonly string[] {
  return filesBelow(registry.tree, PLUGIN_FOLDER)
    .filter(({ path, mode }) => isPluginPath(path) && mode === "100644")
    .map(({ path }) => path.slice(PLUGIN_FOLDER.length, -3));
}

function unpinned(name: string, registry: Registry, sandbox: Sandbox): PluginState {
  const path = pluginPath(name);
  const bytes = registry.tree.get(path)?.read() ?? new Uint8Array();
  const read = readPlugin(name, bytes, sandbox);
  return {
    name,
    path,
    pinned: null,
    found: digestOfBytes(bytes),
    hooks: [],
    state: "unpinned",
    fault: "faults" in read ? read.faults.join("; ") : null,
    manifest: "manifest" in read ? read.manifest : null,
  };
}

/** What the rules of the plugin that a code names find, by its own words; none where no such plugin is pinned. */
export async function pluginCodes(
  code: string,
  selection: Selection,
  ports: Ports,
): Promise<readonly CodeDefinition[]> {
  const { registry, sandbox } = await openRegistry(selection, ports);
  const plugin = pluginsOf(registry, sandbox).pinned.find(({ name }) => code.startsWith(`plugin/${name}/`));
  if (plugin === undefined) return [];
  const opened = plugin.open();
  if ("manifest" in opened) return opened.manifest.rules.map(({ definition }) => definition);
  throw new Failure("plugin/unfit", `The plugin ${plugin.name} cannot be asked: ${opened.fault}.`, {
    hint: `assent plugin verify ${plugin.name} compares it with its pin.`,
  });
}

/** How the tests of one plugin went. */
export interface PluginTested {
  readonly name: string;
  /** Why it could not be tried; a clause. */
  readonly fault: string | null;
  /** Empty where it has no tests. */
  readonly cases: readonly PluginCaseResult[];
}

/** Runs the tests of the plugins that are named, pinned or not; of all without names. */
export async function testPlugins(
  selection: Selection & { readonly names: readonly string[] },
  ports: Ports,
): Promise<readonly PluginTested[]> {
  const { registry, sandbox } = await openRegistry(selection, ports);
  const standing = standingNames(registry);
  const all = [...new Set([...pinsOf(registry).map(({ name }) => name), ...standing])];
  for (const name of selection.names) if (!all.includes(name)) throw noPlugin(name, all);
  const chosen = selection.names.length === 0 ? all : all.filter((name) => selection.names.includes(name));
  return Promise.all(chosen.map((name) => testPlugin(name, registry, sandbox)));
}

async function testPlugin(name: string, registry: Registry, sandbox: Sandbox): Promise<PluginTested> {
  const path = pluginPath(name);
  const file = registry.tree.get(path);
  if (file === undefined || file.mode !== "100644") return { name, fault: `${path} is missing`, cases: [] };
  const read = readPlugin(name, file.read(), sandbox);
  if ("faults" in read) return { name, fault: read.faults.join("; "), cases: [] };
  const tests = registry.tree.get(casesPath(path));
  if (tests === undefined) return { name, fault: null, cases: [] };
  const { parseStrict } = await import("../core/source/strict.ts");
  const parsed = parseStrict(tests.path, tests.read());
  const [wrong] = parsed.findings;
  if (wrong !== undefined) return { name, fault: `its tests cannot be read: ${wrong.message}`, cases: [] };
  const cases = parseCases(parsed.value ?? null);
  if ("faults" in cases) return { name, fault: cases.faults.join("; "), cases: [] };
  return { name, fault: null, cases: runCases(cases.cases, read.loaded, read.manifest) };
}

export interface PluginAdded extends WriteResult {
  readonly name: string;
  readonly digest: string;
  readonly hooks: readonly PluginHook[];
}

/**
 * Pins a plugin as it stands in the repository, or brings it from a file first. One that cannot be read, or fails its own
 * tests, is not pinned.
 */
export async function addPlugin(
  request: Selection & { readonly name: string; readonly from?: string | undefined },
  options: Omit<WriteOptions, "message">,
  ports: Ports,
): Promise<PluginAdded> {
  const { name, from, folder } = request;
  if (!/^[a-z][a-z0-9-]{0,49}$/.test(name)) {
    throw new Failure("plugin/name", `${JSON.stringify(name)} is no name of a plugin.`, {
      hint: "Names are lower-case letters, digits and dashes, and begin with a letter.",
    });
  }
  const open = await openRegistry(request, ports);
  const { registry, sandbox } = open;
  const settings = registry.ofKind("Registry")[0];
  const settingsFile = settings === undefined ? undefined : registry.tree.get(settings.path);
  if (settings === undefined || settingsFile === undefined) {
    throw new Failure("plugin/no-registry", "There is no registry/registry.yaml that can be read.", {
      hint: "Mend it first: assent lint registry/registry.yaml.",
    });
  }
  const path = pluginPath(name);
  const bytes = from === undefined ? registry.tree.get(path)?.read() : ports.readInput(folder, from);
  if (bytes === undefined) throw noPlugin(name, standingNames(registry));
  const read = readPlugin(name, bytes, sandbox);
  if ("faults" in read) {
    throw new Failure("plugin/unfit", `The plugin ${name} cannot be run: ${read.faults.join("; ")}.`, {
      hint: "Mend it, and add it again.",
    });
  }
  if (from === undefined) {
    const failing = (await testPlugin(name, registry, sandbox)).cases.filter(({ passed }) => !passed);
    if (failing.length > 0) {
      throw new Failure("plugin/tests-fail", `${name} fails ${failing.length} of its own tests.`, {
        hint: `See which: assent plugin test ${name}`,
      });
    }
  }
  const digest = digestOfBytes(bytes);
  const { hooks } = read.manifest;
  const pins = pinsOf(registry);
  const at = pins.findIndex((pin) => pin.name === name);
  const pin = { name, digest, api: PLUGIN_API, hooks: [...hooks] };
  const edits: readonly Edit[] =
    settings.value.plugins === undefined
      ? [{ pointer: ["plugins"], value: [pin] }]
      : [{ pointer: ["plugins", at === -1 ? pins.length : at], value: pin }];
  const { editText } = await import("../core/source/edit.ts");
  const content = editText(decodeText(settingsFile.read()), edits, keyOrders.Registry);
  const changes: FileChange[] = [{ path: settings.path, content }];
  if (from !== undefined) changes.push({ path, content: bytes });
  const message = `Pin the plugin ${name}\n\n${hooks.join(", ")}\n${digest}`;
  return { ...(await writeChanges(open, changes, { ...options, message })), name, digest, hooks };
}

export interface RenderRequest extends Selection {
  /** `<plugin>`, or `<plugin>/<report>`. */
  readonly renderer: string;
  /** A file with the JSON of a report. */
  readonly file: string;
}

/** A report as a pinned plugin renders it. */
export async function renderByPlugin(request: RenderRequest, ports: Ports): Promise<string> {
  const { registry, sandbox } = await openRegistry(request, ports);
  const chosen = choosePart(pluginsOf(registry, sandbox), "reports", request.renderer);
  if ("fault" in chosen) throw noPart("report", request.renderer, chosen);
  const report = readJson(ports.readInput(request.folder, request.file));
  if (!isObject(report)) {
    throw new Failure("plugin/no-report", `${request.file} holds no JSON object.`, {
      hint: "Write one: assent report compliance --format json > report.json",
    });
  }
  const said = renderReport(chosen.plugin, chosen.part, report);
  if ("value" in said) return said.value;
  throw new Failure("plugin/cannot-render", `${request.renderer} cannot render it: ${said.fault}.`, {
    hint: `Try it: assent plugin test ${chosen.plugin.pinned.name}`,
  });
}

function readJson(bytes: Uint8Array): Json {
  try {
    return JSON.parse(decodeText(bytes)) as Json;
  } catch {
    return null;
  }
}

/** No part of that name; says which there are. */
export function noPart(
  what: "report" | "importer",
  name: string,
  { fault, names }: { readonly fault: string; readonly names: readonly string[] },
): Failure {
  const near = nearest(name, names);
  const known =
    names.length === 0 ? `No plugin has a ${what}: assent plugin list.` : `There are ${names.join(", ")}.`;
  return new Failure("plugin/no-part", `The ${what} "${name}" cannot be run: ${fault}.`, {
    hint: near === undefined ? known : `Did you mean ${near}?`,
  });
}

function noPlugin(name: string, names: readonly string[]): Failure {
  const near = nearest(name, names);
  return new Failure("plugin/no-plugin", `There is no plugin "${name}" in ${PLUGIN_FOLDER}.`, {
    hint: near === undefined ? `Write ${pluginPath(name)} first.` : `Did you mean ${near}?`,
  });
}

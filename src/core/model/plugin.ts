/**
 * The vocabulary of plugins: what runs one, what it says it is, and which a registry pins. Whoever implements a sandbox
 * must give the same answer for the same source and the same input, whatever ran before, and give the plugin nothing
 * else to look at. Nothing here runs anything.
 */
import type { CodeDefinition } from "./diagnostic.ts";
import type { KindName } from "./kind.ts";

/** Why a plugin has no answer. Every one of them follows from source and input alone, on any machine. */
export interface PluginFault {
  /**
   * `source`: it cannot be read, or does not call plugin(). `threw`: it threw. `steps`, `memory`, `stack`: it went past
   * a bound. `answer`: what it gave is no plain JSON, or too much of it.
   */
  readonly reason: "source" | "threw" | "steps" | "memory" | "stack" | "answer";
  /** A clause for people, without a full stop; text of the plugin in it is cut short. */
  readonly message: string;
}

/** What a call gave: JSON text, or why there is none. */
export type PluginAnswer = { readonly json: string } | { readonly fault: PluginFault };

/** A plugin that was read. Each call begins from the same state: nothing that a call leaves behind reaches another. */
export interface LoadedPlugin {
  /** What it handed to plugin(), as JSON, with `"function"` in place of functions. */
  readonly description: string;
  /**
   * Calls the function at a path of what it handed to plugin() with each of these lists of arguments (the text of a JSON
   * array), in order. Ends after the first that has no answer.
   */
  call(path: readonly string[], inputs: readonly string[]): readonly PluginAnswer[];
}

/** Runs plugins. What keeps it from running at all, and a call that ends past every bound, is a Failure. */
export interface Sandbox {
  load(source: string): LoadedPlugin | { readonly fault: PluginFault };
}

/** What a plugin may do (`hooks` of its pin in registry.yaml). */
export const pluginHooks = [
  "rules",
  "functions",
  "reports",
  "importers",
  "onBeforeTransition",
  "onAfterLanding",
] as const;

export type PluginHook = (typeof pluginHooks)[number];

export interface PluginRule {
  /** The name in `rules`. */
  readonly name: string;
  readonly definition: CodeDefinition;
  readonly kinds: readonly KindName[];
}

/** A named part of a plugin, with its one line for help. */
export interface PluginPart {
  readonly name: string;
  readonly summary: string;
}

/** What a plugin says it is. Lists are in byte order of names. */
export interface PluginManifest {
  readonly summary: string;
  readonly rules: readonly PluginRule[];
  readonly functions: readonly string[];
  readonly reports: readonly PluginPart[];
  readonly importers: readonly PluginPart[];
  /** What it has, in the order of `pluginHooks`. */
  readonly hooks: readonly PluginHook[];
}

/** What plugins of a registry add to expressions: `name` is `<plugin>/<function>`, `args` the text of a JSON array. */
export type PluginFunctions = (name: string, args: string) => PluginAnswer;

/** A plugin as registry.yaml pins it, with what stands at its path; nothing of it has run. */
export interface PinnedPlugin {
  readonly name: string;
  readonly path: string;
  /** `sha256:<hex>` of the bytes that were agreed to. */
  readonly digest: string;
  readonly hooks: readonly PluginHook[];
  /** Where registry.yaml pins it: the index in `plugins`. */
  readonly index: number;
  /** The loaded plugin, read once; or why it is not to be run. */
  open(): { readonly loaded: LoadedPlugin; readonly manifest: PluginManifest } | { readonly fault: string };
}

/** The plugins that a registry's findings come from. */
export interface Plugins {
  readonly pinned: readonly PinnedPlugin[];
  /** The only files that rules are asked about, where not about all: those that a change touches. */
  readonly only?: ReadonlySet<string>;
  readonly functions: PluginFunctions;
}

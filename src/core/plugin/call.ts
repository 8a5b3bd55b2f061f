/**
 * Asks a plugin one thing and reads what it answers as JSON. Whatever keeps it from answering is a clause. It must
 * never let a value of the plugin's be anything but JSON that was checked here.
 */
import { isObject, type Json, type JsonObject, type Pointer } from "../model/json.ts";
import type { LoadedPlugin, PinnedPlugin, PluginHook, PluginManifest, Plugins } from "../model/plugin.ts";

/** What a plugin said, or why it said nothing: a clause. */
export type Said<T> = { readonly value: T } | { readonly fault: string };

/** Reads the JSON that a plugin answered; throws `Unfit` with a clause where it has another shape. */
export type Shape<T> = (value: Json) => T;

/** Thrown by shapes, and caught here. */
export class Unfit extends Error {}

/** Calls a function of a plugin with one argument, several times; the first that has no fitting answer is the last. */
export function ask<T>(
  plugin: LoadedPlugin,
  path: readonly string[],
  inputs: readonly string[],
  shape: Shape<T>,
): readonly Said<T>[] {
  const said: Said<T>[] = [];
  const lists = inputs.map((input) => `[${input}]`);
  for (const answer of plugin.call(path, lists)) {
    if ("fault" in answer) return [...said, { fault: answer.fault.message }];
    try {
      said.push({ value: shape(JSON.parse(answer.json) as Json) });
    } catch (error) {
      if (!(error instanceof Unfit)) throw error;
      return [...said, { fault: error.message }];
    }
  }
  return said;
}

/** A plugin that is open. */
export interface OpenPlugin {
  readonly pinned: PinnedPlugin;
  readonly loaded: LoadedPlugin;
  readonly manifest: PluginManifest;
}

/** The plugins that have a hook, in the order of their pins; what keeps one from being run is told to `failed`. */
export function openWith(
  plugins: Plugins,
  hook: PluginHook,
  failed: (pinned: PinnedPlugin, fault: string) => void,
): readonly OpenPlugin[] {
  return plugins.pinned.flatMap((pinned) => {
    if (!pinned.hooks.includes(hook)) return [];
    const opened = pinned.open();
    if ("fault" in opened) {
      failed(pinned, opened.fault);
      return [];
    }
    return opened.manifest.hooks.includes(hook) ? [{ pinned, ...opened }] : [];
  });
}

/** A list of at most so many things, each read by a shape. */
export function listOf<T>(most: number, of: Shape<T>): Shape<readonly T[]> {
  return (value) => {
    if (!Array.isArray(value)) throw new Unfit("it does not answer a list");
    if (value.length > most) throw new Unfit(`it answers ${value.length} things; at most ${most} are read`);
    return value.map(of);
  };
}

/** An object with no keys but these. */
export function objectWith(value: Json, keys: readonly string[]): JsonObject {
  if (!isObject(value)) throw new Unfit("it answers something that is no object");
  const other = Object.keys(value).find((key) => !keys.includes(key));
  if (other !== undefined)
    throw new Unfit(`its answer has the unknown key ${JSON.stringify(other.slice(0, 50))}`);
  return value;
}

/** A line of an answer: text without control characters. */
export function lineIn(object: JsonObject, key: string): string {
  const text = object[key];
  if (typeof text === "string" && text.trim() !== "" && text.length <= 1000 && !/\p{Cc}|\p{Cf}/u.test(text))
    return text;
  throw new Unfit(`its answer has no line "${key}" of 1 to 1000 characters`);
}

/** The same where it may be left out. */
export function optionalLine(object: JsonObject, key: string): string | undefined {
  return object[key] === undefined ? undefined : lineIn(object, key);
}

/** A pointer of keys and indexes; the document when it is left out. */
export function pointerIn(object: JsonObject, key: string): Pointer {
  const given = object[key] ?? [];
  const isStep = (step: Json): step is string | number =>
    typeof step === "string" || (typeof step === "number" && Number.isSafeInteger(step) && step >= 0);
  if (Array.isArray(given) && given.length <= 32 && given.every(isStep)) return given.filter(isStep);
  throw new Unfit(`"${key}" in its answer is no list of keys and indexes`);
}

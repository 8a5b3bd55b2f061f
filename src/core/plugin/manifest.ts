/**
 * What a plugin says it is: the value it handed to plugin(), read without trust. All that is wrong with it is told at
 * once. It must never call anything of it.
 */
import { compareBytes, isObject, type Json, type JsonObject } from "../model/json.ts";
import { nearest } from "../model/nearest.ts";
import {
  pluginHooks,
  type PluginHook,
  type PluginManifest,
  type PluginPart,
  type PluginRule,
} from "../model/plugin.ts";
import { kinds } from "../kinds/index.ts";

/** The one version of the interface there is. */
export const PLUGIN_API = "assent.plugin/v1";

const partName = /^[a-z][a-z0-9-]{0,49}$/;

/** Reads a description (LoadedPlugin.description) of the plugin of this name; or clauses that say what is wrong. */
export function parseManifest(
  plugin: string,
  description: string,
): { readonly manifest: PluginManifest } | { readonly faults: readonly string[] } {
  const given = JSON.parse(description) as Json;
  if (!isObject(given)) return { faults: ["plugin() is given no object"] };
  const faults: string[] = [];
  const known = ["api", "summary", ...pluginHooks];
  unknownKeys(given, known, "plugin()", faults);
  if (given["api"] !== PLUGIN_API)
    faults.push(`api is ${JSON.stringify(given["api"] ?? null)}; this program speaks "${PLUGIN_API}"`);
  for (const hook of ["onBeforeTransition", "onAfterLanding"] as const)
    if (given[hook] !== undefined && given[hook] !== "function") faults.push(`${hook} is no function`);
  const manifest: PluginManifest = {
    summary: textAt(given, "summary", "plugin()", faults),
    rules: parts(given, "rules", ["kinds", "severity", "summary", "why", "fix"], "check", faults).map(
      ({ name, value, where }) => ruleOf(plugin, name, value, where, faults),
    ),
    functions: parts(given, "functions", [], "apply", faults).map(({ name }) => name),
    reports: summarised(given, "reports", "render", faults),
    importers: summarised(given, "importers", "read", faults),
    hooks: pluginHooks.filter((hook) => given[hook] !== undefined),
  };
  if (manifest.hooks.length === 0) faults.push("it has no hook, so it can do nothing");
  return faults.length > 0 ? { faults } : { manifest };
}

interface Part {
  readonly name: string;
  readonly value: JsonObject;
  /** How messages name it. */
  readonly where: string;
}

/** The named parts of a hook, each an object with one function. */
function parts(
  given: JsonObject,
  hook: PluginHook,
  keys: readonly string[],
  call: string,
  faults: string[],
): readonly Part[] {
  const all = given[hook];
  if (all === undefined) return [];
  if (!isObject(all) || Object.keys(all).length === 0) {
    faults.push(`${hook} is no object with a member for each of them`);
    return [];
  }
  return Object.entries(all)
    .sort(([a], [b]) => compareBytes(a, b))
    .flatMap(([name, value]) => {
      const where = `${hook}.${name}`;
      if (!partName.test(name)) {
        faults.push(`${JSON.stringify(name)} in ${hook} is no name: lower-case letters, digits, dashes`);
        return [];
      }
      if (!isObject(value) || value[call] !== "function") {
        faults.push(`${where} has no function ${call}`);
        return [];
      }
      unknownKeys(value, [...keys, call], where, faults);
      return [{ name, value, where }];
    });
}

function summarised(
  given: JsonObject,
  hook: PluginHook,
  call: string,
  faults: string[],
): readonly PluginPart[] {
  return parts(given, hook, ["summary"], call, faults).map(({ name, value, where }) => ({
    name,
    summary: textAt(value, "summary", where, faults),
  }));
}

function ruleOf(
  plugin: string,
  name: string,
  value: JsonObject,
  where: string,
  faults: string[],
): PluginRule {
  const { kinds: named, severity } = value;
  const words: readonly Json[] = Array.isArray(named) ? named : [];
  if (words.length === 0) faults.push(`${where}.kinds names no kind`);
  const meant = words.flatMap((word) => {
    const kind = kinds.find((each) => each.name === word);
    if (kind === undefined) faults.push(`${where}.kinds: there is no kind ${JSON.stringify(word)}`);
    return kind === undefined ? [] : [kind.name];
  });
  if (severity !== "error" && severity !== "warning" && severity !== "info")
    faults.push(`${where}.severity is none of error, warning, info`);
  return {
    name,
    kinds: meant,
    definition: {
      code: `plugin/${plugin}/${name}`,
      severity: severity === "warning" || severity === "info" ? severity : "error",
      category: "invalid",
      summary: textAt(value, "summary", where, faults),
      why: textAt(value, "why", where, faults),
      fix: textAt(value, "fix", where, faults),
    },
  };
}

function textAt(given: JsonObject, key: string, where: string, faults: string[]): string {
  const text = given[key];
  if (typeof text === "string" && text.trim() !== "" && text.length <= 500 && !/\p{C}/u.test(text))
    return text;
  faults.push(`${where}.${key} is no line of 1 to 500 characters`);
  return "";
}

function unknownKeys(given: JsonObject, known: readonly string[], where: string, faults: string[]): void {
  for (const key of Object.keys(given).sort(compareBytes)) {
    if (known.includes(key)) continue;
    const near = nearest(key, known);
    faults.push(
      `${where} has the unknown key ${JSON.stringify(key)}${near === undefined ? "" : ` (${near}?)`}`,
    );
  }
}

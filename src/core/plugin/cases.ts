/**
 * A plugin's own tests: what a part of it is given, and what it has to answer, word for word. They stand beside it as
 * `<name>.tests.yaml` and are data; nothing of them runs.
 */
import { isObject, type Json, type JsonObject } from "../model/json.ts";
import type { LoadedPlugin, PluginManifest } from "../model/plugin.ts";
import { sameValue } from "../source/layout.ts";

/** The file of a plugin's tests. */
export function casesPath(path: string): string {
  return path.replace(/\.js$/, ".tests.yaml");
}

export interface PluginCase {
  readonly name: string;
  /** The part: `rules.<name>`, `functions.<name>`, `reports.<name>`, `importers.<name>`, or a hook that is a function. */
  readonly call: string;
  /** The argument; for functions the list of arguments. */
  readonly given: Json;
  /** The answer; absent where it has to fail. */
  readonly expect: Json | undefined;
}

export interface PluginCaseResult {
  readonly name: string;
  readonly call: string;
  readonly passed: boolean;
  readonly expected: Json | undefined;
  /** Null where it has no answer. */
  readonly got: Json;
  /** Why it has none. */
  readonly fault: string | null;
}

/** Reads the content of a file of tests; faults are clauses. */
export function parseCases(
  value: Json,
): { readonly cases: readonly PluginCase[] } | { readonly faults: readonly string[] } {
  const list = isObject(value) ? value["cases"] : undefined;
  if (!Array.isArray(list) || list.length === 0) return { faults: ["its tests have no list of cases"] };
  const faults: string[] = [];
  const cases = list.map((item: Json, index): PluginCase => {
    const where = `case ${index + 1} of its tests`;
    const given: JsonObject = isObject(item) ? item : {};
    const { name, call, given: input, expect, fails } = given;
    const other = Object.keys(given).find(
      (key) => !["name", "call", "given", "expect", "fails"].includes(key),
    );
    if (other !== undefined) faults.push(`${where} has the unknown key ${JSON.stringify(other)}`);
    if (typeof call !== "string" || input === undefined) faults.push(`${where} lacks call or given`);
    if ((expect === undefined) === (fails === undefined) || (fails !== undefined && fails !== true))
      faults.push(`${where} says neither what to expect nor fails: true, or both`);
    return {
      name: typeof name === "string" ? name : `case ${index + 1}`,
      call: typeof call === "string" ? call : "",
      given: input ?? null,
      expect,
    };
  });
  return faults.length > 0 ? { faults } : { cases };
}

/** The function that a case calls: its path in the plugin; undefined when the plugin has none such. */
function pathOf(call: string, manifest: PluginManifest): readonly string[] | undefined {
  const [hook = "", name = "", ...more] = call.split(".");
  if (more.length > 0) return undefined;
  const has = (parts: readonly { readonly name: string }[]): boolean =>
    parts.some((part) => part.name === name);
  switch (hook) {
    case "rules":
      return has(manifest.rules) ? [hook, name, "check"] : undefined;
    case "functions":
      return manifest.functions.includes(name) ? [hook, name, "apply"] : undefined;
    case "reports":
      return has(manifest.reports) ? [hook, name, "render"] : undefined;
    case "importers":
      return has(manifest.importers) ? [hook, name, "read"] : undefined;
    case "onBeforeTransition":
    case "onAfterLanding":
      return name === "" && manifest.hooks.includes(hook) ? [hook] : undefined;
    default:
      return undefined;
  }
}

/** Runs the cases. */
export function runCases(
  cases: readonly PluginCase[],
  loaded: LoadedPlugin,
  manifest: PluginManifest,
): readonly PluginCaseResult[] {
  return cases.map(({ name, call, given, expect }) => {
    const path = pathOf(call, manifest);
    const said = { name, call, expected: expect };
    if (path === undefined) return { ...said, passed: false, got: null, fault: `it has no ${call}` };
    const args = call.startsWith("functions.") && Array.isArray(given) ? given : [given];
    const [answer] = loaded.call(path, [JSON.stringify(args)]);
    if (answer === undefined) throw new Error("a sandbox answers every input");
    if ("fault" in answer)
      return { ...said, passed: expect === undefined, got: null, fault: answer.fault.message };
    const got = JSON.parse(answer.json) as Json;
    return { ...said, passed: expect !== undefined && sameValue(got, expect), got, fault: null };
  });
}

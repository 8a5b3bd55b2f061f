/**
 * What plugins make of texts and values that are handed to them: a report as text, a foreign text as records to import.
 * A record is a claim: it goes the way of every import, through schema and lint.
 */
import { isObject, type Json, type JsonObject } from "../model/json.ts";
import type { Plugins } from "../model/plugin.ts";
import { ask, listOf, openWith, Unfit, type OpenPlugin, type Said } from "./call.ts";

/** Why nobody could be asked, or who answers: names are `<plugin>/<part>`, or a plugin's name where it has one part. */
export type Chosen =
  | { readonly plugin: OpenPlugin; readonly part: string }
  | { readonly fault: string; readonly names: readonly string[] };

/** The report renderer or importer of a name. */
export function choosePart(plugins: Plugins, hook: "reports" | "importers", name: string): Chosen {
  const faults: string[] = [];
  const open = openWith(plugins, hook, ({ name: plugin }, fault) => {
    if (name === plugin || name.startsWith(`${plugin}/`)) faults.push(fault);
  });
  const [own = "", wanted] = name.split("/", 2);
  const names = open.flatMap(({ pinned, manifest }) =>
    manifest[hook].map((part) => `${pinned.name}/${part.name}`),
  );
  const plugin = open.find(({ pinned }) => pinned.name === own);
  const all = plugin?.manifest[hook] ?? [];
  const part = wanted === undefined && all.length === 1 ? all[0] : all.find((each) => each.name === wanted);
  if (plugin !== undefined && part !== undefined) return { plugin, part: part.name };
  return { fault: faults[0] ?? "no pinned plugin has it", names };
}

/** Renders a report, which is any JSON object, as text of at most a million characters. */
export function renderReport({ loaded }: OpenPlugin, part: string, report: JsonObject): Said<string> {
  return only(
    ask(loaded, ["reports", part, "render"], [JSON.stringify(report)], (value) => {
      if (typeof value !== "string") throw new Unfit("it does not answer a text");
      return value;
    }),
  );
}

/** Reads a foreign text as records in the words of `assent import json`: `{ref, ...}` each. */
export function readForeign({ loaded }: OpenPlugin, part: string, text: string): Said<readonly JsonObject[]> {
  const record = (value: Json): JsonObject => {
    if (!isObject(value)) throw new Unfit("one of its records is no object");
    return value;
  };
  return only(ask(loaded, ["importers", part, "read"], [JSON.stringify(text)], listOf(10_000, record)));
}

function only<T>([said]: readonly Said<T>[]): Said<T> {
  if (said === undefined) throw new Error("a sandbox answers every input");
  return said;
}

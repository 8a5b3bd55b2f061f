/**
 * Registered models of MLflow: what its REST API answers (get, search, search of versions), what mlflow-export-import
 * writes, and lists of either. MLflow counts versions 1, 2, 3; here they are 1.0.0, 2.0.0, 3.0.0, because nothing says
 * that one fits where another did. Users and addresses of runs stay behind: they are personal data.
 */
import { isObject, type Json, type JsonObject } from "../model/json.ts";
import * as codes from "./codes.ts";
import { collect, labelsOf, objectsOf, wordOf, type Collected } from "./foreign.ts";
import { readJson } from "./json-text.ts";
import { compact, count, identityKey, type ImportFormat, type Wanted } from "./record.ts";
import { cleanLine, isPlainId, quoted } from "./text.ts";
import { isVersion } from "../model/ref.ts";

const uri = "https://mlflow.org";
const home = "mlflow";

export const mlflow: ImportFormat = {
  name: "mlflow",
  summary:
    "Registered models of MLflow: versions, tags, aliases, stages (REST answers, mlflow-export-import).",
  source: { is: "file" },
  uri,
  partial: true,
  looksRight: () => true,
  read: (source, wanted) =>
    collect(source, (text, file, into) => {
      const parsed = readJson(text);
      if ("reason" in parsed) into.report(codes.unreadable, file, parsed.reason);
      else readAnswer(parsed.value, { file, wanted, into });
    }),
};

interface Reading {
  readonly file: string;
  readonly wanted: Wanted;
  readonly into: Collected;
}

/** The states that stages mean here. `None` says nothing, so the caller's state holds. */
const stateOfStage: ReadonlyMap<string, string> = new Map([
  ["production", "production"],
  ["staging", "beta"],
  ["archived", "deprecated"],
]);

const environmentsOf: ReadonlyMap<string, readonly string[]> = new Map([
  ["production", ["production", "prod"]],
  ["staging", ["staging", "stage"]],
]);

function readAnswer(answer: Json, reading: Reading): void {
  const { file, into } = reading;
  const bad = (message: string): void => into.report(codes.unreadable, file, message);
  const models: JsonObject[] = [];
  const loose: JsonObject[] = [];
  const take = (value: Json): void => {
    if (!isObject(value)) return bad("A record is no JSON object.");
    const { mlflow: inner, registered_model: one, registered_models: many, model_versions: versions } = value;
    if (isObject(inner)) take(inner);
    else if (isObject(one)) models.push(one);
    else if (many !== undefined) models.push(...objectsOf(many, "registered_models", bad));
    else if (versions !== undefined) loose.push(...objectsOf(versions, "model_versions", bad));
    else if (isObject(value["model_version"])) loose.push(value["model_version"]);
    else if (typeof value["name"] === "string" && value["version"] !== undefined) loose.push(value);
    else if (typeof value["name"] === "string") models.push(value);
    else bad("It is neither a registered model nor a version of one.");
  };
  if (Array.isArray(answer)) for (const item of answer as readonly Json[]) take(item);
  else take(answer);
  const named = new Map<string, JsonObject[]>();
  for (const version of loose) {
    const name = wordOf(version["name"]);
    if (name === undefined) bad("A version names no model.");
    else named.set(name, [...(named.get(name) ?? []), version]);
  }
  for (const model of models) readModel(model, [], reading);
  for (const [name, versions] of named) readModel({ name }, versions, reading);
  if (into.records.length > 0) {
    into.records.push({
      kind: "Provider",
      file,
      identity: { by: "upstream", provider: null, id: home },
      value: { title: "MLflow", sources: [{ path: file }] },
    });
  }
}

function readModel(model: JsonObject, more: readonly JsonObject[], reading: Reading): void {
  const { file, into, wanted } = reading;
  const name = wordOf(model["name"]) ?? "";
  if (!isPlainId(name)) return into.report(codes.illegalId, file, `${quoted(name)} is no model's name.`);
  if (!wanted(identityKey(home, name))) return;
  const bad = (message: string): void => into.report(codes.unreadable, file, `${quoted(name)}: ${message}`);
  const versions = [
    ...objectsOf(model["versions"], "versions", bad),
    ...objectsOf(model["latest_versions"], "latest_versions", bad),
    ...more,
  ];
  for (const key of Object.keys(model)) if (!known.has(key)) count(into.dropped, cleanLine(key, 60).text);
  const tags = tagsOf(model["tags"]);
  const read = new Set<string>();
  const live = new Map<string, { readonly version: string; readonly run: string | undefined }>();
  const aliases = new Map<string, string>();
  for (const { alias, version } of objectsOf(model["aliases"], "aliases", bad))
    aliasOf(alias, version, aliases, bad);
  for (const value of versions) {
    const number = wordOf(value["version"]) ?? "";
    const version = `${number}.0.0`;
    if (!/^[1-9]\d{0,14}$/.test(number)) bad(`${quoted(number)} is no version of MLflow.`);
    else if (!read.has(version) && readVersion(name, version, value, model, tags, reading)) {
      const stage = (wordOf(value["current_stage"]) ?? "").toLowerCase();
      const before = live.get(stage);
      // Several versions may stand in one stage; MLflow serves the highest.
      if (
        environmentsOf.has(stage) &&
        (before === undefined || Number(number) > parseInt(before.version, 10))
      )
        live.set(stage, { version, run: wordOf(value["run_id"]) });
      if (Array.isArray(value["aliases"]))
        for (const alias of value["aliases"] as readonly Json[]) aliasOf(alias, number, aliases, bad);
      read.add(version);
    }
  }
  for (const [alias, version] of aliases) {
    if (read.has(version)) continue;
    bad(`the alias ${quoted(alias)} means version ${version}, which the export does not hold.`);
    aliases.delete(alias);
  }
  const of = { namespace: home, id: name };
  if (aliases.size > 0) {
    const value = { aliases: Object.fromEntries(aliases), sources: [{ path: file }] };
    into.records.push({ kind: "Aliases", file, identity: { by: "version", ...of, version: null }, value });
  }
  for (const [stage, { version, run }] of live) {
    const environments = environmentsOf.get(stage) ?? [];
    const provenance = { trainingRun: run === undefined ? `mlflow ${name} ${version}` : `mlflow run ${run}` };
    into.live.push({ file, of: { ...of, version }, stage: `MLflow ${stage}`, environments, provenance });
  }
}

const known: ReadonlySet<string> = new Set([
  "name",
  "versions",
  "latest_versions",
  "tags",
  "aliases",
  "description",
]);

function readVersion(
  name: string,
  version: string,
  value: JsonObject,
  model: JsonObject,
  shared: ReadonlyMap<string, string>,
  { file, into }: Reading,
): boolean {
  const what = `${quoted(name)} ${version}`;
  const status = wordOf(value["status"]) ?? "READY";
  if (status !== "READY") {
    into.report(codes.unreadable, file, `${what}: its registration is ${quoted(status)}, not READY.`);
    return false;
  }
  const stage = wordOf(value["current_stage"]);
  const state = stateOfStage.get(stage?.toLowerCase() ?? "");
  if (state !== undefined)
    into.report(codes.stageMapped, file, `${what}: stage ${stage ?? ""} became state ${state}.`);
  else if (stage !== undefined && stage !== "None")
    into.report(codes.illegalValue, file, `${what}: stage ${quoted(stage)} is none of MLflow's.`);
  const labels = labelsOf(
    new Map([...shared, ...tagsOf(value["tags"])]),
    "mlflow.",
    into.dropped,
    (message) => into.report(codes.illegalValue, file, `${what}: ${message}.`),
  );
  const said = wordOf(value["description"]) ?? wordOf(model["description"]);
  const place = wordOf(value["source"]);
  const run = wordOf(value["run_id"]);
  const notes = [run === undefined ? "" : `Run ${run}.`, place === undefined ? "" : `Files at ${place}.`];
  const note = cleanLine(notes.join(" "), 1000).text;
  into.records.push({
    kind: "Model",
    file,
    identity: { by: "version", namespace: home, id: name, version },
    value: compact({
      title: cleanLine(`${name} ${version}`, 200).text,
      description: said === undefined ? undefined : cleanLine(said, 1500).text || undefined,
      labels,
      state,
      ...(state === "deprecated" && { reason: "MLflow has it in stage Archived.", sunset: "unknown" }),
      spec: { provider: `provider:${home}`, upstreamId: name, type: "other" },
      sources: [compact({ path: file, note: note === "" ? undefined : note })],
    }),
  });
  return true;
}

/** Tags come as a list of key and value, or as a map. */
function tagsOf(value: Json | undefined): ReadonlyMap<string, string> {
  const pairs: readonly (readonly [Json | undefined, Json | undefined])[] = Array.isArray(value)
    ? (value as readonly Json[]).flatMap((item) =>
        isObject(item) ? [[item["key"], item["value"]] as const] : [],
      )
    : isObject(value)
      ? Object.entries(value)
      : [];
  return new Map(
    pairs.flatMap(([key, said]): [string, string][] => {
      const word = wordOf(said);
      return typeof key === "string" && word !== undefined ? [[key, word]] : [];
    }),
  );
}

function aliasOf(
  alias: Json | undefined,
  version: Json | undefined,
  into: Map<string, string>,
  bad: (message: string) => void,
): void {
  const word = wordOf(alias)?.toLowerCase() ?? "";
  const number = wordOf(version) ?? "";
  if (!/^[a-z0-9][a-z0-9._-]{0,99}$/.test(word) || word === "latest" || isVersion(word))
    bad(`the alias ${quoted(wordOf(alias) ?? "")} cannot be one here.`);
  else if (/^[1-9]\d{0,14}$/.test(number)) into.set(word, `${number}.0.0`);
  else bad(`the alias ${quoted(word)} means no version.`);
}

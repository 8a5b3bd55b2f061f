/**
 * Model lists of Lattice-Lock, as its schema has them: a flat list (`models: [{id, provider, ...}]`) or by provider
 * (`providers: {openai: {models: {...}}}`). Its own files state prices per million tokens and scores of 100; lists that
 * state prices per thousand say so in the key, and scores of 1 show in their values. Keys of APIs are never read.
 */
import { isObject, type Json, type JsonObject } from "../model/json.ts";
import * as codes from "./codes.ts";
import { fieldsOf, type Fields } from "./fields.ts";
import { collect, type Collected, wordOf } from "./foreign.ts";
import { maturityOf, priceOf, providerOf, scaleOf, scoresOf } from "./lattice-lock-facts.ts";
import { needsContextLength, typeOf } from "./model-facts.ts";
import { compact, identityKey, type ImportFormat, type Wanted } from "./record.ts";
import { cleanLine, isPlainId, quoted } from "./text.ts";
import { readYaml } from "./yaml-text.ts";

export const latticeLock: ImportFormat = {
  name: "lattice-lock",
  summary: "Lattice-Lock's models.yaml or registry.yaml: prices, scores, maturity, variables of providers.",
  source: { is: "file" },
  uri: "https://github.com/klappe-pm/lattice-lock-framework",
  partial: true,
  looksRight: () => true,
  read: (source, wanted) =>
    collect(source, (text, file, into) => {
      const parsed = readYaml(text);
      if ("reason" in parsed) into.report(codes.unreadable, file, parsed.reason);
      else if (!isObject(parsed.value)) into.report(codes.unreadable, file, "It is no map.");
      else readList(parsed.value, file, wanted, into);
    }),
};

/** A model of either layout. */
interface Listed {
  readonly id: string;
  readonly provider: string;
  readonly value: JsonObject;
}

function readList(list: JsonObject, file: string, wanted: Wanted, into: Collected): void {
  const models: Listed[] = [];
  const take = (id: string | undefined, provider: string | undefined, value: Json | undefined): void => {
    const where = quoted(id ?? "");
    if (!isObject(value)) return into.report(codes.unreadable, file, `${where} is no map.`);
    if (
      id === undefined ||
      provider === undefined ||
      !isPlainId(id) ||
      !isPlainId(provider) ||
      provider.includes("/")
    )
      return into.report(codes.illegalId, file, `${where} has no id, or names no provider.`);
    if (wanted(identityKey(provider, id))) models.push({ id, provider, value });
  };
  for (const { id, provider, value } of entriesOf(list["models"])) take(id, provider, value);
  const { providers } = list;
  if (providers !== undefined && !isObject(providers))
    into.report(codes.unreadable, file, "providers is no map.");
  for (const [name, provider] of Object.entries(isObject(providers) ? providers : {})) {
    if (!isObject(provider)) {
      into.report(codes.unreadable, file, `The provider ${quoted(name)} is no map.`);
      continue;
    }
    const id = name.toLowerCase();
    for (const each of entriesOf(provider["models"])) take(each.id, id, each.value);
    if (!isPlainId(id) || id.includes("/"))
      into.report(codes.illegalId, file, `${quoted(name)} names no provider.`);
    else if (wanted(identityKey(id, "*")) || models.some((model) => model.provider === id)) {
      const value = providerOf(id, provider, file, (message) =>
        into.report(codes.illegalValue, file, message),
      );
      into.records.push({ kind: "Provider", file, identity: { by: "upstream", provider: null, id }, value });
    }
  }
  const scale = scaleOf(models.map(({ value }) => value));
  for (const model of models) readModel(model, scale, file, into);
}

/** A list of models that name themselves, or a map by their ids. */
function entriesOf(
  models: Json | undefined,
): readonly { readonly id?: string; readonly provider?: string; readonly value: Json | undefined }[] {
  if (Array.isArray(models)) {
    return (models as readonly Json[]).map((value) => {
      if (!isObject(value)) return { value };
      const id = wordOf(value["id"]) ?? wordOf(value["name"]);
      const provider = wordOf(value["provider"])?.toLowerCase();
      return { value, ...(id !== undefined && { id }), ...(provider !== undefined && { provider }) };
    });
  }
  return Object.entries(isObject(models) ? models : {}).map(([id, value]) => {
    const provider = isObject(value) ? wordOf(value["provider"])?.toLowerCase() : undefined;
    return { id, value, ...(provider !== undefined && { provider }) };
  });
}

const carried: ReadonlySet<string> = new Set([
  "id",
  "name",
  "api_name",
  "provider",
  "context_window",
  "max_output_tokens",
  "release_date",
  "maturity",
  "status",
  "capabilities",
  "supports_vision",
  "supports_function_calling",
  "supports_json_mode",
  "best_for",
  "description",
  "scores",
  "task_scores",
  "cost",
  "pricing",
  "speed_rating",
]);

function readModel({ id, provider, value }: Listed, scale: 1 | 100, file: string, into: Collected): void {
  const report = (definition: Parameters<Collected["report"]>[0], message: string): void =>
    into.report(definition, file, `${quoted(id)}: ${message}`);
  const fields = fieldsOf(value, { report, dropped: into.dropped });
  const prices = priceOf(fields, report);
  const scores = scoresOf(value, scale, (key) => void fields.wrong(key, "no score"));
  fields.countOthers(new Set([...carried, ...prices.keys, ...scores.keys]));
  const upstreamId = fields.text("api_name", 300) ?? id;
  const can = (word: string, key: string): boolean | undefined =>
    listed(value["capabilities"], word) ? true : fields.flag(key);
  const vision = can("vision", "supports_vision");
  const modalities = { input: vision === true ? ["text", "image"] : ["text"], output: ["text"] };
  const type = typeOf(id, undefined, modalities);
  const state = maturityOf(fields, report);
  const description = fields.text("description", 1500);
  into.records.push({
    kind: "Model",
    file,
    identity: { by: "upstream", provider, id: upstreamId },
    assumesType: true,
    value: compact({
      title: fields.text("name", 200) ?? cleanLine(id, 200).text,
      description,
      ...state,
      spec: { upstreamId, type },
      facts: compact({
        capabilities: compact({
          contextLength: fields.size("context_window") ?? (needsContextLength(type) ? "unknown" : undefined),
          maxOutputTokens: fields.size("max_output_tokens"),
          modalities: type === "embedding" || type === "reranking" ? undefined : modalities,
          functions: can("function_calling", "supports_function_calling"),
          structuredOutput: can("json_mode", "supports_json_mode"),
          vision,
        }),
        releaseDate: fields.date("release_date"),
        categories: categoriesOf(fields),
        scores: scores.list.length === 0 ? undefined : scores.list,
      }),
      serving: prices.pricing === undefined ? undefined : { pricing: prices.pricing },
      sources: [{ path: file }],
    }),
  });
}

function listed(list: Json | undefined, word: string): boolean {
  return Array.isArray(list) && (list as readonly Json[]).includes(word);
}

function categoriesOf(fields: Fields): readonly string[] | undefined {
  const value = fields.value["best_for"];
  if (!Array.isArray(value)) return undefined;
  const words = (value as readonly Json[]).flatMap((item) => {
    const word = wordOf(item);
    return word === undefined ? [] : [cleanLine(word, 200).text];
  });
  return words.length === 0 ? undefined : [...new Set(words)].slice(0, 50);
}

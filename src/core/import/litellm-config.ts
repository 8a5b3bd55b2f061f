/**
 * The configuration of a LiteLLM proxy, YAML or JSON: its deployments as records of LiteLLM's price map, so that both are
 * read by the same reader. What stands in `model_info` weighs more than what stands in `litellm_params`; keys are dropped.
 */
import { isObject, type Json, type JsonObject } from "../model/json.ts";
import { readJson } from "./json-text.ts";
import { readYaml } from "./yaml-text.ts";

/** A price map, or a configuration as one. */
export function readMap(text: string): { readonly value: Json } | { readonly reason: string } {
  const json = readJson(text);
  const parsed = "reason" in json && !/^\s*[[{]/.test(text) ? readYaml(text) : json;
  if ("reason" in parsed) return /^model_list\s*:/m.test(text) ? parsed : json;
  const { value } = parsed;
  if (!isObject(value)) return "reason" in json ? json : parsed;
  const list = value["model_list"];
  return Array.isArray(list) ? { value: mapOf(list as readonly Json[]) } : "reason" in json ? json : parsed;
}

/** Of several deployments of one model the first counts; LiteLLM balances between them. */
function mapOf(list: readonly Json[]): JsonObject {
  const map = new Map<string, JsonObject>();
  list.forEach((item, index) => {
    const params = isObject(item) ? item["litellm_params"] : undefined;
    const model = isObject(params) ? params["model"] : undefined;
    if (!isObject(item) || !isObject(params) || typeof model !== "string") {
      map.set(`model_list[${index}]`, {});
      return;
    }
    if (map.has(model)) return;
    const { id: _id, ...info } = isObject(item["model_info"]) ? item["model_info"] : {};
    const slash = model.indexOf("/");
    const provider = slash < 0 ? undefined : model.slice(0, slash);
    map.set(model, {
      ...(provider !== undefined && { litellm_provider: provider }),
      ...costsOf(params),
      ...info,
    });
  });
  return Object.fromEntries(map);
}

/** Prices may stand beside the parameters of the call. */
function costsOf(params: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(params).filter(([key]) => /cost/.test(key)));
}

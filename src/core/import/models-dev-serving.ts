/**
 * How and at what price a model is served, from its models.dev record: its own address where that differs from the
 * provider's, the package that speaks to it, prices, and the modes that cost otherwise.
 */
import { isObject, type Json, type JsonObject } from "../model/json.ts";
import type { Fields, Sink } from "./fields.ts";
import type { ModelSource } from "./models-dev-model.ts";
import { pricingOf } from "./models-dev-pricing.ts";
import { compact, count } from "./record.ts";

/** The `serving` block; undefined when the source says nothing about it. */
export function servingOf(source: ModelSource, fields: Fields, sink: Sink): JsonObject | undefined {
  const provider = fields.table("provider");
  provider.countOthers(providerKeys);
  const serving = compact({
    endpoints: endpointsOf(provider, sink),
    pricing: pricingOf(source, source.value["cost"], "cost", sink),
    modes: modesOf(source, fields, sink),
    sdk: provider.text("npm", 200),
  });
  return Object.keys(serving).length === 0 ? undefined : serving;
}

const providerKeys: ReadonlySet<string> = new Set(["api", "npm", "shape"]);
/** What the registry takes for a word and for an address of a service. */
const word = /^[A-Za-z0-9_][A-Za-z0-9_.@/-]{0,99}$/;
const address = /^https?:\/\/[^\s<>"]{1,1990}$/;

function endpointsOf(provider: Fields, sink: Sink): readonly JsonObject[] | undefined {
  const { api, shape } = provider.value;
  if (api === undefined) {
    if (shape !== undefined) count(sink.dropped, "provider.shape (without provider.api)");
    return undefined;
  }
  if (typeof api !== "string" || !address.test(api)) return provider.wrong("api", "no web address");
  const legal = shape === undefined || (typeof shape === "string" && word.test(shape));
  return [compact({ type: "rest", url: api, shape: legal ? shape : provider.wrong("shape", "no word") })];
}

/** `experimental.modes`: ways to call the model that have their own price. */
function modesOf(source: ModelSource, fields: Fields, sink: Sink): JsonObject | undefined {
  if (fields.value["experimental"] === undefined) return undefined;
  const experimental = fields.table("experimental");
  experimental.countOthers(new Set(["modes"]));
  const modes = experimental.table("modes");
  const out: Record<string, Json> = {};
  for (const name of Object.keys(modes.value).slice(0, 20)) {
    if (!/^[a-z0-9][a-z0-9._-]{0,49}$/.test(name)) {
      modes.wrong(name, "no mode with a plain name");
      continue;
    }
    const mode = modes.table(name);
    mode.countOthers(new Set(["cost", "provider"]));
    const request = mode.table("provider");
    request.countOthers(new Set(["headers", "body"]));
    out[name] = compact({
      headers: headersOf(request),
      body: isObject(request.value["body"]) ? request.value["body"] : undefined,
      pricing: pricingOf(source, mode.value["cost"], `experimental.modes.${name}.cost`, sink),
    });
  }
  return Object.keys(out).length === 0 ? undefined : out;
}

function headersOf(request: Fields): JsonObject | undefined {
  const headers = request.value["headers"];
  if (headers === undefined) return undefined;
  const fits = ([key, value]: [string, Json | undefined]): boolean =>
    /^[A-Za-z0-9-]{1,100}$/.test(key) && typeof value === "string" && /^[^\n\r]{1,500}$/.test(value);
  if (isObject(headers) && Object.keys(headers).length <= 20 && Object.entries(headers).every(fits))
    return headers;
  return request.wrong("headers", "no table of header lines");
}

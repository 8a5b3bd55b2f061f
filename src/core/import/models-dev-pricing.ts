/**
 * Prices of models.dev -> `pricing`: USD per million tokens, with the digits as the source spells them.
 * Misspelt keys are read as what they plainly mean and reported; prices of other units have no field and are counted.
 */
import { isObject, type Json, type JsonObject } from "../model/json.ts";
import * as codes from "./codes.ts";
import { decimalOf, fitDecimal } from "./decimal.ts";
import type { Sink } from "./fields.ts";
import type { ModelSource } from "./models-dev-model.ts";
import { count } from "./record.ts";
import { quoted } from "./text.ts";
import { spellingOf } from "./toml.ts";

const fieldOf: Readonly<Record<string, string>> = {
  input: "inputPerMillionTokens",
  output: "outputPerMillionTokens",
  reasoning: "reasoningPerMillionTokens",
  cache_read: "cacheReadPerMillionTokens",
  cache_write: "cacheWritePerMillionTokens",
  input_audio: "inputAudioPerMillionTokens",
  output_audio: "outputAudioPerMillionTokens",
};

/** Misspellings found in the wild and what they mean (the source's data notes). */
const meant: Readonly<Record<string, string>> = {
  cache_input: "cache_read",
  cached_input: "cache_read",
  cached_write: "cache_write",
};

/** The pricing of a `cost` table; undefined when it states no price that has a field. `path` is its dotted path. */
export function pricingOf(
  source: ModelSource,
  cost: Json | undefined,
  path: string,
  sink: Sink,
): JsonObject | undefined {
  if (cost === undefined) return undefined;
  if (!isObject(cost)) {
    sink.report(codes.illegalValue, `${path} is no table.`);
    return undefined;
  }
  const prices = pricesOf(source, cost, path, sink);
  const tiers = tiersOf(source, cost["tiers"], `${path}.tiers`, sink);
  if (Object.keys(prices).length === 0 && tiers === undefined) return undefined;
  return { currency: "USD", ...prices, ...(tiers === undefined ? undefined : { tiers }) };
}

function pricesOf(source: ModelSource, table: JsonObject, path: string, sink: Sink): Record<string, Json> {
  const out: Record<string, Json> = {};
  for (const [key, value] of Object.entries(table)) {
    if (key === "tiers" || key === "tier") continue;
    const right = Object.hasOwn(meant, key) ? meant[key]! : key;
    const field = Object.hasOwn(fieldOf, right) ? fieldOf[right] : undefined;
    if (field === undefined) {
      count(sink.dropped, `${path}.${quoted(key).slice(1, -1)}`);
      continue;
    }
    if (right !== key) {
      const both = table[right] !== undefined;
      const what = both
        ? `means ${right}, which is given as well; ${right} was taken`
        : `was read as ${right}`;
      sink.report(codes.misspelt, `${path}.${key} ${what}.`);
      if (both) continue;
    }
    const price = priceOf(source, `${path}.${key}`, value, sink);
    if (price !== undefined) out[field] = price;
  }
  return out;
}

function priceOf(source: ModelSource, path: string, value: Json | undefined, sink: Sink): string | undefined {
  const digits = typeof value === "number" ? decimalOf(spelled(source, path, value)) : undefined;
  const fit = digits === undefined ? undefined : fitDecimal(digits);
  if (fit === undefined) {
    sink.report(codes.illegalValue, `${path} ${quoted(JSON.stringify(value) ?? "")} is no price.`);
    return undefined;
  }
  if (fit.rounded) sink.report(codes.rounded, `${path} ${digits} was rounded to ${fit.text}.`);
  return fit.text;
}

/** A price table names the size of the context above which it holds; other tiers have no field. */
function tiersOf(
  source: ModelSource,
  tiers: Json | undefined,
  path: string,
  sink: Sink,
): readonly JsonObject[] | undefined {
  if (tiers === undefined) return undefined;
  if (!Array.isArray(tiers)) sink.report(codes.illegalValue, `${path} is no list.`);
  const out: JsonObject[] = [];
  for (const tier of (Array.isArray(tiers) ? tiers : []) as readonly Json[]) {
    const bound = isObject(tier) ? tier["tier"] : undefined;
    const size = isObject(bound) ? bound["size"] : undefined;
    const byContext = isObject(bound) && (bound["type"] ?? "context") === "context";
    const legal =
      byContext && typeof size === "number" && Number.isSafeInteger(size) && size >= 1 && out.length < 20;
    if (legal && isObject(tier))
      out.push({ aboveContextTokens: size, ...pricesOf(source, tier, path, sink) });
    else count(sink.dropped, `${path} (not by context)`);
  }
  return out.length === 0 ? undefined : out;
}

/** The digits of the file that states the price; the base's where the child inherits it. */
function spelled(source: ModelSource, path: string, value: number): string {
  const own = spellingOf(source.own, path, value);
  return source.base === undefined || own !== String(value) ? own : spellingOf(source.base, path, value);
}

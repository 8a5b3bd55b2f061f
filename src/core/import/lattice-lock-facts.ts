/**
 * What single fields of a Lattice-Lock model mean here: prices by the unit in their key, scores by the scale of the
 * whole list, maturity as a state, and the names (never the values) of the variables that a provider's clients need.
 */
import { isObject, type Json, type JsonObject } from "../model/json.ts";
import * as codes from "./codes.ts";
import { decimalOf, decimalOfNumber, fitDecimal } from "./decimal.ts";
import type { Fields, Report } from "./fields.ts";
import { wordOf } from "./foreign.ts";
import { compact } from "./record.ts";
import { cleanLine, quoted } from "./text.ts";

interface Priced {
  readonly pricing: JsonObject | undefined;
  /** The keys that stated them. */
  readonly keys: readonly string[];
}

/** A thousand tokens are moved by three digits to a million. */
const perThousand = 3;

const priceKeys: readonly (readonly [pattern: RegExp, field: string, shift: number])[] = [
  [/^(?:input_cost|input_cost_per_(?:1m|million))$/, "inputPerMillionTokens", 0],
  [/^(?:output_cost|output_cost_per_(?:1m|million))$/, "outputPerMillionTokens", 0],
  [
    /^(?:cost_per_1k_input|input_cost_per_1k|input_per_1k)(?:_tokens)?$/,
    "inputPerMillionTokens",
    perThousand,
  ],
  [
    /^(?:cost_per_1k_output|output_cost_per_1k|output_per_1k)(?:_tokens)?$/,
    "outputPerMillionTokens",
    perThousand,
  ],
];

/** Prices in US dollars, whose unit the key states: bare `input_cost` is per million (Lattice-Lock's own schema). */
export function priceOf(fields: Fields, report: Report): Priced {
  const found: Record<string, Json> = {};
  const keys: string[] = [];
  const take = (key: string, field: string, value: Json | undefined, shift: number): void => {
    const digits =
      typeof value === "number"
        ? decimalOfNumber(value, shift)
        : typeof value === "string"
          ? decimalOf(value, shift)
          : undefined;
    const fit = digits === undefined ? undefined : fitDecimal(digits);
    if (fit === undefined)
      report(codes.illegalValue, `${key} ${quoted(JSON.stringify(value) ?? "")} is no price.`);
    else found[field] = fit.text;
    if (fit?.rounded === true) report(codes.rounded, `${key} was rounded to ${fit.text} per million tokens.`);
  };
  for (const [key, value] of Object.entries(fields.value)) {
    const [, field, shift] = priceKeys.find(([pattern]) => pattern.test(key)) ?? [];
    if (field !== undefined && shift !== undefined) {
      keys.push(key);
      take(key, field, value, shift);
    } else if (/^cost_per_1k(?:_tokens)?$/.test(key)) {
      keys.push(key);
      // One number is the price of a thousand tokens, whichever way they go.
      take(key, "inputPerMillionTokens", isObject(value) ? value["input"] : value, perThousand);
      take(key, "outputPerMillionTokens", isObject(value) ? value["output"] : value, perThousand);
    } else if ((key === "cost" || key === "pricing") && isObject(value)) {
      for (const [inner, price] of Object.entries(value)) {
        const [, name, move] = priceKeys.find(([pattern]) => pattern.test(inner)) ?? [];
        if (name !== undefined && move !== undefined) take(`${key}.${inner}`, name, price, move);
      }
    }
  }
  return { pricing: Object.keys(found).length === 0 ? undefined : { currency: "USD", ...found }, keys };
}

/** Scores of a model: its `*_score` keys and what stands in its maps of scores. */
function* statedScores(
  value: JsonObject,
): Generator<readonly [key: string, name: string, score: Json | undefined]> {
  for (const [key, score] of Object.entries(value)) {
    if (key.endsWith("_score")) yield [key, key.slice(0, -"_score".length), score];
    if ((key === "scores" || key === "task_scores") && isObject(score))
      for (const [name, inner] of Object.entries(score)) yield [key, name, inner];
  }
}

/** Whether a list counts scores to 1 or to 100; one score above 1 tells. */
export function scaleOf(models: readonly JsonObject[]): 1 | 100 {
  for (const model of models)
    for (const [, , score] of statedScores(model)) if (typeof score === "number" && score > 1) return 100;
  return 1;
}

/** Claimed scores from 0 to 1, by name; `wrong` hears of a key with one that is none. */
export function scoresOf(
  value: JsonObject,
  scale: 1 | 100,
  wrong: (key: string) => void,
): { readonly list: readonly JsonObject[]; readonly keys: readonly string[] } {
  const list = new Map<string, JsonObject>();
  const keys = new Set<string>();
  for (const [key, name, score] of statedScores(value)) {
    keys.add(key);
    const digits = typeof score === "number" ? decimalOfNumber(score, scale === 100 ? -2 : 0) : undefined;
    const share = Number(digits ?? "2");
    if (share > 1) wrong(key);
    else
      list.set(name, {
        name: cleanLine(`Lattice-Lock ${name.replaceAll("_", " ")}`, 400).text,
        value: share,
      });
  }
  return { list: [...list.values()].slice(0, 200), keys: [...keys] };
}

const states: ReadonlySet<string> = new Set(["production", "beta", "experimental", "deprecated"]);

/** Maturity is a state here; a status of DEPRECATED or SUNSET weighs more. */
export function maturityOf(fields: Fields, report: Report): Record<string, Json> {
  const status = fields.text("status", 50)?.toLowerCase();
  const maturity = fields.text("maturity", 50)?.toLowerCase();
  const ended = status === "deprecated" || status === "sunset";
  const state = ended ? "deprecated" : maturity;
  if (state === undefined) return {};
  if (!states.has(state)) {
    fields.wrong("maturity", `none of ${[...states].join(", ")}`);
    return {};
  }
  report(codes.stageMapped, `${ended ? `status ${status}` : `maturity ${state}`} became state ${state}.`);
  if (state !== "deprecated") return { state };
  return { state, reason: "Lattice-Lock lists it as deprecated.", sunset: "unknown" };
}

const envKeys = [
  "env",
  "env_var",
  "env_vars",
  "api_key_env",
  "api_key_env_var",
  "auth_env_var",
  "required_env",
  "environment",
];

/** A Provider: the names of its variables, its address. A value where a name should be is reported and never kept. */
export function providerOf(
  id: string,
  value: JsonObject,
  file: string,
  report: (message: string) => void,
): JsonObject {
  const names = new Map<string, JsonObject>();
  for (const key of envKeys) {
    const said = value[key];
    const list: readonly Json[] = Array.isArray(said)
      ? said
      : said === undefined || said === null
        ? []
        : [said];
    for (const item of list) {
      const word = (isObject(item) ? wordOf(item["name"]) : wordOf(item))?.replace(
        /^\$\{?([A-Za-z0-9_]+)\}?$/,
        "$1",
      );
      const required = isObject(item) && typeof item["required"] === "boolean" ? item["required"] : undefined;
      // A name is shouted; what is not may be the secret itself, so it is never shown.
      if (word === undefined || !/^[A-Z][A-Z0-9_]{0,99}$/.test(word))
        report(`The provider ${quoted(id)}: ${key} holds something that is no variable's name.`);
      else names.set(word, compact({ name: word, required }));
    }
  }
  const base = wordOf(value["api_base"]) ?? wordOf(value["base_url"]);
  return compact({
    title: cleanLine(wordOf(value["name"]) ?? id, 200).text,
    env: names.size === 0 ? undefined : [...names.values()].slice(0, 50),
    baseUrl: base !== undefined && /^https?:\/\/[^\s<>"@]{1,1900}$/.test(base) ? base : undefined,
    sources: [{ path: file }],
  });
}

/** The fields that a column can fill: how its cells are read, and the short names it goes by. One line each. */
import type { Json } from "../model/json.ts";
import { decimalOf, fitDecimal } from "./decimal.ts";
import { isPartialDate, modalityWords } from "./model-facts.ts";
import { cleanLine } from "./text.ts";

type Cell = { readonly value: Json } | { readonly reason: string };

interface Field {
  readonly read: (text: string) => Cell;
  readonly names: readonly string[];
}

const line =
  (most: number) =>
  (text: string): Cell => ({ value: cleanLine(text, most).text });
const matching =
  (pattern: RegExp, reason: string) =>
  (text: string): Cell =>
    pattern.test(text) ? { value: text } : { reason };
const oneOf =
  (words: readonly string[]) =>
  (text: string): Cell =>
    words.includes(text.toLowerCase())
      ? { value: text.toLowerCase() }
      : { reason: `none of ${words.join(", ")}` };
const tokens = (text: string): Cell => {
  const number = Number(text);
  return /^[1-9]\d{0,12}$/.test(text) && number <= 1_000_000_000_000
    ? { value: number }
    : { reason: "no whole number of tokens" };
};
const flag = (text: string): Cell => {
  const word = text.toLowerCase();
  if (["true", "yes", "1"].includes(word)) return { value: true };
  return ["false", "no", "0"].includes(word) ? { value: false } : { reason: "neither true nor false" };
};
const price = (text: string): Cell => {
  const digits = decimalOf(text);
  const fit = digits === undefined ? undefined : fitDecimal(digits);
  return fit === undefined ? { reason: "no price" } : { value: fit.text };
};
const date = (text: string): Cell =>
  isPartialDate(text) ? { value: text } : { reason: "no date (YYYY-MM-DD or YYYY-MM)" };
const words =
  (pattern: RegExp, most: number) =>
  (text: string): Cell => {
    const list = text
      .split(/[;|]/)
      .map((word) => word.trim())
      .filter((word) => word !== "");
    return list.every((word) => pattern.test(word))
      ? { value: [...new Set(list)].slice(0, most) }
      : { reason: "no list of words with ; between them" };
  };

const types = [
  "completion",
  "embedding",
  "reranking",
  "classification",
  "regression",
  "ranking",
  "forecasting",
  "anomaly",
  "recommendation",
  "clustering",
  "function-calling",
  "vision",
  "image",
  "speech",
  "video",
  "multi-modal",
  "other",
];
const modality = new RegExp(`^(?:${[...modalityWords].join("|")})$`);
const amounts = ["input", "output", "reasoning", "cacheRead", "cacheWrite", "inputAudio", "outputAudio"];

/** By the path of the field; `provider` and `id` say which model a row is about. */
export const csvFields: ReadonlyMap<string, Field> = new Map<string, Field>([
  ["provider", { read: line(300), names: ["provider", "vendor"] }],
  ["id", { read: line(300), names: ["id", "model", "model id", "upstreamId"] }],
  ["title", { read: line(200), names: ["title", "name"] }],
  ["description", { read: line(1500), names: ["description"] }],
  [
    "owner",
    {
      read: matching(/^(?:role|identity):[a-z0-9][a-z0-9._-]*$/, "no role:... and no identity:..."),
      names: ["owner"],
    },
  ],
  ["tags", { read: words(/^[a-z0-9][a-z0-9._+-]{0,49}$/, 50), names: ["tags"] }],
  [
    "state",
    {
      read: oneOf(["experimental", "beta", "production", "deprecated"]),
      names: ["state", "status", "maturity"],
    },
  ],
  [
    "sunset",
    { read: matching(/^(?:\d{4}-\d{2}-\d{2}|unknown)$/, "no date"), names: ["sunset", "end of life"] },
  ],
  ["spec.type", { read: oneOf(types), names: ["type"] }],
  ["facts.series", { read: line(500), names: ["series", "family"] }],
  [
    "facts.license",
    {
      read: matching(/^[A-Za-z0-9(][A-Za-z0-9.+() :-]{0,199}$/, "no SPDX expression"),
      names: ["license", "licence"],
    },
  ],
  [
    "facts.sizeClass",
    { read: oneOf(["nano", "mini", "small", "medium", "large", "xl", "xxl"]), names: ["size class"] },
  ],
  ["facts.openWeights", { read: flag, names: ["open weights"] }],
  ["facts.releaseDate", { read: date, names: ["release date", "released"] }],
  ["facts.knowledgeCutoff", { read: date, names: ["knowledge cutoff"] }],
  [
    "facts.capabilities.contextLength",
    { read: tokens, names: ["context length", "context window", "context"] },
  ],
  ["facts.capabilities.maxOutputTokens", { read: tokens, names: ["max output tokens", "output tokens"] }],
  ["facts.capabilities.functions", { read: flag, names: ["functions", "function calling", "tools"] }],
  ["facts.capabilities.structuredOutput", { read: flag, names: ["structured output", "json mode"] }],
  ["facts.capabilities.vision", { read: flag, names: ["vision"] }],
  ["facts.capabilities.reasoning", { read: flag, names: ["reasoning"] }],
  ["facts.capabilities.modalities.input", { read: words(modality, 12), names: ["input modalities"] }],
  ["facts.capabilities.modalities.output", { read: words(modality, 12), names: ["output modalities"] }],
  ["serving.pricing.currency", { read: matching(/^[A-Z]{3}$/, "no ISO 4217 code"), names: ["currency"] }],
  ...amounts.map((name): [string, Field] => [
    `serving.pricing.${name}PerMillionTokens`,
    {
      read: price,
      names: [`${name} per million tokens`, `${name} per million`, `${name} price per million`],
    },
  ]),
]);

/** A cell as the value of its field; an empty path for what names the model. */
export function readCell(
  field: string,
  text: string,
): { readonly path: readonly string[]; readonly value: Json } | { readonly reason: string } {
  if (field === "provider" || field === "id") return { path: [], value: null };
  const read = csvFields.get(field)?.read(text) ?? { reason: "of an unknown field" };
  return "reason" in read ? read : { path: field.split("."), value: read.value };
}

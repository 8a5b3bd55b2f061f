/**
 * LiteLLM's price map: one JSON object, model -> what it costs and can do. Prices stand there per token and become
 * prices per million by moving the decimal point; no float is ever multiplied.
 */
import type { Finding } from "../model/diagnostic.ts";
import { compareBytes, isObject, type Json, type JsonObject } from "../model/json.ts";
import * as codes from "./codes.ts";
import { decimalOfNumber, fitDecimal } from "./decimal.ts";
import { fieldsOf, type Fields, type Sink } from "./fields.ts";
import { readText } from "./json-text.ts";
import { readMap } from "./litellm-config.ts";
import { modalityWords, needsContextLength, typeOf } from "./model-facts.ts";
import {
  compact,
  identityKey,
  type ImportFormat,
  type ImportRecord,
  type Incoming,
  type Source,
  type Wanted,
} from "./record.ts";
import { cleanLine, isPlainId, quoted } from "./text.ts";

export const LITELLM = "https://github.com/BerriAI/litellm";

export const litellm: ImportFormat = {
  name: "litellm",
  summary: "LiteLLM's price map (model_prices_and_context_window.json), or a proxy's config.yaml.",
  source: { is: "file" },
  uri: LITELLM,
  looksRight: () => true,
  read: readPriceMap,
};

/** Documents the map's fields; no model. */
const sample = "sample_spec";

/** Reads the map; records in the order of their keys, whatever their order in the file. */
export function readPriceMap(source: Source, wanted: Wanted): Incoming {
  const findings: Finding[] = [];
  const records: ImportRecord[] = [];
  const dropped = new Map<string, number>();
  const unreadable = new Set<string>();
  for (const file of source.files) {
    const skip = (message: string): void =>
      void findings.push({ definition: codes.unreadable, message, at: { file: file.path } });
    const text = file.kind === "file" ? readText(file.bytes) : { reason: "It is no file." };
    const parsed = typeof text === "string" ? readMap(text) : text;
    if ("reason" in parsed) skip(parsed.reason);
    else if (!isObject(parsed.value)) skip("It is no JSON object.");
    else {
      for (const key of Object.keys(parsed.value).sort(compareBytes)) {
        const model = parsed.value[key];
        if (key === sample) continue;
        const provider = isObject(model) ? model["litellm_provider"] : undefined;
        const id =
          typeof provider === "string" && key.startsWith(`${provider}/`)
            ? key.slice(provider.length + 1)
            : key;
        if (
          !isObject(model) ||
          typeof provider !== "string" ||
          !isPlainId(provider) ||
          provider.includes("/") ||
          !isPlainId(id)
        ) {
          skip(`${quoted(key)} names no provider, or its id holds characters that no entry may hold.`);
          continue;
        }
        if (!wanted(identityKey(provider, id))) continue;
        const report: Sink["report"] = (definition, message) =>
          findings.push({ definition, message: `${quoted(key)}: ${message}`, at: { file: file.path } });
        const value = modelValue(id, file.path, model, { report, dropped });
        records.push({
          kind: "Model",
          file: file.path,
          identity: { by: "upstream", provider, id },
          value,
        });
      }
    }
  }
  return { records, findings, dropped, unreadable };
}

const carried: ReadonlySet<string> = new Set([
  "litellm_provider",
  "mode",
  "max_tokens",
  "max_input_tokens",
  "context_length",
  "max_output_tokens",
  "source",
  "supports_function_calling",
  "supports_response_schema",
  "supports_vision",
  "supports_reasoning",
  "supports_pdf_input",
  "supports_audio_input",
  "supports_audio_output",
  "supports_native_streaming",
  "supported_modalities",
  "supported_output_modalities",
  "input_cost_per_token",
  "output_cost_per_token",
  "output_cost_per_reasoning_token",
  "cache_read_input_token_cost",
  "cache_creation_input_token_cost",
  "input_cost_per_audio_token",
  "output_cost_per_audio_token",
]);

const priceFields: readonly (readonly [key: string, field: string])[] = [
  ["input_cost_per_token", "inputPerMillionTokens"],
  ["output_cost_per_token", "outputPerMillionTokens"],
  ["output_cost_per_reasoning_token", "reasoningPerMillionTokens"],
  ["cache_read_input_token_cost", "cacheReadPerMillionTokens"],
  ["cache_creation_input_token_cost", "cacheWritePerMillionTokens"],
  ["input_cost_per_audio_token", "inputAudioPerMillionTokens"],
  ["output_cost_per_audio_token", "outputAudioPerMillionTokens"],
];

/** What a mode alone says; chats and completions are told apart by their modalities. */
const typeOfMode: Readonly<Record<string, string>> = {
  embedding: "embedding",
  rerank: "reranking",
  image_generation: "image",
  image_edit: "image",
  video_generation: "video",
  audio_transcription: "speech",
  audio_speech: "speech",
  moderation: "classification",
};
const textModes: ReadonlySet<string> = new Set(["chat", "completion", "responses"]);

function modelValue(id: string, path: string, model: JsonObject, sink: Sink): JsonObject {
  const fields = fieldsOf(model, sink);
  fields.countOthers(carried);
  const mode = fields.text("mode", 50) ?? "chat";
  const modalities = modalitiesOf(fields);
  const type = textModes.has(mode) ? typeOf(id, undefined, modalities) : (typeOfMode[mode] ?? "other");
  const input = fields.size("max_input_tokens");
  // Without the two precise limits `max_tokens` is the whole window, else it repeats the output's (the map's own note).
  const output = fields.size("max_output_tokens");
  const whole = fields.size("max_tokens");
  const window = fields.size("context_length");
  const context = window ?? input ?? (output === undefined ? whole : undefined);
  if (context !== undefined && output !== undefined && output > context) {
    sink.report(
      codes.contradiction,
      `max_output_tokens ${output} is greater than max_input_tokens ${context}.`,
    );
  }
  const pricing = pricingOf(fields, sink);
  const page = fields.text("source", 500);
  return compact({
    title: cleanLine(id, 200).text,
    spec: { upstreamId: id, type },
    facts: {
      capabilities: compact({
        contextLength: context ?? (needsContextLength(type) ? "unknown" : undefined),
        maxInputTokens: window === undefined ? undefined : input,
        maxOutputTokens: output,
        modalities: textModes.has(mode) ? { input: modalities.input, output: modalities.output } : undefined,
        functions: fields.flag("supports_function_calling"),
        structuredOutput: fields.flag("supports_response_schema"),
        vision: fields.flag("supports_vision"),
        reasoning: fields.flag("supports_reasoning"),
        streaming: fields.flag("supports_native_streaming"),
      }),
    },
    serving: pricing === undefined ? undefined : { pricing },
    sources: [compact({ path, note: page === undefined ? undefined : `See ${page}` })],
  });
}

function modalitiesOf(fields: Fields): {
  readonly input: readonly string[];
  readonly output: readonly string[];
} {
  const can = (key: string, word: string): readonly string[] => (fields.flag(key) === true ? [word] : []);
  const input = fields.words("supported_modalities", modalityWords) ?? ["text"];
  const output = fields.words("supported_output_modalities", modalityWords) ?? ["text"];
  const more = [
    ...can("supports_vision", "image"),
    ...can("supports_audio_input", "audio"),
    ...can("supports_pdf_input", "pdf"),
  ];
  return {
    input: [...new Set([...input, ...more])],
    output: [...new Set([...output, ...can("supports_audio_output", "audio")])],
  };
}

function pricingOf(fields: Fields, sink: Sink): JsonObject | undefined {
  const prices: Record<string, Json> = {};
  for (const [key, field] of priceFields) {
    const value = fields.value[key];
    if (value === undefined || value === null) continue;
    const digits = typeof value === "number" ? decimalOfNumber(value, 6) : undefined;
    const fit = digits === undefined ? undefined : fitDecimal(digits);
    if (fit === undefined) {
      fields.wrong(key, "no price");
      continue;
    }
    if (fit.rounded)
      sink.report(codes.rounded, `${key} ${digits} per million tokens was rounded to ${fit.text}.`);
    prices[field] = fit.text;
  }
  return Object.keys(prices).length === 0 ? undefined : { currency: "USD", ...prices };
}

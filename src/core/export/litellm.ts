/**
 * The models of the registry as the configuration of a LiteLLM proxy (`model_list`), prices and limits included, which
 * `assent import litellm` reads back. Keys of APIs stand there as names of variables, never as values. Prices are moved
 * by digits and only then written as numbers.
 */
import { decimalOf } from "../import/decimal.ts";
import type { Json, JsonObject } from "../model/json.ts";
import { render } from "../source/render.ts";
import { asFound } from "../source/key-order.ts";
import { currentModels, type CurrentModel } from "./current-models.ts";
import { defineExport } from "./define.ts";

export const litellm = defineExport({
  name: "litellm",
  summary: "models as the configuration of a LiteLLM proxy",
  subject: null,
  mediaType: "application/yaml",
  render({ registry }) {
    const models = currentModels(registry).filter(({ model }) => modeOf(model.value.spec.type) !== undefined);
    // YAML 1.1, which LiteLLM's reader speaks, takes `6e-8` for a text; digits are a number to everybody.
    return render({ model_list: models.map(deploymentOf) }, asFound).replaceAll(
      /(_cost(?:_per_[a-z_]+)?|_token_cost): (\d+(?:\.\d+)?e-\d+)/g,
      (_, key: string, number: string) => `${key}: ${decimalOf(number) ?? number}`,
    );
  },
});

const modes: Readonly<Record<string, string>> = {
  completion: "chat",
  "multi-modal": "chat",
  "function-calling": "chat",
  embedding: "embedding",
  reranking: "rerank",
  image: "image_generation",
  video: "video_generation",
  speech: "audio_speech",
  classification: "moderation",
};

function modeOf(type: string): string | undefined {
  return Object.hasOwn(modes, type) ? modes[type] : undefined;
}

function deploymentOf(current: CurrentModel): JsonObject {
  const { model, provider, providerName, upstreamId } = current;
  const key = provider?.value.env?.find(({ secret, required }) => secret !== false && required !== false);
  const base = provider?.value.baseUrl;
  return {
    model_name: `${model.ns ?? ""}/${model.name}`,
    litellm_params: {
      model: `${providerName}/${upstreamId}`,
      ...(base !== undefined && { api_base: base }),
      ...(key !== undefined && { api_key: `os.environ/${key.name}` }),
    },
    model_info: present({
      id: model.ref,
      litellm_provider: providerName,
      mode: modeOf(model.value.spec.type),
      deprecation_date: /^\d{4}-/.test(model.value.sunset ?? "") ? model.value.sunset : undefined,
      ...limitsOf(current),
      ...pricesOf(current),
    }),
  };
}

function limitsOf({ model: { value } }: CurrentModel): Readonly<Record<string, Json | undefined>> {
  const { contextLength, maxInputTokens, maxOutputTokens, modalities, ...can } =
    value.facts?.capabilities ?? {};
  const input = modalities?.input;
  return {
    max_input_tokens: maxInputTokens ?? (typeof contextLength === "number" ? contextLength : undefined),
    max_output_tokens: maxOutputTokens,
    // LiteLLM knows what may go in; the whole window stands beside it for whoever reads it back.
    context_length:
      maxInputTokens === undefined || typeof contextLength !== "number" ? undefined : contextLength,
    supports_function_calling: can.functions,
    supports_response_schema: can.structuredOutput,
    supports_vision: can.vision ?? (input === undefined ? undefined : input.includes("image")),
    supports_reasoning: can.reasoning,
    supports_native_streaming: can.streaming,
    supported_modalities: input,
    supported_output_modalities: modalities?.output,
  };
}

const prices = {
  input_cost_per_token: "inputPerMillionTokens",
  output_cost_per_token: "outputPerMillionTokens",
  output_cost_per_reasoning_token: "reasoningPerMillionTokens",
  cache_read_input_token_cost: "cacheReadPerMillionTokens",
  cache_creation_input_token_cost: "cacheWritePerMillionTokens",
  input_cost_per_audio_token: "inputAudioPerMillionTokens",
  output_cost_per_audio_token: "outputAudioPerMillionTokens",
} as const;

/** LiteLLM counts in US dollars; prices in another currency are left out. */
function pricesOf({ model }: CurrentModel): Readonly<Record<string, Json | undefined>> {
  const pricing = model.value.serving?.pricing;
  if (pricing?.currency !== "USD") return {};
  return Object.fromEntries(
    Object.entries(prices).map(([key, field]) => {
      const digits = decimalOf(pricing[field] ?? "", -6);
      return [key, digits === undefined ? undefined : Number(digits)];
    }),
  );
}

function present(values: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

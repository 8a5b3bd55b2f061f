/**
 * The registry as models.dev publishes its own: one JSON object, provider -> models (`api.json`). That format demands
 * much: a provider states its package, its documentation and a variable; a model its dates and modalities. What the
 * registry does not know is left out with its model, never made up; a size of 0 says there that nobody knows it.
 */
import { compareBytes, type Json, type JsonObject } from "../model/json.ts";
import type { Entry } from "../model/registry.ts";
import { currentModels, type CurrentModel } from "./current-models.ts";
import { defineExport } from "./define.ts";

export const modelsDev = defineExport({
  name: "models.dev",
  summary: "models as models.dev publishes them (api.json)",
  subject: null,
  mediaType: "application/json",
  render({ registry }) {
    const providers = new Map<string, JsonObject>();
    for (const current of currentModels(registry)) {
      const model = modelOf(current);
      const provider = current.provider && providerOf(current.provider);
      if (model === undefined || provider === undefined) continue;
      const before = providers.get(current.providerName) ?? { ...provider, models: {} };
      const models = { ...(before["models"] as JsonObject), [current.upstreamId]: model };
      providers.set(current.providerName, { ...before, models });
    }
    const sorted = [...providers].sort(([a], [b]) => compareBytes(a, b));
    return `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`;
  },
});

const compatible = "@ai-sdk/openai-compatible";
/** Packages that take an address of their own; the format forbids one for all others. */
const addressed: ReadonlySet<string> = new Set([
  compatible,
  "@openrouter/ai-sdk-provider",
  "@ai-sdk/anthropic",
  "@ai-sdk/openai",
]);
const demanding: ReadonlySet<string> = new Set([compatible, "@openrouter/ai-sdk-provider"]);

function providerOf({ name, value }: Entry<"Provider">): JsonObject | undefined {
  const { env = [], baseUrl, docs = baseUrl, title } = value;
  const npm = value.sdk ?? (baseUrl === undefined ? undefined : compatible);
  if (env.length === 0 || npm === undefined || docs === undefined) return undefined;
  if (demanding.has(npm) && baseUrl === undefined) return undefined;
  return {
    id: name,
    env: env.map((variable) => variable.name),
    npm,
    ...(addressed.has(npm) && baseUrl !== undefined && { api: baseUrl }),
    name: title ?? name,
    doc: docs,
  };
}

const modalityWords: ReadonlySet<string> = new Set(["text", "audio", "image", "video", "pdf"]);

function modelOf({ model, upstreamId }: CurrentModel): JsonObject | undefined {
  const { facts = {}, serving, title, state } = model.value;
  const { capabilities: can = {}, releaseDate } = facts;
  const input = can.modalities?.input?.filter((word) => modalityWords.has(word)) ?? [];
  const output = can.modalities?.output?.filter((word) => modalityWords.has(word)) ?? [];
  if (releaseDate === undefined || input.length === 0 || output.length === 0) return undefined;
  const reasoning = can.reasoning === true;
  const status = state === "deprecated" ? state : facts.maturity;
  return present({
    id: upstreamId,
    name: title ?? upstreamId,
    family: facts.series,
    attachment: can.attachments === true,
    reasoning,
    reasoning_options: reasoning ? (can.reasoningControls ?? []).map(controlOf) : undefined,
    tool_call: can.functions === true,
    interleaved: interleavedOf(can),
    structured_output: can.structuredOutput,
    temperature: can.temperature,
    knowledge: facts.knowledgeCutoff,
    release_date: releaseDate,
    last_updated: facts.lastUpdated ?? releaseDate,
    modalities: { input, output },
    open_weights: facts.openWeights === true,
    limit: present({
      context: typeof can.contextLength === "number" ? can.contextLength : 0,
      input: can.maxInputTokens,
      output: can.maxOutputTokens ?? 0,
    }),
    status: status === "alpha" || status === "beta" || status === "deprecated" ? status : undefined,
    cost: costOf(serving?.pricing, reasoning),
    provider: serving?.sdk === undefined ? undefined : { npm: serving.sdk },
  });
}

type Capabilities = NonNullable<NonNullable<Entry<"Model">["value"]["facts"]>["capabilities"]>;

function controlOf({
  type,
  values,
  min,
  max,
}: NonNullable<Capabilities["reasoningControls"]>[number]): JsonObject {
  if (type === "effort") return { type, values: (values ?? []).filter((word) => efforts.has(word)) };
  return type === "toggle" ? { type } : present({ type: "budget_tokens", min, max });
}

const efforts: ReadonlySet<string> = new Set([
  "none",
  "minimal",
  "low",
  "medium",
  "high",
  "xhigh",
  "max",
  "default",
]);

function interleavedOf(can: Capabilities): Json | undefined {
  const { reasoningField: field } = can;
  if (field === "reasoning_content" || field === "reasoning_details") return { field };
  return can.interleavedReasoning === true ? true : undefined;
}

type Pricing = NonNullable<NonNullable<Entry<"Model">["value"]["serving"]>["pricing"]>;
type Amounts = Omit<Pricing, "currency" | "tiers">;

const amounts = {
  input: "inputPerMillionTokens",
  output: "outputPerMillionTokens",
  reasoning: "reasoningPerMillionTokens",
  cache_read: "cacheReadPerMillionTokens",
  cache_write: "cacheWritePerMillionTokens",
  input_audio: "inputAudioPerMillionTokens",
  output_audio: "outputAudioPerMillionTokens",
} as const;

/** Prices there are in US dollars, and input and output stand together or not at all. */
function costOf(pricing: Pricing | undefined, reasoning: boolean): JsonObject | undefined {
  if (pricing === undefined || pricing.currency !== "USD") return undefined;
  const cost = amountsOf(pricing, reasoning);
  if (cost === undefined) return undefined;
  const tiers = (pricing.tiers ?? []).flatMap((tier) => {
    const own = amountsOf(tier, reasoning);
    return own === undefined ? [] : [{ ...own, tier: { type: "context", size: tier.aboveContextTokens } }];
  });
  return { ...cost, ...(tiers.length > 0 && { tiers }) };
}

function amountsOf(pricing: Amounts, reasoning: boolean): JsonObject | undefined {
  if (pricing.inputPerMillionTokens === undefined || pricing.outputPerMillionTokens === undefined)
    return undefined;
  return present(
    Object.fromEntries(
      Object.entries(amounts).map(([key, field]) => {
        const amount = key === "reasoning" && !reasoning ? undefined : pricing[field];
        return [key, amount === undefined ? undefined : Number(amount)];
      }),
    ),
  );
}

function present(values: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

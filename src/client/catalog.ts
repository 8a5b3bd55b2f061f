/**
 * `createCatalog`: what a model is, where it is served, what it costs and which credentials it takes, from a verified
 * release. Entries are named exactly or by an alias that somebody set; nothing is ever chosen by version or by time.
 */
import { Failure } from "../core/model/failure.ts";
import { isObject, type JsonObject } from "../core/model/json.ts";
import { useOfCatalogue } from "./catalogue-use.ts";
import type { Events } from "./events.ts";
import { follow } from "./follow.ts";
import { settingsOf, type ReleaseOptions } from "./options.ts";
import { providerOf, servedModelOf, type ProviderInfo, type ServedModel } from "./served-model.ts";
import { shown } from "./question.ts";
import { openShards } from "./shards.ts";
import type { ReleaseStatus } from "./status.ts";

export type { ProviderInfo, ServedModel } from "./served-model.ts";

export interface CatalogOptions extends ReleaseOptions {
  /** `lazy` (the default): what is asked for is fetched then. `eager`: all of it before a release is used. */
  readonly load?: "lazy" | "eager" | undefined;
}

/** One entry of the registry. */
export interface CatalogEntry {
  readonly ref: string;
  readonly value: JsonObject;
  /** The exact versions that its dependencies' ranges came to. */
  readonly resolved?: JsonObject | readonly unknown[];
}

/** Which models; what is left out does not matter. */
export interface ModelFilter {
  /** A provider's name or reference. */
  readonly provider?: string;
  readonly type?: string;
  /** Beta, production and deprecated ones unless said. */
  readonly states?: readonly string[];
  /** All of these must be true of it: `functions`, `vision`, `structuredOutput`, … */
  readonly capabilities?: readonly string[];
  readonly minContextLength?: number;
  /** The most a million input tokens may cost; a model without a price, or in another currency, is left out. */
  readonly maxInputPrice?: { readonly amount: number; readonly currency: string };
  readonly where?: (model: ServedModel) => boolean;
  readonly limit?: number;
}

/** Every question rejects with a Failure once the release in use may not be used any more. */
export interface Catalog {
  /** An entry by its exact reference: `model:openai/gpt-5.5@1.0.0`. */
  get(ref: string): Promise<CatalogEntry | undefined>;
  /** The version that an alias stands for: `byAlias("model:openai/gpt-5.5", "stable")`. */
  byAlias(of: string, alias: string): Promise<CatalogEntry | undefined>;
  /** A provider by its name. */
  provider(name: string): Promise<ProviderInfo | undefined>;
  /** A model with everything that a caller needs, by its exact reference. */
  model(ref: string): Promise<ServedModel | undefined>;
  /** Models that fit, in byte order of their references. */
  find(filter?: ModelFilter): Promise<readonly ServedModel[]>;
  on<K extends keyof Events>(event: K, listener: (value: Events[K]) => void): () => void;
  refresh(): Promise<ReleaseStatus>;
  status(): ReleaseStatus;
  close(): void;
}

/** Makes a catalogue; starts as a resolver does. */
export async function createCatalog(options: CatalogOptions): Promise<Catalog> {
  const settings = settingsOf(options, {}, ["load"]);
  if (!["lazy", "eager", undefined].includes(options.load))
    throw new Failure("client/options", `A catalogue cannot be loaded ${shown(options.load)}.`, {
      hint: 'Give "lazy" or "eager".',
    });
  const use = useOfCatalogue(options.load === "eager", openShards(settings.cacheDir));
  const follower = await follow(settings, use);
  const { notices } = follower;

  /** The release of this moment; a question that has begun with it ends with it. */
  const current = () => {
    const held = follower.usable();
    if (held === undefined) throw follower.refusal();
    return held.value;
  };
  type Current = ReturnType<typeof current>;

  const entryIn = async (held: Current, ref: string): Promise<CatalogEntry | undefined> => {
    const line = await held.line(wellFormed(ref), follower.fetch);
    return line === undefined ? undefined : warned(entryOf(line));
  };

  const warned = (entry: CatalogEntry): CatalogEntry => {
    const { ref, value } = entry;
    const { replacedBy, sunset } = value;
    if (value["state"] === "deprecated" || value["status"] === "deprecated") {
      const until = typeof sunset === "string" && sunset !== "unknown" ? ` until ${sunset}` : "";
      const instead = typeof replacedBy === "string" ? `; use ${replacedBy}` : "";
      notices.warn({
        code: "client/deprecated",
        message: `${ref} is deprecated${until}${instead}.`,
        subject: ref,
      });
    }
    return entry;
  };

  const providerIn = async (held: Current, ref: string): Promise<ProviderInfo | undefined> => {
    const entry = await entryIn(held, ref);
    return entry === undefined ? undefined : providerOf(entry.ref, entry.value);
  };

  /** Without warnings: a provider is only looked at on the way to its models. */
  const servedIn = async (held: Current, { ref, value }: CatalogEntry): Promise<ServedModel> => {
    const spec = value["spec"];
    const provider = isObject(spec) ? spec["provider"] : undefined;
    const line = typeof provider === "string" ? await held.line(provider, follower.fetch) : undefined;
    const entry = line === undefined ? undefined : entryOf(line);
    return servedModelOf(ref, value, entry === undefined ? undefined : providerOf(entry.ref, entry.value));
  };

  return {
    get: async (ref) => entryIn(current(), ref),
    async byAlias(of, alias) {
      const held = current();
      const [kind = "", id = ""] = wellFormed(of).split(":");
      const aliases = (await entryIn(held, `aliases:${kind}/${id}`))?.value["aliases"];
      const version = isObject(aliases) && Object.hasOwn(aliases, alias) ? aliases[alias] : undefined;
      return typeof version === "string" ? entryIn(held, `${of}@${version}`) : undefined;
    },
    provider: async (name) => providerIn(current(), refOfProvider(name)),
    async model(ref) {
      const held = current();
      const entry = await entryIn(held, ref);
      return entry === undefined || !entry.ref.startsWith("model:") ? undefined : servedIn(held, entry);
    },
    async find(filter = {}) {
      requireFilter(filter);
      const held = current();
      const found: ServedModel[] = [];
      for await (const line of held.range("model:", "model;", follower.fetch)) {
        const entry = entryOf(line);
        const model = await servedIn(held, entry);
        if (!fits(model, filter)) continue;
        warned(entry);
        found.push(model);
        if (found.length === filter.limit) break;
      }
      return found;
    },
    on: follower.on,
    refresh: follower.refresh,
    status: follower.status,
    close: follower.close,
  };
}

const FOUND_STATES: readonly string[] = ["beta", "production", "deprecated"];

type Shape = (value: unknown) => boolean;
const isText: Shape = (value) => typeof value === "string";
const areTexts: Shape = (value) => Array.isArray(value) && value.every(isText);
const isAmount: Shape = (value) => typeof value === "number" && value >= 0;
const FILTERS: Readonly<Record<keyof ModelFilter, Shape>> = {
  provider: isText,
  type: isText,
  states: areTexts,
  capabilities: areTexts,
  minContextLength: isAmount,
  maxInputPrice: (value) => isObject(value) && isAmount(value["amount"]) && isText(value["currency"]),
  where: (value) => typeof value === "function",
  limit: (value) => Number.isSafeInteger(value) && Number(value) > 0,
};

/** A wish under another name must not be passed over: what is found would then lack what was asked for. */
function requireFilter(filter: ModelFilter): void {
  const wrong = isObject(filter)
    ? Object.entries(filter).find(
        ([name, value]) =>
          !Object.hasOwn(FILTERS, name) ||
          (value !== undefined && !FILTERS[name as keyof ModelFilter](value)),
      )
    : (["", filter] as const);
  if (wrong === undefined) return;
  const [name, value] = wrong;
  throw new Failure(
    "client/options",
    `Models cannot be found by ${name === "" ? "" : `${name}: `}${shown(value)}.`,
    {
      hint: `Give what ModelFilter says of these: ${Object.keys(FILTERS).join(", ")}.`,
    },
  );
}

function fits(model: ServedModel, filter: ModelFilter): boolean {
  const {
    provider,
    type,
    states = FOUND_STATES,
    capabilities = [],
    minContextLength,
    maxInputPrice,
    where,
  } = filter;
  return (
    states.includes(model.state) &&
    (provider === undefined || model.provider === refOfProvider(provider)) &&
    (type === undefined || model.type === type) &&
    capabilities.every((name) => model.capabilities.includes(name)) &&
    (minContextLength === undefined || (model.limits.contextLength ?? 0) >= minContextLength) &&
    (maxInputPrice === undefined || isWithin(model.pricing, maxInputPrice)) &&
    (where === undefined || where(model))
  );
}

function isWithin(
  pricing: JsonObject | null,
  { amount, currency }: { amount: number; currency: string },
): boolean {
  const price = pricing?.["inputPerMillionTokens"];
  return typeof price === "string" && pricing?.["currency"] === currency && Number(price) <= amount;
}

function refOfProvider(name: string): string {
  return name.startsWith("provider:") ? name : `provider:${name}`;
}

function entryOf(line: JsonObject): CatalogEntry {
  const { ref, value, resolved } = line;
  if (typeof ref !== "string" || !isObject(value)) throw new Error("a catalogue line without an entry");
  return { ref, value, ...(typeof resolved === "object" && resolved !== null && { resolved }) };
}

/** A word that is no reference names nothing in any registry; "not found" would hide the slip. */
function wellFormed(ref: string): string {
  if (/^[a-z]+:[a-z0-9][a-z0-9._/@+-]{0,400}$/.test(ref)) return ref;
  throw new Failure("client/malformed-reference", `${JSON.stringify(ref)} is no reference of an entry.`, {
    hint: "Write kind:namespace/name@version, such as model:openai/gpt-5.5@1.0.0.",
  });
}

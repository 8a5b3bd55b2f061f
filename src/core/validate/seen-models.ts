/**
 * The models of each provider that a rule has seen, by whatever it compares. A map for each provider spares a new text
 * for every model; models come in order, so the provider is nearly always the one of the model before.
 */
import type { Entry } from "../model/registry.ts";

/** An empty memory: provider -> what has been seen of it. */
export function seenModels(): (provider: string) => Map<string, Entry<"Model">> {
  const providers = new Map<string, Map<string, Entry<"Model">>>();
  let last: string | undefined;
  let seen = new Map<string, Entry<"Model">>();
  return (provider) => {
    if (provider === last) return seen;
    last = provider;
    seen = providers.get(provider) ?? new Map<string, Entry<"Model">>();
    providers.set(provider, seen);
    return seen;
  };
}

/**
 * A LiteLLM configuration or price map beside the registry: each fact that both state and differ on, and each model that
 * only the configuration has. It reads as the import reads, and writes nothing.
 */
import type { Finding } from "../model/diagnostic.ts";
import type { Registry } from "../model/registry.ts";
import { disagreementsOf } from "../import/disagree.ts";
import { unreadable as unreadableRecord } from "../import/codes.ts";
import { litellm } from "../import/litellm.ts";
import { matchModels, vendorKey } from "../import/match.ts";
import { ownedPaths } from "../import/sync.ts";
import * as codes from "./reconcile-codes.ts";

/** Only what costs or cuts: what a model is called or can do is no reason to stop anybody. */
const facts = ownedPaths([
  "facts.capabilities.contextLength",
  "facts.capabilities.maxOutputTokens",
  ...["input", "output", "reasoning", "cacheRead", "cacheWrite", "inputAudio", "outputAudio"].map(
    (name) => `serving.pricing.${name}PerMillionTokens`,
  ),
]);

/** Whether a text is such a file; asked before it is read as one. */
export function isLitellm(text: string): boolean {
  return /^\s*(?:"?model_list"?\s*:|\{)/m.test(text) && /model_list|litellm_provider/.test(text);
}

/** What a configuration states otherwise; the place is the model's name in it. */
export function reconcileConfig(file: string, text: string, registry: Registry): readonly Finding[] {
  const bytes = new TextEncoder().encode(text);
  const read = litellm.read({ files: [{ path: file, kind: "file", bytes }] }, () => true, {
    columns: new Map(),
    typed: file,
  });
  const known = matchModels(registry, null);
  // What cannot be read may disagree, so it is never passed over in silence.
  const unreadable = read.findings
    .filter(({ definition }) => definition === unreadableRecord)
    .map(({ message }): Finding => ({ definition: codes.unread, message, at: { file } }));
  const found = read.records.flatMap(({ identity, value }): Finding[] => {
    if (identity.by !== "upstream") return [];
    const { provider, id } = identity;
    const at = placeOf(file, text, provider ?? "", id);
    const existing = known.get(vendorKey(`provider:${provider ?? ""}`, id));
    if (existing === undefined)
      return [
        { definition: codes.unknown, message: `"${provider ?? ""}/${id}" is no model of this registry.`, at },
      ];
    const { spec: _spec, ...stated } = value;
    return disagreementsOf(existing, stated, facts, file).map(({ ref, field, was, now }) => ({
      definition: codes.differs,
      message: `${field} of ${ref} is ${String(was)}; the configuration says ${String(now)}.`,
      at,
      subject: ref,
    }));
  });
  return [...unreadable, ...found];
}

/** Where a configuration names a model: not inside a longer name. */
function placeOf(file: string, text: string, provider: string, id: string): Finding["at"] {
  for (const name of [`${provider}/${id}`, id]) {
    for (let start = text.indexOf(name); start >= 0; start = text.indexOf(name, start + 1)) {
      const end = start + name.length;
      if (inside.test(text[start - 1] ?? "") || inside.test(text[end] ?? "")) continue;
      return { file, span: { start, end } };
    }
  }
  return { file };
}

const inside = /[\w.:/@-]/;

/**
 * Which records of an import may become models: their provider has a name, nothing before them describes the same model,
 * and the model they mean is found, also where people's name for it is all that the source has.
 */
import { compareBytes } from "../model/json.ts";
import type { Entry } from "../model/registry.ts";
import * as codes from "./codes.ts";
import type { Draft } from "./draft.ts";
import { vendorKey, type KnownModels } from "./match.ts";
import { plainName } from "./names.ts";
import type { ImportRecord } from "./record.ts";
import { quoted } from "./text.ts";

/** A record that may become an entry: its provider has a name, and nothing before it described the same model. */
export interface Candidate {
  readonly record: ImportRecord;
  readonly id: string;
  readonly providerRef: string;
  /** The namespace it belongs into when it is new. */
  readonly namespace: string;
  /** What its name is made of. */
  readonly nameOf: string;
  readonly loose: boolean;
}

/** The model of the same provider whose upstream id makes the same name. */
export function likeIn(known: KnownModels, { providerRef, id }: Candidate): Entry<"Model"> | undefined {
  const name = plainName(id);
  for (const entry of known.values()) {
    const { provider, upstreamId } = entry.value.spec;
    if (provider === providerRef && plainName(upstreamId ?? "") === name) return entry;
  }
  return undefined;
}

/** The candidates of a source, in the order of its files and ids. */
export function candidatesOf(
  draft: Draft,
  records: readonly ImportRecord[],
  providers: ReadonlyMap<string, string>,
): readonly Candidate[] {
  const { namespace } = draft.options;
  const models = records.flatMap((record) => {
    const { identity } = record;
    if (record.kind !== "Model" || identity.by !== "upstream") return [];
    const { id, provider, loose } = identity;
    return [{ record, id, provider: provider ?? "", loose: loose === true }];
  });
  const several = new Set(models.map(({ provider }) => provider)).size > 1;
  const candidates = new Map<string, Candidate>();
  for (const { record, id, provider, loose } of models.sort(
    (a, b) => compareBytes(a.record.file, b.record.file) || compareBytes(a.id, b.id),
  )) {
    const name = providers.get(provider);
    if (name === undefined) {
      draft.note(codes.noName, record.file, `No name is free for the provider ${quoted(provider)}.`);
      continue;
    }
    // One namespace for several providers: the provider becomes part of the name, or names would mean nothing.
    const nameOf = namespace !== undefined && several ? `${provider}/${id}` : id;
    const candidate = {
      record,
      id,
      providerRef: `provider:${name}`,
      namespace: namespace ?? name,
      nameOf,
      loose,
    };
    const key = vendorKey(candidate.providerRef, id);
    if (candidates.has(key))
      draft.note(codes.duplicate, record.file, `${quoted(`${provider}/${id}`)} stands in the source twice.`);
    else candidates.set(key, candidate);
  }
  return [...candidates.values()];
}

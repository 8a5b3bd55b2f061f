/**
 * Models that a source no longer has. They are never deleted (DESIGN 4): they become deprecated, unless so many are
 * missing that the source itself is the likelier fault.
 */
import type { Finding } from "../model/diagnostic.ts";
import type { Entry } from "../model/registry.ts";
import * as codes from "./codes.ts";
import type { KnownModels } from "./match.ts";
import type { Draft } from "./draft.ts";
import { ownSources } from "./provenance.ts";
import { asObject } from "./sync.ts";
import type { Edit } from "../source/edit.ts";

/** Of a hundred imported models this many may be missing before the import is refused. */
const mostMissing = 5;

/** Deprecates what is missing; the finding says why the import is refused instead. */
export function planVanished(
  draft: Draft,
  known: KnownModels,
  present: ReadonlySet<string>,
): Finding | undefined {
  const { uri, allowVanished } = draft.options;
  if (uri === null) return undefined;
  const missing: Entry<"Model">[] = [];
  let live = 0;
  for (const [key, entry] of known) {
    const { state, spec } = entry.value;
    if (state === "deprecated" || state === "retired" || ownSources(asObject(entry.value), uri).length === 0)
      continue;
    if (!draft.options.wanted(`${spec.provider.slice("provider:".length)}/${spec.upstreamId ?? ""}`))
      continue;
    live++;
    if (!present.has(key)) missing.push(entry);
  }
  if (missing.length * 100 > live * mostMissing && !allowVanished) {
    const examples = missing
      .slice(0, 3)
      .map(({ ref }) => ref)
      .join(", ");
    const message = `${missing.length} of ${live} imported models are missing from the source (${examples}, ...).`;
    return { definition: codes.vanishedMany, message, at: { file: missing[0]!.path } };
  }
  for (const entry of missing) {
    draft.edit(entry, deprecation(entry, `It is no longer in ${uri}.`), entry.path);
    draft.note(codes.vanished, entry.path, `${entry.ref} is no longer in the source.`, entry.ref);
  }
  return undefined;
}

/** The edits that deprecate a model; a sunset that a person wrote stays. */
export function deprecation(existing: Entry<"Model">, reason: string): readonly Edit[] {
  const sunset: readonly Edit[] =
    existing.value.sunset === undefined ? [{ pointer: ["sunset"], value: "unknown" }] : [];
  return [{ pointer: ["state"], value: "deprecated" }, { pointer: ["reason"], value: reason }, ...sunset];
}

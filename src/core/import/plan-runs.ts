/**
 * Test runs that a source recorded -> Evaluations of the models that the same import brings or finds. What was measured
 * is taken as it stands; the digest of what it was measured on is computed, never believed.
 */
import { digestOf } from "../model/digest.ts";
import type { Json, JsonObject } from "../model/json.ts";
import { parseInstant } from "../model/instant.ts";
import { stampOf } from "../author/run.ts";
import { identityOf, parseRef } from "../source/reference.ts";
import * as codes from "./codes.ts";
import type { Draft } from "./draft.ts";
import { vendorKey } from "./match.ts";
import { completedSources } from "./provenance.ts";
import { compact, type RunRecord } from "./record.ts";
import { quoted } from "./text.ts";

/** A model as it will stand after the import: what a run's digest is of. */
export interface RunTarget {
  readonly ref: string;
  readonly spec: Json;
}

/** Plans every run; one that stands in the registry already is kept, because runs are frozen as a whole. */
export function planRuns(
  draft: Draft,
  runs: readonly RunRecord[],
  providers: ReadonlyMap<string, string>,
  targets: ReadonlyMap<string, RunTarget>,
): void {
  for (const { target: of, value, file } of runs) {
    const target = targets.get(vendorKey(`provider:${providers.get(of.provider) ?? ""}`, of.id));
    const model = parseRef(target?.ref ?? "");
    const suite = parseRef(typeof value["suite"] === "string" ? value["suite"] : "");
    const executedAt = parseInstant(typeof value["executedAt"] === "string" ? value["executedAt"] : "");
    // Without its model the reason stands in the report already.
    if (target === undefined || model === undefined) continue;
    const name =
      suite === undefined || executedAt === undefined
        ? undefined
        : `${model.version}-${suite.name}-${stampOf(executedAt)}`;
    const identity =
      name === undefined ? undefined : identityOf("Evaluation", `${model.ns}/${model.name}/${name}`);
    if (identity === undefined) {
      draft.note(codes.illegalId, file, `A run of ${quoted(of.id)} has no legal name.`, target.ref);
      continue;
    }
    const existing = draft.registry.get(identity.ref);
    if (existing !== undefined) {
      draft.keep(existing);
      continue;
    }
    draft.create("Evaluation", identity.id, evaluationOf(draft, value, target, model.id), file, "imported");
  }
}

function evaluationOf(draft: Draft, value: JsonObject, target: RunTarget, id: string): JsonObject {
  const { uri, about } = draft.options;
  return compact({
    ...value,
    target: target.ref,
    targetDigest: digestOf({ kind: "Model", id, value: { spec: target.spec } }),
    sources: completedSources(value, uri, about),
  });
}

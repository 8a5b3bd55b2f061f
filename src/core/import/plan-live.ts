/**
 * What the source says is live becomes Activations, when the caller adopts it: a use case whose purpose nobody has
 * written down yet, a bundle that pins the version, and the line that says where it is live. Nothing is claimed to have
 * been measured, and every entry carries the mark of an adoption, so that its compliance is pending.
 */
import { canonicalJson } from "../model/canonical.ts";
import type { JsonObject } from "../model/json.ts";
import { identityOf } from "../source/reference.ts";
import { adopted } from "./adopt.ts";
import * as codes from "./codes.ts";
import type { Draft } from "./draft.ts";
import type { Families } from "./plan-versions.ts";
import { completedSources } from "./provenance.ts";
import { compact, type LiveRecord } from "./record.ts";
import { quoted } from "./text.ts";

/** Plans what is live; without an adoption nothing is, because going live is a governed move. */
export function planLive(draft: Draft, live: readonly LiveRecord[], families: Families): void {
  if (!draft.options.adopt) return;
  const planned = new Set<string>();
  for (const record of live) {
    const { of, file, stage } = record;
    const family = families(of);
    if (family === undefined || of.version === null) continue;
    const subject = `model:${family}@${of.version}`;
    const environment = record.environments.find(
      (name) => draft.registry.get(`environment:${name}`) !== undefined,
    );
    if (environment === undefined) {
      const names = record.environments.join(" or ");
      draft.note(
        codes.noEnvironment,
        file,
        `${subject} is live in ${quoted(stage)}; there is no environment ${names}.`,
        subject,
      );
      continue;
    }
    const owner = ownerOf(draft, family);
    if (owner === undefined) {
      draft.note(
        codes.noOwner,
        file,
        `${subject} is live in ${quoted(stage)}; a use case needs an owner.`,
        subject,
      );
      continue;
    }
    const source = completedSources({ sources: [{ path: file }] }, draft.options.uri, draft.options.about);
    const make = (kind: "UseCase" | "Bundle", id: string, value: JsonObject): boolean => {
      const ref = identityOf(kind, id)?.ref ?? id;
      if (planned.has(ref)) return true;
      planned.add(ref);
      const existing = draft.registry.get(ref);
      if (existing !== undefined) draft.keep(existing);
      else
        return draft.create(
          kind,
          id,
          adopted(draft, compact({ ...value, sources: source })),
          file,
          "imported",
        );
      return true;
    };
    if (!make("UseCase", family, useCase(of.id, owner))) continue;
    if (!make("Bundle", `${family}@${of.version}`, bundle(record, subject, owner))) continue;
    activate(draft, record, environment, family, source);
  }
}

function ownerOf(draft: Draft, family: string): string | undefined {
  const existing = draft.registry.get(`usecase:${family}`);
  if (existing?.kind === "UseCase" && "owner" in existing.value) return existing.value.owner;
  return draft.options.owner;
}

function useCase(id: string, owner: string): JsonObject {
  return {
    title: `Adopted: ${id}`.slice(0, 200),
    description:
      "It ran before it was registered. Say what it is for, how risky that is, and which gates it must meet.",
    owner,
    purpose: "Not written down yet: it was live when this registry began.",
    // Nobody has judged the risk; too many approvals are asked for rather than too few.
    riskTier: "high",
  };
}

function bundle({ of, stage, provenance }: LiveRecord, model: string, owner: string): JsonObject {
  return {
    title: `Adopted: ${of.id} ${of.version ?? ""}`.slice(0, 200),
    owner,
    state: "approved",
    reason: `Adopted: it was live in ${quoted(stage)} when this registry began; nobody has approved it here.`,
    spec: {
      artifacts: [{ role: "metadata", text: canonicalJson({ adopted: of.id, version: of.version, stage }) }],
      models: [model],
      provenance,
      changelog: "Adopted as it ran.",
    },
    gateReceipt: { decision: "PASS", gates: [] },
  };
}

function activate(
  draft: Draft,
  { of, stage, file }: LiveRecord,
  environment: string,
  family: string,
  sources: readonly JsonObject[] | undefined,
): void {
  const id = `${environment}/${family}`;
  const existing = draft.registry.get(`scope:${id}`);
  if (existing?.kind === "Activation" && "bundle" in existing.value) {
    if (existing.value.bundle === of.version) draft.keep(existing);
    else {
      const says = `${existing.ref} says ${existing.value.bundle}; the source says ${of.version ?? "nothing"}.`;
      draft.note(codes.conflict, file, says, existing.ref);
    }
    return;
  }
  const value = { bundle: of.version ?? "none", reason: `Adopted: live in ${quoted(stage)}.`, sources };
  draft.create("Activation", id, adopted(draft, compact(value)), file, "imported");
}

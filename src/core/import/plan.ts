/**
 * What an import means for a registry: foreign records and existing entries -> which files to make, which values to
 * edit, what to leave alone and why. Pure: the same records in any order give the same plan, and a plan made again
 * after it was carried out holds no writes.
 */
import type { Finding } from "../model/diagnostic.ts";
import { compareBytes, type JsonObject } from "../model/json.ts";
import type { KindName } from "../model/kind.ts";
import type { Registry } from "../model/registry.ts";
import { identityOf } from "../source/reference.ts";
import { boundsFault } from "./bounds.ts";
import * as codes from "./codes.ts";
import type { Disagreement, Draft, ImportOptions, ImportPlan, PlannedWrite } from "./draft.ts";
import { planExact } from "./plan-exact.ts";
import { planLive } from "./plan-live.ts";
import { planModels } from "./plan-models.ts";
import { planProviders, providerNames } from "./plan-providers.ts";
import { planRuns, type RunTarget } from "./plan-runs.ts";
import { planVersions } from "./plan-versions.ts";
import type { Incoming } from "./record.ts";
import { asObject, edited } from "./sync.ts";

/** Reasons after which a record has no entry; every other finding is a note. */
const skipping: ReadonlySet<string> = new Set(
  [
    codes.unreadable,
    codes.danglingLink,
    codes.foreignLink,
    codes.noEnding,
    codes.missingBase,
    codes.illegalId,
    codes.invalidEntry,
    codes.noName,
    codes.duplicate,
  ].map(({ code }) => code),
);

/** Plans an import. Never throws on what the source or the registry holds. */
export function planImport(registry: Registry, incoming: Incoming, options: ImportOptions): ImportPlan {
  const findings: Finding[] = [...incoming.findings];
  const disagreements: Disagreement[] = [];
  const lists = { imported: new Set<string>(), changed: new Set<string>(), unchanged: new Set<string>() };
  const writes = new Map<string, PlannedWrite>();
  const draft: Draft = {
    registry,
    options,
    create(kind, id, value, file, as) {
      const identity = identityOf(kind, id);
      const fault =
        identity === undefined
          ? `${kind} ${id} is no legal name.`
          : faultOf(kind, identity.path, value, options);
      if (identity === undefined || fault !== undefined) {
        findings.push({
          definition: codes.invalidEntry,
          message: fault ?? "",
          at: { file },
          subject: identity?.ref ?? id,
        });
      } else if (registry.tree.get(identity.path) !== undefined || writes.has(identity.path)) {
        const message = `${identity.path} is in the way: it cannot be read as an entry, or another record made it.`;
        findings.push({ definition: codes.conflict, message, at: { file }, subject: identity.ref });
      } else {
        lists[as].add(identity.ref);
        writes.set(identity.path, {
          ref: identity.ref,
          path: identity.path,
          kind,
          write: { by: "new", value },
        });
        return true;
      }
      return false;
    },
    edit(entry, edits, file) {
      const fault = faultOf(entry.kind, entry.path, edited(asObject(entry.value), edits), options);
      if (fault !== undefined) {
        findings.push({ definition: codes.invalidEntry, message: fault, at: { file }, subject: entry.ref });
        return;
      }
      lists.changed.add(entry.ref);
      writes.set(entry.path, {
        ref: entry.ref,
        path: entry.path,
        kind: entry.kind,
        write: { by: "edit", edits },
      });
    },
    keep: (entry) => void lists.unchanged.add(entry.ref),
    disagree: (found) => void disagreements.push(...found),
    note(definition, file, message, subject) {
      findings.push({ definition, message, at: { file }, ...(subject !== undefined && { subject }) });
    },
  };
  planExact(draft, incoming.records);
  const providers = providerNames(incoming);
  planProviders(draft, incoming.records, providers);
  const targets = new Map<string, RunTarget>();
  const refused = planModels(draft, incoming, providers, targets);
  const families = planVersions(draft, incoming);
  planRuns(draft, incoming.runs ?? [], providers, targets);
  planLive(draft, incoming.live ?? [], families);
  const sorted = findings.sort(inReportOrder);
  const none = refused !== undefined;
  return {
    imported: none ? [] : [...lists.imported].sort(compareBytes),
    changed: none ? [] : [...lists.changed].sort(compareBytes),
    unchanged: [...lists.unchanged].sort(compareBytes),
    skipped: sorted.filter(({ definition }) => skipping.has(definition.code)),
    conflicts: sorted.filter(({ definition }) => definition.code === codes.conflict.code),
    disagreements: disagreements.sort(
      (a, b) =>
        compareBytes(a.ref, b.ref) ||
        compareBytes(a.field, b.field) ||
        compareBytes(a.nowSource, b.nowSource),
    ),
    notes: sorted.filter(
      ({ definition }) => !skipping.has(definition.code) && definition.code !== codes.conflict.code,
    ),
    dropped: [...incoming.dropped].sort(([a], [b]) => compareBytes(a, b)),
    refused,
    writes: none ? [] : [...writes.values()].sort((a, b) => compareBytes(a.path, b.path)),
  };
}

/** By file, then by what is wrong, then by entry: the same report whatever order the source was read in. */
function inReportOrder(a: Finding, b: Finding): number {
  return (
    compareBytes(a.at.file, b.at.file) ||
    compareBytes(a.definition.code, b.definition.code) ||
    compareBytes(a.subject ?? "", b.subject ?? "") ||
    compareBytes(a.message, b.message)
  );
}

/** Why a value may not be written, as one sentence; undefined when it may. */
function faultOf(
  kind: KindName,
  path: string,
  value: JsonObject,
  options: ImportOptions,
): string | undefined {
  const bounds = boundsFault(value);
  if (bounds !== undefined) return bounds;
  const faults = options.schema(kind, path, value);
  if (faults.length === 0) return undefined;
  return faults
    .map(({ at, message }) => `${(at.pointer ?? []).join(".")}: ${message}`)
    .slice(0, 3)
    .join(" ");
}

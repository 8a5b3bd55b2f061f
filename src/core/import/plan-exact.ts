/**
 * Records that name an entry of this registry exactly (`import json`): new ones are made, equal ones kept, and what
 * differs is an edit only where the caller says that the source may take over, and never of what is frozen.
 */
import { isObject, type JsonObject } from "../model/json.ts";
import type { Entry } from "../model/registry.ts";
import { kindOf } from "../kinds/index.ts";
import { parseRef } from "../source/reference.ts";
import { adopted } from "./adopt.ts";
import * as codes from "./codes.ts";
import type { Draft } from "./draft.ts";
import type { ImportRecord } from "./record.ts";
import { asObject, syncEdits } from "./sync.ts";
import type { Edit } from "../source/edit.ts";
import { quoted } from "./text.ts";

/** Keys that an import never overwrites: people wrote them, or moving them is governed (DESIGN 2.1). */
const kept: ReadonlySet<string> = new Set([
  "title",
  "owner",
  "tags",
  "state",
  "reason",
  "sunset",
  "replacedBy",
]);
/** Keys that never change once landed (DESIGN 2.1). */
const frozen: ReadonlySet<string> = new Set(["spec", "gateReceipt"]);

/** Kinds of what can run already when a registry begins. */
const runs: ReadonlySet<string> = new Set(["Model", "Pipeline", "Bundle", "UseCase", "Activation"]);

/** Plans every record whose identity is exact; the first of two for the same entry counts. */
export function planExact(draft: Draft, records: readonly ImportRecord[]): void {
  const seen = new Set<string>();
  for (const { identity, value, file } of records) {
    if (identity.by !== "exact") continue;
    const found = parseRef(identity.ref);
    if (found === undefined) {
      draft.note(codes.illegalId, file, `${quoted(identity.ref)} is no reference to an entry.`);
    } else if (seen.has(found.ref)) {
      draft.note(codes.duplicate, file, `${found.ref} stands in the source twice.`, found.ref);
    } else {
      seen.add(found.ref);
      const existing = draft.registry.get(found.ref);
      if (existing !== undefined) planExisting(draft, existing, value, file);
      else {
        const whole = withState(draft, found.kind, value);
        draft.create(
          found.kind,
          found.id,
          runs.has(found.kind) ? adopted(draft, whole) : whole,
          file,
          "imported",
        );
      }
    }
  }
}

/** New versions get the state their lifecycle begins with, models the one that was asked for. */
function withState(draft: Draft, kind: ImportRecord["kind"], value: JsonObject): JsonObject {
  const { lifecycle } = kindOf(kind);
  if (lifecycle === undefined || value["state"] !== undefined) return value;
  return { ...value, state: kind === "Model" ? draft.options.state : lifecycle.initial };
}

function planExisting(draft: Draft, existing: Entry, value: JsonObject, file: string): void {
  const current = asObject(existing.value);
  const changed = Object.keys(value).filter((key) => !kept.has(key) && !equal(current, value, key));
  const locked = existing.kind === "Evaluation" ? changed : changed.filter((key) => frozen.has(key));
  if (changed.length === 0) draft.keep(existing);
  else if (locked.length > 0) {
    const message = `${existing.ref} has another ${locked.join(" and ")}, which is frozen; give the record a new version.`;
    draft.note(codes.conflict, file, message, existing.ref);
  } else if (!draft.options.adopt) {
    draft.note(
      codes.conflict,
      file,
      `${existing.ref} says something else in ${changed.join(", ")}.`,
      existing.ref,
    );
  } else draft.edit(existing, editsFor(current, value, changed), file);
}

/** Edits as deep as both sides are maps, so that a changed price is one changed line. */
function editsFor(current: JsonObject, value: JsonObject, keys: readonly string[]): readonly Edit[] {
  const leaves = keys.flatMap((key) => leavesOf(current[key], value[key], [key]));
  return syncEdits(
    current,
    value,
    leaves.map((path) => ({ path, removes: false })),
    undefined,
  );
}

function leavesOf(current: unknown, value: unknown, path: readonly string[]): readonly (readonly string[])[] {
  if (!isObject(current) || !isObject(value)) return [path];
  return Object.keys(value).flatMap((key) => leavesOf(current[key], value[key], [...path, key]));
}

function equal(current: JsonObject, value: JsonObject, key: string): boolean {
  return editsFor(current, value, [key]).length === 0;
}

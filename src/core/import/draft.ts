/**
 * What planning an import is given and what it makes: options, the plan as a printable value, and the draft that its
 * parts write into. Only types; every part of planning imports this and none imports another's table.
 */
import type { CodeDefinition, Finding } from "../model/diagnostic.ts";
import type { Json, JsonObject } from "../model/json.ts";
import type { KindName } from "../model/kind.ts";
import type { Entry, Registry } from "../model/registry.ts";
import type { Edit } from "../source/edit.ts";

/** One file that the import would make or edit. */
export interface PlannedWrite {
  readonly ref: string;
  readonly path: string;
  readonly kind: KindName;
  readonly write:
    | { readonly by: "new"; readonly value: JsonObject }
    | { readonly by: "edit"; readonly edits: readonly Edit[] };
}

/** One fact on which the registry and the source differ. */
export interface Disagreement {
  readonly ref: string;
  /** The path of the fact inside the entry, with dots. */
  readonly field: string;
  readonly was: Json;
  /** What the registry's value came from, as address and path; null where people wrote it. */
  readonly wasSource: string | null;
  readonly now: Json;
  readonly nowSource: string;
}

export interface ImportOptions {
  /** `sources[].uri` of what this format brings; null where records state exact references. */
  readonly uri: string | null;
  /** Whether what the source lacks has not vanished. */
  readonly partial?: boolean;
  /** Facts about the source as a whole, written beside `uri` (digest, commit). */
  readonly about: JsonObject;
  /** Puts every model into this namespace instead of its provider's. */
  readonly namespace?: string | undefined;
  /** State of new models that the source does not call deprecated. */
  readonly state: string;
  /** Who owns new models, where somebody should. */
  readonly owner?: string | undefined;
  /** Lets the source take over entries that people wrote, and brings what it says is live. */
  readonly adopt: boolean;
  readonly allowVanished: boolean;
  /** Which `<provider>/<id>` the import is about; others can neither arrive nor vanish. */
  wanted(key: string): boolean;
  /** What keeps a value from being a valid entry. */
  schema(kind: KindName, path: string, value: JsonObject): readonly Finding[];
}

export interface ImportPlan {
  /** References of new entries, in byte order; new versions of existing models are among `changed`. */
  readonly imported: readonly string[];
  /** References of entries that are edited, and of new versions, in byte order. */
  readonly changed: readonly string[];
  /** References of entries that are already as the source has them. */
  readonly unchanged: readonly string[];
  /** Records that did not become entries, each with its file and reason. */
  readonly skipped: readonly Finding[];
  /** Entries that were left alone because people wrote them. */
  readonly conflicts: readonly Finding[];
  /** Facts on which entries and the source differ, by entry and field; none of them was taken over. */
  readonly disagreements: readonly Disagreement[];
  /** What else a reader should know: corrections, contradictions, models that vanished. */
  readonly notes: readonly Finding[];
  /** Keys of the source that have no field here, with how many records carried them, by key. */
  readonly dropped: readonly (readonly [key: string, records: number])[];
  /** Why the import as a whole was refused; then nothing is written. */
  readonly refused: Finding | undefined;
  /** In byte order of paths. */
  readonly writes: readonly PlannedWrite[];
}

/** Collects a plan; what every part of planning needs. */
export interface Draft {
  readonly registry: Registry;
  readonly options: ImportOptions;
  /** Adds a new file, unless its value is no valid entry, which is reported under the record's file. */
  create(kind: KindName, id: string, value: JsonObject, file: string, as: "imported" | "changed"): boolean;
  /** Edits an entry, unless it would no longer be valid, which is reported. */
  edit(entry: Entry, edits: readonly Edit[], file: string): void;
  keep(entry: Entry): void;
  disagree(disagreements: readonly Disagreement[]): void;
  /** Reports about a record of the source. */
  note(definition: CodeDefinition, file: string, message: string, subject?: string): void;
}

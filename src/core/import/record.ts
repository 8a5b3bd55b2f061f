/**
 * The vocabulary of imports: what a foreign source is, what a format makes of it, and what it must report.
 * A format turns foreign bytes into records and findings; it never sees the registry and never decides what is
 * written (plan.ts does), so that every format gets the same treatment.
 */
import type { Finding } from "../model/diagnostic.ts";
import type { Json, JsonObject } from "../model/json.ts";
import type { KindName } from "../model/kind.ts";

/**
 * One path of a source. Paths are relative to the source's root and `/`-separated; adapters never follow links,
 * the format resolves them inside the source. `unread` is a file the adapter left alone, with the reason.
 */
export type SourceFile =
  | { readonly path: string; readonly kind: "file"; readonly bytes: Uint8Array }
  | { readonly path: string; readonly kind: "link"; readonly target: string }
  | { readonly path: string; readonly kind: "unread"; readonly reason: string };

/** A foreign source as a value: a folder's files, or one file alone. In any order. */
export interface Source {
  readonly files: readonly SourceFile[];
}

/** A record of the source that became an entry, before it has a name in the registry. */
export interface ImportRecord {
  readonly kind: KindName;
  /** The file it came from (for reports), relative to the source. */
  readonly file: string;
  /**
   * Where it goes. `exact`: the source states a reference of this registry. `upstream`: the vendor's id, of which
   * the plan makes a name; `provider` is a foreign id too and becomes a name the same way; `loose` ids name a model as
   * people say it ("GPT-4o") and mean the one whose upstream id makes the same name. `version`: one exact version of
   * something that the source versions itself, or with `version: null` what holds for all of them (Aliases).
   */
  readonly identity:
    | { readonly by: "exact"; readonly ref: string }
    | {
        readonly by: "upstream";
        readonly provider: string | null;
        readonly id: string;
        readonly loose?: true;
      }
    | ({ readonly by: "version" } & VersionIdentity);
  /** The source does not say what type the model is of; it is for new entries only, and never held against known ones. */
  readonly assumesType?: boolean;
  /** The entry's content; without `spec.provider` where `provider` is given, without `state` where the plan decides. */
  readonly value: JsonObject;
}

/** One version of something that the source versions itself. */
export interface VersionIdentity {
  /** Where it goes unless the caller names another namespace. */
  readonly namespace: string;
  /** The foreign name, of which the plan makes a legal one. */
  readonly id: string;
  /** Strict SemVer; null for what holds for all versions. */
  readonly version: string | null;
}

/** Something that the source says is live; only an adoption makes an Activation of it. */
export interface LiveRecord {
  readonly file: string;
  readonly of: VersionIdentity;
  /** The source's own word for where it is live. */
  readonly stage: string;
  /** Names that an environment of that meaning may have here; the first that exists counts. */
  readonly environments: readonly string[];
  /** `spec.provenance` of the bundle that adopts it. */
  readonly provenance: JsonObject;
}

/** A test run that the source recorded, with everything an Evaluation has but its target and name. */
export interface RunRecord {
  readonly file: string;
  readonly target: { readonly provider: string; readonly id: string };
  readonly value: JsonObject;
}

/** What a format made of a source. */
export interface Incoming {
  readonly records: readonly ImportRecord[];
  /** What was skipped, corrected or is contradictory: each with its file and reason. */
  readonly findings: readonly Finding[];
  /** Keys that the registry has no field for, with how many records carried them. */
  readonly dropped: ReadonlyMap<string, number>;
  /**
   * Identities (as identityKey spells them) that stand in the source but could not be read: what they describe has
   * not vanished. Without it one broken file would deprecate a model.
   */
  readonly unreadable: ReadonlySet<string>;
  readonly live?: readonly LiveRecord[];
  readonly runs?: readonly RunRecord[];
}

/** What a caller may say about how to read a source. */
export interface ReadOptions {
  /** Column -> field of a Model, for sources with columns. */
  readonly columns: ReadonlyMap<string, string>;
  /** What was named, as typed, where it says more than the file's name. */
  readonly typed: string;
  /** What the source is about, where it does not say so itself. */
  readonly id?: string | undefined;
}

/** Which records are wanted; given the foreign `<provider>/<id>`. */
export type Wanted = (key: string) => boolean;

/** A way to read a foreign source. One file and one line in the table (index.ts) each. */
export interface ImportFormat {
  /** As typed: `assent import <name> <source>`. */
  readonly name: string;
  /** One line for help. */
  readonly summary: string;
  /** What `<source>` is: one file, or a folder of which only these subfolders are read. */
  readonly source: { readonly is: "file" } | { readonly is: "folder"; readonly folders: readonly string[] };
  /**
   * Marks entries as coming from here (`sources[].uri`), so that the next import knows its own; null where records
   * state exact references and vanishing means nothing.
   */
  readonly uri: string | null;
  /** Sources that never list all there is: what such a source lacks has not vanished. */
  readonly partial?: true;
  /** Whether this can be such a source at all: nothing imported from the wrong folder helps nobody. */
  looksRight(source: Source): boolean;
  read(source: Source, wanted: Wanted, options: ReadOptions): Incoming;
}

/** The key of a foreign identity, unambiguous whatever the ids hold. */
export function identityKey(provider: string, id: string): string {
  return `${provider}/${id}`;
}

/** Counts what has no field in the registry, so that nothing is lost silently. */
export function count(into: Map<string, number>, key: string): void {
  into.set(key, (into.get(key) ?? 0) + 1);
}

/** The object without its absent keys, so that a value and what is read back from its file are equal. */
export function compact(value: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([, child]) => child !== undefined));
}

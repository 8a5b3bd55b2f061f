/**
 * The registry as a value: every entry that could be read, by reference and by kind.
 * It must never hold an entry that did not pass its schema, so that rules need no guards.
 */
import type { KindName } from "./kind.ts";
import type { EntryValues } from "../../generated/entries.ts";
import type { Plugins } from "./plugin.ts";
import type { Tree } from "./tree.ts";
import type { Identity } from "./ref.ts";

/** One file's record: who it is, and what it says. */
export interface Entry<K extends KindName = KindName> extends Identity {
  readonly kind: K;
  /** The file's content, schema-valid, exactly as written (nothing completed, nothing defaulted). */
  readonly value: EntryValues[K];
}

export interface Registry {
  readonly tree: Tree;
  /** All entries in byte order of their references. */
  readonly entries: readonly Entry[];
  get(ref: string): Entry | undefined;
  /** The entries of one kind, in byte order of their references. */
  ofKind<K extends KindName>(kind: K): readonly Entry<K>[];
  /** The versions of `<ns>/<name>` of a versioned kind, lowest first (SemVer order). */
  versions<K extends KindName>(kind: K, nsName: string): readonly Entry<K>[];
  /** The evaluations whose target is this reference, in byte order of their own. */
  runsOf(target: string): readonly Entry<"Evaluation">[];
  /** The plugins whose rules and functions judge it; absent where none has a say, or nobody brought them. */
  readonly plugins?: Plugins;
  /** Whether a file stands at this reference but could not be read as an entry; rules about references stay silent then. */
  isBroken(ref: string): boolean;
}

/** An entry of any kind, typed by its own. */
export type AnyEntry = { [K in KindName]: Entry<K> }[KindName];

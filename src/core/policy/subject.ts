/**
 * What an expression is asked about: an entry, and what surrounds it where that applies (DESIGN 3, CEL).
 * An entry is its own subject; nothing is copied or completed before an evaluation.
 */
import type { Instant } from "../model/instant.ts";
import type { KindName } from "../model/kind.ts";
import type { PluginFunctions } from "../model/plugin.ts";

/** The part of an entry that expressions see. Every `Entry` is one. */
export interface SubjectEntry {
  readonly kind: KindName;
  readonly id: string;
  readonly ns: string | null;
  readonly name: string;
  readonly version: string | null;
  /** The file's content, as written. */
  readonly value: object;
}

/** What surrounds the entry. A name that is absent here is null, or an empty list, for the expression. */
export interface Surroundings {
  /** The use case a bundle, an evaluation or an activation belongs to. */
  readonly usecase?: SubjectEntry | undefined;
  /** The bundle an activation points at. */
  readonly bundle?: SubjectEntry | undefined;
  /** The runs whose target is the entry. */
  readonly evaluations?: readonly SubjectEntry[];
  /** What the entry refers to, directly; of an activation everything it reaches. */
  readonly dependencies?: readonly SubjectEntry[];
  /** What the entry is derived from, all the way up. */
  readonly ancestors?: readonly SubjectEntry[];
  /** The state before and after, and the action, of a transition. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly action?: string | undefined;
  readonly environment?: SubjectEntry | undefined;
  readonly asOf?: Instant | undefined;
  /** What `plugin("<plugin>/<function>", ...)` asks; no name of expressions. */
  readonly functions?: PluginFunctions | undefined;
}

/** The names of surroundings, in the order documentation lists them. */
export const surroundingNames = [
  "usecase",
  "bundle",
  "evaluations",
  "dependencies",
  "ancestors",
  "from",
  "to",
  "action",
  "environment",
  "asOf",
] as const satisfies readonly (keyof Surroundings)[];

export type SurroundingName = (typeof surroundingNames)[number];

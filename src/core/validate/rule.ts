/**
 * What a rule is: a check of the data, shipped as code. One file per rule below rules/, one line in its table.
 * A rule is pure: it sees entries and the registry, reports findings, and never throws on a user's data.
 */
import type { KindName } from "../model/kind.ts";
import type { CodeDefinition, Finding, Location, Severity } from "../model/diagnostic.ts";
import type { Instant } from "../model/instant.ts";
import type { Pointer } from "../model/json.ts";
import type { Entry, Registry } from "../model/registry.ts";
import type { Reference } from "./references.ts";

/** What a rule may know besides the entry. */
export interface RuleContext {
  readonly registry: Registry;
  /** The clock that expiries are judged by; an argument, never the machine's. */
  readonly asOf: Instant;
  /** The same in all checks of a run: for counting what is costly, never for keeping what was read. */
  readonly run: object;
  /** Whether findings about this file are asked for. Costly rules leave out the others; nothing else may depend on it. */
  asks(file: string): boolean;
}

/** A finding without what the rule's own definition supplies. */
export type Report = (finding: Omit<Finding, "definition">) => void;

/** What every rule may say of itself beside its definition. */
export interface RuleExtras {
  /** For rules whose findings may be worse than their own severity: the worst. Whoever asks for errors alone runs them. */
  readonly worst?: Severity;
}

/** A rule that looks at one entry at a time. Called once for each entry of its kinds. */
export interface EntryRule<K extends KindName = KindName> extends CodeDefinition, RuleExtras {
  readonly kinds: readonly K[];
  find(entry: Entry<K>, context: RuleContext, report: Report): void;
}

/** A rule that looks at the registry as a whole (duplicates, quotas, files that are no entries). */
export interface RegistryRule extends CodeDefinition, RuleExtras {
  /** Whether what it finds in a file depends on that file's path, mode and content alone. */
  readonly isByFile?: boolean;
  findAll(context: RuleContext, report: Report): void;
}

/** A rule about what entries refer to. Called once for each reference that the schemas mark, all rules in one walk. */
export interface ReferenceRule extends CodeDefinition, RuleExtras {
  /** `target` is absent where no readable entry stands at an exact reference, and for ranges. */
  findReference(
    reference: Reference,
    target: Entry | undefined,
    entry: Entry,
    context: RuleContext,
    report: Report,
  ): void;
}

/** One path that differs between the base and the head of a change. */
export interface EntryChange {
  readonly path: string;
  /** Absent when the base has no (readable) entry there. */
  readonly before?: Entry;
  /** Absent when the head has no (readable) entry there. */
  readonly after?: Entry;
  /** Whether the path itself stands in the base and in the head, readable or not. */
  readonly inBase: boolean;
  readonly inHead: boolean;
}

/** A rule about moves: needs the landed side as well. Runs only with `--base`. */
export interface ChangeRule extends CodeDefinition, RuleExtras {
  findChange(change: EntryChange, context: RuleContext & { readonly base: Registry }, report: Report): void;
}

export type Rule = EntryRule | ReferenceRule | RegistryRule | ChangeRule;

/** Checks an entry rule's definition; `K` types the entry that `find` sees. */
export function defineEntryRule<K extends KindName>(rule: EntryRule<K>): EntryRule<K> {
  return rule;
}

/** Checks a reference rule's definition. */
export function defineReferenceRule(rule: ReferenceRule): ReferenceRule {
  return rule;
}

/** Checks a registry rule's definition. */
export function defineRegistryRule(rule: RegistryRule): RegistryRule {
  return rule;
}

/** Checks a change rule's definition. */
export function defineChangeRule(rule: ChangeRule): ChangeRule {
  return rule;
}

/** Points at a value of an entry. */
export function at(entry: Entry, ...pointer: Pointer): Location {
  return { file: entry.path, pointer };
}

/** Points at a key of an entry. */
export function atKey(entry: Entry, ...pointer: Pointer): Location {
  return { file: entry.path, pointer, part: "key" };
}

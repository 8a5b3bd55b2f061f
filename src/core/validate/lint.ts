/**
 * Runs the rules over a registry: everything that can be known without approvals.
 * It must never know a particular rule, and never let the order of files or rules reach its answer.
 */
import type { Finding } from "../model/diagnostic.ts";
import type { Instant } from "../model/instant.ts";
import type { KindName } from "../model/kind.ts";
import type { Told } from "../model/progress.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { visitReferences } from "./references.ts";
import type {
  ChangeRule,
  EntryChange,
  EntryRule,
  ReferenceRule,
  RegistryRule,
  Report,
  Rule,
  RuleContext,
} from "./rule.ts";

export interface LintOptions {
  /** The clock that expiries are judged by. */
  readonly asOf: Instant;
  readonly rules: readonly Rule[];
  /** Which files findings are asked for; all when absent. Findings about others may be left out. */
  readonly asks?: ((file: string) => boolean) | undefined;
  /** Hears of each rule and kind that is done; how many there will be is not known before. */
  readonly told?: Told | undefined;
  /** With `--base`: the landed side and what differs from it. */
  readonly base?: { readonly registry: Registry; readonly changes: readonly EntryChange[] };
}

/** Whether a rule can find errors at all. */
export function findsErrors(rule: Rule): boolean {
  return (rule.worst ?? rule.severity) === "error";
}

/** Rules by what they look at. */
export interface SortedRules {
  readonly ofEntries: ReadonlyMap<KindName, readonly EntryRule[]>;
  readonly ofReferences: readonly ReferenceRule[];
  readonly ofRegistry: readonly RegistryRule[];
  readonly ofChanges: readonly ChangeRule[];
}

/** Sorts rules by what they look at. */
export function sorted(rules: readonly Rule[]): SortedRules {
  const ofEntries = new Map<KindName, EntryRule[]>();
  for (const rule of rules.filter(isEntryRule))
    for (const kind of rule.kinds) {
      const own = ofEntries.get(kind);
      if (own === undefined) ofEntries.set(kind, [rule]);
      else own.push(rule);
    }
  return {
    ofEntries,
    ofReferences: rules.filter(isReferenceRule),
    ofRegistry: rules.filter(isRegistryRule),
    ofChanges: rules.filter(isChangeRule),
  };
}

/** Every finding of every rule, in no particular order; sort when rendering. */
export function lintRegistry(registry: Registry, options: LintOptions): Finding[] {
  const findings: Finding[] = [];
  const asks = options.asks ?? everything;
  const context: RuleContext = { registry, asOf: options.asOf, run: {}, asks };
  let done = 0;
  const { ofEntries, ofReferences, ofRegistry, ofChanges } = sorted(options.rules);
  for (const rule of ofRegistry) {
    rule.findAll(context, reporter(rule, findings));
    options.told?.(++done);
  }
  if (options.base !== undefined) lintChanges(ofChanges, context, options.base, findings);
  for (const [kind, ofKind] of ofEntries) {
    const entries = registry.ofKind(kind).filter(({ path }) => asks(path));
    // One rule after the other: a rule that is called again and again is fast, one among others is not.
    for (const rule of ofKind) {
      const report = reporter(rule, findings);
      for (const entry of entries) rule.find(entry, context, report);
      options.told?.(++done);
    }
  }
  lintReferences(ofReferences, context, findings);
  return findings;
}

/** What the rules about moves find. */
export function lintChanges(
  rules: readonly ChangeRule[],
  context: RuleContext,
  base: NonNullable<LintOptions["base"]>,
  findings: Finding[],
): void {
  const changeContext = { ...context, base: base.registry };
  for (const rule of rules) {
    const report = reporter(rule, findings);
    for (const change of base.changes) rule.findChange(change, changeContext, report);
  }
}

function lintReferences(rules: readonly ReferenceRule[], context: RuleContext, findings: Finding[]): void {
  const { registry, asks } = context;
  const prepared = rules.map((rule) => ({ rule, report: reporter(rule, findings) }));
  if (prepared.length === 0) return;
  // Neighbours refer to the same entries, their provider above all; asking once spares most of the searching.
  let lastRef = "";
  let last: Entry | undefined;
  for (const entry of registry.entries) {
    if (!asks(entry.path)) continue;
    visitReferences(entry, (reference) => {
      const { ref, range } = reference;
      if (range === null && ref !== lastRef) {
        lastRef = ref;
        last = registry.get(ref);
      }
      const target = range === null ? last : undefined;
      for (let i = 0; i < prepared.length; i++) {
        const { rule, report } = prepared[i]!;
        rule.findReference(reference, target, entry, context, report);
      }
    });
  }
}

const everything = (): boolean => true;

/** Takes the findings of a rule, each with its definition. */
export function reporter(rule: Rule, findings: Pick<Finding[], "push">): Report {
  const canErr = findsErrors(rule);
  return (finding) => {
    // Whoever asks for errors alone leaves this rule out, so it must not have any.
    if (finding.severity === "error" && !canErr)
      throw new Error(`${rule.code} must say that it can find errors`);
    findings.push({ definition: rule, ...finding });
  };
}

function isEntryRule(rule: Rule): rule is EntryRule {
  return "find" in rule;
}

function isReferenceRule(rule: Rule): rule is ReferenceRule {
  return "findReference" in rule;
}

function isRegistryRule(rule: Rule): rule is RegistryRule {
  return "findAll" in rule;
}

function isChangeRule(rule: Rule): rule is ChangeRule {
  return "findChange" in rule;
}

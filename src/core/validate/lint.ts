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

/** Every finding of every rule, in no particular order; sort when rendering. */
export function lintRegistry(registry: Registry, options: LintOptions): Finding[] {
  const findings: Finding[] = [];
  const asks = options.asks ?? everything;
  const context: RuleContext = { registry, asOf: options.asOf, asks };
  let done = 0;
  const byKind = new Map<KindName, Prepared[]>();
  const ofReferences: { readonly rule: ReferenceRule; readonly report: Report }[] = [];
  for (const rule of options.rules) {
    const report = reporter(rule, findings);
    if (isEntryRule(rule)) {
      for (const kind of rule.kinds) {
        const prepared = byKind.get(kind);
        if (prepared === undefined) byKind.set(kind, [{ rule, report }]);
        else prepared.push({ rule, report });
      }
    } else if (isReferenceRule(rule)) {
      ofReferences.push({ rule, report });
    } else if (isRegistryRule(rule)) {
      rule.findAll(context, report);
      options.told?.(++done);
    } else if (options.base !== undefined) {
      const changeContext = { ...context, base: options.base.registry };
      for (const change of options.base.changes) rule.findChange(change, changeContext, report);
    }
  }
  for (const [kind, prepared] of byKind) {
    const entries = registry.ofKind(kind).filter(({ path }) => asks(path));
    // One rule after the other: a rule that is called again and again is fast, one among others is not.
    for (const { rule, report } of prepared) {
      for (const entry of entries) rule.find(entry, context, report);
      options.told?.(++done);
    }
  }
  if (ofReferences.length > 0) {
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
        for (let i = 0; i < ofReferences.length; i++) {
          const { rule, report } = ofReferences[i]!;
          rule.findReference(reference, target, entry, context, report);
        }
      });
    }
  }
  return findings;
}

const everything = (): boolean => true;

interface Prepared {
  readonly rule: EntryRule;
  readonly report: Report;
}

function reporter(rule: Rule, findings: Finding[]): Report {
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

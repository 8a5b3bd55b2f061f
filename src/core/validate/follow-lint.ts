/**
 * Lints a registry that follows another one, at the cost of what differs: what each check read of the registry is noted,
 * and only checks that read something else now are made again. The findings are those of `lintRegistry`.
 *
 * It must never guess what a rule depends on, so everything that a rule is given tells that it is read, and each check is
 * given a registry of its own: nothing that one check has worked out hides from the next what it stands on. Where a file
 * changed that rules are read from, everything is checked.
 */
import { isRulePath } from "../compile/policy-revision.ts";
import type { Finding } from "../model/diagnostic.ts";
import type { Instant } from "../model/instant.ts";
import type { KindName } from "../model/kind.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { toldTree, treeOf, type Tree } from "../model/tree.ts";
import { identityOfPath } from "../source/reference.ts";
import { registryOf } from "../source/registry-of.ts";
import { lintChanges, reporter, sorted, type LintOptions, type SortedRules } from "./lint.ts";
import { visitReferences } from "./references.ts";
import type { Report, Rule, RuleContext } from "./rule.ts";

export interface FollowOptions extends Pick<LintOptions, "asOf" | "base"> {
  /** The same list as before where nothing more is needed. */
  readonly rules: readonly Rule[];
  /**
   * The registry that was linted before, and the paths at which this one differs; both of files that are all entries.
   * Absent where that is not known.
   */
  readonly from?: { readonly registry: Registry; readonly paths: readonly string[] } | undefined;
}

/** Lints one registry after the other. */
export type FollowLint = (registry: Registry, options: FollowOptions) => readonly Finding[];

/** Opens a lint that follows. */
export function followLint(): FollowLint {
  let kept: Kept | undefined;
  return (registry, { asOf, rules, from, base }) => {
    const before = kept;
    // Should a rule throw, nothing is known any more.
    kept = undefined;
    const follows = before !== undefined && before.rules === rules;
    const paths =
      before?.registry === registry ? [] : follows && from?.registry === before.registry ? from.paths : null;
    const next =
      follows && paths !== null && !paths.some(isRulePath)
        ? onward(before, registry, paths, asOf)
        : afresh(registry, rules, asOf);
    kept = next;
    const findings = [...next.found.values()].flat();
    if (base !== undefined)
      lintChanges(
        next.checks.sorted.ofChanges,
        { registry, asOf, run: {}, asks: everything },
        base,
        findings,
      );
    return findings;
  };
}

/** What is known about the registry that was linted last. */
interface Kept {
  readonly registry: Registry;
  readonly rules: readonly Rule[];
  readonly asOf: Instant;
  readonly checks: Checks;
  /** By unit: an entry's reference, `rule <code>` of a rule that looks at everything, `file <path>`. */
  readonly found: Map<string, readonly Finding[]>;
  /** Which units read something, by what was read; nearly everything is read by one unit alone, and a set of one is large. */
  readonly readers: Map<string, string | Set<string>>;
}

function afresh(registry: Registry, rules: readonly Rule[], asOf: Instant): Kept {
  const kept: Kept = {
    registry,
    rules,
    asOf,
    checks: checksOf(rules),
    found: new Map(),
    readers: new Map(),
  };
  const all = kept.checks.sorted.ofRegistry.filter(({ isByFile }) => isByFile !== true);
  check(kept, [...all.map(unitOfRule), ...registry.entries.map(({ ref }) => ref)]);
  checkFiles(kept, registry.tree);
  return kept;
}

/** Makes those checks again that read what differs. */
function onward(before: Kept, registry: Registry, paths: readonly string[], asOf: Instant): Kept {
  const kept: Kept = { ...before, registry, asOf };
  const { found, readers } = kept;
  const stale = new Set<string>();
  const read = (what: string): void => {
    const units = readers.get(what);
    if (typeof units === "string") stale.add(units);
    else units?.forEach((unit) => stale.add(unit));
  };
  if (asOf !== before.asOf) read("clock");
  if (paths.length > 0) {
    read("files");
    read("entries");
  }
  for (const path of paths) {
    read(`path ${path}`);
    found.delete(`file ${path}`);
    const identity = identityOfPath(path);
    if (identity === undefined) continue;
    const { kind, ref, ns, name } = identity;
    stale.add(ref);
    read(ref);
    read(`kind ${kind}`);
    read(`versions ${kind} ${ns}/${name}`);
    for (const side of [before.registry, registry]) {
      const entry = side.get(ref);
      if (entry?.kind === "Evaluation") read(`runs ${(entry as Entry<"Evaluation">).value.target}`);
    }
  }
  check(kept, stale);
  checkFiles(kept, treeOf(paths.flatMap((path) => registry.tree.get(path) ?? [])));
  return kept;
}

/** Makes checks, and notes what they find and read. */
function check({ registry, asOf, checks, found, readers }: Kept, units: Iterable<string>): void {
  let unit = "";
  const note = (what: string): void => {
    const known = readers.get(what);
    if (known === undefined) readers.set(what, unit);
    else if (typeof known !== "string") known.add(unit);
    else if (known !== unit) readers.set(what, new Set([known, unit]));
  };
  const run = {};
  for (unit of units) {
    // Whatever a rule keeps by its registry or context it keeps for this unit alone, so that each reads what it needs.
    checks.take(unit, registry.get(unit), noting(registry, asOf, run, note));
    const findings = checks.taken();
    if (findings.length > 0) found.set(unit, findings);
    else found.delete(unit);
  }
}

/** Rules that look at each file by itself. */
function checkFiles({ asOf, checks, found }: Kept, tree: Tree): void {
  const context = { registry: registryOf(tree, []), asOf, run: {}, asks: everything };
  for (const rule of checks.sorted.ofRegistry) {
    if (rule.isByFile !== true) continue;
    const findings: Finding[] = [];
    rule.findAll(context, reporter(rule, findings));
    for (const finding of findings) {
      const unit = `file ${finding.at.file}`;
      found.set(unit, [...(found.get(unit) ?? []), finding]);
    }
  }
}

/** Rules, ready to be asked about one unit after the other. */
interface Checks {
  readonly sorted: SortedRules;
  /** Makes the check of a unit; `entry` where it is one that is there. */
  take(unit: string, entry: Entry | undefined, context: RuleContext): void;
  /** What was found since this was last asked. */
  taken(): readonly Finding[];
}

function checksOf(rules: readonly Rule[]): Checks {
  let findings: Finding[] = [];
  const into = { push: (finding: Finding) => findings.push(finding) };
  const own = sorted(rules);
  const reporting = <R extends Rule>(rule: R): { readonly rule: R; readonly report: Report } => ({
    rule,
    report: reporter(rule, into),
  });
  const all = new Map(own.ofRegistry.map((rule) => [unitOfRule(rule), reporting(rule)]));
  const ofReferences = own.ofReferences.map(reporting);
  const byKind = new Map([...own.ofEntries].map(([kind, list]) => [kind, list.map(reporting)]));
  return {
    sorted: own,
    take(unit, entry, context) {
      if (entry === undefined) {
        const found = all.get(unit);
        found?.rule.findAll(context, found.report);
        return;
      }
      for (const { rule, report } of byKind.get(entry.kind) ?? []) rule.find(entry, context, report);
      if (ofReferences.length === 0) return;
      visitReferences(entry, (reference) => {
        const target = reference.range === null ? context.registry.get(reference.ref) : undefined;
        for (const { rule, report } of ofReferences)
          rule.findReference(reference, target, entry, context, report);
      });
    },
    taken() {
      if (findings.length === 0) return findings;
      const found = findings;
      findings = [];
      return found;
    },
  };
}

/** What a rule may know, telling of everything that it reads. */
function noting(registry: Registry, asOf: Instant, run: object, note: (what: string) => void): RuleContext {
  const tree = toldTree(registry.tree, (path) => note(path === null ? "files" : `path ${path}`));
  const noted: Registry = {
    tree,
    get entries() {
      note("entries");
      return registry.entries;
    },
    get(ref) {
      note(ref);
      return registry.get(ref);
    },
    ofKind<K extends KindName>(kind: K) {
      note(`kind ${kind}`);
      return registry.ofKind(kind);
    },
    versions<K extends KindName>(kind: K, nsName: string) {
      note(`versions ${kind} ${nsName}`);
      return registry.versions(kind, nsName);
    },
    runsOf(target) {
      note(`runs ${target}`);
      return registry.runsOf(target);
    },
    isBroken(ref) {
      note(ref);
      return registry.isBroken(ref);
    },
  };
  return {
    registry: noted,
    get asOf() {
      note("clock");
      return asOf;
    },
    run,
    asks: everything,
  };
}

const everything = (): boolean => true;

/** No reference has a space. */
function unitOfRule({ code }: Rule): string {
  return `rule ${code}`;
}

/** `assent lint`: read the registry, run the rules, say where everything is. Writes only what `--fix` is told to. */
import type { Finding } from "../core/model/diagnostic.ts";
import { Failure } from "../core/model/failure.ts";
import type { Instant } from "../core/model/instant.ts";
import { counted, type Progress } from "../core/model/progress.ts";
import type { Entry, Registry } from "../core/model/registry.ts";
import type { Tree } from "../core/model/tree.ts";
import type { Loaded } from "../core/source/load.ts";
import { pluginFindings } from "../core/plugin/findings.ts";
import { lintRegistry } from "../core/validate/lint.ts";
import {
  countsOf,
  createPlacer,
  diagnosticsOf,
  locationsOf,
  type Counts,
  type Diagnostic,
} from "../core/validate/report.ts";
import type { Rule } from "../core/validate/rule.ts";
import { needsExpressions, needsSchemas } from "../core/validate/needs-expressions.ts";
import { rules } from "../core/validate/rules/index.ts";
import { secretToken } from "../core/validate/rules/secret-token.ts";
import { changeSince, type BaseSide } from "./change.ts";
import type { FileChange, Ports } from "./ports.ts";
import { overdueOverrides } from "./overrides.ts";
import { openRegistry, type OpenRegistry, type Selection } from "./read.ts";
import { selector } from "./select.ts";

export interface LintRequest extends Selection {
  /** Files or folders, relative to the root, to report on; empty = all. Everything is read all the same. */
  readonly paths?: readonly string[];
  /** Also judge the change since this revision. */
  readonly base?: string | undefined;
  /** Apply the repairs that have exactly one right answer, then look again. */
  readonly fix?: boolean;
  /** Instead of what is wrong, what the clock will make wrong within this time from now (`30d`, `P30D`). */
  readonly lapsesWithin?: string | undefined;
}

export interface LintResult {
  /** How many files were read as entries, good or bad. */
  readonly entries: number;
  readonly counts: Counts;
  readonly diagnostics: readonly Diagnostic[];
  readonly tree: Tree;
  /** Files that `fix` rewrote, in byte order. */
  readonly fixed: readonly string[];
}

/** Lints the work tree or, with `at`, a commit. */
export async function lint(request: LintRequest, ports: Ports): Promise<LintResult> {
  if (request.fix === true && request.at !== undefined) {
    throw new Failure("usage/fix-the-past", "--fix edits the work tree and cannot edit the past.", {
      hint: "Leave out --at, or leave out --fix.",
    });
  }
  let open = await openRegistry(request, ports);
  if (request.lapsesWithin !== undefined) return lapses(request.lapsesWithin, open, request, ports);
  let findings = await findingsOf(open, request);
  const fixed = new Set<string>();
  // One repair can uncover the next (a file that parses again has rules to meet), so it looks again, a bounded number of times.
  for (let round = 0; request.fix === true && round < 5; round++) {
    const asked = selector(request.paths ?? [], open.registry.tree);
    const changes = await repaired(
      asked === undefined ? findings : findings.filter(({ at }) => asked(at.file)),
      open,
    );
    if (changes.length === 0) break;
    open.workTree.write(changes);
    for (const { path } of changes) fixed.add(path);
    open = await openRegistry(request, ports);
    findings = await findingsOf(open, request);
  }
  const reports = selector(request.paths ?? [], open.registry.tree);
  const reported = reports === undefined ? findings : findings.filter(({ at }) => reports(at.file));
  const diagnostics = await locate(reported, open.registry.tree);
  return {
    entries: open.files,
    counts: countsOf(diagnostics),
    diagnostics,
    tree: open.registry.tree,
    fixed: [...fixed].sort(),
  };
}

/** What lapses soon. The question is about now, unless another clock is named. */
async function lapses(
  within: string,
  open: OpenRegistry,
  request: LintRequest,
  ports: Ports,
): Promise<LintResult> {
  if (request.fix === true || request.base !== undefined) {
    throw new Failure(
      "usage/lapses-and-more",
      "--lapses-within asks what time will bring, and nothing else.",
      {
        hint: "Leave out --fix and --base.",
      },
    );
  }
  const { lapsesOf } = await import("./lapses.ts");
  const asOf = request.asOf ?? (request.at === undefined ? ports.now() : open.asOf);
  const { tree } = open.registry;
  const reports = selector(request.paths ?? [], tree);
  const found = lapsesOf(open, within, asOf).filter(({ at }) => reports?.(at.file) ?? true);
  const diagnostics = await locate(found, tree);
  return { entries: open.files, counts: countsOf(diagnostics), diagnostics, tree, fixed: [] };
}

/** Everything that can be known without approvals about an opened registry. */
async function findingsOf(open: OpenRegistry, request: LintRequest): Promise<Finding[]> {
  const base = request.base === undefined ? undefined : await changeSince(request.base, open);
  const asks = selector(request.paths ?? [], open.registry.tree);
  const found = await findingsIn(open, open.asOf, base, asks, open.onProgress);
  // What only the clock makes wrong fails a change only where it touches its subject (DESIGN 9).
  const touched = base && new Set(base.changes.map(({ path }) => path));
  const overdue = await overdueOverrides(open, open.asOf, open.asOf);
  return [...found, ...overdue.filter(({ at }) => touched?.has(at.file) !== false)];
}

/** All findings of a loaded registry: those of its files, and those of the rules. With a base, of its moves as well. */
export async function findingsIn(
  loaded: Pick<Loaded, "registry" | "findings">,
  asOf: Instant,
  base?: BaseSide,
  asks?: (file: string) => boolean,
  progress?: Progress,
  only: (rule: Rule) => boolean = () => true,
): Promise<Finding[]> {
  const rulesToRun = (await rulesFor(loaded.registry, asks)).filter(only);
  const told = counted(progress, "checking rules", null, 1);
  const found = lintRegistry(loaded.registry, { asOf, rules: rulesToRun, asks, told, ...(base && { base }) });
  return [...loaded.findings, ...found, ...pluginFindings(loaded.registry, asks)];
}

/** The rules that these entries of a registry need; those with heavy engines are loaded only when there is something for them. */
export async function rulesFor(
  registry: Registry,
  asks: (file: string) => boolean = () => true,
  entries: readonly Entry[] = registry.entries,
): Promise<readonly Rule[]> {
  if (!needsExpressions(registry, asks, entries)) return rules;
  const { expressionRules } = await import("../core/validate/rules/expressions.ts");
  if (!needsSchemas(registry, asks, entries)) return [...rules, ...expressionRules];
  const { schemaRules } = await import("../core/validate/rules/schemas.ts");
  return [...rules, ...expressionRules, ...schemaRules];
}

/** Places findings and hides credentials in them; the YAML library is loaded only for places that no plain line holds. */
export async function locate(findings: readonly Finding[], tree: Tree): Promise<Diagnostic[]> {
  const diagnostics = await placed(findings, tree);
  if (!findings.some(({ definition }) => definition === secretToken)) return diagnostics;
  // What another finding says about the same value must not tell it either.
  const { maskTokens } = await import("../core/validate/mask.ts");
  return diagnostics.map((each) => ({
    ...each,
    message: maskTokens(each.message),
    hint: maskTokens(each.hint),
  }));
}

async function placed(findings: readonly Finding[], tree: Tree): Promise<Diagnostic[]> {
  if (findings.length === 0) return [];
  const plain = createPlacer(tree);
  if (locationsOf(findings).every((location) => plain.place(location) !== undefined))
    return diagnosticsOf(findings, plain);
  const { createLocator } = await import("../core/source/locate.ts");
  return diagnosticsOf(findings, createPlacer(tree, createLocator));
}

async function repaired(findings: readonly Finding[], open: OpenRegistry): Promise<FileChange[]> {
  const repairs = findings.flatMap(({ repair }) => (repair === undefined ? [] : [repair]));
  if (repairs.length === 0) return [];
  const { applyRepairs } = await import("./repair.ts");
  return applyRepairs(repairs, open.registry.tree);
}

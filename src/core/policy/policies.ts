/**
 * Policies made ready to judge: their rules compiled once, asked of one entry at a time, and their own tests.
 * An evaluation error is a violation (DESIGN 3): a rule that cannot be answered has not been met.
 */
import type { PolicyRule, PolicySpec } from "../../generated/entries.ts";
import type { KindName } from "../model/kind.ts";
import type { PluginFunctions } from "../model/plugin.ts";
import { isObject, type JsonObject } from "../model/json.ts";
import { parseInstant } from "../model/instant.ts";
import { kindOf, kindOfWord } from "../kinds/index.ts";
import { compileExpression, holds, type CelNames, type Program } from "./cel.ts";
import { nearest } from "../model/nearest.ts";
import type { SubjectEntry, Surroundings } from "./subject.ts";

/** The surroundings that rules of policies see. Transitions are not theirs: a policy is about what is, not about a move. */
export const policyNames = [
  "usecase",
  "bundle",
  "evaluations",
  "dependencies",
  "ancestors",
  "environment",
  "asOf",
] as const;

/** The surroundings that `when` of an approval policy sees. */
export const approvalNames = ["usecase", "bundle", "from", "to", "action", "environment"] as const;

/** A rule that was not met. */
export interface Breach {
  readonly rule: PolicyRule;
  /** Why the rule could not be answered; null when it was answered with no. */
  readonly error: string | null;
}

export interface PreparedPolicy {
  /** The names of surroundings that its rules may read: those that stand in their texts. */
  readonly uses: ReadonlySet<string>;
  /** Whether a rule asks about evaluations, which may not exist yet. */
  asksEvidence(rule: PolicyRule): boolean;
  /** In the policy's order. */
  readonly rules: readonly PreparedRule[];
  /** The rules an entry does not meet, in the policy's order. */
  judge(entry: SubjectEntry, around: Surroundings): readonly Breach[];
}

/** A rule of a policy, ready to be asked (`breachOf`). */
export interface PreparedRule {
  readonly rule: PolicyRule;
  readonly when: Expression | undefined;
  readonly assert: Expression;
}

/** An expression that is compiled when it is first asked: most rules are about few entries. */
interface Expression {
  readonly text: string;
  readonly names: CelNames;
  /** The program, or what is wrong with the text. */
  made: Program | string | undefined;
}

const none: readonly Breach[] = [];

/** The names in expressions of a policy for these kinds. */
export function namesOfPolicy(kinds: readonly KindName[]): CelNames {
  return { kinds, around: policyNames };
}

/** Compiles a policy's rules. Rules that do not compile are errors of every entry, so that nothing passes by mistake. */
export function preparePolicy(spec: Pick<PolicySpec, "appliesTo" | "rules">): PreparedPolicy {
  const names = namesOfPolicy(spec.appliesTo);
  const expression = (text: string): Expression => ({ text, names, made: undefined });
  const rules = spec.rules.map((rule): PreparedRule => ({
    rule,
    when: rule.when === undefined ? undefined : expression(rule.when),
    assert: expression(rule.assert),
  }));
  const texts = spec.rules.map(({ when = "", assert }) => `${when}\n${assert}`);
  return {
    rules,
    uses: new Set(policyNames.filter((name) => texts.some((text) => text.includes(name)))),
    asksEvidence: (asked) =>
      rules.some(
        ({ rule, when, assert }) =>
          rule === asked &&
          [when, assert].some((each) => {
            const part = each && programOf(each);
            return typeof part === "object" && part.uses.has("evaluations");
          }),
      ),
    judge(entry, around) {
      let breaches: Breach[] | undefined;
      for (const each of rules) {
        const breach = breachOf(each, entry, around);
        if (breach !== undefined) (breaches ??= []).push(breach);
      }
      return breaches ?? none;
    },
  };
}

/** The program of an expression, or what is wrong with it. */
function programOf(expression: Expression): Program | string {
  return (expression.made ??= compiledFrom(expression));
}

function compiledFrom({ text, names }: Expression): Program | string {
  const compiled = compileExpression(text, names);
  return "faults" in compiled ? (compiled.faults[0]?.message ?? "the expression is wrong") : compiled.program;
}

/** Whether an entry does not meet a rule, and how. */
export function breachOf(
  { rule, when, assert }: PreparedRule,
  entry: SubjectEntry,
  around: Surroundings,
): Breach | undefined {
  if (when !== undefined) {
    const asked = ask(when, entry, around);
    if (asked === false) return undefined;
    if (asked !== true) return { rule, error: asked };
  }
  const answer = ask(assert, entry, around);
  return answer === true ? undefined : { rule, error: answer === false ? null : answer };
}

/** True, or not true (null included), or why there is no answer. */
function ask(expression: Expression, entry: SubjectEntry, around: Surroundings): boolean | string {
  const program = expression.made ?? programOf(expression);
  return typeof program === "string" ? program : holds(program, entry, around);
}

/** How one test of a policy went. */
export interface PolicyTestResult {
  readonly index: number;
  readonly passed: boolean;
  readonly expected: readonly string[];
  /** The ids of the rules that are violated, in the policy's order. */
  readonly violated: readonly string[];
  /** Why rules could not be answered, by rule id. */
  readonly errors: readonly { readonly rule: string; readonly message: string }[];
  /** Keys of `given` that no expression can see, with the nearest name that one can. */
  readonly unseen: readonly { readonly key: string; readonly nearest: string | undefined }[];
}

/** Runs a policy's own tests, with the functions that plugins add. `expect` is compared as a set. */
export function runPolicyTests(spec: PolicySpec, functions?: PluginFunctions): readonly PolicyTestResult[] {
  const prepared = preparePolicy(spec);
  return (spec.tests ?? []).map(({ given, expect }, index) => {
    const { entry, around, unseen } = subjectOfGiven(given, spec.appliesTo);
    const breaches = prepared.judge(entry, functions === undefined ? around : { ...around, functions });
    const violated = breaches.map(({ rule }) => rule.id);
    const wanted = new Set(expect);
    const passed =
      unseen.length === 0 && wanted.size === violated.length && violated.every((id) => wanted.has(id));
    const errors = breaches.flatMap(({ rule, error }) =>
      error === null ? [] : [{ rule: rule.id, message: error }],
    );
    return { index, passed, expected: expect, violated, errors, unseen };
  });
}

const identityNames = ["id", "kind", "ns", "name", "version"];
const fieldNames = ["state", "title", "owner", "labels", "tags", "spec", "facts", "serving", "extensions"];

/** The subject that `given` describes, in the words of expressions. */
function subjectOfGiven(
  given: JsonObject,
  kinds: readonly KindName[],
): { entry: SubjectEntry; around: Surroundings; unseen: PolicyTestResult["unseen"] } {
  const known = [...identityNames, ...fieldNames, ...policyNames];
  const unseen = Object.keys(given)
    .filter((key) => !known.includes(key))
    .map((key) => ({ key, nearest: nearest(key, known) }));
  const list = (name: string): readonly SubjectEntry[] => {
    const items = given[name];
    return Array.isArray(items)
      ? items.filter(isObject).map((item) => entryOf(item, kindIn(item, "Evaluation")))
      : [];
  };
  const one = (name: string, kind: KindName): SubjectEntry | undefined => {
    const item = given[name];
    return isObject(item) ? entryOf(item, kind) : undefined;
  };
  const { asOf } = given;
  const around: Surroundings = {
    usecase: one("usecase", "UseCase"),
    bundle: one("bundle", "Bundle"),
    environment: one("environment", "Environment"),
    evaluations: list("evaluations"),
    dependencies: list("dependencies"),
    ancestors: list("ancestors"),
    asOf: typeof asOf === "string" ? parseInstant(asOf) : undefined,
  };
  return { entry: entryOf(given, kindIn(given, kinds[0] ?? "Model")), around, unseen };
}

function kindIn(given: JsonObject, otherwise: KindName): KindName {
  return (typeof given["kind"] === "string" ? kindOfWord(given["kind"])?.name : undefined) ?? otherwise;
}

function entryOf(given: JsonObject, kind: KindName): SubjectEntry {
  const text = (name: string): string => (typeof given[name] === "string" ? given[name] : "");
  // In kinds without spec, `spec` is the file's own fields.
  const isVersioned = kindOf(kind).shape === "versioned";
  const value = !isVersioned && isObject(given["spec"]) ? { ...given["spec"], ...given } : given;
  return {
    kind,
    id: text("id"),
    ns: text("ns") || null,
    name: text("name"),
    version: text("version") || null,
    value,
  };
}

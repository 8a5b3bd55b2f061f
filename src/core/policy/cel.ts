/**
 * Expressions over entries: CEL's grammar, the registry's names, null in comparisons (DESIGN 3, the CEL paragraph).
 * The grammar is read by the library; types and evaluation are ours (see cel-compile.ts).
 * Load this module only where a registry holds expressions: it brings the parser and the pattern engine along.
 */
import { Environment, ParseError } from "@marcbachmann/cel-js";
import { namesOf, type CelNames, type Name } from "./cel-names.ts";
import { compileTree, type CelFault } from "./cel-compile.ts";
import * as types from "./cel-types.ts";
import { STEP_LIMIT, Stop, type Machine, type Place, type Run, type Value } from "./cel-value.ts";
import type { SubjectEntry, Surroundings } from "./subject.ts";

export type { CelFault } from "./cel-compile.ts";
export type { CelNames } from "./cel-names.ts";
export type { Value } from "./cel-value.ts";

/** A compiled expression. It holds no state of its own; it may be evaluated any number of times. */
export interface Program {
  readonly text: string;
  readonly run: Run;
  /** The names it reads (`facts`, `evaluations`), so that what it does not read need not be gathered. */
  readonly uses: ReadonlySet<string>;
  /** The places of the entry it reads, in its own order, each after those that contain it. */
  readonly reads: readonly (readonly string[])[];
}

/** Why an evaluation has no value; offsets are absent where the whole expression is meant. */
export interface CelError extends Partial<Place> {
  readonly message: string;
}

export type Compiled = { readonly program: Program } | { readonly faults: readonly CelFault[] };
export type Evaluated = { readonly value: Value } | { readonly error: CelError };

const MAX_LENGTH = 2_000;
// Queries of a long-running service bring ever new texts; a registry's own are a few hundred.
const MAX_KEPT = 5_000;

/** Made with the first expression; many registries have none. */
let parser: Environment | undefined;

function makeParser(): Environment {
  return new Environment({
    unlistedVariablesAreDyn: true,
    homogeneousAggregateLiterals: false,
    limits: {
      maxAstNodes: 2_000,
      maxDepth: 64,
      maxListElements: 1_000,
      maxMapEntries: 200,
      maxCallArguments: 8,
    },
  });
}

// A registry's own metadata makes a table of names of its own, which goes when the registry goes.
const kept = new WeakMap<ReadonlyMap<string, unknown>, Map<string, Compiled>>();

/**
 * Checks that a text is an expression that is true or false for entries of these kinds, and compiles it.
 * Equal texts for equal names are compiled once. Faults are in order of their place.
 */
export function compileExpression(text: string, celNames: CelNames): Compiled {
  const names = namesOf(celNames);
  let byText = kept.get(names);
  if (byText === undefined || byText.size >= MAX_KEPT) kept.set(names, (byText = new Map()));
  let compiled = byText.get(text);
  if (compiled === undefined) byText.set(text, (compiled = compileText(text, names)));
  return compiled;
}

function compileText(text: string, names: ReadonlyMap<string, Name>): Compiled {
  if (text.length > MAX_LENGTH) {
    const message = `the expression has ${text.length} characters; at most ${MAX_LENGTH} are read`;
    return {
      faults: [{ message, hint: "split it into several rules", start: MAX_LENGTH, end: text.length }],
    };
  }
  const faults: CelFault[] = [];
  try {
    const tree = (parser ??= makeParser()).parse(text).ast;
    const { root, uses, reads } = compileTree(tree, names, faults);
    if (faults.length === 0 && root.type.kind !== "bool" && root.type.kind !== "dyn") {
      const message = `the expression gives ${types.article(root.type)}, not true or false`;
      faults.push({ message, hint: "compare it with something", start: 0, end: text.length });
    }
    return faults.length > 0 ? { faults: sorted(faults) } : { program: { text, run: root.run, uses, reads } };
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return { faults: [parseFault(error, text)] };
  }
}

// One evaluation at a time: nothing that runs inside one can start another.
const machine: Machine = {
  entry: { kind: "Registry", id: "", ns: null, name: "", version: null, value: {} },
  around: {},
  slots: [null, null],
  budget: 0,
};
const nothing: Surroundings = {};

/** Evaluates a program; an error is a value. Ends after `limit` steps at the latest, STEP_LIMIT without one. */
export function evaluate(
  program: Program,
  entry: SubjectEntry,
  around: Surroundings = nothing,
  limit = STEP_LIMIT,
): Evaluated {
  machine.entry = entry;
  machine.around = around;
  machine.budget = limit;
  try {
    return { value: program.run(machine) };
  } catch (stop) {
    if (!(stop instanceof Stop)) throw stop;
    return {
      error: stop.place === undefined ? { message: stop.message } : { message: stop.message, ...stop.place },
    };
  }
}

/**
 * Whether a program says true of an entry: yes, or no (null is no), or a sentence why there is no answer. The same as
 * `evaluate` for whoever judges millions of times and keeps nothing of an answer.
 */
export function holds(program: Program, entry: SubjectEntry, around: Surroundings): boolean | string {
  machine.entry = entry;
  machine.around = around;
  machine.budget = STEP_LIMIT;
  let value: Value;
  try {
    value = program.run(machine);
  } catch (stop) {
    if (!(stop instanceof Stop)) throw stop;
    return stop.message;
  }
  if (value === true) return true;
  return value === false || value === null ? false : "the expression is neither true nor false";
}

/** What the last evaluation left of its limit; negative when it ran out. */
export function stepsLeft(): number {
  return machine.budget;
}

function parseFault(error: ParseError, source: string): CelFault {
  const start = Math.min(error.range?.start ?? 0, source.length);
  const end = Math.max(start, Math.min(error.range?.end ?? start + 1, source.length));
  if (error.code === "limit_exceeded") {
    return {
      message: "the expression nests too deep or lists too much",
      hint: "split it into several rules",
      start,
      end,
    };
  }
  const text = error.summary;
  return {
    message: `${text.charAt(0).toLowerCase()}${text.slice(1)}`,
    hint: hintFor(source, start),
    start,
    end,
  };
}

function hintFor(source: string, start: number): string {
  if (source.trim() === "") return "write an expression that is true or false, or leave the key out";
  if (/(^|[^=!<>])=([^=]|$)/.test(source.slice(Math.max(0, start - 1), start + 2))) return "compare with ==";
  if (/\b(?:and|or|not)\b/.test(source)) return "write && for and, || for or, ! for not";
  if (source.slice(start, start + 1) === "'" || source.includes("“"))
    return "write strings in straight quotes";
  return "mend the expression where the caret points";
}

function sorted(faults: readonly CelFault[]): readonly CelFault[] {
  const seen = new Set<string>();
  const once = faults.filter((fault) => {
    const key = `${fault.start} ${fault.message}`;
    return seen.has(key) ? false : seen.add(key).size > 0;
  });
  return once.sort((a, b) => a.start - b.start || a.end - b.end);
}

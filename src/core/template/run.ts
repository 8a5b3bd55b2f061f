/**
 * The bounds of one rendering, and what was found wrong in it. Both hold for the whole of it, included templates counted,
 * so that no template and no parameter can make it long. It must never look at a value.
 */
import type { Pointer } from "../model/json.ts";
import type { Registry } from "../model/registry.ts";
import { MAX_BYTES, MAX_DEPTH } from "../source/limits.ts";

/** Values that are visited or put in, all included templates counted. */
export const MOST_STEPS = 50_000;
/** Characters of the output, its keys counted: what a file of the registry may hold. */
export const MOST_TEXT = MAX_BYTES;
/** An entry holds a rendering three levels down. */
export const MOST_LEVELS = MAX_DEPTH - 3;
/** Templates put into one rendering, and how deep in one another. */
export const MOST_INCLUDED = 200;
export const MOST_NESTED = 8;

/** Why a template gives nothing; for `parameters` the pointer is into those that were given, else into the body. */
export interface TemplateFault {
  readonly in: "template" | "parameters" | "body";
  readonly pointer: Pointer;
  readonly part?: "key";
  readonly message: string;
  readonly hint?: string;
}

/** What is left of the bounds, and what was found wrong, in one rendering. */
export interface Run {
  readonly registry: Registry;
  readonly faults: TemplateFault[];
  steps: number;
  text: number;
  included: number;
  over: boolean;
}

/** A rendering that begins. */
export function beginRun(registry: Registry): Run {
  return { registry, faults: [], steps: MOST_STEPS, text: MOST_TEXT, included: 0, over: false };
}

/** Takes from what is left; false once anything is used up. */
export function spend(run: Run, steps: number, text: number): boolean {
  if (run.over) return false;
  run.steps -= steps;
  run.text -= text;
  if (run.steps >= 0 && run.text >= 0) return true;
  run.over = true;
  const what =
    run.steps < 0 ? `takes more than ${MOST_STEPS} steps` : `is longer than ${MOST_TEXT} characters`;
  fault(run, [], `The rendering ${what}.`, "Give shorter lists, or cut the template in two.");
  return false;
}

/** Adds what is wrong at a place of the body. */
export function fault(run: Run, pointer: Pointer, message: string, hint: string | undefined): void {
  if (run.faults.length >= 100) return;
  run.faults.push({ in: "body", pointer, message, ...(hint !== undefined && { hint }) });
}

/** The table of results that other programs write: one file and one line each. Our own JSON needs no reading. */
import type { RunFormat } from "./format.ts";
import { junit } from "./junit.ts";
import { lmEval } from "./lm-eval.ts";

export const runFormats: readonly RunFormat[] = [junit, lmEval];

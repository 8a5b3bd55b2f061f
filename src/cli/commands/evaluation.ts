/** `assent evaluation add`: records runs of test suites. */
import { addEvaluations } from "../../app/evaluation.ts";
import type { Command } from "../command.ts";
import { selectionOf } from "../flags.ts";
import { showWritten } from "../render/written.ts";
import { plural } from "../render/words.ts";
import { requestFile } from "../request-file.ts";
import { readWriteFlags, writeOptions } from "../write-flags.ts";

const add: Command = {
  name: "add",
  summary: "record a run of a test suite, or several",
  description:
    "Reads one run, or a list of runs, as JSON (- reads standard input): suite, target, executedAt, status, cases, metrics " +
    "and whatever else an Evaluation may hold. The target's digest, the summary and the run's name are computed; where " +
    "the file states them, they must agree. Recording the same run again changes nothing.",
  arguments: [{ name: "<file>", description: "a file, or - for standard input" }],
  options: writeOptions,
  examples: [
    {
      line: "assent evaluation add run.json",
      does: "writes registry/evaluations/<ns>/<name>/<version>-<suite>-<time>.yaml",
    },
  ],
  async run(context, args, flags) {
    const request = await requestFile(String(args[0]), context);
    const result = await addEvaluations(
      { ...selectionOf(context), request },
      readWriteFlags(flags, context),
      context.ports,
    );
    const { refs } = result;
    const title = refs.length === 1 ? (refs[0] ?? "") : plural(refs.length, "run");
    const next =
      refs.length === 1
        ? [{ command: `assent show ${refs[0]}`, does: "see what was recorded" }]
        : [{ command: "assent list evaluation", does: "see what was recorded" }];
    return showWritten(result, { title, wire: { refs }, next }, context);
  },
};

export const evaluation: Command = {
  name: "evaluation",
  summary: "record what test suites measured",
  examples: add.examples,
  subcommands: [add],
};

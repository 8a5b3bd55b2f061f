/** `assent evaluation add`: records runs of test suites. */
import { addEvaluations } from "../../app/evaluation.ts";
import { measureArtifact, openResults, resultsOf, type SaidOfRun } from "../../app/results-file.ts";
import { Failure } from "../../core/model/failure.ts";
import type { Command, CommandContext, Flags } from "../command.ts";
import { listFlag, selectionOf, textFlag } from "../flags.ts";
import { showWritten } from "../render/written.ts";
import { plural } from "../render/words.ts";
import { requestFile } from "../request-file.ts";
import { readWriteFlags, writeOptions } from "../write-flags.ts";

const add: Command = {
  name: "add",
  summary: "record a run of a test suite, or several",
  description:
    "Reads one run, or a list of runs, as JSON (- reads standard input): suite, target, executedAt, status, cases, metrics " +
    "and whatever else an Evaluation may hold; or the results of another program, and what those do not say from flags. " +
    "The target's digest, the summary, the run's name and the suite's score and class are computed; where " +
    "the file states them, they must agree. Recording the same run again changes nothing.",
  arguments: [{ name: "<file>", description: "a file, or - for standard input" }],
  options: [
    {
      flags: "--from <format>",
      description: "json, junit or lm-eval (default: by the look of the file)",
    },
    { flags: "--suite <suite>", description: "which suite ran: suite:<ns>/<name>@<version>" },
    { flags: "--target <entry>", description: "what it ran on, such as bundle:<ns>/<name>@<version>" },
    { flags: "--executed-at <instant>", description: "when the run began, in UTC" },
    { flags: "--issuer <identity>", description: "who stands by the numbers: identity:<name>" },
    {
      flags: "--status <status>",
      description: "passed or failed, where neither cases nor benchmarks say it",
    },
    { flags: "--metric <name=value>", description: "a number that the file does not hold", repeatable: true },
    { flags: "--task <name>", description: "of lm-eval, only this task", repeatable: true },
    {
      flags: "--artifact <file=uri>",
      description: "bulky output: pinned by digest and size, and kept at this address",
      repeatable: true,
    },
    { flags: "--without-messages", description: "leave out what failed tests said" },
    { flags: "--attest", description: "have the issuer sign what is recorded" },
    {
      flags: "--key <file>",
      description:
        "the issuer's SSH key (default: ASSENT_ISSUER_KEY, a workflow's identity, ~/.ssh, your agent)",
    },
    ...writeOptions,
  ],
  examples: [
    {
      line: "assent evaluation add run.json",
      does: "writes registry/evaluations/<ns>/<name>/<version>-<suite>-<time>.yaml",
    },
    {
      line: "assent evaluation add report.xml --suite suite:fraud/backtest@1.0.0 --target bundle:fraud/score@1.4.0",
      does: "records a JUnit report",
    },
  ],
  async run(context, args, flags) {
    const { folder } = selectionOf(context);
    const typed = String(args[0]);
    const said = await saidIn(flags, context);
    const attest = attestIn(flags);
    const results =
      typed === "-"
        ? resultsOf(await requestFile(typed, context))
        : await openResults(folder, typed, context.ports);
    const result = await addEvaluations(
      { ...selectionOf(context), results, said, attest },
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

/** What the flags say about the run. */
async function saidIn(flags: Flags, context: CommandContext): Promise<SaidOfRun> {
  const { folder } = selectionOf(context);
  const artifacts = [];
  for (const typed of listFlag(flags, "artifact"))
    artifacts.push(await measureArtifact(folder, typed, context.ports));
  return {
    from: textFlag(flags, "from"),
    stated: {
      suite: textFlag(flags, "suite"),
      target: textFlag(flags, "target"),
      executedAt: textFlag(flags, "executedAt"),
      issuer: textFlag(flags, "issuer"),
      status: textFlag(flags, "status"),
    },
    metrics: listFlag(flags, "metric"),
    artifacts,
    tasks: listFlag(flags, "task"),
    messages: flags["withoutMessages"] !== true,
  };
}

function attestIn(flags: Flags): { readonly keyFile: string | undefined } | null {
  const keyFile = textFlag(flags, "key");
  if (flags["attest"] === true) return { keyFile };
  if (keyFile === undefined) return null;
  throw new Failure("usage/key", "--key says what the issuer signs with, and nobody signs.", {
    hint: "Add --attest.",
  });
}

export const evaluation: Command = {
  name: "evaluation",
  summary: "record what test suites measured",
  examples: add.examples,
  subcommands: [add],
};

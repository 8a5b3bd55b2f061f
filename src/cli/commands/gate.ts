/**
 * `assent gate`: may this change land? From git and a file of reviews, with no network; or from a forge, where the
 * answer is posted when asked to.
 */
import { resolve } from "node:path";
import { gateByFile, type GateResult } from "../../app/gate.ts";
import { Failure } from "../../core/model/failure.ts";
import { decisionDocument } from "../../core/govern/wire.ts";
import { parsePullRequestName } from "../../core/model/repository-name.ts";
import { rootOf } from "../../app/root.ts";
import type { Command, CommandContext, ExitCode, Flags } from "../command.ts";
import { selectionOf, textFlag } from "../flags.ts";
import { renderDecisionMarkdown } from "../render/decision-markdown.ts";
import { renderDecisionText } from "../render/decision-text.ts";
import { jsonLine } from "../render/escape.ts";
import { sourceReader } from "../render/source.ts";

export const gate: Command = {
  name: "gate",
  summary: "decide whether a change may land, and say why",
  description:
    "Decides by the rules of the base, from what git knows and what a file says about reviews. What both\n" +
    "know is compared, and a difference denies. Exit code: 0 allowed, 4 pending, 1 denied.",
  options: [
    { flags: "--base <rev>", description: "the protected branch's tip" },
    { flags: "--head <rev>", description: "the commit that is to land" },
    { flags: "--reviews <file>", description: "who said what, as JSON (schemas/wire/reviews.schema.json)" },
    {
      flags: "--github <owner/repo#n>",
      description: "a pull request instead, as GitHub knows it; its objects are fetched",
    },
    {
      flags: "--verified-artifacts <file>",
      description: "a report of `artifacts verify --at <head> --format json`, made in this same run",
    },
    { flags: "--post", description: "with --github: post check, comment and review requests" },
  ],
  formats: ["markdown"],
  examples: [
    {
      line: "assent gate --base origin/main --head HEAD --reviews reviews.json",
      does: "the decision, as a tree that explains itself",
    },
    {
      line: "assent gate --github octo/registry#7 --post",
      does: "decides about a pull request and says so there",
    },
  ],
  async run(context, _args, flags) {
    const pull = textFlag(flags, "github");
    if (pull !== undefined) return gateOnForge(pull, flags, context);
    const [base, head, reviews] = [
      textFlag(flags, "base"),
      textFlag(flags, "head"),
      textFlag(flags, "reviews"),
    ];
    if (base === undefined || head === undefined || reviews === undefined) {
      throw new Failure("usage/gate", "assent gate needs to know what is judged and who said what.", {
        hint: "Write assent gate --base <rev> --head <rev> --reviews <file.json>.",
      });
    }
    const result = await gateByFile(
      {
        ...selectionOf(context),
        base,
        head,
        reviews,
        verifiedArtifacts: reportOf(flags, context),
      },
      context.ports,
    );
    context.out(renderGate(result, context));
    return exitCodeOf(result.decision.outcome);
  },
};

async function gateOnForge(typed: string, flags: Flags, context: CommandContext): Promise<ExitCode> {
  const name = parsePullRequestName(typed);
  if (name === undefined) {
    throw new Failure("usage/pull-request", `"${typed}" names no pull request.`, {
      hint: "Write --github <owner>/<name>#<number>.",
    });
  }
  const { gateByForge } = await import("../../app/gate-forge.ts");
  const { ports, env, version } = context;
  const forge = await ports.openForge({ env, version });
  const selection = selectionOf(context);
  const request = {
    ...name,
    folder: rootOf(selection.folder, ports),
    asOf: selection.asOf ?? ports.now(),
    verifiedArtifacts: reportOf(flags, context),
  };
  const result = await gateByForge(request, forge, ports);
  if (result === undefined) {
    throw new Failure(
      "forge/other-base",
      `${typed} is not to merge into the default branch, where alone a change goes live.`,
      {
        hint: "Retarget the pull request to the protected branch, which is to be the default branch.",
        category: "gate",
      },
    );
  }
  if (flags["post"] === true) {
    const { postDecision } = await import("../../app/post.ts");
    const { renderPosting } = await import("../render/posting.ts");
    await postDecision({ repo: name.repo, facts: result.facts, posting: renderPosting(result) }, forge);
  }
  context.out(renderGate(result, context));
  return exitCodeOf(result.decision.outcome);
}

/** The report's path, absolute: a forge's objects may be brought into another folder than this one. */
function reportOf(flags: Flags, context: CommandContext): string | undefined {
  const typed = textFlag(flags, "verifiedArtifacts");
  return typed === undefined ? undefined : resolve(selectionOf(context).folder, typed);
}

/** 0 allowed, 4 pending, 1 denied (CLI.md). */
export function exitCodeOf(outcome: GateResult["decision"]["outcome"]): ExitCode {
  return outcome === "allowed" ? 0 : outcome === "pending" ? 4 : 1;
}

/** A decision in the format that was asked for. */
export function renderGate(result: GateResult, context: CommandContext): string {
  const { decision, diagnostics, tree } = result;
  if (context.global.format === "json") return jsonLine(decisionDocument(decision, diagnostics));
  if (context.global.format === "markdown") return renderDecisionMarkdown(result);
  const { style, columns, version } = context;
  return renderDecisionText(
    { decision, diagnostics },
    { style, columns, version, sourceOf: sourceReader(tree) },
  );
}

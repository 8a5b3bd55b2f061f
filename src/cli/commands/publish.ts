/** `assent publish`: registers a bundle's version from a PublishBundleRequest. */
import { publish as operation, type Published } from "../../app/publish.ts";
import { countsOf } from "../../core/validate/report.ts";
import type { Command, CommandContext } from "../command.ts";
import { selectionOf } from "../flags.ts";
import { escapeLine } from "../render/escape.ts";
import { proposedLines, proposedNext, proposedWire } from "../render/proposed.ts";
import { sourceReader } from "../render/source.ts";
import { renderBlocks } from "../render/text.ts";
import { requestFile } from "../request-file.ts";
import { readWriteFlags, writeOptions } from "../write-flags.ts";

export const publish: Command = {
  name: "publish",
  summary: "register a bundle's version, its evaluations and missing datasets from one request",
  description:
    "Reads a PublishBundleRequest (JSON; - reads standard input) and writes the Bundle, its Evaluations and the " +
    "Datasets it lists, with digests, run names and summaries computed. Answers ACCEPTED, DUPLICATE (all of it is there " +
    "already; nothing is written) or REJECTED with reasons. bundle_ref and gate_receipt may be {uri, digest}: a file " +
    "beside the request or below its folder.",
  arguments: [{ name: "<request>", description: "a file, or - for standard input" }],
  options: writeOptions,
  examples: [
    {
      line: "assent publish publish-request.json --branch publish/score-1.5.0",
      does: "registers the version on a branch of its own",
    },
  ],
  async run(context, args, flags) {
    const request = await requestFile(String(args[0]), context);
    const result = await operation(
      { ...selectionOf(context), request },
      readWriteFlags(flags, context),
      context.ports,
    );
    context.out(context.global.format === "json" ? wire(result) : text(result, context));
    return result.status === "REJECTED" ? 1 : 0;
  },
};

/** The answer as assent.publish/v1 (CLI.md); `committed` and `next` come on top. */
function wire(result: Published): string {
  const { status, id, version, digest, files, reasons, committed } = result;
  const answer = {
    format: "assent.publish/v1",
    status,
    bundle_id: id,
    bundle_version: version,
    digest,
    files: files.map(({ path }) => path),
    reasons,
    committed: committed === undefined ? null : { commit: committed.oid, branch: committed.branch },
    ...(result.pullRequest && { pullRequest: proposedWire(result.pullRequest) }),
    next: nextOf(result).map(({ command }) => command),
  };
  return `${JSON.stringify(answer)}\n`;
}

function text(result: Published, { style, columns, version }: CommandContext): string {
  const { status, diagnostics, files, committed } = result;
  const lines: string[] = [];
  if (diagnostics.length > 0) {
    const report = { entries: 0, counts: countsOf(diagnostics), diagnostics };
    lines.push(...renderBlocks(report, { style, columns, version, sourceOf: sourceReader(result.tree) }));
  }
  const subject =
    result.id === null ? "" : `  ${escapeLine(result.id)} ${escapeLine(result.version ?? "")}`.trimEnd();
  const colour = status === "REJECTED" ? style.red : style.green;
  const note =
    status === "DUPLICATE"
      ? "  registered already, with this content"
      : result.dryRun && status === "ACCEPTED"
        ? "  (planned; nothing was written)"
        : "";
  lines.push(`${colour(status)}${subject}${note}`);
  if (status !== "REJECTED" && result.digest !== null) lines.push(`  ${result.digest}`);
  if (status === "REJECTED") lines.push("  Nothing was written.");
  for (const { path } of files) lines.push(`  A ${escapeLine(path)}`);
  if (committed !== undefined)
    lines.push(`  committed ${committed.oid.slice(0, 10)} on ${escapeLine(committed.branch)}`);
  if (result.pullRequest !== undefined) lines.push(...proposedLines(result.pullRequest, style));
  const next = nextOf(result);
  if (next.length > 0)
    lines.push(
      "",
      "Next:",
      ...next.map(({ command, does }) => `  ${style.bold(command)}  ${style.dim(does)}`),
    );
  return `${lines.join("\n")}\n`;
}

function nextOf({
  status,
  id,
  version,
  dryRun,
  pullRequest,
}: Published): readonly { readonly command: string; readonly does: string }[] {
  if (status !== "ACCEPTED" || dryRun) return [];
  if (pullRequest !== undefined) return proposedNext(pullRequest);
  const command = `assent transition bundle:${id}@${version} approved --reason <why>`;
  return [{ command, does: "propose it for approval" }];
}

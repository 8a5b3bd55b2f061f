/** What a writing command did, as text with a line diff and the next command, or as assent.write/v1. */
import type { WriteResult, WrittenFile } from "../../app/write.ts";
import { countsOf } from "../../core/validate/report.ts";
import type { CommandContext, ExitCode } from "../command.ts";
import { diffLines } from "./diff.ts";
import { escapeLine } from "./escape.ts";
import { diagnosticWire } from "./json.ts";
import { proposedLines, proposedNext, proposedWire } from "./proposed.ts";
import { sourceReader } from "./source.ts";
import { renderBlocks } from "./text.ts";

export interface Shown {
  /** One sentence about what was done: `prod/fraud/score: 1.3.0 -> 1.4.0`. */
  readonly title: string;
  /** Commands to type next, with what they do. */
  readonly next: readonly { readonly command: string; readonly does: string }[];
  /** Further keys of the JSON answer. */
  readonly wire?: Readonly<Record<string, unknown>>;
}

/** Shows the result and says how the command ended: refused is 1, everything else 0. */
export function showWritten(result: WriteResult, shown: Shown, context: CommandContext): ExitCode {
  const code: ExitCode = result.outcome === "refused" ? 1 : 0;
  if (context.global.format === "json") {
    const committed =
      result.committed === undefined
        ? null
        : { commit: result.committed.oid, branch: result.committed.branch };
    const wire = {
      format: "assent.write/v1",
      outcome: result.outcome,
      ...shown.wire,
      files: result.files.map(({ path, change }) => ({ path, change })),
      committed,
      ...(result.pullRequest && { pullRequest: proposedWire(result.pullRequest) }),
      next: nextOf(result, shown).map(({ command }) => command),
      diagnostics: result.diagnostics.map(diagnosticWire),
    };
    context.out(`${JSON.stringify(wire)}\n`);
    return code;
  }
  context.out(textOf(result, shown, context));
  return code;
}

function textOf(result: WriteResult, shown: Shown, context: CommandContext): string {
  const { style, columns, version } = context;
  const lines: string[] = [];
  const source = sourceReader(result.tree);
  if (result.outcome === "unchanged") return `${style.green("unchanged")}  ${escapeLine(shown.title)}\n`;
  if (result.diagnostics.length > 0) {
    const report = { entries: 0, counts: countsOf(result.diagnostics), diagnostics: result.diagnostics };
    lines.push(...renderBlocks(report, { style, columns, version, sourceOf: source }));
  }
  const word = {
    written: style.green("written"),
    planned: style.blue("planned"),
    refused: style.red("refused"),
  }[result.outcome];
  lines.push(`${word}  ${escapeLine(shown.title)}`);
  if (result.outcome === "refused") lines.push("  Nothing was written.");
  else for (const file of result.files.slice(0, MOST_FILES)) lines.push(...fileLines(file, context));
  const more = result.files.length - MOST_FILES;
  if (result.outcome !== "refused" && more > 0) lines.push(`  and ${more} more files`);
  if (result.committed !== undefined) {
    lines.push(`  committed ${result.committed.oid.slice(0, 10)} on ${escapeLine(result.committed.branch)}`);
  }
  if (result.pullRequest !== undefined) lines.push(...proposedLines(result.pullRequest, style));
  const next = nextOf(result, shown);
  if (result.outcome === "written" && next.length > 0) {
    lines.push("", "Next:");
    const width = Math.max(...next.map(({ command }) => command.length));
    for (const { command, does } of next)
      lines.push(`  ${style.bold(command.padEnd(width))}  ${style.dim(does)}`);
  }
  return `${lines.join("\n")}\n`;
}

/** The registry on disk is what it was while a pull request waits: what it waits for comes next. */
function nextOf(result: WriteResult, shown: Shown): Shown["next"] {
  if (result.outcome === "refused") return [];
  return result.pullRequest === undefined ? shown.next : proposedNext(result.pullRequest);
}

const MOST_FILES = 20;

function fileLines(file: WrittenFile, { style }: CommandContext): string[] {
  const sign = { added: "A", modified: "M", removed: "D" }[file.change];
  const head = `  ${sign} ${escapeLine(file.path)}`;
  if (file.change !== "modified") return [head];
  return [
    head,
    ...diffLines(file.before ?? "", file.after ?? "").map(({ sign: mark, text }) => {
      const line = `    ${mark} ${escapeLine(text)}`.trimEnd();
      if (mark === "+") return style.green(line);
      return mark === "-" ? style.red(line) : style.dim(line);
    }),
  ];
}

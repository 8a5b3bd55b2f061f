/** `assent compile`: flags -> the compile operation -> its digest. */
import { resolve } from "node:path";
import { compile as compileOperation } from "../../app/compile.ts";
import type { Command } from "../command.ts";
import { selectionOf, textFlag } from "../flags.ts";
import { renderCompile } from "../render/compile.ts";

export const compile: Command = {
  name: "compile",
  summary: "the unsigned snapshot of a commit: what consumers read, with one digest",
  description:
    "Compiles HEAD, or the registry at --at, into a snapshot: resolution slices, catalogue, reverse " +
    "dependencies and compliance under one manifest. The same commit gives the same bytes everywhere. " +
    "A registry with errors is not compiled. Without --out nothing is written.",
  options: [
    {
      flags: "--out <dir>",
      description: "write the snapshot into this folder, replacing an older one whole",
    },
    {
      flags: "--history",
      description:
        "the History part as well: every event, who registered and updated what (default with --out)",
    },
    { flags: "--no-history", description: "leave out the History part, which reads every landing" },
    {
      flags: "--work-tree",
      description: "compile the files on disk; the snapshot has no commit and cannot be released",
    },
  ],
  examples: [
    { line: "assent compile --out dist/snapshot", does: "compiles HEAD into a folder" },
    { line: "assent compile --work-tree", does: "prints the digest that the files on disk would have" },
  ],
  async run(context, _args, flags) {
    const out = textFlag(flags, "out");
    const request = {
      ...selectionOf(context),
      out: out === undefined ? undefined : resolve(context.cwd, out),
      workTree: flags["workTree"] === true,
      // What is written for consumers is whole, unless they are told not to care.
      history:
        typeof flags["history"] === "boolean"
          ? flags["history"]
          : out !== undefined && flags["workTree"] !== true,
    };
    const result = await compileOperation(request, context.ports);
    if (result.snapshot !== undefined) {
      context.out(renderCompile(result.snapshot, result.history, context.global.format, context.style, out));
      return 0;
    }
    const { renderUnfit } = await import("../render/unfit.ts");
    context.out(await renderUnfit(result, context));
    context.note("Nothing was compiled: mend the errors first.\n");
    return 1;
  },
};

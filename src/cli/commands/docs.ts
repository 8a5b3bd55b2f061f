/** `assent docs`: Markdown tables of what the registry holds. */
import { derive } from "../../app/derived.ts";
import type { Command } from "../command.ts";
import { selectionOf, textFlag } from "../flags.ts";
import { showDerived } from "../render/derived.ts";

export const docs: Command = {
  name: "docs",
  summary: "Markdown tables of what the registry holds, and whether they are stale",
  description:
    "Writes pages about models, providers, use cases, bundles, governance and what is live into a folder of the " +
    "repository (docs/registry). The same entries give the same bytes. With --check nothing is written and stale pages " +
    "are exit code 1, for CI.",
  options: [
    {
      flags: "--out <dir>",
      description: "the folder, from the root of the repository (default: docs/registry)",
    },
    { flags: "--check", description: "write nothing; exit 1 when a page is stale" },
  ],
  examples: [
    { line: "assent docs", does: "writes docs/registry" },
    { line: "assent docs --check", does: "fails when a page is stale" },
  ],
  async run(context, _args, flags) {
    const { docsOf, DOCS_MARK } = await import("../../core/export/docs.ts");
    const check = flags["check"] === true;
    const out = textFlag(flags, "out") ?? "docs/registry";
    const request = { ...selectionOf(context), out, check };
    const made = await derive(request, { make: docsOf, mark: DOCS_MARK }, context.ports);
    return showDerived(made, { format: "assent.docs/v1", check, command: "assent docs" }, context);
  },
};

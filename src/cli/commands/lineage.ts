/** `assent lineage`: where an entry comes from and what it goes into. */
import { lineage as operation, orphans } from "../../app/lineage.ts";
import { Failure } from "../../core/model/failure.ts";
import type { Direction } from "../../core/lineage/view.ts";
import type { Command, CommandContext, Flags } from "../command.ts";
import { selectionOf, textFlag, wholeNumber } from "../flags.ts";
import { lineageDrawings } from "../render/lineage-drawings.ts";
import { lineageText, orphansText } from "../render/lineage-text.ts";
import { lineageWire, orphansWire } from "../render/lineage-wire.ts";

export const lineage: Command = {
  name: "lineage",
  summary: "where an entry comes from, and what it goes into",
  description:
    "Follows what entries declare about each other: models, datasets, configs, pipelines, bundles, suites, policies and " +
    "what is live. Nothing is written down for it. Circles are printed. With --at it shows the past, with --diff what " +
    "came and went between two moments.",
  arguments: [{ name: "[entry]", description: "a reference; not needed with --orphans" }],
  options: [
    { flags: "--up", description: "only what it comes from" },
    { flags: "--down", description: "only what it goes into" },
    { flags: "--depth <n>", description: "this many steps at most" },
    {
      flags: "--diff <a..b>",
      description: "what came and went between two revisions; `a..`: up to the work tree",
    },
    {
      flags: "--orphans",
      description: "entries that nothing live, no alias and no bundle on its way reaches",
    },
  ],
  formats: Object.keys(lineageDrawings),
  examples: [
    { line: "assent lineage bundle:fraud/score@1.4.0", does: "both ways, as two trees" },
    { line: "assent lineage bundle:fraud/score@1.4.0 --up --format svg", does: "a drawing for a page" },
    { line: "assent lineage --orphans", does: "what nothing holds" },
  ],
  async run(context, args, flags) {
    const { global } = context;
    if (flags["orphans"] === true) return listOrphans(context, args[0]);
    if (typeof args[0] !== "string") {
      throw new Failure("usage/no-entry", "No entry is named.", {
        hint: "Write assent lineage <entry>, or assent lineage --orphans.",
      });
    }
    const depth = textFlag(flags, "depth");
    const request = {
      ...selectionOf(context),
      entry: args[0],
      direction: directionOf(flags),
      depth: depth === undefined ? undefined : wholeNumber(depth, "--depth"),
      diff: textFlag(flags, "diff"),
    };
    const result = await operation(request, context.ports);
    const draw = await lineageDrawings[global.format]?.();
    if (draw !== undefined) context.out(draw(result.view));
    else if (global.format === "json") context.out(`${JSON.stringify(lineageWire(result))}\n`);
    else context.out(lineageText(result, context));
    return 0;
  },
};

async function listOrphans(context: CommandContext, entry: unknown): Promise<0> {
  const { format } = context.global;
  if (entry !== undefined || (format !== "text" && format !== "json")) {
    throw new Failure("usage/orphans", "--orphans is a list of the whole registry.", {
      hint: "Write assent lineage --orphans, as text or with --format json.",
    });
  }
  const found = await orphans(selectionOf(context), context.ports);
  context.out(format === "json" ? `${JSON.stringify(orphansWire(found))}\n` : orphansText(found, context));
  return 0;
}

function directionOf(flags: Flags): Direction {
  if ((flags["up"] === true) === (flags["down"] === true)) return "both";
  return flags["up"] === true ? "up" : "down";
}

/** `assent events`: what happened, for other programs, oldest first. */
import { events as operation } from "../../app/history.ts";
import type { TellLandings } from "../../app/plugin-events.ts";
import type { RegistryEvent } from "../../core/audit/event.ts";
import { Failure } from "../../core/model/failure.ts";
import type { Command, CommandContext } from "../command.ts";
import { selectionOf, textFlag, wholeNumber } from "../flags.ts";
import { eventsHead, eventWire, renderEvents, renderPluginEvents } from "../render/events.ts";

export const events: Command = {
  name: "events",
  summary: "everything that happened, one event a line",
  description:
    "Events are derived from the landings of the protected branch; the same history gives the same events and ids. " +
    "Between two landings stands what time alone brought about: waivers that ended, compliance that changed with them; " +
    "with --as-of also what it has brought about since the last. Recorded violations come from the branch of evidence. " +
    "Order them by (registry, sequence). --format json and jsonl print assent.event/v1, one a line. With --plugins each " +
    "line of a plugin is assent.plugin-event/v1, which no record knows.",
  options: [
    { flags: "--from <n>", description: "the first landing, by its number" },
    { flags: "--to <n>", description: "the last landing, by its number" },
    { flags: "--plugins", description: "also what pinned plugins tell of each landing (json, jsonl)" },
  ],
  formats: ["jsonl", "cloudevents", "csv"],
  examples: [
    { line: "assent events --format jsonl", does: "all of them" },
    { line: "assent events --from 3 --format cloudevents", does: "since the third landing, as CloudEvents" },
  ],
  async run(context, _args, flags) {
    const number = (name: "from" | "to"): number | undefined => {
      const typed = textFlag(flags, name);
      return typed === undefined ? undefined : wholeNumber(typed, `--${name}`);
    };
    const request = { ...selectionOf(context), from: number("from"), to: number("to") };
    const { format } = context.global;
    const tell = flags["plugins"] === true ? await pluginsTell(context) : undefined;
    let head = eventsHead(format);
    let before: readonly RegistryEvent[] = [];
    const plugins = (events: readonly RegistryEvent[]): string =>
      tell === undefined || events.length === 0 ? "" : renderPluginEvents(tell(events));
    for await (const some of operation(request, context.ports)) {
      context.out(head + renderEvents(some, format, context.style));
      head = "";
      // Time may still add to the last landing; plugins are told of it when it is complete.
      const all = [...before, ...some];
      const last = all.at(-1)?.sequence;
      context.out(plugins(all.filter(({ sequence }) => sequence !== last)));
      before = tell === undefined ? [] : all.filter(({ sequence }) => sequence === last);
    }
    context.out(plugins(before));
    return 0;
  },
};

/** The plugins that tell of landings; only where each line says what it is. */
async function pluginsTell(context: CommandContext): Promise<TellLandings> {
  const { format } = context.global;
  if (format !== "json" && format !== "jsonl") {
    throw new Failure("usage/plugins-format", `--plugins has no place in the format ${format}.`, {
      hint: "Add --format jsonl.",
    });
  }
  const { openPluginEvents } = await import("../../app/plugin-events.ts");
  return openPluginEvents(selectionOf(context), eventWire, context.ports);
}

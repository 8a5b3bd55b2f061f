/** `assent events`: what happened, for other programs, oldest first. */
import { events as operation } from "../../app/history.ts";
import type { Command } from "../command.ts";
import { selectionOf, textFlag, wholeNumber } from "../flags.ts";
import { eventsHead, renderEvents } from "../render/events.ts";

export const events: Command = {
  name: "events",
  summary: "everything that happened, one event a line",
  description:
    "Events are derived from the landings of the protected branch; the same history gives the same events and ids. " +
    "Between two landings stands what time alone brought about: waivers that ended, compliance that changed with them; " +
    "with --as-of also what it has brought about since the last. Recorded violations come from the branch of evidence. " +
    "Order them by (registry, sequence). --format json and jsonl print assent.event/v1, one a line.",
  options: [
    { flags: "--from <n>", description: "the first landing, by its number" },
    { flags: "--to <n>", description: "the last landing, by its number" },
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
    let head = eventsHead(format);
    for await (const some of operation(request, context.ports)) {
      context.out(head + renderEvents(some, format, context.style));
      head = "";
    }
    return 0;
  },
};

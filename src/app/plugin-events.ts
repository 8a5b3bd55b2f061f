/**
 * `assent events --plugins`: what plugins tell of each landing, behind its events. The plugins are those that the registry
 * pins where the history ends; what they tell enters no record and no digest.
 */
import type { RegistryEvent } from "../core/audit/event.ts";
import { Failure } from "../core/model/failure.ts";
import type { JsonObject } from "../core/model/json.ts";
import { landingEvents, type LandingTold, type PluginEvent } from "../core/plugin/landings.ts";
import { pluginsOf } from "../core/plugin/pinned.ts";
import type { Ports } from "./ports.ts";
import { openRegistry, type Selection } from "./read.ts";

/** Tells of some landings, whose events are complete; `wire` spells an event as it is printed. */
export type TellLandings = (events: readonly RegistryEvent[]) => readonly PluginEvent[];

/** Opens the plugins. One that fails is a Failure: a reader who asked for its events must not take silence for none. */
export async function openPluginEvents(
  selection: Selection,
  wire: (event: RegistryEvent) => JsonObject,
  ports: Ports,
): Promise<TellLandings> {
  const { registry, sandbox } = await openRegistry({ ...selection, at: selection.at ?? "HEAD" }, ports);
  const plugins = pluginsOf(registry, sandbox);
  return (events) => {
    const landings = new Map<number, LandingTold & { readonly events: JsonObject[] }>();
    for (const event of events) {
      const { sequence, commit } = event;
      const landing = landings.get(sequence) ?? { sequence, commit, events: [] };
      landing.events.push(wire(event));
      landings.set(sequence, landing);
    }
    return landingEvents(plugins, [...landings.values()], ({ name }, fault) => {
      throw new Failure("plugin/events", `The plugin ${name} cannot tell its events: ${fault}.`, {
        hint: `Leave out --plugins, or try it: assent plugin test ${name}`,
      });
    });
  };
}

/**
 * What plugins tell after a landing: events of their own, beside the registry's. They have no id of a RegistryEvent and
 * enter no digest, no record and no decision.
 */
import type { Json, JsonObject } from "../model/json.ts";
import { isObject } from "../model/json.ts";
import type { PinnedPlugin, Plugins } from "../model/plugin.ts";
import { ask, listOf, objectWith, openWith, Unfit } from "./call.ts";

/** An event of a plugin. */
export interface PluginEvent {
  readonly plugin: string;
  readonly sequence: number;
  readonly commit: string;
  /** `[a-z][a-z0-9_]*`, the plugin's own. */
  readonly type: string;
  readonly data: JsonObject;
}

/** What a plugin is told of a landing: plain JSON. */
export interface LandingTold {
  readonly sequence: number;
  readonly commit: string;
  /** Its RegistryEvents, as they are printed. */
  readonly events: readonly JsonObject[];
}

const says = listOf(100, (value: Json) => {
  const object = objectWith(value, ["type", "data"]);
  const { type, data = {} } = object;
  if (typeof type !== "string" || !/^[a-z][a-z0-9_]{0,63}$/.test(type))
    throw new Unfit("an event has no type of lower-case letters, digits and _");
  if (!isObject(data)) throw new Unfit(`the data of ${type} is no object`);
  return { type, data };
});

/** Asks `onAfterLanding` of every plugin; who fails is told to `failed` and has told nothing of that landing on. */
export function landingEvents(
  plugins: Plugins,
  landings: readonly LandingTold[],
  failed: (pinned: PinnedPlugin, fault: string) => void,
): readonly PluginEvent[] {
  const inputs = landings.map((landing) => JSON.stringify(landing));
  return openWith(plugins, "onAfterLanding", failed).flatMap(({ pinned, loaded }) =>
    ask(loaded, ["onAfterLanding"], inputs, says).flatMap((answer, index) => {
      const landing = landings[index];
      if (landing === undefined) return [];
      if ("fault" in answer) {
        failed(pinned, `onAfterLanding: ${answer.fault} (landing ${landing.sequence})`);
        return [];
      }
      const { sequence, commit } = landing;
      return answer.value.map(({ type, data }) => ({ plugin: pinned.name, sequence, commit, type, data }));
    }),
  );
}

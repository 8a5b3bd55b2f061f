/**
 * `plugin("<plugin>/<function>", ...)` in expressions: a function of a plugin that the registry pins. Where nobody
 * brought the plugins, or one has no answer, the expression has none either, which no policy takes for a yes.
 */
import type { Json } from "../model/json.ts";
import { CelDuration, CelTime, spend, Stop, type Machine, type Value } from "./cel-value.ts";

/** What asking a plugin costs of an expression's steps. */
const STEPS = 200;

/** Asks the function that the first argument names with the others. */
export function askPlugin([name, ...args]: readonly Value[], machine: Machine): Value {
  if (typeof name !== "string") throw new Stop("plugin needs the name of a function, as text");
  const { functions } = machine.around;
  if (functions === undefined) throw new Stop("plugins are not asked here");
  const text = JSON.stringify(args, (_, value: unknown) => {
    if (value instanceof CelTime) return new Date(value.ms).toISOString().replace(".000Z", "Z");
    if (value instanceof CelDuration) return value.ms;
    return value;
  });
  spend(machine, STEPS + (text.length >> 4));
  const answer = functions(name, text);
  if ("fault" in answer) throw new Stop(answer.fault.message);
  // What JSON holds, expressions compute with.
  return JSON.parse(answer.json) as Json;
}

/**
 * Functions of plugins in expressions: `plugin("<plugin>/<function>", ...)`. They are asked with JSON and answer JSON;
 * the same arguments always have the same answer, so each is asked once.
 */
import type { PinnedPlugin, PluginAnswer, PluginFunctions } from "../model/plugin.ts";

/** Arguments of one call, as text, may be this long. */
const MAX_ARGUMENTS = 64 * 1024;
/** An expression computes with small values. */
const MAX_ANSWER = 64 * 1024;
/** How many answers are kept. */
const MAX_KEPT = 100_000;

/** The functions of these plugins. */
export function answerFunction(pinned: readonly PinnedPlugin[]): PluginFunctions {
  const kept = new Map<string, PluginAnswer>();
  return (name, args) => {
    const key = `${name} ${args}`;
    const known = kept.get(key);
    if (known !== undefined) return known;
    const answer = answerOf(pinned, name, args);
    if (kept.size < MAX_KEPT) kept.set(key, answer);
    return answer;
  };
}

function answerOf(pinned: readonly PinnedPlugin[], name: string, args: string): PluginAnswer {
  const [pluginName = "", functionName = "", ...more] = name.split("/");
  const plugin = pinned.find((each) => each.name === pluginName && each.hooks.includes("functions"));
  if (plugin === undefined || more.length > 0)
    return unanswered(`no plugin is pinned that has the function ${JSON.stringify(name.slice(0, 100))}`);
  const opened = plugin.open();
  if ("fault" in opened) return unanswered(`the plugin ${pluginName} cannot be asked: ${opened.fault}`);
  if (!opened.manifest.functions.includes(functionName))
    return unanswered(
      `the plugin ${pluginName} has no function ${JSON.stringify(functionName.slice(0, 50))}`,
    );
  if (args.length > MAX_ARGUMENTS)
    return unanswered(`${name} is given more than ${MAX_ARGUMENTS} characters`);
  const [answer] = opened.loaded.call(["functions", functionName, "apply"], [args]);
  if (answer === undefined) throw new Error("a sandbox answers every input");
  if ("fault" in answer) return unanswered(`${name}: ${answer.fault.message}`);
  return answer.json.length > MAX_ANSWER ? unanswered(`${name} answers too much`) : answer;
}

function unanswered(message: string): PluginAnswer {
  return { fault: { reason: "answer", message } };
}

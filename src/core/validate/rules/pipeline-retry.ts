/** pipeline/retry: retry values that can work. */
import { millisecondsOfDuration } from "../../model/duration.ts";
import { isObject, type Json, type Pointer } from "../../model/json.ts";
import { at, defineEntryRule } from "../rule.ts";

export const pipelineRetry = defineEntryRule({
  code: "pipeline/retry",
  severity: "error",
  category: "invalid",
  summary: "A retry's delays contradict each other or the timeout.",
  why: "A first delay above the longest, or above the timeout, means that no retry ever happens as written.",
  fix: "Keep initialDelay <= maxDelay <= timeout.",
  kinds: ["Pipeline"],
  find(entry, _context, report) {
    const { execution, nodes } = entry.value.spec;
    const check = (retry: Json | undefined, timeout: Json | undefined, pointer: Pointer): void => {
      if (!isObject(retry)) return;
      const initial = duration(retry["initialDelay"]);
      const longest = duration(retry["maxDelay"]);
      const limit = duration(timeout);
      const complain = (key: string, than: string): void =>
        report({
          message: `${key} is longer than ${than}.`,
          at: at(entry, ...pointer, key),
          subject: entry.ref,
        });
      if (initial !== undefined && longest !== undefined && initial > longest)
        complain("initialDelay", "maxDelay");
      if (limit === undefined) return;
      if (initial !== undefined && initial > limit) complain("initialDelay", "the timeout");
      else if (longest !== undefined && longest > limit) complain("maxDelay", "the timeout");
    };
    check(execution?.retry as Json | undefined, execution?.timeout, ["spec", "execution", "retry"]);
    nodes.forEach(({ config }, index) => {
      if (isObject(config))
        check(config["retry"], config["timeout"], ["spec", "nodes", index, "config", "retry"]);
    });
  },
});

function duration(text: Json | undefined): number | undefined {
  return typeof text === "string" ? millisecondsOfDuration(text) : undefined;
}

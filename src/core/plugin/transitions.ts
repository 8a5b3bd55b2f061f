/**
 * What plugins say before a transition. Their diagnostics are added to what lint finds, and nothing is ever taken away:
 * a plugin can turn allowed into denied, never denied into allowed.
 */
import type { Finding } from "../model/diagnostic.ts";
import type { PinnedPlugin, Plugins } from "../model/plugin.ts";
import type { Json } from "../model/json.ts";
import type { Registry } from "../model/registry.ts";
import type { Transition } from "../model/transition.ts";
import { ask, lineIn, listOf, objectWith, openWith, optionalLine, Unfit } from "./call.ts";
import * as codes from "./codes.ts";
import { failure } from "./findings.ts";

const says = listOf(100, (value: Json) => {
  const object = objectWith(value, ["message", "hint", "severity"]);
  const severity = object["severity"] ?? "error";
  if (severity !== "error" && severity !== "warning" && severity !== "info")
    throw new Unfit("severity is none of error, warning, info");
  return { message: lineIn(object, "message"), hint: optionalLine(object, "hint"), severity } as const;
});

/** Asks `onBeforeTransition` of every plugin of the base about every transition. */
export function transitionFindings(
  plugins: Plugins | undefined,
  transitions: readonly Transition[],
  result: Registry,
): Finding[] {
  if (plugins === undefined || transitions.length === 0) return [];
  const findings: Finding[] = [];
  const failed = (pinned: PinnedPlugin, fault: string): void => {
    findings.push(failure(pinned, fault, result));
  };
  for (const { pinned, loaded } of openWith(plugins, "onBeforeTransition", failed)) {
    const inputs = transitions.map((transition) => transitionText(transition, result));
    for (const [index, answer] of ask(loaded, ["onBeforeTransition"], inputs, says).entries()) {
      const transition = transitions[index];
      if (transition === undefined) break;
      if ("fault" in answer) failed(pinned, `onBeforeTransition: ${answer.fault} (${transition.subject})`);
      else
        for (const { message, hint, severity } of answer.value)
          findings.push({
            definition: codes.beforeTransition,
            message: `${pinned.name}: ${message}`,
            ...(hint !== undefined && { hint }),
            at: { file: result.get(transition.subject)?.path ?? "registry/registry.yaml" },
            subject: transition.subject,
            severity,
          });
    }
  }
  return findings;
}

function transitionText({ subject, action, from, to, scope }: Transition, result: Registry): string {
  const { ref, kind, value } = result.get(subject) ?? {};
  const entry = ref === undefined ? null : { ref, kind, value };
  return JSON.stringify({ subject, action, from, to, scope: scope ?? null, entry });
}

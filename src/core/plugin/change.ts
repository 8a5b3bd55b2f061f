/**
 * A change that is judged by plugins: those of where its rules are read from, on both sides of it. What the change itself
 * pins runs nowhere before it has landed.
 */
import type { Change } from "../govern/change.ts";
import type { Sandbox } from "../model/plugin.ts";
import type { Registry } from "../model/registry.ts";
import { hasJudges, withPlugins } from "./pinned.ts";

/** The change with plugins at hand; the very same where none has a say on either side. */
export function changeJudgedBy(change: Change, sandbox: Sandbox): Change {
  const { base, result, rules } = change;
  if (!hasJudges(rules.registry) && !hasJudges(result) && !hasJudges(base.registry)) return change;
  // As policies do, a rule denies by what a change touches: the rules' owners could take back no plugin otherwise that
  // finds errors in what stands, and how much of a registry was read would decide.
  const only = new Set(change.paths.map(({ path }) => path));
  const by = (registry: Registry): Registry => {
    const judged = withPlugins(registry, sandbox, rules.registry);
    return judged.plugins === undefined ? judged : { ...judged, plugins: { ...judged.plugins, only } };
  };
  return {
    ...change,
    base: { ...base, registry: by(base.registry) },
    result: by(result),
    rules: { ...rules, registry: by(rules.registry) },
  };
}

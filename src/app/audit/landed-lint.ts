/**
 * What lint says about landing after landing, at the cost of what each changes. It must say what linting each whole
 * registry says: where a landing does not follow the one before as a clean change of entries, everything is linted.
 */
import type { Landed } from "../../core/audit/chain-state.ts";
import type { Instant } from "../../core/model/instant.ts";
import type { Sandbox } from "../../core/model/plugin.ts";
import { changeJudgedBy } from "../../core/plugin/change.ts";
import type { Registry } from "../../core/model/registry.ts";
import { identityOfPath } from "../../core/source/reference.ts";
import { followLint } from "../../core/validate/follow-lint.ts";
import { findsErrors } from "../../core/validate/lint.ts";
import type { Rule } from "../../core/validate/rule.ts";
import { findingsIn, rulesFor } from "../lint.ts";
import { baseSideOf } from "../read-change.ts";
import type { ReadLanding } from "./landed-reader.ts";

/** The landing with the errors that lint finds in it at an instant; nothing else it says weighs in a decision. */
export type LandedLint = (read: ReadLanding, asOf: Instant) => Promise<Landed>;

/** Opens a lint for landings that are asked for in their order; any other order is only slower. */
export function landedLint(sandbox: Sandbox): LandedLint {
  const lint = followLint();
  let linted: Registry | undefined;
  let all = 0;
  let rules: readonly Rule[] = [];
  return async ({ loading, isPatched, ...read }, asOf) => {
    const { base, result, paths } = read.change;
    const change = changeJudgedBy(read.change, sandbox);
    if (change !== read.change) {
      // What plugins read of a registry is not followed.
      linted = undefined;
      const loaded = { registry: change.result, findings: loading };
      const side = baseSideOf(change);
      const findings = await findingsIn(loaded, asOf, side, undefined, undefined, findsErrors);
      return { ...read, change, findings };
    }
    const changed = paths.map(({ path }) => path);
    const follows = linted === result || (isPatched && linted === base.registry);
    // More entries never need fewer rules, and rules that nothing needs find nothing.
    const entries = follows
      ? changed.flatMap((path) => result.get(identityOfPath(path)?.ref ?? "") ?? [])
      : result.entries;
    const needed = await rulesFor(result, undefined, entries);
    if (!follows || needed.length > all) {
      all = needed.length;
      rules = needed.filter(findsErrors);
    }
    linted = undefined;
    const findings = lint(result, {
      asOf,
      rules,
      base: baseSideOf(read.change),
      ...(isPatched && { from: { registry: base.registry, paths: changed } }),
    });
    linted = result;
    return { ...read, findings: [...loading, ...findings] };
  };
}

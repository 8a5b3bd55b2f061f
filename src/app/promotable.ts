/**
 * What a promotion would be refused for at the gate, said before it is written: gates of the use case and the evidence
 * that approval policies ask for, judged by the gate's own functions, with the registry at hand for the base. Soak,
 * artifacts and approvals are not asked; they are known elsewhere. A rollback needs none of it.
 */
import { assess } from "../core/govern/decide.ts";
import { changeOf } from "../core/govern/change.ts";
import * as codes from "../core/govern/codes.ts";
import { noFacts } from "../core/govern/facts.ts";
import { judgeNeeds } from "../core/govern/needs.ts";
import { gathered } from "../core/govern/verdict.ts";
import { sha256Hex } from "../core/model/digest.ts";
import type { Finding } from "../core/model/diagnostic.ts";
import type { Instant } from "../core/model/instant.ts";
import type { Registry } from "../core/model/registry.ts";
import type { Tree } from "../core/model/tree.ts";
import type { stackOf } from "../core/audit/stack.ts";
import { isObserving } from "../core/validate/people.ts";
import { attestedFacts } from "./attested.ts";

/** What is asked here; everything else is for lint, the plan and the gate. */
const asked: ReadonlySet<string> = new Set([
  codes.gateUnmet.code,
  codes.evaluationStale.code,
  codes.evidenceMissing.code,
]);

/** Why the gate would refuse to let this scope's file land for want of evidence; nothing where it would not. */
export async function missingEvidence(
  scope: string,
  { base, result }: { readonly base: Registry; readonly result: Registry },
  stack: () => Promise<ReturnType<typeof stackOf>>,
  asOf: Instant,
): Promise<readonly Finding[]> {
  const path = `registry/live/${scope}.yaml`;
  const change = changeOf({
    ref: "refs/heads/main",
    base: { commit: "", registry: base },
    head: "",
    mergeBases: [""],
    paths: [changedPath(path, base.tree, result.tree)],
    result,
  });
  const stacks = new Map([[scope, await stack()]]);
  const { transitions, demands } = assess(change, stacks, asOf);
  const facts = { ...noFacts, ...(await attestedFacts(change)) };
  return transitions.flatMap((transition) => {
    const demand = demands.evidence.get(transition);
    const verdict = judgeNeeds(
      change,
      transition,
      demand === undefined ? undefined : { ...demand, soaks: [], verified: [] },
      facts,
      asOf,
    );
    const findings = verdict === undefined ? [] : gathered(verdict).findings;
    return findings.filter(({ definition }) => asked.has(definition.code)).map(toned);
  });

  /** While a registry observes, nothing is blocked. */
  function toned(finding: Finding): Finding {
    return isObserving(base) ? { ...finding, severity: "warning" } : finding;
  }
}

function changedPath(path: string, before: Tree, after: Tree) {
  const [from, to] = [before.get(path), after.get(path)];
  const digest = (file: typeof from): string | null => (file === undefined ? null : sha256Hex(file.read()));
  return {
    path,
    modeFrom: from?.mode ?? null,
    modeTo: to?.mode ?? null,
    from: digest(from),
    to: digest(to),
  };
}

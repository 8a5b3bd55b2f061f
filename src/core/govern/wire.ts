/**
 * Decision and plan as programs read them: `assent.decision/v1` and `assent.plan/v1` (CLI.md, schemas/wire/). The wire
 * is spelled out here, key by key and in order, so that internal types may change and equal values give equal bytes.
 */
import type { Decision, NextStep, Requirement } from "../model/decision.ts";
import type { Diagnostic } from "../validate/report.ts";
import type { Transition } from "../model/transition.ts";
import { changedRenderingDocument } from "../template/wire.ts";
import type { Plan } from "./plan.ts";

export const DECISION_FORMAT = "assent.decision/v1";
export const PLAN_FORMAT = "assent.plan/v1";

/** The wire value of a decision. `diagnostics` are its findings with their places (`diagnosticsOf`). */
export function decisionDocument(decision: Decision, diagnostics: readonly Diagnostic[]) {
  const { outcome, asOf, base, head, digest, policyRevision, eligibleAt, mode, enforced } = decision;
  return {
    format: DECISION_FORMAT,
    outcome,
    decision: decision.decision,
    mode,
    enforced,
    asOf,
    base,
    head,
    digest,
    policyRevision,
    eligibleAt,
    reviews: decision.reviews.map(({ id, user, identity, counted, reason }) => ({
      id,
      user,
      identity,
      counted,
      reason,
    })),
    contributors: decision.contributors.map(({ part, name, identity }) => ({ part, name, identity })),
    tree: requirementDocument(decision.tree),
    next: decision.next.map(stepDocument),
    diagnostics,
  };
}

/** The wire value of a plan. `diagnostics` are its findings with their places (`diagnosticsOf`). */
export function planDocument(plan: Plan, diagnostics: readonly Diagnostic[]) {
  const { base, head, digest, impact } = plan;
  return {
    format: PLAN_FORMAT,
    base,
    head,
    digest,
    changes: plan.changes.map(({ path, change, subject }) => ({ path, change, subject })),
    transitions: plan.transitions.map(transitionDocument),
    scopes: plan.scopes.map(({ scope, before, after }) => ({ scope, before, after })),
    requires: plan.requires.map(({ policy, role, count, satisfied }) => ({ policy, role, count, satisfied })),
    compare: plan.compare.map(
      ({ subject, against, environment, metric, threshold, before, after, passed, runs }) => ({
        subject,
        against,
        environment,
        metric,
        threshold,
        before,
        after,
        passed,
        runs: runs.map((run) => ({
          run: run.run,
          executedAt: run.executedAt,
          value: run.value,
          passed: run.passed,
          vacuous: run.vacuous,
        })),
      }),
    ),
    texts: plan.texts.map(({ subject, against, part, before, after }) => ({
      subject,
      against,
      part,
      before,
      after,
    })),
    artifacts: plan.artifacts.map(({ subject, pointer, digest: pinned, opened }) => ({
      subject,
      pointer,
      digest: pinned,
      opened,
    })),
    compliance: plan.compliance.map(({ subject, environment, before, after, unmet }) => ({
      subject,
      environment,
      before,
      after,
      unmet,
    })),
    impact: { direct: impact.direct, transitive: impact.transitive, subjects: impact.subjects },
    renderings: plan.renderings.map(changedRenderingDocument),
    next: plan.next.map(stepDocument),
    diagnostics,
  };
}

function transitionDocument({ subject, action, from, to, scope, indirect }: Transition) {
  return {
    subject,
    action,
    from,
    to,
    ...(scope !== undefined && { scope }),
    ...(indirect === true && { indirect }),
  };
}

function requirementDocument({ requirement, outcome, because, children }: Requirement): Requirement {
  return { requirement, outcome, because, children: children.map(requirementDocument) };
}

function stepDocument(step: NextStep) {
  const { who, until, command } = step;
  return {
    who,
    do: step.do,
    ...(until !== undefined && { until }),
    ...(command !== undefined && { command }),
  };
}

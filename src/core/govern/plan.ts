/**
 * The plan (CLI.md, Review): what a change means, for people to read before they agree. It shows what the decision was
 * made of, from the same values; it must never come to another answer than the gate.
 */
import { needsOf } from "../compile/references.ts";
import type { NextStep } from "../model/decision.ts";
import type { Finding } from "../model/diagnostic.ts";
import type { Digest } from "../model/digest.ts";
import { compareBytes } from "../model/json.ts";
import type { Registry } from "../model/registry.ts";
import type { ChangedPath, Transition } from "../model/transition.ts";
import type { ChangedRendering } from "../template/renderings.ts";
import { identityOfPath } from "../source/reference.ts";
import { contentOf, type Artifact } from "./artifacts.ts";
import { comparisonsOf, type Comparison, type TextComparison } from "./compare.ts";
import type { Decided } from "./decide.ts";
import { complianceMoves, type ComplianceMove } from "./plan-compliance.ts";
import type { AlteredScope } from "./scopes.ts";

export type { Comparison, TextComparison } from "./compare.ts";

/** Asks which entries need an entry, directly. */
export type DependentsOf = (ref: string) => readonly string[];

export interface PathSummary {
  readonly path: string;
  readonly change: "added" | "modified" | "removed" | "mode";
  /** The entry's reference; null for a file that is none. */
  readonly subject: string | null;
}

/** One row of who has to agree. */
export interface Require {
  /** The policy's reference; `registry:registry` for the owners of paths. */
  readonly policy: string;
  readonly role: string;
  readonly count: number;
  readonly satisfied: number;
}

/** Who is hit, by way of what needs what. */
export interface Impact {
  readonly direct: number;
  readonly transitive: number;
  /** References in byte order. */
  readonly subjects: readonly string[];
}

export interface Plan {
  readonly base: string;
  readonly head: string;
  readonly digest: Digest;
  readonly changes: readonly PathSummary[];
  readonly transitions: readonly Transition[];
  readonly scopes: readonly AlteredScope[];
  readonly requires: readonly Require[];
  readonly compare: readonly Comparison[];
  readonly texts: readonly TextComparison[];
  readonly artifacts: readonly PlannedArtifact[];
  /** Who no longer complies with policies once it has landed, or complies again. */
  readonly compliance: readonly ComplianceMove[];
  readonly impact: Impact;
  /** What new versions of templates would make of what was rendered from earlier ones. */
  readonly renderings: readonly ChangedRendering[];
  readonly next: readonly NextStep[];
  readonly findings: readonly Finding[];
}

/** A file that what moves keeps elsewhere, and whether somebody trusted has opened and compared it. */
export interface PlannedArtifact extends Pick<Artifact, "subject" | "pointer" | "digest"> {
  readonly opened: boolean;
}

/**
 * The plan of a change that was decided, with whatever approvals there are; `verified` as in the facts. `renderings` are
 * asked for separately, because rendering brings an engine along that most changes do not need.
 */
export function planOf(
  decided: Decided,
  dependentsOf: DependentsOf,
  verified: ReadonlySet<string> | null = null,
  renderings: readonly ChangedRendering[] = [],
): Plan {
  const { decision, assessment } = decided;
  const { change, transitions, altered } = assessment;
  const { metrics, texts } = comparisonsOf(change, transitions);
  return {
    base: decision.base,
    head: decision.head,
    digest: decision.digest,
    changes: change.paths.map(summaryOf),
    transitions,
    scopes: altered,
    requires: requiresOf(decided),
    compare: metrics,
    texts,
    artifacts: artifactsIn(transitions, change.result, verified),
    compliance: complianceMoves(change, decision.asOf),
    impact: impactOf(change.paths, dependentsOf),
    renderings,
    next: decision.next,
    findings: decision.findings,
  };
}

/** What bundles going live, and versions moving, bring along; each digest once, in byte order of what names it. */
function artifactsIn(
  transitions: readonly Transition[],
  result: Registry,
  verified: ReadonlySet<string> | null,
): readonly PlannedArtifact[] {
  const found = new Map<string, PlannedArtifact>();
  for (const { subject, scope, to } of transitions) {
    const [, ns, name] = scope?.split("/") ?? [];
    const target = result.get(scope === undefined ? subject : `bundle:${ns}/${name}@${to}`);
    for (const artifact of target === undefined ? [] : contentOf(target, result)) {
      const { digest } = artifact;
      const known = { subject: artifact.subject, pointer: artifact.pointer, digest };
      if (!found.has(digest)) found.set(digest, { ...known, opened: verified?.has(digest) === true });
    }
  }
  return [...found.values()].sort(
    (a, b) => compareBytes(a.subject, b.subject) || compareBytes(a.pointer, b.pointer),
  );
}

function summaryOf({ path, modeFrom, modeTo, from, to }: ChangedPath): PathSummary {
  const change =
    modeFrom === null ? "added" : modeTo === null ? "removed" : from === to ? "mode" : "modified";
  return { path, change, subject: identityOfPath(path)?.ref ?? null };
}

/** The owners of paths first, then policy by policy. */
function requiresOf({ assessment, people, filled }: Decided): readonly Require[] {
  const { demands } = assessment;
  const owners = new Map<string, Require>();
  for (const { roles } of demands.paths) {
    const held = new Set(roles.flatMap((role) => people.persons.holdersOf(role)));
    const satisfied = people.approvers.some((person) => held.has(person)) ? 1 : 0;
    const role = roles.join(" or ");
    owners.set(role, { policy: "registry:registry", role, count: 1, satisfied });
  }
  const ofPolicies = demands.policies.map(({ policy, role, label, count }) => ({
    policy,
    role: role === "owner" ? label : role,
    count,
    satisfied: Math.min(count, filled.get(label) ?? 0),
  }));
  return [...[...owners.values()].sort((a, b) => compareBytes(a.role, b.role)), ...ofPolicies];
}

function impactOf(paths: readonly ChangedPath[], dependentsOf: DependentsOf): Impact {
  const changed = new Set<string>(paths.flatMap(({ path }) => identityOfPath(path)?.ref ?? []));
  const direct = new Set<string>();
  for (const ref of changed)
    for (const dependent of dependentsOf(ref)) if (!changed.has(dependent)) direct.add(dependent);
  const reached = new Set(direct);
  const open = [...direct];
  for (let ref = open.pop(); ref !== undefined; ref = open.pop()) {
    for (const dependent of dependentsOf(ref)) {
      if (changed.has(dependent) || reached.has(dependent)) continue;
      reached.add(dependent);
      open.push(dependent);
    }
  }
  return {
    direct: direct.size,
    transitive: reached.size - direct.size,
    subjects: [...reached].sort(compareBytes),
  };
}

/** Turns around what every entry of a registry needs; where a snapshot is at hand its index answers the same. */
export function dependentsIn(registry: Registry): DependentsOf {
  let index: Map<string, string[]> | undefined;
  return (ref) => {
    if (index === undefined) {
      index = new Map();
      for (const entry of registry.entries) {
        for (const needed of needsOf(entry, registry)) {
          const known = index.get(needed);
          if (known === undefined) index.set(needed, [entry.ref]);
          else known.push(entry.ref);
        }
      }
    }
    return index.get(ref) ?? [];
  };
}

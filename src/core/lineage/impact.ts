/**
 * Who is hit when an entry goes or another takes its place: how far away, by which way, whether that breaks them, how
 * bad that is, and where it is live. A verdict is as strong as the weakest step of its strongest way. What may be said
 * of one step stands in steps.ts. It must never decide anything: it tells people what to look at.
 */
import { kindOf } from "../kinds/index.ts";
import { compareBytes } from "../model/json.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { parseScope, type Scope } from "../model/scope.ts";
import { compareEntries, type Comparison } from "../resolve/compat.ts";
import { graphOf, walker, wayTo, type Graph, type Met } from "./graph.ts";
import { relationsAbove, type Lineage, type LineageNode } from "./lineage.ts";
import { relationTypes, type Relation, type RelationType } from "./relations.ts";
import {
  levelOf,
  severityOf,
  stepOf,
  verdicts,
  type Reach,
  type Severity,
  type Step,
  type Verdict,
} from "./steps.ts";
import { forEachMet } from "./view.ts";

/** One step of a way, from what is hit first to the entry that is listed. */
export interface WayStep {
  readonly ref: string;
  /** What it is to the one before it. */
  readonly type: RelationType;
  readonly field: string;
}

export interface Hit extends LineageNode {
  /** The fewest steps to it. */
  readonly distance: number;
  readonly verdict: Verdict;
  readonly severity: Severity;
  /** Whether something live uses it, by whatever way. */
  readonly live: boolean;
  /** The shortest way that its verdict came by, the subject left out. */
  readonly path: readonly WayStep[];
  /** The weakest step of that way, in a sentence. */
  readonly because: string;
}

/** Where it is live. */
export interface End extends Scope {
  /** The path below `live/`. */
  readonly ref: string;
  readonly bundle: string;
  readonly as: "bundle" | "fallback";
  readonly owner: string | null;
  readonly riskTier: string | null;
  readonly verdict: Verdict;
  readonly severity: Severity;
}

export interface Impact {
  readonly subject: LineageNode;
  /** What would take its place; null = nothing does. */
  readonly replacement: { readonly ref: string; readonly chosen: "asked" | "replacedBy" } | null;
  readonly comparison: Comparison | null;
  /** The worst first; then by distance, then by reference. */
  readonly hits: readonly Hit[];
  /** By rank of environments, the highest first; then by scope. */
  readonly ends: readonly End[];
}

/** What is hit when `subject` goes, or `replacement` takes its place. Both are entries of the registry. */
export function impactOf(
  lineage: Lineage,
  registry: Registry,
  subject: Entry,
  replacement: { readonly entry: Entry; readonly chosen: "asked" | "replacedBy" } | undefined,
): Impact {
  const origin = lineage.indexOf(subject.ref);
  if (origin === undefined) throw new Error(`${subject.ref} is no node of lineage`);
  const { carrying, nodes } = lineage;
  const met = walker(carrying.nodes)(carrying.down, [origin]);
  const members = [...met.order];
  const distances = new Map<number, number>();
  forEachMet(met, (node, distance) => distances.set(node, distance));
  const comparison = replacement === undefined ? null : compareEntries(subject, replacement.entry);
  const steps = stepsWithin(lineage, members, (relation) =>
    stepOf(relation, { subject, registry, replacement: replacement?.entry, comparison }),
  );
  const ways = levelsOf(members.length, steps);
  const reach = reachOf(members, nodes, steps, ranksOf(registry));
  const hits = members.flatMap((node, local): readonly Hit[] => {
    if (local === 0) return [];
    const level = ways.findLastIndex((way) => way.place.has(local));
    const { met: walked, place, best } = ways[level]!;
    const way = wayTo(walked, place.get(local)!);
    const path = way.slice(1).map((to, at) => best.get(key(way[at]!, to))!);
    const weakest = path.find(({ step }) => step.level === level) ?? path[0]!;
    const shown = nodes[node]!;
    const verdict = verdicts[level]!;
    return [
      {
        ...shown,
        distance: distances.get(node)!,
        verdict,
        severity: severityOf(verdict, isOver(shown) ? "over" : reach[local]!),
        live: reach[local] !== "idle",
        path: path.map(({ relation }) => ({
          ref: relation.below,
          type: relation.type,
          field: relation.field,
        })),
        because: weakest.step.because,
      },
    ];
  });
  hits.sort(
    (a, b) =>
      levelOf(a.severity) - levelOf(b.severity) || a.distance - b.distance || compareBytes(a.ref, b.ref),
  );
  return {
    subject: nodes[origin]!,
    replacement:
      replacement === undefined ? null : { ref: replacement.entry.ref, chosen: replacement.chosen },
    comparison,
    hits,
    ends: endsOf(hits, registry),
  };
}

/** One edge within what is hit, with both ends by their place among the members. */
interface LocalStep {
  readonly below: number;
  readonly above: number;
  readonly relation: Relation;
  readonly step: Step;
}

/** The edges among the members, in the order of their lower ends. */
function stepsWithin(
  lineage: Lineage,
  members: readonly number[],
  judge: (relation: Relation) => Step,
): readonly LocalStep[] {
  const local = new Map(members.map((node, place) => [node, place]));
  return members.flatMap((node, below) =>
    relationsAbove(lineage, node).flatMap(([relation, aboveNode]): readonly LocalStep[] => {
      const above = local.get(aboveNode);
      // Nothing that happens further down hits the subject itself.
      if (above === undefined || below === 0 || !relationTypes[relation.type].carries) return [];
      return [{ below, above, relation, step: judge(relation) }];
    }),
  );
}

interface LevelWalk {
  readonly met: Met;
  /** By member: its place in the walk. */
  readonly place: ReadonlyMap<number, number>;
  /** By pair of members: the strongest edge between them. */
  readonly best: ReadonlyMap<string, LocalStep>;
}

/** For each verdict, from the weakest up, what is reached by steps that carry at least that. */
function levelsOf(count: number, steps: readonly LocalStep[]): readonly LevelWalk[] {
  const best = new Map<string, LocalStep>();
  for (const each of steps) {
    const pair = key(each.above, each.below);
    const known = best.get(pair);
    if (known === undefined || known.step.level < each.step.level) best.set(pair, each);
  }
  return verdicts.map((_, level) => {
    const graph = localGraph(
      count,
      steps.filter(({ step }) => step.level >= level),
    );
    const met = walker(count)(graph.down, [0], { ways: true });
    return { met, place: new Map([...met.order].map((node, place) => [node, place])), best };
  });
}

function localGraph(count: number, steps: readonly LocalStep[]): Graph {
  return graphOf(
    count,
    Uint32Array.from(steps, ({ below }) => below),
    Uint32Array.from(steps, ({ above }) => above),
  );
}

const key = (above: number, below: number): string => `${above} ${below}`;

/** By member: whether what it goes into is live, and whether in an environment of the highest rank. */
function reachOf(
  members: readonly number[],
  nodes: readonly LineageNode[],
  steps: readonly LocalStep[],
  ranks: ReadonlyMap<string, number>,
): readonly Reach[] {
  const { up } = localGraph(members.length, steps);
  const highest = Math.max(...ranks.values());
  const scopes = members.flatMap((node, local) => (nodes[node]!.kind === "Activation" ? [local] : []));
  const top = scopes.filter((local) => ranks.get(environmentOf(nodes[members[local]!]!.ref)) === highest);
  const walk = walker(members.length);
  const live = new Set(walk(up, scopes).order);
  const most = new Set(walk(up, top).order);
  return members.map((_, local) => (most.has(local) ? "top" : live.has(local) ? "live" : "idle"));
}

function ranksOf(registry: Registry): ReadonlyMap<string, number> {
  return new Map(registry.ofKind("Environment").map(({ name, value }) => [name, value.rank]));
}

function environmentOf(scope: string): string {
  return scope.slice("scope:".length).split("/")[0] ?? "";
}

function isOver({ kind, state }: LineageNode): boolean {
  return kindOf(kind).lifecycle?.final.includes(state ?? "") ?? false;
}

function endsOf(hits: readonly Hit[], registry: Registry): readonly End[] {
  const ranks = ranksOf(registry);
  const ends = hits.flatMap((hit): readonly End[] => {
    const entry = registry.get(hit.ref);
    const scope = hit.kind === "Activation" ? parseScope(hit.ref.slice("scope:".length)) : undefined;
    const last = hit.path.at(-1);
    if (scope === undefined || last === undefined || entry?.kind !== "Activation") return [];
    const { value } = entry as Entry<"Activation">;
    const as = last.field === "fallback" ? "fallback" : "bundle";
    const usecase = registry.get(`usecase:${scope.usecase}`) as Entry<"UseCase"> | undefined;
    return [
      {
        ...scope,
        ref: hit.ref,
        bundle: `bundle:${scope.usecase}@${value[as]}`,
        as,
        owner: usecase?.value.owner ?? null,
        riskTier: usecase?.value.riskTier ?? null,
        verdict: hit.verdict,
        severity: hit.severity,
      },
    ];
  });
  const rankOf = ({ environment }: End): number => ranks.get(environment) ?? 0;
  return ends.sort((a, b) => rankOf(b) - rankOf(a) || compareBytes(a.ref, b.ref));
}

/** How many hits have each verdict. */
export function countsOf(hits: readonly Hit[]): Readonly<Record<Verdict, number>> {
  const count = (verdict: Verdict): number => hits.filter((hit) => hit.verdict === verdict).length;
  return { breaking: count("breaking"), unknown: count("unknown"), "non-breaking": count("non-breaking") };
}

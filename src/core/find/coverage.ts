/**
 * Coverage: how much of what is in use was measured, by runs of exactly its content. Every measure is defined here and
 * nowhere else: a list of things, each covered or not, so that a share can always be taken apart into names.
 * It must never count a run of other content, one that broke or one that tried nothing.
 */
import { barText, meets } from "../model/bar.ts";
import { compareBytes } from "../model/json.ts";
import type { KindName } from "../model/kind.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { gatesFor, runsOf, usecaseOfBundle, vacuityOf } from "../validate/gates.ts";
import {
  ranCases,
  worldOf,
  type CoverageRequest,
  type CoveredSubject,
  type CoveredSuite,
  type Scope,
  type World,
} from "./covered.ts";

export type { CoverageRequest, CoveredSubject, CoveredSuite } from "./covered.ts";

/** One measure: a part of a whole, and what is missing from it. */
export interface CoverageMeasure {
  readonly id: string;
  readonly title: string;
  /** What is counted and when it is covered, in a sentence. */
  readonly means: string;
  readonly part: number;
  readonly whole: number;
  /** 0 to 1; null where there is nothing to cover. */
  readonly share: number | null;
  /** What is not covered, in byte order. */
  readonly missing: readonly string[];
}

export interface Coverage {
  readonly measures: readonly CoverageMeasure[];
  /** Bundles, models and pipelines in use, in byte order of references. */
  readonly subjects: readonly CoveredSubject[];
  /** Active suites and those that ran, in byte order. */
  readonly suites: readonly CoveredSuite[];
}

type Item = readonly [name: string, covered: boolean];

interface Measure {
  readonly id: string;
  readonly title: string;
  readonly means: string;
  items(world: World): readonly Item[];
}

const ofKind = ({ subjects }: World, kind: KindName): readonly CoveredSubject[] =>
  subjects.filter((subject) => subject.kind === kind);
const evaluated = (kind: KindName) => (world: World) =>
  ofKind(world, kind).map(({ ref, runs }): Item => [ref, runs.length > 0]);

/** The measures, in the order they are shown. */
const measures: readonly Measure[] = [
  {
    id: "models-evaluated",
    title: "Models evaluated",
    means: "Of the models that something live reaches, those that a suite ran on.",
    items: evaluated("Model"),
  },
  {
    id: "models-passing",
    title: "Models passing",
    means: "Of the models that something live reaches, those on which the newest run of every suite passed.",
    items: (world) => ofKind(world, "Model").map(({ ref, passed }): Item => [ref, passed === true]),
  },
  {
    id: "bundles-evaluated",
    title: "Bundles evaluated",
    means: "Of the bundles that are live or a fallback, those that a suite ran on.",
    items: evaluated("Bundle"),
  },
  {
    id: "fresh",
    title: "Freshly evaluated",
    means: "Of the bundles and models in use, those whose newest run is young enough.",
    items: (world) =>
      [...ofKind(world, "Bundle"), ...ofKind(world, "Model")].map(({ ref, latest }): Item => [
        ref,
        latest !== null && world.isFresh(latest),
      ]),
  },
  {
    id: "scopes-gated",
    title: "Scopes with gates",
    means: "Of the scopes with something live, those whose use case has a gate for the environment.",
    items: (world) =>
      world.scopes.map((scope): Item => [`scope:${scope.id}`, gatesAt(world, scope).length > 0]),
  },
  {
    id: "gates-measured",
    title: "Gates measured",
    means: "Of the gates of scopes with something live, those whose metric a run of the live bundle carries.",
    items: (world) => gateItems(world, (values) => values.some(({ vacuous }) => !vacuous)),
  },
  {
    id: "gates-met",
    title: "Gates met",
    means: "Of the gates of scopes with something live, those that every run of the live bundle meets.",
    items: (world) =>
      gateItems(
        world,
        (values) => values.some(({ vacuous }) => !vacuous) && values.every(({ passed }) => passed),
      ),
  },
  {
    id: "suites-used",
    title: "Suites used",
    means: "Of the active suites, those that ran on something in use.",
    items: ({ suites }) =>
      suites.filter(({ state }) => state === "active").map(({ ref, runs }): Item => [ref, runs > 0]),
  },
  {
    id: "cases-run",
    title: "Cases run",
    means: "Of the cases of suites that ran on something in use, those that a run did not leave out or skip.",
    items: caseItems,
  },
  {
    id: "runs-attested",
    title: "Runs attested",
    means: "Of the runs on what is in use, those that their issuer signed.",
    items: (world) => world.runs.map((run): Item => [run.ref, world.isAttested(run)]),
  },
];

/** Measures what is in use. */
export function coverageOf(registry: Registry, request: CoverageRequest): Coverage {
  const world = worldOf(registry, request);
  return {
    measures: measures.map(({ items, ...measure }) => {
      const found = items(world);
      const missing = found.filter(([, covered]) => !covered).map(([name]) => name);
      const [whole, part] = [found.length, found.length - missing.length];
      return {
        ...measure,
        part,
        whole,
        share: whole === 0 ? null : part / whole,
        missing: missing.sort(compareBytes),
      };
    }),
    subjects: world.subjects,
    suites: world.suites,
  };
}

function caseItems({ registry, suites, runs }: World): readonly Item[] {
  return suites.flatMap(({ ref, runs: count }) => {
    const suite = registry.get(ref) as Entry<"TestSuite"> | undefined;
    if (count === 0 || suite === undefined) return [];
    const ran = ranCases(runs.filter(({ value }) => value.suite === ref));
    return (suite.value.spec.cases ?? []).map((one): Item => [`${ref}#${one.id}`, ran.has(one.id)]);
  });
}

function gatesAt({ registry }: World, { bundle, environment }: Scope) {
  const usecase = usecaseOfBundle(registry, bundle);
  return usecase === undefined ? [] : gatesFor(usecase, environment);
}

/** How one run stands to a gate. */
interface Standing {
  readonly passed: boolean;
  readonly vacuous: boolean;
}

function gateItems(world: World, isCovered: (runs: readonly Standing[]) => boolean): readonly Item[] {
  const { registry } = world;
  return world.scopes.flatMap((scope) =>
    gatesAt(world, scope).map(({ gate }): Item => {
      const standings = runsOf(registry, scope.bundle).flatMap((run) => {
        const value = run.value.metrics[gate.metric];
        if (value === undefined) return [];
        return [{ passed: meets(value, gate), vacuous: vacuityOf(registry, run) !== undefined }];
      });
      return [`scope:${scope.id} ${barText(gate)}`, isCovered(standings)];
    }),
  );
}

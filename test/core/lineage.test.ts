/**
 * Lineage: the graph against an oracle that shares nothing with it (sets and recursion), the edges against the places
 * that the schemas mark, views, differences, orphans, verdicts, and drawings that other programs can read.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { references } from "../../src/generated/references.ts";
import { partsOf, tanglesIn } from "../../src/core/lineage/circles.ts";
import { graphOf, walker, wayTo, type Graph } from "../../src/core/lineage/graph.ts";
import { impactOf } from "../../src/core/lineage/impact.ts";
import { layoutOf } from "../../src/core/lineage/layout.ts";
import { lineageOf } from "../../src/core/lineage/lineage.ts";
import { migrationOf } from "../../src/core/lineage/migrate.ts";
import { orphansOf } from "../../src/core/lineage/orphans.ts";
import { patchText } from "../../src/core/lineage/patch.ts";
import {
  fieldOf,
  isLineageKind,
  notLineage,
  readWhole,
  relationFields,
} from "../../src/core/lineage/relations.ts";
import { differenceOf, forEachMet, viewOf } from "../../src/core/lineage/view.ts";
import { kinds } from "../../src/core/kinds/index.ts";
import { registryOfValues } from "../registry-of-values.ts";

type Edge = readonly [below: number, above: number];

const graphFrom = (nodes: number, edges: readonly Edge[]): Graph => {
  const sorted = [...edges].sort(([a], [b]) => a - b);
  return graphOf(
    nodes,
    Uint32Array.from(sorted, ([below]) => below),
    Uint32Array.from(sorted, ([, above]) => above),
  );
};

/** Everything that a node reaches, itself included, by the definition: no queue, no arrays, no marks shared with the code. */
function reachedFrom(start: number, edges: readonly Edge[]): Set<number> {
  const next = new Map<number, number[]>();
  for (const [below, above] of edges) next.set(below, [...(next.get(below) ?? []), above]);
  const seen = new Set<number>();
  const visit = (node: number): void => {
    if (seen.has(node)) return;
    seen.add(node);
    for (const other of next.get(node) ?? []) visit(other);
  };
  visit(start);
  return seen;
}

/** Graphs of every shape: sparse and dense, with chains up to a thousand deep, and circles planted in some. */
const shapes = fc
  .record({
    nodes: fc.integer({ min: 1, max: 60 }),
    pairs: fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 150 }),
    acyclic: fc.boolean(),
  })
  .map(({ nodes, pairs, acyclic }) => {
    const edges = pairs
      .map(([a, b]): Edge => [a % nodes, b % nodes])
      .filter(([below, above]) => !acyclic || below > above);
    return { nodes, edges };
  });

/** A chain of a thousand with more edges up it, and circles planted at known places. */
const deep = fc
  .record({
    more: fc.array(fc.tuple(fc.nat(999), fc.nat(999)), { maxLength: 300 }),
    planted: fc.array(fc.tuple(fc.nat(990), fc.integer({ min: 0, max: 9 })), { maxLength: 6 }),
  })
  .map(({ more, planted }) => {
    const chain = Array.from({ length: 999 }, (_, at): Edge => [at + 1, at]);
    const up = more.filter(([below, above]) => below > above);
    const circles = planted.map(([from, length]): Edge => [from, from + length]);
    return { nodes: 1000, edges: [...chain, ...up, ...circles], circles };
  });

describe("the graph, against the definition", () => {
  it("walks to exactly what is reached, by shortest ways, up and down", () => {
    fc.assert(
      fc.property(shapes, fc.nat(), ({ nodes, edges }, seed) => {
        const start = seed % nodes;
        const graph = graphFrom(nodes, edges);
        const walk = walker(nodes);
        for (const [arcs, oriented] of [
          [graph.up, edges],
          [graph.down, edges.map(([below, above]): Edge => [above, below])],
        ] as const) {
          const met = walk(arcs, [start], { ways: true });
          const expected = reachedFrom(start, oriented);
          expect(new Set(met.order)).toEqual(expected);
          expect(met.count).toBe(expected.size);
          const joined = new Set(oriented.map(([a, b]) => `${a} ${b}`));
          forEachMet(met, (node, distance) => {
            const way = wayTo(met, met.order.indexOf(node));
            expect([way[0], way.at(-1), way.length - 1]).toEqual([start, node, distance]);
            way.slice(1).forEach((to, at) => expect(joined.has(`${way[at]} ${to}`)).toBe(true));
          });
          // No shorter way: whoever is one step from a node is at most one step further.
          const far = new Map<number, number>();
          forEachMet(met, (node, distance) => void far.set(node, distance));
          for (const [a, b] of oriented)
            if (far.has(a)) expect(far.get(b)!).toBeLessThanOrEqual(far.get(a)! + 1);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("finds every node that stands on a circle, and no other", () => {
    fc.assert(
      fc.property(shapes, ({ nodes, edges }) => {
        const reach = Array.from({ length: nodes }, (_, node) => reachedFrom(node, edges));
        const selves = new Set(edges.flatMap(([a, b]) => (a === b ? [a] : [])));
        const expected = new Map<number, number[]>();
        for (let node = 0; node < nodes; node++) {
          const part = [...reach[node]!].filter((other) => reach[other]!.has(node)).sort((a, b) => a - b);
          if (part.length > 1 || selves.has(node)) expected.set(part[0]!, part);
        }
        expect(partsOf(graphFrom(nodes, edges))).toEqual(
          [...expected].sort(([a], [b]) => a - b).map(([, part]) => part),
        );
      }),
      { numRuns: 200 },
    );
  });

  it("is not afraid of a thousand steps, and finds each planted circle", () => {
    fc.assert(
      fc.property(deep, ({ nodes, edges, circles }) => {
        const graph = graphFrom(nodes, edges);
        const tangles = tanglesIn(graph);
        for (const [from, to] of circles) {
          const inside = tangles.find((tangle) => tangle.nodes.includes(from));
          // The chain leads from the upper end of what was planted back to its lower one.
          for (let node = from; node <= to; node++) expect(inside?.nodes).toContain(node);
        }
        if (circles.length === 0) expect(tangles).toEqual([]);
        const joined = new Set(edges.map(([a, b]) => `${a} ${b}`));
        for (const { nodes: members, circles: spelled } of tangles) {
          expect(spelled.length).toBeGreaterThan(0);
          for (const circle of spelled) {
            expect(circle[0]).toBe(circle.at(-1));
            expect(circle[0]).toBe(Math.min(...circle));
            circle.slice(1).forEach((to, at) => expect(joined.has(`${circle[at]} ${to}`)).toBe(true));
            expect(circle.every((node) => members.includes(node))).toBe(true);
          }
        }
        const met = walker(nodes)(graph.down, [0]);
        expect([met.count, met.levels.length <= 1000]).toEqual([1000, true]);
      }),
      { numRuns: 25 },
    );
  });

  it("stops at a depth and after a number of nodes, and starts every walk afresh", () => {
    const graph = graphFrom(6, [
      [1, 0],
      [2, 1],
      [3, 2],
      [4, 0],
      [5, 0],
    ]);
    const walk = walker(6);
    expect([...walk(graph.down, [0], { depth: 1 }).order]).toEqual([0, 1, 4, 5]);
    expect([...walk(graph.down, [0], { most: 2 }).order]).toEqual([0, 1]);
    expect([...walk(graph.down, [0], { depth: 0 }).order]).toEqual([0]);
    for (let i = 0; i < 600; i++) expect(walk(graph.up, [3]).count).toBe(4);
    expect([...walk(graph.down, [1, 4, 1]).order]).toEqual([1, 4, 2, 3]);
  });

  it("refuses edges out of order", () => {
    expect(() => graphOf(2, Uint32Array.of(1, 0), Uint32Array.of(0, 1))).toThrow(/order/);
  });
});

describe("the edges", () => {
  it("take every place that a schema marks for a kind of lineage, or say that it is none", () => {
    const forgotten = kinds.flatMap(({ name }) =>
      references[name]
        .filter((place) => place.kinds.some(isLineageKind) && !readWhole.includes(name))
        .map(fieldOf)
        .filter((field) => relationFields[name]?.[field] === undefined && !notLineage[name]?.includes(field))
        .map((field) => `${name}.${field}`),
    );
    expect(forgotten).toEqual([]);
  });

  it("name no field that no schema marks", () => {
    const marked = (name: keyof typeof references) => references[name].map(fieldOf);
    const made = [...Object.entries(relationFields), ...Object.entries(notLineage)].flatMap(
      ([name, fields]) =>
        (Array.isArray(fields) ? fields : Object.keys(fields)).filter(
          (field: string) => !marked(name as keyof typeof references).includes(field),
        ),
    );
    expect(made).toEqual([]);
  });
});

/** One of each: data, models, a pipeline, a bundle that is live, and what says something about them. */
const world = {
  "registry/governance/environments/dev.yaml": { title: "dev", rank: 10 },
  "registry/governance/environments/prod.yaml": { title: "prod", rank: 30 },
  "registry/usecases/t/u.yaml": { owner: "role:t", purpose: "Try.", riskTier: "high" },
  "registry/providers/p.yaml": { title: "P" },
  "registry/datasets/t/raw/1.0.0.yaml": { state: "active", spec: {} },
  "registry/datasets/t/d/1.0.0.yaml": { state: "active", spec: { derivedFrom: ["dataset:t/raw@1.0.0"] } },
  "registry/models/t/m/1.0.0.yaml": {
    state: "production",
    replacedBy: "model:t/m@2.0.0",
    spec: { type: "classification", provider: "provider:p", datasets: ["dataset:t/d@1.0.0"] },
  },
  "registry/models/t/m/2.0.0.yaml": {
    state: "production",
    spec: { type: "classification", provider: "provider:p" },
  },
  "registry/models/t/fine/1.0.0.yaml": {
    state: "production",
    spec: { type: "classification", provider: "provider:p", derivedFrom: ["model:t/m@1.0.0"] },
  },
  "registry/models/t/ranged/1.0.0.yaml": {
    state: "production",
    spec: {
      type: "classification",
      provider: "provider:p",
      dependencies: [{ ref: "model:t/m", version: "<2.0.0" }],
    },
  },
  "registry/models/t/m/aliases.yaml": { aliases: { stable: "1.0.0" } },
  "registry/configs/t/c/1.0.0.yaml": { state: "active", spec: { type: "prompt", text: "x" } },
  "registry/suites/t/s/1.0.0.yaml": { state: "active", spec: { targets: [], cases: [] } },
  "registry/policies/t/rule/1.0.0.yaml": { state: "active", spec: { appliesTo: [], rules: [] } },
  "registry/governance/policy-bindings/b.yaml": {
    selector: { refs: ["bundle:t/u@1.0.0"] },
    policies: ["policy:t/rule@1.0.0"],
  },
  "registry/pipelines/t/p/1.0.0.yaml": {
    state: "active",
    spec: {
      nodes: [{ id: "n", type: "model", config: { model: "model:t/m@1.0.0", config: "config:t/c@1.0.0" } }],
      edges: [],
    },
  },
  "registry/bundles/t/u/1.0.0.yaml": {
    state: "approved",
    spec: { artifacts: [], pipelines: ["pipeline:t/p@1.0.0"], configs: ["config:t/c@1.0.0"] },
    gateReceipt: { decision: "PASS" },
  },
  "registry/bundles/t/u/0.9.0.yaml": {
    state: "retired",
    spec: { artifacts: [], models: ["model:t/m@1.0.0"] },
  },
  "registry/evaluations/t/u/1.0.0-s-20260101t000000z.yaml": {
    suite: "suite:t/s@1.0.0",
    target: "bundle:t/u@1.0.0",
    metrics: {},
  },
  "registry/live/prod/t/u/acme.yaml": { bundle: "1.0.0", reason: "r" },
  "registry/live/dev/t/u.yaml": { bundle: "none", fallback: "1.0.0", reason: "r" },
};

const edgesOf = (values: Record<string, object>): string[] =>
  lineageOf(registryOfValues(values)).relations.map(
    ({ below, above, type, field }) => `${below} ${type} ${above} ${field}`,
  );

describe("a registry's lineage", () => {
  const registry = registryOfValues(world);
  const lineage = lineageOf(registry);

  it("is what its entries declare, each with its field", () => {
    expect(edgesOf(world)).toEqual([
      "aliases:model/t/m uses model:t/m@1.0.0 aliases.stable",
      "bundle:t/u@0.9.0 depends_on model:t/m@1.0.0 spec.models[]",
      "bundle:t/u@1.0.0 depends_on pipeline:t/p@1.0.0 spec.pipelines[]",
      "bundle:t/u@1.0.0 configures config:t/c@1.0.0 spec.configs[]",
      "bundle:t/u@1.0.0 validates suite:t/s@1.0.0 suite",
      "bundle:t/u@1.0.0 validates policy:t/rule@1.0.0 policies[]",
      "dataset:t/d@1.0.0 derived_from dataset:t/raw@1.0.0 spec.derivedFrom[]",
      "model:t/fine@1.0.0 uses provider:p spec.provider",
      "model:t/fine@1.0.0 derived_from model:t/m@1.0.0 spec.derivedFrom[]",
      "model:t/m@1.0.0 uses provider:p spec.provider",
      "model:t/m@1.0.0 derived_from dataset:t/d@1.0.0 spec.datasets[]",
      "model:t/m@2.0.0 replaces model:t/m@1.0.0 replacedBy",
      "model:t/m@2.0.0 uses provider:p spec.provider",
      "model:t/ranged@1.0.0 uses provider:p spec.provider",
      "model:t/ranged@1.0.0 depends_on model:t/m@1.0.0 spec.dependencies[]",
      "pipeline:t/p@1.0.0 uses model:t/m@1.0.0 spec.nodes[].config.model",
      "pipeline:t/p@1.0.0 configures config:t/c@1.0.0 spec.nodes[].config.config",
      "scope:dev/t/u uses bundle:t/u@1.0.0 fallback",
      "scope:prod/t/u/acme uses bundle:t/u@1.0.0 bundle",
    ]);
  });

  it("views: up, down, as deep as asked; a predecessor stands beside and is not followed", () => {
    const at = (ref: string, request: Parameters<typeof viewOf>[2]) =>
      viewOf(lineage, ref, request)?.nodes.map((node) => `${node.distance} ${node.ref}`);
    expect(at("model:t/m@2.0.0", { direction: "up" })).toEqual([
      "-1 model:t/m@1.0.0",
      "0 model:t/m@2.0.0",
      "-1 provider:p",
    ]);
    expect(at("bundle:t/u@1.0.0", { direction: "up", depth: 1 })).toEqual([
      "0 bundle:t/u@1.0.0",
      "-1 config:t/c@1.0.0",
      "-1 pipeline:t/p@1.0.0",
      "-1 policy:t/rule@1.0.0",
      "-1 suite:t/s@1.0.0",
    ]);
    expect(at("dataset:t/raw@1.0.0", { direction: "down" })).toEqual([
      "3 aliases:model/t/m",
      "3 bundle:t/u@0.9.0",
      "4 bundle:t/u@1.0.0",
      "1 dataset:t/d@1.0.0",
      "0 dataset:t/raw@1.0.0",
      "3 model:t/fine@1.0.0",
      "2 model:t/m@1.0.0",
      "3 model:t/ranged@1.0.0",
      "3 pipeline:t/p@1.0.0",
      "5 scope:dev/t/u",
      "5 scope:prod/t/u/acme",
    ]);
    expect(viewOf(lineage, "usecase:t/u", { direction: "up" })).toBeUndefined();
  });

  it("a missing reference is a node, and marked", () => {
    const broken = lineageOf(
      registryOfValues({ "registry/bundles/t/u/1.0.0.yaml": { spec: { models: ["model:t/gone@1.0.0"] } } }),
    );
    expect(broken.nodes.map(({ ref, missing }) => [ref, missing])).toEqual([
      ["bundle:t/u@1.0.0", false],
      ["model:t/gone@1.0.0", true],
    ]);
  });

  it("a difference says what came and what went, nodes and edges", () => {
    const pipeline = world["registry/pipelines/t/p/1.0.0.yaml"];
    const nodes = [
      { id: "n", type: "model", config: { model: "model:t/m@2.0.0", config: "config:t/c@1.0.0" } },
    ];
    const later = lineageOf(
      registryOfValues({
        ...world,
        "registry/pipelines/t/p/1.0.0.yaml": { ...pipeline, spec: { nodes, edges: [] } },
      }),
    );
    const ask = { direction: "up", depth: 2 } as const;
    const difference = differenceOf(
      viewOf(lineage, "bundle:t/u@1.0.0", ask),
      viewOf(later, "bundle:t/u@1.0.0", ask),
    );
    expect(
      difference?.nodes
        .filter(({ change }) => change !== "same")
        .map(({ ref, change }) => `${change} ${ref}`),
    ).toEqual(["removed model:t/m@1.0.0", "added model:t/m@2.0.0"]);
    expect(
      difference?.edges
        .filter(({ change }) => change !== "same")
        .map(({ above, change }) => `${change} ${above}`),
    ).toEqual(["removed model:t/m@1.0.0", "added model:t/m@2.0.0"]);
    expect(differenceOf(undefined, undefined)).toBeUndefined();
  });

  it("orphans: what no scope, no alias and no bundle on its way reaches", () => {
    expect(orphansOf(lineage).map(({ ref, because }) => `${ref} ${because}`)).toEqual([
      "bundle:t/u@0.9.0 unreferenced",
      "model:t/fine@1.0.0 unreferenced",
      "model:t/m@2.0.0 unreferenced",
      "model:t/ranged@1.0.0 unreferenced",
    ]);
  });
});

describe("impact", () => {
  const registry = registryOfValues(world);
  const lineage = lineageOf(registry);
  const hitsOf = (ref: string, to?: string): string[] => {
    const replacement = to === undefined ? undefined : { entry: registry.get(to)!, chosen: "asked" as const };
    return impactOf(lineage, registry, registry.get(ref)!, replacement).hits.map(
      (hit) =>
        `${hit.severity} ${hit.verdict} ${hit.distance} ${hit.ref} < ${hit.path.map((step) => step.type).join(" ")}`,
    );
  };

  it("of what goes: pins break, what was made from it stands, what is over is no matter", () => {
    expect(hitsOf("model:t/m@1.0.0")).toEqual([
      "critical breaking 1 pipeline:t/p@1.0.0 < uses",
      "critical breaking 2 bundle:t/u@1.0.0 < uses depends_on",
      "critical breaking 3 scope:prod/t/u/acme < uses depends_on uses",
      "medium breaking 1 aliases:model/t/m < uses",
      "medium breaking 1 model:t/ranged@1.0.0 < depends_on",
      "medium unknown 3 scope:dev/t/u < uses depends_on uses",
      "info breaking 1 bundle:t/u@0.9.0 < depends_on",
      "info non-breaking 1 model:t/fine@1.0.0 < derived_from",
    ]);
  });

  it("of a replacement that keeps its promises: nothing breaks", () => {
    expect(
      hitsOf("model:t/m@1.0.0", "model:t/m@2.0.0").map((hit) => hit.split(" ").slice(0, 2).join(" ")),
    ).toEqual([
      "low non-breaking",
      "low non-breaking",
      "low non-breaking",
      "low non-breaking",
      "info non-breaking",
      "info non-breaking",
      "info non-breaking",
      "info non-breaking",
    ]);
  });

  it("a range moves to what it would resolve to, and breaks where there is nothing", () => {
    const ranged = (range: string) => ({
      ...world["registry/models/t/ranged/1.0.0.yaml"],
      spec: {
        ...world["registry/models/t/ranged/1.0.0.yaml"].spec,
        dependencies: [{ ref: "model:t/m", version: range }],
      },
    });
    for (const [range, verdict] of [
      ["<2.0.0", "breaking"],
      ["*", undefined],
    ] as const) {
      const other = registryOfValues({ ...world, "registry/models/t/ranged/1.0.0.yaml": ranged(range) });
      const impact = impactOf(lineageOf(other), other, other.get("model:t/m@1.0.0")!, undefined);
      expect(impact.hits.find(({ ref }) => ref === "model:t/ranged@1.0.0")?.verdict).toBe(verdict);
      const newest = impactOf(lineageOf(other), other, other.get("model:t/m@2.0.0")!, undefined);
      expect(newest.hits.find(({ ref }) => ref === "model:t/ranged@1.0.0")?.verdict).toBe(
        range === "*" ? "non-breaking" : undefined,
      );
    }
  });

  it("ends where it is live, with tenant, owner and risk", () => {
    const { ends } = impactOf(lineage, registry, registry.get("dataset:t/raw@1.0.0")!, undefined);
    expect(
      ends.map(({ environment, tenant, as, owner, riskTier, verdict }) => [
        environment,
        tenant,
        as,
        owner,
        riskTier,
        verdict,
      ]),
    ).toEqual([
      ["prod", "acme", "bundle", "role:t", "high", "non-breaking"],
      ["dev", null, "fallback", "role:t", "high", "non-breaking"],
    ]);
  });

  it("hits exactly what the oracle says, in random registries a hundred deep", () => {
    const chains = fc.array(fc.tuple(fc.nat(99), fc.nat(99)), { maxLength: 200 });
    fc.assert(
      fc.property(chains, fc.nat(99), (pairs, start) => {
        const edges = [
          ...Array.from({ length: 99 }, (_, at): Edge => [at + 1, at]).filter(([below]) => below % 7 !== 0),
          ...pairs.filter(([below, above]) => below !== above),
        ];
        const made = (node: number) => `dataset:t/d${node}@1.0.0`;
        const values = Object.fromEntries(
          Array.from({ length: 100 }, (_, node) => [
            `registry/datasets/t/d${node}/1.0.0.yaml`,
            {
              state: "active",
              spec: {
                derivedFrom: edges.filter(([below]) => below === node).map(([, above]) => made(above)),
              },
            },
          ]),
        );
        const random = registryOfValues(values);
        const found = impactOf(lineageOf(random), random, random.get(made(start))!, undefined);
        const expected = reachedFrom(
          start,
          edges.map(([below, above]): Edge => [above, below]),
        );
        expected.delete(start);
        expect(new Set(found.hits.map(({ ref }) => ref))).toEqual(new Set([...expected].map(made)));
        const view = viewOf(lineageOf(random), made(start), { direction: "up" });
        expect(new Set(view?.nodes.map(({ ref }) => ref))).toEqual(
          new Set([...reachedFrom(start, edges)].map(made)),
        );
      }),
      { numRuns: 30 },
    );
  });
});

describe("a migration", () => {
  const plan = (values: Record<string, object>, from: string, to: string) => {
    const registry = registryOfValues({ ...world, ...values });
    const [subject, replacement] = [registry.get(from)!, registry.get(to)!];
    const lineage = lineageOf(registry);
    const impact = impactOf(lineage, registry, subject, { entry: replacement, chosen: "asked" });
    return migrationOf(lineage, registry, impact, subject, replacement);
  };

  it("leaves to people what is made, what cannot be complete, and ranges that do not reach", () => {
    const nodes = [{ type: "model", config: { model: "model:t/m@1.0.0" } }];
    const nameless = { "registry/pipelines/t/p/1.0.0.yaml": { state: "active", spec: { nodes, edges: [] } } };
    const { open, drafts, files, aliases } = plan(nameless, "model:t/m@1.0.0", "model:t/m@2.0.0");
    expect(open.map(({ ref, why }) => `${ref} ${why.split(":")[0]}`)).toEqual([
      "model:t/ranged@1.0.0 Its range <2.0.0 of model",
      "pipeline:t/p@1.0.0 A new version of it would lack required fields",
    ]);
    expect(drafts).toEqual([]);
    expect([aliases, files.map(({ path }) => path)]).toEqual([
      [{ ref: "aliases:model/t/m", names: ["stable"] }],
      ["registry/models/t/m/aliases.yaml"],
    ]);
    const providers = plan({ "registry/providers/q.yaml": { title: "Q" } }, "provider:p", "provider:q");
    expect(providers.open.map(({ ref }) => ref)).toEqual([
      "model:t/fine@1.0.0",
      "model:t/m@1.0.0",
      "model:t/ranged@1.0.0",
    ]);
  });

  it("drafts a template that extends another, one after the other, and names nothing twice", () => {
    const template = (more: object) => ({
      title: "T",
      state: "active",
      spec: { type: "invocation", parameters: { type: "object" }, body: { models: more } },
    });
    const values = {
      "registry/templates/t/a/1.0.0.yaml": template([]),
      "registry/templates/t/a/1.1.0.yaml": template(["x"]),
      "registry/templates/t/b/1.0.0.yaml": template([]),
      "registry/templates/t/c/1.0.0.yaml": template([]),
    };
    const extending = (path: keyof typeof values, ref: string) => ({
      [path]: {
        ...values[path],
        spec: { ...template(["template:t/a@1.0.0", "template:t/a@1.1.0"]).spec, extends: ref },
      },
    });
    const { drafts, files } = plan(
      {
        ...values,
        ...extending("registry/templates/t/b/1.0.0.yaml", "template:t/a@1.0.0"),
        ...extending("registry/templates/t/c/1.0.0.yaml", "template:t/b@1.0.0"),
      },
      "template:t/a@1.0.0",
      "template:t/a@1.1.0",
    );
    expect(drafts.map(({ ref }) => ref)).toEqual(["template:t/b@1.1.0", "template:t/c@1.1.0"]);
    expect(files[0]?.after).toContain("extends: template:t/a@1.1.0");
    expect(files[0]?.after).toContain("models: [template:t/a@1.1.0]");
    expect(files[1]?.after).toContain("extends: template:t/b@1.1.0");
  });
});

describe("the layout", () => {
  it("puts everything apart, every edge to the right, and the same graph at the same place", () => {
    fc.assert(
      fc.property(shapes, ({ nodes, edges }) => {
        const measures = {
          widths: Array.from({ length: nodes }, (_, node) => 40 + (node % 7) * 10),
          boxHeight: 30,
          rowGap: 10,
          columnGap: 50,
        };
        const drawn = edges.map(([below, above]): Edge => [above, below]);
        const layout = layoutOf(drawn, measures);
        expect(layoutOf(drawn, measures)).toEqual(layout);
        const { boxes, ways } = layout;
        boxes.forEach((a, at) => {
          expect(a.x + a.width).toBeLessThanOrEqual(layout.width + 0.2);
          expect(a.y).toBeGreaterThanOrEqual(-0.2);
          expect(a.y + 30).toBeLessThanOrEqual(layout.height + 0.2);
          for (const b of boxes.slice(at + 1)) {
            const apart =
              a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + 39.8 <= b.y || b.y + 39.8 <= a.y;
            expect(apart).toBe(true);
          }
        });
        ways.forEach((way) =>
          way.slice(1).forEach((to, at) => expect(to.x).toBeGreaterThanOrEqual(way[at]!.x)),
        );
      }),
      { numRuns: 100 },
    );
  });

  it("of a chain of a thousand, and of nothing", () => {
    const chain = Array.from({ length: 999 }, (_, at): Edge => [at, at + 1]);
    const measures = {
      widths: Array.from({ length: 1000 }, () => 50),
      boxHeight: 30,
      rowGap: 10,
      columnGap: 50,
    };
    expect(layoutOf([...chain, [0, 999]], measures).boxes[999]?.x).toBe(101_898);
    expect(layoutOf([], { ...measures, widths: [] })).toMatchObject({ boxes: [], ways: [] });
  });
});

describe("a patch", () => {
  it.each([
    ["a new file", null, "a\nb\n", "@@ -0,0 +1,2 @@\n+a\n+b\n"],
    [
      "a changed line",
      "1\n2\n3\n4\n5\n6\n",
      "1\n2\n3\nx\n5\n6\n",
      "@@ -1,6 +1,6 @@\n 1\n 2\n 3\n-4\n+x\n 5\n 6\n",
    ],
    [
      "no line end",
      "a",
      "b",
      "@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n",
    ],
  ])("of %s", (_, before, after, hunk) => {
    expect(patchText([{ path: "registry/x.yaml", before, after }])).toContain(hunk);
  });
  it("leaves out what does not change", () => {
    expect(patchText([{ path: "registry/x.yaml", before: "a\n", after: "a\n" }])).toBe("");
  });
});

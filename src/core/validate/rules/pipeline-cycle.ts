/** pipeline/cycle: a pipeline is acyclic; the cycle is printed. */
import { at, defineEntryRule } from "../rule.ts";
import { graphOf, PIPELINE_OUTPUT, type PipelineGraph } from "../pipeline-graph.ts";

export const pipelineCycle = defineEntryRule({
  code: "pipeline/cycle",
  severity: "error",
  category: "invalid",
  summary: "A pipeline's edges form a cycle.",
  why: "A run that comes back to where it was never ends.",
  fix: "Remove one edge of the cycle; repeat by `retry`, not by an edge backwards.",
  kinds: ["Pipeline"],
  find(entry, _context, report) {
    const graph = graphOf(entry);
    const cycle = cycleOf(graph);
    if (cycle === undefined) return;
    const [from, to] = cycle.slice(-2);
    const index = graph.edges.findIndex((edge) => edge.from.node === from && edge.to.node === to);
    report({
      message: `The edges form a cycle: ${cycle.join(" -> ")}.`,
      at: at(entry, "spec", "edges", index),
      subject: entry.ref,
    });
  },
});

/** The first cycle in order of the nodes, from a node back to itself; iterative, so that depth is no danger. */
function cycleOf(graph: PipelineGraph): string[] | undefined {
  // Nothing follows on the end; an edge that runs out of it is pipeline/unknown-node.
  const done = new Set([PIPELINE_OUTPUT]);
  for (const start of graph.byId.keys()) {
    const path: { id: string; rest: string[] }[] = [];
    const onPath = new Set<string>();
    let entering: string | undefined = start;
    while (entering !== undefined || path.length > 0) {
      if (entering !== undefined) {
        if (onPath.has(entering))
          return [...path.map(({ id }) => id).slice(path.findIndex(({ id }) => id === entering)), entering];
        if (!done.has(entering)) {
          path.push({ id: entering, rest: [...graph.next(entering)] });
          onPath.add(entering);
        }
      }
      entering = path.at(-1)?.rest.shift();
      if (entering !== undefined) continue;
      const left = path.pop();
      if (left === undefined) break;
      onPath.delete(left.id);
      done.add(left.id);
    }
  }
  return undefined;
}

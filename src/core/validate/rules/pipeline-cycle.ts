/** pipeline/cycle: a pipeline is acyclic; the cycle is printed. */
import { at, defineEntryRule } from "../rule.ts";
import { cyclesIn, inWords } from "../cycles.ts";
import { graphOf, PIPELINE_OUTPUT } from "../pipeline-graph.ts";

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
    // Nothing follows on the end; an edge that runs out of it is pipeline/unknown-node.
    const [cycle] = cyclesIn(graph.byId.keys(), (id) => (id === PIPELINE_OUTPUT ? [] : graph.next(id)));
    if (cycle === undefined) return;
    const [from, to] = cycle.slice(-2);
    const index = graph.edges.findIndex((edge) => edge.from.node === from && edge.to.node === to);
    report({
      message: `The edges form a cycle: ${inWords(cycle)}.`,
      at: at(entry, "spec", "edges", index),
      subject: entry.ref,
    });
  },
});

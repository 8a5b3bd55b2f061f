/** pipeline/unreachable-node: every node is fed from `$input`, or needs no input. */
import { at, defineEntryRule } from "../rule.ts";
import { graphOf, PIPELINE_INPUT, reachable } from "../pipeline-graph.ts";

export const pipelineUnreachableNode = defineEntryRule({
  code: "pipeline/unreachable-node",
  severity: "error",
  category: "invalid",
  summary: "A node is fed neither from `$input` nor from a node without inputs.",
  why: "It would never run.",
  fix: "Add an edge that leads to it, or remove the node.",
  kinds: ["Pipeline"],
  find(entry, _context, report) {
    const graph = graphOf(entry);
    const sources = graph.nodes.filter(({ inputs }) => (inputs ?? []).length === 0).map(({ id }) => id);
    const reached = reachable([PIPELINE_INPUT, ...sources], graph.next);
    for (const { node, index } of graph.byId.values()) {
      if (reached.has(node.id)) continue;
      report({
        message: `No data reaches "${node.id}".`,
        at: at(entry, "spec", "nodes", index, "id"),
        subject: entry.ref,
      });
    }
  },
});

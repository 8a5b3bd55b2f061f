/** pipeline/dead-node: every node is on a path to `$output`. */
import { at, defineEntryRule } from "../rule.ts";
import { graphOf, PIPELINE_OUTPUT, reachable } from "../pipeline-graph.ts";

export const pipelineDeadNode = defineEntryRule({
  code: "pipeline/dead-node",
  severity: "error",
  category: "invalid",
  summary: "A node's results never reach `$output`.",
  why: "It costs time and money, and nobody sees what it computes.",
  fix: "Add an edge from it towards `$output`, or remove the node.",
  kinds: ["Pipeline"],
  find(entry, _context, report) {
    const graph = graphOf(entry);
    const live = reachable([PIPELINE_OUTPUT], graph.previous);
    for (const { node, index } of graph.byId.values()) {
      if (live.has(node.id)) continue;
      report({
        message: `Nothing that "${node.id}" makes reaches $output.`,
        at: at(entry, "spec", "nodes", index, "id"),
        subject: entry.ref,
      });
    }
  },
});

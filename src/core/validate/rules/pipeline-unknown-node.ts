/** pipeline/unknown-node: every edge connects nodes that exist, in the direction their ends allow. */
import { nearest } from "../../model/nearest.ts";
import { at, defineEntryRule } from "../rule.ts";
import { graphOf, PIPELINE_INPUT, PIPELINE_OUTPUT } from "../pipeline-graph.ts";

export const pipelineUnknownNode = defineEntryRule({
  code: "pipeline/unknown-node",
  severity: "error",
  category: "invalid",
  summary: "An edge names a node that does not exist, or runs out of `$output` or into `$input`.",
  why: "Data sent to a node that is not there is lost.",
  fix: "Name an existing node, `$input` as a source, or `$output` as a target.",
  kinds: ["Pipeline"],
  find(entry, _context, report) {
    const graph = graphOf(entry);
    graph.edges.forEach((edge, index) => {
      for (const side of ["from", "to"] as const) {
        const { node } = edge[side];
        if (graph.byId.has(node) || node === (side === "from" ? PIPELINE_INPUT : PIPELINE_OUTPUT)) continue;
        const near = nearest(node, graph.byId.keys());
        report({
          message: `No node "${node}" can stand in an edge's "${side}".`,
          ...(near === undefined ? {} : { hint: `Did you mean "${near}"?` }),
          at: at(entry, "spec", "edges", index, side, "node"),
          subject: entry.ref,
        });
      }
    });
  },
});

/** pipeline/unknown-port: every edge starts at an output port and ends at an input port that is declared. */
import { at, defineEntryRule } from "../rule.ts";
import { graphOf, hasPort, PIPELINE_INPUT, PIPELINE_OUTPUT } from "../pipeline-graph.ts";

export const pipelineUnknownPort = defineEntryRule({
  code: "pipeline/unknown-port",
  severity: "error",
  category: "invalid",
  summary: "An edge names a port that its node does not have.",
  why: "A misspelt port leaves the real one without data.",
  fix: "Use a port from the node's `outputs` (in `from`) or `inputs` (in `to`), or declare it there.",
  kinds: ["Pipeline"],
  find(entry, _context, report) {
    const graph = graphOf(entry);
    const { spec } = entry.value;
    graph.edges.forEach((edge, index) => {
      for (const side of ["from", "to"] as const) {
        const { node, port } = edge[side];
        const exists = graph.byId.has(node) || node === PIPELINE_INPUT || node === PIPELINE_OUTPUT;
        if (!exists || hasPort(graph, spec, node, port, side)) continue;
        const list = side === "from" ? "output" : "input";
        report({
          message: `"${node}" has no ${list} port "${port}".`,
          at: at(entry, "spec", "edges", index, side, "port"),
          subject: entry.ref,
        });
      }
    });
  },
});

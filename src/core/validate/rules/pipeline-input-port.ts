/** pipeline/input-port: every input port is fed exactly once. */
import { at, defineEntryRule, type Report } from "../rule.ts";
import type { Entry } from "../../model/registry.ts";
import { graphOf, PIPELINE_OUTPUT, requiredOf } from "../pipeline-graph.ts";

export const pipelineInputPort = defineEntryRule({
  code: "pipeline/input-port",
  severity: "error",
  category: "invalid",
  summary: "An input port is fed by no edge, or by several.",
  why: "A port without data blocks its node for ever; with two sources the result depends on who is faster.",
  fix: "Let exactly one edge end at each input port; join several sources in an aggregate node.",
  kinds: ["Pipeline"],
  find(entry, _context, report) {
    const graph = graphOf(entry);
    const feeds = new Map<string, number[]>();
    graph.edges.forEach(({ to }, index) => {
      const key = `${to.node} ${to.port}`;
      feeds.set(key, [...(feeds.get(key) ?? []), index]);
    });
    for (const [key, edges] of feeds) several(entry, key, edges, report);
    for (const { node, index } of graph.byId.values()) {
      (node.inputs ?? []).forEach(({ port }, portIndex) => {
        if (feeds.has(`${node.id} ${port}`)) return;
        const place = at(entry, "spec", "nodes", index, "inputs", portIndex, "port");
        report({
          message: `Nothing feeds the port "${port}" of "${node.id}".`,
          at: place,
          subject: entry.ref,
        });
      });
    }
    for (const port of requiredOf(entry.value.spec.output)) {
      if (feeds.has(`${PIPELINE_OUTPUT} ${port}`)) continue;
      report({
        message: `Nothing feeds the required output "${port}".`,
        at: at(entry, "spec", "output", "required"),
        subject: entry.ref,
      });
    }
  },
});

function several(entry: Entry<"Pipeline">, key: string, edges: readonly number[], report: Report): void {
  const [first, second] = edges;
  if (first === undefined || second === undefined) return;
  const [node, port] = key.split(" ");
  report({
    message: `${edges.length} edges feed the port "${port}" of "${node}".`,
    at: at(entry, "spec", "edges", second, "to"),
    subject: entry.ref,
    related: [{ message: "the first edge", at: at(entry, "spec", "edges", first, "to") }],
  });
}

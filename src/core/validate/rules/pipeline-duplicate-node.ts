/** pipeline/duplicate-node: node ids are unique, and not the names of the pipeline's own ends. */
import { at, defineEntryRule } from "../rule.ts";
import { PIPELINE_INPUT, PIPELINE_OUTPUT } from "../pipeline-graph.ts";

export const pipelineDuplicateNode = defineEntryRule({
  code: "pipeline/duplicate-node",
  severity: "error",
  category: "invalid",
  summary: "Two nodes of a pipeline have the same id, or a node is called `$input` or `$output`.",
  why: "Edges name nodes by id; with two of a name nobody can say where data flows.",
  fix: "Rename one of the nodes and the edges that mean it.",
  kinds: ["Pipeline"],
  find(entry, _context, report) {
    const seen = new Set([PIPELINE_INPUT, PIPELINE_OUTPUT]);
    entry.value.spec.nodes.forEach(({ id }, index) => {
      if (seen.has(id))
        report({
          message: `The id "${id}" is taken.`,
          at: at(entry, "spec", "nodes", index, "id"),
          subject: entry.ref,
        });
      seen.add(id);
    });
  },
});

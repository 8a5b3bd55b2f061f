/** pipeline/port-schema: where both ends of an edge declare a schema, the target admits the source. */
import { isObject, type JsonObject } from "../../model/json.ts";
import { at, defineEntryRule } from "../rule.ts";
import { graphOf, requiredOf, schemaOfPort } from "../pipeline-graph.ts";

export const pipelinePortSchema = defineEntryRule({
  code: "pipeline/port-schema",
  severity: "error",
  category: "invalid",
  summary: "An edge connects ports whose schemas do not fit.",
  why: "The target would refuse what the source sends, at run time.",
  fix: "Correct one of the two schemas, or say how the edge converts in `transform`.",
  kinds: ["Pipeline"],
  find(entry, _context, report) {
    const graph = graphOf(entry);
    const { spec } = entry.value;
    graph.edges.forEach((edge, index) => {
      // A transform says that what arrives is not what left.
      if (edge.transform !== undefined) return;
      const source = schemaOfPort(graph, spec, edge.from.node, edge.from.port, "from");
      const target = schemaOfPort(graph, spec, edge.to.node, edge.to.port, "to");
      if (source === undefined || target === undefined) return;
      for (const fault of mismatches(source, target)) {
        report({
          message: `"${edge.to.node}" ${fault}`,
          at: at(entry, "spec", "edges", index),
          subject: entry.ref,
        });
      }
    });
  },
});

/** DESIGN 3: the type, and every required property with a fitting type; nothing more is compared. */
function mismatches(source: JsonObject, target: JsonObject): string[] {
  if (!admits(target, source)) {
    return [`takes ${typesOf(target).join(" or ")}, but is sent ${typesOf(source).join(" or ")}.`];
  }
  const offered = isObject(source["properties"]) ? source["properties"] : {};
  const wanted = isObject(target["properties"]) ? target["properties"] : {};
  return requiredOf(target).flatMap((name) => {
    const from = Object.hasOwn(offered, name) ? offered[name] : undefined;
    if (from === undefined) return [`requires "${name}", which the source does not declare.`];
    const to = Object.hasOwn(wanted, name) ? wanted[name] : undefined;
    if (!isObject(from) || !isObject(to) || admits(to, from)) return [];
    return [`takes ${typesOf(to).join(" or ")} as "${name}", but is sent ${typesOf(from).join(" or ")}.`];
  });
}

function admits(target: JsonObject, source: JsonObject): boolean {
  const takes = typesOf(target);
  if (takes.length === 0) return true;
  return typesOf(source).every(
    (type) => takes.includes(type) || (type === "integer" && takes.includes("number")),
  );
}

function typesOf(schema: JsonObject): string[] {
  const { type } = schema;
  if (typeof type === "string") return [type];
  return Array.isArray(type) ? type.filter((name) => typeof name === "string") : [];
}

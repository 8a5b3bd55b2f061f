/**
 * A pipeline's nodes, ports and edges as a graph that the pipeline rules ask (DESIGN 3, Pipeline).
 * `$input` and `$output` are the pipeline's own ends. It must never report anything itself.
 */
import type { Json, JsonObject } from "../model/json.ts";
import { isObject } from "../model/json.ts";
import type { Entry } from "../model/registry.ts";

export const PIPELINE_INPUT = "$input";
export const PIPELINE_OUTPUT = "$output";

export type PipelineSpec = Entry<"Pipeline">["value"]["spec"];
export type PipelineNode = PipelineSpec["nodes"][number];
export type PipelineEdge = PipelineSpec["edges"][number];

export interface PipelineGraph {
  readonly nodes: readonly PipelineNode[];
  readonly edges: readonly PipelineEdge[];
  /** The first node of each id, with its index. */
  readonly byId: ReadonlyMap<string, { readonly node: PipelineNode; readonly index: number }>;
  /** Ids of the nodes that the edges lead to from here (`$input` and `$output` included). */
  next(id: string): readonly string[];
  previous(id: string): readonly string[];
}

/** Builds the graph of one pipeline. */
export function graphOf(entry: Entry<"Pipeline">): PipelineGraph {
  const { nodes, edges } = entry.value.spec;
  const byId = new Map<string, { node: PipelineNode; index: number }>();
  nodes.forEach((node, index) => {
    if (!byId.has(node.id)) byId.set(node.id, { node, index });
  });
  const forward = new Map<string, string[]>();
  const backward = new Map<string, string[]>();
  const push = (map: Map<string, string[]>, key: string, value: string): void => {
    const list = map.get(key);
    if (list === undefined) map.set(key, [value]);
    else if (!list.includes(value)) list.push(value);
  };
  for (const { from, to } of edges) {
    push(forward, from.node, to.node);
    push(backward, to.node, from.node);
  }
  return {
    nodes,
    edges,
    byId,
    next: (id) => forward.get(id) ?? [],
    previous: (id) => backward.get(id) ?? [],
  };
}

/** Every id that can be reached by `step` from `start`, itself included. */
export function reachable(start: Iterable<string>, step: (id: string) => readonly string[]): Set<string> {
  const seen = new Set(start);
  const open = [...seen];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const following of step(id)) {
      if (seen.has(following)) continue;
      seen.add(following);
      open.push(following);
    }
  }
  return seen;
}

/**
 * Whether a port stands at this end of an edge. The pipeline's own ends declare their ports by the properties and
 * required names of their schema; a schema that names none leaves the ports open.
 */
export function hasPort(
  graph: PipelineGraph,
  spec: PipelineSpec,
  node: string,
  port: string,
  side: "from" | "to",
): boolean {
  if (node === PIPELINE_INPUT || node === PIPELINE_OUTPUT) {
    const ports = portsOfSchema(node === PIPELINE_INPUT ? spec.input : spec.output);
    return ports.size === 0 || ports.has(port);
  }
  const found = graph.byId.get(node)?.node;
  const list = side === "from" ? found?.outputs : found?.inputs;
  return list?.some((candidate) => candidate.port === port) ?? false;
}

/** The schema of the port at one end of an edge, or undefined where none is declared. */
export function schemaOfPort(
  graph: PipelineGraph,
  spec: PipelineSpec,
  node: string,
  port: string,
  side: "from" | "to",
): JsonObject | undefined {
  let schema: Json | undefined;
  if (node === PIPELINE_INPUT || node === PIPELINE_OUTPUT) {
    const own = node === PIPELINE_INPUT ? spec.input : spec.output;
    const properties = isObject(own) ? own["properties"] : undefined;
    schema = isObject(properties) && Object.hasOwn(properties, port) ? properties[port] : undefined;
  } else {
    const found = graph.byId.get(node)?.node;
    const list = side === "from" ? found?.outputs : found?.inputs;
    schema = list?.find((candidate) => candidate.port === port)?.schema;
  }
  return isObject(schema) ? schema : undefined;
}

/** The ports a pipeline's own input or output schema names. */
export function portsOfSchema(schema: unknown): Set<string> {
  if (!isObject(schema)) return new Set();
  const { properties } = schema;
  return new Set([...requiredOf(schema), ...(isObject(properties) ? Object.keys(properties) : [])]);
}

/** The names in a schema's `required`. */
export function requiredOf(schema: unknown): string[] {
  const required = isObject(schema) ? schema["required"] : undefined;
  return Array.isArray(required) ? required.filter((name) => typeof name === "string") : [];
}

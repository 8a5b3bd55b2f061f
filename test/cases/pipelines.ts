/** Cases about pipelines: their graph, ports, schemas, resources and retries, and the models they call. */
import type { Case } from "./case.ts";

const edge = (from: string, to: string): string => {
  const [a, ap = "x"] = from.split(".");
  const [b, bp = "x"] = to.split(".");
  return `    - { from: { node: ${a}, port: ${ap} }, to: { node: ${b}, port: ${bp} } }\n`;
};
const node = (
  id: string,
  inputs: readonly string[] = ["x"],
  outputs: readonly string[] = ["x"],
  more = "",
): string =>
  `    - id: ${id}\n      type: transform\n${list("inputs", inputs)}${list("outputs", outputs)}${more}`;
const list = (key: string, ports: readonly string[]): string =>
  ports.length === 0 ? "" : `      ${key}: [${ports.map((port) => `{ port: ${port} }`).join(", ")}]\n`;

/** One pipeline `acme/p@1.0.0` of these lines. */
const pipeline = (nodes: string, edges: string, more = "", head = "state: active\n"): Case["files"] => ({
  "registry/pipelines/acme/p/1.0.0.yaml": `${head}spec:\n  input: { type: object }\n  output: { type: object }\n  nodes:\n${nodes}  edges:\n${edges}${more}`,
});
const one = (more: string): Case["files"] =>
  pipeline(node("a"), edge("$input", "a") + edge("a", "$output"), more);
const marked = (code: string, line: string): string => line.replace(/- (.*)\n/, `- ⟦${code}|$1⟧\n`);

const upstream = (state: string): string =>
  `state: ${state}\n${state === "deprecated" ? 'sunset: "2030-01-01"\n' : ""}spec:\n  provider: provider:acme\n  upstreamId: m\n  type: classification\n`;
const calling = (ref: string, head?: string): Case["files"] =>
  pipeline(
    node("a", ["x"], ["x"], `      config: { model: ${ref} }\n`).replace("transform", "model"),
    edge("$input", "a") + edge("a", "$output"),
    "",
    head,
  );

/** Two nodes whose ports declare schemas. */
const typed = (from: string, to: string, wire: string): Case["files"] =>
  pipeline(
    `    - id: a\n      type: transform\n      inputs: [{ port: x }]\n      outputs: [{ port: x, schema: ${from} }]\n` +
      `    - id: b\n      type: transform\n      inputs: [{ port: x, schema: ${to} }]\n      outputs: [{ port: x }]\n`,
    edge("$input", "a") + wire + edge("b", "$output"),
  );
const misfit = marked("pipeline/port-schema", edge("a", "b"));

const retry = (values: string, timeout = "PT5S"): Case["files"] =>
  one(`  execution:\n    timeout: ${timeout}\n    retry: ${values}\n`);

export const pipelines: readonly Case[] = [
  { name: "a pipeline of one node", files: one("") },
  {
    name: "a pipeline that branches and joins, with two outputs",
    files: pipeline(
      node("a") + node("b") + node("c", ["x", "y"], ["x", "y"]),
      edge("$input", "a") +
        edge("a", "b") +
        edge("a", "c.x") +
        edge("b", "c.y") +
        edge("c.x", "$output.x") +
        edge("c.y", "$output.y"),
    ),
  },
  {
    name: "a node that feeds itself",
    files: pipeline(
      node("a", ["x", "y"]),
      edge("$input", "a.y") + marked("pipeline/cycle", edge("a", "a")) + edge("a", "$output"),
    ),
  },
  {
    name: "two nodes in a circle",
    files: pipeline(
      node("a", ["x", "y"]) + node("b"),
      edge("$input", "a.y") +
        edge("a", "b") +
        marked("pipeline/cycle", edge("b", "a")) +
        edge("b", "$output"),
    ),
  },
  {
    name: "three nodes in a circle, with one before it",
    files: pipeline(
      node("start") + node("a", ["x", "y"]) + node("b") + node("c"),
      edge("$input", "start") +
        edge("start", "a.y") +
        edge("a", "b") +
        edge("b", "c") +
        marked("pipeline/cycle", edge("c", "a")) +
        edge("c", "$output"),
    ),
  },
  {
    name: "a node whose results nobody uses",
    files: pipeline(
      node("a") + node("⟦pipeline/dead-node|b⟧"),
      edge("$input", "a") + edge("a", "b") + edge("a", "$output"),
    ),
  },
  {
    name: "a node called as the pipeline's own end",
    files: pipeline(node("a") + node("⟦schema/pattern|$input⟧"), edge("$input", "a") + edge("a", "$output")),
  },
  {
    name: "two nodes of one name",
    files: pipeline(
      node("a") + node("⟦pipeline/duplicate-node|a⟧"),
      edge("$input", "a") + edge("a", "$output"),
    ),
  },
  {
    name: "a port that nothing feeds, and one that two edges feed",
    files: pipeline(
      "    - id: a\n      type: transform\n      inputs: [{ port: x }, { port: ⟦pipeline/input-port|y⟧ }]\n      outputs: [{ port: x }]\n",
      edge("$input.x", "a") +
        edge("$input.z", "a").replace(
          "to: { node: a, port: x }",
          "to: ⟦pipeline/input-port|{ node: a, port: x }⟧",
        ) +
        edge("a", "$output"),
    ),
  },
  {
    name: "an output that is promised and never fed",
    files: {
      "registry/pipelines/acme/p/1.0.0.yaml":
        "state: active\nspec:\n  input: { type: object }\n  output: { type: object, required: ⟦pipeline/input-port|[x, y]⟧ }\n" +
        `  nodes:\n${node("a")}  edges:\n${edge("$input", "a")}${edge("a", "$output")}`,
    },
  },
  { name: "text for a number", files: typed("{ type: string }", "{ type: number }", misfit) },
  {
    name: "a number where whole numbers are asked",
    files: typed("{ type: number }", "{ type: integer }", misfit),
  },
  {
    name: "a whole number for a number",
    files: typed("{ type: integer }", '{ type: [number, "null"] }', edge("a", "b")),
  },
  {
    name: "a property that the target asks for and the source lacks",
    files: typed(
      "{ type: object, properties: { p: { type: string } } }",
      "{ type: object, required: [p, q] }",
      misfit,
    ),
  },
  {
    name: "a property of another type",
    files: typed(
      "{ type: object, properties: { p: { type: string } } }",
      "{ type: object, required: [p], properties: { p: { type: number } } }",
      misfit,
    ),
  },
  {
    name: "an edge that converts is not compared",
    files: typed(
      "{ type: string }",
      "{ type: number }",
      edge("a", "b").replace(" }\n", ", transform: Number(x) }\n"),
    ),
  },
  {
    name: "a target without a type takes anything",
    files: typed("{ type: string }", "{ title: Any }", edge("a", "b")),
  },

  {
    name: "resources of nothing",
    files: one(
      '  resources:\n    cpu: ⟦pipeline/quantity|0⟧\n    memory: ⟦pipeline/quantity|0Mi⟧\n    storage: ⟦pipeline/quantity|"0.0"⟧\n' +
        "    gpu: { type: a100, count: 1, memory: ⟦pipeline/quantity|0Gi⟧ }\n",
    ),
  },
  {
    name: "quantities that are none",
    files: one(
      '  resources:\n    memory: ⟦schema/pattern|512MB⟧\n    storage: ⟦schema/pattern|"-1Gi"⟧\n    cpu: ⟦schema/pattern|"1.2.3"⟧\n',
    ),
  },
  {
    name: "quantities",
    files: one(
      "  resources: { cpu: 0.5, memory: 512Mi, storage: 1e3, gpu: { type: a100, count: 1, memory: 80Gi } }\n",
    ),
  },

  {
    name: "a first delay above the longest",
    files: retry(
      "{ maxAttempts: 3, backoff: exponential, initialDelay: ⟦pipeline/retry|PT3S⟧, maxDelay: PT2S }",
    ),
  },
  {
    name: "a longest delay above the timeout",
    files: retry(
      "{ maxAttempts: 3, backoff: exponential, initialDelay: PT1S, maxDelay: ⟦pipeline/retry|PT9S⟧ }",
    ),
  },
  {
    name: "delays that fit",
    files: retry("{ maxAttempts: 3, backoff: exponential, initialDelay: PT1S, maxDelay: PT5S }"),
  },
  {
    name: "a node's own retry",
    files: pipeline(
      node(
        "a",
        ["x"],
        ["x"],
        "      config: { timeout: PT1S, retry: { maxAttempts: 2, initialDelay: ⟦pipeline/retry|PT2S⟧ } }\n",
      ),
      edge("$input", "a") + edge("a", "$output"),
    ),
  },

  {
    name: "edges from and to nodes that are not there, and backwards through the ends",
    files: pipeline(
      node("score"),
      edge("$input", "score") +
        edge("scores", "$output").replace("node: scores", "node: ⟦pipeline/unknown-node|scores⟧") +
        edge("$output", "$input")
          .replace("node: $output", "node: ⟦pipeline/unknown-node|$output⟧")
          .replace("node: $input", "node: ⟦pipeline/unknown-node|$input⟧") +
        edge("score", "$output.y"),
    ),
  },
  {
    name: "ports that their nodes do not have",
    files: pipeline(
      node("a"),
      edge("$input", "a") +
        edge("$input", "a.⟦pipeline/unknown-port|y⟧") +
        edge("a.⟦pipeline/unknown-port|y⟧", "$output.y") +
        edge("a", "$output"),
    ),
  },
  {
    name: "a port that the pipeline's input does not declare",
    files: {
      "registry/pipelines/acme/p/1.0.0.yaml":
        "state: active\nspec:\n  input: { type: object, required: [x] }\n  output: { type: object }\n" +
        `  nodes:\n${node("a", ["x", "y"])}  edges:\n${edge("$input", "a")}${edge("$input.⟦pipeline/unknown-port|y⟧", "a.y")}${edge("a", "$output")}`,
    },
  },
  {
    name: "a node that nothing reaches, fed by one that nothing reaches",
    files: pipeline(
      node("a", ["x", "y"]) + node("⟦pipeline/unreachable-node|b⟧") + node("⟦pipeline/unreachable-node|c⟧"),
      edge("$input", "a") +
        edge("b", "c") +
        marked("pipeline/cycle", edge("c", "b")) +
        edge("c", "a.y") +
        edge("a", "$output"),
    ),
  },
  { name: "a node without inputs is a source", files: pipeline(node("a", []), edge("a", "$output")) },

  { name: "a model that does not exist", files: calling("⟦ref/missing|model:acme/m@1.0.0⟧") },
  {
    name: "a retired model in a pipeline that runs",
    files: {
      ...calling("⟦ref/retired|model:acme/m@1.0.0⟧"),
      "registry/models/acme/m/1.0.0.yaml": upstream("retired"),
    },
  },
  {
    name: "a retired model in a paused pipeline",
    files: {
      ...calling("⟦ref/retired|model:acme/m@1.0.0⟧", "state: paused\n"),
      "registry/models/acme/m/1.0.0.yaml": upstream("retired"),
    },
  },
  {
    name: "a retired model in a deprecated pipeline, which still runs",
    files: {
      ...calling("⟦ref/retired|model:acme/m@1.0.0⟧", "state: deprecated\n"),
      "registry/models/acme/m/1.0.0.yaml": upstream("retired"),
    },
  },
  {
    name: "a retired model in an archived pipeline",
    files: {
      ...calling("model:acme/m@1.0.0", "state: archived\n"),
      "registry/models/acme/m/1.0.0.yaml": upstream("retired"),
    },
  },
];

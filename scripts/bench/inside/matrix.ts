/**
 * The matrix of 1,000 pipelines and 5,000 model versions, beside one pass over the references: each that an entry holds is
 * found and resolved, as lint does, and for each of a model all versions of that model are looked at, which is every cell
 * once. Nothing is compared and no range is read.
 */
import type { Entry } from "../../../src/core/model/registry.ts";
import { countsOfMatrix, matrixOf } from "../../../src/core/lineage/matrix.ts";
import { registryOf } from "../../../src/core/source/registry-of.ts";
import { identityOfPath } from "../../../src/core/source/reference.ts";
import { treeOf } from "../../../src/core/model/tree.ts";
import { stateOf } from "../../../src/core/validate/states.ts";
import { visitReferences } from "../../../src/core/validate/references.ts";
import { answer, inTurns } from "./turns.ts";

const [, , , rounds = "5"] = process.argv;
const smoke = Number(rounds) < 5;
const PIPELINES = smoke ? 100 : 1_000;
const NAMES = smoke ? 50 : 500;
const VERSIONS = 10;
const NODES = 8;

/** Numbers from a fixed seed (xorshift), so that every run makes the same registry. */
let state = 0x9e3779b9;
function below(limit: number): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % limit;
}

const entries: Entry[] = [];
/** Each value is its own, and its texts are flat, as when its file had been read. */
function add(path: string, made: object): void {
  const value: unknown = JSON.parse(JSON.stringify(made));
  const identity = identityOfPath(path);
  if (identity === undefined) throw new Error(`${path} is no entry's path`);
  entries.push({ ...identity, value } as Entry);
}

for (let name = 0; name < NAMES; name++)
  for (let version = 0; version < VERSIONS; version++)
    add(`registry/models/acme/m${name}/1.${version}.0.yaml`, {
      title: `Model ${name}`,
      owner: "role:ml",
      state: version === 0 ? "deprecated" : "production",
      spec: {
        provider: "provider:acme",
        upstreamId: `m${name}`,
        type: "completion",
        changelog: `Version ${version}.`,
      },
      facts: {
        capabilities: {
          contextLength: 8_000 * (1 + (version >> 2)),
          maxOutputTokens: 4_000,
          modalities: { input: version > 6 ? ["text", "image"] : ["text"], output: ["text"] },
          functions: true,
          structuredOutput: version !== 5,
          streaming: true,
        },
        releaseDate: `2026-01-${10 + version}`,
        license: "Apache-2.0",
        role: "general",
      },
      serving: {
        endpoints: [{ type: "rest", url: "https://models.example/v1" }],
        pricing: { currency: "USD", inputPerMillionTokens: `${1 + below(9)}.50` },
      },
    });

for (let name = 0; name < PIPELINES; name++) {
  const nodes = Array.from({ length: NODES }, (_, node) => ({
    id: `n${node}`,
    type: "model",
    config: { model: `model:acme/m${below(NAMES)}@1.${below(VERSIONS)}.0` },
    inputs: [{ port: "in" }],
    outputs: [{ port: "out" }],
  }));
  const dependencies = [{ ref: `model:acme/m${below(NAMES)}`, version: `>=1.${below(VERSIONS)}.0 <2.0.0` }];
  add(`registry/pipelines/acme/p${name}/1.0.0.yaml`, {
    state: "active",
    spec: { nodes, edges: [], dependencies },
  });
}

const registry = registryOf(treeOf([]), entries, new Set());

/** The references as they stand in the entries, each with what it means and all that it could mean. */
function pass(): number {
  let seen = 0;
  for (const entry of registry.entries)
    visitReferences(entry, ({ ref, range }) => {
      if (range === null && registry.get(ref) !== undefined) seen++;
      const at = ref.lastIndexOf("@");
      if (entry.kind !== "Pipeline" || !ref.startsWith("model:")) {
        seen += ref.length;
        return;
      }
      for (const version of registry.versions("Model", ref.slice(6, at < 0 ? undefined : at)))
        seen += stateOf(version) === null ? 0 : 1;
    });
  return seen;
}

const times = inTurns(
  [
    { name: "pass", run: pass },
    { name: "matrix", run: () => countsOfMatrix(matrixOf(registry)).compatible },
  ],
  Number(rounds),
);
const cells = matrixOf(registry).reduce(
  (sum, { uses }) => sum + uses.reduce((all, use) => all + use.models.length, 0),
  0,
);
answer({ ...times, pipelines: PIPELINES, models: NAMES * VERSIONS, cells });

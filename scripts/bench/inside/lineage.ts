/**
 * The graph alone: a million nodes and three million edges, built in both directions, searched for circles, and asked
 * who is hit. All of it is compared with one pass over the edges.
 */
import { partsOf } from "../../../src/core/lineage/circles.ts";
import { graphOf, walker } from "../../../src/core/lineage/graph.ts";
import { answer, inTurns } from "./turns.ts";

const [, , , rounds = "5"] = process.argv;
const smoke = Number(rounds) < 5;
const NODES = smoke ? 50_000 : 1_000_000;
const EDGES = NODES * 3;
const ASKED = smoke ? 20 : 100;

/** Numbers from a fixed seed (xorshift), so that every run builds the same graph. */
let state = 0x9e3779b9;
function below(limit: number): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % limit;
}

// A registry's shape: ten kinds, each a stretch of the numbers; three references an entry, to entries of other kinds
// that are not much older, one in twenty to any older one. Nearly everything made later is hit by what was made before.
const KINDS = 10;
const STRETCH = NODES / KINDS;
const numbered = (age: number): number => (age % KINDS) * STRETCH + Math.floor(age / KINDS);
const from = new Uint32Array(EDGES);
const to = new Uint32Array(EDGES);
// Entries come in the order of their references, which is the order of the numbers.
for (let i = 0; i < EDGES; i++) {
  const node = Math.floor(i / 3);
  const age = (node % STRETCH) * KINDS + Math.floor(node / STRETCH);
  const older = age === 0 ? 0 : below(20) === 0 ? below(age) : age - 1 - below(Math.min(age, NODES / 20));
  from[i] = node;
  to[i] = numbered(older);
}
// The oldest one comes from nothing but itself; it gives its edges to the newest.
from.fill(1, 0, 3);

/** The edges as they lie in the lists, each end of each looked up: the least that reading them costs. */
function asListed(): number {
  const named = new Uint32Array(NODES);
  const names = new Uint32Array(NODES);
  for (let i = 0; i < EDGES; i++) {
    names[from[i]!]!++;
    named[to[i]!]!++;
  }
  return named[0]! + names[1]!;
}

const graph = graphOf(NODES, from, to);
const walk = walker(NODES);
const asked = Array.from({ length: ASKED }, () => below(NODES));

/** The edges as they hang together: each once, from the oldest entry on, counted off at its other end. */
function pass(): number {
  const { up, down } = graph;
  const open = new Uint32Array(NODES);
  const order = new Uint32Array(NODES);
  let count = 0;
  for (let node = 0; node < NODES; node++)
    if ((open[node] = up.start[node + 1]! - up.start[node]!) === 0) order[count++] = node;
  for (let at = 0; at < count; at++) {
    const node = order[at]!;
    for (let slot = down.start[node]!; slot < down.start[node + 1]!; slot++)
      if (--open[down.ends[slot]!]! === 0) order[count++] = down.ends[slot]!;
  }
  return count;
}

const times = inTurns(
  [
    { name: "asListed", run: asListed },
    { name: "pass", run: pass },
    { name: "build", run: () => graphOf(NODES, from, to).down.start[1] },
    { name: "circles", run: () => partsOf(graph).length },
  ],
  Number(rounds),
);

function milliseconds(run: () => unknown): number {
  const begin = performance.now();
  if (run() === undefined) throw new Error("unreachable: every walk meets its beginning");
  return performance.now() - begin;
}
const sorted = (values: number[]) => values.toSorted((a, b) => a - b);
const middle = (values: number[]) => sorted(values)[values.length >> 1]!;
/**
 * Of each question the median of some turns, of all questions the one that 95 of 100 are below; with the pass timed
 * between them, so that a noisy moment of the machine falls on both.
 */
const walks = (limits?: { readonly most: number }) => {
  const passes: number[] = [];
  const turns = Array.from({ length: 6 }, () =>
    asked.map((node, at) => {
      if (at % 20 === 0) passes.push(milliseconds(pass));
      return milliseconds(() => walk(graph.down, [node], limits).count);
    }),
  ).slice(1);
  const medians = sorted(asked.map((_, at) => middle(turns.map((turn) => turn[at]!))));
  return { ms: medians[Math.floor(ASKED * 0.95)]!, pass: middle(passes.slice(passes.length / 6)) };
};
answer({ nodes: NODES, edges: EDGES, ...times, impact: walks(), first: walks({ most: 1000 }) });

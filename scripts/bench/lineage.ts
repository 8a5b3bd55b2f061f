/**
 * Lineage at a million entries: building the graph, finding circles, asking who is hit. "One pass" goes over the edges
 * as they hang together, from the oldest entry on, and counts each off at its other end, once.
 */
import type { Scene } from "./corpus.ts";
import { measureInside } from "./inside.ts";
import { figure, type Row } from "./table.ts";

/** A question, and the pass timed beside it. */
interface Asked {
  readonly ms: number;
  readonly pass: number;
}

type Measured = Record<"nodes" | "edges" | "asListed" | "pass" | "build" | "circles", number> &
  Record<"impact" | "first", Asked>;

/** The promises about the graph. */
export function lineage(scene: Scene): readonly Row[] {
  const found = measureInside<Measured>(scene, "lineage", "-");
  const { pass, asListed, build, circles, impact, first } = found;
  const size = `${found.nodes.toLocaleString("en")} entries, ${found.edges.toLocaleString("en")} references`;
  const ms = (value: number) => `${figure(value)} ms`;
  return [
    {
      what: `lineage of ${size}: graph built, circles looked for`,
      measured: ms(build + circles),
      against: `${ms(pass)} (one pass)`,
      ratio: (build + circles) / pass,
      bar: { atMost: 3 },
    },
    {
      what: "the same, against a pass over the list alone, in the order it lies in",
      measured: ms(build + circles),
      against: `${ms(asListed)} (the list)`,
      ratio: (build + circles) / asListed,
    },
    {
      what: "everybody who is hit, 95 of 100 questions",
      measured: ms(impact.ms),
      against: `${ms(impact.pass)} (one pass)`,
      ratio: impact.ms / impact.pass,
      bar: { atMost: 1 },
    },
    {
      what: "the first 1,000 who are hit, 95 of 100 questions",
      measured: ms(first.ms),
      against: `${ms(first.pass)} (one pass)`,
      ratio: first.ms / first.pass,
      bar: { atMost: 0.01 },
    },
  ];
}

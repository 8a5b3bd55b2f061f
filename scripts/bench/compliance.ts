/** What judging costs beyond the expressions themselves. */
import type { Scene } from "./corpus.ts";
import { measureInside } from "./inside.ts";
import { figure, type Row } from "./table.ts";

/** The promise about compliance. */
export function compliance(scene: Scene): readonly Row[] {
  const found = measureInside<Record<"bare" | "judged" | "entries" | "violated", number>>(
    scene,
    "compliance",
    "-",
  );
  const ms = (value: number) => `${figure(value)} ms`;
  return [
    {
      what: `compliance of ${found.entries.toLocaleString("en")} entries with 20 policies, ${found.violated.toLocaleString("en")} violations`,
      measured: ms(found.judged),
      against: `${ms(found.bare)} (the expressions alone)`,
      ratio: found.judged / found.bare,
      bar: { atMost: 1.5 },
    },
  ];
}

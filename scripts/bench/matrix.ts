/** Which model versions pipelines can run with: the whole matrix, beside one pass over the references it is made of. */
import type { Scene } from "./corpus.ts";
import { measureInside } from "./inside.ts";
import { figure, type Row } from "./table.ts";

/** The promise about the matrix. */
export function matrix(scene: Scene): readonly Row[] {
  const found = measureInside<Record<"pipelines" | "models" | "cells" | "pass" | "matrix", number>>(
    scene,
    "matrix",
    "-",
  );
  const { pipelines, models, cells } = found;
  const size = `${pipelines.toLocaleString("en")} pipelines, ${models.toLocaleString("en")} model versions`;
  return [
    {
      what: `matrix of ${size}: ${cells.toLocaleString("en")} cells with their reasons`,
      measured: `${figure(found.matrix)} ms`,
      against: `${figure(found.pass)} ms (one pass over the references)`,
      ratio: found.matrix / found.pass,
      bar: { atMost: 2 },
    },
  ];
}

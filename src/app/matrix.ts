/** `assent compat --matrix`: which versions of models the pipelines of a registry can run with. */
import { countsOfMatrix, matrixOf, type MatrixRow, type MatrixVerdict } from "../core/lineage/matrix.ts";
import type { Entry } from "../core/model/registry.ts";
import { findEntry, findName } from "./entry.ts";
import type { Ports } from "./ports.ts";
import { openRegistry, type Selection } from "./read.ts";

export interface MatrixRequest extends Selection {
  /** Only these pipelines, exact versions; all when empty. */
  readonly pipelines: readonly string[];
  /** Only this model, without its version. */
  readonly model: string | undefined;
}

export interface Matrix {
  readonly rows: readonly MatrixRow[];
  readonly counts: Readonly<Record<MatrixVerdict, number>>;
}

/** The matrix of what was asked for; pipelines that name no such model have no row. */
export async function matrix(request: MatrixRequest, ports: Ports): Promise<Matrix> {
  const { registry } = await openRegistry(request, ports);
  const asked = request.pipelines.map((word) => findEntry(registry, word, "Pipeline") as Entry<"Pipeline">);
  const model =
    request.model === undefined ? undefined : `model:${findName(registry, request.model, ["Model"]).name}`;
  const rows = matrixOf(registry, asked.length === 0 ? registry.ofKind("Pipeline") : asked)
    .map((row) => ({
      ...row,
      uses: row.uses.filter(({ ref }) => model === undefined || ref === model || ref.startsWith(`${model}@`)),
    }))
    .filter(({ uses }) => uses.length > 0);
  return { rows, counts: countsOfMatrix(rows) };
}

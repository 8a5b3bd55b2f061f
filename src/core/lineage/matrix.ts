/**
 * Which versions of a model each pipeline can run with: for every model that a pipeline names, by exact version or by
 * range, every version of it, with the reason. A version of a model that a pipeline does not name has no cell: nothing
 * says how it would take part. Equal uses share their cells, so that a matrix costs what its references cost.
 */
import type { Entry, Registry } from "../model/registry.ts";
import { isWithin } from "../model/version.ts";
import { compareLine } from "../resolve/compat-line.ts";
import { isAtItsEnd, stateOf } from "../validate/states.ts";
import { visitReferences } from "../validate/references.ts";

export type MatrixVerdict = "compatible" | "breaking" | "unknown";

/** One version of a model, seen from one use. */
export interface MatrixCell {
  readonly model: string;
  readonly state: string | null;
  readonly verdict: MatrixVerdict;
  readonly because: string;
}

/** A model that a pipeline names. The same value for all pipelines that name it so. */
export type MatrixUse = UseOfVersion | UseOfRange;

interface Use {
  /** Its number among the uses of its matrix. */
  readonly id: number;
  /** The exact version, or for a range the model without one. */
  readonly ref: string;
  /** Every version of the model, lowest first, and whether it is at its end: then nobody can use it, whatever it can do. */
  readonly models: readonly Entry<"Model">[];
  readonly isOver: readonly boolean[];
}

interface UseOfVersion extends Use {
  readonly range: null;
  /** The place of the version that is named; -1 where it is not there. */
  readonly used: number;
  /** The worst difference that matters between two versions, by their places. */
  readonly compare: ReturnType<typeof compareLine>;
}

interface UseOfRange extends Use {
  readonly range: string;
  readonly required: boolean;
  readonly fits: readonly boolean[];
}

export interface MatrixRow {
  readonly pipeline: string;
  readonly state: string | null;
  /** In the order in which the pipeline names them, each once. */
  readonly uses: readonly MatrixUse[];
}

/** A model with all its versions. */
interface Line extends Pick<Use, "models" | "isOver"> {
  readonly compare: ReturnType<typeof compareLine>;
}

/** The matrix of these pipelines, in their order. */
export function matrixOf(
  registry: Registry,
  pipelines: readonly Entry<"Pipeline">[] = registry.ofKind("Pipeline"),
): readonly MatrixRow[] {
  const lines = new Map<string, Line>();
  const uses = new Map<string, MatrixUse>();
  const within = rangesAsked();
  const useOf = (key: string, ref: string, range: string | null, required: boolean): MatrixUse => {
    const at = ref.lastIndexOf("@");
    const name = ref.slice("model:".length, at < 0 ? undefined : at);
    let line = lines.get(name);
    if (line === undefined) lines.set(name, (line = lineOf(registry.versions("Model", name))));
    const use =
      range === null
        ? useOfVersion(uses.size, ref, line)
        : useOfRange(uses.size, ref, range, required, line, within(range));
    uses.set(key, use);
    return use;
  };
  return pipelines.map((pipeline): MatrixRow => {
    const named: MatrixUse[] = [];
    visitReferences(pipeline, ({ ref, range, required }) => {
      if (!ref.startsWith("model:")) return;
      const key = range === null ? ref : `${ref} ${String(required)} ${range}`;
      const use = uses.get(key) ?? useOf(key, ref, range, required);
      if (!named.includes(use)) named.push(use);
    });
    return { pipeline: pipeline.ref, state: stateOf(pipeline), uses: named };
  });
}

/** The cells of a use, one by one. */
export function cellsOf(use: MatrixUse): readonly MatrixCell[] {
  return use.models.map((model, at) => ({
    model: model.ref,
    state: stateOf(model),
    verdict: verdictAt(use, at),
    because: reasonAt(use, at),
  }));
}

function verdictAt(use: MatrixUse, at: number): MatrixVerdict {
  if (use.isOver[at] === true) return "breaking";
  if (use.range !== null) return use.fits[at] === true ? "compatible" : use.required ? "breaking" : "unknown";
  return use.used < 0 ? "unknown" : (use.compare(use.used, at)?.impact ?? "compatible");
}

function reasonAt(use: MatrixUse, at: number): string {
  if (use.isOver[at] === true) return "It is retired.";
  if (use.range !== null) {
    if (use.fits[at] === true) return `It is within ${use.range}.`;
    return `It is outside of ${use.range}${use.required ? "" : ", and the pipeline can do without"}.`;
  }
  if (use.used < 0) return `The pipeline names ${use.ref}, which is not there.`;
  if (at === use.used) return "It is the version that the pipeline names.";
  return use.compare(use.used, at)?.why ?? "Nothing that was promised is taken away.";
}

function lineOf(models: readonly Entry<"Model">[]): Line {
  return {
    models,
    isOver: models.map(isAtItsEnd),
    compare: compareLine(
      "Model",
      models.map(({ value }) => value),
    ),
  };
}

function useOfVersion(id: number, ref: string, { models, isOver, compare }: Line): UseOfVersion {
  const version = ref.slice(ref.lastIndexOf("@") + 1);
  const used = models.findIndex((model) => model.version === version);
  return { id, ref, range: null, models, isOver, used, compare };
}

function useOfRange(
  id: number,
  ref: string,
  range: string,
  required: boolean,
  { models, isOver }: Line,
  isIn: (version: string) => boolean,
): UseOfRange {
  return { id, ref, range, required, models, isOver, fits: models.map(({ version }) => isIn(version ?? "")) };
}

/** Whether a version is in a range; the same texts occur again and again, and each pair is asked once. */
function rangesAsked(): (range: string) => (version: string) => boolean {
  const asked = new Map<string, Map<string, boolean>>();
  return (range) => {
    let known = asked.get(range);
    if (known === undefined) asked.set(range, (known = new Map()));
    const answers = known;
    return (version) => {
      let answer = answers.get(version);
      if (answer === undefined) answers.set(version, (answer = isWithin(version, range)));
      return answer;
    };
  };
}

/** How many cells of each verdict rows of one matrix have. Those of equal uses are counted once. */
export function countsOfMatrix(rows: readonly MatrixRow[]): Readonly<Record<MatrixVerdict, number>> {
  const all: MatrixUse[] = [];
  const times: number[] = [];
  for (const { uses } of rows)
    for (const use of uses) {
      const { id } = use;
      times[id] = (times[id] ?? 0) + 1;
      all[id] = use;
    }
  const counts = { compatible: 0, breaking: 0, unknown: 0 };
  for (const use of Object.values(all)) {
    const count = times[use.id] ?? 0;
    let [compatible, breaking] = [0, 0];
    const cells = use.models.length;
    for (let at = 0; at < cells; at++) {
      const verdict = verdictAt(use, at);
      if (verdict === "compatible") compatible++;
      else if (verdict === "breaking") breaking++;
    }
    counts.compatible += compatible * count;
    counts.breaking += breaking * count;
    counts.unknown += (cells - compatible - breaking) * count;
  }
  return counts;
}

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
export interface MatrixUse {
  /** The exact version, or for a range the model without one. */
  readonly ref: string;
  readonly range: string | null;
  /** Every version of the model, lowest first; for each of them the verdict and the reason. */
  readonly models: readonly Entry<"Model">[];
  readonly verdicts: readonly MatrixVerdict[];
  readonly reasons: readonly string[];
}

export interface MatrixRow {
  readonly pipeline: string;
  readonly state: string | null;
  /** In the order in which the pipeline names them, each once. */
  readonly uses: readonly MatrixUse[];
}

/** A model with all its versions. */
interface Line {
  readonly models: readonly Entry<"Model">[];
  /** What is at its end cannot be used by anybody, whatever it can do. */
  readonly isOver: readonly boolean[];
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
        ? useOfVersion(ref, registry.get(ref), line)
        : useOfRange(ref, range, required, line, within(range));
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
export function cellsOf({ models, verdicts, reasons }: MatrixUse): readonly MatrixCell[] {
  return models.map((model, at) => ({
    model: model.ref,
    state: stateOf(model),
    verdict: verdicts[at]!,
    because: reasons[at]!,
  }));
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

const retired = "It is retired.";
const itself = "It is the version that the pipeline names.";
const kept = "Nothing that was promised is taken away.";

function useOfVersion(ref: string, entry: Entry | undefined, { models, isOver, compare }: Line): MatrixUse {
  const used = models.indexOf(entry as Entry<"Model">);
  if (used < 0) {
    const missing = `The pipeline names ${ref}, which is not there.`;
    return {
      ref,
      range: null,
      models,
      verdicts: isOver.map((over) => (over ? "breaking" : "unknown")),
      reasons: isOver.map((over) => (over ? retired : missing)),
    };
  }
  const verdicts: MatrixVerdict[] = [];
  const reasons: string[] = [];
  const changes = compare(used);
  for (let at = 0; at < changes.length; at++) {
    const change = changes[at];
    const isRetired = isOver[at] === true;
    verdicts.push(isRetired ? "breaking" : (change?.impact ?? "compatible"));
    reasons.push(isRetired ? retired : at === used ? itself : (change?.why ?? kept));
  }
  return { ref, range: null, models, verdicts, reasons };
}

function useOfRange(
  ref: string,
  range: string,
  required: boolean,
  { models, isOver }: Line,
  isWithin: (version: string) => boolean,
): MatrixUse {
  const inside = `It is within ${range}.`;
  const outside = `It is outside of ${range}${required ? "" : ", and the pipeline can do without"}.`;
  const fits = models.map(({ version }) => isWithin(version ?? ""));
  const other = required ? "breaking" : "unknown";
  return {
    ref,
    range,
    models,
    verdicts: fits.map((fit, at) => (isOver[at] === true ? "breaking" : fit ? "compatible" : other)),
    reasons: fits.map((fit, at) => (isOver[at] === true ? retired : fit ? inside : outside)),
  };
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

/** How many cells of each verdict a matrix has. */
export function countsOfMatrix(rows: readonly MatrixRow[]): Readonly<Record<MatrixVerdict, number>> {
  const counts = { compatible: 0, breaking: 0, unknown: 0 };
  for (const { uses } of rows)
    for (const { verdicts } of uses) for (const verdict of verdicts) counts[verdict]++;
  return counts;
}

/**
 * What a person says about a run beside its file, put into the run as if the file had said it. Where both say something,
 * they must say the same. And a run cut to the bounds of an entry: what is left out is told, never lost silently.
 */
import { isObject, type Json, type JsonObject } from "../model/json.ts";
import { boundsFault } from "../import/bounds.ts";
import { requestDisagrees, requestShape } from "./codes.ts";
import { sameJson, type Fault } from "./request.ts";

/** Output of a run that is kept elsewhere. */
export interface RunArtifact {
  readonly name: string;
  readonly uri: string;
  readonly digest: string;
  readonly size: number;
}

export interface RunFacts {
  /** Keys of the run: suite, target, executedAt, issuer, status. */
  readonly stated: Readonly<Record<string, string | undefined>>;
  /** As typed: `<name>=<number>`. */
  readonly metrics: readonly string[];
  readonly artifacts: readonly RunArtifact[];
}

/** The run with everything that was said about it. */
export function withRunFacts(run: JsonObject, facts: RunFacts, fault: Fault): JsonObject {
  const whole: Record<string, Json | undefined> = { ...run };
  for (const [key, value] of Object.entries(facts.stated)) {
    if (value === undefined) continue;
    const said = run[key];
    if (said !== undefined && !sameJson(said, value))
      fault(
        requestDisagrees,
        `${key} is given as ${JSON.stringify(value)}, but the file says ${JSON.stringify(said)}.`,
        [key],
      );
    whole[key] = value;
  }
  const metrics = metricsIn(facts.metrics, fault);
  if (metrics.size > 0) {
    const own = isObject(run["metrics"]) ? run["metrics"] : {};
    for (const [name, value] of metrics)
      if (own[name] !== undefined && own[name] !== value)
        fault(
          requestDisagrees,
          `The metric ${name} is given as ${value}, but the file says ${JSON.stringify(own[name])}.`,
          ["metrics", name],
        );
    whole["metrics"] = { ...own, ...Object.fromEntries(metrics) };
  }
  if (facts.artifacts.length > 0) {
    const own = Array.isArray(run["artifacts"]) ? run["artifacts"] : [];
    whole["artifacts"] = [...own, ...facts.artifacts.map((each) => ({ ...each }))];
  }
  return whole;
}

function metricsIn(typed: readonly string[], fault: Fault): ReadonlyMap<string, number> {
  const metrics = new Map<string, number>();
  for (const each of typed) {
    const [, name = "", text = ""] = /^([^=]+)=(.+)$/.exec(each) ?? [];
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (!Number.isFinite(value))
      fault(requestShape, `--metric ${each} is no name and number.`, [], "Write --metric auc=0.93.");
    else metrics.set(name, value);
  }
  return metrics;
}

/**
 * The run as far as an entry can hold it: without the durations of its cases where they are too many, else without the
 * cases, of which the summary stays. `note` says what was left out.
 */
export function fittedRun(run: JsonObject): { readonly run: JsonObject; readonly note: string | null } {
  const { cases } = run;
  if (!Array.isArray(cases) || fits(run)) return { run, note: null };
  const brief = cases.map((one: Json) => {
    if (!isObject(one)) return one;
    const { duration: _, ...rest } = one;
    return rest;
  });
  if (fits({ ...run, cases: brief }))
    return { run: { ...run, cases: brief }, note: "The durations of its cases were left out." };
  const { cases: _, ...bare } = run;
  const note = `Its ${cases.length} cases are more than an entry holds, and only their summary stands here.`;
  return { run: { ...bare, summary: summaryOf(cases), status: run["status"] ?? statusOf(cases) }, note };
}

/** Room is left for what is computed and for an attestation. */
function fits(run: JsonObject): boolean {
  const { cases = [] } = run;
  return (
    boundsFault({ run, room: Array.from({ length: 120 }, () => 0) }) === undefined &&
    (cases as readonly Json[]).length <= 2_000 &&
    JSON.stringify(run).length <= 150_000
  );
}

const statusesOf = (cases: readonly Json[]): readonly unknown[] =>
  cases.map((one) => (isObject(one) ? one["status"] : undefined));

/** Cases, counted. */
export function summaryOf(cases: readonly Json[]): JsonObject {
  const statuses = statusesOf(cases);
  const count = (status: string): number => statuses.filter((each) => each === status).length;
  return {
    total: statuses.length,
    passed: count("passed"),
    failed: count("failed"),
    errors: count("error"),
    skipped: count("skipped"),
  };
}

/** The worst of the cases; a run of skipped cases only was skipped. */
export function statusOf(cases: readonly Json[]): string {
  const statuses = statusesOf(cases);
  const worst = ["error", "failed"].find((status) => statuses.includes(status));
  return (
    worst ?? (statuses.length > 0 && statuses.every((each) => each === "skipped") ? "skipped" : "passed")
  );
}

/**
 * One run of a test suite, as its runner reports it -> an Evaluation (DESIGN 2 and 3). What follows from the rest is
 * computed: the target's digest, the run's name, the summary, and the status where cases are given. It must never
 * invent a number that nobody measured.
 */
import type { Digest } from "../model/digest.ts";
import { parseInstant, type Instant } from "../model/instant.ts";
import { isObject, type JsonObject } from "../model/json.ts";
import { isOperator, meets } from "../model/bar.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { identityOf, parseRef } from "../source/reference.ts";
import { schemaOf } from "../validate/schema-tree.ts";
import { missedBenchmark, type MissedBenchmark } from "../validate/benchmarks.ts";
import { isSameScore, scored, scoringOf } from "../validate/scoring.ts";
import { requestDisagrees, requestShape } from "./codes.ts";
import { present, withKeys, type Fault, type PlannedEntry, type RequestReader } from "./request.ts";
import { statusOf, summaryOf } from "./run-facts.ts";

/** What was evaluated: an exact version and the digest of its content. */
export interface RunTarget {
  readonly ref: string;
  readonly ns: string;
  readonly name: string;
  readonly version: string;
  readonly digest: Digest;
}

/** `yyyymmddthhmmssz`: the instant in a run's name (DESIGN 2). */
export function stampOf(instant: Instant): string {
  return `${instant.slice(0, 19).replaceAll(/[-:]/g, "").toLowerCase()}z`;
}

/**
 * Plans the Evaluation of a reported run; undefined when faults were found that leave it without a name. What the suite
 * says about scores, classes and benchmarks is read from the registry.
 */
export function planRun(
  given: RequestReader,
  target: RunTarget,
  fault: Fault,
  registry: Registry,
): PlannedEntry | undefined {
  const keys = ["run", ...Object.keys(schemaOf("Evaluation").properties ?? {})];
  const run = withKeys(given, keys, fault);
  for (const key of ["suite", "executedAt"])
    run.need(key, key === "suite" ? '"suite:fraud/regression@1.0.0"' : '"2026-07-01T09:00:00Z"');
  const suite = parseRef(run.text("suite") ?? "");
  const executedAt = parseInstant(run.text("executedAt") ?? "");
  if (run.text("suite") !== undefined && suite?.kind !== "TestSuite")
    run.fault(requestShape, "suite should be an exact suite, such as suite:fraud/regression@1.0.0.", "suite");
  if (run.text("executedAt") !== undefined && executedAt === undefined)
    run.fault(
      requestShape,
      "executedAt should be an instant in UTC, such as 2026-07-01T09:00:00Z.",
      "executedAt",
    );
  if (suite?.kind !== "TestSuite" || executedAt === undefined) return undefined;
  const name = `${target.version}-${suite.name}-${stampOf(executedAt)}`;
  const identity = identityOf("Evaluation", `${target.ns}/${target.name}/${name}`);
  if (identity === undefined) {
    run.fault(
      requestShape,
      `The run would be called ${name}, which is no legal name: it is longer than 100 characters.`,
      "suite",
    );
    return undefined;
  }
  run.agree("run", name);
  run.agree("target", target.ref);
  run.agree("targetDigest", target.digest);
  const cases = run.objects("cases").map(({ value }) => value);
  const hasCases = run.value["cases"] !== undefined;
  const summary = hasCases ? summaryOf(cases) : run.value["summary"];
  if (hasCases) run.agree("summary", summaryOf(cases));
  const status =
    run.value["status"] ??
    (hasCases ? statusByAll(run, cases, registry, suite.ref) : statusByBenchmarks(run, registry, suite.ref));
  if (status === undefined) run.need("status", '"passed"');
  const missed = run.value["status"] === "passed" ? missedBy(run, registry, suite.ref) : undefined;
  if (missed !== undefined)
    run.fault(
      requestDisagrees,
      `status is stated as "passed", but ${missed.words}.`,
      "status",
      `A run that misses a benchmark of its suite has failed: state "failed", or leave the key out.`,
    );
  const { run: _, ...stated } = run.value;
  const value = present({
    ...stated,
    target: target.ref,
    targetDigest: target.digest,
    status: status ?? "error",
    summary,
    ...scoresOf(run, cases, registry, suite.ref),
  });
  return { kind: "Evaluation", ref: identity.ref, path: identity.path, value };
}

/** By the cases; but a run whose cases all passed has failed where it missed a benchmark of its suite. */
function statusByAll(
  run: RequestReader,
  cases: readonly JsonObject[],
  registry: Registry,
  suite: string,
): string {
  const status = statusOf(cases);
  return status === "passed" && missedBy(run, registry, suite) !== undefined ? "failed" : status;
}

function missedBy({ value }: RequestReader, registry: Registry, suite: string): MissedBenchmark | undefined {
  return isObject(value["metrics"]) ? missedBenchmark(registry, suite, value["metrics"]) : undefined;
}

/** Whether every benchmark of the suite is met; undefined where it has none, or one was not measured. */
function statusByBenchmarks({ value }: RequestReader, registry: Registry, ref: string): string | undefined {
  const suite = registry.get(ref);
  const benchmarks =
    suite?.kind === "TestSuite" ? (suite as Entry<"TestSuite">).value.spec.benchmarks : undefined;
  const metrics = isObject(value["metrics"]) ? value["metrics"] : {};
  const verdicts = (benchmarks ?? []).map(({ metric, operator, threshold }) => {
    const measured = metrics[metric];
    if (typeof measured !== "number" || !isOperator(operator)) return undefined;
    return meets(measured, { metric, operator, threshold });
  });
  if (verdicts.length === 0 || verdicts.includes(undefined)) return undefined;
  return verdicts.every(Boolean) ? "passed" : "failed";
}

/** Score and class by the suite's scoring; what is stated must agree. */
function scoresOf(
  run: RequestReader,
  cases: readonly JsonObject[],
  registry: Registry,
  suite: string,
): JsonObject {
  const scoring = scoringOf(registry, suite);
  const { metrics } = run.value;
  if (scoring === undefined || !isObject(metrics)) return {};
  // The schema is asked later; points that are no numbers are missing here.
  const numbers = Object.entries(metrics).flatMap(([name, each]) =>
    typeof each === "number" ? [[name, each] as const] : [],
  );
  const told = cases.map(({ id, status }) => ({ id: String(id), status: String(status) }));
  const found = scored(scoring, { metrics: Object.fromEntries(numbers), cases: told });
  for (const { reason } of found.faults)
    run.fault(requestShape, reason, "metrics", "Record the points of each check as the metric of its case.");
  if (found.score === null) return {};
  const { score } = found;
  const stated = metrics[scoring.metric];
  if (stated !== undefined && !(typeof stated === "number" && isSameScore(stated, score)))
    run.fault(
      requestDisagrees,
      `The score ${scoring.metric} is stated as ${JSON.stringify(stated)}, but the points come to ${score}.`,
      "metrics",
    );
  if (found.class !== null) run.agree("class", found.class);
  return {
    metrics: { ...metrics, [scoring.metric]: score },
    ...(found.class !== null && { class: found.class }),
  };
}

/**
 * One run of a test suite, as its runner reports it -> an Evaluation (DESIGN 2 and 3). What follows from the rest is
 * computed: the target's digest, the run's name, the summary, and the status where cases are given. It must never
 * invent a number that nobody measured.
 */
import type { Digest } from "../model/digest.ts";
import { parseInstant, type Instant } from "../model/instant.ts";
import type { JsonObject } from "../model/json.ts";
import { identityOf, parseRef } from "../source/reference.ts";
import { schemaOf } from "../validate/schema-tree.ts";
import { requestShape } from "./codes.ts";
import { present, withKeys, type Fault, type PlannedEntry, type RequestReader } from "./request.ts";

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

/** Plans the Evaluation of a reported run; undefined when faults were found that leave it without a name. */
export function planRun(given: RequestReader, target: RunTarget, fault: Fault): PlannedEntry | undefined {
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
  const statuses = run.objects("cases").map(({ value }) => value["status"]);
  const hasCases = run.value["cases"] !== undefined;
  const summary = hasCases ? summaryOf(statuses) : run.value["summary"];
  if (hasCases) run.agree("summary", summaryOf(statuses));
  if (run.value["status"] === undefined && !hasCases) run.need("status", '"passed"');
  const { run: _, ...stated } = run.value;
  const value = present({
    ...stated,
    target: target.ref,
    targetDigest: target.digest,
    status: run.value["status"] ?? statusOf(statuses),
    summary,
  });
  return { kind: "Evaluation", ref: identity.ref, path: identity.path, value };
}

function summaryOf(statuses: readonly unknown[]): JsonObject {
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
function statusOf(statuses: readonly unknown[]): string {
  const worst = ["error", "failed"].find((status) => statuses.includes(status));
  return (
    worst ?? (statuses.length > 0 && statuses.every((each) => each === "skipped") ? "skipped" : "passed")
  );
}

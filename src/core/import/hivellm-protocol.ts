/**
 * Results by HiveLLM's test protocol, read against the suite that ships as a pack and never believed beyond it: six checks
 * by their titles, with points in their range. Score and class are what the suite's scoring makes of them.
 */
import { modelTest, modelTestChecks as checks, modelTestRef } from "../author/packs/hivellm-model-test.ts";
import { isObject, type Json, type JsonObject } from "../model/json.ts";
import { scored } from "../validate/scoring.ts";
import { objectsOf, wordOf } from "./foreign.ts";
import { cleanLine, quoted } from "./text.ts";

/** The suite that imported runs name, and what it becomes where it is not there yet. */
export const suiteRef = modelTestRef;
export const protocol = JSON.parse(JSON.stringify(modelTest)) as JsonObject;

export interface CheckResult {
  readonly id: string;
  readonly title: string;
  readonly weight: number;
  readonly points: number;
  readonly failedCritical: boolean;
  readonly note: string | undefined;
}

/** All six checks in the protocol's order; undefined, with the reasons, when they are not exactly these. */
export function checkResults(
  value: Json | undefined,
  report: (message: string) => void,
): readonly CheckResult[] | undefined {
  const given = new Map<string, JsonObject>();
  let sound = true;
  const bad = (message: string): void => {
    sound = false;
    report(message);
  };
  for (const check of objectsOf(value, "checks", bad)) {
    const name = wordOf(check["name"]) ?? "";
    if (given.has(name)) bad(`the check ${quoted(name)} stands there twice.`);
    given.set(name, check);
  }
  const results = checks.map(({ id, title, weight }): CheckResult => {
    const check = given.get(title);
    given.delete(title);
    const points = isObject(check) ? check["score"] : undefined;
    if (check === undefined) bad(`the check ${title} is missing.`);
    else if (typeof points !== "number" || !Number.isInteger(points) || points < 0 || points > weight)
      bad(`${title} has ${quoted(JSON.stringify(points) ?? "nothing")} points; it gives 0 to ${weight}.`);
    const note = wordOf(check?.["note"]);
    return {
      id,
      title,
      weight,
      points: typeof points === "number" ? points : 0,
      failedCritical: check?.["critical"] === true,
      note: note === undefined ? undefined : cleanLine(note, 1000).text || undefined,
    };
  });
  for (const name of given.keys()) bad(`the protocol has no check ${quoted(name)}.`);
  return sound ? results : undefined;
}

/** The sum of points and the class it falls into, as the suite's scoring says. */
export function classOf(results: readonly CheckResult[]): { readonly total: number; readonly name: string } {
  const total = results.reduce((sum, { points }) => sum + points, 0);
  const metrics = Object.fromEntries(results.map(({ id, points }) => [id, points]));
  const cases = results.map(({ id, failedCritical }) => ({
    id,
    status: failedCritical ? "failed" : "passed",
  }));
  const { scoring } = modelTest.spec;
  if (scoring === undefined) throw new Error("the protocol scores");
  return { total, name: scored(scoring, { metrics, cases }).class ?? "rejected" };
}

export function metricsOf(results: readonly CheckResult[], total: number): JsonObject {
  return { score: total, ...Object.fromEntries(results.map(({ id, points }) => [id, points])) };
}

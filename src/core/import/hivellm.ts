/**
 * HiveLLM's model files (one test result each) and its file of evaluations (metrics/model_evaluations.json). Scores and
 * classes are computed again from the six checks; where the file says otherwise, that is reported and the computed ones
 * are kept. A result without a date is a claim (`facts.scores`); a dated one becomes an Evaluation.
 */
import { isObject, type Json, type JsonObject } from "../model/json.ts";
import { parseInstant } from "../model/instant.ts";
import * as codes from "./codes.ts";
import { collect, objectsOf, wordOf, type Collected } from "./foreign.ts";
import {
  checkResults,
  classOf,
  metricsOf,
  protocol,
  suiteRef,
  type CheckResult,
} from "./hivellm-protocol.ts";
import { readJson } from "./json-text.ts";
import { plainName } from "./names.ts";
import { compact, count, identityKey, type ImportFormat, type Wanted } from "./record.ts";
import { cleanLine, isPlainId, quoted } from "./text.ts";

export const hivellm: ImportFormat = {
  name: "hivellm",
  summary: "HiveLLM's model test results and its model_evaluations.json.",
  source: { is: "file" },
  uri: "https://github.com/hivellm/gov",
  partial: true,
  looksRight: () => true,
  read: (source, wanted) =>
    collect(source, (text, file, into) => {
      const parsed = readJson(text);
      if ("reason" in parsed) into.report(codes.unreadable, file, parsed.reason);
      else readAll(parsed.value, { file, wanted, into });
    }),
};

interface Reading {
  readonly file: string;
  readonly wanted: Wanted;
  readonly into: Collected;
}

const carried: ReadonlySet<string> = new Set([
  "provider",
  "fullModel",
  "model",
  "modelFamily",
  "modelVariant",
  "version",
  "status",
  "selfClassification",
  "score",
  "checks",
  "updatedAt",
  "summary",
  "reviewerNotes",
]);

function readAll(value: Json, reading: Reading): void {
  const { file, into } = reading;
  const bad = (message: string): void => into.report(codes.unreadable, file, message);
  const evaluations = isObject(value) ? value["evaluations"] : undefined;
  if (evaluations !== undefined)
    for (const each of objectsOf(evaluations, "evaluations", bad)) readResult(each, reading);
  else if (Array.isArray(value))
    for (const each of objectsOf(value, "The list", bad)) readResult(each, reading);
  else if (isObject(value)) readResult(value, reading);
  else bad("It is no JSON object.");
  // Runs name the suite, so it comes along where it is not there yet.
  if (into.runs.length > 0)
    into.records.push({ kind: "TestSuite", file, identity: { by: "exact", ref: suiteRef }, value: protocol });
}

function readResult(result: JsonObject, { file, wanted, into }: Reading): void {
  const full = wordOf(result["fullModel"]) ?? wordOf(result["model"]) ?? "";
  const vendor = wordOf(result["provider"]) ?? "";
  const provider = plainName(vendor);
  const id = modelId(full, vendor);
  const report = (definition: Parameters<Collected["report"]>[0], message: string): void =>
    into.report(definition, file, `${quoted(full)}: ${message}`);
  if (provider === "" || !isPlainId(id)) return report(codes.illegalId, "it names no provider or no model.");
  if (!wanted(identityKey(provider, id))) return;
  const said = wordOf(result["status"]) ?? wordOf(result["selfClassification"]);
  const { checks: stated } = result;
  const tested = !Array.isArray(stated) || stated.length > 0;
  const faults: string[] = [];
  const checks = tested ? checkResults(stated, (message) => faults.push(message)) : [];
  if (checks === undefined) return report(codes.unreadable, faults.join(" "));
  for (const key of Object.keys(result)) if (!carried.has(key)) count(into.dropped, cleanLine(key, 60).text);
  const { total, name } = tested ? classOf(checks) : { total: 0, name: undefined };
  const score = result["score"];
  if (!tested)
    report(codes.unmeasured, `${quoted(said ?? "Nothing")} is recorded, but no check; it is not believed.`);
  else if (typeof score === "number" && score !== total)
    report(codes.contradiction, `score ${score} is recorded; the six checks come to ${total}.`);
  if (tested && said !== undefined && said !== name)
    report(
      codes.contradiction,
      `${quoted(said)} is recorded; ${total} points${checks.some((check) => check.failedCritical) ? " with a critical fail" : ""} come to ${name ?? "nothing"}.`,
    );
  const at = parseInstant(wordOf(result["updatedAt"]) ?? "");
  into.records.push({
    kind: "Model",
    file,
    identity: { by: "upstream", provider, id, loose: true },
    assumesType: true,
    value: compact({
      title: cleanLine(full, 200).text,
      spec: { upstreamId: id, type: "completion" },
      facts: compact({
        series: wordOf(result["modelFamily"])?.slice(0, 500),
        role: name === "general" ? "general" : name === "contributor" ? "specialist" : undefined,
        capabilities: { contextLength: "unknown" },
        scores: at === undefined && tested ? claimsOf(checks, total) : undefined,
      }),
      sources: [compact({ path: file, note: noteOf(result) })],
    }),
  });
  if (at === undefined || name === undefined) return;
  into.runs.push({ file, target: { provider, id }, value: runOf(checks, total, name, at, file) });
}

/** "OpenAI GPT-4o" of OpenAI is the model GPT-4o; nothing in these files is the id of an API. */
function modelId(full: string, vendor: string): string {
  const prefix = `${vendor.toLowerCase()} `;
  const rest = full.toLowerCase().startsWith(prefix) ? full.slice(prefix.length) : full;
  return cleanLine(rest, 200).text.replaceAll(" ", "-");
}

function claimsOf(checks: readonly CheckResult[], total: number): readonly JsonObject[] {
  return [
    { name: "HiveLLM model test", value: total / 100 },
    ...checks.map(({ title, points, weight }) => ({
      name: `HiveLLM ${title}`,
      value: Number((points / weight).toFixed(4)),
    })),
  ];
}

function runOf(
  checks: readonly CheckResult[],
  total: number,
  name: string,
  executedAt: string,
  file: string,
): JsonObject {
  const failed = checks.filter((check) => check.failedCritical).length;
  return {
    suite: suiteRef,
    executedAt,
    status: failed > 0 ? "failed" : "passed",
    cases: checks.map(({ id, failedCritical, note }) =>
      compact({
        id,
        status: failedCritical ? "failed" : "passed",
        error: failedCritical && note !== undefined ? { message: note } : undefined,
      }),
    ),
    summary: { total: checks.length, passed: checks.length - failed, failed, errors: 0, skipped: 0 },
    metrics: metricsOf(checks, total),
    class: name,
    sources: [{ path: file }],
  };
}

function noteOf(result: JsonObject): string | undefined {
  const note = wordOf(result["reviewerNotes"]) ?? wordOf(result["summary"]);
  return note === undefined ? undefined : cleanLine(note, 1500).text || undefined;
}

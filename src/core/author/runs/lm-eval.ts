/**
 * Results of lm-evaluation-harness (`results_<time>.json`): every number of every task becomes a metric
 * `<task>/<metric>`, with `@<filter>` behind it unless the filter is `none`. Versions, shots, samples and a limit are told
 * in the source's note, because they change what a number means. Samples stay where they are, pinned by digest.
 */
import { isObject, type Json, type JsonObject } from "../../model/json.ts";
import { instantOfSeconds } from "../../model/instant.ts";
import { readStrictJson } from "../strict-json.ts";
import {
  cleanText,
  durationOf,
  MAX_RESULTS_BYTES,
  type RunContext,
  type RunFault,
  type RunFormat,
  type RunRead,
} from "./format.ts";

/** Of metrics in an entry. */
const MOST_METRICS = 500;

export const lmEval: RunFormat = {
  name: "lm-eval",
  summary: "results of lm-evaluation-harness, one metric for each number of each task",
  looksRight: (text) => /^\s*\{/.test(text) && /"results"\s*:/.test(text) && /"versions"\s*:/.test(text),
  read,
};

function read(text: string, { tasks: wanted }: RunContext): RunRead {
  const parsed = readStrictJson(new TextEncoder().encode(text), { most: MAX_RESULTS_BYTES, foreign: true });
  if ("fault" in parsed) return { faults: [parsed.fault] };
  const file = isObject(parsed.value) ? parsed.value : {};
  const results = file["results"];
  if (!isObject(results)) return { faults: [{ reason: "It holds no `results` of tasks.", offset: 0 }] };
  const faults: RunFault[] = [];
  const fault = (reason: string, hint?: string): void =>
    void faults.push({ reason, offset: 0, ...(hint !== undefined && { hint }) });
  for (const task of wanted)
    if (!isObject(results[task]))
      fault(
        `There is no task ${JSON.stringify(task)} in it.`,
        `The tasks are ${namesOf(Object.keys(results))}.`,
      );
  const tasks = Object.keys(results).filter((task) => wanted.length === 0 || wanted.includes(task));
  const metrics: Record<string, number> = {};
  for (const task of tasks)
    for (const [name, value] of numbersOf(task, results[task], file)) metrics[name] = value;
  const names = Object.keys(metrics);
  if (faults.length === 0 && names.length === 0) fault("No task of it has a number.");
  if (names.length > MOST_METRICS)
    fault(
      `It holds ${names.length} metrics; an Evaluation holds at most ${MOST_METRICS}.`,
      "Name the tasks that count: --task <name>.",
    );
  for (const name of names)
    if (!/^[A-Za-z0-9][A-Za-z0-9_.@/-]{0,99}$/.test(name))
      fault(`${JSON.stringify(name.slice(0, 200))} cannot be the name of a metric.`);
  const date = file["date"];
  const seconds = Number(file["total_evaluation_time_seconds"] ?? Number.NaN);
  const duration = durationOf(seconds);
  if (faults.length > 0) return { faults };
  return {
    run: {
      ...(typeof date === "number" &&
        date > 0 &&
        date < 4e9 && { executedAt: instantOfSeconds(Math.floor(date)) }),
      ...(duration !== undefined && { duration }),
      metrics,
    },
    notes: notesOf(tasks, file),
  };
}

/** The numbers of a task by the names of their metrics; words (`N/A`, aliases) are none. */
function numbersOf(
  task: string,
  values: Json | undefined,
  file: JsonObject,
): readonly (readonly [string, number])[] {
  if (!isObject(values)) return [];
  const numbers = Object.entries(values).flatMap(([key, value]): readonly (readonly [string, number])[] => {
    if (typeof value !== "number" || key === "sample_len") return [];
    const [metric = "", filter = "none"] = key.split(",");
    return [[`${task}/${metric}${filter === "none" ? "" : `@${filter}`}`, value]];
  });
  const samples = pick(file, "n-samples", task);
  const effective = isObject(samples) ? samples["effective"] : undefined;
  return typeof effective === "number" && numbers.length > 0
    ? [...numbers, [`${task}/n_samples`, effective]]
    : numbers;
}

function pick(file: JsonObject, key: string, task: string): Json | undefined {
  const found = file[key];
  return isObject(found) ? found[task] : undefined;
}

/** What changes the meaning of the numbers, in sentences. */
function notesOf(tasks: readonly string[], file: JsonObject): readonly string[] {
  const config = isObject(file["config"]) ? file["config"] : {};
  const word = (value: Json | undefined): string => cleanText(String(value), 200).replaceAll("\n", " ");
  const version = file["lm_eval_version"];
  const model = file["model_name"] ?? config["model"];
  const limit = config["limit"];
  const each = tasks.map((task) => {
    const shots = pick(file, "n-shot", task);
    const version_ = pick(file, "versions", task);
    const parts = [
      version_ === undefined || version_ === null ? "" : `version ${word(version_)}`,
      typeof shots === "number" ? `${shots}-shot` : "",
    ].filter(Boolean);
    return parts.length === 0 ? task : `${task} (${parts.join(", ")})`;
  });
  return [
    `lm-evaluation-harness${version === undefined ? "" : ` ${word(version)}`}${typeof model === "string" ? ` on ${word(model)}` : ""}.`,
    ...(limit === undefined || limit === null ? [] : [`Limited to ${word(limit)} samples a task.`]),
    `Tasks: ${namesOf(each)}.`,
  ];
}

function namesOf(names: readonly string[]): string {
  return names.length <= 20
    ? names.join(", ")
    : `${names.slice(0, 20).join(", ")} and ${names.length - 20} more`;
}

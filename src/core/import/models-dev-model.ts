/**
 * One resolved models.dev record -> the content of a Model entry. What has a field is carried over, what has another
 * form than its field is reported and left out, what has no field is counted; nothing is lost silently.
 */
import type { CodeDefinition, Finding } from "../model/diagnostic.ts";
import { isObject, type Json, type JsonObject } from "../model/json.ts";
import * as codes from "./codes.ts";
import { fieldsOf, type Fields, type Sink } from "./fields.ts";
import { modalityWords, needsContextLength, typeOf } from "./model-facts.ts";
import { servingOf } from "./models-dev-serving.ts";
import { compact } from "./record.ts";
import { cleanLine } from "./text.ts";
import type { TomlFile } from "./toml.ts";

/** A model of the source with links followed and inheritance applied. */
export interface ModelSource {
  /** The path the record is known by. */
  readonly file: string;
  /** The regular file that was read: another path where `file` is a link. */
  readonly real: string;
  readonly id: string;
  readonly value: JsonObject;
  readonly own: TomlFile;
  /** The record it inherits from, and its path. */
  readonly base: TomlFile | undefined;
  readonly basePath: string | undefined;
}

const longestTitle = 200;
/** A line of a registry file has at most 2,000 characters; quotes, escapes and indentation need room. */
const longestNote = 1500;

const carried: ReadonlySet<string> = new Set([
  "name",
  "family",
  "release_date",
  "last_updated",
  "knowledge",
  "attachment",
  "reasoning",
  "reasoning_options",
  "temperature",
  "tool_call",
  "structured_output",
  "open_weights",
  "modalities",
  "limit",
  "cost",
  "status",
  "interleaved",
  "provider",
  "experimental",
]);

/** Builds the entry's content without `spec.provider`; `state` stands only where the source says `deprecated`. */
export function modelValue(
  source: ModelSource,
  add: (finding: Finding) => void,
  dropped: Map<string, number>,
): JsonObject {
  const sink: Sink = {
    dropped,
    report: (definition: CodeDefinition, message: string) =>
      add({ definition, message, at: { file: source.file } }),
  };
  const fields = fieldsOf(source.value, sink);
  fields.countOthers(carried);
  const modalities = fields.table("modalities");
  const input = modalities.words("input", modalityWords);
  const output = modalities.words("output", modalityWords);
  const family = fields.text("family", 100);
  const type = typeOf(source.id, family, { input: input ?? [], output: output ?? [] });
  const status = fields.text("status", 50);
  return compact({
    title: fields.text("name", longestTitle) ?? cleanLine(source.id, longestTitle).text,
    ...(status === "deprecated"
      ? { state: "deprecated", sunset: "unknown", reason: "models.dev lists it as deprecated." }
      : undefined),
    spec: { upstreamId: source.id, type },
    facts: compact({
      series: family,
      maturity:
        status === undefined || /^[A-Za-z][A-Za-z0-9 _-]*$/.test(status)
          ? status
          : fields.wrong("status", "no word"),
      capabilities: compact({
        ...limitsOf(fields, type, sink),
        modalities: input === undefined && output === undefined ? undefined : compact({ input, output }),
        functions: fields.flag("tool_call"),
        structuredOutput: fields.flag("structured_output"),
        vision: input?.includes("image"),
        attachments: fields.flag("attachment"),
        temperature: fields.flag("temperature"),
        reasoning: fields.flag("reasoning"),
        reasoningControls: reasoningControlsOf(fields, sink),
        ...interleavedOf(fields),
      }),
      ...datesOf(fields, sink),
      openWeights: fields.flag("open_weights"),
    }),
    serving: servingOf(source, fields, sink),
    sources: sourcesOf(source, sink),
  });
}

/** Which files the facts came from; the plan adds the `uri` of the source. */
function sourcesOf(source: ModelSource, sink: Sink): readonly JsonObject[] {
  const own = compact({ path: source.real, note: noteOf(source.own.comment, sink) });
  if (source.base === undefined) return [own];
  return [own, compact({ path: source.basePath, note: noteOf(source.base.comment, sink) })];
}

/** The comments of a file as one line; they are often the only word on where its numbers come from. */
export function noteOf(comment: string, sink: Sink): string | undefined {
  const note = cleanLine(comment, longestNote);
  if (note.cut)
    sink.report(codes.shortened, `The comments have ${comment.length} characters; ${longestNote} are kept.`);
  return note.text === "" ? undefined : note.text;
}

function limitsOf(fields: Fields, type: string, sink: Sink): Record<string, Json | undefined> {
  const limit = fields.table("limit");
  limit.countOthers(limits);
  const context = limit.size("context");
  const output = limit.size("output");
  if (context !== undefined && output !== undefined && output > context) {
    sink.report(codes.contradiction, `limit.output ${output} is greater than limit.context ${context}.`);
  }
  return {
    contextLength: context ?? (needsContextLength(type) ? "unknown" : undefined),
    maxInputTokens: limit.size("input"),
    maxOutputTokens: output,
  };
}

const limits: ReadonlySet<string> = new Set(["context", "input", "output"]);

function datesOf(fields: Fields, sink: Sink): Record<string, Json | undefined> {
  const released = fields.date("release_date");
  const updated = fields.date("last_updated");
  if (released !== undefined && updated !== undefined && isAfter(released, updated)) {
    sink.report(codes.contradiction, `release_date ${released} is later than last_updated ${updated}.`);
  }
  return { releaseDate: released, lastUpdated: updated, knowledgeCutoff: fields.date("knowledge") };
}

/** Whether a date or month is later than another, as far as both are known. */
function isAfter(a: string, b: string): boolean {
  const length = Math.min(a.length, b.length);
  return a.slice(0, length) > b.slice(0, length);
}

/** How reasoning can be steered; an empty list says that it cannot, and stays. */
function reasoningControlsOf(fields: Fields, sink: Sink): readonly JsonObject[] | undefined {
  const options = fields.value["reasoning_options"];
  if (options === undefined) return undefined;
  if (!Array.isArray(options) || options.length > 10)
    return fields.wrong("reasoning_options", "no list of options");
  const controls: JsonObject[] = [];
  for (const option of options as readonly Json[]) {
    const type =
      isObject(option) && typeof option["type"] === "string" ? option["type"].replaceAll("_", "-") : "";
    if (!isObject(option) || !controlTypes.has(type)) {
      fields.wrong("reasoning_options", "no list of effort, toggle and budget_tokens");
      continue;
    }
    const table = fieldsOf(option, sink, "reasoning_options.");
    table.countOthers(controlKeys);
    controls.push(
      compact({
        type,
        values: effortsOf(table),
        min: boundOf(table, "min", -1),
        max: boundOf(table, "max", 0),
      }),
    );
  }
  return controls;
}

const controlTypes: ReadonlySet<string> = new Set(["effort", "toggle", "budget-tokens"]);
const controlKeys: ReadonlySet<string> = new Set(["type", "values", "min", "max"]);

function effortsOf(option: Fields): readonly string[] | undefined {
  const values = option.value["values"];
  if (values === undefined) return undefined;
  const list: readonly Json[] = Array.isArray(values) ? values : [];
  const words = list.filter(
    (word): word is string => typeof word === "string" && /^[A-Za-z0-9_][A-Za-z0-9_.@/-]{0,99}$/.test(word),
  );
  if (!Array.isArray(values) || words.length !== list.length) option.wrong("values", "no list of words");
  return words.length === 0 ? undefined : [...new Set(words)].slice(0, 20);
}

function boundOf(option: Fields, key: string, least: number): number | undefined {
  const bound = option.value[key];
  if (bound === undefined) return undefined;
  if (
    typeof bound === "number" &&
    Number.isSafeInteger(bound) &&
    bound >= least &&
    bound <= 1_000_000_000_000
  )
    return bound;
  return option.wrong(key, "no number of tokens");
}

/** `interleaved = true`, or a table that names the field in which reasoning comes back. */
function interleavedOf(fields: Fields): Record<string, Json | undefined> {
  const found = fields.value["interleaved"];
  if (!isObject(found)) return { interleavedReasoning: fields.flag("interleaved") };
  const table = fields.table("interleaved");
  table.countOthers(interleavedKeys);
  const field = table.text("field", 100);
  const legal = field === undefined || /^[A-Za-z0-9_][A-Za-z0-9_.@/-]*$/.test(field);
  return { reasoningField: legal ? field : table.wrong("field", "no name"), interleavedReasoning: true };
}

const interleavedKeys: ReadonlySet<string> = new Set(["field"]);

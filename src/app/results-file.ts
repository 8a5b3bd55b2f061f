/**
 * A file of results -> runs as JSON: our own as it is, those of other programs by their format. Only so much of a file is
 * read as its format may have; what is larger is refused with the limit, and was never in memory.
 */
import { requestResults, requestShape } from "../core/author/codes.ts";
import { fittedRun, withRunFacts, type RunArtifact, type RunFacts } from "../core/author/run-facts.ts";
import { MAX_RESULTS_BYTES, type RunContext, type RunFormat } from "../core/author/runs/format.ts";
import { MAX_REQUEST_BYTES } from "../core/author/strict-json.ts";
import type { Fault } from "../core/author/request.ts";
import type { Finding } from "../core/model/diagnostic.ts";
import { digestOfBytes } from "../core/model/digest.ts";
import { Failure } from "../core/model/failure.ts";
import { isObject, type Json, type JsonObject } from "../core/model/json.ts";
import type { Entry, Registry } from "../core/model/registry.ts";
import type { Ports } from "./ports.ts";
import { parseRequest, type RequestFile } from "./request.ts";

/** A file with results, measured; without bytes where it is larger than any format may be. */
export interface ResultsFile extends RequestFile {
  readonly size: number;
  readonly isWhole: boolean;
}

/** What was said about the run on the command line. */
export interface SaidOfRun {
  /** `json`, a format's name, or undefined: by the look of it. */
  readonly from: string | undefined;
  readonly stated: RunFacts["stated"];
  readonly metrics: readonly string[];
  readonly artifacts: readonly RunArtifact[];
  readonly tasks: readonly string[];
  readonly messages: boolean;
}

/** Measures the file of a name; as much of it is kept as a format may read. */
export async function openResults(folder: string, path: string, ports: Ports): Promise<ResultsFile> {
  const { size, bytes } = await ports.measureInput(folder, path, MAX_RESULTS_BYTES);
  return { name: path, folder, bytes: bytes ?? new Uint8Array(), size, isWhole: bytes !== undefined };
}

/** Bytes that are at hand already. */
export function resultsOf(file: RequestFile): ResultsFile {
  const size = file.bytes.length;
  return { ...file, size, isWhole: size <= MAX_RESULTS_BYTES };
}

/** A file that is kept elsewhere, measured whatever its size. `typed` is `<file>=<uri>`. */
export async function measureArtifact(folder: string, typed: string, ports: Ports): Promise<RunArtifact> {
  const [, file = "", uri = ""] = /^([^=]+)=([a-z][a-z0-9+.-]{1,29}:[^\s<>"]+)$/.exec(typed) ?? [];
  if (uri === "") {
    throw new Failure("usage/artifact", `"${typed}" does not say which file is kept where.`, {
      hint: "Write --artifact samples.jsonl=s3://bucket/samples.jsonl.",
    });
  }
  const { digest, size } = await ports.measureInput(folder, file, 0);
  return { name: file.replace(/^.*[/\\]/, ""), uri, digest, size };
}

/** The runs of a file, with where each stands in it; faults are reported. */
export async function runsIn(
  file: ResultsFile,
  said: SaidOfRun,
  registry: Registry,
  fault: Fault,
  findings: Finding[],
): Promise<readonly (readonly [run: Json, pointer: readonly number[], fault: Fault])[]> {
  if (!file.isWhole) {
    const reason = `It has ${file.size} bytes; at most ${MAX_RESULTS_BYTES} are read.`;
    findings.push({ definition: requestResults, message: reason, at: { file: file.name } });
    return [];
  }
  const format = await formatOf(file, said.from);
  if (format !== undefined) {
    // What is wrong with a run of another format has no place of its own in the file.
    const bare: Fault = (definition, message, _pointer, hint) =>
      fault(definition, message, [], hint === undefined ? undefined : asFlags(hint));
    const run = readForeign(file, format, said, registry, bare, findings);
    return run === undefined ? [] : [[run, [], bare]];
  }
  if (file.size > MAX_REQUEST_BYTES) {
    const reason = `It has ${file.size} bytes; at most ${MAX_REQUEST_BYTES} are read of runs as JSON.`;
    findings.push({ definition: requestResults, message: reason, at: { file: file.name } });
    return [];
  }
  const parsed = parseRequest(file);
  if ("finding" in parsed) {
    findings.push(parsed.finding);
    return [];
  }
  const { value } = parsed;
  const list = Array.isArray(value)
    ? value.map((item: Json, index) => [item, [index]] as const)
    : ([[value, []]] as const);
  // A runner that wrote nothing must not look like one whose results were recorded already.
  if (list.length === 0) fault(requestShape, "The list holds no run.", []);
  return list.map(([item, pointer]) => {
    const own: Fault = (definition, message, at, hint) =>
      fault(definition, message, [...pointer, ...at], hint);
    const run = isObject(item) ? withRunFacts(item, said, own) : item;
    return [run, pointer, fault] as const;
  });
}

/** What a run as JSON would say with a key, said with a flag. */
function asFlags(hint: string): string {
  return hint.replace(
    /^Add it, such as "(\w+)": "([^"]+)"\.$/,
    (_, key: string, example: string) =>
      `Say it with --${key.replace(/[A-Z]/g, (sign) => `-${sign.toLowerCase()}`)} ${example}.`,
  );
}

async function formatOf(file: ResultsFile, from: string | undefined): Promise<RunFormat | undefined> {
  if (from === "json") return undefined;
  const { runFormats } = await import("../core/author/runs/index.ts");
  if (from !== undefined) {
    const named = runFormats.find(({ name }) => name === from);
    if (named !== undefined) return named;
    throw new Failure("usage/results-format", `There is no format "${from}".`, {
      hint: `The formats are json, ${runFormats.map(({ name }) => name).join(", ")}.`,
    });
  }
  const text = new TextDecoder().decode(file.bytes);
  return runFormats.find((format) => format.looksRight(text));
}

function readForeign(
  file: ResultsFile,
  format: RunFormat,
  said: SaidOfRun,
  registry: Registry,
  fault: Fault,
  findings: Finding[],
): JsonObject | undefined {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(file.bytes);
  } catch {
    findings.push({
      definition: requestResults,
      message: "It is not valid UTF-8.",
      at: { file: file.name },
    });
    return undefined;
  }
  const read = format.read(text, contextOf(said, registry));
  if ("faults" in read) {
    for (const { reason, offset, hint } of read.faults)
      findings.push({
        definition: requestResults,
        message: reason,
        ...(hint !== undefined && { hint }),
        at: { file: file.name, span: { start: offset, end: offset + 1 } },
      });
    return undefined;
  }
  const { run, note } = fittedRun(withRunFacts(read.run, said, fault));
  const source = {
    digest: digestOfBytes(file.bytes),
    path: file.name.replace(/^.*[/\\]/, "").slice(0, 500) || "-",
    note: [`Results as ${format.name}.`, ...read.notes, ...(note === null ? [] : [note])]
      .join(" ")
      .slice(0, 1_500),
  };
  return { ...run, sources: [source] };
}

function contextOf({ stated, tasks, messages }: SaidOfRun, registry: Registry): RunContext {
  const suite = registry.get(stated["suite"] ?? "");
  const cases = suite?.kind === "TestSuite" ? (suite as Entry<"TestSuite">).value.spec.cases : undefined;
  return { cases: new Set((cases ?? []).map(({ id }) => id)), tasks, messages };
}

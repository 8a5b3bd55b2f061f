/** `assent evaluation add`: records runs of test suites, with what follows from their content filled in. */
import { requestConflict, requestShape } from "../core/author/codes.ts";
import {
  faultsOfRequest,
  requestReader,
  sameJson,
  type Fault,
  type PlannedEntry,
} from "../core/author/request.ts";
import { planRun } from "../core/author/run.ts";
import { digestOf } from "../core/model/digest.ts";
import { isObject, type Json, type JsonObject } from "../core/model/json.ts";
import type { Registry } from "../core/model/registry.ts";
import { kindOf } from "../core/kinds/index.ts";
import { nearest } from "../core/model/nearest.ts";
import { render } from "../core/source/render.ts";
import { keyOrders } from "../generated/key-order.ts";
import { hasErrors, locateInRequest, parseRequest, treeOfRequest, type RequestFile } from "./request.ts";
import type { Ports } from "./ports.ts";
import { openRegistry, type Selection } from "./read.ts";
import { writeChanges, type WriteOptions, type WriteResult } from "./write.ts";

export interface EvaluationRequest extends Selection {
  /** One run as a JSON object, or a list of them. */
  readonly request: RequestFile;
}

export interface Recorded extends WriteResult {
  /** The references of the runs, in the order of the file. */
  readonly refs: readonly string[];
}

/** Writes an Evaluation for each run of a file; refused as a whole when one of them is wrong. */
export async function addEvaluations(
  given: EvaluationRequest,
  options: Omit<WriteOptions, "message">,
  ports: Ports,
): Promise<Recorded> {
  const { request: file } = given;
  const open = await openRegistry(given, ports);
  const { findings, fault } = faultsOfRequest(file.name);
  const parsed = parseRequest(file);
  if ("finding" in parsed) findings.push(parsed.finding);
  const runs = "value" in parsed ? planRuns(parsed.value, open.registry, fault) : [];
  const diagnostics = await locateInRequest(findings, file);
  const refs = runs.map(({ ref }) => ref);
  if (hasErrors(diagnostics))
    return { outcome: "refused", files: [], diagnostics, tree: treeOfRequest(file), refs };
  const missing = runs.filter(({ ref }) => open.registry.get(ref) === undefined);
  const changes = missing.map(({ path, value }) => ({ path, content: render(value, keyOrders.Evaluation) }));
  const message =
    refs.length === 1 ? `Record ${refs[0]}` : `Record ${refs.length} evaluations\n\n${refs.join("\n")}`;
  return { ...(await writeChanges(open, changes, { ...options, message })), refs };
}

function planRuns(value: Json, registry: Registry, fault: Fault): readonly PlannedEntry[] {
  const list = Array.isArray(value)
    ? value.map((item: Json, index) => [item, [index]] as const)
    : [[value, []] as const];
  const runs: PlannedEntry[] = [];
  for (const [item, pointer] of list) {
    if (!isObject(item)) {
      fault(requestShape, "A run is a JSON object.", pointer);
      continue;
    }
    const run = planOne(item, pointer, registry, fault);
    if (run === undefined) continue;
    const twin = runs.find(({ ref }) => ref === run.ref)?.value ?? registry.get(run.ref)?.value;
    if (twin !== undefined && !sameJson(twin as JsonObject, run.value)) {
      fault(requestConflict, `${run.ref} exists with other content.`, pointer);
    } else if (registry.isBroken(run.ref)) {
      fault(requestConflict, `${run.path} exists and cannot be read as an entry.`, pointer);
    }
    if (!runs.some(({ ref }) => ref === run.ref)) runs.push(run);
  }
  return runs;
}

function planOne(
  value: JsonObject,
  pointer: readonly number[],
  registry: Registry,
  fault: Fault,
): PlannedEntry | undefined {
  const reader = requestReader(value, pointer, Object.keys(value), fault);
  reader.need("target", '"bundle:fraud/score@1.4.0"');
  const word = reader.text("target");
  const target = word === undefined ? undefined : registry.get(word);
  if (
    target === undefined ||
    target.ns === null ||
    target.version === null ||
    kindOf(target.kind).lifecycle === undefined
  ) {
    if (word !== undefined) {
      const near = nearest(
        word,
        registry.entries.filter(({ version }) => version !== null).map(({ ref }) => ref),
      );
      const hint =
        near === undefined
          ? "Write an exact version, such as bundle:fraud/score@1.4.0."
          : `Did you mean ${near}?`;
      reader.fault(requestShape, `${JSON.stringify(word)} is no version that exists.`, "target", hint);
    }
    return undefined;
  }
  const { ref, ns, name, version } = target;
  return planRun(reader, { ref, ns, name, version, digest: digestOf(target) }, fault);
}

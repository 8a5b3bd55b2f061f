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
import { isObject, type JsonObject } from "../core/model/json.ts";
import type { Registry } from "../core/model/registry.ts";
import { kindOf } from "../core/kinds/index.ts";
import { nearest } from "../core/model/nearest.ts";
import { render } from "../core/source/render.ts";
import { keyOrders } from "../generated/key-order.ts";
import { hasErrors, locateInRequest, treeOfRequest } from "./request.ts";
import { runsIn, type ResultsFile, type SaidOfRun } from "./results-file.ts";
import type { Ports } from "./ports.ts";
import { openRegistry, type Selection } from "./read.ts";
import { writeChanges, type WriteOptions, type WriteResult } from "./write.ts";

export interface EvaluationRequest extends Selection {
  /** One run or a list of them as JSON, or the results of another program. */
  readonly results: ResultsFile;
  readonly said: SaidOfRun;
  /** Whether the issuer signs what is recorded, and with which key; null = nobody signs. */
  readonly attest: { readonly keyFile: string | undefined } | null;
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
  const { results: file, said } = given;
  const open = await openRegistry(given, ports);
  const { findings, fault } = faultsOfRequest(file.name);
  const runs = planRuns(await runsIn(file, said, open.registry, fault, findings), open.registry, fault);
  if (given.attest !== null) refuseUnsigned(runs, open.registry, fault);
  const diagnostics = await locateInRequest(findings, file);
  const refs = runs.map(({ ref }) => ref);
  if (hasErrors(diagnostics))
    return { outcome: "refused", files: [], diagnostics, tree: treeOfRequest(file), refs };
  const missing = runs.filter(({ ref }) => open.registry.get(ref) === undefined);
  // A plan signs nothing: a signature asks for passphrases, and may end in a public log.
  const signed = given.attest === null || options.dryRun === true ? missing : await signedRuns(missing);
  const changes = signed.map(({ path, value }) => ({ path, content: render(value, keyOrders.Evaluation) }));
  const message =
    refs.length === 1 ? `Record ${refs[0]}` : `Record ${refs.length} evaluations\n\n${refs.join("\n")}`;
  return { ...(await writeChanges(open, changes, { ...options, message })), refs };

  async function signedRuns(planned: readonly PlannedEntry[]): Promise<readonly PlannedEntry[]> {
    const { attest } = await import("./attest.ts");
    const entries: PlannedEntry[] = [];
    const how = { folder: given.folder, keyFile: given.attest?.keyFile };
    // One after the other: each may ask for a passphrase or a touch.
    for (const each of planned) entries.push(await attest(each, open.registry, how, ports));
    return entries;
  }
}

function planRuns(
  list: Awaited<ReturnType<typeof runsIn>>,
  registry: Registry,
  fault: Fault,
): readonly PlannedEntry[] {
  const runs: PlannedEntry[] = [];
  for (const [item, pointer, own] of list) {
    if (!isObject(item)) {
      fault(requestShape, "A run is a JSON object.", pointer);
      continue;
    }
    const run = planOne(item, pointer, registry, own);
    if (run === undefined) continue;
    const twin = runs.find(({ ref }) => ref === run.ref)?.value ?? registry.get(run.ref)?.value;
    if (twin !== undefined && !isSameRun(twin as JsonObject, run.value)) {
      own(requestConflict, `${run.ref} exists with other content.`, pointer);
    } else if (registry.isBroken(run.ref)) {
      own(requestConflict, `${run.path} exists and cannot be read as an entry.`, pointer);
    }
    if (!runs.some(({ ref }) => ref === run.ref)) runs.push(run);
  }
  return runs;
}

/** What is recorded is frozen; whoever asks for a signature on it must hear that there will be none. */
function refuseUnsigned(runs: readonly PlannedEntry[], registry: Registry, fault: Fault): void {
  for (const { ref } of runs) {
    const there = registry.get(ref)?.value as JsonObject | undefined;
    if (there !== undefined && there["attestation"] === undefined)
      fault(requestConflict, `${ref} was recorded without an attestation, and a run is frozen.`, []);
  }
}

/** The same run, signed or not: recording it again changes nothing, and a signature is never added to what is frozen. */
function isSameRun(there: JsonObject, planned: JsonObject): boolean {
  if (planned["attestation"] !== undefined) return sameJson(there, planned);
  const { attestation: _, ...bare } = there;
  return sameJson(bare, planned);
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
  if (word === undefined) {
    reader.need("suite", '"suite:fraud/regression@1.0.0"');
    reader.need("executedAt", '"2026-07-01T09:00:00Z"');
  }
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
  return planRun(reader, { ref, ns, name, version, digest: digestOf(target) }, fault, registry);
}

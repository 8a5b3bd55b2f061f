/**
 * A PublishBundleRequest -> the entries it becomes: the Bundle, its Evaluations, and Datasets that are missing
 * (CLI.md, publish). A plan, never a verdict: whether the gates hold and references resolve is for the rules of lint,
 * on the registry as it would be. What can be computed is computed, and must agree where it is stated.
 */
import { isOperator, meets } from "../model/bar.ts";
import { digestOf, type Digest } from "../model/digest.ts";
import { parseInstant } from "../model/instant.ts";
import { isObject, type Json, type JsonObject } from "../model/json.ts";
import type { Entry, Registry } from "../model/registry.ts";
import type { Identity } from "../model/ref.ts";
import { kindOf } from "../kinds/index.ts";
import { identityOf, parseRef } from "../source/reference.ts";
import { schemaOf } from "../validate/schema-tree.ts";
import { requestConflict, requestShape, requestSubmitter } from "./codes.ts";
import {
  present,
  requestReader,
  sameJson,
  withKeys,
  type Fault,
  type PlannedEntry,
  type RequestReader,
} from "./request.ts";
import { planRun } from "./run.ts";

/** Keys of a bundle that a request may state beside its spec: they describe, and nothing computes them. */
const descriptive = ["description", "owner", "labels", "tags", "links", "sources", "extensions"] as const;
const keys = [
  "bundle_id",
  "bundle_version",
  "bundle",
  "bundle_ref",
  "digest",
  "title",
  "state",
  "gate_receipt",
  "evaluations",
  "datasets",
  "submitted_by",
  "submitted_at_utc",
  ...descriptive,
];

/** A request whose files have been read: `bundle` and `gate_receipt` stand in place of `bundle_ref` and `{uri, digest}`. */
export interface PublishPlan {
  readonly bundle: Identity;
  readonly digest: Digest;
  /** The entries in the order in which they refer to each other: datasets, bundle, evaluations. */
  readonly entries: readonly PlannedEntry[];
  /** Entries of these ids that exist and say the same. */
  readonly existing: ReadonlySet<string>;
  /** For the commit: who sent it and when, as far as it is stated. */
  readonly submitted: string;
}

/** Who a request is about, as far as that can be read. */
export function subjectOf(request: JsonObject): {
  readonly id: string | null;
  readonly version: string | null;
} {
  const { bundle_id: id, bundle_version: version } = request;
  return { id: typeof id === "string" ? id : null, version: typeof version === "string" ? version : null };
}

/** Plans a request; undefined when faults were found, all of which have been reported. */
export function planPublish(registry: Registry, request: JsonObject, fault: Fault): PublishPlan | undefined {
  let faults = 0;
  const counted: Fault = (...args) => {
    faults++;
    fault(...args);
  };
  const reader = requestReader(request, [], keys, counted);
  reader.need("bundle_id", '"fraud/score"');
  reader.need("bundle_version", '"1.5.0"');
  if (request["bundle_ref"] === undefined) reader.need("bundle", '{"artifacts": [...]}');
  reader.need("gate_receipt", '{"decision": "PASS", "gates": [...]}');
  const submitted = readSubmitter(registry, reader);
  const spec = reader.object("bundle")?.value;
  const { id, version } = subjectOf(request);
  for (const key of ["bundle_id", "bundle_version"]) reader.text(key);
  if (id === null || version === null) return undefined;
  const bundle = identityOf("Bundle", `${id}@${version}`);
  if (bundle === undefined) {
    const hint =
      "bundle_id is <namespace>/<name> of the use case, bundle_version a SemVer version without build metadata.";
    reader.fault(
      requestShape,
      `${JSON.stringify(`${id}@${version}`)} is no id of a bundle.`,
      "bundle_id",
      hint,
    );
  }
  if (bundle === undefined || spec === undefined) return undefined;
  const digest = digestOf({ kind: "Bundle", id: bundle.id, value: { spec } });
  const { initial } = kindOf("Bundle").lifecycle ?? { initial: "candidate" };
  const title = `${bundle.name} ${version}`;
  reader.agree("digest", digest);
  reader.agree("title", title);
  reader.agree("state", initial);
  const target = { ref: bundle.ref, ns: bundle.ns ?? "", name: bundle.name, version, digest };
  const runs = reader.objects("evaluations").flatMap((run) => planRun(run, target, counted, registry) ?? []);
  const receipt = reader.object("gate_receipt");
  const gateReceipt = receipt === undefined ? undefined : planReceipt(receipt, runs, counted);
  const described = Object.fromEntries(descriptive.map((key) => [key, request[key]]));
  const value = present({ ...described, title, state: initial, spec, gateReceipt });
  const datasets = reader.objects("datasets").flatMap((dataset) => planDataset(dataset, counted) ?? []);
  const entries = [
    ...datasets,
    { kind: "Bundle", ref: bundle.ref, path: bundle.path, value } as const,
    ...runs,
  ];
  const existing = findExisting(registry, entries, reader);
  return faults === 0 ? { bundle, digest, entries, existing, submitted } : undefined;
}

/** The receipt with what its gates and the runs of the request come to. */
function planReceipt(given: RequestReader, runs: readonly PlannedEntry[], fault: Fault): JsonObject {
  const receipt = withKeys(given, Object.keys(schemaProperties("gateReceipt")), fault);
  const cited = receipt.value["evaluations"] ?? (runs.length > 0 ? runs.map(({ ref }) => ref) : undefined);
  const gates = receipt.objects("gates").map((gate) => planGate(gate, runs));
  const decision = gates.every((gate) => gate["passed"] === true) ? "PASS" : "FAIL";
  return present({
    ...receipt.value,
    decision: receipt.value["decision"] ?? decision,
    gates: receipt.value["gates"] === undefined ? undefined : gates,
    evaluations: cited,
  });
}

/** A gate with the value that the runs measured, where they agree on one, and whether that meets it. */
function planGate({ value }: RequestReader, runs: readonly PlannedEntry[]): JsonObject {
  const { metric, operator, threshold, observed: stated, passed } = value;
  const measured = new Set(runs.flatMap((run) => metricOf(run, metric)));
  const observed = stated ?? (measured.size === 1 ? [...measured][0] : undefined);
  const isBar =
    typeof metric === "string" &&
    isOperator(operator) &&
    typeof threshold === "number" &&
    typeof observed === "number";
  const holds = isBar ? meets(observed, { metric, operator, threshold }) : undefined;
  return present({ ...value, observed, passed: passed ?? holds });
}

function metricOf(run: PlannedEntry, metric: Json | undefined): readonly number[] {
  const { metrics } = run.value;
  if (!isObject(metrics) || typeof metric !== "string" || !Object.hasOwn(metrics, metric)) return [];
  const measured = metrics[metric];
  return typeof measured === "number" ? [measured] : [];
}

/** `{ref, uri, digest}` and what else a Dataset's spec may say -> the Dataset. */
function planDataset(given: RequestReader, fault: Fault): PlannedEntry | undefined {
  const spec = schemaOf("Dataset").properties?.["spec"];
  const known = typeof spec === "object" ? Object.keys(spec.properties ?? {}) : [];
  const dataset = withKeys(given, ["ref", ...known], fault);
  dataset.need("ref", '"dataset:fraud/transactions@1.0.0"');
  dataset.need("uri", '"s3://data/fraud/transactions-1.0.0/"');
  dataset.need("digest", '"sha256:<64 hex digits>"');
  const ref = dataset.text("ref");
  const identity = parseRef(ref ?? "");
  if (identity?.kind !== "Dataset") {
    if (ref !== undefined)
      dataset.fault(
        requestShape,
        `${JSON.stringify(ref)} is no exact dataset, such as dataset:fraud/transactions@1.0.0.`,
        "ref",
      );
    return undefined;
  }
  const { ref: _, ...content } = dataset.value;
  const state = kindOf("Dataset").lifecycle?.initial ?? "draft";
  const value = { title: `${identity.name} ${identity.version}`, state, spec: content };
  return { kind: "Dataset", ref: identity.ref, path: identity.path, value };
}

/** Which of the entries exist already with this content; another content is a conflict that names what landed. */
function findExisting(
  registry: Registry,
  entries: readonly PlannedEntry[],
  reader: RequestReader,
): ReadonlySet<string> {
  const existing = new Set<string>();
  const planned = new Map<string, PlannedEntry>();
  for (const entry of entries) {
    const twin = planned.get(entry.ref);
    planned.set(entry.ref, entry);
    if (twin !== undefined && !sameJson(twin.value, entry.value)) {
      reader.fault(requestConflict, `The request holds two different ${entry.ref}.`);
    }
    const landed = registry.get(entry.ref);
    if (landed === undefined && !registry.isBroken(entry.ref)) continue;
    if (landed !== undefined && saysTheSame(landed, entry)) {
      existing.add(entry.ref);
      continue;
    }
    const digest = landed?.version == null ? "" : `, with the digest ${digestOf(landed)}`;
    reader.fault(requestConflict, `${entry.ref} exists with other content${digest}.`);
  }
  return existing;
}

/** Frozen content decides (DESIGN 4): a bundle's spec and receipt, a run as a whole; of a dataset what the request states. */
function saysTheSame(landed: Entry, { kind, value }: PlannedEntry): boolean {
  const there = landed.value as JsonObject;
  if (kind === "Evaluation") return sameJson(there, value);
  if (kind === "Bundle")
    return sameJson(there["spec"], value["spec"]) && sameJson(there["gateReceipt"], value["gateReceipt"]);
  const [spec, stated] = [there["spec"], value["spec"]];
  return (
    isObject(spec) &&
    isObject(stated) &&
    Object.entries(stated).every(([key, each]) => sameJson(spec[key], each))
  );
}

function readSubmitter(registry: Registry, reader: RequestReader): string {
  const by = reader.text("submitted_by");
  const at = reader.text("submitted_at_utc");
  if (at !== undefined && parseInstant(at) === undefined) {
    reader.fault(
      requestShape,
      "submitted_at_utc should be an instant in UTC, such as 2026-07-01T10:05:00Z.",
      "submitted_at_utc",
    );
  }
  if (by !== undefined) {
    const entry = registry.get(by);
    const isActive = entry?.kind === "Identity" && (entry as Entry<"Identity">).value.active !== false;
    if (!isActive)
      reader.fault(
        requestSubmitter,
        `${JSON.stringify(by)} is no active identity of this registry.`,
        "submitted_by",
      );
  }
  return [by === undefined ? "" : `Submitted by ${by}`, at === undefined ? "" : `at ${at}`]
    .filter((part) => part !== "")
    .join(" ");
}

function schemaProperties(key: string): object {
  const found = schemaOf("Bundle").properties?.[key];
  return typeof found === "object" ? (found.properties ?? {}) : {};
}

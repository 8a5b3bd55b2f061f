/**
 * `assent publish`: a PublishBundleRequest becomes entries, if the registry with them is good. Publishing the same
 * content again succeeds and does nothing; the same id with other content is a conflict (DESIGN 4).
 */
import { faultsOfRequest, type PlannedEntry } from "../core/author/request.ts";
import { planPublish, subjectOf, type PublishPlan } from "../core/author/publish.ts";
import { requestShape } from "../core/author/codes.ts";
import { isRetryable, type Category } from "../core/model/diagnostic.ts";
import type { Digest } from "../core/model/digest.ts";
import { compareBytes, isObject, type JsonObject } from "../core/model/json.ts";
import type { Tree } from "../core/model/tree.ts";
import { render } from "../core/source/render.ts";
import type { Diagnostic } from "../core/validate/report.ts";
import { keyOrders } from "../generated/key-order.ts";
import { locateInRequest, parseRequest, readNamedFile, treeOfRequest, type RequestFile } from "./request.ts";
import type { Committed, FileChange, Ports } from "./ports.ts";
import type { Proposed } from "./propose.ts";
import { openRegistry, type Selection } from "./read.ts";
import { writeChanges, type WriteOptions, type WrittenFile } from "./write.ts";

export interface PublishRequest extends Selection {
  readonly request: RequestFile;
}

/** Why a request was rejected, in the terms of the contract. */
export interface Reason {
  readonly code: string;
  readonly category: Category;
  readonly retryable: boolean;
  readonly message: string;
}

export interface Published {
  readonly status: "ACCEPTED" | "DUPLICATE" | "REJECTED";
  /** `<ns>/<name>` and the version, as far as the request says them. */
  readonly id: string | null;
  readonly version: string | null;
  readonly digest: Digest | null;
  /** What was written, or would be with `dryRun`. */
  readonly files: readonly WrittenFile[];
  readonly dryRun: boolean;
  readonly committed?: Committed;
  readonly pullRequest?: Proposed;
  /** Errors where it was rejected, else warnings; placed in `tree`. */
  readonly diagnostics: readonly Diagnostic[];
  readonly reasons: readonly Reason[];
  readonly tree: Tree;
}

/** Publishes one request. */
export async function publish(
  given: PublishRequest,
  options: Omit<WriteOptions, "message">,
  ports: Ports,
): Promise<Published> {
  const { request: file } = given;
  const dryRun = options.dryRun === true;
  const parsed = parseRequest(file);
  const { findings, fault } = faultsOfRequest(file.name);
  const body = "value" in parsed && isObject(parsed.value) ? parsed.value : undefined;
  if ("finding" in parsed) findings.push(parsed.finding);
  else if (body === undefined) fault(requestShape, "A request is one JSON object.", []);
  const subject = body === undefined ? { id: null, version: null } : subjectOf(body);
  const open = await openRegistry(given, ports);
  const request =
    body === undefined
      ? undefined
      : withNamedFiles(body, (named, key) => readNamedFile(named, key, file, ports, fault), fault);
  const plan = request === undefined ? undefined : planPublish(open.registry, request, fault);
  if (plan === undefined || findings.length > 0) {
    const diagnostics = await locateInRequest(findings, file);
    return {
      status: "REJECTED",
      ...subject,
      digest: null,
      files: [],
      dryRun,
      diagnostics,
      reasons: diagnostics.map(reasonOf),
      tree: treeOfRequest(file),
    };
  }
  const missing = plan.entries
    .filter(({ ref }) => !plan.existing.has(ref))
    .sort((a, b) => compareBytes(a.path, b.path));
  const changes = missing.map((entry): FileChange => ({ path: entry.path, content: textOf(entry) }));
  const result = await writeChanges(open, changes, { ...options, message: messageOf(plan) });
  const { diagnostics, tree, committed, pullRequest } = result;
  const answer = {
    ...subject,
    digest: plan.digest,
    dryRun,
    diagnostics,
    tree,
    ...(committed && { committed }),
    ...(pullRequest && { pullRequest }),
  };
  if (result.outcome === "refused") {
    const reasons = diagnostics.filter(({ severity }) => severity === "error").map(reasonOf);
    return { ...answer, status: "REJECTED", files: [], reasons };
  }
  const status = result.outcome === "unchanged" ? "DUPLICATE" : "ACCEPTED";
  return { ...answer, status, files: result.files, reasons: [] };
}

/** The request with the contents of the files it names in place of their names. */
function withNamedFiles(
  body: JsonObject,
  read: (named: JsonObject, key: string) => JsonObject | undefined,
  fault: ReturnType<typeof faultsOfRequest>["fault"],
): JsonObject | undefined {
  const { bundle_ref: bundleRef, gate_receipt: receipt } = body;
  let request = body;
  if (bundleRef !== undefined) {
    if (body["bundle"] !== undefined)
      fault(requestShape, "bundle and bundle_ref say the same twice: send one of them.", ["bundle_ref"]);
    else if (!isObject(bundleRef))
      fault(requestShape, "bundle_ref should be an object with uri and digest.", ["bundle_ref"]);
    else {
      const bundle = read(bundleRef, "bundle_ref");
      if (bundle !== undefined) request = { ...request, bundle };
    }
  }
  if (isObject(receipt) && receipt["uri"] !== undefined) {
    const embedded = read(receipt, "gate_receipt");
    if (embedded === undefined)
      return request["bundle"] === undefined ? undefined : { ...request, gate_receipt: {} };
    request = { ...request, gate_receipt: embedded };
  }
  return request;
}

function textOf({ kind, value }: PlannedEntry): string {
  return render(value, keyOrders[kind]);
}

function messageOf({ bundle, submitted }: PublishPlan): string {
  const title = `Publish ${bundle.ref}`;
  return submitted === "" ? title : `${title}\n\n${submitted}.`;
}

function reasonOf({ code, category, message }: Diagnostic): Reason {
  return { code, category, retryable: isRetryable(category), message };
}

/**
 * What an event of the forge asks the gate to look at again. An event is only a reason to look: who approved what is
 * read from the forge afterwards, so a forged, doubled, late or lost event can never let anything through.
 * Shapes: GitHub's webhook payloads, and the same events as workflows receive them.
 */
import { isObject, type Json } from "../model/json.ts";
import { fullName, parseRepositoryName, type RepositoryName } from "../model/repository-name.ts";

/** What is to be decided anew. */
export type Work =
  /** One pull request. */
  | { readonly kind: "pull-request"; readonly repo: RepositoryName; readonly number: number }
  /** Every open one with this head: events of reviews that reach a workflow by a ping know no more. */
  | { readonly kind: "head"; readonly repo: RepositoryName; readonly sha: string }
  /** Every open one into this branch: its tip has moved, so no check stands any more. */
  | { readonly kind: "branch"; readonly repo: RepositoryName; readonly ref: string }
  /** Every pending one whose time has come. */
  | { readonly kind: "due"; readonly repo: RepositoryName }
  /** A merge queue's commit on its base. */
  | {
      readonly kind: "queue";
      readonly repo: RepositoryName;
      readonly number: number;
      readonly base: string;
      readonly head: string;
    };

const pullActions = new Set(["opened", "reopened", "synchronize", "edited", "ready_for_review"]);
const sha = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** Reads one event; undefined when there is nothing to decide. `repo`: for events of the schedule, which name none. */
export function workOf(event: string, payload: unknown, repo?: RepositoryName): Work | undefined {
  const body = isObject(payload) ? payload : {};
  const named = isObject(body["repository"]) ? body["repository"]["full_name"] : undefined;
  const place = typeof named === "string" ? parseRepositoryName(named) : repo;
  if (place === undefined || (repo !== undefined && !sameName(place, repo))) return undefined;
  const action = typeof body["action"] === "string" ? body["action"] : "";
  switch (event) {
    case "pull_request":
    case "pull_request_target":
      return pullActions.has(action) ? pullWork(place, body["pull_request"]) : undefined;
    case "pull_request_review":
      return pullWork(place, body["pull_request"]);
    case "workflow_run":
      return headWork(place, isObject(body["workflow_run"]) ? body["workflow_run"]["head_sha"] : undefined);
    case "check_run": {
      const run = isObject(body["check_run"]) ? body["check_run"] : {};
      return action === "rerequested" ? headWork(place, run["head_sha"]) : undefined;
    }
    case "check_suite": {
      const suite = isObject(body["check_suite"]) ? body["check_suite"] : {};
      return action === "rerequested" ? headWork(place, suite["head_sha"]) : undefined;
    }
    case "push":
    case "workflow_dispatch": {
      const ref = body["ref"];
      const known = typeof ref === "string" && ref.startsWith("refs/heads/") && body["deleted"] !== true;
      return known ? { kind: "branch", repo: place, ref } : undefined;
    }
    case "merge_group":
      return action === "checks_requested" ? queueWork(place, body["merge_group"]) : undefined;
    case "schedule":
      return { kind: "due", repo: place };
    default:
      return undefined;
  }
}

/** One piece of work as a text: equal work is done once. */
export function workKey(work: Work): string {
  const what =
    work.kind === "pull-request"
      ? work.number
      : work.kind === "branch"
        ? work.ref
        : work.kind === "due"
          ? ""
          : work.kind === "head"
            ? work.sha
            : work.head;
  return `${fullName(work.repo)} ${work.kind} ${what}`;
}

function sameName(a: RepositoryName, b: RepositoryName): boolean {
  return fullName(a).toLowerCase() === fullName(b).toLowerCase();
}

function pullWork(repo: RepositoryName, pull: Json | undefined): Work | undefined {
  const number = isObject(pull) ? pull["number"] : undefined;
  if (typeof number !== "number" || !Number.isSafeInteger(number) || number < 1) return undefined;
  return { kind: "pull-request", repo, number };
}

function headWork(repo: RepositoryName, head: Json | undefined): Work | undefined {
  return typeof head === "string" && sha.test(head) ? { kind: "head", repo, sha: head } : undefined;
}

/** GitHub names a queue's branches `gh-readonly-queue/<base>/pr-<number>-<sha>`; one pull request each. */
function queueWork(repo: RepositoryName, group: Json | undefined): Work | undefined {
  if (!isObject(group)) return undefined;
  const { head_sha: head, base_sha: base, head_ref: ref } = group;
  const number =
    typeof ref === "string" ? Number(/\/pr-([1-9]\d{0,8})-[0-9a-f]{40,64}$/.exec(ref)?.[1] ?? 0) : 0;
  if (
    typeof head !== "string" ||
    typeof base !== "string" ||
    !sha.test(head) ||
    !sha.test(base) ||
    number === 0
  )
    return undefined;
  return { kind: "queue", repo, number, base, head };
}

/**
 * `assent app`: the gate as something that listens. Every event, from a webhook or from a workflow, goes the same way:
 * event -> what to look at again -> gate -> post. Deliveries may come twice, late or in any order; the answer is
 * always about what stands there now. Nothing that an event says about approvals is believed.
 */
import { workKey, workOf, type Work } from "../core/govern/deliveries.ts";
import { Failure } from "../core/model/failure.ts";
import { millisecondsOf, type Instant } from "../core/model/instant.ts";
import type { Posting } from "../core/model/posting.ts";
import type { PullRequestFacts } from "../core/model/pull-request.ts";
import { fullName, type RepositoryName } from "../core/model/repository-name.ts";
import { postDecision } from "./post.ts";
import type { Delivery, Forge } from "./ports.ts";

/** What is judged: a pull request, or a merge queue's commit of it. */
export interface GateRequest {
  readonly repo: RepositoryName;
  readonly number: number;
  /** Judge this commit on this base instead of the head on the tip; the approvals are the pull request's. */
  readonly queue?: { readonly base: string; readonly head: string };
}

/** The decision, rendered, and the facts it was made of. Undefined: the registry's rules do not speak about it. */
export type Gate = (
  request: GateRequest,
) => Promise<{ readonly facts: PullRequestFacts; readonly posting: Posting } | undefined>;

export interface AppNeeds {
  readonly gate: Gate;
  readonly forge: Forge;
  now(): Instant;
  /** One line for the log; whatever it quotes must be escaped by whoever prints it. */
  log(line: string): void;
}

/** How many deliveries are remembered, to know a repeated one. */
const remembered = 10_000;

export interface Listener {
  /** Takes a delivery; one that came before is dropped. */
  take(delivery: Delivery): void;
  /** Looks again at what waits for time, in every repository that was heard of. */
  tick(): void;
  /** Resolves when all that was taken is done. */
  idle(): Promise<void>;
}

/** Works on deliveries one after the other; what waits already is not queued twice. */
export function listen(needs: AppNeeds): Listener {
  const seen = new Set<string>();
  const repositories = new Map<string, RepositoryName>();
  const waiting = new Map<string, Work>();
  let working: Promise<void> | undefined;
  const workThrough = async (): Promise<void> => {
    for (
      let next = waiting.entries().next().value;
      next !== undefined;
      next = waiting.entries().next().value
    ) {
      const [key, work] = next;
      waiting.delete(key);
      await decide(work, needs);
    }
    working = undefined;
  };
  const enqueue = (work: Work): void => {
    waiting.set(workKey(work), work);
    working ??= workThrough();
  };
  return {
    tick: () => repositories.forEach((repo) => enqueue({ kind: "due", repo })),
    take({ id, event, payload }) {
      if (seen.has(id)) return;
      seen.add(id);
      for (const oldest of seen) {
        if (seen.size <= remembered) break;
        seen.delete(oldest);
      }
      const work = workOf(event, payload);
      if (work === undefined) return;
      repositories.set(fullName(work.repo), work.repo);
      enqueue(work);
    },
    idle: async () => {
      while (working !== undefined) await working;
    },
  };
}

/** One event, decided before it returns: what a workflow runs. Hands back how many could not be decided. */
export async function decideEvent(
  event: string,
  payload: unknown,
  repo: RepositoryName,
  needs: AppNeeds,
): Promise<number> {
  const work = workOf(event, payload, repo);
  if (work !== undefined) return decide(work, needs);
  needs.log(`nothing to decide for ${event}`);
  return 0;
}

async function decide(work: Work, needs: AppNeeds): Promise<number> {
  let failed = 0;
  try {
    for (const request of await requestsOf(work, needs)) failed += (await decideOne(request, needs)) ? 0 : 1;
  } catch (error) {
    needs.log(`${workKey(work)}: ${sentenceOf(error)}`);
    return failed + 1;
  }
  return failed;
}

async function requestsOf(work: Work, { forge, now }: AppNeeds): Promise<readonly GateRequest[]> {
  const { repo } = work;
  if (work.kind === "pull-request") return [{ repo, number: work.number }];
  if (work.kind === "queue")
    return [{ repo, number: work.number, queue: { base: work.base, head: work.head } }];
  const open = await forge.openPullRequests(repo);
  if (work.kind === "head")
    return open.filter(({ head }) => head === work.sha).map(({ number }) => ({ repo, number }));
  if (work.kind === "branch")
    return open.filter(({ base }) => base === work.ref).map(({ number }) => ({ repo, number }));
  const due: GateRequest[] = [];
  for (const { number, head } of open) {
    const until = await forge.pendingUntil(repo, head);
    if (typeof until === "string" && millisecondsOf(until) <= millisecondsOf(now()))
      due.push({ repo, number });
  }
  return due;
}

/** Decides and posts; once more when the pull request changed meanwhile. False when it could not be decided. */
async function decideOne(request: GateRequest, needs: AppNeeds): Promise<boolean> {
  const name = `${fullName(request.repo)}#${request.number}`;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const judged = await needs.gate(request);
      if (judged === undefined) {
        needs.log(`${name}: not for the gate`);
        return true;
      }
      const on = request.queue?.head;
      const posted = await postDecision(
        { repo: request.repo, ...judged, ...(on !== undefined && { on }) },
        needs.forge,
      );
      needs.log(`${name}: ${judged.posting.outcome}${posted.changed ? "" : ", nothing new to post"}`);
      return true;
    } catch (error) {
      const again = error instanceof Failure && error.category === "conflict" && attempt < 3;
      if (again) continue;
      needs.log(`${name}: ${sentenceOf(error)}`);
      if (error instanceof Failure && error.code === "forge/other-base") return true;
      await withdraw(request, needs);
      return false;
    }
  }
}

/** What could not be decided must not keep an older yes: the check waits until it is decided again. */
async function withdraw({ repo, number, queue }: GateRequest, { forge, log }: AppNeeds): Promise<void> {
  try {
    const sha = queue?.head ?? (await forge.pullRequest(repo, number)).head.sha;
    const title = "Not decided: the gate could not run";
    const summary =
      "The log of the gate says what is in its way. Run it again: re-request this check, or push.";
    await forge.postCheck(repo, {
      sha,
      digest: "unknown",
      conclusion: null,
      eligibleAt: null,
      title,
      summary,
      annotations: [],
    });
  } catch (error) {
    log(`${fullName(repo)}#${number}: ${sentenceOf(error)}`);
  }
}

function sentenceOf(error: unknown): string {
  if (error instanceof Failure) return `${error.code}: ${error.message}`;
  return `a bug: ${error instanceof Error ? error.message : String(error)}`;
}

/**
 * history and events: who changed what, when and why, from the landings of the protected branch (DESIGN 6).
 * Everything here is derived from commits; it must never be written into the registry.
 */
import {
  draftOf,
  emptyHistory,
  type History,
  type HistoryDraft,
  type LandedValues,
} from "../core/audit/events.ts";
import type { RegistryEvent } from "../core/audit/event.ts";
import type { CompiledHistory } from "../core/compile/history.ts";
import { EVIDENCE_BRANCH } from "../core/audit/evidence.ts";
import { textAt } from "../core/audit/derive.ts";
import { parseHistoryState, renderHistoryState } from "../core/audit/state.ts";
import { stackOf, type Live, type ScopeStack } from "../core/audit/stack.ts";
import { takeLandings, takeTime, type HistorySource } from "./history-take.ts";
import { subjectsOf } from "./history-subject.ts";
import { tell, type Told } from "./history-told.ts";
import type { Approval, ApprovalTips } from "./approved-by.ts";
import { needLandings, protectedBranch, walkLandings, walkLine } from "./landed.ts";
import { needGit, type Selection } from "./read.ts";
import { rootOf } from "./root.ts";
import type { CloneNotes, Ports, Repository } from "./ports.ts";

/** The history of everything that landed up to `at`. */
export async function readHistory(source: HistorySource, at?: string): Promise<History> {
  const draft = draftOf(emptyHistory);
  for await (const batch of walkLine(source.repository, at)) await takeLandings(draft, batch, source);
  return draft;
}

/** Where a clone keeps the history that was built last. */
const NOTE = "history.json";

/**
 * The same history, built from the one that was built last in this clone: only what landed since is read. What was kept
 * is used if it is whole and its last landing is on the line to `tip`; otherwise all is read. `keep`: whether the
 * next one may build on this one; not for a look into the past.
 */
export async function growHistory(
  source: HistorySource,
  tip: string,
  notes: CloneNotes,
  keep: boolean,
): Promise<HistoryDraft> {
  const text = notes.read(NOTE);
  const kept = text === undefined ? undefined : parseHistoryState(text);
  let draft = draftOf(kept ?? emptyHistory);
  const { tip: since } = draft;
  for await (const batch of walkLandings(source.repository, tip, since === null ? {} : { after: since })) {
    if (batch === null) {
      draft = draftOf(await readHistory(source, tip));
      break;
    }
    await takeLandings(draft, batch, source);
  }
  if (keep && draft.tip !== null && draft.tip.oid !== since?.oid)
    notes.write(NOTE, renderHistoryState(draft));
  return draft;
}

/** Where a clone keeps what was compiled of it last. */
const COMPILED = "compiled-history.json";

/**
 * The History part of a snapshot, up to `tip`: what was compiled last where nothing has landed since. `keep` as for
 * `growHistory`.
 */
export async function compiledHistory(
  source: HistorySource,
  tip: string,
  notes: CloneNotes,
  keep: boolean,
): Promise<CompiledHistory> {
  const { compileHistory, parseCompiledHistory, renderCompiledHistory } =
    await import("../core/compile/history.ts");
  const text = (await source.repository.isShallow()) ? undefined : notes.read(COMPILED);
  const kept = text === undefined ? undefined : parseCompiledHistory(text, tip);
  if (kept !== undefined) return kept;
  const compiled = compileHistory(await growHistory(source, tip, notes, keep));
  if (keep) notes.write(COMPILED, renderCompiledHistory(compiled));
  return compiled;
}

/** The versions that a scope had, the live one last (DESIGN 4); `path` as below `live/`. */
export async function scopeStack(path: string, repository: Repository): Promise<ScopeStack> {
  const file = `registry/live/${path}.yaml`;
  const landed: LandedValues[] = [];
  for await (const batch of walkLine(repository, undefined, [file])) landed.push(...batch);
  // A file that is there and cannot be read says nothing, as in the whole history.
  const told = landed
    .flatMap(({ changes }) => changes)
    .filter(({ after, sha256 }) => after !== null || sha256 === null);
  return stackOf(told.map(({ after }): Live => textAt(after, "bundle")));
}

/** History needs the repository and nothing on disk. */
export type HistoryPorts = Pick<Ports, "findRoot" | "openRepository" | "openCloneNotes" | "sandbox">;

export interface EventsRequest extends Selection {
  /** Sequences, both included. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/**
 * RegistryEvents in the order in which they happened, in batches, so that the length of a history costs no memory. With
 * `asOf` also what time alone has brought about since the last landing.
 */
export async function* events(
  request: EventsRequest,
  ports: Pick<HistoryPorts, "findRoot" | "openRepository" | "sandbox">,
): AsyncGenerator<readonly RegistryEvent[], void> {
  const repository = needGit(await ports.openRepository(rootOf(request.folder, ports)), "assent events");
  const source = { repository, sandbox: ports.sandbox };
  const { from = 1, to = Number.POSITIVE_INFINITY } = request;
  const draft = draftOf(emptyHistory);
  const evidence = await repository.tipOf(EVIDENCE_BRANCH);
  for await (const batch of walkLine(repository, request.at)) {
    await takeLandings(draft, batch, source);
    const landed = draft.events.splice(0);
    const told = evidence === null ? landed : await withRecorded(landed, batch, draft, evidence, repository);
    // What time brought about before the first of them belongs to the landing before.
    const isWithin =
      batch.length > 0 &&
      ((batch[0]?.landing.sequence ?? 0) > from || from <= 1) &&
      (batch.at(-1)?.landing.sequence ?? 0) <= to;
    yield isWithin ? told : told.filter(({ sequence }) => sequence >= from && sequence <= to);
    if ((draft.tip?.sequence ?? 0) > to) break;
  }
  const [tip] = needLandings(draft.tip === null ? [] : [draft.tip]);
  if (tip === undefined || request.asOf === undefined || tip.sequence < from || tip.sequence > to) return;
  if (draft.watch !== null) yield await takeTime(draft, request.asOf, source);
}

/** The same with what the branch of evidence says, after what its landing says. */
async function withRecorded(
  told: readonly RegistryEvent[],
  batch: readonly LandedValues[],
  { registryId }: History,
  evidence: string,
  repository: Repository,
): Promise<readonly RegistryEvent[]> {
  const [{ withViolations }, { recordPath }] = await Promise.all([
    import("../core/audit/evidence-events.ts"),
    import("../core/audit/record.ts"),
  ]);
  const { get } = await repository.treeAt(evidence, {
    paths: batch.map(({ landing }) => recordPath(landing.sequence)),
  });
  const landings = batch.map(({ landing }) => landing);
  return withViolations(told, landings, registryId, (sequence) => get(recordPath(sequence))?.read());
}

export interface HistoryItem extends Omit<Told, "landing"> {
  /** What evidence says of the landing; null where none was recorded. */
  readonly decision: string | null;
  /** Who agreed to the landing, as recorded; none where neither evidence nor signatures tell. */
  readonly approvals: readonly Approval[];
}

export interface HistoryRequest extends Selection {
  /** A scope, an entry, or an entry without its version; everything when absent. */
  readonly subject?: string | undefined;
  /** At most so many. */
  readonly limit?: number | undefined;
}

export interface HistoryResult {
  readonly registry: string;
  /** The subjects that were meant, in byte order; all of them when none was asked for. */
  readonly subjects: readonly string[] | null;
  /** The landing it ends with. */
  readonly commit: string;
  readonly sequence: number;
  /** Latest first. */
  readonly items: readonly HistoryItem[];
}

/** What happened to a scope or an entry, latest first. */
export async function history(request: HistoryRequest, ports: HistoryPorts): Promise<HistoryResult> {
  const repository = needGit(await ports.openRepository(rootOf(request.folder, ports)), "assent history");
  const { subject: word } = request;
  const notes = await ports.openCloneNotes(request.folder);
  const tips = tipsOfApprovals(repository);
  tips.catch(() => {});
  const { history: all, items } = await tell(word, { repository, sandbox: ports.sandbox }, request.at, notes);
  needLandings(all.tip === null ? [] : [all.tip]);
  const subjects =
    word === undefined
      ? null
      : subjectsOf(
          word,
          items.map(({ event }) => event),
          all,
        );
  const wanted = subjects === null ? items : items.filter(({ event }) => subjects.includes(event.subject));
  return {
    registry: all.registryId,
    subjects,
    commit: all.tip?.oid ?? "",
    sequence: all.tip?.sequence ?? 0,
    items: await withApprovals([...wanted].reverse().slice(0, request.limit), await tips, repository),
  };
}

/** Where those branches stand that tell who agreed. */
export async function tipsOfApprovals(repository: Repository): Promise<ApprovalTips> {
  const [evidence, approvals] = await Promise.all([
    repository.tipOf(EVIDENCE_BRANCH),
    repository.tipOf("registry-approvals"),
  ]);
  return { evidence, approvals };
}

async function withApprovals(
  items: readonly Told[],
  tips: ApprovalTips,
  repository: Repository,
): Promise<readonly HistoryItem[]> {
  const landings = [...new Map(items.map(({ landing }) => [landing.oid, landing])).values()];
  const hasNone = landings.length === 0 || (tips.evidence === null && tips.approvals === null);
  const { approvedBy } = hasNone ? { approvedBy: undefined } : await import("./approved-by.ts");
  const ref =
    approvedBy === undefined ? "" : `refs/heads/${await protectedBranch(repository, landings[0]?.oid ?? "")}`;
  const known = await approvedBy?.(landings, ref, tips, repository);
  return items.map(({ landing, ...item }) => {
    const { decision = null, approvals = [] } = known?.get(landing.oid) ?? {};
    return { ...item, decision, approvals };
  });
}

/**
 * How compliance moves along a history (DESIGN 5 and 6): by landings, and although nothing lands, because waivers end or
 * policies read the clock. Only what can have moved is judged again. Each event of time carries the landing that was in
 * force and the very instant, so it has the same id whoever looks and whenever. The clock is read at midnights (UTC), at
 * the ends of waivers, and where a landing has an entry judged; it must never be read in between.
 */
import { instantOfSeconds, millisecondsOf, parseInstant, type Instant } from "../model/instant.ts";
import { compareBytes } from "../model/json.ts";
import type { KindName } from "../model/kind.ts";
import type { Landing } from "../model/landing.ts";
import type { Plugins } from "../model/plugin.ts";
import type { Entry } from "../model/registry.ts";
import { judgeOf, type EntryCompliance } from "../policy/compliance.ts";
import { parseRef } from "../source/reference.ts";
import { schemaFindings } from "../validate/schema.ts";
import { answerIn, answerOf, complianceOf } from "./answers.ts";
import type { EntryDifference, Happening } from "./derive.ts";
import { eventIdOf, type RegistryEvent } from "./event.ts";
import { openLiveRegistry, type LiveRegistry } from "./live-registry.ts";
import type { Answer, InForce, MovingWatch, Watch, Watcher } from "./watch.ts";

/**
 * What moves a watch on, with the plugins that its policies may ask: `before`, as pinned since the last landing; `after`, as
 * pinned by the landing that it takes in.
 */
export function watcherWith(before: Plugins | null, after: Plugins | null): Watcher {
  return {
    lapse(watch, inForce, until) {
      setPlugins(watch, before);
      return lapse(watch, inForce, until);
    },
    land(watch, landing, differences) {
      setPlugins(watch, after);
      // Another plugin may answer otherwise, whoever asks it.
      return land(watch, landing, differences, before !== after);
    },
  };
}

function setPlugins(watch: Watch, plugins: Plugins | null): void {
  const { registry } = followingOf(watch);
  if (plugins === null) delete registry.plugins;
  else registry.plugins = plugins;
}

/** Kinds of which any entry's answer may depend. */
const reachingAll: ReadonlySet<KindName> = new Set(["Policy", "PolicyBinding", "Waiver", "Environment"]);

/** What is derived from a watch and not kept with it: its registry, and which entries something moves. */
interface Following {
  readonly registry: LiveRegistry;
  readonly movedBy: ReadonlyMap<string, Set<string>>;
}

const followed = new WeakMap<Watch, Following>();

function followingOf(watch: Watch): Following {
  let following = followed.get(watch);
  if (following === undefined) {
    const registry = openLiveRegistry();
    for (const [ref, value] of watch.values) {
      const identity = parseRef(ref);
      if (identity !== undefined) registry.put(identity, value);
    }
    following = { registry, movedBy: new Map(["c", "w", "o"].map((by) => [by, new Set()])) };
    for (const [ref, answers] of watch.answers) noteMoves(following, ref, answers);
    followed.set(watch, following);
  }
  return following;
}

function noteMoves({ movedBy }: Following, ref: string, answers: readonly Answer[]): void {
  for (const [by, refs] of movedBy)
    if (answers.some(({ moves: own }) => own.includes(by))) refs.add(ref);
    else refs.delete(ref);
}

function land(
  watch: MovingWatch,
  landing: Landing,
  differences: readonly EntryDifference[],
  isAll: boolean,
): readonly Happening[] {
  const following = followingOf(watch);
  const { registry } = following;
  const asked = new Set(following.movedBy.get("o"));
  const fresh = new Set<string>();
  let all = isAll;
  for (const { identity, before, after } of differences) {
    const { kind, ref, path } = identity;
    // What does not fit its schema is lint's to report; what the entry said before still stands.
    if (after !== null && schemaFindings(kind, path, after).length > 0) continue;
    const old = registry.get(ref);
    if (old !== undefined) dependentsOf(old, registry, asked);
    if (before === null) fresh.add(ref);
    if (after === null) {
      watch.values.delete(ref);
      watch.answers.delete(ref);
      noteMoves(following, ref, []);
      registry.remove(identity);
    } else {
      watch.values.set(ref, after);
      registry.put(identity, after);
      const entry = registry.get(ref);
      if (entry !== undefined) dependentsOf(entry, registry, asked);
    }
    if (reachingAll.has(kind)) all = true;
  }
  if (registry.ofKind("PolicyBinding").length === 0 && watch.answers.size === 0) return [];
  const refs = all ? watch.values.keys() : asked;
  return judgeAgain(watch, refs, landing.time).map(({ ref, from, answer }) => ({
    type: "compliance_changed",
    subject: ref,
    bundleId: null,
    bundleVersion: null,
    scope: null,
    fromState: fresh.has(ref) ? null : from,
    toState: answer.status,
    replaces: null,
    patch: null,
    reason: `The landing changed it${because(answer)}.`,
  }));
}

/** The entry itself, and those whose rules may read it as their use case, bundle or evaluation. */
function dependentsOf(entry: Entry, registry: LiveRegistry, found: Set<string>): void {
  const { kind, ref, ns, name } = entry;
  found.add(ref);
  if (kind === "Evaluation") found.add((entry as Entry<"Evaluation">).value.target);
  const kinds: readonly KindName[] =
    kind === "UseCase" ? ["Bundle", "Evaluation", "Activation"] : kind === "Bundle" ? ["Activation"] : [];
  for (const other of kinds.flatMap((each) => registry.ofKind(each)))
    if (other.ns === ns && other.name === name) found.add(other.ref);
}

function lapse(watch: MovingWatch, inForce: InForce, until: Instant): readonly RegistryEvent[] {
  const { registry, movedBy } = followingOf(watch);
  const events: RegistryEvent[] = [];
  const last = millisecondsOf(until);
  for (let asOf = inForce.landing.time; ;) {
    const next = nextInstant(asOf, registry, movedBy.get("c")?.size !== 0);
    if (next === null || millisecondsOf(next) > last) return events;
    const instant = millisecondsOf(next);
    const ended = registry.ofKind("Waiver").filter(({ value }) => endOf(value.expires) === instant);
    const passed = [
      ...ended.map(({ ref }): Passed => ({
        type: "waiver_lapsed",
        subject: ref,
        from: null,
        to: "expired",
        reason: "The waiver has ended.",
      })),
      ...judgeAgain(watch, [...(movedBy.get("c") ?? []), ...(movedBy.get("w") ?? [])], next).map(
        ({ ref, from, answer }): Passed => ({
          type: "compliance_changed",
          subject: ref,
          from,
          to: answer.status,
          reason: `Time passed${because(answer)}.`,
        }),
      ),
    ];
    passed.forEach((each, index) => events.push(eventOf(inForce, next, each, index + 1)));
    asOf = next;
  }
}

interface Passed {
  readonly type: "waiver_lapsed" | "compliance_changed";
  readonly subject: string;
  readonly from: string | null;
  readonly to: string;
  readonly reason: string;
}

/** An answer that is another than before. */
interface Moved {
  readonly ref: string;
  readonly from: string;
  readonly answer: EntryCompliance;
}

/** Judges entries, keeps what is said now, and tells what differs: in byte order of references, then of environments. */
function judgeAgain(watch: MovingWatch, refs: Iterable<string>, asOf: Instant): readonly Moved[] {
  const following = followingOf(watch);
  const { registry } = following;
  const judge = judgeOf(registry, asOf);
  const found: Moved[] = [];
  for (const ref of [...new Set(refs)].sort(compareBytes)) {
    const entry = registry.get(ref);
    if (entry === undefined) continue;
    const now = complianceOf(entry, judge);
    const old = watch.answers.get(ref) ?? [];
    if (old.length === 0 && now.every(({ status }) => status === "unknown")) continue;
    // Where nothing special is bound in an environment, what holds everywhere holds there.
    const places = new Set([...old, ...now].map(({ environment }) => environment ?? ""));
    for (const place of [...places].sort(compareBytes)) {
      const environment = place === "" ? null : place;
      const from = answerIn(environment, old)?.status ?? "unknown";
      const answer = answerIn(environment, now);
      if (answer !== undefined && from !== answer.status)
        found.push({ ref, from, answer: { ...answer, environment } });
    }
    const answers = now
      .filter(({ status }) => status !== "unknown")
      .map((answer) => answerOf(answer, answerIn(answer.environment, old), asOf, registry));
    if (answers.length === 0) watch.answers.delete(ref);
    else watch.answers.set(ref, answers);
    noteMoves(following, ref, answers);
  }
  return found;
}

/** The next instant at which anything can change without a landing. */
function nextInstant(asOf: Instant, registry: LiveRegistry, readsClock: boolean): Instant | null {
  const now = millisecondsOf(asOf);
  const day = 24 * 60 * 60;
  let next: Instant | null = readsClock ? instantOfSeconds((Math.floor(now / 1000 / day) + 1) * day) : null;
  for (const { value } of registry.ofKind("Waiver")) {
    const ends = endOf(value.expires);
    if (ends > now && (next === null || ends < millisecondsOf(next)))
      next = parseInstant(value.expires) ?? next;
  }
  return next;
}

/** In milliseconds; what is no instant never ends. */
function endOf(text: string): number {
  const parsed = parseInstant(text);
  return parsed === undefined ? Number.NaN : millisecondsOf(parsed);
}

/** Where, and which rules are not met. */
function because({ environment, violations }: EntryCompliance): string {
  const rules = violations.map(({ policy, rule }) => `${policy} (${rule})`).join(", ");
  return `${environment === null ? "" : ` in ${environment}`}${rules === "" ? "" : `: ${rules}`}`;
}

function eventOf(
  { registryId, landing, policyRevision }: InForce,
  asOf: Instant,
  passed: Passed,
  ordinal: number,
): RegistryEvent {
  const { sequence, oid } = landing;
  const { type, subject, from, to, reason } = passed;
  return {
    eventId: eventIdOf({ registryId, source: "release", sequence, asOf, ordinal }),
    registry: registryId,
    sequence,
    type,
    subject,
    bundleId: null,
    bundleVersion: null,
    scope: null,
    fromState: from,
    toState: to,
    replaces: null,
    // Nobody did it.
    actor: "unknown",
    claimed: true,
    reason,
    patch: null,
    commit: oid,
    observedAt: asOf,
    policyRevision,
  };
}

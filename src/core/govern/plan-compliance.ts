/**
 * What a change does to compliance (DESIGN 5), for people to see before they agree: who no longer complies, or complies
 * again, once it has landed, by the rules that hold then. The gate denies by the rules of the base; that is decided elsewhere.
 */
import type { Instant } from "../model/instant.ts";
import { compareBytes } from "../model/json.ts";
import type { KindName } from "../model/kind.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { complianceStatuses, judgeOf, type ComplianceStatus, type Judge } from "../policy/compliance.ts";
import { identityOfPath } from "../source/reference.ts";
import type { Change } from "./change.ts";

export interface ComplianceMove {
  readonly subject: string;
  /** The environment that is meant, as a reference; null where it does not matter. */
  readonly environment: string | null;
  readonly before: ComplianceStatus;
  readonly after: ComplianceStatus;
  /** Rules that are not met afterwards and no waiver covers, as `<policy> <rule>`, in the order of policies. */
  readonly unmet: readonly string[];
}

/** Kinds whose change any entry's answer may depend on. */
const reachingAll: ReadonlySet<KindName> = new Set(["Environment", "PolicyBinding", "Waiver"]);

/**
 * Every entry whose status differs, in byte order; of what becomes bound or unbound only what is not met. Work is
 * proportional to the change unless it changes whom policies judge, or policies read what surrounds an entry.
 */
export function complianceMoves(change: Change, asOf: Instant): readonly ComplianceMove[] {
  const [base, result] = [change.base.registry, change.result];
  const isBound = (registry: Registry): boolean => registry.ofKind("PolicyBinding").length > 0;
  if (!isBound(base) && !isBound(result)) return [];
  const [before, after] = [judgeOf(base, asOf), judgeOf(result, asOf)];
  const moves = subjectsOf(change).flatMap((ref) => {
    const [was, is] = [base.get(ref), result.get(ref)];
    return is === undefined ? [] : movesOf(is, answersOf(was, before), answersOf(is, after));
  });
  return moves.sort(
    (a, b) => compareBytes(a.subject, b.subject) || compareBytes(a.environment ?? "", b.environment ?? ""),
  );
}

function subjectsOf({ base, result, paths }: Change): readonly string[] {
  const touched = paths.flatMap(({ path }) => identityOfPath(path) ?? []);
  const all =
    touched.some(({ kind }) => reachingAll.has(kind)) ||
    [base.registry, result].some((registry) => registry.ofKind("Policy").some(readsAround));
  return all ? result.entries.map(({ ref }) => ref) : touched.map(({ ref }) => ref);
}

function readsAround({ value }: Entry<"Policy">): boolean {
  return value.spec.rules.some(({ when = "", assert }) =>
    /\b(?:usecase|bundle|evaluations|dependencies|ancestors)\b/.test(`${when} ${assert}`),
  );
}

interface Answer {
  readonly status: ComplianceStatus;
  readonly unmet: readonly string[];
}

/** By environment; the entry's own answer stands under the empty name. */
function answersOf(entry: Entry | undefined, judge: Judge): ReadonlyMap<string, Answer> {
  if (entry === undefined) return new Map();
  return new Map(
    [null, ...judge.environmentsOf(entry)].map((environment) => {
      const { status, violations } = judge.judge(entry, environment);
      const open = violations.filter(({ waivers }) => waivers.length === 0);
      return [environment ?? "", { status, unmet: open.map(({ policy, rule }) => `${policy} ${rule}`) }];
    }),
  );
}

function movesOf(
  { ref }: Entry,
  before: ReadonlyMap<string, Answer>,
  after: ReadonlyMap<string, Answer>,
): readonly ComplianceMove[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((place) => {
    // Where nothing special is bound, what holds everywhere holds there.
    const was = before.get(place) ?? before.get("") ?? nothing;
    const is = after.get(place) ?? after.get("") ?? nothing;
    if (was.status === is.status || (isFine(was.status) && isFine(is.status))) return [];
    // What happens everywhere is not told again of each environment.
    const everywhere = [before.get("") ?? nothing, after.get("") ?? nothing] as const;
    if (place !== "" && isSame(was, everywhere[0]) && isSame(is, everywhere[1])) return [];
    const environment = place === "" ? null : place;
    return [{ subject: ref, environment, before: was.status, after: is.status, unmet: is.unmet }];
  });
}

function isSame(a: Answer, b: Answer): boolean {
  return a.status === b.status && a.unmet.join("\n") === b.unmet.join("\n");
}

const nothing: Answer = { status: "unknown", unmet: [] };

function isFine(status: ComplianceStatus): boolean {
  return complianceStatuses.indexOf(status) >= complianceStatuses.indexOf("compliant");
}

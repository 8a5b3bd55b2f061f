/**
 * Who must agree to what, before anything changes: for every move that can happen the approval policies that may match
 * it, and for every path its owners (DESIGN 5.2). A reading of the rules as they stand, for people.
 * It must never decide about a change: a policy's condition is told, not answered.
 */
import { kinds } from "../kinds/index.ts";
import { compareBytes } from "../model/json.ts";
import type { KindName } from "../model/kind.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { isObserving } from "../validate/people.ts";
import { ownershipOf, settingsOf } from "./ownership.ts";
import { personsOf, type Persons } from "./persons.ts";
import { hasPerfectFilling } from "./slots.ts";

/** People who hold a role, asked for by a policy. */
export interface RoleAsk {
  /** The role's reference, or `owner`: whoever owns the subject's path. */
  readonly role: string;
  readonly count: number;
  /** Identities that could give it, in byte order; null for `owner`, which depends on the path. */
  readonly holders: readonly string[] | null;
}

/** What one policy asks for. */
export interface Ask {
  readonly policy: string;
  readonly title: string | null;
  /** The condition as written; null = always. */
  readonly when: string | null;
  /** Only moves of entries in these; empty = any. */
  readonly namespaces: readonly string[];
  readonly approvals: readonly RoleAsk[];
  readonly assurance: "forge" | "signed";
  readonly evaluationMaxAge: string | null;
  readonly attestedEvaluations: boolean;
  readonly verifiedArtifacts: boolean;
  readonly soak: { readonly environment: string; readonly duration: string } | null;
  readonly emergency: { readonly approvals: readonly RoleAsk[]; readonly expiresAfter: string | null } | null;
  /** Why it asks for nothing, or for what cannot be given; sentences. */
  readonly problems: readonly string[];
}

/** Moves that fall under the same policies. */
export interface MoveRule {
  readonly kinds: readonly KindName[];
  readonly actions: readonly string[];
  /** A bare name, for moves of what is live; null for all others. */
  readonly environment: string | null;
  /** Empty = an owner of the path is all that is asked for. */
  readonly asks: readonly Ask[];
  /** What the policies cannot have together although each alone could; sentences. */
  readonly problems: readonly string[];
}

export interface PathRule {
  readonly paths: readonly string[];
  readonly ask: Ask;
}

export interface OwnerRule {
  /** A pattern of `ownership`, or with an environment the folder of a use case's activations there. */
  readonly path: string;
  readonly roles: readonly string[];
  readonly holders: readonly string[];
  readonly problems: readonly string[];
}

export interface Rules {
  readonly registry: string;
  readonly mode: "observe" | "enforce";
  /** A bare name when only one was asked about. */
  readonly environment: string | null;
  readonly moves: readonly MoveRule[];
  readonly paths: readonly PathRule[];
  readonly ownership: readonly OwnerRule[];
  /** Policies that no move and no path falls under; references. */
  readonly idle: readonly string[];
}

type Policy = Entry<"ApprovalPolicy">;
type Approvals = readonly { readonly role: string; readonly count?: number }[];

const LIVE_ACTIONS: readonly string[] = ["activate", "promote", "rollback", "deactivate", "inherit", "amend"];

/** The rules of a registry; with an environment (a bare name) only what goes live there. */
export function rulesOf(registry: Registry, environment: string | null): Rules {
  const persons = personsOf(registry);
  const policies = registry.ofKind("ApprovalPolicy");
  const asks = new Map(policies.map((policy) => [policy.ref, askOf(policy, persons)]));
  const environments = [...registry.ofKind("Environment")]
    .sort((a, b) => b.value.rank - a.value.rank || compareBytes(a.name, b.name))
    .map(({ name }) => name);
  const live = environments.flatMap((name) => grouped("Activation", LIVE_ACTIONS, name, policies, asks));
  const others = kinds.flatMap((kind) =>
    kind.name === "Activation" ? [] : grouped(kind.name, actionsOf(kind.name), null, policies, asks),
  );
  const byPath = policies.flatMap((policy) => pathRule(policy, asks));
  const used = new Set([...live, ...others].flatMap((move) => move.asks.map(({ policy }) => policy)));
  const idle = policies
    .map(({ ref }) => ref)
    .filter((ref) => !used.has(ref) && !byPath.some(({ ask }) => ask.policy === ref));
  return {
    registry: settingsOf(registry)?.value.id ?? "",
    mode: isObserving(registry) ? "observe" : "enforce",
    environment,
    moves:
      environment === null
        ? [...live, ...merged(others.filter((move) => move.asks.length > 0))]
        : live.filter((move) => move.environment === environment),
    paths: environment === null ? byPath : [],
    ownership:
      environment === null ? ownershipRules(registry, persons) : ownersIn(registry, environment, persons),
    idle: environment === null ? idle : [],
  };
}

/** Everything that can be done to entries of a kind other than Activation. */
function actionsOf(name: KindName): readonly string[] {
  const lifecycle = kinds.find((kind) => kind.name === name)?.lifecycle;
  const moves = lifecycle?.moves.map(({ action }) => action) ?? [];
  return [...new Set(["create", ...moves, ...(name === "Model" ? ["serve"] : []), "edit", "remove"])];
}

/** The actions of one kind, those that fall under the same policies together, in their own order. */
function grouped(
  kind: KindName,
  actions: readonly string[],
  environment: string | null,
  policies: readonly Policy[],
  asks: ReadonlyMap<string, Ask>,
): readonly MoveRule[] {
  const groups = new Map<string, { readonly actions: string[]; readonly asks: readonly Ask[] }>();
  for (const action of actions) {
    const own = policies
      .filter((policy) => mayMatch(policy, kind, action, environment))
      .flatMap(({ ref }) => asks.get(ref) ?? []);
    const key = own.map(({ policy }) => policy).join(" ");
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { actions: [action], asks: own });
    else group.actions.push(action);
  }
  return [...groups.values()].map((group) => ({
    kinds: [kind],
    environment,
    ...group,
    problems: togetherProblems(group.asks),
  }));
}

/** Whether a policy is about such moves at all, whatever its condition and namespaces say. */
function mayMatch({ value }: Policy, kind: KindName, action: string, environment: string | null): boolean {
  const { kinds: of, actions, environments, paths } = value.match;
  if (paths !== undefined) return false;
  if (of !== undefined && !of.includes(kind)) return false;
  if (actions !== undefined && !actions.some((each) => each === action)) return false;
  return (
    environments === undefined ||
    (environment !== null && environments.includes(`environment:${environment}`))
  );
}

/** Kinds whose same moves fall under the same policies, as one. */
function merged(moves: readonly MoveRule[]): readonly MoveRule[] {
  const found = new Map<string, MoveRule>();
  for (const move of moves) {
    const key = JSON.stringify([move.actions, move.asks.map(({ policy }) => policy)]);
    const known = found.get(key);
    found.set(key, known === undefined ? move : { ...known, kinds: [...known.kinds, ...move.kinds] });
  }
  return [...found.values()];
}

function pathRule(policy: Policy, asks: ReadonlyMap<string, Ask>): readonly PathRule[] {
  const { paths } = policy.value.match;
  const ask = asks.get(policy.ref);
  return paths === undefined || paths.length === 0 || ask === undefined ? [] : [{ paths, ask }];
}

function askOf({ ref, value }: Policy, persons: Persons): Ask {
  const { match, require, emergency } = value;
  const approvals = roleAsks(require.approvals ?? [], persons);
  const inEmergency =
    emergency === undefined
      ? null
      : { approvals: roleAsks(emergency.approvals, persons), expiresAfter: emergency.expiresAfter ?? null };
  const soak = require.soak;
  const asks = {
    assurance: require.assurance ?? ("forge" as const),
    evaluationMaxAge: require.evaluationMaxAge ?? null,
    attestedEvaluations: require.attestedEvaluations === true,
    verifiedArtifacts: require.verifiedArtifacts === true,
    soak:
      soak === undefined
        ? null
        : { environment: soak.environment.replace(/^environment:/, ""), duration: soak.duration },
  };
  const isEmpty =
    approvals.length === 0 &&
    asks.assurance === "forge" &&
    asks.evaluationMaxAge === null &&
    !asks.attestedEvaluations &&
    !asks.verifiedArtifacts &&
    asks.soak === null;
  return {
    policy: ref,
    title: value.title ?? null,
    when: match.when ?? null,
    namespaces: match.namespaces ?? [],
    approvals,
    ...asks,
    emergency: inEmergency,
    problems: [
      ...(isEmpty ? ["It asks for nothing."] : []),
      ...problemsOf(approvals, ""),
      ...(inEmergency === null ? [] : problemsOf(inEmergency.approvals, "In an emergency: ")),
    ],
  };
}

function roleAsks(approvals: Approvals, persons: Persons): readonly RoleAsk[] {
  return approvals.map(({ role, count = 1 }) => ({
    role,
    count,
    holders: role === "owner" ? null : persons.holdersOf(role),
  }));
}

/** Why nobody, or not everybody, could give these. */
function problemsOf(approvals: readonly RoleAsk[], where: string): readonly string[] {
  const problems = approvals.flatMap(({ role, count, holders }) => {
    if (holders === null) return [];
    if (holders.length === 0) return [`${where}No active person holds ${role}, so nobody can agree.`];
    if (holders.length < count)
      return [`${where}${count} of ${role} are asked for, and only ${holders.length} can agree.`];
    if (holders.length === count)
      return [`${where}Everybody who holds ${role} must agree, so none of them may make the change.`];
    return [];
  });
  if (problems.length > 0 || canFill(approvals)) return problems;
  return [`${where}No ${slotCount(approvals)} different people can fill these roles.`];
}

/** What the policies that always match cannot have together. */
function togetherProblems(asks: readonly Ask[]): readonly string[] {
  const strictest = new Map<string, RoleAsk>();
  for (const ask of asks.filter(({ when, namespaces }) => when === null && namespaces.length === 0)) {
    if (ask.problems.length > 0) return [];
    for (const each of ask.approvals)
      if ((strictest.get(each.role)?.count ?? 0) < each.count) strictest.set(each.role, each);
  }
  const all = [...strictest.values()];
  return canFill(all)
    ? []
    : [`Together these policies need ${slotCount(all)} different people, and there are not so many.`];
}

/** Owners depend on the path, so they are left out. */
function canFill(approvals: readonly RoleAsk[]): boolean {
  return hasPerfectFilling(
    approvals.flatMap(({ count, holders }) =>
      holders === null ? [] : Array.from({ length: count }, () => holders),
    ),
  );
}

function slotCount(approvals: readonly RoleAsk[]): number {
  return approvals.reduce((sum, { count, holders }) => sum + (holders === null ? 0 : count), 0);
}

function ownershipRules(registry: Registry, persons: Persons): readonly OwnerRule[] {
  return (settingsOf(registry)?.value.ownership ?? []).map(({ path, roles }) =>
    ownerRule(path, roles, persons),
  );
}

/** Who owns what each use case has live in an environment. */
function ownersIn(registry: Registry, environment: string, persons: Persons): readonly OwnerRule[] {
  const ownerOf = ownershipOf(settingsOf(registry)?.value ?? {});
  return registry.ofKind("UseCase").map(({ id }) => {
    const path = `registry/live/${environment}/${id}.yaml`;
    return ownerRule(path, ownerOf(path)?.roles ?? [], persons);
  });
}

function ownerRule(path: string, roles: readonly string[], persons: Persons): OwnerRule {
  const holders = [...new Set(roles.flatMap((role) => persons.holdersOf(role)))].sort(compareBytes);
  const problems =
    roles.length === 0
      ? ["Nobody owns it, so no change of it can be agreed to."]
      : holders.length === 0
        ? ["No active person holds any of these roles, so nobody can agree."]
        : holders.length === 1
          ? [`Only ${holders[0]} owns it and can never change it: nobody approves their own change.`]
          : [];
  return { path, roles, holders, problems };
}

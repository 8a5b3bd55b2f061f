/**
 * Who could have agreed to what, and who did both (segregation of duties): from the registry's people and roles at each
 * set of rules, and from what records say. It must never show an e-mail address or guess who somebody is.
 */
import type { Evidence } from "../audit/evidence.ts";
import { isActiveHuman } from "../validate/people.ts";
import { compareBytes } from "../model/json.ts";
import type { Registry } from "../model/registry.ts";

/** What one person may agree to under one set of rules. */
export interface Access {
  readonly policyRevision: string;
  /** The first landing that was judged under these rules. */
  readonly since: number;
  readonly identity: string;
  readonly roles: readonly string[];
  /** Lines of `ownership` that name one of the roles. */
  readonly owns: readonly string[];
  /** ApprovalPolicies that ask for one of the roles. */
  readonly approves: readonly string[];
}

/** What one person did. */
export interface Duty {
  readonly identity: string;
  /** Landings that the person had a part in, and landings that the person's approval counted for. */
  readonly made: number;
  readonly approved: number;
  /** Landings where both are true; none may be. */
  readonly both: readonly number[];
}

/** The access of everybody under one set of rules. */
export function accessOf(registry: Registry, policyRevision: string, since: number): readonly Access[] {
  const people = registry.ofKind("Identity").filter(isActiveHuman);
  const roles = registry.ofKind("Role");
  const settings = registry.ofKind("Registry")[0]?.value;
  return people.flatMap(({ ref }): readonly Access[] => {
    const held: readonly string[] = roles
      .filter(({ value }) => value.members.includes(ref))
      .map((role) => role.ref);
    if (held.length === 0) return [];
    const owns = (settings?.ownership ?? [])
      .filter((line) => line.roles.some((role) => held.includes(role)))
      .map(({ path }) => path);
    const approves = registry
      .ofKind("ApprovalPolicy")
      .filter(({ value }) =>
        [...(value.require?.approvals ?? []), ...(value.emergency?.approvals ?? [])].some(({ role }) =>
          held.includes(role),
        ),
      )
      .map((policy) => policy.ref);
    return [{ policyRevision, since, identity: ref, roles: held, owns, approves }];
  });
}

/** What everybody did, in byte order. */
export function dutiesOf(
  records: readonly Evidence[],
  authors: ReadonlyMap<number, readonly string[]>,
): readonly Duty[] {
  const made = new Map<string, Set<number>>();
  const approved = new Map<string, Set<number>>();
  const put = (map: Map<string, Set<number>>, identity: string, sequence: number): void => {
    const known = map.get(identity);
    if (known === undefined) map.set(identity, new Set([sequence]));
    else known.add(sequence);
  };
  for (const { sequence, approvals } of records) {
    for (const { identity } of approvals) put(approved, identity, sequence);
    for (const identity of authors.get(sequence) ?? []) put(made, identity, sequence);
  }
  const all = [...new Set([...made.keys(), ...approved.keys()])].sort(compareBytes);
  return all.map((identity) => {
    const own = made.get(identity) ?? new Set<number>();
    const agreed = approved.get(identity) ?? new Set<number>();
    return {
      identity,
      made: own.size,
      approved: agreed.size,
      both: [...own].filter((sequence) => agreed.has(sequence)),
    };
  });
}

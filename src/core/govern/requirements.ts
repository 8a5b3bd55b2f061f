/**
 * Whether the people that a change asks for have agreed (DESIGN 5.2 and 5.3): an owner of every changed path, distinct
 * persons for the roles of policies, and nobody of them against it. What is missing names who could give it.
 * It must never look at reviews; who counts was decided before.
 */
import type { NextStep } from "../model/decision.ts";
import { compareBytes } from "../model/json.ts";
import type { Objection } from "./approvals.ts";
import { listed, type Change } from "./change.ts";
import * as codes from "./codes.ts";
import type { Demands, RoleDemand } from "./demands.ts";
import type { Persons } from "./persons.ts";
import { fillSlots } from "./slots.ts";
import { allOf, allowed, denied, pending, type Verdict } from "./verdict.ts";

export interface People {
  readonly persons: Persons;
  /** Persons whose approval counts, in byte order. */
  readonly approvers: readonly string[];
  readonly excluded: ReadonlySet<string>;
  readonly objections: readonly Objection[];
}

/** An owner of every changed path; paths with the same owners are one requirement. */
export function judgeOwners(demands: Demands, people: People, change: Change): Verdict {
  const groups = new Map<string, { readonly roles: readonly string[]; readonly paths: string[] }>();
  for (const { path, roles } of demands.paths) {
    const key = roles.join(" ");
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { roles, paths: [path] });
    else group.paths.push(path);
  }
  const verdicts = [...groups.values()].map(({ roles, paths }) => {
    const requirement = `an owner of ${listed(paths)} (${roles.join(" or ") || "nobody"})`;
    const [file = ""] = paths;
    if (roles.length === 0) {
      return denied(requirement, `Nobody owns ${listed(paths)}.`, { code: codes.unowned, at: { file } });
    }
    const may = holders(roles, people.persons);
    const approver = people.approvers.find((person) => may.includes(person));
    if (approver !== undefined) return allowed(requirement, `${approver} approved.`);
    const left = may.filter((person) => !people.excluded.has(person));
    if (left.length > 0)
      return pending(requirement, "None of the owners has approved yet.", [
        approveStep(left, roles.join(" or "), 1, demands, change),
      ]);
    const because = `No owner of ${listed(paths)} may approve: ${whyNot(may)}.`;
    return denied(requirement, because, { code: codes.nobodyLeft, at: { file } });
  });
  return allOf("an owner of every changed path agrees", verdicts);
}

/** How many of its slots each demand has filled, by its label. */
export type Filled = ReadonlyMap<string, number>;

/** Distinct persons for every role that policies ask for. */
export function judgeRoles(
  demands: Demands,
  people: People,
  change: Change,
): { readonly verdict: Verdict; readonly filled: Filled } {
  const slots = demands.roles.flatMap((demand) => Array.from({ length: demand.count }, () => demand));
  const mayFill = new Map(demands.roles.map((demand) => [demand, holders(demand.roles, people.persons)]));
  const approvers = new Set(people.approvers);
  const others = [...new Set([...mayFill.values()].flat())]
    .filter((person) => !people.excluded.has(person) && !approvers.has(person))
    .sort(compareBytes);
  const persons = [...people.approvers, ...others];
  const wanted = new Map<string, string[]>(persons.map((person) => [person, []]));
  for (const [index, demand] of slots.entries())
    for (const person of mayFill.get(demand) ?? []) wanted.get(person)?.push(String(index));
  // Persons choose slots, approvers first: whoever has one keeps one, so as few others as possible are still needed.
  const chosen = fillSlots(persons.map((person) => wanted.get(person) ?? []));
  const filledBy = new Map<RoleDemand, string[]>(demands.roles.map((demand) => [demand, []]));
  for (const [index, slot] of chosen.entries()) {
    const demand = slot === undefined ? undefined : slots[Number(slot)];
    if (demand !== undefined) filledBy.get(demand)?.push(persons[index] ?? "");
  }
  const filled = new Map<string, number>();
  const verdicts = demands.roles.map((demand) => {
    const own = filledBy.get(demand) ?? [];
    const approved = own.filter((person) => approvers.has(person)).sort(compareBytes);
    filled.set(demand.label, approved.length);
    return judgeRole(demand, approved, own.length, demands, people, change);
  });
  return {
    verdict: allOf(
      "everybody whom approval policies ask for agrees",
      verdicts,
      "No approval policy asks for anybody.",
    ),
    filled,
  };
}

function judgeRole(
  demand: RoleDemand,
  persons: readonly string[],
  possible: number,
  demands: Demands,
  people: People,
  change: Change,
): Verdict {
  const { label, roles, count } = demand;
  const policies = [
    ...new Set(demands.policies.filter((each) => each.label === label).map(({ policy }) => policy)),
  ].sort(compareBytes);
  const requirement = `${count === 1 ? "one" : count} of ${label} (${policies.join(", ")})`;
  if (persons.length >= count) return allowed(requirement, `${persons.join(", ")} approved.`);
  const may = holders(roles, people.persons);
  const file = change.paths[0]?.path ?? "registry/registry.yaml";
  if (possible < count) {
    const because = `Only ${possible} of ${count} approvals of ${label} can still be given by distinct people: ${whyNot(may)}.`;
    return denied(requirement, because, {
      code: codes.nobodyLeft,
      at: { file },
      ...(policies[0] !== undefined && { subject: policies[0] }),
    });
  }
  const left = may.filter((person) => !people.excluded.has(person) && !people.approvers.includes(person));
  const missing = count - persons.length;
  const because = `${persons.length} of ${count} approved${persons.length === 0 ? "" : ` (${persons.join(", ")})`}; ${missing} missing.`;
  return pending(requirement, because, [approveStep(left, label, missing, demands, change)]);
}

/** Nobody whose word counts here asks for changes (DESIGN 5.3). */
export function judgeObjections(demands: Demands, people: People, change: Change): Verdict {
  const roles = [
    ...demands.roles.flatMap((demand) => demand.roles),
    ...demands.paths.flatMap((path) => path.roles),
  ];
  const heard = new Set(holders(roles, people.persons));
  const file = change.paths[0]?.path ?? "registry/registry.yaml";
  const verdicts = people.objections
    .filter(({ identities }) => identities.some((identity) => heard.has(identity)))
    .map(({ id, user, identities }) => {
      const requirement = `${identities.join(", ")} has no objection`;
      const next: NextStep[] = [
        {
          who: [...identities].sort(compareBytes),
          do: "approve once what you asked for is done, or have the review dismissed",
        },
      ];
      return denied(requirement, `Review ${id} by ${user} asks for changes.`, {
        code: codes.changesRequested,
        at: { file },
        next,
      });
    });
  return allOf("nobody who owns a path or holds a required role asks for changes", verdicts, "Nobody does.");
}

/** Every active human who holds one of these roles, in byte order. */
function holders(roles: readonly string[], persons: Persons): readonly string[] {
  return [...new Set(roles.flatMap((role) => persons.holdersOf(role)))].sort(compareBytes);
}

function whyNot(may: readonly string[]): string {
  return may.length === 0
    ? "no active person holds the role"
    : `of its holders (${may.join(", ")}) some had a part in the change, and one person fills one slot`;
}

function approveStep(
  who: readonly string[],
  role: string,
  missing: number,
  { assurance }: Demands,
  change: Change,
): NextStep {
  const step = {
    who,
    do: `${assurance === "signed" ? "sign" : "approve"} the change as ${role}${missing > 1 ? ` (${missing} people)` : ""}`,
  };
  return assurance === "signed" ? { ...step, command: `assent sign ${change.head} --identity <name>` } : step;
}

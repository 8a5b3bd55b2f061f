/** Who can act in a role: what the governance rules count. It must never judge an approval; the gate does. */
import type { Entry, Registry } from "../model/registry.ts";

/** The identity entries behind a role's members, those that exist. */
export function membersOf(role: Entry<"Role">, registry: Registry): Entry<"Identity">[] {
  return role.value.members.flatMap((ref) => {
    const entry = registry.get(ref);
    return entry?.kind === "Identity" ? [entry as Entry<"Identity">] : [];
  });
}

/** Whether an identity can fill a human slot: an active human. */
export function isActiveHuman(identity: Entry<"Identity">): boolean {
  const { type = "human", active = true } = identity.value;
  return type === "human" && active;
}

/** `observe` until registry.yaml says `enforce`. */
export function isObserving(registry: Registry): boolean {
  return registry.ofKind("Registry")[0]?.value.mode !== "enforce";
}

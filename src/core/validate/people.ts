/** Who can act in a role: what the governance rules count. It must never judge an approval; the gate does. */
import type { Entry, Registry } from "../model/registry.ts";
import { parseFast } from "../source/parse.ts";

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

/**
 * Whether a registry only observes: until registry.yaml says `enforce`, and where there is none (DESIGN 5.8). One that
 * is there and cannot be read (a key of a newer tool, say) has not said so; it must plainly say it to count as observe.
 */
export function isObserving({ tree, ofKind }: Pick<Registry, "tree" | "ofKind">): boolean {
  const settings = ofKind("Registry")[0];
  if (settings !== undefined) return settings.value.mode !== "enforce";
  const file = tree.get("registry/registry.yaml");
  // The folder itself may be a link or a submodule, and then nobody knows what stands below it.
  if (file === undefined) return tree.get("registry") === undefined;
  const value = file.mode === "100644" ? parseFast(file.read()) : undefined;
  return value !== undefined && (value["mode"] ?? "observe") === "observe";
}

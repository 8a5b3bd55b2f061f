/**
 * Emergencies that have outlived their policies, in a registry that was opened (DESIGN 5.7): what a release is refused
 * for, and what lint says whatever the change at hand. It reads history only where something is live by an emergency.
 */
import type { Finding } from "../core/model/diagnostic.ts";
import type { Instant } from "../core/model/instant.ts";
import type { OpenRegistry } from "./read.ts";

/** `unlanded`: since when an emergency counts that no landing has opened yet; absent, such a one is taken for expired. */
export async function overdueOverrides(
  { registry, repository, commit }: Pick<OpenRegistry, "registry" | "repository" | "commit">,
  asOf: Instant,
  unlanded?: Instant,
): Promise<readonly Finding[]> {
  const scopes = registry
    .ofKind("Activation")
    .filter(({ value }) => value.emergency === true)
    .map(({ id }) => id);
  if (scopes.length === 0 || repository === undefined) return [];
  const tip = commit ?? (await repository.head());
  const [{ overridesOf }, { expiredOverrides }] = await Promise.all([
    import("./git-facts.ts"),
    import("../core/govern/expired-overrides.ts"),
  ]);
  const landings = tip === null ? [] : await repository.landings(tip);
  const landed = await overridesOf(scopes, landings, repository);
  const opened = scopes.flatMap((scope): readonly (readonly [string, Instant])[] => {
    const since = landed.get(scope) ?? unlanded;
    return since === undefined ? [] : [[scope, since]];
  });
  return expiredOverrides(registry, new Map(opened), asOf);
}

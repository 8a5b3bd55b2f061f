/**
 * Moves a history on by landings as they are read. With the first binding or waiver it begins to watch compliance, from
 * the registry as it stood before; only then is the engine of expressions loaded.
 */
import { takeLanding, type HistoryDraft, type LandedValues } from "../core/audit/events.ts";
import { beginWatch, isWatched, type Watcher } from "../core/audit/watch.ts";
import type { JsonObject } from "../core/model/json.ts";
import type { Repository } from "./ports.ts";
import { loadTree } from "./read.ts";

/** Takes landings in, which follow the history's last one. */
export async function takeLandings(
  draft: HistoryDraft,
  landed: readonly LandedValues[],
  repository: Repository,
): Promise<void> {
  for (const each of landed) {
    if (draft.watch === null && each.changes.some(({ path }) => isWatched(path)))
      draft.watch = beginWatch(await valuesBefore(each, repository));
    takeLanding(draft, each, draft.watch === null ? undefined : await loadWatcher());
  }
}

/** What moves a watch on. */
export async function loadWatcher(): Promise<Watcher> {
  return (await import("../core/audit/moves.ts")).moves;
}

async function valuesBefore(
  { landing }: LandedValues,
  repository: Repository,
): Promise<readonly (readonly [string, JsonObject])[]> {
  const [parent] = landing.parents;
  if (parent === undefined) return [];
  const { registry } = await loadTree(await repository.treeAt(parent));
  return registry.entries.map(({ ref, value }) => [ref, value as object as JsonObject] as const);
}

/**
 * Moves a history on by landings as they are read. With the first binding or waiver it begins to watch compliance, from
 * the registry as it stood before; only then is the engine of expressions loaded. Policies may ask plugins: of each landing
 * those that it pins itself, so that the past is told as it was.
 */
import { lapsesOf, takeLanding, type HistoryDraft, type LandedValues } from "../core/audit/events.ts";
import type { RegistryEvent } from "../core/audit/event.ts";
import { beginWatch, isWatched, type MovingWatch, type Watcher } from "../core/audit/watch.ts";
import type { Instant } from "../core/model/instant.ts";
import type { JsonObject } from "../core/model/json.ts";
import type { Plugins, Sandbox } from "../core/model/plugin.ts";
import { PLUGIN_FOLDER, withPlugins } from "../core/plugin/pinned.ts";
import type { Repository } from "./ports.ts";
import { loadTree } from "./read.ts";

/** Where landings are read, and where the plugins run that they pin. */
export interface HistorySource {
  readonly repository: Repository;
  readonly sandbox: Sandbox;
}

/** Takes landings in, which follow the history's last one. */
export async function takeLandings(
  draft: HistoryDraft,
  landed: readonly LandedValues[],
  source: HistorySource,
): Promise<void> {
  for (const each of landed) {
    if (draft.watch === null && each.changes.some(({ path }) => isWatched(path)))
      draft.watch = beginWatch(await valuesBefore(each, source.repository));
    const { watch } = draft;
    if (watch === null) {
      takeLanding(draft, each);
      continue;
    }
    const before = await pluginsOfWatch(watch, draft.tip?.oid, source);
    const after = each.changes.some(({ path }) => isOfPlugins(path))
      ? await pluginsAt(each.landing.oid, source)
      : before;
    takeLanding(draft, each, await loadWatcher(before, after));
    pinned.set(watch, after);
  }
}

/** What time alone has brought about since the last landing, up to and with an instant; of a history that watches. */
export async function takeTime(
  draft: HistoryDraft,
  until: Instant,
  source: HistorySource,
): Promise<readonly RegistryEvent[]> {
  if (draft.watch === null) return [];
  const plugins = await pluginsOfWatch(draft.watch, draft.tip?.oid, source);
  return lapsesOf(draft, await loadWatcher(plugins, plugins), until);
}

async function loadWatcher(before: Plugins | null, after: Plugins | null): Promise<Watcher> {
  return (await import("../core/audit/moves.ts")).watcherWith(before, after);
}

/** What the last landing of a watch pins; null = nothing that has a say. */
const pinned = new WeakMap<MovingWatch, Plugins | null>();

/** The same; of a watch that begins, or that was read from a note, nobody has looked yet. */
async function pluginsOfWatch(
  watch: MovingWatch,
  tip: string | undefined,
  source: HistorySource,
): Promise<Plugins | null> {
  let plugins = pinned.get(watch);
  if (plugins === undefined)
    pinned.set(watch, (plugins = tip === undefined ? null : await pluginsAt(tip, source)));
  return plugins;
}

const REGISTRY = "registry/registry.yaml";

function isOfPlugins(path: string): boolean {
  return path === REGISTRY || path.startsWith(PLUGIN_FOLDER);
}

/** The plugins that a commit pins, where one has a say in verdicts. */
async function pluginsAt(oid: string, { repository, sandbox }: HistorySource): Promise<Plugins | null> {
  const tree = await repository.treeAt(oid, { paths: [REGISTRY, PLUGIN_FOLDER.replace(/\/$/, "")] });
  const { registry } = await loadTree(tree);
  return withPlugins(registry, sandbox).plugins ?? null;
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

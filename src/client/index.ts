/**
 * `assent/client`: what services import. A resolver answers what is live here; a catalogue answers what a model is,
 * where it is served and what it costs. Both read signed releases, keep them, and go on without any registry online.
 */
import type { Catalog, CatalogOptions } from "./catalog.ts";

export type {
  Catalog,
  CatalogEntry,
  CatalogOptions,
  ModelFilter,
  ProviderInfo,
  ServedModel,
} from "./catalog.ts";
export { createResolver } from "./resolver.ts";
export type { Resolver, ResolverOptions, ResolverQuery } from "./resolver.ts";
export type { Duration, ReleaseOptions, Source } from "./options.ts";
export type { Events, Hooks, Notice } from "./events.ts";
export type { ReleaseInfo, ReleaseStatus } from "./status.ts";
export type { Meter } from "./metrics.ts";
export type { World } from "./world.ts";
export type { ReadAnswer, ReadOptions, ReleaseReader } from "./source/reader.ts";
export type { Resolution, Step, WireError } from "../core/model/snapshot.ts";
export { Failure } from "../core/model/failure.ts";

/** Makes a catalogue (catalog.ts); its code is read when the first one is made, since most services have none. */
export async function createCatalog(options: CatalogOptions): Promise<Catalog> {
  return (await import("./catalog.ts")).createCatalog(options);
}

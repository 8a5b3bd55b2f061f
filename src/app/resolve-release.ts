/**
 * One question to a signed release, wherever it lies: only what the answer needs is read, and nothing of it before the
 * trusted root vouches for it. It remembers nothing between two questions, so an old release that is still fresh cannot
 * be told from the current one here; services that must (assent/client) keep what they have seen.
 * Must stay light: it may never import the loader, the rules or a parser.
 */
import { readManifest, readNamed } from "../client/read-file.ts";
import { refreshRelease } from "../client/refresh.ts";
import { openSource } from "../client/source/open.ts";
import { millisecondsOf } from "../core/model/instant.ts";
import { DEFAULT_TENANT } from "../core/model/scope.ts";
import type { Resolution, WireError } from "../core/model/snapshot.ts";
import { loadManifest, loadSlice, sliceFor } from "../core/resolve/load.ts";
import { createResolver, type Query } from "../core/resolve/resolve.ts";
import type { Ports } from "./ports.ts";

export interface ReleaseQuestion {
  readonly query: Query;
  readonly source: string;
  /** The file of the root that is trusted. */
  readonly trust: string;
  /** What relative paths start at; absolute. */
  readonly folder: string;
  /** Where secrets come from. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Verifies and answers; a Failure `release/…` says why nothing of the release may be used. */
export async function resolveRelease(
  { query, source, trust, folder, env }: ReleaseQuestion,
  ports: Ports,
): Promise<Resolution | WireError> {
  const root = ports.readInput(folder, trust);
  const seconds = (): number => Math.floor(millisecondsOf(ports.now()) / 1000);
  const reader = await openSource(source, { folder, env, seconds });
  try {
    const refreshed = await refreshRelease(reader, { root }, { now: ports.now() });
    const { manifest, bytes } = await readManifest(reader, refreshed);
    const loaded = loadManifest(bytes);
    const { environment, tenant } = query;
    const place = tenant === undefined || tenant === DEFAULT_TENANT ? null : tenant;
    const slice = sliceFor(loaded.manifest, environment, place);
    const slices =
      slice === undefined ? [] : [loadSlice(loaded, slice, await readNamed(reader, manifest, slice.path))];
    return createResolver(loaded, slices).resolve(query);
  } finally {
    reader.close?.();
  }
}

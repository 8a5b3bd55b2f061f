/**
 * Follows a release: holds the one that is in use, asks for newer ones, and says for how long what is held may be
 * answered from. What it is held as (a resolver, a catalogue) is the consumer's. Verify, persist, then use; the swap is
 * one assignment, so every question sees one whole release. It must never use what was not verified, and never answer
 * past the bound that its options set.
 */
import { Failure } from "../core/model/failure.ts";
import type { Instant } from "../core/model/instant.ts";
import { MANIFEST_PATH, type Manifest } from "../core/model/snapshot.ts";
import { loadManifest, type LoadedManifest } from "../core/resolve/load.ts";
import type { TargetContent } from "../core/trust/tuf/release.ts";
import { pairOf, refusalOf } from "./accept.ts";
import {
  createEmitter,
  createNotices,
  nothingIsSigned,
  setBack,
  type Emitter,
  type Notices,
} from "./events.ts";
import { brokenSource, closed, damaged, expired, noRelease, wrongRoot } from "./failures.ts";
import { boundsOf, type Bounds } from "./freshness.ts";
import { openKeeper, type FoundRelease } from "./keeper.ts";
import { createMetrics, type Metrics } from "./metrics.ts";
import { fetchFrom, obtainSigned, obtainUnsigned, type Obtained, type Wanted } from "./obtain.ts";
import type { Settings } from "./options.ts";
import type { ReleaseReader } from "./source/reader.ts";
import { openSources } from "./sources.ts";
import { statusOf, type ReleaseStatus } from "./status.ts";
import { readPinned } from "./trust.ts";
import { watch } from "./watch.ts";
import { steadyClock } from "./world.ts";

/** What a release is held as. */
export interface Use<T> {
  /** What tells caches apart: `resolver`, `catalogue`. */
  readonly kind: string;
  /** The files that must be there before a release is used, by the paths that the manifest gives them. */
  needs(manifest: Manifest): readonly string[];
  /**
   * Reads them, and does what would make the first question slow; what is not as it should be is a Failure. `fetch` gets
   * what else is wanted of the release, by its path there and its digest.
   */
  open(loaded: LoadedManifest, read: (path: string) => Uint8Array, fetch: Fetch): T | Promise<T>;
}

/** Gets a file of a release that is named by its digest, compared with it. */
export type Fetch = (path: string, content: TargetContent) => Promise<Uint8Array>;

/** The release in use. */
export interface Held<T> {
  readonly value: T;
  readonly loaded: LoadedManifest;
  readonly expires: Instant | null;
  readonly bounds: Bounds;
  /** When and by whom it was last confirmed; milliseconds since the epoch. */
  readonly checkedAt: number;
  readonly source: string;
}

export interface Follower<T> {
  /** What may be answered from now; undefined when nothing may. */
  usable(): Held<T> | undefined;
  /** Why nothing may be answered. */
  refusal(): Failure;
  status(): ReleaseStatus;
  /** Asks for a newer release now; rejects with what the first source said when none of them gave a good answer. */
  refresh(): Promise<ReleaseStatus>;
  readonly fetch: Fetch;
  readonly on: Emitter["on"];
  readonly emit: Emitter["emit"];
  readonly notices: Notices;
  readonly metrics: Metrics | undefined;
  close(): void;
}

/** The time that was seen is written down at least so often while nothing else is, milliseconds. */
const NOTE_TIME = 10 * 60_000;
/** So often a start goes on from what another process has kept in the meantime. */
const MOST_OVERTAKINGS = 8;

/** Starts from the cache where it holds a release that may still be used, else from the first source that answers. */
export async function follow<T>(settings: Settings, use: Use<T>): Promise<Follower<T>> {
  const { hooks, world, onStale, unsigned } = settings;
  const clock = steadyClock(world);
  const notices = createNotices(hooks, (line) => world.say(line));
  const emitter = createEmitter((cause) => {
    notices.warn({ code: "client/listener", message: `A listener threw: ${String(cause)}` });
  });
  const keeper = unsigned ? undefined : keeperOf(settings, use.kind, clock);
  const sources = openSources(settings);
  const fetch: Fetch = (path, content) =>
    sources.first(
      (reader, signal) => fetchFrom(reader, path, content, signal, unsigned),
      (failure) => emitter.emit("error", failure),
    );
  let held: Held<T> | undefined;
  let tag: { readonly source: string; readonly value: string } | undefined;
  let isClosed = false;
  let failures = 0;
  let lastFailure: Failure | undefined;
  let notedAt = 0;
  let refreshing: Promise<ReleaseStatus> | undefined;

  const usable = (): Held<T> | undefined =>
    !isClosed && held !== undefined && clock.now() < held.bounds.servesUntil ? held : undefined;

  const status = (): ReleaseStatus =>
    statusOf(settings, { held, clock, isClosed, failures, lastFailure, isKept: keeper?.isKept() === true });

  const swap = (next: Held<T>): void => {
    const before = held;
    held = next;
    timers.bounds(next.bounds, clock.now());
    // The first one is no news: nobody can listen yet.
    if (before === undefined || before.loaded.digest === next.loaded.digest) return;
    notices.forget();
    emitter.emit("update", status());
  };

  /** Takes over what the cache holds: after a start, or because another process was faster. */
  const adopt = async (found: FoundRelease | undefined): Promise<void> => {
    if (found === undefined || isClosed) return;
    const { facts } = found;
    const read = (path: string): Uint8Array => found.read(path) ?? damaged(path);
    try {
      const isOther = held?.loaded.digest !== facts.digest;
      const loaded = isOther || held === undefined ? loadManifest(read(MANIFEST_PATH)) : held.loaded;
      const refused = refusalOf(loaded.manifest, loaded.digest, settings, keeper?.floor());
      if (refused !== undefined) throw refused;
      const value = isOther || held === undefined ? await use.open(loaded, read, fetch) : held.value;
      const { expires, checkedAt, source } = facts;
      swap({ value, loaded, expires, bounds: boundsOf(expires, onStale), checkedAt, source });
    } catch (cause) {
      // Whatever is wrong with the cache: the sources have it whole.
      if (!(cause instanceof Failure)) throw cause;
      lastFailure = cause;
      emitter.emit("error", cause);
    }
  };

  const wanted = (signal: AbortSignal): Wanted => ({
    now: clock.now(),
    signal,
    inUse: keeper === undefined || keeper.isWhole() ? held?.loaded : undefined,
    needs: (manifest) => use.needs(manifest),
    accept(manifest, digest) {
      const refused = refusalOf(manifest, digest, settings, keeper?.floor());
      if (refused !== undefined) throw refused;
    },
  });

  /** Persists what was obtained, then uses it. */
  const settle = async (
    { loaded, files, expires, state, ...obtained }: Obtained,
    reader: ReleaseReader,
    signal: AbortSignal,
  ): Promise<void> => {
    const source = reader.address;
    const isOther = held?.loaded.digest !== loaded.digest;
    const read = (path: string): Uint8Array => files?.get(path) ?? damaged(path);
    // What cannot be opened must not be persisted either: a restart would stumble over it.
    const from: Fetch = (path, content) => fetchFrom(reader, path, content, signal, unsigned);
    const value = !isOther && held !== undefined ? held.value : await use.open(loaded, read, from);
    if (signal.aborted) throw signal.reason;
    const checkedAt = clock.now();
    const pair = pairOf(loaded.manifest);
    // Without a floor, what is in use was signed by keys that were taken away, and now it is signed anew.
    const isAnew = files !== undefined || keeper?.floor() === undefined;
    const isNews = isAnew || expires !== held?.expires || checkedAt - notedAt > NOTE_TIME;
    if (keeper !== undefined && state !== undefined && expires !== null && pair !== undefined && isNews) {
      const { registry } = loaded.manifest;
      keeper.keep(state, {
        facts: { registry, ...pair, digest: loaded.digest, expires, source, checkedAt },
        files,
      });
      notedAt = checkedAt;
    }
    tag = obtained.tag === undefined ? undefined : { source, value: obtained.tag };
    swap({ value, loaded, expires, bounds: boundsOf(expires, onStale), checkedAt, source });
  };

  const refreshOnce = async (again = MOST_OVERTAKINGS): Promise<ReleaseStatus> => {
    const from = world.elapsed();
    const told: Failure[] = [];
    const done = (result: "updated" | "unchanged" | "failed", source: string | null): void => {
      const seconds = (world.elapsed() - from) / 1000;
      metrics?.refreshed(result, seconds);
      hooks.refreshed?.({ result, seconds, source, failures: told });
    };
    if (clock.isSetBack()) notices.warn(setBack);
    const before = held?.loaded.digest;
    try {
      await adopt(keeper?.look());
      await sources.first(
        async (reader, signal) => {
          const { address } = reader;
          const obtained =
            keeper === undefined
              ? await obtainUnsigned(address, wanted(signal))
              : await obtainSigned(
                  reader,
                  keeper.trusted(),
                  tag?.source === address ? tag.value : undefined,
                  wanted(signal),
                  (state) => {
                    tag = undefined;
                    keeper.keep(state);
                  },
                );
          await settle(obtained, reader, signal);
        },
        (failure) => {
          told.push(failure);
          emitter.emit("error", failure);
        },
      );
    } catch (cause) {
      if (isClosed) throw cause;
      const failure = cause instanceof Failure ? cause : brokenSource("What is kept", cause);
      if (failure.code === "client/overtaken") {
        await adopt(keeper?.look());
        // Whoever was faster has not come as far as a release yet: go on from where it stands.
        if (usable() === undefined && again > 0) return refreshOnce(again - 1);
      }
      if (failure.code !== "client/overtaken" || usable() === undefined) {
        failures += 1;
        lastFailure = failure;
        done("failed", null);
        throw failure;
      }
    }
    failures = 0;
    lastFailure = undefined;
    done(before === held?.loaded.digest ? "unchanged" : "updated", held?.source ?? null);
    return status();
  };

  const refresh = (): Promise<ReleaseStatus> => {
    if (isClosed) return Promise.reject(closed());
    refreshing ??= refreshOnce().finally(() => {
      refreshing = undefined;
      if (!isClosed) timers.poll(failures);
    });
    return refreshing;
  };

  const timers = watch(settings, {
    now: () => clock.now(),
    // What it said was told to listeners and hooks, and stands in the status.
    poll: () => void refresh().catch(() => {}),
    passed: () => emitter.emit("stale", status()),
  });
  const metrics: Metrics | undefined =
    settings.meter === undefined
      ? undefined
      : createMetrics(settings.meter, settings, status, () =>
          held === undefined ? undefined : Math.max(0, (clock.now() - held.checkedAt) / 1000),
        );

  const close = (): void => {
    if (isClosed) return;
    isClosed = true;
    timers.stop();
    metrics?.stop();
    sources.close();
    emitter.clear();
  };

  const refusal = (): Failure => {
    if (isClosed) return closed();
    if (held === undefined) return lastFailure ?? noRelease();
    return expired(held.expires);
  };

  if (unsigned) notices.warn(nothingIsSigned);
  await adopt(keeper?.look());
  if (usable() === undefined) {
    try {
      await refresh();
      if (usable() === undefined) throw refusal();
    } catch (cause) {
      close();
      throw cause;
    }
  } else {
    if (clock.isSetBack()) notices.warn(setBack);
    timers.start();
  }
  return { usable, refusal, status, refresh, fetch, ...emitter, notices, metrics, close };
}

/** Opens what is trusted. */
function keeperOf(settings: Settings, kind: string, clock: ReturnType<typeof steadyClock>) {
  const pinned = readPinned(settings.trust ?? "");
  const { registry, cacheDir } = settings;
  if (registry !== undefined && registry !== pinned.registry) throw wrongRoot(pinned.registry, registry);
  return openKeeper(cacheDir, pinned, { ...settings, kind }, clock);
}

/**
 * The sources of a release, in the order in which they were named, each opened when it is first needed. The first that
 * gives a good answer is used, each time anew: who fails over also comes back.
 */
import { Failure } from "../core/model/failure.ts";
import { withinTime } from "./bounded.ts";
import { brokenSource, closed } from "./failures.ts";
import type { Settings, Source } from "./options.ts";
import type { ReleaseReader } from "./source/reader.ts";

export interface Sources {
  /**
   * Does work with one source after the other until it succeeds; each failure is told. Throws the first failure when
   * all of them fail: that of the source that was named first.
   */
  first<T>(
    work: (reader: ReleaseReader, signal: AbortSignal) => Promise<T>,
    failed: (failure: Failure) => void,
  ): Promise<T>;
  /** Ends everything that is under way. */
  close(): void;
}

export function openSources({ sources, world, timeout }: Settings): Sources {
  const opened = new Map<Source, ReleaseReader>();
  const stopped = new AbortController();
  const open = async (source: Source): Promise<ReleaseReader> => {
    if (typeof source !== "string") return source;
    const known = opened.get(source);
    if (known !== undefined) return known;
    const { openSource } = await import("./source/open.ts");
    const seconds = (): number => Math.floor(world.now() / 1000);
    const reader = await openSource(source, { folder: ".", env: world.env, seconds });
    opened.set(source, reader);
    return reader;
  };
  return {
    async first(work, failed) {
      let reason: Failure | undefined;
      for (const source of sources) {
        try {
          return await work(withinTime(await open(source), timeout, world, stopped.signal), stopped.signal);
        } catch (cause) {
          if (stopped.signal.aborted) throw closed();
          const failure =
            cause instanceof Failure
              ? cause
              : brokenSource(typeof source === "string" ? source : source.address, cause);
          // Nothing is wrong with the source; the next one would be asked the same.
          if (failure.category === "conflict") throw failure;
          failed(failure);
          reason ??= failure;
        }
      }
      throw reason ?? new Error("no source was named");
    },
    close() {
      stopped.abort(closed());
      for (const reader of opened.values()) reader.close?.();
    },
  };
}

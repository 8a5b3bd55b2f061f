/**
 * A reader that ends: whoever answers in the source's place may never finish, and a reader of somebody else's making may
 * not listen to its signal. Lengths are bounded where bytes are verified (refresh.ts, read-file.ts); this bounds time.
 */
import { tooSlow } from "./failures.ts";
import type { ReleaseReader } from "./source/reader.ts";
import type { World } from "./world.ts";

/** Runs work with a reader that gives up after so many milliseconds, or when `stopped` is; then all of its reads fail. */
export async function withinTime<T>(
  reader: ReleaseReader,
  milliseconds: number,
  world: Pick<World, "wait">,
  stopped: AbortSignal,
  work: (bounded: ReleaseReader, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const stop = (): void => controller.abort(stopped.reason);
  stopped.addEventListener("abort", stop, { once: true });
  const done = world.wait(milliseconds, () => controller.abort(tooSlow(reader.address, milliseconds)));
  const { signal } = controller;
  try {
    return await work({ address: reader.address, read: reading(reader, signal) }, signal);
  } finally {
    done();
    stopped.removeEventListener("abort", stop);
  }
}

function reading(reader: ReleaseReader, signal: AbortSignal): ReleaseReader["read"] {
  return (path, options) =>
    new Promise((resolve, reject) => {
      const stop = (): void => reject(signal.reason as Error);
      if (signal.aborted) return stop();
      signal.addEventListener("abort", stop, { once: true });
      reader
        .read(path, { ...options, signal })
        .then(resolve, reject)
        .finally(() => signal.removeEventListener("abort", stop));
    });
}

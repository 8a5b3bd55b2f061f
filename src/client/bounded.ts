/**
 * A reader that ends: whoever answers in the source's place may never finish, and a reader of somebody else's making may
 * not listen to its signal. Lengths are bounded where bytes are verified (refresh.ts, read-file.ts); this bounds time.
 */
import { tooSlow } from "./failures.ts";
import type { ReleaseReader } from "./source/reader.ts";
import type { World } from "./world.ts";

/** The same reader, each of whose answers comes within so many milliseconds, or fails; all fail once `stopped` is. */
export function withinTime(
  reader: ReleaseReader,
  milliseconds: number,
  world: Pick<World, "wait">,
  stopped: AbortSignal,
): ReleaseReader {
  const { address } = reader;
  return {
    address,
    read: (path, options) =>
      new Promise((resolve, reject) => {
        if (stopped.aborted) return reject(stopped.reason as Error);
        const controller = new AbortController();
        const end = (reason: unknown): void => {
          controller.abort(reason);
          reject(reason as Error);
        };
        const stop = (): void => end(stopped.reason);
        stopped.addEventListener("abort", stop, { once: true });
        const answered = world.wait(milliseconds, () => end(tooSlow(address, milliseconds)));
        reader
          .read(path, { ...options, signal: controller.signal })
          .then(resolve, reject)
          .finally(() => {
            answered();
            stopped.removeEventListener("abort", stop);
          });
      }),
  };
}

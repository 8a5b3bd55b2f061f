/**
 * A service in a process of its own, for tests that kill it: follows a release with a shared cache. With
 * `kill-at <n>` it dies by SIGKILL at its n-th step on the disk, in the middle of whatever that is part of, so that
 * every moment can be tried and none is left to chance. With `until <sequence>` it refreshes until it is there.
 */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const [source = "", trust = "", cacheDir = "", killAt = "0", until = "0"] = process.argv.slice(2);
let steps = 0;

/** Dies before the step; a write dies with half of its bytes written. */
function mortal<A extends unknown[], R>(
  call: (...args: A) => R,
  half?: (...args: A) => void,
): (...args: A) => R {
  return (...args) => {
    steps += 1;
    if (steps === Number(killAt)) {
      half?.(...args);
      process.kill(process.pid, "SIGKILL");
    }
    return call(...args);
  };
}

const { writeSync } = fs;
fs.mkdirSync = mortal(fs.mkdirSync) as typeof fs.mkdirSync;
fs.openSync = mortal(fs.openSync);
fs.fsyncSync = mortal(fs.fsyncSync);
fs.renameSync = mortal(fs.renameSync);
fs.linkSync = mortal(fs.linkSync);
fs.rmSync = mortal(fs.rmSync);
fs.writeSync = mortal(writeSync as (...args: unknown[]) => number, (descriptor, bytes) => {
  const whole = bytes as Uint8Array;
  writeSync(descriptor as number, whole, 0, whole.length >> 1);
}) as typeof fs.writeSync;
syncBuiltinESMExports();

const { createResolver } = await import("../../src/client/index.ts");
const now = (): number => Date.parse("2026-07-01T12:00:00Z");
const resolver = await createResolver({
  source,
  trust,
  cacheDir,
  environment: "prod",
  refresh: false,
  world: { now, say: () => {} },
});
for (;;) {
  await resolver.refresh().catch((failure: Error) => process.stdout.write(`${failure.message}\n`));
  const sequence = resolver.status().release?.sequence ?? 0;
  process.stdout.write(`at ${sequence}\n`);
  if (sequence >= Number(until)) break;
  await new Promise((done) => setImmediate(done));
}
const answer = resolver.resolve({ usecase: "fraud/score" });
process.stdout.write(
  `${answer.format === "assent.error/v1" ? answer.code : String(answer.bundle?.ref)} ${steps}\n`,
);
resolver.close();

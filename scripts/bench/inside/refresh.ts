/**
 * `resolve` of the client, call by call, with nothing else going on and while it is kept up to date: asked for something
 * new all the time, and every million questions (ten seconds of a busy service) another release is taken over. Releases
 * are made and signed before anything is measured.
 */
import { at, live } from "../../../test/compiled.ts";
import { host, machine, publisher, release, service } from "../../../test/client-world.ts";
import { answer } from "./turns.ts";

const [, , scopes = "1000", rounds = "5"] = process.argv;
const count = Number(scopes);
const BATCH = 500;

const tenants = Array.from({ length: count - 1 }, (_, index) => `tenant-${index}`);
const valuesOf = (version: string): Record<string, object> =>
  Object.fromEntries(["", ...tenants.map((name) => `/${name}`)].map((below) => [at(below), live(version)]));

const by = publisher();
release(by, { sequence: 1, values: valuesOf("1.0.0") });
const source = host(new Map(by.files));
const resolver = await service(by, source, { world: machine(), refresh: false });
const later = Array.from({ length: Number(rounds) }, (_, index) => {
  release(by, { sequence: index + 2, values: valuesOf(index % 2 === 0 ? "2.0.0" : "1.0.0") });
  return new Map(by.files);
});

/** Questions between two releases, and between two refreshes. */
const EPOCH = 1_000_000;
const REFRESH = 10_000;

const times = new Uint32Array(EPOCH * later.length);
const tenantOf = (question: number): string => `tenant-${(question * 7919) % tenants.length}`;

/** Asks a batch of questions; the nanoseconds of each are kept at its place. */
function ask(from: number): void {
  for (let question = from; question < from + BATCH; question++) {
    const query = { usecase: "fraud/score", tenant: tenantOf(question) };
    const start = process.hrtime.bigint();
    const answered = resolver.resolve(query);
    times[question] = Number(process.hrtime.bigint() - start);
    if (answered.format === "assent.error/v1") throw new Error(answered.code);
  }
}

/** The longest that the loop stood still between two batches, milliseconds. */
let longest = 0;
const turn = (): Promise<void> => new Promise((done) => setImmediate(done));

/** All the questions; `refresh` is what goes on beside them. Returns the 99th percentile, nanoseconds. */
async function p99(refresh: (question: number) => Promise<unknown> | undefined): Promise<number> {
  const running = new Set<Promise<unknown>>();
  longest = 0;
  for (let question = 0; question < times.length; question += BATCH) {
    ask(question);
    const work = refresh(question);
    if (work !== undefined) {
      running.add(work);
      void work.finally(() => running.delete(work));
    }
    const from = performance.now();
    await turn();
    longest = Math.max(longest, performance.now() - from);
  }
  await Promise.all(running);
  return times.toSorted()[Math.floor(times.length * 0.99)] ?? Number.NaN;
}

await p99(() => undefined);
const quiet = await p99(() => undefined);
const busy = await p99((question) => {
  if (question % EPOCH === 0) source.files = later[question / EPOCH] ?? source.files;
  return question % REFRESH === 0 ? resolver.refresh() : undefined;
});
if (resolver.status().release?.sequence !== later.length + 1) throw new Error("nothing was taken over");
answer({ scopes: count, quiet, busy, longest });

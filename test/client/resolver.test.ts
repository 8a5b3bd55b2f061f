/** The resolver of the SDK: what a service answers, from which release, for how long, and what it says about it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { at, live as activation } from "../compiled.ts";
import {
  DAY,
  HOUR,
  host,
  instant,
  live,
  machine,
  publisher,
  release,
  service,
  START,
} from "../client-world.ts";

const folder = mkdtempSync(join(tmpdir(), "assent-client-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;
const cacheDir = (): string => join(folder, String((count += 1)));

const one = { [at("")]: activation("1.0.0") };
const two = { [at("")]: activation("2.0.0") };

describe("a service", () => {
  it("answers from the first release it gets, and from the next one without a restart", async () => {
    const by = publisher();
    release(by, { sequence: 1, values: one });
    const world = machine();
    const resolver = await service(by, host(by.files), { world, cacheDir: cacheDir() });
    expect(live(resolver)).toBe("bundle:fraud/score@1.0.0");
    const updates: unknown[] = [];
    resolver.on("update", ({ release: is }) => updates.push(is?.sequence));
    release(by, { sequence: 2, values: two });
    await world.advance(40_000);
    expect(live(resolver)).toBe("bundle:fraud/score@2.0.0");
    expect(updates).toEqual([2]);
    expect(resolver.status()).toMatchObject({ state: "fresh", signed: true, kept: true, failures: 0 });
    resolver.close();
    expect(live(resolver)).toBe("client/closed");
    expect(world.waiting()).toBe(0);
  });

  it("starts from its cache when no source can be reached", async () => {
    const by = publisher();
    release(by, { sequence: 1, values: one });
    const dir = cacheDir();
    (await service(by, host(by.files), { world: machine(), cacheDir: dir })).close();
    const gone = host(new Map());
    const world = machine(START + HOUR);
    const resolver = await service(by, gone, { world, cacheDir: dir });
    expect(live(resolver)).toBe("bundle:fraud/score@1.0.0");
    expect(gone.asked).toEqual([]);
    await world.advance(DAY);
    expect(live(resolver)).toBe("client/stale");
    expect(resolver.status()).toMatchObject({ state: "expired", expires: instant(START + DAY) });
    resolver.close();
  });
});

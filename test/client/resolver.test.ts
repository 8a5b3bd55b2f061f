/** The resolver of the SDK: what a service answers, from which release, for how long, and what it says about it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import type { Notice } from "../../src/client/events.ts";
import { boundsOf, standingOf } from "../../src/client/freshness.ts";
import { delayUntilNext, firstDelay } from "../../src/client/poll.ts";
import { createResolver, type ResolverOptions, type ResolverQuery } from "../../src/client/resolver.ts";
import type { Failure } from "../../src/core/model/failure.ts";
import type { Instant } from "../../src/core/model/instant.ts";
import { renderAnswer } from "../../src/core/resolve/resolve.ts";
import { at, live as activation, resolverOf, type Values } from "../compiled.ts";
import {
  DAY,
  HOUR,
  host,
  instant,
  live,
  machine,
  MINUTE,
  publisher,
  refreshTimestamp,
  release,
  service,
  START,
} from "../client-world.ts";

const folder = mkdtempSync(join(tmpdir(), "assent-client-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;
const cacheDir = (): string => join(folder, String((count += 1)));

const one: Values = { [at("")]: activation("1.0.0") };
const two: Values = { [at("")]: activation("2.0.0") };

/** Why a service does not start. */
const refusal = (start: Promise<unknown>): Promise<string> =>
  start.then(
    () => "started",
    (failure: Failure) => failure.code,
  );

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

  it("starts from its cache without asking anybody, and asks soon after", async () => {
    const by = publisher();
    release(by, { sequence: 1, values: one });
    const dir = cacheDir();
    (await service(by, host(by.files), { world: machine(), cacheDir: dir })).close();
    const source = host(by.files);
    const world = machine(START + HOUR);
    const resolver = await service(by, source, { world, cacheDir: dir });
    expect([live(resolver), source.asked]).toEqual(["bundle:fraud/score@1.0.0", []]);
    await world.advance(5_000);
    expect(source.asked).toContain("metadata/timestamp.json");
    expect(resolver.status().checkedAt).toBe(instant(START + HOUR + 2_500).replace(".500Z", "Z"));
    resolver.close();
  });

  it("asks for the timestamp alone while nothing is new", async () => {
    const by = publisher();
    release(by, { sequence: 1, values: one });
    const source = host(by.files);
    const world = machine();
    const resolver = await service(by, source, { world });
    source.asked.length = 0;
    await world.advance(5 * MINUTE);
    expect(new Set(source.asked)).toEqual(new Set(["metadata/timestamp.json"]));
    expect(source.asked).toHaveLength(10);
    resolver.close();
  });

  it("refreshes once for any number of callers", async () => {
    const by = publisher();
    release(by, { sequence: 1, values: one });
    const source = host(by.files);
    const resolver = await service(by, source, { world: machine() });
    source.asked.length = 0;
    await Promise.all([resolver.refresh(), resolver.refresh(), resolver.refresh()]);
    expect(source.asked).toEqual(["metadata/timestamp.json"]);
    resolver.close();
    await expect(resolver.refresh()).rejects.toMatchObject({ code: "client/closed" });
  });

  it("goes on answering through a swap, each question from one whole release", async () => {
    const by = publisher();
    release(by, { sequence: 1, values: one });
    const source = host(by.files);
    const resolver = await service(by, source, { world: machine(), refresh: false });
    const seen = new Set<string>();
    // Asked at every step of every refresh.
    source.fault = () => {
      const answer = resolver.resolve({ usecase: "fraud/score" });
      if (answer.format !== "assent.resolution/v1") throw new Error(answer.code);
      seen.add(`${String(answer.snapshot.sequence)} ${String(answer.bundle?.ref)}`);
      return undefined;
    };
    for (let sequence = 2; sequence < 8; sequence++) {
      release(by, { sequence, values: sequence % 2 === 0 ? two : one });
      await resolver.refresh();
    }
    for (const each of seen) {
      const [sequence, ref] = each.split(" ");
      expect(ref).toBe(`bundle:fraud/score@${Number(sequence) % 2 === 0 ? "2" : "1"}.0.0`);
    }
    expect(seen.size).toBe(6);
    resolver.close();
  });
});

describe("time", () => {
  const running = async (more: Partial<ResolverOptions>) => {
    const by = publisher();
    release(by, { sequence: 1, values: one });
    const source = host(by.files);
    const world = machine();
    const resolver = await service(by, source, { world, cacheDir: cacheDir(), refresh: "PT5M", ...more });
    const heard: string[] = [];
    resolver.on("stale", ({ state }) => heard.push(`${state} ${instant(world.now())}`));
    return { by, source, world, resolver, heard };
  };

  it.each([
    ["fail", "client/expired", [`expired ${instant(START + DAY)}`]],
    [{ serveLastGood: "PT12H" }, "bundle:fraud/score@1.0.0", [`stale ${instant(START + DAY)}`]],
  ] as const)("the registry is down for a day: %j", async (onStale, answer, events) => {
    const { by, source, world, resolver, heard } = await running({ onStale });
    source.fault = () => Promise.reject(new Error("no route to host"));
    await world.advance(DAY - MINUTE);
    expect([live(resolver), heard]).toEqual(["bundle:fraud/score@1.0.0", []]);
    await world.advance(6 * MINUTE);
    expect([live(resolver), heard]).toEqual([answer, events]);
    expect(resolver.status().lastFailure).toMatchObject({ code: "client/source" });
    // It comes back, with a release that was refreshed in the meantime.
    source.fault = undefined;
    refreshTimestamp(by, instant(START + 3 * DAY));
    await world.advance(10 * MINUTE);
    expect(live(resolver)).toBe("bundle:fraud/score@1.0.0");
    expect(resolver.status()).toMatchObject({ state: "fresh", failures: 0, lastFailure: null });
    resolver.close();
  });

  it("has an end also where the last good release is served", async () => {
    const { source, world, resolver, heard } = await running({ onStale: { serveLastGood: 3600 } });
    source.fault = () => Promise.reject(new Error("no route to host"));
    await world.advance(DAY + HOUR);
    expect(live(resolver)).toBe("client/expired");
    expect(heard).toEqual([`stale ${instant(START + DAY)}`, `expired ${instant(START + DAY + HOUR)}`]);
    resolver.close();
  });

  it("a host that goes on answering with what it has (a freeze) buys no time", async () => {
    const { world, resolver } = await running({ onStale: { serveLastGood: 3600 } });
    const failures: string[] = [];
    resolver.on("error", ({ code }) => failures.push(code));
    await world.advance(DAY + HOUR);
    expect(live(resolver)).toBe("client/expired");
    expect(new Set(failures)).toEqual(new Set(["release/expired"]));
    resolver.close();
  });

  it("a clock that is set back revives nothing, in this process and in the next", async () => {
    const warned: string[] = [];
    const hooks = { warned: ({ code }: Notice) => void warned.push(code) };
    const { by, source, world, resolver } = await running({ hooks, refresh: "PT1H" });
    refreshTimestamp(by, instant(START + 2 * DAY));
    await world.advance(DAY + 12 * HOUR);
    expect(resolver.status()).toMatchObject({ state: "fresh", clockSetBack: false });
    world.set(START);
    await world.advance(2 * HOUR);
    expect(resolver.status().clockSetBack).toBe(true);
    expect(warned).toContain("client/clock-set-back");
    // Good by the clock that was set back, and by no other: it stays refused.
    source.fault = undefined;
    refreshTimestamp(by, instant(START + DAY));
    await expect(resolver.refresh()).rejects.toMatchObject({ code: "release/expired" });
    expect(resolver.status().expires).toBe(instant(START + 2 * DAY));
    resolver.close();
  });

  it("a restart remembers the time that was seen", async () => {
    const by = publisher();
    release(by, { sequence: 1, values: one, expires: instant(START + DAY) });
    const dir = cacheDir();
    const world = machine(START + DAY - MINUTE);
    (await service(by, host(by.files), { world, cacheDir: dir })).close();
    // A day later by the clock that was seen, a year earlier by the one that is set back.
    const back = machine(START - 365 * DAY);
    const resolver = await service(by, host(by.files), { world: back, cacheDir: dir, refresh: false });
    expect(resolver.status()).toMatchObject({ state: "fresh", clockSetBack: true });
    expect(back.said.join()).toContain("client/clock-set-back");
    resolver.close();
  });

  it("asks less often while nobody answers, and never in step", () => {
    expect([0, 1, 2, 3, 9].map((failures) => delayUntilNext(30_000, failures, 0))).toEqual([
      27_000, 30_000, 60_000, 120_000, 150_000,
    ]);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3_600_000 }),
        fc.integer({ min: 0, max: 10_000 }),
        fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        (interval, failures, random) => {
          const delay = delayUntilNext(interval, failures, random);
          expect(delay).toBeGreaterThanOrEqual(interval * 0.5);
          expect(delay).toBeLessThanOrEqual(Math.max(interval * 1.1, 300_000));
          expect(firstDelay(interval, random)).toBeLessThanOrEqual(Math.min(interval, 5_000));
        },
      ),
    );
  });

  it("bounds are what they say, to the millisecond", () => {
    const end = START + DAY;
    const bounds = boundsOf(instant(end) as Instant, { serveLastGood: 1000 });
    expect([end - 1, end, end + 999, end + 1000].map((now) => standingOf(bounds, now))).toEqual([
      "fresh",
      "stale",
      "stale",
      "expired",
    ]);
    expect(standingOf(boundsOf(instant(end), "fail"), end)).toBe("expired");
  });
});

describe("several sources", () => {
  const both = async (more: Partial<ResolverOptions> = {}) => {
    const by = publisher();
    release(by, { sequence: 1, values: one });
    const [first, second] = [host(by.files, "memory:a"), host(by.files, "memory:b")];
    const world = machine();
    const resolver = await service(by, [first, second], { world, ...more });
    return { by, first, second, world, resolver };
  };

  it("fails over, and comes back", async () => {
    const { by, first, world, resolver } = await both();
    first.fault = () => Promise.reject(new Error("down"));
    release(by, { sequence: 2, values: two });
    await world.advance(MINUTE);
    expect([live(resolver), resolver.status().source]).toEqual(["bundle:fraud/score@2.0.0", "memory:b"]);
    first.fault = undefined;
    await world.advance(MINUTE);
    expect(resolver.status().source).toBe("memory:a");
    resolver.close();
  });

  it("takes the good one where the other lies, hangs or has half a release", async () => {
    const { by, first, world, resolver } = await both({ timeout: 10 });
    const codes: string[] = [];
    resolver.on("error", ({ code }) => codes.push(code));
    const faults: readonly (readonly [NonNullable<typeof first.fault>, string])[] = [
      [() => Promise.resolve({ bytes: Buffer.from("<html>busy</html>") }), "release/malformed"],
      [() => new Promise(() => {}), "client/too-slow"],
      [(path) => (path.includes("manifest") ? Promise.resolve(undefined) : undefined), "release/missing"],
      [
        (path) => (path.includes("slices/") ? Promise.resolve({ bytes: Buffer.from("{") }) : undefined),
        "release/wrong-length",
      ],
      [() => Promise.resolve({ bytes: Buffer.alloc(1 << 20) }), "release/too-long"],
    ];
    for (const [index, [fault, code]] of faults.entries()) {
      first.fault = fault;
      codes.length = 0;
      release(by, { sequence: index + 2, values: index % 2 === 0 ? two : one });
      await world.advance(MINUTE);
      expect([codes[0], resolver.status().release?.sequence]).toEqual([code, index + 2]);
    }
    resolver.close();
  });

  it("says what the first one said when none is good", async () => {
    const by = publisher();
    const [first, second] = [host(new Map(), "memory:a"), host(new Map(), "memory:b")];
    first.fault = () => Promise.reject(new Error("refused"));
    await expect(service(by, [first, second], { world: machine() })).rejects.toMatchObject({
      code: "client/source",
      message: "memory:a could not be read: refused",
    });
  });
});

describe("what is asked", () => {
  const tenants: Values = {
    ...one,
    [at("/acme")]: activation("2.0.0"),
    [at("/default/night")]: activation("2.0.0"),
  };

  it.each([
    [{ usecase: "fraud/score" }, "bundle:fraud/score@1.0.0"],
    [{ usecase: "fraud/score", tenant: "acme" }, "bundle:fraud/score@2.0.0"],
    [{ usecase: "fraud/score", tenant: "other" }, "bundle:fraud/score@1.0.0"],
    [{ usecase: "fraud/score", scenario: "night" }, "bundle:fraud/score@2.0.0"],
    [{ usecase: "fraud/nothing" }, "none"],
    // A malformed id is an error; it must not be answered by a wider scope or as "nothing is live".
    [{ usecase: "fraud/score@1.0.0" }, "client/malformed-query"],
    [{ usecase: "Fraud/Score" }, "client/malformed-query"],
    [{ usecase: "fraud" }, "client/malformed-query"],
    [{ usecase: "fraud/score/acme" }, "client/malformed-query"],
    [{ usecase: "" }, "client/malformed-query"],
    [{ usecase: "fraud/score", tenant: "Acme " }, "client/malformed-query"],
    [{ usecase: "fraud/score", tenant: "" }, "client/malformed-query"],
    [{ usecase: "fraud/score", scenario: "night/x" }, "client/malformed-query"],
    [{ usecase: "fraud/score", environment: "dev" }, "client/other-environment"],
    [{ usecase: "fraud/score", degradeMode: "NO_SUCH" }, "resolve/unknown-degrade-mode"],
    // Programs without types ask these; none may throw, and none may be read as if something were not said.
    [undefined, "client/malformed-query"],
    [null, "client/malformed-query"],
    ["fraud/score", "client/malformed-query"],
    [{ usecase: ["fraud/score"] }, "client/malformed-query"],
    [{ usecase: 5n }, "client/malformed-query"],
    [{ usecase: "fraud/score", tenant: 5 }, "client/malformed-query"],
    [{ usecase: "fraud/score", tenant: ["acme"] }, "client/malformed-query"],
    [{ usecase: "fraud/score", scenario: ["night"] }, "client/malformed-query"],
    [{ usecase: "fraud/score", degradeMode: ["NORMAL"] }, "client/malformed-query"],
    [{ usecase: "fraud/score", capabilities: "stage2" }, "client/malformed-query"],
    [{ usecase: "fraud/score", capabilities: null }, "client/malformed-query"],
    [{ usecase: "fraud/score", featureGroups: "core" }, "client/malformed-query"],
    [{ usecase: "fraud/score", featureGroups: null }, "client/malformed-query"],
    [{ usecase: "fraud/score", featureGroups: { core: null } }, "client/malformed-query"],
    [{ usecase: "fraud/score", featureGroups: { core: "v1" } }, "bundle:fraud/score@1.0.0"],
    [{ usecase: "fraud/score", degrade_mode: "NO_SUCH" }, "client/malformed-query"],
  ] as const)("%o is %s", async (query, expected) => {
    const by = publisher();
    release(by, { sequence: 1, values: tenants });
    const resolver = await service(by, host(by.files), { world: machine(), refresh: false });
    const answer = resolver.resolve(query as ResolverQuery);
    const got = answer.format === "assent.error/v1" ? answer.code : (answer.bundle?.ref ?? answer.outcome);
    expect(got).toBe(expected);
    resolver.close();
  });

  it("is answered with the bytes of the command line, in every degrade mode", async () => {
    const by = publisher();
    const compiled = release(by, { sequence: 1, values: tenants });
    const resolver = await service(by, host(by.files), { world: machine(), refresh: false });
    const plain = resolverOf(compiled);
    let asked = 0;
    for (const tenant of [undefined, null, "default", "acme", "other"]) {
      for (const scenario of [undefined, "night", "day"]) {
        for (const degradeMode of [undefined, "NORMAL", "DEGRADED_1", "DEGRADED_2", "QUIET", "NO_SUCH"]) {
          for (const narrowing of [{}, { featureGroups: { core: ["v1"] } }, { capabilities: [] }]) {
            const query = { usecase: "fraud/score", tenant, scenario, degradeMode, ...narrowing };
            expect(renderAnswer(resolver.resolve(query))).toBe(
              renderAnswer(plain.resolve({ environment: "prod", ...query })),
            );
            asked += 1;
          }
        }
      }
    }
    expect(asked).toBe(270);
    resolver.close();
  });

  it("a service of one tenant answers for that one", async () => {
    const by = publisher();
    release(by, { sequence: 1, values: { ...tenants, "registry/registry.yaml": { slices: "tenant" } } });
    const source = host(by.files);
    const resolver = await service(by, source, { world: machine(), refresh: false, tenant: "acme" });
    expect(live(resolver)).toBe("bundle:fraud/score@2.0.0");
    expect(live(resolver, "acme")).toBe("bundle:fraud/score@2.0.0");
    expect(live(resolver, "other")).toBe("client/other-tenant");
    expect(source.asked.filter((path) => path.includes("slices/"))).toEqual([
      expect.stringMatching(/prod@acme\.json$/),
    ]);
    resolver.close();
  });
});

describe("the field's own failures", () => {
  it("a profile that points at another environment's release", async () => {
    const by = publisher();
    release(by, { sequence: 1, values: one });
    const start = service(by, host(by.files), { world: machine(), environment: "stage" });
    await expect(start).rejects.toMatchObject({
      code: "client/wrong-environment",
      message: 'This release has no environment "stage"; it has "dev", "prod".',
    });
  });

  it("a profile that points at another registry's release", async () => {
    const [ours, theirs] = [publisher("payments"), publisher("payments-dev")];
    release(ours, { sequence: 1, values: one });
    release(theirs, { sequence: 1, values: one });
    const world = machine();
    expect(await refusal(service(ours, host(theirs.files), { world }))).toBe("release/threshold");
    expect(await refusal(service(theirs, host(theirs.files), { world, registry: "payments" }))).toBe(
      "client/wrong-root",
    );
    expect(await refusal(service(ours, host(ours.files), { world, registry: "payments" }))).toBe("started");
  });

  it("a fallback that is what is live already", async () => {
    const by = publisher();
    const warned: Notice[] = [];
    release(by, { sequence: 1, values: { [at("")]: activation("1.0.0", "1.0.0") } });
    const hooks = { warned: (notice: Notice) => void warned.push(notice) };
    const resolver = await service(by, host(by.files), { world: machine(), hooks });
    expect(warned).toMatchObject([{ code: "client/fallback-is-live", subject: "prod/fraud/score" }]);
    resolver.close();
  });

  it("a snapshot that somebody copied by hand and forgot", async () => {
    const by = publisher();
    release(by, { sequence: 1, values: one });
    const pinned = host(new Map(by.files));
    release(by, { sequence: 2, values: two });
    const world = machine();
    const resolver = await service(by, pinned, { world });
    expect(live(resolver)).toBe("bundle:fraud/score@1.0.0");
    await world.advance(DAY);
    expect(live(resolver)).toBe("client/expired");
    resolver.close();
    expect(await refusal(service(by, pinned, { world }))).toBe("release/expired");
  });

  it("a deprecated model is told once a release", async () => {
    const by = publisher();
    const warned: Notice[] = [];
    const values: Values = {
      ...one,
      "registry/models/acme/old/1.0.0.yaml": {
        title: "Old",
        state: "deprecated",
        spec: { type: "classifier" },
      },
      "registry/bundles/fraud/score/1.0.0.yaml": {
        title: "A bundle",
        state: "approved",
        spec: { models: ["model:acme/old@1.0.0"], artifacts: [{ role: "prompt", text: "x" }] },
        gateReceipt: { decision: "PASS", gates: [] },
      },
    };
    release(by, { sequence: 1, values });
    const hooks = { warned: (notice: Notice) => void warned.push(notice) };
    const resolver = await service(by, host(by.files), { world: machine(), hooks });
    const answer = resolver.resolve({ usecase: "fraud/score" });
    resolver.resolve({ usecase: "fraud/score", featureGroups: { core: ["v1"] } });
    if (answer.format === "assent.resolution/v1" && answer.reasons.length > 1) {
      expect(warned).toEqual([
        {
          code: "client/deprecated",
          message: "bundle:fraud/score@1.0.0 reaches model:acme/old@1.0.0, which is deprecated.",
          subject: "model:acme/old@1.0.0",
        },
      ]);
    } else expect(answer).toBe("an answer that reaches what is deprecated");
    resolver.close();
  });
});

describe("options", () => {
  it.each([undefined, null, "release", 5])("%j instead of any", async (none) => {
    const untyped: (options: never) => Promise<unknown> = createResolver;
    expect(await refusal(untyped(none as never))).toBe("client/options");
  });

  it.each([
    ["bogus", () => {}],
    ["toString", () => {}],
    [undefined, () => {}],
    ["update", 5],
    ["update", undefined],
  ])("on(%j, %o): nobody waits for what never comes", async (event, listener) => {
    const by = publisher();
    release(by, { sequence: 1, values: one });
    const resolver = await service(by, host(by.files), { world: machine(), refresh: false });
    expect(() => resolver.on(event as never, listener as never)).toThrow(
      expect.objectContaining({ code: "client/options" }),
    );
    resolver.close();
  });

  const by = publisher();
  release(by, { sequence: 1, values: one });
  const file = join(folder, "root.json");
  writeFileSync(file, by.root);

  it.each([
    [{ trust: undefined }, "client/no-trust"],
    [{ unsigned: true }, "client/options"],
    [{ source: [] }, "client/options"],
    [{ source: "" }, "client/options"],
    [{ source: "gopher://old" }, "source/address"],
    [{ environment: "Prod" }, "client/options"],
    [{ tenant: "a b" }, "client/options"],
    [{ registry: "A" }, "client/options"],
    [{ minSequence: -1 }, "client/options"],
    [{ refresh: 0 }, "client/options"],
    [{ refresh: "30s" }, "client/options"],
    [{ refresh: "P1M" }, "client/options"],
    [{ onStale: { serveLastGood: Infinity } }, "client/options"],
    [{ onStale: { serveLastGood: -1 } }, "client/options"],
    // What programs without types, or with settings from the environment, hand over.
    [{ trust: undefined, unsigned: "false" }, "client/options"],
    [{ unsigned: "" }, "client/options"],
    [{ source: undefined }, "client/options"],
    [{ source: {} }, "client/options"],
    [{ source: [undefined] }, "client/options"],
    [{ environment: undefined }, "client/options"],
    [{ environment: null }, "client/options"],
    [{ tenant: 5 }, "client/options"],
    [{ tenant: null }, "started"],
    [{ registry: 5 }, "client/options"],
    [{ trust: 5 }, "client/options"],
    [{ trust: "" }, "client/options"],
    [{ trust: null }, "client/no-trust"],
    [{ cacheDir: "" }, "client/options"],
    [{ cacheDir: 5 }, "client/options"],
    [{ refresh: true }, "client/options"],
    [{ refresh: "" }, "client/options"],
    [{ onStale: "serve" }, "client/options"],
    [{ onStale: null }, "client/options"],
    [{ onStale: { maxAge: "PT1H" } }, "client/options"],
    [{ minSequence: "1" }, "client/options"],
    [{ hooks: 5 }, "client/options"],
    [{ hooks: { resolved: 5 } }, "client/options"],
    [{ meter: {} }, "client/options"],
    [{ timeout: "soon" }, "client/options"],
    [{ minsequence: 2 }, "client/options"],
    [{ onstale: "fail" }, "client/options"],
    [{ trust: join(folder, "no-such.json") }, "client/trust"],
    [{ trust: new TextEncoder().encode("{}") }, "client/trust"],
    [{ trust: by.files.get("metadata/timestamp.json") }, "client/trust"],
    [{ trust: file }, "started"],
    [{ minSequence: 1 }, "started"],
    [{ minSequence: 2 }, "client/below-minimum"],
  ] as const)("%j: %s", async (more, expected) => {
    const options = { ...more, world: machine(), refresh: "refresh" in more ? more.refresh : false };
    expect(await refusal(service(by, host(by.files), options as Partial<ResolverOptions>))).toBe(expected);
  });
});

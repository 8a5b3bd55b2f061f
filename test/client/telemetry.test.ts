/** What operators see: hooks, and OpenTelemetry metrics as a real SDK of it collects them. */
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { afterAll, describe, expect, it } from "vitest";
import type { Hooks } from "../../src/client/events.ts";
import { at, live as activation, type Values } from "../compiled.ts";
import { host, live, machine, MINUTE, publisher, release, service } from "../client-world.ts";

const one: Values = { [at("")]: activation("1.0.0") };
const two: Values = { [at("")]: activation("2.0.0") };

const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
const provider = new MeterProvider({ readers: [reader] });
afterAll(() => provider.shutdown());

/** Every value of a metric, with its attributes. */
async function valuesOf(name: string) {
  exporter.reset();
  await reader.forceFlush();
  const metrics = exporter
    .getMetrics()
    .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((each) => each.metrics));
  return metrics
    .filter(({ descriptor }) => descriptor.name === name)
    .flatMap(({ dataPoints }) => dataPoints.map(({ attributes, value }) => ({ ...attributes, value })));
}

describe("metrics", () => {
  it("tell outcomes, refreshes, staleness and what runs, and end with the client", async () => {
    const by = publisher();
    release(by, { sequence: 1, values: one });
    const source = host(by.files);
    const world = machine();
    const meter = provider.getMeter("a service");
    const resolver = await service(by, source, { world, meter });
    resolver.resolve({ usecase: "fraud/score" });
    resolver.resolve({ usecase: "fraud/score" });
    resolver.resolve({ usecase: "fraud/none" });
    resolver.resolve({ usecase: "Fraud" });
    const compiled = release(by, { sequence: 2, values: two });
    await world.advance(MINUTE);
    source.fault = () => Promise.reject(new Error("down"));
    await world.advance(5 * MINUTE);
    const place = { environment: "prod" };
    expect(await valuesOf("assent.client.resolutions")).toEqual([
      { ...place, outcome: "resolved", value: 2 },
      { ...place, outcome: "none", value: 1 },
      { ...place, outcome: "error", value: 1 },
    ]);
    expect(await valuesOf("assent.client.resolve.duration")).toMatchObject([{ value: { count: 4 } }]);
    expect(await valuesOf("assent.client.refreshes")).toEqual(
      expect.arrayContaining([
        { ...place, result: "updated", value: 2 },
        { ...place, result: "failed", value: expect.any(Number) },
      ]),
    );
    const [staleness] = await valuesOf("assent.client.staleness");
    expect(staleness?.value).toBeGreaterThanOrEqual(300);
    expect(await valuesOf("assent.client.release.info")).toEqual([
      {
        ...place,
        value: 1,
        registry: "test",
        sequence: 2,
        as_of: "2026-07-01T00:00:00Z",
        digest: compiled.digest,
        state: "fresh",
        signed: true,
      },
    ]);
    resolver.close();
    // Nobody is asked any more: the last value stands, and does not say that the client is closed.
    expect(await valuesOf("assent.client.release.info")).toMatchObject([{ state: "fresh" }]);
  });
});

describe("hooks", () => {
  it("hear every answer and every refresh", async () => {
    const by = publisher();
    release(by, { sequence: 1, values: one });
    const heard: unknown[] = [];
    const hooks: Hooks = {
      resolved: ({ outcome, usecase, tenant, code }) => void heard.push([outcome, usecase, tenant, code]),
      refreshed: ({ result, source, failures }) =>
        void heard.push([result, source, failures.map(({ code }) => code)]),
    };
    const source = host(by.files);
    const resolver = await service(by, source, { world: machine(), hooks, refresh: false });
    resolver.resolve({ usecase: "fraud/score", tenant: "acme" });
    resolver.resolve({ usecase: "x" });
    await resolver.refresh();
    source.fault = () => Promise.reject(new Error("down"));
    await resolver.refresh().catch(() => {});
    expect(heard).toEqual([
      ["updated", "memory:a", []],
      ["resolved", "fraud/score", "acme", undefined],
      ["error", "x", null, "client/malformed-query"],
      ["unchanged", "memory:a", []],
      ["failed", null, ["client/source"]],
    ]);
    resolver.close();
  });

  it("that throw, and listeners that throw, stop nothing", async () => {
    const by = publisher();
    release(by, { sequence: 1, values: one });
    const broken = (): never => {
      throw new Error("a bug of the service");
    };
    const world = machine();
    const hooks = { resolved: broken, refreshed: broken, warned: broken };
    const resolver = await service(by, host(by.files), { world, hooks });
    resolver.on("update", broken);
    release(by, { sequence: 2, values: two });
    await world.advance(MINUTE);
    expect(live(resolver)).toBe("bundle:fraud/score@2.0.0");
    resolver.close();
  });
});

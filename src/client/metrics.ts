/**
 * The same as OpenTelemetry metrics. The Meter is whatever has these methods (`@opentelemetry/api` has), so that the
 * client depends on nothing. It must never put an unbounded value (a bundle, a tenant of a query) into an attribute.
 */
import type { ReleaseStatus } from "./status.ts";

type Attributes = Record<string, string | number | boolean>;

interface InstrumentOptions {
  description?: string;
  unit?: string;
}

interface ObservableResult {
  observe(value: number, attributes?: Attributes): void;
}

interface ObservableGauge {
  addCallback(callback: (result: ObservableResult) => void): void;
  removeCallback(callback: (result: ObservableResult) => void): void;
}

/** As much of OpenTelemetry's Meter as is used. */
export interface Meter {
  createCounter(
    name: string,
    options?: InstrumentOptions,
  ): { add(value: number, attributes?: Attributes): void };
  createHistogram(
    name: string,
    options?: InstrumentOptions,
  ): { record(value: number, attributes?: Attributes): void };
  createObservableGauge(name: string, options?: InstrumentOptions): ObservableGauge;
}

export interface Metrics {
  resolved(outcome: string, seconds: number): void;
  refreshed(result: string, seconds: number): void;
  stop(): void;
}

/** Whose release it is; the attributes of every value. */
interface Place {
  readonly environment: string | undefined;
  readonly tenant: string | null;
}

/** Makes the instruments; `status` and `staleness` (seconds since the release was last known to be current) are asked when metrics are read. */
export function createMetrics(
  meter: Meter,
  { environment, tenant }: Place,
  status: () => ReleaseStatus,
  staleness: () => number | undefined,
): Metrics {
  const place: Attributes = { environment: environment ?? "", ...(tenant !== null && { tenant }) };
  const resolutions = meter.createCounter("assent.client.resolutions", {
    description: "Resolutions, by outcome.",
  });
  const duration = meter.createHistogram("assent.client.resolve.duration", {
    description: "How long a resolution took.",
    unit: "s",
  });
  const refreshes = meter.createCounter("assent.client.refreshes", {
    description: "Refreshes of the release, by result.",
  });
  const refreshDuration = meter.createHistogram("assent.client.refresh.duration", {
    description: "How long a refresh took.",
    unit: "s",
  });
  const age = meter.createObservableGauge("assent.client.staleness", {
    description: "Time since the release in use was last known to be current.",
    unit: "s",
  });
  const info = meter.createObservableGauge("assent.client.release.info", {
    description: "1 for the release in use; what it is stands in the attributes.",
  });
  const observeAge = (result: ObservableResult): void => {
    const seconds = staleness();
    if (seconds !== undefined) result.observe(seconds, place);
  };
  const observeInfo = (result: ObservableResult): void => {
    const { release, state, signed } = status();
    if (release === null) return;
    const { registry, sequence, asOf, digest } = release;
    result.observe(1, {
      ...place,
      registry,
      sequence: sequence ?? -1,
      as_of: asOf,
      digest,
      state,
      signed,
    });
  };
  age.addCallback(observeAge);
  info.addCallback(observeInfo);
  return {
    resolved(outcome, seconds) {
      resolutions.add(1, { ...place, outcome });
      duration.record(seconds, place);
    },
    refreshed(result, seconds) {
      refreshes.add(1, { ...place, result });
      refreshDuration.record(seconds, place);
    },
    stop() {
      age.removeCallback(observeAge);
      info.removeCallback(observeInfo);
    },
  };
}

/** `assent results` and `assent trend`: what was measured on a version, and how a metric of a use case went. */
import { kindOf } from "../core/kinds/index.ts";
import { resultsOf, type Results } from "../core/find/results.ts";
import { metricsOf, trendOf, type Trend } from "../core/find/trend.ts";
import { settingsOf } from "../core/govern/ownership.ts";
import { Failure } from "../core/model/failure.ts";
import { nearest } from "../core/model/nearest.ts";
import type { Entry } from "../core/model/registry.ts";
import { attesterOf } from "../core/trust/attestation.ts";
import { allRunsOf } from "../core/validate/gates.ts";
import { certifierOfRegistry } from "./attested.ts";
import { findEntry } from "./entry.ts";
import type { Ports } from "./ports.ts";
import { openRegistry, type Selection } from "./read.ts";

export interface ResultsRequest extends Selection {
  /** A version as typed. */
  readonly entry: string;
}

/** Every run on a version. */
export async function results(request: ResultsRequest, ports: Ports): Promise<Results> {
  const { registry } = await openRegistry(request, ports);
  const target = findEntry(registry, request.entry);
  if (kindOf(target.kind).lifecycle === undefined || target.version === null) {
    throw new Failure("usage/no-results", `Nothing is evaluated on a ${target.kind}.`, {
      hint: "Ask about a version, such as bundle:fraud/score@1.4.0 or model:openai/gpt-4o@1.0.0.",
    });
  }
  const hasCertificate = allRunsOf(registry, target).some(
    ({ value }) => value.attestation?.verificationMaterial !== undefined,
  );
  const trust = {
    registry,
    id: settingsOf(registry)?.value.id ?? "",
    certifier: hasCertificate ? await certifierOfRegistry(registry) : undefined,
  };
  return resultsOf(registry, target, (run) => attesterOf(run, trust));
}

export interface TrendRequest extends Selection {
  readonly metric: string;
  /** A use case as typed. */
  readonly usecase: string;
  /** A suite as typed; undefined = all. */
  readonly suite: string | undefined;
}

/** How a metric went. */
export async function trend(request: TrendRequest, ports: Ports): Promise<Trend> {
  const { registry } = await openRegistry(request, ports);
  const usecase = findEntry(registry, request.usecase, "UseCase") as Entry<"UseCase">;
  const suite = request.suite === undefined ? null : findEntry(registry, request.suite, "TestSuite").ref;
  const known = metricsOf(registry, usecase);
  if (!known.includes(request.metric)) {
    const near = nearest(request.metric, known);
    throw new Failure("usage/unknown-metric", `No run on ${usecase.ref} carries "${request.metric}".`, {
      hint:
        near !== undefined
          ? `Did you mean ${near}?`
          : known.length === 0
            ? "Nothing was measured on it yet: assent evaluation add <file>."
            : `The metrics are ${known.slice(0, 20).join(", ")}${known.length > 20 ? ", ..." : ""}.`,
    });
  }
  return trendOf(registry, usecase, request.metric, suite);
}

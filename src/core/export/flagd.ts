/**
 * What is live, as flags of flagd (https://flagd.dev/schema/v0/flags.json): one flag a scope, its variants the bundles
 * that resolution can answer with. It fails closed: where nothing is live, or what is live does not fit the platform, the
 * default variant says so and names no bundle. Resolution itself is asked; nothing is decided here.
 */
import { answersOf, type Served } from "../govern/served.ts";
import { compareBytes, type JsonObject } from "../model/json.ts";
import type { Entry } from "../model/registry.ts";
import { DEFAULT_TENANT } from "../model/scope.ts";
import { defineExport, type ExportRequest } from "./define.ts";

export const flagd = defineExport({
  name: "flagd",
  summary: "what is live in each scope, as flags of flagd",
  subject: null,
  mediaType: "application/json",
  render(request) {
    const { registry, asOf, commit } = request;
    const id = registry.ofKind("Registry")[0]?.value.id ?? "registry";
    const set = {
      $schema: "https://flagd.dev/schema/v0/flags.json",
      metadata: { flagSetId: id, version: commit ?? asOf },
      flags: flagsOf(request),
    };
    return `${JSON.stringify(set, null, 2)}\n`;
  },
});

/** The variant where nothing may be used. */
const closed = "none";

function flagsOf({ registry }: ExportRequest): JsonObject {
  const answers = answersOf(registry, "all");
  const flags = registry.ofKind("Activation").flatMap((activation): [string, JsonObject][] => {
    const [environment = "", ns = "", name = "", tenant, scenario] = activation.id.split("/");
    const served = answers(environment)({
      environment,
      usecase: `${ns}/${name}`,
      tenant: tenant === undefined || tenant === DEFAULT_TENANT ? null : tenant,
      scenario: scenario ?? null,
    });
    return [[activation.id, flagOf(activation, served?.["NORMAL"])]];
  });
  return Object.fromEntries(flags.sort(([a], [b]) => compareBytes(a, b)));
}

function flagOf(activation: Entry<"Activation">, served: Served | undefined): JsonObject {
  const live =
    served !== undefined &&
    (served.outcome === "resolved" || served.outcome === "fallback") &&
    served.bundle !== null &&
    served.compatible;
  const version = live
    ? (served.bundle?.slice((served.bundle.lastIndexOf("@") ?? -1) + 1) ?? closed)
    : closed;
  const outcome = served?.outcome ?? "none";
  return {
    state: "ENABLED",
    variants: {
      ...(live && {
        [version]: { live: true, bundle: served.bundle, digest: served.digest, posture: served.posture },
      }),
      [closed]: { live: false },
    },
    defaultVariant: version,
    metadata: { scope: activation.ref, outcome },
  };
}

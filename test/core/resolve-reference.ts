/**
 * DESIGN 8 written down once more, as plainly as it reads: no index, nothing kept, lists searched from the front. What
 * resolution answers is compared with this; it shares no code with it.
 */
import type { SliceDocument } from "../../src/core/model/snapshot.ts";
import type { Query } from "../../src/core/resolve/resolve.ts";

interface Stamp {
  readonly snapshot: object;
  readonly policyRevision: string;
}
type Groups = Readonly<Record<string, readonly string[]>>;

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** The bytes of the answer of one slice; undefined where the degrade mode is unknown. */
export function referenceAnswer(slice: SliceDocument, query: Query, stamp: Stamp): string | undefined {
  const { environment, usecase } = query;
  const tenant = query.tenant === "default" ? null : (query.tenant ?? null);
  const scenario = query.scenario ?? null;
  const mode = query.degradeMode ?? "NORMAL";
  const known = new Map(Object.entries(slice.degradeProfiles));
  const profile = known.get(mode) ?? (mode === "NORMAL" ? { posture: "NORMAL" as const } : undefined);
  if (profile === undefined) return undefined;

  // The pinned order; only the first where nothing is inherited.
  const asked: [string | null, string | null][] = [
    [tenant, scenario],
    [tenant, null],
    [null, scenario],
    [null, null],
  ];
  const distinct = asked.filter(
    ([t, s], i) => asked.findIndex(([otherT, otherS]) => otherT === t && otherS === s) === i,
  );
  const steps: object[] = [];
  let chosen: SliceDocument["scopes"][number] | undefined;
  let inherited = false;
  for (const [t, s] of slice.inherit ? distinct : distinct.slice(0, 1)) {
    inherited = steps.length > 0;
    const parts = [environment, usecase, ...(s !== null ? [t ?? "default", s] : t !== null ? [t] : [])];
    const activation = slice.scopes.find(
      ({ scope }) => scope === parts.join("/") && scope.split("/").length === parts.length + 1,
    );
    const at = `scope:${parts.join("/")}`;
    if (activation === undefined || activation.bundle === "inherit") {
      const result = activation === undefined ? "absent" : "inherit";
      steps.push({ try: at, result, reason: "SCOPE_NOT_FOUND" });
      continue;
    }
    chosen = activation;
    const reason = chosen.bundle === "none" ? "NO_ACTIVE" : inherited ? "SCOPE_INHERITED" : null;
    steps.push({ try: at, result: chosen.bundle === "none" ? "none" : "found", reason });
    break;
  }
  const from = inherited ? ["SCOPE_INHERITED"] : [];
  const answer = (outcome: string, ref: string | null, compatible: boolean, reasons: readonly string[]) => {
    const found = ref === null ? undefined : slice.bundles[ref];
    return `${JSON.stringify({
      format: "assent.resolution/v1",
      outcome,
      scope: { environment, usecase, tenant, scenario },
      bundle: found === undefined ? null : { ref, digest: found.digest, spec: found.spec },
      compatible,
      posture: profile.posture,
      reasons,
      steps,
      snapshot: stamp.snapshot,
      policyRevision: stamp.policyRevision,
    })}\n`;
  };
  if (chosen === undefined) return answer("none", null, false, ["SCOPE_NOT_FOUND"]);
  if (chosen.bundle === "none") return answer("none", null, false, [...from, "NO_ACTIVE"]);

  // What the caller has narrows what the environment offers, then the profile masks it.
  const groups = new Map<string, readonly string[]>();
  for (const [name, versions] of Object.entries(slice.offer.featureGroups as Groups)) {
    const own = query.featureGroups === undefined ? versions : query.featureGroups[name];
    if (query.featureGroups !== undefined && !Object.hasOwn(query.featureGroups, name)) continue;
    if (profile.featureGroups !== undefined && !profile.featureGroups.includes(name)) continue;
    groups.set(
      name,
      versions.filter((version) => (typeof own === "string" ? own === version : own!.includes(version))),
    );
  }
  const capabilities = slice.offer.capabilities.filter(
    (name) =>
      (query.capabilities === undefined || query.capabilities.includes(name)) &&
      (profile.capabilities === undefined || profile.capabilities.includes(name)),
  );
  const faultsOf = (ref: string): string[] | undefined => {
    const found = Object.hasOwn(slice.bundles, ref) ? slice.bundles[ref] : undefined;
    if (found === undefined) return undefined;
    const needs = (found.spec["compatibility"] ?? {}) as {
      featureGroups?: Record<string, string>;
      schemas?: Record<string, string>;
      inputContract?: { schema: string; version: string };
      requires?: string[];
    };
    const wantedGroups = Object.entries(needs.featureGroups ?? {}).sort((a, b) => byBytes(a[0], b[0]));
    const wantedSchemas = Object.entries(needs.schemas ?? {});
    if (needs.inputContract !== undefined)
      wantedSchemas.push([needs.inputContract.schema, needs.inputContract.version]);
    const schemas = new Map(Object.entries(slice.offer.schemas as Groups));
    const once = (names: string[]): string[] => [...new Set(names)].sort(byBytes);
    return [
      ...wantedGroups.filter(([name]) => !groups.has(name)).map(([name]) => `FEATURE_GROUP_MISSING:${name}`),
      ...wantedGroups
        .filter(([name, version]) => groups.get(name)?.includes(version) === false)
        .map(([name]) => `FEATURE_GROUP_VERSION_MISMATCH:${name}`),
      ...once(
        wantedSchemas
          .filter(([name, version]) => !(schemas.get(name) ?? []).includes(version))
          .map(([name]) => name),
      ).map((name) => `SCHEMA_VERSION_MISMATCH:${name}`),
      ...once((needs.requires ?? []).filter((name) => !capabilities.includes(name))).map(
        (name) => `CAPABILITY_MISMATCH:${name}`,
      ),
    ];
  };
  const deprecated = (ref: string): string[] =>
    slice.bundles[ref]!.deprecated.map((each) => `DEPRECATED_REACHED:${each}`);
  const tell = (ref: string, result: string, reasons: readonly string[]): void => {
    for (const reason of reasons) steps.push({ try: ref, result, reason });
  };

  const live = chosen.bundle;
  const faults = faultsOf(live);
  if (faults?.length === 0) {
    tell(live, "compatible", ["ACTIVE_BUNDLE_RESOLVED"]);
    return answer("resolved", live, true, ["ACTIVE_BUNDLE_RESOLVED", ...from, ...deprecated(live)]);
  }
  const named = faults ?? [];
  tell(live, "incompatible", named.length > 0 ? named : ["ACTIVE_BUNDLE_INCOMPATIBLE"]);
  if (faults !== undefined && slice.compatibility === "warn") {
    return answer("resolved", live, false, [
      "ACTIVE_BUNDLE_RESOLVED",
      ...from,
      "ACTIVE_BUNDLE_INCOMPATIBLE",
      ...named,
      ...deprecated(live),
    ]);
  }
  const closed = "FAIL_CLOSED_NO_COMPATIBLE_BUNDLE";
  const second = chosen.fallback;
  if (second === undefined)
    return answer("incompatible", null, false, [...from, "ACTIVE_BUNDLE_INCOMPATIBLE", ...named, closed]);
  const others = faultsOf(second);
  if (others?.length === 0) {
    tell(second, "compatible", ["FALLBACK_EXPLICIT"]);
    const reasons = [...from, "ACTIVE_BUNDLE_INCOMPATIBLE", ...named, "FALLBACK_EXPLICIT"];
    return answer("fallback", second, true, [...reasons, ...deprecated(second)]);
  }
  tell(second, "incompatible", others !== undefined && others.length > 0 ? others : [closed]);
  const order = ["FEATURE_GROUP_M", "FEATURE_GROUP_V", "SCHEMA", "CAPABILITY"];
  const rank = (fault: string): number => order.findIndex((start) => fault.startsWith(start));
  const both = [...new Set([...named, ...(others ?? [])])].sort((a, b) => rank(a) - rank(b) || byBytes(a, b));
  return answer("incompatible", null, false, [...from, "ACTIVE_BUNDLE_INCOMPATIBLE", ...both, closed]);
}

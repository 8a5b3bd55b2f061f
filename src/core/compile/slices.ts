/**
 * The resolution slices (DESIGN 7): per environment, or per environment and tenant, what resolution needs and
 * nothing else. A tenant's slice holds its own scopes and those without a tenant; it must never hold a byte that
 * another tenant's files brought in.
 */
import { canonicalJson } from "../model/canonical.ts";
import { digestOf, sha256Hex } from "../model/digest.ts";
import { compareBytes, type JsonObject } from "../model/json.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { parseScope } from "../model/scope.ts";
import {
  SLICE_FORMAT,
  type SliceBundle,
  type SliceDocument,
  type SliceFile,
  type SliceScope,
  type Slicing,
} from "../model/snapshot.ts";
import { offerOf, type DegradeProfile, type EnvironmentOffer } from "../resolve/compatibility.ts";
import { stateOf } from "../validate/states.ts";
import { reachOf } from "./reach.ts";

/** A slice as bytes, named by its own sha256. */
export interface CompiledSlice extends SliceFile {
  readonly bytes: Uint8Array;
}

export interface Slices {
  readonly slicing: Slicing;
  /** By rank, then by name. */
  readonly environments: readonly string[];
  readonly slices: readonly CompiledSlice[];
}

const encoder = new TextEncoder();

/**
 * Compiles the slices of a registry. Activations of environments that do not exist are left out; lint reports them. With
 * `only`, the slices of that environment alone.
 */
export function compileSlices(registry: Registry, only?: string): Slices {
  const root = registry.ofKind("Registry")[0];
  const slicing: Slicing = root?.value.slices === "tenant" ? "tenant" : "environment";
  const environments = [...registry.ofKind("Environment")].sort(
    (a, b) => a.value.rank - b.value.rank || compareBytes(a.name, b.name),
  );
  const highest = environments.at(-1)?.value.rank ?? 0;
  const scopes = scopesByEnvironment(registry);
  const bundles = new Map<string, SliceBundle | undefined>();
  const slices: CompiledSlice[] = [];
  for (const { name: environment, value } of environments) {
    if (only !== undefined && environment !== only) continue;
    const offer = offerOf(root?.value ?? {}, value, highest);
    const placed = scopes.get(environment) ?? [];
    const inherit = root?.value.resolution?.inherit === true;
    const make = (tenant: string | null, own: readonly Placed[]): CompiledSlice => {
      const head = {
        format: SLICE_FORMAT,
        registry: root?.value.id ?? "",
        environment,
        slicing,
        tenant,
        inherit,
      } as const;
      return sliceOf(head, offer, own, (ref) => bundleOf(ref, registry, bundles));
    };
    if (slicing === "environment") {
      slices.push(make(null, placed));
      continue;
    }
    const tenants = [...new Set(placed.flatMap(({ tenant }) => (tenant === null ? [] : [tenant])))].sort(
      compareBytes,
    );
    for (const tenant of [null, ...tenants]) {
      slices.push(
        make(
          tenant,
          placed.filter((scope) => scope.tenant === null || scope.tenant === tenant),
        ),
      );
    }
  }
  return { slicing, environments: environments.map(({ name }) => name), slices };
}

interface Placed {
  readonly tenant: string | null;
  readonly scope: SliceScope;
}

/** In byte order of scopes, because entries are. */
function scopesByEnvironment(registry: Registry): Map<string, Placed[]> {
  const byEnvironment = new Map<string, Placed[]>();
  for (const { id, ns, name, value } of registry.ofKind("Activation")) {
    const scope = parseScope(id);
    if (scope === undefined) continue;
    const full = (version: string): string =>
      version === "none" || version === "inherit" ? version : `bundle:${ns}/${name}@${version}`;
    const fallback = value.fallback === undefined ? {} : { fallback: full(value.fallback) };
    const placed = { tenant: scope.tenant, scope: { scope: id, bundle: full(value.bundle), ...fallback } };
    const list = byEnvironment.get(scope.environment);
    if (list === undefined) byEnvironment.set(scope.environment, [placed]);
    else list.push(placed);
  }
  return byEnvironment;
}

type Head = Pick<SliceDocument, "format" | "registry" | "environment" | "slicing" | "tenant" | "inherit">;

function sliceOf(
  head: Head,
  { compatibility, offer, degradeProfiles }: EnvironmentOffer,
  placed: readonly Placed[],
  bundleAt: (ref: string) => SliceBundle | undefined,
): CompiledSlice {
  const refs = new Set(
    placed.flatMap(({ scope }) =>
      scope.fallback === undefined ? [scope.bundle] : [scope.bundle, scope.fallback],
    ),
  );
  const bundles: Record<string, SliceBundle> = {};
  for (const ref of [...refs].sort(compareBytes)) {
    const bundle = bundleAt(ref);
    if (bundle !== undefined) bundles[ref] = bundle;
  }
  const document: SliceDocument = {
    ...head,
    compatibility,
    offer,
    degradeProfiles: Object.fromEntries(
      Object.entries(degradeProfiles).map(([mode, profile]) => [mode, profileOf(profile)]),
    ),
    scopes: placed.map(({ scope }) => scope),
    bundles,
  };
  const bytes = encoder.encode(`${inCanonicalOrder(document)}\n`);
  return {
    environment: head.environment,
    tenant: head.tenant,
    path: `slices/${sha256Hex(bytes)}.json`,
    bytes,
  };
}

function profileOf({
  featureGroups,
  capabilities,
  posture = "NORMAL",
}: DegradeProfile): SliceDocument["degradeProfiles"][string] {
  return { ...(featureGroups && { featureGroups }), ...(capabilities && { capabilities }), posture };
}

function bundleOf(
  ref: string,
  registry: Registry,
  known: Map<string, SliceBundle | undefined>,
): SliceBundle | undefined {
  if (known.has(ref)) return known.get(ref);
  const entry = registry.get(ref);
  const bundle = entry?.kind === "Bundle" ? sliceBundle(entry as Entry<"Bundle">, registry) : undefined;
  known.set(ref, bundle);
  return bundle;
}

function sliceBundle(entry: Entry<"Bundle">, registry: Registry): SliceBundle {
  const deprecated = reachOf(entry, registry).flatMap((reached) =>
    stateOf(reached) === "deprecated" ? [reached.ref] : [],
  );
  return { digest: digestOf(entry), spec: entry.value.spec as object as JsonObject, deprecated };
}

/** Key order in a file may not show in the bytes; the format stands first, as in every answer. */
function inCanonicalOrder({ format, ...rest }: SliceDocument): string {
  return `{"format":${canonicalJson(format)},${canonicalJson(rest as object as JsonObject).slice(1)}`;
}

/** Entries as CycloneDX 1.6 components: models with their cards, data with where they lie. */
import { kindOf } from "../kinds/index.ts";
import { digestOf } from "../model/digest.ts";
import { compareBytes, type Json, type JsonObject } from "../model/json.ts";
import type { Entry, Registry } from "../model/registry.ts";

/** One part of a bundle. */
export function componentOf(entry: Entry, registry: Registry): JsonObject {
  if (entry.kind === "Model") return modelComponent(entry as Entry<"Model">, registry);
  if (entry.kind === "Dataset") return datasetComponent(entry as Entry<"Dataset">);
  const isConfig = entry.kind === "Config" || entry.kind === "Policy" || entry.kind === "TestSuite";
  return present({
    type: isConfig ? "data" : "application",
    ...identity(entry),
    ...(isConfig && {
      data: [{ type: entry.kind === "Config" ? "configuration" : "definition", name: entry.name }],
    }),
    properties: ownProperties(entry),
  });
}

function modelComponent(model: Entry<"Model">, registry: Registry): JsonObject {
  const { spec, facts } = model.value;
  const provider = registry.get(spec.provider) as Entry<"Provider"> | undefined;
  const { modalities } = facts?.capabilities ?? {};
  const runs = registry
    .ofKind("Evaluation")
    .filter(({ value }) => value.target === model.ref && value.status === "passed");
  const metrics = runs.flatMap(({ value }) =>
    Object.entries(value.metrics).map(([type, number]) => ({
      type,
      value: String(number),
      slice: value.suite,
    })),
  );
  const claims = (facts?.scores ?? []).map(({ name, value }) => ({
    type: name,
    value: String(value),
    slice: "claimed",
  }));
  return present({
    type: "machine-learning-model",
    ...identity(model),
    supplier: provider === undefined ? undefined : { name: provider.value.title ?? provider.name },
    licenses: facts?.license === undefined ? undefined : [{ expression: facts.license }],
    hashes: hashesOf(spec.artifact?.digest),
    externalReferences: [
      ...(spec.artifact === undefined
        ? []
        : [external("distribution", spec.artifact.uri, spec.artifact.digest)]),
      ...(model.value.links ?? []).map(({ url }) => external("documentation", url)),
    ],
    pedigree:
      spec.derivedFrom === undefined
        ? undefined
        : { ancestors: spec.derivedFrom.map((ref) => ancestor(ref, registry)) },
    modelCard: {
      modelParameters: present({
        task: spec.type,
        architectureFamily: facts?.series,
        datasets: spec.datasets?.map((ref) => ({ ref })),
        inputs: modalities?.input?.map((format) => ({ format })),
        outputs: modalities?.output?.map((format) => ({ format })),
      }),
      ...(metrics.length + claims.length > 0 && {
        quantitativeAnalysis: { performanceMetrics: [...metrics, ...claims] },
      }),
    },
    properties: ownProperties(model, { upstreamId: spec.upstreamId ?? null, role: facts?.role ?? null }),
  });
}

function datasetComponent(dataset: Entry<"Dataset">): JsonObject {
  const { spec, owner } = dataset.value;
  return present({
    type: "data",
    ...identity(dataset),
    licenses: spec.license === undefined ? undefined : [{ expression: spec.license }],
    hashes: hashesOf(spec.digest),
    data: [
      present({
        type: "dataset",
        name: dataset.name,
        contents: { url: spec.uri },
        classification: spec.classification,
        governance: owner === undefined ? undefined : { owners: [{ organization: { name: owner } }] },
      }),
    ],
    properties: ownProperties(dataset, {
      records: spec.records === undefined ? null : String(spec.records),
      retention: spec.retention ?? null,
    }),
  });
}

function ancestor(ref: string, registry: Registry): JsonObject {
  const entry = registry.get(ref);
  const [, name = ref, version] = /^[^:]+:(.+)@([^@]+)$/.exec(ref) ?? [];
  return present({
    type: "machine-learning-model",
    group: entry?.ns ?? undefined,
    name: entry?.name ?? name,
    version: entry?.version ?? version,
  });
}

function identity({ ref, ns, name, version, value }: Entry): JsonObject {
  const { title, description } = value as { readonly title?: string; readonly description?: string };
  return present({
    "bom-ref": ref,
    group: ns ?? undefined,
    name,
    version: version ?? undefined,
    description: description ?? title,
  });
}

function ownProperties(
  entry: Entry,
  more: Readonly<Record<string, string | null>> = {},
): readonly JsonObject[] {
  const { state } = entry.value as { readonly state?: string };
  const digest = entry.version === null ? null : digestOf(entry);
  return propertiesOf({ kind: kindOf(entry.kind).prefix, digest, state: state ?? null, ...more });
}

/** Properties of our own, by name. */
export function propertiesOf(values: Readonly<Record<string, string | null>>): readonly JsonObject[] {
  return Object.entries(values)
    .flatMap(([name, value]) => (value === null ? [] : [{ name: `assent:${name}`, value }]))
    .sort((a, b) => compareBytes(a.name, b.name));
}

/** A reference to something kept elsewhere. */
export function external(type: string, url: string, digest?: string): JsonObject {
  return present({ type, url, hashes: hashesOf(digest) });
}

/** A digest as CycloneDX spells it; undefined where there is none. */
export function hashesOf(digest: string | undefined): readonly JsonObject[] | undefined {
  if (digest?.startsWith("sha256:") !== true) return undefined;
  return [{ alg: "SHA-256", content: digest.slice("sha256:".length) }];
}

/** Without the keys that have nothing to say: undefined, and empty lists. */
export function present(value: Readonly<Record<string, Json | undefined | null>>): JsonObject {
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]): [string, Json][] =>
      each === undefined || each === null || (Array.isArray(each) && each.length === 0) ? [] : [[key, each]],
    ),
  );
}

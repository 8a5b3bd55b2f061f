/**
 * Lineage as OpenLineage events (spec 2-0-2), one JSON object a line: what catalogues such as Marquez or DataHub read.
 * Nothing ran here, so there are no runs: every dataset, model, config and bundle is a dataset event, and everything
 * that makes or serves one a job event with its inputs and outputs, all at the moment of the registry.
 */
import { isObject, type Json, type JsonObject } from "../model/json.ts";
import type { Entry } from "../model/registry.ts";
import { lineageOf, relationsAbove, type Lineage } from "../lineage/lineage.ts";
import { isLineageKind, lineageKinds, type Relation } from "../lineage/relations.ts";
import { viewOf } from "../lineage/view.ts";
import { defineExport, type ExportRequest } from "./define.ts";

const SPEC = "https://openlineage.io/spec/2-0-2/OpenLineage.json";
const FACETS = "https://openlineage.io/spec/facets";

/** By what they say: the version and the name of the schema they follow. */
const facetSchemas = {
  documentation: ["1-1-0", "DocumentationDatasetFacet"],
  version: ["1-0-1", "DatasetVersionDatasetFacet"],
  dataSource: ["1-0-1", "DatasourceDatasetFacet"],
  datasetType: ["1-0-1", "DatasetTypeDatasetFacet"],
  symlinks: ["1-0-1", "SymlinksDatasetFacet"],
  ownership: ["1-0-1", "OwnershipDatasetFacet"],
  jobType: ["2-0-4", "JobTypeJobFacet"],
  jobDocumentation: ["1-1-0", "DocumentationJobFacet"],
  jobOwnership: ["1-0-1", "OwnershipJobFacet"],
} as const;

export const openlineage = defineExport({
  name: "openlineage",
  summary: "lineage as OpenLineage events, one a line",
  subject: { kinds: lineageKinds, optional: true },
  mediaType: "application/x-ndjson",
  render(request) {
    const lineage = lineageOf(request.registry);
    const events = entriesOf(request, lineage).flatMap((entry) => eventsOf(entry, lineage, request));
    return events.map((event) => `${JSON.stringify(event)}\n`).join("");
  },
});

/** In byte order of references: the whole registry, or the lineage of one entry. */
function entriesOf({ registry, subject }: ExportRequest, lineage: Lineage): readonly Entry[] {
  if (subject === undefined) return registry.entries.filter(({ kind }) => isLineageKind(kind));
  const view = viewOf(lineage, subject.ref, { direction: "both" });
  return view?.nodes.flatMap(({ ref }) => registry.get(ref) ?? []) ?? [];
}

function eventsOf(entry: Entry, lineage: Lineage, request: ExportRequest): readonly JsonObject[] {
  const above = relationsOf(entry, lineage);
  const inputs = above.filter(
    ({ type }) => type !== "replaces" && type !== "transforms" && type !== "validates",
  );
  const made = above.find(({ type }) => type === "transforms");
  const base = { eventTime: request.asOf, producer: producerOf(request) };
  const job = (name: string, type: string, outputs: readonly string[]): JsonObject => ({
    ...base,
    schemaURL: `${SPEC}#/$defs/JobEvent`,
    job: { ...idOf(name, request), facets: jobFacets(entry, type, request) },
    inputs: [...new Set(inputs.map(({ above: ref }) => ref))].map((ref) => idOf(ref, request)),
    outputs: outputs.map((ref) => idOf(ref, request)),
  });
  switch (entry.kind) {
    case "Provider":
    case "Aliases":
    case "TestSuite":
    case "Policy":
    case "Template":
      return [];
    case "Pipeline":
      return [job(entry.ref, "PIPELINE", producedBy(entry, lineage))];
    case "Activation":
      return [job(entry.ref, "SERVICE", [])];
    default: {
      const dataset: JsonObject = {
        ...base,
        schemaURL: `${SPEC}#/$defs/DatasetEvent`,
        dataset: { ...idOf(entry.ref, request), facets: datasetFacets(entry, request) },
      };
      // A pipeline that produced it says so in its own job.
      if (inputs.length === 0 || made !== undefined) return [dataset];
      const verb = entry.kind === "Model" ? "train" : entry.kind === "Bundle" ? "build" : "derive";
      return [dataset, job(`${verb}:${entry.ref}`, verb.toUpperCase(), [entry.ref])];
    }
  }
}

function relationsOf({ ref }: Entry, lineage: Lineage): readonly Relation[] {
  const node = lineage.indexOf(ref);
  const relations = node === undefined ? [] : relationsAbove(lineage, node).map(([relation]) => relation);
  // Who serves a model is no input of it.
  return relations.filter(({ above }) => !above.startsWith("provider:"));
}

function producedBy({ ref }: Entry, { relations }: Lineage): readonly string[] {
  return relations
    .filter(({ above, type }) => above === ref && type === "transforms")
    .map(({ below }) => below);
}

function idOf(
  name: string,
  { registry }: ExportRequest,
): { readonly namespace: string; readonly name: string } {
  return { namespace: `assent://${registry.ofKind("Registry")[0]?.value.id ?? "registry"}`, name };
}

function producerOf({ version }: ExportRequest): string {
  return `https://assent.dev/releases/${version}`;
}

function facet(schema: keyof typeof facetSchemas, values: JsonObject, request: ExportRequest): JsonObject {
  const [version, name] = facetSchemas[schema];
  const url = `${FACETS}/${version}/${name}.json#/$defs/${name}`;
  return { _producer: producerOf(request), _schemaURL: url, ...values };
}

function datasetFacets(entry: Entry, request: ExportRequest): JsonObject {
  const value = entry.value as JsonObject;
  const words = textOf(value["description"]) ?? textOf(value["title"]);
  const owner = textOf(value["owner"]);
  const uri = uriOf(value);
  return {
    datasetType: facet("datasetType", { datasetType: entry.kind.toUpperCase() }, request),
    ...(entry.version !== null && { version: facet("version", { datasetVersion: entry.version }, request) }),
    ...(words !== undefined && { documentation: facet("documentation", { description: words }, request) }),
    ...(owner !== undefined && {
      ownership: facet("ownership", { owners: [{ name: owner, type: "OWNER" }] }, request),
    }),
    ...(uri !== undefined && {
      dataSource: facet("dataSource", { name: entry.ref, uri }, request),
      symlinks: facet("symlinks", { identifiers: [locationOf(uri)] }, request),
    }),
  };
}

function jobFacets(entry: Entry, type: string, request: ExportRequest): JsonObject {
  const value = entry.value as JsonObject;
  const words = textOf(value["description"]) ?? textOf(value["title"]);
  const owner = textOf(value["owner"]);
  const processingType = entry.kind === "Activation" ? "SERVICE" : "BATCH";
  return {
    jobType: facet("jobType", { processingType, integration: "ASSENT", jobType: type }, request),
    ...(words !== undefined && { documentation: facet("jobDocumentation", { description: words }, request) }),
    ...(owner !== undefined && {
      ownership: facet("jobOwnership", { owners: [{ name: owner, type: "OWNER" }] }, request),
    }),
  };
}

/** Where the content lies, of a dataset or of a model or config with a file of its own. */
function uriOf(value: JsonObject): string | undefined {
  const spec = value["spec"];
  if (!isObject(spec)) return undefined;
  const { artifact } = spec;
  return textOf(spec["uri"]) ?? (isObject(artifact) ? textOf(artifact["uri"]) : undefined);
}

/** As OpenLineage names datasets in stores: scheme and authority, then the path. */
function locationOf(uri: string): {
  readonly namespace: string;
  readonly name: string;
  readonly type: string;
} {
  const [, store = "", path = ""] = /^([a-z][a-z0-9+.-]*:\/\/[^/]*)\/?(.*)$/i.exec(uri) ?? [];
  return store === ""
    ? { namespace: "uri", name: uri, type: "LOCATION" }
    : { namespace: store, name: path === "" ? "/" : path, type: "LOCATION" };
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/**
 * The machine-learning bill of materials of a bundle, as CycloneDX 1.6 JSON: what is in it, what each part is made of,
 * where it comes from, with digests. What the registry does not know is left out, never made up.
 */
import { digestOf, sha256Hex, uuidOf } from "../model/digest.ts";
import { compareBytes, type JsonObject } from "../model/json.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { lineageOf } from "../lineage/lineage.ts";
import { viewOf, type View } from "../lineage/view.ts";
import { componentOf, external, hashesOf, present, propertiesOf } from "./cyclonedx-component.ts";
import { defineExport, type ExportRequest } from "./define.ts";

export const cyclonedx = defineExport({
  name: "cyclonedx",
  summary: "the bill of materials of a bundle, as CycloneDX 1.6",
  subject: { kinds: ["Bundle"], optional: false },
  mediaType: "application/vnd.cyclonedx+json; version=1.6",
  render(request) {
    const { subject, registry } = request;
    if (subject?.kind !== "Bundle") throw new Error("a bill of materials is of a bundle");
    const view = viewOf(lineageOf(registry), subject.ref, { direction: "up" });
    if (view === undefined) throw new Error(`${subject.ref} is no node of lineage`);
    return `${JSON.stringify(billOf(subject as Entry<"Bundle">, view, request), null, 2)}\n`;
  },
});

function billOf(bundle: Entry<"Bundle">, view: View, request: ExportRequest): JsonObject {
  const { registry, asOf, commit, version } = request;
  const parts = view.nodes.flatMap(({ ref }) => (ref === bundle.ref ? [] : (registry.get(ref) ?? [])));
  const services = parts.filter(({ kind }) => kind === "Provider");
  const edition = `${bundle.ref} ${digestOf(bundle)} ${commit ?? "work tree"} ${asOf}`;
  return {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    // The same bill has the same number, so that it can be made again and compared.
    serialNumber: `urn:uuid:${uuidOf(edition)}`,
    version: 1,
    metadata: {
      timestamp: asOf,
      tools: { components: [{ type: "application", name: "assent", version }] },
      component: bundleComponent(bundle, request),
    },
    components: parts.filter(({ kind }) => kind !== "Provider").map((entry) => componentOf(entry, registry)),
    ...(services.length > 0 && { services: services.map((entry) => serviceOf(entry as Entry<"Provider">)) }),
    dependencies: dependenciesOf(view, registry),
  };
}

/** The bundle itself, with its files as parts. */
function bundleComponent(bundle: Entry<"Bundle">, { registry, commit }: ExportRequest): JsonObject {
  const { spec, description, title } = bundle.value;
  const usecase = registry.get(`usecase:${bundle.ns}/${bundle.name}`) as Entry<"UseCase"> | undefined;
  const report = spec.provenance.report;
  return present({
    type: "application",
    "bom-ref": bundle.ref,
    group: bundle.ns,
    name: bundle.name,
    version: bundle.version,
    description: description ?? usecase?.value.purpose ?? title,
    externalReferences: report === undefined ? undefined : [external("evidence", report.uri, report.digest)],
    components: spec.artifacts.map((artifact, at) =>
      present({
        type: "file",
        "bom-ref": `${bundle.ref}#artifacts/${at}`,
        name: artifact.uri?.split("/").findLast((part) => part !== "") ?? artifact.role,
        "mime-type": /^[-+a-z0-9.]+\/[-+a-z0-9.]+$/.test(artifact.mediaType ?? "")
          ? artifact.mediaType
          : undefined,
        hashes: hashesOf(
          artifact.text === undefined ? artifact.digest : `sha256:${sha256Hex(artifact.text)}`,
        ),
        externalReferences:
          artifact.uri === undefined ? undefined : [external("distribution", artifact.uri, artifact.digest)],
        properties: propertiesOf({ role: artifact.role }),
      }),
    ),
    properties: propertiesOf({
      kind: "bundle",
      digest: digestOf(bundle),
      state: bundle.value.state ?? null,
      registry: registry.ofKind("Registry")[0]?.value.id ?? null,
      commit,
      codeRevision: spec.provenance.codeRevision ?? null,
      trainingRun: spec.provenance.trainingRun ?? null,
      riskTier: usecase?.value.riskTier ?? null,
      gateReceipt: bundle.value.gateReceipt.decision,
    }),
  });
}

function serviceOf(provider: Entry<"Provider">): JsonObject {
  const { title, baseUrl, docs } = provider.value;
  return present({
    "bom-ref": provider.ref,
    name: provider.name,
    description: title,
    endpoints: baseUrl === undefined ? undefined : [baseUrl],
    externalReferences: docs === undefined ? undefined : [external("documentation", docs)],
  });
}

/** Who depends on whom; every part has its line, so that "nothing" is said and not left open. */
function dependenciesOf({ nodes, edges }: View, registry: Registry): readonly JsonObject[] {
  return nodes
    .filter(({ ref }) => registry.get(ref) !== undefined)
    .map(({ ref }) => {
      const above = edges
        .filter(
          ({ below, above: to, type }) =>
            below === ref && type !== "replaces" && registry.get(to) !== undefined,
        )
        .map(({ above: to }) => to);
      return { ref, dependsOn: [...new Set(above)].sort(compareBytes) };
    });
}

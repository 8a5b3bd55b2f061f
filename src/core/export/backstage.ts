/**
 * The registry as entities of a Backstage catalog: roles are Groups, use cases Systems, models and bundles Components,
 * data sets Resources. One YAML document each, as catalogs read them from a file. Names are made to fit Backstage's
 * rules (63 characters); the reference stands in an annotation, so nothing depends on reading a name.
 */
import { ownershipOf, settingsOf } from "../govern/ownership.ts";
import { sha256Hex } from "../model/digest.ts";
import { compareBytes, type Json, type JsonObject } from "../model/json.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { cleanLine } from "../import/text.ts";
import { asFound } from "../source/key-order.ts";
import { render } from "../source/render.ts";
import { defineExport } from "./define.ts";

export const backstage = defineExport({
  name: "backstage",
  summary: "roles, use cases, models, bundles and data sets as Backstage catalog entities",
  subject: null,
  mediaType: "application/yaml",
  render({ registry }) {
    const entities = [
      ...registry.ofKind("Role").map(groupOf),
      ...registry.ofKind("UseCase").map((entry) => systemOf(entry, registry)),
      ...latestOf("Dataset", registry).map((entry) => datasetOf(entry, registry)),
      ...latestOf("Model", registry).map((entry) => modelOf(entry, registry)),
      ...latestOf("Bundle", registry).map((entry) => bundleOf(entry, registry)),
    ];
    return entities.map((entity) => `---\n${render(entity, asFound)}`).join("");
  },
});

/** Of each name the highest version that is not at its end. */
function latestOf<K extends "Dataset" | "Model" | "Bundle">(
  kind: K,
  registry: Registry,
): readonly Entry<K>[] {
  const names = new Set(registry.ofKind(kind).map(({ ns, name }) => `${ns ?? ""}/${name}`));
  return [...names].sort(compareBytes).flatMap((name) => {
    const usable = registry
      .versions(kind, name)
      .filter(({ value }) => value.state !== "retired" && value.state !== "rejected");
    return usable.at(-1) ?? [];
  });
}

function groupOf(role: Entry<"Role">): JsonObject {
  const { title } = role.value;
  return {
    ...headOf("Group", role, role.name),
    spec: { type: "role", ...(title !== undefined && { profile: { displayName: title } }), children: [] },
  };
}

function systemOf(usecase: Entry<"UseCase">, registry: Registry): JsonObject {
  return {
    ...headOf("System", usecase, nameOf(usecase), usecase.value.purpose),
    spec: { owner: ownerOf(usecase, registry) },
  };
}

function datasetOf(dataset: Entry<"Dataset">, registry: Registry): JsonObject {
  return {
    ...headOf("Resource", dataset, nameOf(dataset)),
    spec: { type: "dataset", owner: ownerOf(dataset, registry) },
  };
}

function modelOf(model: Entry<"Model">, registry: Registry): JsonObject {
  const { spec, state = "experimental" } = model.value;
  const needs = [
    ...(spec.datasets ?? []).map((ref) => targetOf("resource", ref)),
    ...(spec.derivedFrom ?? []).map((ref) => targetOf("component", ref)),
  ];
  return {
    ...headOf("Component", model, componentName("model", model)),
    spec: {
      type: "ai-model",
      lifecycle: state,
      owner: ownerOf(model, registry),
      ...(needs.length > 0 && { dependsOn: [...new Set(needs)].sort(compareBytes) }),
    },
  };
}

function bundleOf(bundle: Entry<"Bundle">, registry: Registry): JsonObject {
  const { spec, state = "candidate" } = bundle.value;
  const needs = [
    ...(spec.models ?? []).map((ref) => targetOf("component", ref)),
    ...(spec.provenance.datasets ?? []).map((ref) => targetOf("resource", ref)),
  ];
  const live = registry
    .ofKind("Activation")
    .some(
      ({ ns, name, value }) => ns === bundle.ns && name === bundle.name && value.bundle === bundle.version,
    );
  const system = registry.get(`usecase:${bundle.ns ?? ""}/${bundle.name}`);
  return {
    ...headOf("Component", bundle, componentName("bundle", bundle)),
    spec: {
      type: "ai-bundle",
      lifecycle: live ? "production" : state === "approved" ? "approved" : "experimental",
      owner: ownerOf(bundle, registry),
      ...(system !== undefined && { system: fit(nameOf(system)) }),
      ...(needs.length > 0 && { dependsOn: [...new Set(needs)].sort(compareBytes) }),
    },
  };
}

function headOf(kind: string, entry: Entry, name: string, said?: string): JsonObject {
  const {
    title,
    description,
    links = [],
  } = entry.value as {
    readonly title?: string;
    readonly description?: string;
    readonly links?: readonly { readonly url: string; readonly title?: string }[];
  };
  const words = cleanLine(description ?? said ?? "", 500).text;
  const tags = ("tags" in entry.value ? (entry.value.tags ?? []) : [])
    .map((tag) =>
      tag
        .replace(/[^a-z0-9+#]+/g, "-")
        .replace(/^-+|-+$/g, "")
        .slice(0, 63),
    )
    .filter((tag) => /^[a-z0-9+#]+(?:-[a-z0-9+#]+)*$/.test(tag));
  return {
    apiVersion: "backstage.io/v1alpha1",
    kind,
    metadata: present({
      name: fit(name),
      title: title === undefined ? undefined : cleanLine(title, 200).text,
      description: words === "" ? undefined : words,
      annotations: present({ "assent.dev/ref": entry.ref, "assent.dev/version": entry.version ?? undefined }),
      tags: tags.length === 0 ? undefined : [...new Set(tags)],
      links:
        links.length === 0 ? undefined : links.map((link) => present({ url: link.url, title: link.title })),
    }),
  };
}

/** The role that says it owns the entry, else the one that `ownership` names; the schema demands one. */
function ownerOf(entry: Entry, registry: Registry): string {
  const settings = settingsOf(registry);
  const own = "owner" in entry.value ? entry.value.owner : undefined;
  const line = settings === undefined ? undefined : ownershipOf(settings.value)(entry.path);
  const [kind, name = ""] = (own ?? line?.roles[0] ?? "role:unowned").split(":");
  return `${kind === "identity" ? "user" : "group"}:default/${fit(name)}`;
}

function nameOf({ ns, name }: Pick<Entry, "ns" | "name">): string {
  return ns === null ? name : `${ns}.${name}`;
}

/** Models and bundles are Components, so one name may be both. */
function componentName(kind: "model" | "bundle", entry: Entry): string {
  return `${kind}.${nameOf(entry)}`;
}

function targetOf(kind: "component" | "resource", ref: string): string {
  const id = ref.slice(ref.indexOf(":") + 1, ref.lastIndexOf("@"));
  const [ns = "", name = ""] = id.split("/");
  return `${kind}:default/${fit(kind === "component" ? `model.${ns}.${name}` : `${ns}.${name}`)}`;
}

/** Backstage's names: letters and digits with single `-`, `_` or `.` between them, at most 63; longer ones end in a digest. */
function fit(name: string): string {
  const legal = name
    .replace(/[^A-Za-z0-9]*([-_.])[^A-Za-z0-9]*/g, "$1")
    .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, "");
  return legal.length <= 63 && legal === name
    ? name
    : `${legal.slice(0, 54).replace(/[-_.]+$/, "")}-${sha256Hex(name).slice(0, 8)}`;
}

function present(values: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

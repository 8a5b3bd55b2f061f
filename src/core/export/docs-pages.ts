/** The pages of `assent docs`, one function each; rows in byte order of references. */
import type { KindName } from "../model/kind.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { markdownTable, type Page } from "./docs-live.ts";

/** One row a model: its highest version, with what names it. */
export function modelsPage(registry: Registry): Page {
  const families = [...new Set(registry.ofKind("Model").map(({ ns, name }) => `${ns ?? ""}/${name}`))];
  const rows = families.map((family) => {
    const versions = registry.versions("Model", family);
    const model = versions.at(-1);
    const { spec, facts, serving, state, replacedBy, sunset } = model?.value ?? {};
    const pricing = serving?.pricing;
    const aliases = registry.get(`aliases:model/${family}`);
    const named =
      aliases?.kind === "Aliases" && "aliases" in aliases.value
        ? Object.entries(aliases.value.aliases).map(([alias, version]) => `${alias} = ${version}`)
        : [];
    const price = (amount: string | undefined): string =>
      amount === undefined ? "" : `${amount} ${pricing?.currency ?? ""}`;
    return [
      family,
      model?.version,
      [state ?? "experimental", sunset === undefined ? "" : `until ${sunset}`].filter(Boolean).join(" "),
      spec?.provider,
      spec?.type,
      facts?.capabilities?.contextLength,
      price(pricing?.inputPerMillionTokens),
      price(pricing?.outputPerMillionTokens),
      facts?.license,
      named.join(", "),
      replacedBy,
    ];
  });
  const head = [
    "Model",
    "Version",
    "State",
    "Provider",
    "Type",
    "Context",
    "Input / 1M",
    "Output / 1M",
    "Licence",
    "Aliases",
    "Replaced by",
  ];
  return {
    path: "models.md",
    title: "Models",
    count: registry.ofKind("Model").length,
    body: markdownTable(head, rows),
  };
}

export function providersPage(registry: Registry): Page {
  const served = new Map<string, number>();
  for (const { value } of registry.ofKind("Model"))
    served.set(value.spec.provider, (served.get(value.spec.provider) ?? 0) + 1);
  const rows = registry
    .ofKind("Provider")
    .map(({ ref, name, value }) => [
      name,
      value.title,
      (value.env ?? []).map((variable) => variable.name).join(", "),
      value.status ?? "active",
      served.get(ref) ?? 0,
      value.docs,
    ]);
  const head = ["Provider", "Title", "Variables", "Status", "Model versions", "Documentation"];
  return { path: "providers.md", title: "Providers", count: rows.length, body: markdownTable(head, rows) };
}

export function usecasesPage(registry: Registry): Page {
  const rows = registry
    .ofKind("UseCase")
    .map(({ id, ns, name, value }) => [
      id,
      value.purpose,
      value.owner,
      value.riskTier,
      value.reviewBy,
      (value.gates ?? [])
        .map(({ metric, operator, threshold }) => `${metric} ${operator} ${threshold}`)
        .join(", "),
      registry.versions("Bundle", `${ns ?? ""}/${name}`).length,
    ]);
  const head = ["Use case", "Purpose", "Owner", "Risk", "Review by", "Gates", "Bundles"];
  return { path: "usecases.md", title: "Use cases", count: rows.length, body: markdownTable(head, rows) };
}

export function bundlesPage(registry: Registry): Page {
  const live = new Map<string, string[]>();
  for (const { id, ns, name, value } of registry.ofKind("Activation")) {
    const key = `${ns ?? ""}/${name}@${value.bundle}`;
    live.set(key, [...(live.get(key) ?? []), id]);
  }
  const rows = registry
    .ofKind("Bundle")
    .map(({ id, value }) => [
      id,
      value.state ?? "candidate",
      (value.spec.models ?? []).join(", "),
      (live.get(id) ?? []).join(", "),
      value.gateReceipt.decision,
    ]);
  const head = ["Bundle", "State", "Models", "Live in", "Receipt"];
  return { path: "bundles.md", title: "Bundles", count: rows.length, body: markdownTable(head, rows) };
}

const others: readonly (readonly [kind: KindName, title: string])[] = [
  ["Dataset", "Data sets"],
  ["Config", "Configs"],
  ["Pipeline", "Pipelines"],
  ["Template", "Templates"],
  ["TestSuite", "Test suites"],
  ["Policy", "Policies"],
];

export function othersPage(registry: Registry): Page {
  return sectionsPage("others.md", "Data, pipelines, suites, policies", others, registry);
}

const governance: readonly (readonly [kind: KindName, title: string])[] = [
  ["Environment", "Environments"],
  ["Role", "Roles"],
  ["ApprovalPolicy", "Approval policies"],
  ["PolicyBinding", "Policy bindings"],
  ["Waiver", "Waivers"],
];

/** Without identities: people are named in the registry, and nowhere else without need. */
export function governancePage(registry: Registry): Page {
  return sectionsPage("governance.md", "Governance", governance, registry);
}

function sectionsPage(
  path: string,
  title: string,
  kinds: readonly (readonly [kind: KindName, title: string])[],
  registry: Registry,
): Page {
  const sections = kinds.flatMap(([kind, name]) => {
    const rows = registry.ofKind(kind).map((entry) => [entry.id, titleOf(entry), stateOf(entry)]);
    return [`## ${name}`, "", ...markdownTable(["Id", "Title", "State"], rows), ""];
  });
  const count = kinds.reduce((sum, [kind]) => sum + registry.ofKind(kind).length, 0);
  return { path, title, count, body: sections.slice(0, -1) };
}

function titleOf({ value }: Entry): string | undefined {
  return "title" in value ? value.title : undefined;
}

function stateOf({ value }: Entry): string | undefined {
  return "state" in value ? value.state : undefined;
}

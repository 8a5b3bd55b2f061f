/**
 * A model's card as Markdown, for people who ask what it is, where it comes from, what was measured and where it runs.
 * Everything is taken from the registry and escaped; what nobody wrote down is said to be missing, and not guessed.
 */
import { digestOf } from "../model/digest.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { lineageOf } from "../lineage/lineage.ts";
import { viewOf, type View } from "../lineage/view.ts";
import { defineExport, type ExportRequest } from "./define.ts";
import { escapeMarkdown, markdownCode } from "./escape.ts";

export const modelCard = defineExport({
  name: "model-card",
  summary: "a model's card, as Markdown",
  subject: { kinds: ["Model"], optional: false },
  mediaType: "text/markdown; charset=utf-8",
  render(request) {
    const { subject, registry } = request;
    if (subject?.kind !== "Model") throw new Error("a model card is of a model");
    const view = viewOf(lineageOf(registry), subject.ref, { direction: "both" });
    if (view === undefined) throw new Error(`${subject.ref} is no node of lineage`);
    return cardOf(subject as Entry<"Model">, view, request);
  },
});

type Row = readonly [name: string, value: string | undefined];

function cardOf(model: Entry<"Model">, view: View, request: ExportRequest): string {
  const { registry } = request;
  const { value } = model;
  const parts = [
    `# ${escapeMarkdown(value.title ?? model.name)} ${escapeMarkdown(model.version ?? "")}`,
    ...(value.description === undefined ? [] : [escapeMarkdown(value.description)]),
    pairs(overview(model, registry)),
    section("Status", pairs(status(model)), "It has no state."),
    section("Intended use", uses(view, registry), "No bundle uses it."),
    section("Abilities and limits", pairs(abilities(model)), "None are written down."),
    section("Made from", madeFrom(model, registry), "No training data or base models are written down."),
    section(
      "What was measured",
      measured(model, view, registry),
      "No evaluation of it, or of a bundle with it, is recorded.",
    ),
    section("What is claimed", claims(model), ""),
    section("Where it is live", live(view), "Nowhere."),
    section("Prices and limits of service", pairs(serving(model)), ""),
    section("Sources", sources(model), ""),
  ];
  const { asOf, commit, version } = request;
  const from = commit === null ? "the work tree" : markdownCode(commit);
  const foot = `Made by assent ${escapeMarkdown(version)} from ${from}, as of ${asOf}.`;
  return `${[...parts.filter((part) => part !== ""), foot].join("\n\n")}\n`;
}

function section(title: string, body: string, without: string): string {
  const text = body === "" ? without : body;
  return text === "" ? "" : `## ${title}\n\n${text}`;
}

function overview({ ref, value }: Entry<"Model">, registry: Registry): readonly Row[] {
  const { spec, facts, owner } = value;
  const provider = registry.get(spec.provider) as Entry<"Provider"> | undefined;
  return [
    ["Reference", markdownCode(ref)],
    ["Digest", markdownCode(digestOf(registry.get(ref)!))],
    ["Type", escapeMarkdown(spec.type)],
    ["Provider", escapeMarkdown(provider?.value.title ?? spec.provider)],
    ["Known there as", code(spec.upstreamId)],
    ["Owner", code(owner)],
    ["Licence", code(facts?.license)],
    ["Open weights", yesNo(facts?.openWeights)],
    ["Series", words(facts?.series)],
    [
      "Size",
      words([
        facts?.sizeClass,
        facts?.parameters === undefined ? undefined : `${facts.parameters} parameters`,
      ]),
    ],
    ["Released", words(facts?.releaseDate)],
    ["Knows until", words(facts?.knowledgeCutoff)],
    ["Weights", code(spec.artifact?.uri)],
    ["Weights' digest", code(spec.artifact?.digest)],
  ];
}

function status({ value }: Entry<"Model">): readonly Row[] {
  return [
    ["State", words(value.state)],
    ["Because", words(value.reason)],
    ["Not to be used after", words(value.sunset)],
    ["Replaced by", code(value.replacedBy)],
    ["How to move", words(value.facts?.migrationGuide)],
  ];
}

/** The use cases of the bundles it is in. */
function uses({ nodes }: View, registry: Registry): string {
  const bundles = nodes.filter(({ kind, distance }) => kind === "Bundle" && distance > 0);
  const names = new Set(bundles.map(({ ref }) => ref.slice("bundle:".length, ref.lastIndexOf("@"))));
  return [...names]
    .map((name) => {
      const usecase = registry.get(`usecase:${name}`) as Entry<"UseCase"> | undefined;
      const what =
        usecase === undefined
          ? ""
          : `: ${escapeMarkdown(usecase.value.purpose)} (risk tier ${usecase.value.riskTier})`;
      const versions = bundles
        .filter(({ ref }) => ref.startsWith(`bundle:${name}@`))
        .map(({ ref }) => markdownCode(ref));
      return `- ${markdownCode(name)}${what}  \n  in ${versions.join(", ")}`;
    })
    .join("\n");
}

function abilities({ value }: Entry<"Model">): readonly Row[] {
  const { capabilities, incompatibleWith, compatibleWith } = value.facts ?? {};
  if (capabilities === undefined) return [];
  const can = (
    ["functions", "structuredOutput", "vision", "reasoning", "streaming", "batching"] as const
  ).filter((name) => capabilities[name] === true);
  return [
    ["Reads", words(capabilities.modalities?.input)],
    ["Writes", words(capabilities.modalities?.output)],
    [
      "Context",
      words(capabilities.contextLength === undefined ? undefined : `${capabilities.contextLength} tokens`),
    ],
    [
      "Longest answer",
      words(
        capabilities.maxOutputTokens === undefined ? undefined : `${capabilities.maxOutputTokens} tokens`,
      ),
    ],
    ["Can", words(can)],
    ["Languages", words(capabilities.languages)],
    ["Works with", codes(compatibleWith)],
    ["Does not work with", codes(incompatibleWith)],
  ];
}

function madeFrom({ value }: Entry<"Model">, registry: Registry): string {
  const { derivedFrom = [], datasets = [] } = value.spec;
  const models = derivedFrom.map((ref) => `- the model ${markdownCode(ref)}`);
  const data = datasets.map((ref) => {
    const dataset = registry.get(ref) as Entry<"Dataset"> | undefined;
    const spec = dataset?.value.spec;
    const more = [
      dataset?.value.title,
      spec?.records === undefined ? undefined : `${spec.records} records`,
      spec?.classification,
      spec?.license,
      dataset?.value.state,
    ].flatMap((each) => (each === undefined ? [] : [escapeMarkdown(each)]));
    return `- the data ${markdownCode(ref)}${more.length === 0 ? "" : `: ${more.join(", ")}`}`;
  });
  return [...models, ...data].join("\n");
}

/** Runs on the model itself, then on bundles that it is in; a failed run is shown like any other. */
function measured(model: Entry<"Model">, { nodes }: View, registry: Registry): string {
  const targets = new Set([
    model.ref,
    ...nodes.flatMap(({ ref, kind, distance }) => (kind === "Bundle" && distance > 0 ? [ref] : [])),
  ]);
  const runs = registry.ofKind("Evaluation").filter(({ value }) => targets.has(value.target));
  const rows = runs.flatMap(({ value }) =>
    Object.entries(value.metrics).map(([metric, number]) => [
      markdownCode(value.target),
      markdownCode(value.suite),
      escapeMarkdown(metric),
      String(number),
      value.status,
      value.executedAt,
    ]),
  );
  return table(["Of", "Suite", "Metric", "Value", "Run", "At"], rows);
}

function claims({ value }: Entry<"Model">): string {
  const scores = value.facts?.scores ?? [];
  const rows = scores.map(({ name, value: score, source }) => [
    escapeMarkdown(name),
    String(score),
    words(source) ?? "",
  ]);
  return rows.length === 0
    ? ""
    : `Nobody here has measured these.\n\n${table(["Claim", "Value", "Says"], rows)}`;
}

function live({ nodes }: View): string {
  return nodes
    .filter(({ kind }) => kind === "Activation")
    .map(({ ref }) => `- ${markdownCode(ref.slice("scope:".length))}`)
    .join("\n");
}

function serving({ value }: Entry<"Model">): readonly Row[] {
  const { pricing, endpoints } = value.serving ?? {};
  const price = (amount: string | undefined): string | undefined =>
    amount === undefined || pricing === undefined
      ? undefined
      : escapeMarkdown(`${amount} ${pricing.currency} a million tokens`);
  return [
    ["Input", price(pricing?.inputPerMillionTokens)],
    ["Output", price(pricing?.outputPerMillionTokens)],
    ["Endpoints", codes(endpoints?.map(({ url }) => url))],
  ];
}

function sources({ value }: Entry<"Model">): string {
  const links = (value.links ?? []).map(
    ({ title, url }) => `- ${escapeMarkdown(title ?? url)}: ${markdownCode(url)}`,
  );
  const facts = (value.sources ?? []).map(({ uri, commit, checkedAt, note }) => {
    const more = [commit, checkedAt, note].flatMap((each) =>
      each === undefined ? [] : [escapeMarkdown(each)],
    );
    return `- ${code(uri) ?? "a source without address"}${more.length === 0 ? "" : `, ${more.join(", ")}`}`;
  });
  return [...links, ...facts].join("\n");
}

function pairs(rows: readonly Row[]): string {
  return table(
    ["", ""],
    rows.flatMap(([name, value]) => (value === undefined || value === "" ? [] : [[name, value]])),
  );
}

/** Cells are Markdown already; a bar in one would end it. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replace(/(?<!\\)\|/g, "\\|")).join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n");
}

function words(value: string | readonly (string | undefined)[] | undefined): string | undefined {
  const list = (typeof value === "string" ? [value] : (value ?? [])).flatMap((each) =>
    each === undefined ? [] : [each],
  );
  return list.length === 0 ? undefined : escapeMarkdown(list.join(", "));
}

function code(value: string | undefined): string | undefined {
  return value === undefined ? undefined : markdownCode(value);
}

function codes(values: readonly string[] | undefined): string | undefined {
  return values === undefined || values.length === 0
    ? undefined
    : values.map((value) => markdownCode(value)).join(", ");
}

function yesNo(value: boolean | undefined): string | undefined {
  return value === undefined ? undefined : value ? "yes" : "no";
}

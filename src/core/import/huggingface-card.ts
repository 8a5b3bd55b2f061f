/**
 * A model card of Hugging Face: the YAML between `---` at the head of a README.md (github.com/huggingface/hub-docs,
 * modelcard.md). What the card claims to have reached becomes a claim (`facts.scores`), never an Evaluation: nobody here
 * measured it. Data sets and base models are named without digests there, so they become links.
 */
import { isObject, type Json, type JsonObject } from "../model/json.ts";
import * as codes from "./codes.ts";
import { collect, wordOf, type Collected } from "./foreign.ts";
import { claimsOf } from "./huggingface-results.ts";
import { spdxOf } from "./huggingface-licence.ts";
import { needsContextLength } from "./model-facts.ts";
import { compact, count, identityKey, type ImportFormat, type Wanted } from "./record.ts";
import { cleanLine, isPlainId, quoted } from "./text.ts";
import { readYaml } from "./yaml-text.ts";

const uri = "https://huggingface.co";
const provider = "huggingface";

export const huggingfaceCard: ImportFormat = {
  name: "huggingface-card",
  summary: "A model card of Hugging Face (README.md): licence, data sets, claimed results.",
  source: { is: "file" },
  uri,
  partial: true,
  looksRight: () => true,
  read: (source, wanted, { typed, id }) =>
    collect(source, (text, file, into) => {
      const head = frontMatterOf(text);
      const parsed = typeof head === "string" ? readYaml(head) : head;
      if ("reason" in parsed) into.report(codes.unreadable, file, parsed.reason);
      else if (!isObject(parsed.value)) into.report(codes.unreadable, file, "Its front matter is no map.");
      else readCard(parsed.value, id ?? idOf(parsed.value, typed), { file, wanted, into });
    }),
};

/** The text between the first line `---` and the next one. */
function frontMatterOf(text: string): string | { readonly reason: string } {
  const open = /^\uFEFF?---[ \t]*\r?\n/.exec(text);
  if (open === null) return { reason: "It does not begin with front matter (a line ---)." };
  const rest = text.slice(open[0].length);
  const close = /^---[ \t]*\r?$/m.exec(rest);
  return close === null
    ? { reason: "Its front matter is not closed by a line ---." }
    : rest.slice(0, close.index);
}

/** A card does not hold the name of its repository; it stands in the path of a clone or of the hub's cache, or nowhere. */
function idOf(card: JsonObject, typed: string): string {
  const parts = typed.split(/[/\\]+/).slice(0, -1);
  const cached = parts.findLast((part) => /^models--[^-].*--./.test(part));
  if (cached !== undefined) return cached.slice("models--".length).replace("--", "/");
  const index: Json | undefined = card["model-index"];
  const [first] = Array.isArray(index) ? (index as readonly Json[]) : [];
  const named = wordOf(isObject(first) ? first["name"] : undefined) ?? wordOf(card["model_name"]);
  if (named?.includes("/")) return named;
  const [org, repository] = parts.slice(-2);
  const isName = (part: string | undefined): part is string =>
    part !== undefined && /^[A-Za-z0-9]/.test(part);
  if (isName(org) && isName(repository)) return `${org}/${repository}`;
  return named ?? (isName(parts.at(-1)) ? (parts.at(-1) ?? "") : "");
}

const types: ReadonlyMap<string, string> = new Map(
  Object.entries({
    completion: "text-generation text2text-generation summarization translation",
    embedding: "feature-extraction sentence-similarity image-feature-extraction",
    reranking: "text-ranking",
    classification:
      "text-classification token-classification zero-shot-classification audio-classification image-classification video-classification tabular-classification",
    regression: "tabular-regression",
    forecasting: "time-series-forecasting",
    image: "text-to-image image-to-image unconditional-image-generation",
    speech: "automatic-speech-recognition text-to-speech text-to-audio audio-to-audio",
    video: "text-to-video image-to-video",
    vision: "object-detection image-segmentation depth-estimation image-to-text mask-generation",
    "multi-modal":
      "image-text-to-text any-to-any audio-text-to-text video-text-to-text visual-question-answering",
  }).flatMap(([type, tags]) => tags.split(" ").map((tag) => [tag, type] as const)),
);

const carried: ReadonlySet<string> = new Set([
  "language",
  "license",
  "license_name",
  "license_link",
  "library_name",
  "tags",
  "datasets",
  "base_model",
  "model-index",
  "model_name",
  "pipeline_tag",
]);

interface Reading {
  readonly file: string;
  readonly wanted: Wanted;
  readonly into: Collected;
}

function readCard(card: JsonObject, id: string, { file, wanted, into }: Reading): void {
  if (!isPlainId(id)) {
    const hint = "Say so with --id <organisation>/<model>.";
    return into.report(codes.illegalId, file, `The card does not say which model it is about. ${hint}`);
  }
  if (!wanted(identityKey(provider, id))) return;
  for (const key of Object.keys(card)) if (!carried.has(key)) count(into.dropped, cleanLine(key, 60).text);
  const task = wordOf(card["pipeline_tag"]);
  const type = types.get(task ?? "") ?? "other";
  const datasets = wordsOf(card["datasets"]);
  for (const dataset of datasets)
    into.report(codes.noDigest, file, `${quoted(id)}: the data set ${quoted(dataset)} has no digest.`);
  const licenses = wordsOf(card["license"]).flatMap(
    (license) => spdxOf(license, wordOf(card["license_name"])) ?? [],
  );
  const scores = claimsOf(card["model-index"], (message) =>
    into.report(codes.unmeasured, file, `${quoted(id)}: ${message}`),
  );
  const page = (path: string): string => `${uri}/${path.split("/").map(encodeURIComponent).join("/")}`;
  const links = [
    { title: "Model card", url: page(id) },
    ...wordsOf(card["base_model"]).map((base) => ({
      title: cleanLine(`Base model ${base}`, 200).text,
      url: page(base),
    })),
    ...datasets.map((dataset) => ({
      title: cleanLine(`Data set ${dataset}`, 200).text,
      url: page(`datasets/${dataset}`),
    })),
    ...[wordOf(card["license_link"])].flatMap((link) =>
      link !== undefined && /^https?:\/\/[^\s<>"]{1,1000}$/.test(link)
        ? [{ title: "Licence", url: link }]
        : [],
    ),
  ];
  const languages = wordsOf(card["language"]).filter((word) =>
    /^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/.test(word),
  );
  const tags = wordsOf(card["tags"])
    .map((tag) =>
      tag
        .toLowerCase()
        .replace(/[^a-z0-9._+-]+/g, "-")
        .replace(/^[^a-z0-9]+/, "")
        .slice(0, 50),
    )
    .filter((tag) => tag !== "");
  const capabilities = compact({
    contextLength: needsContextLength(type) ? "unknown" : undefined,
    languages: languages.length === 0 ? undefined : [...new Set(languages)].slice(0, 100),
  });
  into.records.push({
    kind: "Model",
    file,
    identity: { by: "upstream", provider, id },
    assumesType: !types.has(task ?? ""),
    value: compact({
      title: cleanLine(id, 200).text,
      tags: tags.length === 0 ? undefined : [...new Set(tags)].slice(0, 50),
      labels: labels({ library: wordOf(card["library_name"]), task }),
      links: links.filter(({ url }) => url.length <= 1900).slice(0, 50),
      spec: { upstreamId: id, type },
      facts: compact({
        capabilities: Object.keys(capabilities).length === 0 ? undefined : capabilities,
        license: licenses.length === 0 ? undefined : [...new Set(licenses)].join(" AND "),
        scores: scores.length === 0 ? undefined : scores,
      }),
      sources: [{ path: file, note: "A model card: what it claims, nobody here has checked." }],
    }),
  });
}

/** A word or a list of words. */
function wordsOf(value: Json | undefined): readonly string[] {
  const list: readonly Json[] = Array.isArray(value) ? value : [value ?? null];
  return list.flatMap((item) => {
    const word = wordOf(item);
    return word === undefined ? [] : [cleanLine(word, 300).text];
  });
}

function labels(values: Readonly<Record<string, string | undefined>>): JsonObject | undefined {
  const stated = Object.entries(values).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, cleanLine(value, 200).text] as const],
  );
  return stated.length === 0 ? undefined : Object.fromEntries(stated);
}

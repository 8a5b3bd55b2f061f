/**
 * Where code and registry disagree: names of models in code that the registry does not know or that are on their way out,
 * exact ones for which an alias stands, and prices and limits in a LiteLLM configuration that are not the registry's.
 * What looks like a model's name is judged by what the registry itself calls models, and by what it is assigned to.
 */
import type { Finding } from "../model/diagnostic.ts";
import { nearest } from "../model/nearest.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { endOf } from "../export/codegen.ts";
import { literalsOf, type Literal } from "./literals.ts";
import * as codes from "./reconcile-codes.ts";

/** A name that code may use, and the version it means. */
interface Named {
  readonly entry: Entry<"Model">;
  /** The alias that stands for exactly this version. */
  readonly alias: string | undefined;
  /** Code pinned a version or a vendor's id; a name of ours without a version pins nothing. */
  readonly pins: boolean;
}

/** Answers for every name of one registry. */
export interface KnownNames {
  readonly names: ReadonlyMap<string, Named>;
  /** `gpt-`, `claude-`: what models here begin with. */
  readonly beginnings: ReadonlySet<string>;
}

/** Indexes the names; one pass over the models. */
export function knownNames(registry: Registry): KnownNames {
  const names = new Map<string, Named>();
  const beginnings = new Set<string>(famous);
  const families = new Set(registry.ofKind("Model").map(({ ns, name }) => `${ns ?? ""}/${name}`));
  for (const family of families) {
    const aliases = registry.get(`aliases:model/${family}`);
    const byVersion = new Map<string, string>();
    if (aliases?.kind === "Aliases" && "aliases" in aliases.value)
      for (const [alias, version] of Object.entries(aliases.value.aliases)) byVersion.set(version, alias);
    const versions = registry.versions("Model", family);
    for (const entry of versions) {
      const alias = byVersion.get(entry.version ?? "");
      for (const name of [entry.id, entry.ref]) names.set(name, { entry, alias, pins: true });
    }
    const last = versions.at(-1);
    if (last === undefined) continue;
    const { upstreamId, provider } = last.value.spec;
    const alias = byVersion.get(last.version ?? "");
    for (const name of [family, `model:${family}`])
      names.set(name, { entry: last, alias: undefined, pins: false });
    for (const [name, version] of [...byVersion].map(([version, name]) => [name, version] as const)) {
      const entry = registry.get(`model:${family}@${version}`);
      if (entry !== undefined)
        names.set(`${family}@${name}`, { entry: entry as Entry<"Model">, alias: undefined, pins: false });
    }
    if (upstreamId === undefined) continue;
    for (const name of [upstreamId, `${provider.slice("provider:".length)}/${upstreamId}`]) {
      const before = names.get(name);
      if (before === undefined || (endOf(before.entry) !== null && endOf(last) === null))
        names.set(name, { entry: last, alias, pins: true });
    }
    const [beginning] =
      /^[a-z]{3,}[-_]?(?=\d|[a-z]*-)/i.exec(upstreamId.slice(upstreamId.lastIndexOf("/") + 1)) ?? [];
    if (beginning !== undefined && /[-_]$/.test(beginning)) beginnings.add(beginning.toLowerCase());
  }
  return { names, beginnings };
}

/** Beginnings that mean a model whatever the registry holds. */
const famous = [
  "gpt-",
  "claude-",
  "gemini-",
  "mistral-",
  "mixtral-",
  "llama-",
  "deepseek-",
  "grok-",
  "text-embedding-",
  "command-r",
];
const modelKey = /^(?:[\w.-]*[_.-])?(?:model|modelid|model_id|modelname|model_name|deployment_name|llm)$/i;

/** What is to be said of the names in one file. */
export function reconcileText(
  file: string,
  text: string,
  settings: boolean,
  known: KnownNames,
): readonly Finding[] {
  const findings: Finding[] = [];
  const seen = new Set<string>();
  for (const literal of literalsOf(text, settings)) {
    const finding = findingOf(file, literal, known);
    // The same name on the same line twice is one finding.
    const key = `${literal.text}\n${text.lastIndexOf("\n", literal.start)}`;
    if (finding === undefined || seen.has(key)) continue;
    seen.add(key);
    findings.push(finding);
  }
  return findings;
}

function findingOf(file: string, literal: Literal, { names, beginnings }: KnownNames): Finding | undefined {
  const { text, start, end, key } = literal;
  const at = { file, span: { start, end } };
  const named = names.get(text);
  if (named === undefined) {
    if (!looksLikeModel(text, key, beginnings)) return undefined;
    const near = nearest(
      text,
      [...names.keys()].filter((name) => Math.abs(name.length - text.length) <= 3).slice(0, 5_000),
    );
    return {
      definition: codes.unknown,
      message: `"${text}" is no model of this registry.`,
      ...(near !== undefined && { hint: `Did you mean ${near}?` }),
      at,
    };
  }
  const { entry, alias, pins } = named;
  const { state } = entry.value;
  const why = endOf(entry);
  if (why !== null) {
    const instead = entry.value.replacedBy;
    return {
      definition: state === "retired" ? codes.retired : codes.deprecated,
      message: `"${text}" is ${entry.ref}: ${why}`,
      ...(instead !== undefined && { hint: `Use ${instead}.` }),
      at,
      subject: entry.ref,
    };
  }
  if (!pins || alias === undefined) return undefined;
  return {
    definition: codes.aliasable,
    message: `"${text}" is ${entry.ref}, for which ${entry.ns ?? ""}/${entry.name}@${alias} stands.`,
    at,
    subject: entry.ref,
  };
}

function looksLikeModel(text: string, key: string | undefined, beginnings: ReadonlySet<string>): boolean {
  if (text.includes("://")) return false;
  if (/^model:[a-z0-9]/.test(text)) return true;
  const name = text.slice(text.lastIndexOf("/") + 1).toLowerCase();
  if (/\.(?:[jt]sx?|py|json|ya?ml|md|txt|csv|sh|html?)$/.test(name)) return false;
  const begins = [...beginnings].some(
    (beginning) => name.startsWith(beginning) && /\d|-[a-z]/.test(name.slice(beginning.length - 1)),
  );
  if (begins && /\d/.test(name)) return true;
  return (
    key !== undefined && modelKey.test(key) && /[-/]/.test(text) && /\d/.test(text) && !/^https?:/.test(text)
  );
}

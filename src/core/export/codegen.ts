/**
 * What code may name of a registry, before it is written down in a language: ids of versions, aliases, use cases, scopes,
 * and which of them are on their way out. Only names; prices and prompts are asked at run time, where they are current.
 */
import { compareBytes } from "../model/json.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { cleanLine } from "../import/text.ts";

/** One constant. */
export interface Constant {
  /** What code writes: `openai/gpt-4o@1.0.0`, `openai/gpt-4o@stable`. */
  readonly key: string;
  readonly value: string;
  /** One line for people. */
  readonly note: string;
  /** Why it should no longer be used, as one line; null = nothing speaks against it. */
  readonly deprecated: string | null;
}

/** What the registry says of a model as its vendor calls it. */
export interface Upstream {
  readonly id: string;
  readonly ref: string;
  readonly deprecated: string | null;
}

export interface Names {
  readonly registry: string;
  readonly models: readonly Constant[];
  readonly aliases: readonly Constant[];
  readonly bundles: readonly Constant[];
  readonly usecases: readonly Constant[];
  readonly environments: readonly Constant[];
  readonly scopes: readonly Constant[];
  /** By the vendor's id, plain and with the provider before it; in byte order. */
  readonly upstream: readonly Upstream[];
}

/** Everything that code may name, in byte order. */
export function namesOf(registry: Registry): Names {
  return {
    registry: registry.ofKind("Registry")[0]?.value.id ?? "",
    models: registry.ofKind("Model").map(constantOf),
    aliases: registry.ofKind("Aliases").flatMap((entry) => aliasesOf(entry, registry)),
    bundles: registry.ofKind("Bundle").map(constantOf),
    usecases: registry.ofKind("UseCase").map(constantOf),
    environments: registry
      .ofKind("Environment")
      .map((entry) => ({ ...constantOf(entry), value: entry.name })),
    scopes: registry.ofKind("Activation").map((entry) => ({ ...constantOf(entry), value: entry.id })),
    upstream: upstreamOf(registry),
  };
}

function constantOf(entry: Entry): Constant {
  const title = "title" in entry.value ? entry.value.title : undefined;
  return {
    key: entry.id,
    value: entry.ref,
    note: cleanLine(title ?? entry.id, 150).text,
    deprecated: endOf(entry),
  };
}

/** Why an entry is on its way out; null when it is not. */
export function endOf({ value }: Entry): string | null {
  const { state, reason, sunset, replacedBy } = value as {
    readonly state?: string;
    readonly reason?: string;
    readonly sunset?: string;
    readonly replacedBy?: string;
  };
  if (state !== "deprecated" && state !== "retired" && state !== "rejected") return null;
  const until = sunset === undefined || sunset === "unknown" ? "" : ` until ${sunset}`;
  const instead = replacedBy === undefined ? "" : ` Use ${replacedBy}.`;
  return cleanLine(`${state}${until}.${instead}${reason === undefined ? "" : ` ${reason}`}`, 300).text;
}

function aliasesOf({ id, value }: Entry<"Aliases">, registry: Registry): readonly Constant[] {
  const [kind = "", ...rest] = id.split("/");
  const name = rest.join("/");
  return Object.entries(value.aliases)
    .sort(([a], [b]) => compareBytes(a, b))
    .map(([alias, version]) => {
      const ref = `${kind}:${name}@${version}`;
      const target = registry.get(ref);
      const deprecated = target === undefined ? null : endOf(target);
      return { key: `${name}@${alias}`, value: ref, note: `${alias} of ${name}`, deprecated };
    });
}

/** The highest version speaks for a vendor's model: when it is on its way out, so is the id. */
function upstreamOf(registry: Registry): readonly Upstream[] {
  const found = new Map<string, Upstream>();
  const families = new Set(registry.ofKind("Model").map(({ ns, name }) => `${ns ?? ""}/${name}`));
  for (const family of families) {
    const model = registry.versions("Model", family).at(-1);
    const id = model?.value.spec.upstreamId;
    if (model === undefined || id === undefined) continue;
    const provider = model.value.spec.provider.slice("provider:".length);
    const deprecated = endOf(model);
    for (const key of [id, `${provider}/${id}`]) {
      const before = found.get(key);
      // One id at several providers is on its way out when all of them say so.
      if (before === undefined || (before.deprecated !== null && deprecated === null))
        found.set(key, { id: key, ref: model.ref, deprecated });
    }
  }
  return [...found.values()].sort((a, b) => compareBytes(a.id, b.id));
}

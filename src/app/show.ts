/** `assent show`: one entry as its file says it, and what is derived: digest, where it is live, who uses it. */
import { draftOf, emptyHistory, takeSome, type Mark, type Marks } from "../core/audit/events.ts";
import { referencesOf, resolvedDependencies } from "../core/compile/references.ts";
import { digestOf } from "../core/model/digest.ts";
import { compareBytes, type JsonObject } from "../core/model/json.ts";
import type { Entry, Registry } from "../core/model/registry.ts";
import type { Score } from "../core/policy/score.ts";
import type { DatedCompliance } from "./compliance.ts";
import { findEntry } from "./entry.ts";
import { walkLine } from "./landed.ts";
import type { Ports, Repository } from "./ports.ts";
import { openRegistry, type OpenRegistry, type Selection } from "./read.ts";

export interface ShowRequest extends Selection {
  readonly entry: string;
}

/** What nobody writes by hand because the registry knows it. */
export interface Derived {
  readonly path: string;
  /** Landing times and claimed authors; null without git, or before the entry has landed. */
  readonly registered: Mark | null;
  readonly updated: Mark | null;
  /** The scopes whose Activation names this bundle; `fallback` where it stands behind another. */
  readonly live: readonly { readonly scope: string; readonly as: "bundle" | "fallback" }[];
  /** Aliases that mean this version. */
  readonly aliases: readonly string[];
  readonly usedBy: readonly string[];
  /** What its dependency ranges resolve to. */
  readonly resolved: readonly string[];
  readonly otherVersions: readonly string[];
  /** What policies say of it; null where nothing is bound to it. */
  readonly compliance: ShownCompliance | null;
}

export interface ShownCompliance {
  readonly score: Score;
  /** How the score is made. */
  readonly formula: string;
  /** The entry's own, then one for each environment in which a binding reaches it. */
  readonly answers: readonly DatedCompliance[];
}

export interface Shown {
  readonly ref: string;
  readonly kind: string;
  readonly digest: string | null;
  readonly entry: JsonObject;
  readonly derived: Derived;
}

/** One entry and what is derived about it. */
export async function show(request: ShowRequest, ports: Ports): Promise<Shown> {
  const open = await openRegistry(request, ports);
  const { registry } = open;
  const entry = findEntry(registry, request.entry);
  const marks = open.repository === undefined ? undefined : await marksOf(entry, request.at, open.repository);
  return {
    ref: entry.ref,
    kind: entry.kind,
    digest: entry.version === null ? null : digestOf(entry),
    entry: entry.value as JsonObject,
    derived: {
      path: entry.path,
      registered: marks?.registered ?? null,
      updated: marks?.updated ?? null,
      live: liveIn(entry, registry),
      aliases: aliasesOf(entry, registry),
      usedBy: registry.entries
        .filter((other) => referencesOf(other, registry).includes(entry.ref))
        .map(({ ref }) => ref),
      resolved: resolvedDependencies(entry, registry),
      otherVersions: versionsBeside(entry, registry),
      compliance: await complianceOf(entry, open, ports),
    },
  };
}

/** The engine of expressions and the history are loaded only where something is bound. */
async function complianceOf(entry: Entry, open: OpenRegistry, ports: Ports): Promise<ShownCompliance | null> {
  const { registry } = open;
  if (registry.ofKind("PolicyBinding").length === 0) return null;
  const [{ datedCompliance }, { scoreOf, SCORE_FORMULA }] = await Promise.all([
    import("./compliance.ts"),
    import("../core/policy/score.ts"),
  ]);
  const answers = await datedCompliance(open, ports, [entry]);
  return answers.length === 0 ? null : { score: scoreOf(answers, registry), formula: SCORE_FORMULA, answers };
}

/** When the entry landed and last changed, from the landings that touched it. */
async function marksOf(
  entry: Entry,
  at: string | undefined,
  repository: Repository,
): Promise<Marks | undefined> {
  // Identities say who a landing's author is.
  const paths = [entry.path, "registry/governance/identities"];
  const draft = draftOf(emptyHistory);
  for await (const batch of walkLine(repository, at, paths))
    for (const landed of batch) takeSome(draft, landed);
  return draft.marks.get(entry.ref);
}

/** Where a bundle is live, in byte order of scopes. */
export function liveIn(entry: Entry, registry: Registry): Derived["live"] {
  if (entry.kind !== "Bundle") return [];
  const found: { scope: string; as: "bundle" | "fallback" }[] = [];
  for (const activation of registry.ofKind("Activation")) {
    if (activation.ns !== entry.ns || activation.name !== entry.name) continue;
    if (activation.value.bundle === entry.version) found.push({ scope: activation.id, as: "bundle" });
    if (activation.value.fallback === entry.version) found.push({ scope: activation.id, as: "fallback" });
  }
  return found.sort((a, b) => compareBytes(a.scope, b.scope));
}

function aliasesOf(entry: Entry, registry: Registry): string[] {
  if (entry.version === null) return [];
  const prefix = entry.ref.slice(0, entry.ref.indexOf(":"));
  const aliases = registry.get(`aliases:${prefix}/${entry.ns}/${entry.name}`);
  if (aliases?.kind !== "Aliases") return [];
  const pairs = Object.entries((aliases as Entry<"Aliases">).value.aliases);
  return pairs
    .filter(([, version]) => version === entry.version)
    .map(([alias]) => alias)
    .sort(compareBytes);
}

function versionsBeside(entry: Entry, registry: Registry): string[] {
  if (entry.version === null) return [];
  const versions = registry
    .versions(entry.kind, `${entry.ns}/${entry.name}`)
    .map(({ version }) => version ?? "");
  return versions.filter((version) => version !== entry.version);
}

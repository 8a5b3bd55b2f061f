/**
 * Entries and scopes as people type them -> entries of the registry. The prefix may be left out where one kind fits,
 * and aliases are accepted here and nowhere in a file (DESIGN 2.2). What does not exist is a Failure that names the nearest.
 */
import { kindOf, kindOfPrefix, kinds } from "../core/kinds/index.ts";
import { Failure } from "../core/model/failure.ts";
import type { KindName } from "../core/model/kind.ts";
import { nearest } from "../core/model/nearest.ts";
import type { Entry, Registry } from "../core/model/registry.ts";
import { parseScope, scopePath, type Scope } from "../core/model/scope.ts";
import { highestWithin } from "../core/model/version.ts";

/** The entry that a word means; `kind` narrows it to one kind. */
export function findEntry(registry: Registry, word: string, kind?: KindName): Entry {
  const candidates = spellings(word, kind).flatMap((ref) => {
    const entry = registry.get(ref) ?? byAlias(registry, ref);
    return entry === undefined ? [] : [entry];
  });
  const [first, second] = candidates;
  if (first !== undefined && second === undefined) return first;
  if (first !== undefined) {
    throw new Failure("usage/ambiguous-entry", `"${word}" fits several entries.`, {
      hint: `Write the prefix: ${candidates.map(({ ref }) => ref).join(" or ")}.`,
    });
  }
  throw new Failure("usage/unknown-entry", `There is no ${kind ?? "entry"} "${word}".`, {
    hint: hintFor(registry, word, kind),
  });
}

/** `<ns>/<name>` of a kind with versions, as `alias set` and `clone` take it, with or without prefix. */
export function findName(
  registry: Registry,
  word: string,
  among: readonly KindName[],
): { kind: KindName; name: string } {
  const colon = word.indexOf(":");
  const typed = colon < 0 ? undefined : kindOfPrefix(word.slice(0, colon));
  const name = colon < 0 ? word : word.slice(colon + 1);
  const fitting = among.filter(
    (kind) => (typed === undefined || typed.name === kind) && registry.versions(kind, name).length > 0,
  );
  const [kind, other] = fitting;
  if (kind !== undefined && other === undefined) return { kind, name };
  if (kind !== undefined) {
    throw new Failure("usage/ambiguous-entry", `"${word}" fits several kinds.`, {
      hint: `Write the prefix: ${fitting.map((each) => `${kindOf(each).prefix}:${name}`).join(" or ")}.`,
    });
  }
  throw new Failure("usage/unknown-entry", `There is no version of "${word}".`, {
    hint: hintFor(registry, word),
  });
}

/** A scope as typed, `prod/fraud/score/acme`, with or without `scope:`. */
export function readScope(word: string): Scope {
  const scope = parseScope(word.replace(/^scope:/, ""));
  if (scope !== undefined) return scope;
  throw new Failure("usage/scope", `"${word}" is no scope.`, {
    hint: "Write <environment>/<ns>/<name>[/<tenant>[/<scenario>]], such as prod/fraud/score or prod/fraud/score/acme.",
  });
}

/** The Activation that stands at a scope, if there is one. */
export function activationAt(registry: Registry, scope: Scope): Entry<"Activation"> | undefined {
  const entry = registry.get(`scope:${scopePath(scope)}`);
  return entry?.kind === "Activation" ? (entry as Entry<"Activation">) : undefined;
}

function spellings(word: string, kind: KindName | undefined): string[] {
  const colon = word.indexOf(":");
  if (colon > 0 && kindOfPrefix(word.slice(0, colon)) !== undefined) return [word];
  return kinds
    .filter(({ name }) => kind === undefined || name === kind)
    .map(({ prefix }) => `${prefix}:${word}`);
}

/** `model:openai/gpt-4o@stable`: the version that the alias names; `model:openai/gpt-4o` alone: its only version. */
function byAlias(registry: Registry, ref: string): Entry | undefined {
  const colon = ref.indexOf(":");
  const kind = kindOfPrefix(ref.slice(0, colon));
  if (kind?.lifecycle === undefined) return undefined;
  const [name = "", alias] = ref.slice(colon + 1).split("@");
  const versions = registry.versions(kind.name, name);
  if (alias === undefined) return versions.length === 1 ? versions[0] : undefined;
  const aliases = registry.get(`aliases:${kind.prefix}/${name}`);
  const version =
    aliases?.kind === "Aliases" ? (aliases as Entry<"Aliases">).value.aliases[alias] : undefined;
  return version === undefined ? undefined : registry.get(`${ref.slice(0, colon)}:${name}@${version}`);
}

function hintFor(registry: Registry, word: string, kind?: KindName): string {
  const name = word.slice(word.indexOf(":") + 1).split("@")[0] ?? "";
  const same = registry.entries.filter(
    (entry) => entry.version !== null && `${entry.ns}/${entry.name}` === name,
  );
  const versions = same
    .filter((entry) => kind === undefined || entry.kind === kind)
    .map(({ version }) => version ?? "");
  if (versions.length > 0)
    return `Its versions are ${versions.slice(-8).join(", ")}; the highest is ${highestWithin(versions, "*") ?? versions.at(-1)}.`;
  const ids = registry.entries.filter((entry) => kind === undefined || entry.kind === kind);
  const near = nearest(word, word.includes(":") ? ids.map(({ ref }) => ref) : ids.map(({ id }) => id));
  return near === undefined ? "assent list <kind> shows what there is." : `Did you mean ${near}?`;
}

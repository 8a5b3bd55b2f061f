/**
 * Ownership: who must agree to a change of a path, as registry.yaml states it, and CODEOWNERS as its rendering
 * (DESIGN 5.2). `ownership` decides, CODEOWNERS tells the forge; this module must never read CODEOWNERS.
 */
import type { Entry, Registry } from "../model/registry.ts";
import { isSameOwner } from "./codeowners.ts";
import { compilePattern, matchesPath, patternProblem, type CodeownersPattern } from "./codeowners-pattern.ts";

/** The part of registry.yaml that says who owns what: lines in order, the last that matches decides. */
export interface OwnershipSettings {
  readonly ownership?: readonly { readonly path: string; readonly roles: readonly string[] }[];
}

/** The line of `ownership` that decides about a path. */
export interface OwnershipLine {
  /** 0-based, as in the file's pointer. */
  readonly index: number;
  readonly path: string;
  /** Role references; empty = the line un-owns the path. */
  readonly roles: readonly string[];
}

const FIRST_LINE =
  "# Generated from registry/registry.yaml (ownership). Do not edit: assent codeowners generate";

/** The registry's settings, or undefined when registry.yaml is missing or unreadable. */
export function settingsOf(registry: Registry): Entry<"Registry"> | undefined {
  return registry.ofKind("Registry")[0];
}

/** Asks who owns paths by `ownership`; undefined when no line matches. Read exactly as GitHub reads the rendering. */
export function ownershipOf(settings: OwnershipSettings): (path: string) => OwnershipLine | undefined {
  const known = ownerships.get(settings) ?? ownershipIn(settings);
  ownerships.set(settings, known);
  return known;
}

/** Along a history the same settings are asked about the same paths again and again. */
const ownerships = new WeakMap<OwnershipSettings, (path: string) => OwnershipLine | undefined>();

function ownershipIn(settings: OwnershipSettings): (path: string) => OwnershipLine | undefined {
  const lines = (settings.ownership ?? []).map((line, index) => ({
    index,
    ...line,
    pattern: patternOf(line.path),
  }));
  const told = new Map<string, OwnershipLine | undefined>();
  return (path) => {
    if (told.has(path)) return told.get(path);
    const line = lines.findLast(({ pattern }) => pattern !== undefined && matchesPath(pattern, path));
    const own = line === undefined ? undefined : { index: line.index, path: line.path, roles: line.roles };
    told.set(path, own);
    return own;
  };
}

/** The same for one path; for many paths compile once with `ownershipOf`. */
export function ownershipAt(settings: OwnershipSettings, path: string): OwnershipLine | undefined {
  return ownershipOf(settings)(path);
}

/** CODEOWNERS for a registry: the fixed first line, then `path SP owner ...` per ownership line, LF, nothing aligned. */
export function renderCodeowners(registry: Registry): string {
  let text = `${FIRST_LINE}\n`;
  for (const line of settingsOf(registry)?.value.ownership ?? []) {
    // GitHub would skip it, and what it skips must not be able to end a line or begin a comment here.
    if (patternOf(line.path) === undefined) continue;
    const owners: string[] = [];
    for (const ref of line.roles) {
      const role = registry.get(ref);
      if (role?.kind !== "Role") continue;
      for (const owner of ownersOfRole(registry, role as Entry<"Role">)) {
        if (!owners.some((known) => isSameOwner(known, owner))) owners.push(owner);
      }
    }
    text += `${[escapePattern(line.path), ...owners].join(" ")}\n`;
  }
  return text;
}

/** How CODEOWNERS spells a role: its team, else the logins of its active human members; empty when it has neither. */
export function ownersOfRole(registry: Registry, role: Entry<"Role">): readonly string[] {
  const team = role.value.githubTeam;
  if (team !== undefined) return [team.startsWith("@") ? team : `@${team}`];
  const owners: string[] = [];
  for (const ref of role.value.members) {
    const member = registry.get(ref);
    if (member?.kind !== "Identity") continue;
    const { type, active, github } = (member as Entry<"Identity">).value;
    // Bots and models never fill a human's slot, and who is inactive agrees to nothing.
    if ((type ?? "human") === "human" && active !== false && github?.login !== undefined)
      owners.push(`@${github.login}`);
  }
  return owners;
}

/** The pattern of an ownership line; undefined when CODEOWNERS cannot say it. */
export function patternOf(path: string): CodeownersPattern | undefined {
  const text = escapePattern(path);
  return patternProblem(path) === undefined && patternProblem(text) === undefined
    ? compilePattern(text)
    : undefined;
}

/** A path pattern as CODEOWNERS spells it: blanks end a pattern there unless they are escaped. */
function escapePattern(path: string): string {
  return path.replace(/\\.|[ \t\r\f\v]/g, (found) => (found.length > 1 ? found : `\\${found}`));
}

/**
 * What is wrong with a CODEOWNERS file, of this registry or of any other repository, as GitHub would read it: lines it
 * skips, lines that decide nothing, owners nobody knows, and paths that their only owner could never change.
 * The file's text is whatever a stranger wrote. This module must never read anything but its arguments.
 */
import { digestOfBytes } from "../model/digest.ts";
import { defineCode, type Finding, type Location, type Severity } from "../model/diagnostic.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { isActiveHuman, isObserving, membersOf } from "../validate/people.ts";
import { codeownersLocation } from "../validate/rules/codeowners-location.ts";
import { codeownersShadowed } from "../validate/rules/codeowners-shadowed.ts";
import { codeownersTooLarge } from "../validate/rules/codeowners-too-large.ts";
import { codeownersUnowned, ruleAreas } from "../validate/rules/codeowners-unowned.ts";
import { codeownersUnsupportedPattern } from "../validate/rules/codeowners-unsupported-pattern.ts";
import {
  CODEOWNERS_LIMIT,
  isOwner,
  ownersOf,
  parseCodeowners,
  type CodeownersFile,
  type CodeownersLine,
} from "./codeowners.ts";
import { patternProblem } from "./codeowners-pattern.ts";
import { usesOf } from "./codeowners-use.ts";

export const invalidOwner = defineCode({
  code: "codeowners/invalid-owner",
  severity: "error",
  category: "invalid",
  summary: "A word after a pattern in CODEOWNERS is no owner.",
  why: "GitHub skips the whole line without a word, so the path is owned by whoever stands in an earlier line, or by nobody.",
  fix: "Write owners as `@login`, `@org/team` or an e-mail address; a blank within a pattern is written `\\ `.",
});

export const unknownOwner = defineCode({
  code: "codeowners/unknown-owner",
  severity: "warning",
  category: "invalid",
  summary: "CODEOWNERS names an owner whom the registry does not know.",
  why: "GitHub asks an account or team that is no Identity and no Role here, or one that is inactive, and the gate does not count its answer.",
  fix: "Mend the name, add the Identity or the Role's `githubTeam` in a change of its own, or take the owner out.",
});

export const vacuous = defineCode({
  code: "codeowners/vacuous",
  severity: "warning",
  category: "invalid",
  summary: "A line of CODEOWNERS decides about no file that there is.",
  why: "A misspelt path looks protected and is not; what was meant is owned by an earlier line, or by nobody.",
  fix: "Mend the pattern, or take the line out. Paths are case-sensitive; a pattern with a leading or inner `/` starts at the root.",
});

export const soleOwner = defineCode({
  code: "codeowners/sole-owner",
  severity: "warning",
  category: "invalid",
  summary: "One person is the only owner of a path.",
  why: "Nobody approves their own change, so where an owner's approval is required that person can never change the path, and everybody else waits for one person.",
  fix: "Name a second person, or a team with at least two members.",
});

/** The codes that only this finds. */
export const codeownersLintCodes = [invalidOwner, unknownOwner, vacuous, soleOwner] as const;

export interface CodeownersQuestion {
  /** As it is to be shown; relative to the repository where the file stands in it. */
  readonly file: string;
  readonly text: string;
  /** The file's size in bytes. */
  readonly size: number;
  /** Every file of the repository; null = not known, and nothing is said about coverage. */
  readonly paths: readonly string[] | null;
  /** Other CODEOWNERS files of the repository, in GitHub's order. */
  readonly others: readonly string[];
  /** Who is known; null = no registry, and every owner may exist. */
  readonly registry: Registry | null;
}

/** Everything that is wrong with the file, in no particular order. */
export function lintCodeowners(question: CodeownersQuestion): Finding[] {
  const { file, size, others } = question;
  const parsed = parseCodeowners(question.text);
  const findings: Finding[] = [];
  if (size >= CODEOWNERS_LIMIT) {
    const message = `${file} has ${size} bytes; GitHub's limit is ${CODEOWNERS_LIMIT}.`;
    findings.push({
      definition: codeownersTooLarge,
      message,
      hint: "Use fewer, wider patterns, and teams instead of lists of people.",
      at: { file },
    });
  }
  for (const other of others) {
    const message = `${other} is there as well; GitHub reads ${file} and ignores it.`;
    findings.push({
      definition: codeownersLocation,
      message,
      hint: `Keep one of the two; GitHub looks in .github/, then at the root, then in docs/.`,
      at: { file: other },
    });
  }
  const uses = usesOf(parsed, question.paths);
  if (uses === undefined) {
    const message = `${file} has too many lines for this many files to say which of them decide nothing.`;
    const hint = "Use fewer, wider patterns.";
    findings.push({ definition: vacuous, severity: "info", message, hint, at: { file } });
  }
  const people = new Map<string, readonly string[] | undefined>();
  const behind = (owner: string): readonly string[] | undefined => {
    if (question.registry !== null && !people.has(owner))
      people.set(owner, peopleBehind(owner, question.registry));
    return people.get(owner);
  };
  for (const [index, line] of parsed.lines.entries()) {
    if (line.problem !== undefined) {
      findings.push(brokenLine(line, file));
      continue;
    }
    const owners = line.owners.map((owner, at) => ({ owner, at: placeOf(line, at + 1, file) }));
    if (question.registry !== null) findings.push(...unknownOwners(owners, behind));
    const use = uses?.[index];
    if (use?.shadow !== undefined) findings.push(shadowed(line, use.shadow, file));
    else if (use?.isMatched === false) findings.push(vacuousLine(line, file));
    else if (use?.decides !== false) findings.push(...soleOwners(line, behind, file));
  }
  return [...findings, ...unownedAreas(parsed, question)];
}

/** The range of a line's pattern (0) or of one of its owners (from 1). */
function placeOf(line: CodeownersLine, word: number, file: string): Location {
  const start = line.starts[word] ?? 0;
  const text = word === 0 ? line.pattern.text : (line.owners[word - 1] ?? "");
  return { file, span: { start, end: start + text.length } };
}

function brokenLine(line: CodeownersLine, file: string): Finding {
  const { pattern, owners } = line;
  const problem = patternProblem(pattern.text);
  if (problem !== undefined) {
    const message = `\`${pattern.text}\`: ${problem}; GitHub skips the line.`;
    return { definition: codeownersUnsupportedPattern, message, at: placeOf(line, 0, file) };
  }
  const at = owners.findIndex((owner) => !isOwner(owner));
  return {
    definition: invalidOwner,
    message: `\`${owners[at]}\` is no owner; GitHub skips the line.`,
    at: placeOf(line, at + 1, file),
  };
}

function shadowed(line: CodeownersLine, by: CodeownersLine, file: string): Finding {
  return {
    definition: codeownersShadowed,
    message: `\`${line.pattern.text}\` decides nothing: \`${by.pattern.text}\` comes later and matches every path it matches.`,
    at: placeOf(line, 0, file),
    related: [{ message: "the line that overrides it", at: placeOf(by, 0, file) }],
  };
}

function vacuousLine(line: CodeownersLine, file: string): Finding {
  return {
    definition: vacuous,
    message: `\`${line.pattern.text}\` matches no file of the repository.`,
    at: placeOf(line, 0, file),
  };
}

/** The people behind an owner; undefined = not known here. */
type Behind = (owner: string) => readonly string[] | undefined;

function unknownOwners(
  owners: readonly { readonly owner: string; readonly at: Location }[],
  behind: Behind,
): readonly Finding[] {
  return owners.flatMap(({ owner, at }) => {
    const known = behind(owner);
    if (known === undefined)
      return { definition: unknownOwner, message: `No Identity and no Role is \`${owner}\`.`, at };
    if (known.length > 0) return [];
    return { definition: unknownOwner, message: `Nobody behind \`${owner}\` is an active person.`, at };
  });
}

/** The active humans behind an owner, as references; undefined = the registry does not know it. */
function peopleBehind(owner: string, registry: Registry): readonly string[] | undefined {
  const name = owner.toLowerCase();
  const active = (identities: readonly Entry<"Identity">[]): readonly string[] =>
    identities.filter(isActiveHuman).map(({ ref }) => ref);
  if (/^@[^/]+\//.test(name)) {
    const roles = registry
      .ofKind("Role")
      .filter(({ value }) => `@${(value.githubTeam ?? "").replace(/^@/, "").toLowerCase()}` === name);
    return roles.length === 0 ? undefined : roles.flatMap((role) => active(membersOf(role, registry)));
  }
  const digest = name.startsWith("@") ? undefined : digestOfBytes(name);
  const found = registry.ofKind("Identity").filter(({ value }) => {
    if (digest !== undefined) return value.emailDigests?.includes(digest) === true;
    return value.github !== undefined && `@${value.github.login.toLowerCase()}` === name;
  });
  return found.length === 0 ? undefined : active(found);
}

/** Whether all owners of a line come down to one person. A team nobody here knows may have any number of members. */
function soleOwners(line: CodeownersLine, behind: Behind, file: string): readonly Finding[] {
  if (line.owners.length === 0) return [];
  const people = new Set<string>();
  for (const owner of line.owners) {
    const known = behind(owner);
    if (known === undefined && owner.includes("/")) return [];
    for (const person of known ?? [owner.toLowerCase()]) people.add(person);
  }
  const [person] = people;
  if (person === undefined || people.size > 1) return [];
  const message = `${person} is the only owner of \`${line.pattern.text}\`, and nobody approves their own change.`;
  return [{ definition: soleOwner, message, at: placeOf(line, 1, file) }];
}

/** The rules themselves: whoever may change them without asking may do everything else as well. */
function unownedAreas(
  parsed: CodeownersFile,
  { file, paths, registry }: CodeownersQuestion,
): readonly Finding[] {
  const isRegistry = registry !== null && registry.ofKind("Registry").length > 0;
  const isUnowned = (path: string): boolean => (ownersOf(parsed, path).owners?.length ?? 0) === 0;
  const severity: Severity = registry === null || isObserving(registry) ? "warning" : "error";
  return ruleAreas.flatMap(([area, probes]) => {
    if (!isRegistry && area.startsWith("registry/")) return [];
    const standing = area.endsWith("/") ? (paths ?? []).filter((path) => path.startsWith(area)) : [];
    // The file that is read stands where it stands; elsewhere it would not be read.
    const asked =
      area === "CODEOWNERS"
        ? [/(?:^|\/)CODEOWNERS$/.test(file) && !file.startsWith("/") && !file.startsWith("..") ? file : area]
        : [...standing, ...probes];
    const path = asked.find(isUnowned);
    if (path === undefined) return [];
    const line = parsed.lines.find((each) => each.line === ownersOf(parsed, path).line);
    const message = area.endsWith("/")
      ? `${area} is not owned throughout: nobody owns ${path}.`
      : `Nobody owns ${path}.`;
    const hint =
      "Add a line for it, after the lines that it is to override; `*` first owns whatever nothing else names.";
    return [
      {
        definition: codeownersUnowned,
        message,
        hint,
        severity,
        at: line === undefined ? { file } : placeOf(line, 0, file),
      },
    ];
  });
}

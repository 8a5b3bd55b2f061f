/**
 * What a word means that somebody asks the history of: a scope, an entry, an entry without its version or its prefix.
 * What is gone has a history too, so words are held against events, never against today's entries.
 */
import type { RegistryEvent } from "../core/audit/event.ts";
import type { History } from "../core/audit/events.ts";
import { kindOfPrefix, kinds } from "../core/kinds/index.ts";
import { Failure } from "../core/model/failure.ts";
import { compareBytes } from "../core/model/json.ts";
import { nearest } from "../core/model/nearest.ts";
import { identityOf, parseRef } from "../core/source/reference.ts";

/**
 * The files a word can mean, where their own landings are all that can happen to them; undefined for everything else:
 * versions also move when what they depend on lands.
 */
export function filesMeant(word: string): readonly string[] | undefined {
  const named = parseRef(word);
  const meant = named === undefined ? kinds.flatMap(({ name }) => identityOf(name, word) ?? []) : [named];
  // A word of two names may leave out a version.
  const isWhole = meant.every(({ kind }) => kind === "Activation" || kind === "Evaluation");
  return meant.length > 0 && isWhole ? meant.map(({ path }) => path) : undefined;
}

/** Whether a subject is what a word means, or a version of it. */
export function askedFor(word: string | undefined): (subject: string) => boolean {
  if (word === undefined) return () => true;
  const idOf = idAsIn(word);
  return (subject) => {
    const id = idOf(subject);
    return id === word || (id.startsWith(word) && id[word.length] === "@");
  };
}

/** Spells subjects as a word does: with their prefix or without. */
function idAsIn(word: string): (subject: string) => string {
  const hasPrefix = kindOfPrefix(word.slice(0, Math.max(word.indexOf(":"), 0))) !== undefined;
  return (subject) => (hasPrefix ? subject : subject.slice(subject.indexOf(":") + 1));
}

/** Subjects a word means: a reference, one without prefix or version, or a scope. What is gone has a history too. */
export function subjectsOf(word: string, told: readonly RegistryEvent[], all: History): readonly string[] {
  const idOf = idAsIn(word);
  const known = [...new Set(told.map(({ subject }) => subject))].sort(compareBytes);
  const exact = known.filter((subject) => idOf(subject) === word);
  const found = exact.length > 0 ? exact : known;
  const prefixes = [...new Set(found.map((subject) => subject.slice(0, subject.indexOf(":"))))];
  if (prefixes.length > 1) {
    throw new Failure("usage/ambiguous-entry", `"${word}" fits several entries.`, {
      hint: `Write the prefix: ${prefixes.map((prefix) => `${prefix}:${word}`).join(" or ")}.`,
    });
  }
  if (found.length > 0) return found;
  const near = nearest(word, [...new Set(all.events.map(({ subject }) => idOf(subject)))].sort(compareBytes));
  throw new Failure("usage/unknown-entry", `Nothing called "${word}" ever landed.`, {
    hint: near === undefined ? "assent history alone shows everything." : `Did you mean ${near}?`,
  });
}

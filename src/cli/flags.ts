/** Flags and arguments as typed -> values that operations take. Wrong ones are Failures with the right spelling. */
import { relative, resolve, sep } from "node:path";
import type { Selection } from "../app/read.ts";
import { rootOf } from "../app/root.ts";
import { Failure } from "../core/model/failure.ts";
import { parseRepositoryName, type RepositoryName } from "../core/model/repository-name.ts";
import type { CommandContext, Flags, Option } from "./command.ts";

/** Which registry at which moment, from the global flags. */
export function selectionOf(context: CommandContext): Selection {
  const { repo, at, asOf } = context.global;
  const folder = repo === undefined ? context.cwd : resolve(context.cwd, repo);
  return { folder, at, asOf, onProgress: context.progress };
}

/**
 * Paths typed relative to the working folder (or to -C when given), made relative to the registry's root. A pattern
 * that no shell has expanded (`registry/models/openai/*`) is expanded here.
 */
export async function pathsFromRoot(typed: unknown, context: CommandContext): Promise<string[]> {
  if (!Array.isArray(typed)) return [];
  const { folder } = selectionOf(context);
  const root = rootOf(folder, context.ports);
  const paths: string[] = [];
  for (const each of typed) {
    const path = relative(root, resolve(folder, String(each)))
      .split(sep)
      .join("/");
    const found = /[*?{[]/.test(path) ? await context.ports.expandPattern(root, path) : [path];
    if (found.length === 0) {
      throw new Failure("usage/no-such-path", `No file fits "${String(each)}".`, {
        hint: "Patterns are read as shells read them: * within a folder, ** across folders.",
      });
    }
    paths.push(...found);
  }
  return paths;
}

/** `--max-warnings`, or no limit. */
export function maxWarnings(flags: Flags): number {
  const typed = flags["maxWarnings"];
  if (typed === undefined) return Number.POSITIVE_INFINITY;
  return wholeNumber(String(typed), "--max-warnings");
}

/** A whole number from 0 up. */
export function wholeNumber(typed: string, flag: string): number {
  if (/^\d{1,9}$/.test(typed)) return Number(typed);
  throw new Failure("usage/number", `${flag} takes a whole number, not "${typed}".`, {
    hint: `Write ${flag} 0, for example.`,
  });
}

/** `--keep 10`, or undefined. */
export function keepFlag(flags: Flags): number | undefined {
  const typed = textFlag(flags, "keep");
  return typed === undefined ? undefined : wholeNumber(typed, "--keep");
}

/** Where a command reads and writes releases: relative paths start where it was typed, secrets are the environment's. */
export function placeOf({ cwd, env, progress }: CommandContext, flags: Flags) {
  return { folder: cwd, env, allowHttp: flags["allowHttp"] === true, onProgress: progress };
}

/** The flag that placeOf reads. */
export const allowHttp: Option = {
  flags: "--allow-http",
  description: "speak http to hosts other than this machine, in a network of your own",
};

/** How a command shows its answer. */
export function shownBy({ global, style, columns }: CommandContext) {
  return { format: global.format, style, columns };
}

/** The text of a flag that a command cannot do without. */
export function neededFlag(flags: Flags, name: string, spelling: string): string {
  const text = textFlag(flags, name);
  if (text !== undefined) return text;
  throw new Failure("usage/missing-flag", `${spelling} is missing.`, { hint: `Say ${spelling}.` });
}

/** A flag's text, or undefined. */
export function textFlag(flags: Flags, name: string): string | undefined {
  const value = flags[name];
  return typeof value === "string" ? value : undefined;
}

/** A repeatable flag's texts. */
export function listFlag(flags: Flags, name: string): readonly string[] {
  const value = flags[name];
  return Array.isArray(value) ? value.map(String) : [];
}

/** `--limit`, or no limit. */
export function limitFlag(flags: Flags): number | undefined {
  const typed = textFlag(flags, "limit");
  return typed === undefined ? undefined : wholeNumber(typed, "--limit");
}

/** `--github <owner/repo>`; where it must be known, else what the environment of a workflow says. */
export function repositoryFlag(flags: Flags, context: CommandContext, needed: true): RepositoryName;
export function repositoryFlag(
  flags: Flags,
  context: CommandContext,
  needed: boolean,
): RepositoryName | undefined;
export function repositoryFlag(
  flags: Flags,
  { env }: CommandContext,
  needed: boolean,
): RepositoryName | undefined {
  const typed = textFlag(flags, "github") ?? (needed ? env["GITHUB_REPOSITORY"] : undefined);
  if (typed === undefined && !needed) return undefined;
  const repo = parseRepositoryName(typed ?? "");
  if (repo !== undefined) return repo;
  const message = typed === undefined ? "No repository is named." : `"${typed}" is no repository's name.`;
  throw new Failure("usage/repository", message, { hint: "Write --github <owner>/<name>." });
}

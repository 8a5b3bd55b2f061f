/**
 * What is wrong with a path below `registry/` (DESIGN 2): names, extensions, modes, collisions, crowded folders.
 * It sees paths and modes only and must never read a file.
 */
import { kinds } from "../kinds/index.ts";
import type { CodeDefinition, Finding } from "../model/diagnostic.ts";
import { nearest } from "../model/nearest.ts";
import { isName, isVersion } from "../model/ref.ts";
import { filesBelow, type Tree, type TreeFile } from "../model/tree.ts";
import {
  pathCollision,
  pathCrowded,
  pathExecutable,
  pathExtension,
  pathHidden,
  pathName,
  pathSubmodule,
  pathSymlink,
  pathUnknown,
  pathVersion,
} from "./path-codes.ts";
import { hasAliases, identityOfPath, kindOfFolder } from "./reference.ts";

/** The most entries a folder may hold (DESIGN 2). */
export const MOST_IN_FOLDER = 4000;

/** What a write of this program that was killed leaves beside its target; the adapter for work trees names it so. */
const leftOver = /^\.assent-[0-9a-z]+\.tmp$/;

/** What forbids reading the file at all: links, submodules, hidden names. Empty for ordinary files. */
export function modeFindings(file: TreeFile): Finding[] {
  const last = file.path.slice(file.path.lastIndexOf("/") + 1);
  if (file.mode.startsWith("100") && leftOver.test(last)) return [leftOverFinding(file.path, last)];
  const findings: Finding[] = [];
  const add = (definition: CodeDefinition, message: string): void => {
    findings.push({ definition, message, at: { file: file.path } });
  };
  if (file.mode === "120000") add(pathSymlink, "This is a symbolic link.");
  else if (file.mode === "160000") add(pathSubmodule, "This is a submodule or a nested repository.");
  else if (file.mode === "100755") {
    const repair = { kind: "rewrite", file: file.path } as const;
    findings.push({
      definition: pathExecutable,
      message: "This file is executable.",
      at: { file: file.path },
      repair,
    });
  }
  const hidden = file.path.split("/").find((segment) => segment.startsWith("."));
  if (hidden !== undefined) add(pathHidden, `"${hidden}" is hidden.`);
  return findings;
}

function leftOverFinding(path: string, name: string): Finding {
  return {
    definition: pathHidden,
    message: `"${name}" was left behind when assent was killed while it wrote a file.`,
    hint: "Nothing reads it and nothing is lost with it: delete it, or run assent lint --fix.",
    at: { file: path },
    repair: { kind: "delete", file: path },
  };
}

/** Why a path that has no identity has none. At least one finding. */
export function unidentifiedFindings(path: string, tree: Pick<Tree, "get">): Finding[] {
  const at = { file: path };
  const last = path.slice(path.lastIndexOf("/") + 1);
  if (!last.endsWith(".yaml")) {
    const stem = last.replace(/\.ya?ml$/i, "");
    const hint = stem === last ? undefined : `Rename it to "${stem}.yaml".`;
    const to = `${path.slice(0, -".yml".length)}.yaml`;
    const mayMove = last.endsWith(".yml") && identityOfPath(to) !== undefined && tree.get(to) === undefined;
    return [
      {
        definition: pathExtension,
        message: `"${last}" is neither an entry (.yaml) nor a README.md.`,
        at,
        ...(hint === undefined ? {} : { hint }),
        ...(mayMove && { repair: { kind: "rename", file: path, to } as const }),
      },
    ];
  }
  const below = path.slice("registry/".length, -".yaml".length);
  const kind = kindOfFolder(below);
  if (kind === undefined) {
    const first = below.split("/")[0] ?? "";
    const folders = kinds.map((candidate) => candidate.folder).filter((folder) => folder !== "");
    const meant = first === "governance" ? below.split("/").slice(0, 2).join("/") : first;
    const near =
      folders.find((folder) => folder === `${first}s` || folder.endsWith(`/${first}`)) ??
      nearest(meant, folders);
    const listed = first === "governance" ? folders.filter((folder) => folder.startsWith(first)) : folders;
    return [
      {
        definition: pathUnknown,
        message: `No kind has files at "${path}".`,
        hint:
          near === undefined ? `The folders are ${listed.join(", ")}.` : `Did you mean "registry/${near}/"?`,
        at,
      },
    ];
  }
  const segments = below.slice(kind.folder.length + 1).split("/");
  const findings: Finding[] = [];
  segments.forEach((segment, index) => {
    const isVersionFile = kind.shape === "versioned" && index === 2 && segments.length === 3;
    if (isVersionFile ? isVersion(segment) : isName(segment)) return;
    findings.push(
      isVersionFile
        ? { definition: pathVersion, message: `"${segment}" is not a version such as "1.4.0".`, at }
        : { definition: pathName, ...nameProblem(segment), at },
    );
  });
  if (findings.length > 0) return findings;
  const aliases = hasAliases(kind) ? ` (or "registry/${kind.folder}/<ns>/<name>/aliases.yaml")` : "";
  const place = `"${shapeOf(kind.folder, kind.shape)}"${aliases}`;
  return [
    {
      definition: pathUnknown,
      message: `${/^[AEIO]/.test(kind.name) ? "An" : "A"} ${kind.name} does not stand at this depth.`,
      hint: `Move the file to ${place}, or delete it.`,
      at,
    },
  ];
}

/** What is wrong with a name, and the right one where there is no doubt. */
function nameProblem(name: string): { readonly message: string; readonly hint?: string } {
  const lower = name.toLowerCase();
  if (name.length > 100)
    return { message: `A name of ${name.length} characters is too long; 100 are allowed.` };
  if (isName(lower)) return { message: `"${name}" is not lower case.`, hint: `Rename it to "${lower}".` };
  const isReserved = /^[a-z0-9]/.test(lower) && isName(`x${lower}`);
  return {
    message: isReserved ? `"${name}" is a name that Windows reserves.` : `"${name}" is not a legal name.`,
  };
}

/** Pairs of paths that are equal after lower-casing, folders included. Legal names are lower case, so this can only
 * be when some path is already illegal; the caller may leave it out otherwise. */
export function collisionFindings(files: readonly TreeFile[]): Finding[] {
  const findings: Finding[] = [];
  const spellings = new Map<string, string>();
  const told = new Set<string>();
  for (const { path } of files) {
    for (let end = path.indexOf("/"); ; end = path.indexOf("/", end + 1)) {
      const part = end < 0 ? path : path.slice(0, end);
      const lower = part.toLowerCase();
      const first = spellings.get(lower);
      if (first === undefined) spellings.set(lower, part);
      else if (first !== part) {
        // Everything below a folder collides with it; once says it all.
        if (told.has(part)) break;
        told.add(part);
        const message = `"${part}" and "${first}" are equal after lower-casing.`;
        findings.push({ definition: pathCollision, message, at: { file: path } });
        break;
      }
      if (end < 0) break;
    }
  }
  return findings;
}

/** Folders that hold more than MOST_IN_FOLDER files and folders. The files are in byte order, so a folder's are together. */
export function crowdedFindings(files: readonly TreeFile[]): Finding[] {
  if (files.length <= MOST_IN_FOLDER) return [];
  const findings: Finding[] = [];
  // The folders around the file at hand: where each ends in its path, and what it held so far.
  const ends: number[] = [];
  const sizes: number[] = [];
  let last = "";
  const leave = (): void => {
    const folder = last.slice(0, ends.pop());
    const size = sizes.pop() ?? 0;
    if (size <= MOST_IN_FOLDER) return;
    findings.push({
      definition: pathCrowded,
      message: `"${folder}" holds ${size} files and folders; at most ${MOST_IN_FOLDER} are allowed.`,
      at: { file: folder },
    });
  };
  for (const { path } of files) {
    const shared = sharedLength(path, last);
    while (ends.length > 0 && ends[ends.length - 1]! >= shared) leave();
    const from = ends.length === 0 ? 0 : ends[ends.length - 1]! + 1;
    for (let end = path.indexOf("/", from); end >= 0; end = path.indexOf("/", end + 1)) {
      if (ends.length > 0) sizes[sizes.length - 1]!++;
      ends.push(end);
      sizes.push(0);
    }
    if (ends.length > 0) sizes[sizes.length - 1]!++;
    last = path;
  }
  while (ends.length > 0) leave();
  return findings;
}

/** Whether a folder around one of these paths below `registry/` holds too much; others are not looked at. */
export function hasCrowdedFolder(tree: Tree, paths: readonly string[]): boolean {
  const folders = new Set<string>();
  for (const path of paths.filter((each) => each.startsWith("registry/")))
    for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1))
      folders.add(path.slice(0, end + 1));
  return [...folders].some((folder) => isCrowded(filesBelow(tree, folder), folder));
}

/** Whether more than MOST_IN_FOLDER files and folders stand directly in a folder; the files are all below it. */
function isCrowded(files: readonly TreeFile[], folder: string): boolean {
  if (files.length <= MOST_IN_FOLDER) return false;
  let held = 0;
  let last = "";
  for (const { path } of files) {
    const end = path.indexOf("/", folder.length);
    // What stands in a folder in it is counted once, as that folder.
    if (end >= 0 && end === last.length - 1 && path.startsWith(last)) continue;
    last = end < 0 ? "" : path.slice(0, end + 1);
    held++;
  }
  return held > MOST_IN_FOLDER;
}

/** How many units two texts have in common from their beginning. */
function sharedLength(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let shared = 0;
  while (shared < length && a.charCodeAt(shared) === b.charCodeAt(shared)) shared++;
  return shared;
}

function shapeOf(folder: string, shape: string): string {
  const below: Record<string, string> = {
    named: "<name>.yaml",
    namespaced: "<ns>/<name>.yaml",
    versioned: "<ns>/<name>/<version>.yaml",
    run: "<ns>/<name>/<run>.yaml",
    scope: "<environment>/<ns>/<name>[/<tenant>[/<scenario>]].yaml",
  };
  return `registry/${folder}/${below[shape] ?? "registry.yaml"}`;
}

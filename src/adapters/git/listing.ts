/**
 * Reads what git lists: trees and raw differences, separated by NUL, paths as bytes. It must never start anything but the
 * one listing it is asked for.
 */
import { compareBytes } from "../../core/model/json.ts";
import type { PathChange } from "../../core/model/landing.ts";
import { isAtOrBelow, isSafePath, pathOfBytes } from "../../core/model/path.ts";
import type { FileMode } from "../../core/model/tree.ts";
import type { ListedFile } from "./checks.ts";
import { fileMode, requireOid } from "./object.ts";
import type { Git } from "./process.ts";

/** More paths than this are filtered here instead of on git's command line, which has an end. */
const MOST_PATHSPECS = 500;

/** Files and folders that are asked for; "everywhere" = all. */
export type Wanted = readonly string[] | "everywhere";

/** Whether a path is asked for. */
export function isWanted(path: string, wanted: Wanted): boolean {
  return wanted === "everywhere" || isAtOrBelow(path, wanted);
}

/** The files of a commit with their ids; folders and files below `paths` only. */
export async function listFiles(git: Git, oid: string, paths: Wanted): Promise<readonly ListedFile[]> {
  const { stdout } = await git(["ls-tree", "-r", "-z", "--full-tree", requireOid(oid), ...pathspecs(paths)]);
  const files: ListedFile[] = [];
  for (const record of records(stdout)) {
    const tab = record.indexOf(0x09);
    const [mode = "", , id = ""] = record.toString("latin1", 0, tab).split(" ");
    const path = pathOfBytes(record.subarray(tab + 1));
    if (isWanted(path, paths)) files.push({ path, mode: fileMode(mode) as FileMode, oid: id });
  }
  return files;
}

/** `:modeFrom modeTo oidFrom oidTo status NUL path NUL`, again and again. */
export function parseRaw(fields: readonly Buffer[], paths: Wanted): readonly PathChange[] {
  const changes: PathChange[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [modeFrom = "", modeTo = "", oidFrom = "", oidTo = ""] = (fields[at] as Buffer)
      .toString("latin1", 1)
      .split(" ");
    const path = pathOfBytes(fields[at + 1] as Buffer);
    if (!isWanted(path, paths)) continue;
    const side = (mode: string): FileMode | null => (mode === "000000" ? null : (fileMode(mode) as FileMode));
    changes.push({
      path,
      modeFrom: side(modeFrom),
      modeTo: side(modeTo),
      oidFrom: modeFrom === "000000" ? null : oidFrom,
      oidTo: modeTo === "000000" ? null : oidTo,
    });
  }
  return changes.sort((a, b) => compareBytes(a.path, b.path));
}

/** One raw line, `:modeFrom modeTo oidFrom oidTo status`, and its path. */
function changeOf(raw: string, path: string): PathChange {
  const [modeFrom = "", modeTo = "", oidFrom = "", oidTo = ""] = raw.slice(1).split(" ");
  const side = (mode: string): FileMode | null => (mode === "000000" ? null : (fileMode(mode) as FileMode));
  return {
    path,
    modeFrom: side(modeFrom),
    modeTo: side(modeTo),
    oidFrom: modeFrom === "000000" ? null : oidFrom,
    oidTo: modeTo === "000000" ? null : oidTo,
  };
}

/**
 * Takes what `git log --raw -z --format='%H %ct'` writes, piece by piece, and hands out each commit with its committer
 * time in seconds and its changes.
 */
export function logReader(
  paths: Wanted,
  onCommit: (oid: string, seconds: number, changes: readonly PathChange[]) => void,
): {
  take(chunk: Buffer): void;
  end(): void;
} {
  let rest: Buffer = Buffer.alloc(0);
  let oid: string | undefined;
  let seconds = 0;
  let changes: PathChange[] = [];
  let raw = "";
  const flush = (): void => {
    if (oid !== undefined) onCommit(oid, seconds, changes);
    changes = [];
    oid = undefined;
  };
  const record = (data: Buffer, from: number, to: number): void => {
    if (raw !== "") {
      const path = pathOfBytes(data.subarray(from, to));
      if (isWanted(path, paths)) changes.push(changeOf(raw, path));
      raw = "";
      return;
    }
    const start = data[from] === 0x0a ? from + 1 : from;
    if (start === to) return;
    const text = data.toString("latin1", start, to);
    if (text.startsWith(":")) raw = text;
    else {
      flush();
      const space = text.indexOf(" ");
      oid = requireOid(text.slice(0, space));
      const time = Number(text.slice(space + 1));
      seconds = Number.isSafeInteger(time) ? time : 0;
    }
  };
  return {
    take(chunk) {
      const data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let at = 0;
      for (let end = data.indexOf(0); end >= 0; end = data.indexOf(0, at)) {
        record(data, at, end);
        at = end + 1;
      }
      rest = data.subarray(at);
    },
    end() {
      if (rest.length > 0) record(rest, 0, rest.length);
      flush();
    },
  };
}

/** The parts of an answer that git separates by NUL. */
export function records(stdout: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < stdout.length;) {
    const end = stdout.indexOf(0, at);
    const stop = end < 0 ? stdout.length : end;
    found.push(stdout.subarray(at, stop));
    at = stop + 1;
  }
  return found;
}

/** The end of a command line that limits git to these paths, where it can be limited. */
export function pathspecs(paths: Wanted): readonly string[] {
  if (paths === "everywhere") return [];
  // What git would refuse to look for, or would look for elsewhere, is not found by filtering either.
  const spellable = paths.every((path) => path.isWellFormed() && isSafePath(path));
  return paths.length > MOST_PATHSPECS || !spellable ? [] : ["--", ...paths];
}

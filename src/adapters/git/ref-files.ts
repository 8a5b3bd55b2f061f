/**
 * Where a branch stands, from the files in which git keeps that: a file of its own, else `packed-refs` (gitrepository-layout).
 * It must never guess: whatever is kept in another way, or looks otherwise than git writes it, is for git to say.
 */
import { lstatSync, readFileSync } from "node:fs";
import type { RepositoryPlace } from "./discover.ts";

const ID = /^([0-9a-f]{40}|[0-9a-f]{64})\n?$/;

/**
 * The id at which a ref stands, named in full (`refs/heads/main`) and checked; null where there is none; undefined where
 * these files do not tell.
 */
export function readRefFile({ commonDir }: RepositoryPlace, ref: string): string | null | undefined {
  if (!ref.startsWith("refs/heads/") && !ref.startsWith("refs/remotes/")) return undefined;
  if (!keepsRefsInFiles(commonDir)) return undefined;
  const path = `${commonDir}/${ref}`;
  // Git packs a ref before it takes its own file away, so the file is asked first.
  const stat = statOf(path);
  if (stat === undefined || stat.isDirectory()) return packedRef(commonDir, ref);
  if (!stat.isFile() || stat.size > 100) return undefined;
  const own = contentOf(path);
  return own === null ? packedRef(commonDir, ref) : idOf(ID.exec(own)?.[1]);
}

/**
 * The id of the commit that is checked out where a branch is; null before its first commit; undefined where these files do
 * not tell, as of a detached HEAD, whose id nobody has looked at.
 */
export function readHeadFile(place: RepositoryPlace): string | null | undefined {
  const path = `${place.gitDir}/HEAD`;
  const stat = statOf(path);
  if (stat?.isFile() !== true || stat.size > 1000) return undefined;
  const branch = /^ref: (refs\/heads\/[\w][\w./-]*)\n$/.exec(contentOf(path) ?? "")?.[1];
  // A name that git would not take leads nowhere that git would follow.
  if (branch === undefined || /\.\.|\/\.|\/\/|\.lock(?:\/|$)|[./]$/.test(branch)) return undefined;
  return readRefFile(place, branch);
}

/** Not a reftable, nor any other place that `extensions.refStorage` names. */
function keepsRefsInFiles(commonDir: string): boolean {
  if (
    statOf(`${commonDir}/reftable`) !== undefined ||
    statOf(`${commonDir}/refs/heads`)?.isDirectory() !== true
  )
    return false;
  return !/refstorage/i.test(contentOf(`${commonDir}/config`) ?? "refstorage");
}

/** `<id> SP <ref> LF`, after comments and among lines of ids alone. */
function packedRef(commonDir: string, ref: string): string | null | undefined {
  const packed = contentOf(`${commonDir}/packed-refs`);
  if (packed === null) return null;
  // The names are UTF-8 in both; here they are compared as bytes.
  const name = ` ${Buffer.from(ref).toString("latin1")}\n`;
  const at = packed.indexOf(name);
  if (at < 0) return packed === "" || packed.endsWith("\n") ? null : undefined;
  const start = packed.lastIndexOf("\n", at - 1) + 1;
  return idOf(ID.exec(packed.slice(start, at))?.[1]);
}

/** Git's spelling of nothing is no id. */
function idOf(text: string | undefined): string | undefined {
  return text === undefined || /^0+$/.test(text) ? undefined : text;
}

function statOf(path: string): ReturnType<typeof lstatSync> | undefined {
  try {
    return lstatSync(path);
  } catch {
    return undefined;
  }
}

function contentOf(path: string): string | null {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return null;
  }
}

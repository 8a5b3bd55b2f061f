/** Patterns over the files on disk, as shells read them. It must never follow a symlink, and never read a file. */
import glob from "fast-glob";

/** The files below a folder that a pattern means, relative to it, `/`-separated, in byte order. */
export function expandPattern(folder: string, pattern: string): readonly string[] {
  const options = {
    cwd: folder,
    dot: true,
    followSymbolicLinks: false,
    caseSensitiveMatch: true,
    onlyFiles: true,
  };
  return glob.sync(pattern, { ...options, suppressErrors: true }).sort();
}

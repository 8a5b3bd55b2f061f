/** What the file system can refuse, in words, with what to do. It must never decide whether something is wrong. */
import { Failure } from "../../core/model/failure.ts";

/** Runs one call to the file system; what vanished meanwhile is undefined. */
export function attempt<T>(path: string, call: () => T): T | undefined {
  try {
    return call();
  } catch (cause) {
    const failure = failureOf(path, cause);
    if (failure !== undefined) throw failure;
    return undefined;
  }
}

/** What an error of the file system means for the path it was about; undefined where the path is simply not there. */
export function failureOf(path: string, cause: unknown): Failure | undefined {
  const code = codeOf(cause);
  if (code === "ENOENT") return undefined;
  if (code === "ENXIO" || code === "ENODEV" || code === "EOPNOTSUPP") return specialFile(path);
  if (code === "ELOOP" || code === "ENOTDIR") return linked(path);
  if (code === "ENAMETOOLONG") {
    return new Failure("worktree/path-too-long", `${path.slice(0, 80)}... is too long for this system.`, {
      hint: "Remove the folder; the registry's own paths are under 300 characters.",
      cause,
    });
  }
  return new Failure("worktree/unreadable", `${path} cannot be read (${code}).`, {
    hint: "Give yourself the right to read it, or remove it.",
    cause,
  });
}

/** A pipe, a socket or a device. */
export function specialFile(path: string): Failure {
  return new Failure("worktree/special-file", `${path} is neither a file nor a folder.`, {
    hint: "Remove it: git cannot hold pipes, sockets and devices, so it can be no entry.",
  });
}

/** A symlink where a real file or folder belongs. */
export function linked(path: string): Failure {
  return new Failure("worktree/symlink", `${path} is a symlink or became one while it was read.`, {
    hint: "Replace it by a real file or folder; the registry follows no symlinks.",
  });
}

/** The system's error code, for a message. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : "unknown error";
}

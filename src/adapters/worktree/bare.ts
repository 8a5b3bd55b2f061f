/** The work tree of a bare repository: there is none, and whoever asks for its files is told so. */
import type { WorkTree } from "../../app/ports.ts";
import { Failure } from "../../core/model/failure.ts";

/** Refuses every file; its root is the repository itself, so that commits can be asked for. */
export function openBare(root: string): WorkTree {
  const refuse = (): never => {
    throw new Failure("repository/bare", `${root} is a bare repository, which has no files on disk.`, {
      hint: "Name what to read, such as --at main. What writes, and what reads the files on disk, needs a clone.",
    });
  };
  return { root, readTree: refuse, readFile: refuse, write: refuse };
}

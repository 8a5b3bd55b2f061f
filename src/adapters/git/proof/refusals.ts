/**
 * What in a clone could show another history than the one that landed: a cut-off beginning, grafted parents, replaced
 * objects, objects of another repository. None of it is ever used; a proof refuses to be made where one of them stands,
 * because every other program that reads the clone would be shown something else.
 */
import { readFileSync, statSync } from "node:fs";
import type { CloneRefusal } from "../../../app/ports.ts";
import { isShallowPlace, type RepositoryPlace } from "../discover.ts";
import type { Git } from "../process.ts";

/** Everything of the kind that is there, in a fixed order. */
export async function refusalsOf(place: RepositoryPlace, git: Git): Promise<readonly CloneRefusal[]> {
  const { stdout } = await git(["for-each-ref", "--count=1", "--format=%(refname)", "refs/replace/"]);
  const found: (readonly [boolean, CloneRefusal])[] = [
    [isShallowPlace(place), "shallow"],
    [says(`${place.commonDir}/info/grafts`), "grafts"],
    [stdout.length > 0, "replace-refs"],
    [
      says(`${place.commonDir}/objects/info/alternates`) ||
        says(`${place.commonDir}/objects/info/http-alternates`),
      "alternates",
    ],
  ];
  return found.flatMap(([isThere, refusal]) => (isThere ? [refusal] : []));
}

/** Whether a file holds a line that git would read. */
function says(file: string): boolean {
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return false;
  return readFileSync(file, "latin1")
    .split("\n")
    .some((line) => line.trim() !== "" && !line.startsWith("#"));
}

/**
 * The repository seen from its own pre-receive hook: what is pushed lies in a quarantine folder until the hook agrees
 * (git's githooks, pre-receive; git-receive-pack, Quarantine Environment), and only the git binary looks there.
 * What the attacker controls: the objects pushed, not the hook's environment, and yet nothing of that is passed on
 * unless it is what git itself would have set for this very repository.
 */
import { realpathSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { Repository } from "../../app/ports.ts";
import { Failure } from "../../core/model/failure.ts";
import { openWithBinary } from "./binary.ts";
import { discoverRepository, type RepositoryPlace } from "./discover.ts";
import { findGit, type Environment, type ObjectFolders } from "./process.ts";
import { needsBinary } from "./failures.ts";

/** Opens the repository in a folder, with what is being pushed to it; without a push just the repository. */
export function openReceiving(folder: string, env: Environment): Repository {
  const place = discoverRepository(folder);
  if (place === undefined) {
    throw new Failure("git/no-repository", `There is no git repository around ${folder}.`, {
      hint: "Call assent verify-push from the hook pre-receive of the repository that receives.",
    });
  }
  const binary = findGit(env);
  if (binary === undefined) throw needsBinary("A hook");
  return openWithBinary(binary, place, env, quarantineOf(place, env));
}

/** The variables that show the quarantine to git; none outside of a push. */
function quarantineOf(place: RepositoryPlace, env: Environment): ObjectFolders {
  const named = env["GIT_QUARANTINE_PATH"];
  if (named === undefined || named === "") return {};
  const objects = realpathSync(`${place.commonDir}/objects`);
  const folder =
    statSync(named, { throwIfNoEntry: false })?.isDirectory() === true ? realpathSync(named) : undefined;
  if (folder === undefined || dirname(folder) !== objects || /[:"\n]/.test(objects)) {
    throw new Failure(
      "git/quarantine",
      "GIT_QUARANTINE_PATH does not name a quarantine of this repository.",
      {
        hint: "Call assent verify-push from the hook pre-receive, with the environment that git gives it.",
      },
    );
  }
  return {
    GIT_OBJECT_DIRECTORY: folder,
    GIT_ALTERNATE_OBJECT_DIRECTORIES: objects,
    GIT_QUARANTINE_PATH: folder,
  };
}

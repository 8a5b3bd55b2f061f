/** Who the user is, as git knows it. It must never guess: without git or without a name there is nobody. */
import type { GitPerson } from "../../app/ports.ts";
import { findGit, gitIn, type Environment } from "./process.ts";

/** The user's name and e-mail address from git's configuration; undefined without git or without a name. */
export async function gitPerson(folder: string, env: Environment): Promise<GitPerson | undefined> {
  const binary = findGit(env);
  if (binary === undefined) return undefined;
  const git = gitIn(binary, folder, env);
  // 1 = not set; 128 = git refuses the folder, which says nothing about who asks.
  const ask = async (key: string): Promise<string> =>
    (await git(["config", "--get", key], { codes: [0, 1, 128] })).stdout.toString("utf8").trim();
  const [name, email] = await Promise.all([ask("user.name"), ask("user.email")]);
  return name === "" ? undefined : { name, email: email === "" ? null : email };
}

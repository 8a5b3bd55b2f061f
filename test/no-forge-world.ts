/**
 * A registry on a plain git server, and people with clones and SSH keys: everything is real, the server, the pushes, the
 * pre-receive hook, the signatures, and the built program. Only the clock is the test's own.
 */
import { execFile } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { serveRepository, type GitServer } from "./e2e/git-server.ts";
import { emailDigest, files, paths, type Texts } from "./govern-world.ts";
import { plainEnvironment } from "./repository-on-disk.ts";
import { newKey, type KeyOnDisk } from "./ssh.ts";

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built program. */
export const program = resolve(import.meta.dirname, "../dist/assent.js");

const names = ["alice", "bob", "carol", "dave", "erin", "frank"] as const;
export type Name = (typeof names)[number];

export interface World {
  readonly server: GitServer;
  readonly keys: Readonly<Record<Name, KeyOnDisk>>;
  /** Sets everybody's clock, the server's too. */
  setClock(instant: string): void;
  folderOf(name: Name): string;
  git(name: Name, ...args: readonly string[]): Promise<Ran>;
  assent(name: Name, ...args: readonly string[]): Promise<Ran>;
  /** A branch from the server's main with one commit of these files, signed unless `signed` says by whom else; pushed. */
  propose(name: Name, branch: string, edits: Texts, options?: Proposal): Promise<string>;
  sign(name: Name, branch: string, ...more: readonly string[]): Promise<Ran>;
}

export interface Proposal {
  /** Null = not signed. */
  readonly key?: KeyOnDisk | null;
  readonly message?: string;
  readonly author?: string;
  /** Where the branch begins; the server's main. */
  readonly from?: string;
}

export async function startWorld(
  root: string,
  options: { readonly more?: Texts; readonly hook?: boolean } = {},
): Promise<World> {
  const clock = join(root, "clock");
  const hook = `#!/bin/sh\nexec "${process.execPath}" "${program}" verify-push --as-of "$(cat ${clock})"\n`;
  const server = await serveRepository(root, options.hook === false ? undefined : hook);
  const keys = Object.fromEntries(names.map((name) => [name, newKey(root, `key-${name}`)])) as Record<
    Name,
    KeyOnDisk
  >;
  let now = "";
  const call = (
    file: string,
    args: readonly string[],
    cwd: string,
    env: Readonly<Record<string, string>> = {},
  ): Promise<Ran> =>
    new Promise((done) => {
      const dates = { GIT_AUTHOR_DATE: now, GIT_COMMITTER_DATE: now };
      execFile(
        file,
        [...args],
        { cwd, env: { ...plainEnvironment, ...dates, NO_COLOR: "1", ...env }, maxBuffer: 1 << 26 },
        (error, stdout, stderr) => {
          done({
            code: error === null ? 0 : typeof error.code === "number" ? error.code : 99,
            stdout,
            stderr,
          });
        },
      );
    });
  const folderOf = (name: Name): string => join(root, name);
  const person = (name: Name) => ({
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: `${name}@example.com`,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: `${name}@example.com`,
  });
  const world: World = {
    server,
    keys,
    folderOf,
    setClock(instant) {
      now = instant;
      writeFileSync(clock, instant);
    },
    git: (name, ...args) => call("git", args, folderOf(name), person(name)),
    assent: (name, ...args) =>
      call(
        process.execPath,
        [program, ...args, ...(args.includes("--as-of") ? [] : ["--as-of", now])],
        folderOf(name),
        person(name),
      ),
    async propose(
      name,
      branch,
      edits,
      { key = keys[name], message = branch, author, from = "origin/main" } = {},
    ) {
      const steps: (readonly string[])[] = [
        ["fetch", "-q", "origin"],
        ["switch", "-q", "-C", branch, "--no-track", from],
      ];
      for (const step of steps) ok(await world.git(name, ...step));
      write(folderOf(name), edits);
      ok(await world.git(name, "add", "-A"));
      const signing = key === null ? ["--no-gpg-sign"] : ["-S"];
      const settings = key === null ? [] : ["-c", "gpg.format=ssh", "-c", `user.signingKey=${key.file}`];
      ok(
        await world.git(
          name,
          ...settings,
          "commit",
          "-q",
          ...signing,
          ...(author === undefined ? [] : [`--author=${author}`]),
          "-m",
          message,
        ),
      );
      ok(await world.git(name, "push", "-q", "-f", "origin", branch));
      return ok(await world.git(name, "rev-parse", "HEAD")).stdout.trim();
    },
    async sign(name, branch, ...more) {
      ok(await world.git(name, "fetch", "-q", "origin", branch));
      return world.assent(name, "sign", "FETCH_HEAD", "--identity", name, "--key", keys[name].file, ...more);
    },
  };
  world.setClock("2026-07-01T00:00:00Z");
  const seed = join(root, "seed");
  mkdirSync(seed);
  const identities = names.map((name, index) => {
    const mail = name === "alice" ? `emailDigests: ["${emailOf("alice")}"]\n` : "";
    return [
      paths.identity(name),
      `title: ${name}\ngithub: { login: ${name}, id: ${101 + index} }\nkeys:\n  - sshPublicKey: ${keys[name].publicKey}\n${mail}`,
    ];
  });
  write(seed, { ...files, ...(Object.fromEntries(identities) as Texts), ...options.more });
  const codeowners = await call(process.execPath, [program, "codeowners", "generate"], seed);
  if (codeowners.code !== 0) throw new Error(codeowners.stderr);
  for (const args of [
    ["init", "-q", "-b", "main"],
    ["add", "-A"],
    ["commit", "-q", "-m", "Begin"],
    ["push", "-q", server.url("frank"), "main"],
  ]) {
    ok(await call("git", args, seed, person("frank")));
  }
  rmSync(seed, { recursive: true });
  for (const name of names) ok(await call("git", ["clone", "-q", server.url(name), name], root));
  return world;
}

/** What ran, which must have ended well. */
export function ok(ran: Ran): Ran {
  if (ran.code !== 0) throw new Error(`exit ${ran.code}\n${ran.stdout}\n${ran.stderr}`);
  return ran;
}

function write(folder: string, edits: Texts): void {
  for (const [path, text] of Object.entries(edits)) {
    const file = join(folder, path);
    if (text === null) rmSync(file);
    else {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }
}

function emailOf(name: string): string {
  return emailDigest(`${name}@example.com`);
}

/**
 * Brings the objects of a pull request into a git repository, so that git, and not the forge, says what changed.
 * Nothing is checked out, no hook or filter runs, and no configuration of that repository is trusted for the
 * connection. What the attacker controls: the objects. The token is handed to git in its environment, never as an
 * argument that other users of the machine could read.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../../core/model/failure.ts";
import type { RepositoryName } from "../../core/model/repository-name.ts";

export interface BringOptions {
  /** https://github.com, or the address of an Enterprise Server. */
  readonly serverUrl: string;
  readonly token: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface BringRequest {
  readonly number: number;
  /** The base branch, in full. */
  readonly base: string;
  readonly folder: string;
  /** Further commits: those of a merge queue. */
  readonly commits?: readonly string[];
}

/** Fetches head and base of a pull request; hands back where they stand. */
export async function bringPullRequest(
  repo: RepositoryName,
  { number, base, folder, commits = [] }: BringRequest,
  options: BringOptions,
): Promise<{ readonly base: string; readonly head: string }> {
  if (!/^refs\/heads\/[A-Za-z0-9][\w./-]{0,199}$/.test(base) || base.includes("..")) {
    throw new Failure("forge/branch", "The base branch has a name that no protected branch may have.", {
      hint: "Retarget the pull request to the protected branch.",
    });
  }
  const git = gitIn(folder, options);
  mkdirSync(folder, { recursive: true });
  if (readdirSync(folder).length === 0) await git(["init", "--quiet", "--bare", "."]);
  else if (!existsSync(join(folder, ".git")) && !existsSync(join(folder, "HEAD"))) {
    throw new Failure("forge/folder", `${folder} is neither empty nor the top of a git repository.`, {
      hint: "Run it at the top of a clone, or name an empty folder.",
    });
  }
  const address = `${options.serverUrl.replace(/\/+$/, "")}/${repo.owner}/${repo.name}.git`;
  const branch = base.slice("refs/heads/".length);
  const heads = { head: `refs/assent/pull/${number}/head`, base: `refs/remotes/origin/${branch}` };
  // Signatures and evidence come along, where the repository keeps any.
  const records = "+refs/heads/registry-*:refs/remotes/origin/registry-*";
  const refs = [
    `+refs/pull/${number}/head:${heads.head}`,
    `+${base}:${heads.base}`,
    records,
    ...commits.filter(isOid).map((oid) => `+${oid}:refs/assent/queue/${oid}`),
  ];
  await git([
    "fetch",
    "--quiet",
    "--no-tags",
    "--no-write-fetch-head",
    "--no-recurse-submodules",
    "--end-of-options",
    address,
    ...refs,
  ]);
  const oid = (ref: string): Promise<string> => git(["rev-parse", "--verify", "--end-of-options", ref]);
  return { head: await oid(heads.head), base: await oid(heads.base) };
}

function isOid(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}

function gitIn(folder: string, { token, serverUrl, env }: BringOptions) {
  const kept = Object.fromEntries(
    [
      "PATH",
      "HOME",
      "SystemRoot",
      "TMPDIR",
      "TEMP",
      "HTTPS_PROXY",
      "https_proxy",
      "NO_PROXY",
      "no_proxy",
      "SSL_CERT_FILE",
      "SSL_CERT_DIR",
    ].flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
  );
  const header =
    token === undefined
      ? ""
      : `AUTHORIZATION: basic ${Buffer.from(`x-access-token:${token}`).toString("base64")}`;
  const settings: readonly (readonly [string, string])[] = [
    ["core.hooksPath", "/dev/null"],
    ["core.fsmonitor", "false"],
    ["credential.helper", ""],
    ["http.followRedirects", "false"],
    ["fetch.fsckObjects", "true"],
    ["gc.auto", "0"],
    ["maintenance.auto", "false"],
    ...(header === "" ? [] : [[`http.${new URL(serverUrl).origin}/.extraheader`, header] as const]),
  ];
  const childEnv: Record<string, string> = {
    ...kept,
    LC_ALL: "C",
    GIT_TERMINAL_PROMPT: "0",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_ALLOW_PROTOCOL: new URL(serverUrl).protocol.replace(":", ""),
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(
      settings.flatMap(([key, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, key],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
  };
  return (args: readonly string[]): Promise<string> =>
    new Promise((resolve, reject) => {
      const child = spawn("git", args, {
        cwd: folder,
        env: childEnv,
        stdio: ["ignore", "pipe", "pipe"],
        windowsHide: true,
      });
      const out: Buffer[] = [];
      const err: Buffer[] = [];
      child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
      child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
      child.on("error", (cause) => reject(failed(cause.message)));
      child.on("close", (code) => {
        if (code === 0) resolve(Buffer.concat(out).toString("utf8").trim());
        else reject(failed(Buffer.concat(err).toString("utf8")));
      });
    });
}

function failed(stderr: string): Failure {
  const said = stderr.split("\n").find((line) => /^(?:fatal|error): /.test(line)) ?? "git gave no reason";
  const line = said.replace(/[\p{Cc}\p{Cf}]/gu, " ").slice(0, 300);
  return new Failure("forge/fetch", `The pull request cannot be fetched: ${line}.`, {
    hint: "Check that git is installed and that the token may read the repository's contents.",
    category: "unavailable",
  });
}

/**
 * Starts the git binary, so that nothing but git itself runs: no hooks, no fsmonitor, no pager, no filters, no external
 * diffs, no replaced objects, nothing from the environment. What the attacker controls: the repository's own
 * configuration and attributes, revisions and paths; arguments after `--end-of-options` are ids or checked names.
 */
import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, isAbsolute } from "node:path";
import { Failure } from "../../core/model/failure.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** What opening a repository needs from the process. */
export interface OpenOptions {
  /** Where PATH and HOME are read from. */
  readonly env: Environment;
  /** Seconds since the epoch, for commits made without the git binary. */
  readonly now: () => number;
}

export interface Answer {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string | Uint8Array;
  /** Exit codes that are answers; by default only 0. */
  readonly codes?: readonly number[];
  /** Further variables for this call. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs `git <arguments>` and hands back what it wrote; any other exit code than the expected is a Failure. */
export type Git = (args: readonly string[], options?: RunOptions) => Promise<Answer>;

/** Only Windows separates a path by semicolons. */
const isWindows = delimiter === ";";
const nowhere = isWindows ? "NUL" : "/dev/null";

const always: readonly string[] = [
  "--no-pager",
  "--no-replace-objects",
  "--literal-pathspecs",
  "--no-optional-locks",
  ...[
    "core.fsmonitor=false",
    `core.hooksPath=${nowhere}`,
    `core.attributesFile=${nowhere}`,
    "core.pager=cat",
    "core.quotePath=false",
    "core.alternateRefsCommand=",
    "diff.external=",
    "gc.auto=0",
    "maintenance.auto=false",
    "submodule.recurse=false",
    "fetch.recurseSubmodules=false",
    "protocol.ext.allow=never",
  ].flatMap((setting) => ["-c", setting]),
];

/** What a child may know of the environment: where programs and the user's own configuration are, how to reach a host. */
const passed = [
  "PATH",
  "HOME",
  "XDG_CONFIG_HOME",
  "USERPROFILE",
  "HOMEDRIVE",
  "HOMEPATH",
  "APPDATA",
  "SystemRoot",
  "SYSTEMROOT",
  "TEMP",
  "TMP",
  "TMPDIR",
  "SSH_AUTH_SOCK",
  "HTTPS_PROXY",
  "HTTP_PROXY",
  "NO_PROXY",
  "ALL_PROXY",
  "https_proxy",
  "http_proxy",
  "no_proxy",
  "all_proxy",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "TZ",
];

/** The git binary on the path; undefined when there is none. Relative entries of the path are not looked at. */
export function findGit(env: Environment): string | undefined {
  const names = isWindows ? ["git.exe"] : ["git"];
  for (const folder of (env["PATH"] ?? env["Path"] ?? "").split(delimiter)) {
    if (!isAbsolute(folder)) continue;
    for (const name of names) {
      try {
        accessSync(`${folder}/${name}`, constants.X_OK);
        return `${folder}/${name}`;
      } catch {
        // Not here; the next folder may have it.
      }
    }
  }
  return undefined;
}

/** Where git looks for objects besides the repository's own; checked before, by whoever knows what they are. */
export type ObjectFolders = Readonly<
  Partial<Record<"GIT_OBJECT_DIRECTORY" | "GIT_ALTERNATE_OBJECT_DIRECTORIES" | "GIT_QUARANTINE_PATH", string>>
>;

/** What starts git in a repository for a caller that speaks with it for a while: with nothing else running, as always. */
export function gitCommand(
  folder: string,
  env: Environment,
): {
  readonly cwd: string;
  readonly env: Record<string, string>;
  args(args: readonly string[]): readonly string[];
} {
  return { cwd: folder, env: environment(env), args: (args) => [...always, ...args] };
}

/** A git process under way. */
export interface Running {
  /** Tells it more; nothing after it has ended. */
  write(text: string): void;
  /** Ends its input. */
  end(): void;
  /** Ends it, if it has not ended. */
  stop(): void;
  /** Whether the program waits for it before it ends by itself; so it does at first. */
  hold(holds: boolean): void;
  /** How it ended, `stdout` empty: that went to the listener. */
  readonly ended: Promise<Answer>;
}

/** Starts `git <arguments>` and hands out what it writes as it comes. */
export type StartGit = (
  args: readonly string[],
  onData: (chunk: Buffer) => void,
  options?: RunOptions,
) => Running;

/** The way to call git in a repository. */
export function gitIn(binary: string, folder: string, env: Environment, objects: ObjectFolders = {}): Git {
  const start = gitRunning(binary, folder, env, objects);
  return async (args, options = {}) => {
    const out: Buffer[] = [];
    const running = start(args, (chunk) => out.push(chunk), options);
    running.end();
    return { ...(await running.ended), stdout: Buffer.concat(out) };
  };
}

/** The way to talk with git in a repository while it works. */
export function gitRunning(
  binary: string,
  folder: string,
  env: Environment,
  objects: ObjectFolders = {},
): StartGit {
  const childEnv = { ...environment(env), ...objects };
  return (args, onData, options = {}) => {
    const child = spawn(binary, [...always, ...args], {
      cwd: folder,
      env: { ...childEnv, ...options.env },
      stdio: ["pipe", "pipe", "pipe"],
      windowsHide: true,
    });
    const err: Buffer[] = [];
    child.stdout.on("data", onData);
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    // Git that gives up early closes its input; its exit code tells what happened.
    child.stdin.on("error", () => {});
    if (options.input !== undefined) child.stdin.write(options.input);
    const ended = new Promise<Answer>((resolve, reject) => {
      child.on("error", (cause) => reject(gitFailed(folder, args, cause.message, cause)));
      child.on("close", (code) => {
        const stderr = Buffer.concat(err).toString("utf8");
        const answer = { code: code ?? 128, stdout: Buffer.alloc(0), stderr };
        if ((options.codes ?? [0]).includes(answer.code)) resolve(answer);
        else reject(gitFailed(folder, args, answer.stderr));
      });
    });
    return {
      write: (text) => void child.stdin.write(text),
      end: () => void child.stdin.end(),
      stop: () => void child.kill(),
      hold: (holds) => {
        for (const handle of [child, child.stdin, child.stdout, child.stderr]) holdHandle(handle, holds);
      },
      ended,
    };
  };
}

/** Pipes are sockets to Node, which says so nowhere in their types. */
function holdHandle(handle: object, holds: boolean): void {
  const name = holds ? "ref" : "unref";
  const change: unknown = name in handle ? handle[name as keyof typeof handle] : undefined;
  if (typeof change === "function") change.call(handle);
}

function environment(env: Environment): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of passed) {
    const value = env[name];
    if (value !== undefined) kept[name] = value;
  }
  return {
    ...kept,
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_ATTR_NOSYSTEM: "1",
    GIT_GRAFT_FILE: nowhere,
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_LITERAL_PATHSPECS: "1",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_TERMINAL_PROMPT: "0",
    // Reading never reaches the network; what a partial clone lacks is fetched in one deliberate call.
    GIT_NO_LAZY_FETCH: "1",
    GIT_ALLOW_PROTOCOL: "none",
  };
}

function gitFailed(folder: string, args: readonly string[], stderr: string, cause?: unknown): Failure {
  if (stderr.includes("dubious ownership")) {
    return new Failure(
      "git/untrusted-folder",
      `Git does not trust ${folder}, because it belongs to somebody else.`,
      {
        hint: `If you trust it, run git config --global --add safe.directory ${folder}.`,
        category: "auth",
      },
    );
  }
  const lock = /Unable to create '(.+\.lock)': File exists/.exec(stderr)?.[1];
  if (lock !== undefined) {
    return new Failure("git/locked", "Another git process is at work in this repository.", {
      hint: `Wait until it has ended; if there is none, remove ${lock}.`,
      category: "unavailable",
    });
  }
  // Hints are advice that git gives before it says what is wrong.
  const said =
    stderr.split("\n").find((line) => line.trim() !== "" && !line.startsWith("hint:")) ?? "no reason given";
  return new Failure(
    "git/failed",
    `git ${args[0] ?? ""} failed: ${said.replace(/^(?:fatal|error): |\.$/g, "")}.`,
    {
      hint: "Run git fsck and git status in the repository to see what is wrong with it.",
      category: "unavailable",
      cause,
    },
  );
}

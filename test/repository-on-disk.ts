/** Real git repositories for tests, made by git itself under the system's temporary folder. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** What a child may see: no configuration but the repository's own. */
export const plainEnvironment = {
  PATH: process.env["PATH"] ?? "",
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.com",
  GIT_COMMITTER_NAME: "Grace",
  GIT_COMMITTER_EMAIL: "grace@example.com",
};

/** An empty folder that goes when the test ends. */
export function newFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "assent-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs git in a folder and hands back what it printed, byte for byte. */
export function git(folder: string, args: readonly string[], input: string | Uint8Array = ""): string {
  return execFileSync("git", args, {
    cwd: folder,
    env: plainEnvironment,
    input,
    maxBuffer: 1 << 28,
    stdio: "pipe",
  }).toString("latin1");
}

/** A new repository on branch main. */
export function newRepository(...options: readonly string[]): string {
  const folder = newFolder();
  git(folder, ["init", "-q", "-b", "main", ...options, "."]);
  return folder;
}

/** One commit of a made history: parents are indexes of earlier ones; a null content deletes. */
export interface MadeCommit {
  readonly parents: readonly number[];
  readonly files: Readonly<Record<string, string | Uint8Array | null>>;
  /** Seconds since the epoch. */
  readonly time?: number;
  readonly author?: string;
  readonly message?: string;
}

/** Makes commits in order and leaves branch main at the last one; hands back their object ids. */
export function makeHistory(folder: string, commits: readonly MadeCommit[]): readonly string[] {
  const parts: (string | Uint8Array)[] = ["feature done\n"];
  commits.forEach((commit, index) => {
    const time = commit.time ?? 1_700_000_000 + index * 60;
    const message = Buffer.from(commit.message ?? `commit ${index}`);
    parts.push(`commit refs/heads/made-${index}\nmark :${index + 1}\n`);
    parts.push(
      `author ${commit.author ?? "Ada <ada@example.com>"} ${time} +0200\ncommitter Grace <grace@example.com> ${time} +0000\n`,
    );
    parts.push(`data ${message.length}\n`, message, "\n");
    commit.parents.forEach((parent, at) => parts.push(`${at === 0 ? "from" : "merge"} :${parent + 1}\n`));
    if (commit.parents.length === 0) parts.push("deleteall\n");
    for (const [path, content] of Object.entries(commit.files)) {
      const quoted = JSON.stringify(path);
      if (content === null) parts.push(`D ${quoted}\n`);
      else parts.push(`M 100644 inline ${quoted}\ndata ${Buffer.from(content).length}\n`, content, "\n");
    }
  });
  parts.push(`reset refs/heads/main\nfrom :${commits.length}\n\ndone\n`);
  git(
    folder,
    ["fast-import", "--quiet", "--force", "--export-marks=.git/marks"],
    Buffer.concat(parts.map((part) => Buffer.from(part))),
  );
  const marks = execFileSync("cat", [join(folder, ".git/marks")]).toString();
  const byMark = new Map(
    marks
      .trim()
      .split("\n")
      .map((line) => line.slice(1).split(" ") as [string, string]),
  );
  return commits.map((_, index) => byMark.get(String(index + 1)) ?? "");
}

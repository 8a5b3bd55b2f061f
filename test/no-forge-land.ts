/**
 * A bare repository that receives pushes, with a governed registry and real keys, and an attacker's tools: commits of any
 * content, parents, names, dates and signatures, made by git's plumbing without asking anybody.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { readChange } from "../src/app/read-change.ts";
import { approvalMessage, APPROVALS_BRANCH } from "../src/app/signatures.ts";
import type { Ports } from "../src/app/ports.ts";
import { renderCodeowners } from "../src/core/govern/ownership.ts";
import type { Digest } from "../src/core/model/digest.ts";
import type { ChangedPath } from "../src/core/model/transition.ts";
import { joinPorts } from "../src/join.ts";
import { emailDigest, files, paths, registryWith, type Texts } from "./govern-world.ts";
import { git, plainEnvironment } from "./repository-on-disk.ts";
import { newKey, sshSign, type KeyOnDisk } from "./ssh.ts";

/** The moment at which everything happens unless somebody lies. */
export const now = "2026-07-10T00:00:00Z";

const names = ["alice", "bob", "carol", "dave", "erin", "frank", "mallory"] as const;
export type Person = (typeof names)[number];

interface CommitOptions {
  readonly from?: string;
  readonly author?: string;
  readonly committer?: string;
  readonly date?: string;
  readonly message?: string;
}

export interface Land {
  /** The bare repository. */
  readonly folder: string;
  readonly ports: Ports;
  readonly keys: Readonly<Record<Person, KeyOnDisk>>;
  main(): string;
  ref(name: string): string;
  text(path: string): string;
  /** A commit on top of main (or `from`), signed by somebody's key, or by nobody's. */
  commit(signer: Person | null, edits: Texts, options?: CommitOptions): string;
  /** A merge of two commits: git's own content, and `edits` on top. Signed unless `edits` is given. */
  merge(signer: Person, first: string, second: string, edits?: Texts | null): string;
  read(
    head: string,
    base?: string,
  ): Promise<{ readonly digest: Digest; readonly changes: readonly ChangedPath[] }>;
  /** Puts somebody's good signature over a change onto the branch of signatures. */
  approve(name: Person, head: string, base?: string): Promise<void>;
  /** Puts any text there. */
  put(digest: Digest, name: string, text: string, mode?: "100644" | "100755" | "120000"): Promise<void>;
  /** A clone with a work tree; its origin is the bare repository. */
  clone(): string;
  remove(): void;
}

/** A fresh land that goes when the test ends. */
export function landHere(edits?: Edits): Land {
  const land = startLand(edits);
  onTestFinished(() => land.remove());
  return land;
}

/** What changes the texts of a registry before it begins, by path. */
type Edits = Readonly<Record<string, (text: string) => string>>;

/** A fresh land; whoever starts it removes it. */
export function startLand(edits: Edits = {}): Land {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "assent-land-")));
  const keys = Object.fromEntries(names.map((name) => [name, newKey(root, `key-${name}`)])) as Record<
    Person,
    KeyOnDisk
  >;
  const [folder, work] = [join(root, "registry.git"), join(root, "work")];
  git(root, ["init", "-q", "--bare", "-b", "main", "registry.git"]);
  git(root, ["init", "-q", "-b", "main", "work"]);
  git(work, ["remote", "add", "origin", folder]);
  const people = names.slice(0, 6).map((name, index) => {
    const text = `title: ${name}\ngithub: { login: ${name}, id: ${101 + index} }\nkeys:\n  - sshPublicKey: ${keys[name].publicKey}\nemailDigests: ["${emailDigest(`${name}@example.com`)}"]\n`;
    return [paths.identity(name), text] as const;
  });
  const texts: Record<string, string> = { ...files, ...Object.fromEntries(people) };
  for (const [path, edit] of Object.entries(edits)) texts[path] = edit(texts[path] ?? "");
  texts["CODEOWNERS"] = renderCodeowners(registryWith(texts));
  const ports = joinPorts({
    env: { ...plainEnvironment, GIT_COMMITTER_DATE: now, GIT_AUTHOR_DATE: now },
    seconds: () => Date.parse(now) / 1000,
  });
  let count = 0;
  const write = (changes: Texts): void => {
    for (const [path, text] of Object.entries(changes)) {
      const file = join(work, path);
      if (text === null) rmSync(file);
      else {
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text);
      }
    }
    git(work, ["add", "-A"]);
  };
  const record = (
    signer: Person | null,
    parents: readonly string[],
    { author, committer, date = now, message = "change" }: CommitOptions,
  ): string => {
    const tree = git(work, ["write-tree"]).trim();
    const signing =
      signer === null ? [] : ["-c", "gpg.format=ssh", "-c", `user.signingKey=${keys[signer].file}`];
    const env = {
      ...plainEnvironment,
      ...personOf("AUTHOR", author),
      ...personOf("COMMITTER", committer),
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_DATE: date,
    };
    const args = [
      ...signing,
      "commit-tree",
      tree,
      ...parents.flatMap((parent) => ["-p", parent]),
      "-m",
      message,
      ...(signer === null ? [] : ["-S"]),
    ];
    const oid = execFileSync("git", args, { cwd: work, env, stdio: ["ignore", "pipe", "ignore"] })
      .toString()
      .trim();
    git(work, ["push", "-q", "origin", `${oid}:refs/attack/${count++}`]);
    return oid;
  };
  write(texts);
  const begin = record(null, [], { date: "2026-07-01T00:00:00Z", message: "Begin" });
  git(folder, ["update-ref", "refs/heads/main", begin]);
  const land: Land = {
    folder,
    ports,
    keys,
    main: () => land.ref("refs/heads/main"),
    ref: (name) => git(folder, ["rev-parse", name]).trim(),
    text: (path) => texts[path] ?? "",
    commit(signer, changes, options = {}) {
      const from = options.from ?? land.main();
      // Others may have moved main.
      git(work, ["fetch", "-q", "origin", "+refs/heads/*:refs/remotes/origin/*"]);
      git(work, ["read-tree", "-u", "--reset", from]);
      write(changes);
      return record(signer, [from], options);
    },
    merge(signer, first, second, changes) {
      git(work, ["checkout", "-q", "-f", "--detach", first]);
      git(work, ["merge", "-q", "--no-commit", "--no-ff", second]);
      if (changes != null) write(changes);
      const oid = record(changes === undefined ? signer : null, [first, second], {});
      git(work, ["reset", "-q", "--hard"]);
      return oid;
    },
    async read(head, base = land.main()) {
      const repository = await ports.openReceiving(folder);
      const { change } = await readChange({ base, head, ref: "refs/heads/main" }, repository);
      return { digest: change.digest, changes: change.paths };
    },
    async approve(name, head, base) {
      const { digest } = await land.read(head, base);
      await land.put(digest, name, sshSign(keys[name], "assent-approval@v1", approvalMessage(digest)));
    },
    async put(digest, name, text, mode = "100644") {
      const blob = git(folder, ["hash-object", "-w", "--stdin"], text).trim();
      const exchange = await ports.openExchange(folder);
      const tip = (await exchange.fetch([APPROVALS_BRANCH])).get(APPROVALS_BRANCH) ?? null;
      const file = { path: `${digest.slice(7)}/${name}.sig`, content: { mode, oid: blob } };
      const to = await exchange.makeCommit({
        parents: tip === null ? [] : [tip],
        files: [file],
        message: "a signature",
      });
      await exchange.publish([{ branch: APPROVALS_BRANCH, expected: tip, to }]);
    },
    clone() {
      const place = join(root, `clone-${count++}`);
      git(root, ["clone", "-q", folder, place]);
      return place;
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
  return land;
}

function personOf(
  role: "AUTHOR" | "COMMITTER",
  person = "Nobody <nobody@example.com>",
): Record<string, string> {
  const [, name = "", email = ""] = /^(.*) <(.*)>$/.exec(person) ?? [];
  return { [`GIT_${role}_NAME`]: name, [`GIT_${role}_EMAIL`]: email };
}

/**
 * Reads many objects through one `git cat-file --batch`, each checked against its id. What a partial (blobless) clone
 * lacks is fetched in one call, unless the repository's own configuration names a program that would run then.
 */
import { Failure } from "../../core/model/failure.ts";
import { corruptObject, missingObject } from "./failures.ts";
import { oidInPlace, otherContent, verifyObject, type GitObject, type ObjectType } from "./object.ts";
import type { Git, StartGit } from "./process.ts";

/** The objects with these ids, which must all exist. */
export async function readObjects(git: Git, oids: readonly string[]): Promise<Map<string, GitObject>> {
  const wanted = [...new Set(oids)];
  let found = await batch(git, wanted);
  if (found === "partial") {
    await fetchMissing(git, wanted);
    found = await batch(git, wanted);
  }
  for (const oid of wanted) if (found === "partial" || !found.has(oid)) throw missingObject(oid);
  return found === "partial" ? new Map() : found;
}

/** What git says of a partial clone when it may not fetch by itself what is asked for. */
const mayNotFetch = /lazy fetching disabled|promisor remote|transport '[^']*' not allowed/;

/** One `git cat-file` that is asked while it answers. */
export interface Reading {
  /** Ids, each ended by a line feed. */
  ask(oids: string): void;
  end(): void;
  stop(): void;
  /** Called after each piece of what git wrote. */
  onData(listener: () => void): void;
  /** `partial` where a partial clone lacked something. Other trouble is a Failure. */
  readonly ended: Promise<{ readonly partial: boolean }>;
}

/** Starts reading objects; each is handed out in the order of the questions, checked against its id. */
export function startReading(start: StartGit, onObject: (object: GitObject) => void): Reading {
  let rest: Buffer = Buffer.alloc(0);
  let listener = (): void => {};
  let failure: unknown;
  const take = (chunk: Buffer): void => {
    const data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    for (;;) {
      const end = data.indexOf(0x0a, at);
      if (end < 0) break;
      const header = data.toString("latin1", at, end);
      const space = header.indexOf(" ");
      const second = header.indexOf(" ", space + 1);
      const oid = header.slice(0, space);
      if (second < 0) throw missingObject(oid);
      const type = header.slice(space + 1, second);
      const stop = end + 1 + Number(header.slice(second + 1));
      if (stop >= data.length) break;
      if (oidInPlace(data, at + space + 1, end + 1, stop, space) !== oid) throw otherContent(oid, type);
      onObject({ type: type as ObjectType, bytes: data.subarray(end + 1, stop) });
      at = stop + 1;
    }
    rest = data.subarray(at);
  };
  const running = start(
    ["cat-file", "--batch", "--buffer"],
    (chunk) => {
      try {
        if (failure === undefined) take(chunk);
      } catch (error) {
        failure = error;
        running.stop();
      }
      listener();
    },
    { codes: [0, 128] },
  );
  const ended = running.ended.then(({ code, stderr }) => {
    if (failure !== undefined) throw failure;
    if (code !== 0 && mayNotFetch.test(stderr)) return { partial: true };
    if (code !== 0)
      throw corruptObject(`Git cannot read an object: ${stderr.trim().split("\n").at(-1) ?? ""}.`);
    return { partial: false };
  });
  return { ask: running.write, end: running.end, stop: running.stop, onData: (to) => (listener = to), ended };
}

/** Objects by id without those that are missing; `partial` when a partial clone lacks some. */
async function batch(git: Git, oids: readonly string[]): Promise<Map<string, GitObject> | "partial"> {
  const found = new Map<string, GitObject>();
  if (oids.length === 0) return found;
  const { stdout, stderr, code } = await git(["cat-file", "--batch", "--buffer"], {
    input: `${oids.join("\n")}\n`,
    codes: [0, 128],
  });
  if (code !== 0 && mayNotFetch.test(stderr)) return "partial";
  if (code !== 0)
    throw corruptObject(`Git cannot read an object: ${stderr.trim().split("\n").at(-1) ?? ""}.`);
  for (let at = 0; at < stdout.length;) {
    const end = stdout.indexOf(0x0a, at);
    const [oid = "", type = "", size = ""] = stdout.toString("latin1", at, end).split(" ");
    at = end + 1;
    if (type === "missing") continue;
    const length = Number(size);
    const object = { type: type as ObjectType, bytes: stdout.subarray(at, at + length) };
    verifyObject(oid, object);
    found.set(oid, object);
    at += length + 1;
  }
  return found;
}

/** Settings of a repository that make a fetch start a program or leave the usual protocols. */
const startsPrograms =
  /^(?:core\.(?:sshcommand|gitproxy|askpass)|ssh\..*|credential\..*|remote\..*\.(?:uploadpack|vcs)|protocol\..*|url\..*)$/i;

async function fetchMissing(git: Git, oids: readonly string[]): Promise<void> {
  const settings = await git(["config", "--local", "--includes", "--list", "-z"]);
  const lines = settings.stdout
    .toString("utf8")
    .split("\0")
    .map((line) => line.split("\n", 2));
  const promisor = lines.find(
    ([name = "", value]) => /^remote\..*\.promisor$/i.test(name) && value !== "false",
  )?.[0];
  const remote = promisor?.slice("remote.".length, -".promisor".length);
  if (remote === undefined || !/^[\w][\w./-]*$/.test(remote)) throw missingObject(oids[0] ?? "");
  const program = lines.find(([name = ""]) => startsPrograms.test(name))?.[0];
  if (program !== undefined) {
    throw new Failure(
      "git/partial-clone",
      `This clone lacks ${oids.length} files, and fetching them would use its setting ${program}.`,
      {
        hint: `If you trust that setting, run git fetch --refetch --no-filter ${remote} yourself.`,
        category: "unavailable",
      },
    );
  }
  await git(
    [
      "-c",
      "fetch.negotiationAlgorithm=noop",
      "fetch",
      "--quiet",
      "--no-tags",
      "--no-write-fetch-head",
      "--filter=blob:none",
      "--stdin",
      remote,
    ],
    { input: `${oids.join("\n")}\n`, env: { GIT_ALLOW_PROTOCOL: "https:http:ssh:file" } },
  );
}

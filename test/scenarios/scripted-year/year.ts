/** Makes the scripted year: a repository with all its landings and signed approvals, and the script's own account of it. */
import { mkdirSync } from "node:fs";
import { sha256Hex } from "../../../src/core/model/digest.ts";
import { bareDigest, transitionDigest, type ChangedPath } from "../../../src/core/model/transition.ts";
import { approvalMessage } from "../../../src/app/signatures.ts";
import { scriptedKey } from "./keys.ts";
import { objectMaker, runGit, type ObjectMaker } from "./objects.ts";
import { instantOf, script, START, type Act } from "./script.ts";
import { addressOf, beginning, type Name } from "./texts.ts";

/** What the script knows about one of its landings. */
export interface LogEntry {
  readonly sequence: number;
  readonly commit: string;
  readonly act: Act;
  readonly digest: string;
  /** What is live in each scope after it, by `environment/usecase`. */
  readonly live: ReadonlyMap<string, string>;
}

export interface Year {
  readonly folder: string;
  readonly root: string;
  readonly log: readonly LogEntry[];
  readonly objects: ObjectMaker;
}

/** Makes a bare repository in a folder that does not exist yet. */
export function makeYear(folder: string, landings: number, seed = 7): Year {
  mkdirSync(folder, { recursive: true });
  runGit(folder, ["init", "-q", "--bare", "-b", "main", "."]);
  const objects = objectMaker();
  const blobs = new Map<string, string>();
  const sha256 = new Map<string, string>();
  const blob = (text: string): string => {
    const known = blobs.get(text);
    if (known !== undefined) return known;
    const oid = objects.blob(text);
    blobs.set(text, oid);
    sha256.set(oid, sha256Hex(text));
    return oid;
  };
  let files = new Map(Object.entries(beginning(instantOf(START - 86_400))).map(([path, text]) => [path, blob(text)]));
  const root = objects.commit({ files, parents: [], author: addressOf("frank"), time: START - 3600, message: "Begin" });
  const past = [files];
  const log: LogEntry[] = [];
  const live = new Map<string, string>();
  const approvals = new Map<string, string>();
  let [tip, signed] = [root, ""];
  for (const act of script(landings, seed)) {
    const before = files;
    files = new Map(act.heals === undefined ? before : past.at(-act.heals));
    for (const [path, text] of Object.entries(act.files)) files.set(path, blob(text));
    past.push(files);
    const digest = transitionDigest({ registryId: "example", ref: "refs/heads/main" }, changed(before, files, sha256));
    const author = addressOf(act.author);
    const keyOf = (name: Name): ReturnType<typeof scriptedKey> => scriptedKey(act.keys[name] ?? name);
    const commit = { files, author, time: act.time - 60, message: act.message };
    const sign = act.author === "mallory" ? undefined : { sign: (payload: string) => keyOf(act.author as Name).sign("git", payload) };
    if (act.as === "merge") {
      const head = objects.commit({ ...commit, parents: [tip], ...sign });
      tip = objects.commit({ ...commit, parents: [tip, head], time: act.time, author: addressOf("frank") });
    } else tip = objects.commit({ ...commit, parents: [tip], time: act.time, ...sign });
    for (const name of act.approvers) {
      const signature = keyOf(name).sign("assent-approval@v1", approvalMessage(digest));
      approvals.set(`${bareDigest(digest)}/${name}.sig`, blob(signature));
    }
    if (act.live !== undefined) live.set(`${act.live.environment}/${act.live.usecase}`, act.live.version);
    log.push({ sequence: log.length + 2, commit: tip, act, digest, live: new Map(live) });
    if (log.length % 50 === 0) signed = approve(objects, approvals, signed, act.time);
  }
  signed = approve(objects, approvals, signed, log.at(-1)?.act.time ?? START);
  objects.write(folder, { "refs/heads/main": tip, "refs/heads/registry-approvals": signed });
  return { folder, root, log, objects };
}

function approve(objects: ObjectMaker, approvals: ReadonlyMap<string, string>, parent: string, time: number): string {
  return objects.commit({ files: approvals, parents: parent === "" ? [] : [parent], author: addressOf("frank"), time, message: "Signatures" });
}

const governed = /^(?:registry\/|docs\/|\.github\/|CODEOWNERS$|\.gitattributes$)/;

function changed(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>, sha256: ReadonlyMap<string, string>): readonly ChangedPath[] {
  const all = new Set([...before.keys(), ...after.keys()]);
  return [...all].flatMap((path) => {
    const [a, b] = [before.get(path), after.get(path)];
    if (a === b || !governed.test(path)) return [];
    const mode = (oid: string | undefined) => (oid === undefined ? null : ("100644" as const));
    return [{ path, modeFrom: mode(a), modeTo: mode(b), from: a === undefined ? null : (sha256.get(a) ?? null), to: b === undefined ? null : (sha256.get(b) ?? null) }];
  });
}

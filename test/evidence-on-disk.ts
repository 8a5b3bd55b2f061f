/** The branch of evidence of a repository on disk, as anybody may change it who may push. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Evidence } from "../src/core/audit/evidence.ts";
import { parseRecord, recordPath } from "../src/core/audit/record.ts";
import { git, newFolder, plainEnvironment } from "./repository-on-disk.ts";

export const evidenceBranch = "refs/heads/registry-evidence";

/** The bytes of a landing's record. */
export function recordAt(folder: string, sequence: number): Uint8Array {
  return Buffer.from(git(folder, ["show", `${evidenceBranch}:${recordPath(sequence)}`]), "latin1");
}

/** What a landing's record says. */
export function evidenceAt(folder: string, sequence: number): Evidence {
  const record = parseRecord(recordAt(folder, sequence));
  if (!("evidence" in record)) throw new Error(record.problem);
  return record.evidence;
}

/** Puts a file in the place of a landing's record, in a commit of its own; null takes it away. */
export function replaceRecord(folder: string, sequence: number, bytes: Uint8Array | null): void {
  const place = newFolder();
  const env = { ...plainEnvironment, GIT_INDEX_FILE: join(place, "index") };
  const call = (...args: readonly string[]): string =>
    execFileSync("git", args, { cwd: folder, env }).toString().trim();
  call("read-tree", evidenceBranch);
  if (bytes === null) call("rm", "-q", "--cached", recordPath(sequence));
  else {
    const file = join(place, "record");
    writeFileSync(file, bytes);
    const blob = call("hash-object", "-w", file);
    call("update-index", "--add", "--cacheinfo", `100644,${blob},${recordPath(sequence)}`);
  }
  const commit = call("commit-tree", call("write-tree"), "-p", evidenceBranch, "-m", "replaced");
  call("update-ref", evidenceBranch, commit);
}

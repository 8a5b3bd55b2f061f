/** Benchmarks of evidence: proving a long history against the bare cost of its hashes and signatures, and one landing more. */
import { spawnSync } from "node:child_process";
import { cpSync } from "node:fs";
import { join } from "node:path";
import type { Scene } from "./corpus.ts";
import { governedHistory } from "./evidence-history.ts";
import { prepare, type Run, sideBySide, type Timing } from "./measure.ts";
import { figure, type Row } from "./table.ts";

/** What nobody can do without: every object of the history and every record hashed, three signatures a landing verified. */
const bare = `
const { spawnSync } = require("node:child_process");
const { createHash, generateKeyPairSync, sign, verify } = require("node:crypto");
const [, folder, count] = process.argv;
const list = "(git rev-list --objects main; git ls-tree -r --object-only registry-evidence log) | cut -d' ' -f1 | git cat-file --batch --buffer";
const bytes = spawnSync("sh", ["-c", list], { cwd: folder, maxBuffer: 2 ** 31 }).stdout;
for (let at = 0; at < bytes.length;) {
  const end = bytes.indexOf(10, at);
  const [oid, , size] = bytes.toString("latin1", at, end).split(" ");
  const stop = end + 1 + Number(size);
  bytes[end] = 0;
  if (createHash("sha1").update(bytes.subarray(at + 41, stop)).digest("hex") !== oid) throw new Error(oid);
  at = stop + 1;
}
const { publicKey, privateKey } = generateKeyPairSync("ed25519");
const message = Buffer.alloc(1500, 7);
const signature = sign(null, message, privateKey);
for (let each = 0; each < 3 * Number(count); each++) if (!verify(null, message, publicKey, signature)) throw new Error();
`;

/** Puts back what the clone remembered before its last landing, then runs the command line. */
const onward = `
const [, note, before, cli, folder] = process.argv;
require("node:fs").copyFileSync(before, note);
process.argv = [process.argv[0], cli, "audit", "verify", "-C", folder, "--quiet"];
void import(cli);
`;

/** Proof of the whole history, and of one landing more after a short and a long one. */
export function evidence(scene: Scene): readonly Row[] {
  const counts = scene.smoke ? [50, 300] : [100, 10_000];
  const rounds = scene.smoke ? 3 : 5;
  const [short, long] = counts.map((count) => recorded(scene, count)) as [Recorded, Recorded];
  const [whole, base] = sideBySide(
    [wholeOf(scene, long), { name: "bare", args: ["-e", bare, long.folder, String(long.landings)] }],
    rounds,
  ) as [Timing, Timing];
  const [few, many] = sideBySide([next(scene, short), next(scene, long)], rounds) as [Timing, Timing];
  return [
    row(
      `\`audit verify\`, ${spelled(long.landings)} landings`,
      whole,
      base,
      "its hashes and signatures alone",
      4,
    ),
    row(
      `\`audit verify\` of one landing more, after ${spelled(long.landings)}`,
      many,
      few,
      `after ${spelled(short.landings)}`,
      1.2,
    ),
    ...(scene.smoke ? [] : [sevenYears(scene, 50_000)]),
  ];
}

function sevenYears(scene: Scene, landings: number): Row {
  const history = recorded(scene, landings);
  const [whole, base] = sideBySide(
    [wholeOf(scene, history), { name: "bare", args: ["-e", bare, history.folder, String(landings)] }],
    1,
  ) as [Timing, Timing];
  return row(
    `\`audit verify\`, seven years (${spelled(landings)} landings)`,
    whole,
    base,
    "its hashes and signatures alone",
  );
}

interface Recorded {
  readonly folder: string;
  readonly landings: number;
  /** What the clone remembered before its last landing. */
  readonly before: string;
}

/** A governed history with its evidence, verified up to the landing before the last. */
function recorded({ work, cli }: Scene, landings: number): Recorded {
  const { folder, key, previous } = governedHistory(work, landings);
  const tip = git(folder, "rev-parse", "main");
  const record: Run = {
    name: "record",
    args: [cli, "audit", "record", "-C", folder, "--key", key, "--as-of", "2032-01-01T00:00:00Z"],
  };
  process.env["GIT_COMMITTER_NAME"] = process.env["GIT_AUTHOR_NAME"] = "bench";
  process.env["GIT_COMMITTER_EMAIL"] = process.env["GIT_AUTHOR_EMAIL"] = "bench@example.org";
  git(folder, "update-ref", "refs/heads/main", previous);
  prepare(record);
  prepare({ name: "verify", args: [cli, "audit", "verify", "-C", folder] });
  const before = join(work, `note-${landings}.json`);
  cpSync(join(folder, "assent/audit-verified.json"), before);
  git(folder, "update-ref", "refs/heads/main", tip);
  prepare(record);
  // Whoever audits has cloned: one pack, not one for each hundred records.
  git(folder, "repack", "-adq");
  return { folder, landings, before };
}

function wholeOf({ cli }: Scene, { folder }: Recorded): Run {
  return { name: "verify", args: [cli, "audit", "verify", "-C", folder, "--afresh", "--quiet"] };
}

function next({ cli }: Scene, { folder, before }: Recorded): Run {
  return {
    name: "verify one more",
    args: ["-e", onward, join(folder, "assent/audit-verified.json"), before, cli, folder],
  };
}

function row(what: string, run: Timing, base: Timing, against: string, atMost?: number): Row {
  const ms = (timing: Timing): string => `${figure(timing.ms)} ms`;
  const ratio = run.ms / base.ms;
  return {
    what,
    measured: ms(run),
    against: `${ms(base)} (${against})`,
    ratio,
    peak: run.peak,
    ...(atMost !== undefined && { bar: { atMost } }),
  };
}

function spelled(count: number): string {
  return count.toLocaleString("en");
}

function git(folder: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync("git", args, { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
  return stdout.trim();
}

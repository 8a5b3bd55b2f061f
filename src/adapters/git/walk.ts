/**
 * The first-parent line with changes and contents, through two git processes that work at once: `git log` names commits
 * and blobs, `git cat-file` hands out their bytes, and each is checked against its id. Nothing of what was handed out is
 * kept, so memory does not grow with the history. Where only some paths are asked for, commits that changed none of them are
 * numbered as git lists them, their bytes unchecked: such an answer is for showing; proof reads every commit.
 */
import type { Walk, WalkedFile, WalkedLanding, WalkOptions } from "../../app/walk-port.ts";
import { instantOfSeconds } from "../../core/model/instant.ts";
import { compareBytes } from "../../core/model/json.ts";
import {
  brokenChain,
  landingTime,
  numberLandings,
  type Commit,
  type Landing,
  type PathChange,
} from "../../core/model/landing.ts";
import { GOVERNED_ROOTS } from "../../core/model/path.ts";
import { readObjects, startReading } from "./cat-file.ts";
import { missingObject } from "./failures.ts";
import { logReader, pathspecs } from "./listing.ts";
import { parseCommit, requireOid, type GitObject } from "./object.ts";
import type { Git, StartGit } from "./process.ts";

/** So many landings are handed out at once: enough to be cheap, few enough for git to work on meanwhile. */
const BATCH = 256;

/** Whatever a repository's settings could change about the listing is said here. */
const LOG: readonly string[] = [
  "log",
  "--first-parent",
  "--reverse",
  "-m",
  "--root",
  "--sparse",
  "--raw",
  "-r",
  "-z",
  "--format=%H %ct",
  "--no-renames",
  "--no-abbrev",
  "--ignore-submodules=none",
  "--no-follow",
  "--no-show-signature",
  "--no-notes",
  "--no-decorate",
  "--no-ext-diff",
  "--no-textconv",
  "--no-relative",
  "--no-color",
  "-O/dev/null",
];

/** Walks the line; see `Repository.walk`. */
export async function* walkWithBinary(git: Git, start: StartGit, tip: string, options: WalkOptions): Walk {
  if (options.after?.oid === tip) return;
  let after = options.after;
  for (;;) {
    const { lacking, last } = yield* walkOnce(start, tip, { ...options, after });
    if (lacking.length === 0) return;
    // A partial clone: what is missing comes in one call, then the rest of the line is walked.
    await readObjects(git, lacking);
    after = last;
  }
}

/** A landing whose bytes are on their way. */
interface Expected {
  readonly oid: string;
  /** Its number in this walk, from 0. */
  readonly index: number;
  /** The latest committer time so far, seconds. */
  readonly latest: number;
  readonly changes: readonly PathChange[];
  /** Contents asked for, in the order in which they come: which change, which side. */
  readonly asked: readonly { readonly change: number; readonly side: "from" | "to"; readonly oid: string }[];
}

interface Walked {
  /** What a partial clone lacks; none when all was handed out. */
  readonly lacking: readonly string[];
  readonly last: Landing | undefined;
}

async function* walkOnce(
  start: StartGit,
  tip: string,
  options: WalkOptions,
): AsyncGenerator<readonly WalkedLanding[] | null, Walked> {
  const { paths = GOVERNED_ROOTS, after, reads } = options;
  const expected: Expected[] = [];
  const objects: GitObject[] = [];
  // What this walk has handed out last at each path, so that it is read once.
  const known = new Map<string, string>();
  let wake = (): void => {};
  let logEnded = false;
  let readingEnded = false;
  let questions = "";

  const reading = startReading(start, (object) => objects.push(object));
  let count = 0;
  let latest = 0;
  let passed: string | undefined;
  const expect = (oid: string, index: number, changes: readonly PathChange[]): void => {
    const asked: { change: number; side: "from" | "to"; oid: string }[] = [];
    questions += `${oid}\n`;
    changes.forEach(({ path, modeFrom, modeTo, oidFrom, oidTo }, change) => {
      if (!reads(path)) return;
      if (oidFrom !== null && modeFrom !== "160000" && known.get(path) !== oidFrom)
        asked.push({ change, side: "from", oid: oidFrom });
      if (oidTo !== null && modeTo !== "160000") asked.push({ change, side: "to", oid: oidTo });
      if (oidTo === null) known.delete(path);
      else known.set(path, oidTo);
    });
    for (const each of asked) questions += `${each.oid}\n`;
    expected.push({ oid, index, latest, changes, asked });
  };
  const reader = logReader(paths, (oid, seconds, changes) => {
    latest = Math.max(latest, seconds);
    const index = count++;
    // Where only some paths are asked for, nearly all commits of a long line are counted and not looked at.
    passed = options.paths !== undefined && changes.length === 0 && index > 0 ? oid : undefined;
    if (passed === undefined) expect(oid, index, changes);
  });
  const range = after === undefined ? [requireOid(tip)] : [requireOid(tip), `^${requireOid(after.oid)}`];
  // Nearly everything in a registry is governed: comparing all is faster than asking git to choose.
  const limit = options.paths === undefined ? [] : pathspecs(paths);
  const onData = (chunk: Buffer): void => {
    reader.take(chunk);
    reading.ask(questions);
    questions = "";
  };
  // Git would hand over each commit by itself, and the pipe would cost more than the walk.
  const log = start([...LOG, ...range, ...limit], onData, { env: { GIT_FLUSH: "0" } });
  log.end();
  const ends = Promise.all([
    log.ended.then(() => {
      reader.end();
      if (passed !== undefined) expect(passed, count - 1, none);
      reading.ask(questions);
      reading.end();
      logEnded = true;
    }),
    reading.ended.then(() => (readingEnded = true)),
  ]);
  ends.then(
    () => wake(),
    () => wake(),
  );
  reading.onData(() => wake());

  let previous = after;
  let first = true;
  let taken = 0;
  try {
    for (let at = 0; ;) {
      const commits: Commit[] = [];
      const walked: Expected[] = [];
      const files: (readonly WalkedFile[])[] = [];
      for (; at < expected.length && commits.length < BATCH; at++) {
        const next = expected[at] as Expected;
        if (objects.length - taken < next.asked.length + 1) break;
        const commit = objects[taken] as GitObject;
        if (commit.type !== "commit") throw missingObject(next.oid);
        commits.push(parseCommit(next.oid, commit.bytes));
        walked.push(next);
        files.push(filesOf(next, objects, taken + 1));
        taken += next.asked.length + 1;
      }
      if (first && commits.length > 0 && commits[0]?.parents[0] !== after?.oid) {
        if (after === undefined) throw brokenChain(commits[0]?.oid ?? tip);
        yield null;
        return { lacking: [], last: after };
      }
      if (commits.length > 0) first = false;
      const landings =
        options.paths === undefined
          ? numberLandings(commits, previous)
          : commits.map((commit, at) => numbered(commit, walked[at], after));
      const batch = landings.map((landing, index): WalkedLanding => ({
        landing,
        files: files[index] ?? none,
      }));
      previous = landings.at(-1) ?? previous;
      // What was handed out goes.
      expected.splice(0, at);
      objects.splice(0, taken);
      at = 0;
      taken = 0;
      if (batch.length > 0) {
        yield batch;
        continue;
      }
      if (logEnded && readingEnded) {
        await ends;
        break;
      }
      const waiting = new Promise<void>((resolve) => (wake = resolve));
      await Promise.race([waiting, ends]);
    }
    if (count === 0 && after !== undefined) {
      // A tip from which nothing leads back to that landing, or one before it.
      yield null;
      return { lacking: [], last: after };
    }
    const { partial } = await reading.ended;
    if (expected.length === 0) return { lacking: [], last: previous };
    if (!partial) throw missingObject(expected[0]?.oid ?? tip);
    return { lacking: expected.flatMap(({ asked }) => asked.map(({ oid }) => oid)), last: previous };
  } finally {
    log.stop();
    reading.stop();
  }
}

/** A landing on a line whose other commits were counted by git and not looked at. */
function numbered(
  { oid, parents, author, committer, subject }: Commit,
  expected: Expected | undefined,
  after: Landing | undefined,
): Landing {
  const { index = 0, latest = 0 } = expected ?? {};
  const time = landingTime([...(after === undefined ? [] : [Date.parse(after.time) / 1000]), latest]);
  return {
    oid,
    parents,
    author,
    committer,
    subject,
    sequence: (after?.sequence ?? 0) + index + 1,
    time: time ?? instantOfSeconds(0),
  };
}

function filesOf(
  { changes, asked }: Expected,
  objects: readonly GitObject[],
  first: number,
): readonly WalkedFile[] {
  if (changes.length === 0) return none;
  const files = changes.map((change): { -readonly [K in keyof WalkedFile]: WalkedFile[K] } => ({
    ...change,
    from: null,
    to: null,
  }));
  asked.forEach(({ change, side }, index) => {
    const file = files[change];
    if (file !== undefined) file[side] = objects[first + index]?.bytes ?? null;
  });
  return files.length < 2 ? files : files.sort((a, b) => compareBytes(a.path, b.path));
}

const none: readonly WalkedFile[] = [];

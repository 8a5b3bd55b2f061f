/**
 * What happens on the stand-in besides requests of the program: people open pull requests, push, review, merge. It
 * keeps GitHub's own rules, so that a test cannot pass on something that GitHub would refuse.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ownersOf, parseCodeowners } from "../../src/core/govern/codeowners.ts";
import { plainEnvironment } from "../repository-on-disk.ts";

export interface Person {
  readonly id: number;
  /** A person may rename; the id stays. */
  login: string;
  readonly type: "User" | "Bot";
}

export interface Review {
  readonly id: number;
  /** Null when the account was deleted. */
  user: Person | null;
  state: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED" | "PENDING";
  readonly commit_id: string;
  readonly submitted_at: string;
}

export interface Pull {
  readonly number: number;
  author: Person | null;
  title: string;
  body: string;
  readonly branch: string;
  base: string;
  state: "open" | "closed";
  mergedAt: string | null;
  /** Where the base stood when it was merged: GitHub goes on comparing with that. */
  mergedOnto: string | null;
  mergeCommit: string | null;
  updated: number;
  /** Kept when the branch is gone. */
  head: string;
  readonly reviews: Review[];
  readonly requested: Set<string>;
  readonly teams: Set<string>;
  readonly assignees: Person[];
  /** What the forge says when it is not what git says. */
  counts: { commits?: number; changedFiles?: number };
}

export interface CheckRun {
  readonly id: number;
  readonly app: number;
  readonly name: string;
  readonly head_sha: string;
  external_id: string;
  status: string;
  conclusion: string | null;
  output: { title: string; summary: string };
  readonly annotations: { path: string; start_line: number }[];
}

export interface Comment {
  readonly id: number;
  readonly number: number;
  readonly user: Person;
  body: string;
  edits: number;
}

export interface RulesetState {
  readonly id: number;
  name: string;
  target: string;
  enforcement: string;
  bypass_actors: readonly unknown[];
  conditions: { ref_name: { include: readonly string[]; exclude: readonly string[] } };
  rules: readonly { readonly type: string; readonly parameters?: Record<string, unknown> }[];
}

export type Forge = ReturnType<typeof newForge>;

/** GitHub Actions as an App. */
export const actions = 15368;

function git(
  folder: string,
  args: readonly string[],
  input = "",
  env: Readonly<Record<string, string>> = {},
): string {
  return execFileSync("git", args, {
    cwd: folder,
    env: { ...plainEnvironment, ...env },
    input,
    stdio: "pipe",
  }).toString();
}

/** A forge over a bare repository, with branch main. */
export function newForge(folder: string, owner = "octo", name = "registry") {
  let ids = 1000;
  const nextId = (): number => (ids += 1);
  const people = new Map<number, Person>();
  const pulls: Pull[] = [];
  const checks: CheckRun[] = [];
  const comments: Comment[] = [];
  const rulesets: RulesetState[] = [];
  const pushes: { id: number; branch: string; actor: Person | null; before: string; after: string }[] = [];
  const environments = new Map<string, unknown>();
  /** By slug. */
  const teams = new Map<string, { readonly id: number; name: string; readonly members: Person[] }>();
  /** Ids of those who are in the organisation. */
  const organisation = new Set<number>();
  /** When people review and merge; empty = whenever. */
  const clock = { at: "" };
  const settings: Record<string, unknown> = {
    allow_rebase_merge: true,
    allow_update_branch: false,
    default_branch: "main",
  };
  const workflow: Record<string, unknown> = {
    default_workflow_permissions: "write",
    can_approve_pull_request_reviews: true,
  };
  const actionsPermissions: Record<string, unknown> = { enabled: true, allowed_actions: "all" };

  const run = (...args: readonly string[]): string => git(folder, args).trim();
  const tip = (branch: string): string | undefined => {
    const loose = join(folder, "refs/heads", branch);
    return existsSync(loose) ? readFileSync(loose, "utf8").trim() : undefined;
  };
  const answers = new Map<string, string>();
  /** Asks git once about objects, which never change. */
  const ask = (...args: readonly string[]): string => {
    const key = args.join("\0");
    const known = answers.get(key) ?? run(...args);
    answers.set(key, known);
    return known;
  };

  const person = (id: number, login: string, type: "User" | "Bot" = "User"): Person => {
    const made: Person = { id, login, type };
    people.set(id, made);
    return made;
  };

  const pull = (number: number): Pull => {
    const found = pulls.find((each) => each.number === number);
    if (found === undefined) throw new Error(`there is no pull request ${number}`);
    return found;
  };

  const activeRules = (branch: string): RulesetState["rules"] =>
    rulesets
      .filter(
        (each) =>
          each.enforcement === "active" && each.conditions.ref_name.include.includes(`refs/heads/${branch}`),
      )
      .flatMap(({ rules }) => rules);

  /** The head follows its branch; approvals of an older one are dismissed where a rule says so. */
  const sync = (each: Pull): void => {
    const now = tip(each.branch);
    if (each.state !== "open" || now === undefined) return;
    if (now !== each.head) each.updated += 1;
    each.head = now;
    const ref = join(folder, `refs/pull/${each.number}`);
    mkdirSync(ref, { recursive: true });
    writeFileSync(join(ref, "head"), `${now}\n`);
    const dismisses = activeRules(each.base).some(
      ({ parameters }) => parameters?.["dismiss_stale_reviews_on_push"] === true,
    );
    for (const review of each.reviews) {
      if (dismisses && review.state === "APPROVED" && review.commit_id !== now) review.state = "DISMISSED";
    }
  };

  /** Where all branches stand. */
  const heads = (): ReadonlyMap<string, string> =>
    new Map(
      run("for-each-ref", "--format=%(refname:lstrip=2) %(objectname)", "refs/heads")
        .split("\n")
        .filter(Boolean)
        .map((line) => line.split(" ") as [string, string]),
    );

  return {
    folder,
    owner,
    name,
    people,
    pulls,
    checks,
    comments,
    rulesets,
    pushes,
    environments,
    teams,
    organisation,
    clock,
    settings,
    workflow,
    actionsPermissions,
    nextId,
    run,
    ask,
    tip,
    person,
    pull,
    activeRules,
    sync,
    heads,

    /** Somebody's push that git itself has taken: what has moved since is theirs. */
    pushed(actor: Person, before: ReadonlyMap<string, string>): void {
      for (const [branch, after] of heads()) {
        const was = before.get(branch);
        if (was === after) continue;
        pushes.push({ id: nextId(), branch, actor, before: was ?? "0".repeat(40), after });
      }
      pulls.forEach(sync);
    },

    /** A push to a branch, as somebody: files of one commit on top of `from`. */
    push(
      actor: Person,
      branch: string,
      files: Readonly<Record<string, string | null>>,
      from = tip(branch) ?? tip("main"),
    ): string {
      const who = `${actor.login} <${actor.id}+${actor.login}@users.noreply.github.com> 1780000000 +0000`;
      const changes = Object.entries(files).map(([path, content]) => {
        return content === null
          ? `D ${path}\n`
          : `M 100644 inline ${path}\ndata ${Buffer.byteLength(content)}\n${content}\n`;
      });
      const head = `commit refs/heads/${branch}\nauthor ${who}\ncommitter ${who}\ndata 6\nchange\n`;
      git(
        folder,
        ["fast-import", "--quiet", "--force"],
        `${head}${from === undefined ? "" : `from ${from}\n`}${changes.join("")}\n`,
      );
      const after = tip(branch) ?? "";
      pushes.push({ id: nextId(), branch, actor, before: from ?? "0".repeat(40), after });
      pulls.forEach(sync);
      return after;
    },

    open(author: Person, branch: string, base = "main", title = `Change ${branch}`): Pull {
      const head = tip(branch);
      if (head === undefined) throw new Error(`there is no branch ${branch}`);
      const made: Pull = {
        number: pulls.length + 1,
        author,
        title,
        body: "",
        branch,
        base,
        state: "open",
        mergedAt: null,
        mergedOnto: null,
        mergeCommit: null,
        updated: 0,
        head,
        reviews: [],
        requested: new Set(),
        teams: new Set(),
        assignees: [],
        counts: {},
      };
      pulls.push(made);
      sync(made);
      // The owners that CODEOWNERS of the base names for the changed paths; the last matching line counts.
      const codeowners = parseCodeowners(run("show", `${base}:CODEOWNERS`));
      for (const path of run("diff", "--name-only", `${tip(base)}...${head}`).split("\n")) {
        for (const each of ownersOf(codeowners, path).owners ?? []) {
          if (each.includes("/")) made.teams.add(each.replace(/^@[^/]+\//, ""));
          else if (each !== `@${author.login}`) made.requested.add(each.slice(1));
        }
      }
      return made;
    },

    /** What GitHub answers instead of a review; undefined when it takes it. */
    review(number: number, user: Person, state: Review["state"], commit?: string): string | undefined {
      const to = pull(number);
      if (state !== "COMMENTED" && user.id === to.author?.id) {
        return `Can not ${state === "APPROVED" ? "approve" : "request changes on"} your own pull request`;
      }
      const second = String(to.reviews.length % 60).padStart(2, "0");
      const minute = String(Math.floor(to.reviews.length / 60)).padStart(2, "0");
      to.reviews.push({
        id: nextId(),
        user,
        state,
        commit_id: commit ?? to.head,
        submitted_at: clock.at === "" ? `2026-07-01T10:${minute}:${second}Z` : clock.at,
      });
      to.requested.delete(user.login);
      to.updated += 1;
      return undefined;
    },

    /** Merges as GitHub does, or says which rule forbids it. */
    merge(number: number, method: "merge" | "squash" = "merge"): string | undefined {
      const to = pull(number);
      sync(to);
      const base = tip(to.base) ?? "";
      for (const { type, parameters = {} } of activeRules(to.base)) {
        if (type === "required_status_checks") {
          const required = (parameters["required_status_checks"] ?? []) as {
            context: string;
            integration_id?: number;
          }[];
          for (const { context, integration_id: app } of required) {
            const latest = checks
              .filter(
                (each) =>
                  each.head_sha === to.head &&
                  each.name === context &&
                  (app === undefined || each.app === app),
              )
              .at(-1);
            if (latest === undefined || latest.status !== "completed")
              return `Required status check "${context}" is expected.`;
            if (!["success", "neutral", "skipped"].includes(latest.conclusion ?? ""))
              return `Required status check "${context}" is failing.`;
          }
          const isBehind = git(folder, ["rev-list", "--count", `${to.head}..${base}`]).trim() !== "0";
          if (parameters["strict_required_status_checks_policy"] === true && isBehind)
            return "Head branch is out of date.";
        }
        if (type === "pull_request") {
          const latest = new Map(
            to.reviews
              .filter(({ state }) => state !== "COMMENTED")
              .map((each) => [each.user?.id, each.state]),
          );
          const approvals = [...latest.values()].filter((state) => state === "APPROVED").length;
          if (approvals < Number(parameters["required_approving_review_count"] ?? 0))
            return "At least 1 approving review is required.";
          if ([...latest.values()].includes("CHANGES_REQUESTED")) return "Changes were requested.";
        }
      }
      const tree = git(folder, ["merge-tree", "--write-tree", base, to.head]).split("\n")[0] ?? "";
      const dates = clock.at === "" ? undefined : { GIT_AUTHOR_DATE: clock.at, GIT_COMMITTER_DATE: clock.at };
      const made =
        method === "squash"
          ? ["-p", base, "-m", `${to.title} (#${number})`]
          : ["-p", base, "-p", to.head, "-m", `Merge pull request #${number} from ${owner}/${to.branch}`];
      const commit = ["commit-tree", tree, ...made];
      to.mergeCommit = git(folder, commit, "", dates).trim();
      run("update-ref", `refs/heads/${to.base}`, to.mergeCommit);
      to.state = "closed";
      to.mergedOnto = base;
      to.mergedAt = clock.at === "" ? "2026-07-01T12:00:00Z" : clock.at;
      to.updated += 1;
      return undefined;
    },
  };
}

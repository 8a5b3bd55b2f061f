/** What the stand-in answers to each operation: the fields that mean something; openapi.ts fills in the rest. */
import { actions, type CheckRun, type Forge, type Person, type Pull, type RulesetState } from "./forge.ts";
import type { Fields } from "./openapi.ts";

/** Who asks: a person by a token, a workflow, or an App. */
export type Caller =
  | { readonly kind: "user"; readonly person: Person }
  | { readonly kind: "app"; readonly app: number; readonly person: Person }
  | { readonly kind: "jwt"; readonly app: number }
  | { readonly kind: "nobody" };

export interface Asked {
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Fields;
  readonly caller: Caller;
  /** The body as it came, and what the caller wants to have. */
  readonly raw: Uint8Array;
  readonly accept: string;
}

/** A status with what is answered; `list` is cut into pages, under `key` where GitHub wraps it. */
export type Reply = {
  readonly status: number;
  readonly value?: unknown;
  readonly list?: readonly unknown[];
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

const ok = (value: unknown, status = 200): Reply => ({ status, value });
const refuse = (status: number, message: string): Reply => ({
  status,
  value: { message, documentation_url: "https://docs.github.com/rest" },
});
const notFound = refuse(404, "Not Found");
const notByIntegration = refuse(403, "Resource not accessible by integration");

export function account(person: Person | null): unknown {
  return person === null ? null : { id: person.id, login: person.login, type: person.type };
}

/** The handlers by operation. */
export function routesOf(forge: Forge): Readonly<Record<string, (asked: Asked) => Reply>> {
  const place = {
    name: forge.name,
    full_name: `${forge.owner}/${forge.name}`,
    owner: { id: 1, login: forge.owner, type: "Organization" },
  };
  const repository = () => ({ id: 1, ...place, private: false, ...forge.settings });
  const count = (range: string): number => Number(forge.ask("rev-list", "--count", range));
  const baseAt = (pull: Pull): string => pull.mergedOnto ?? forge.tip(pull.base) ?? "";
  const shown = (pull: Pull): Fields => {
    forge.sync(pull);
    return {
      id: pull.number,
      number: pull.number,
      state: pull.state,
      title: pull.title,
      html_url: `https://github.example/${forge.owner}/${forge.name}/pull/${pull.number}`,
      user: account(pull.author),
      merge_commit_sha: pull.mergeCommit,
      body: pull.body === "" ? null : pull.body,
      assignees: pull.assignees.map(account),
      requested_reviewers: [...pull.requested].map((login, index) => ({
        id: index + 1,
        login,
        type: "User",
      })),
      requested_teams: [...pull.teams].map((slug, index) => ({
        id: index + 1,
        slug,
        name: slug,
        permission: "push",
      })),
      base: {
        ref: pull.base,
        sha: baseAt(pull),
        label: pull.base,
        repo: { ...place, id: 1, default_branch: forge.settings["default_branch"] },
        user: { id: 1, login: forge.owner, type: "Organization" },
      },
      head: {
        ref: pull.branch,
        sha: pull.head,
        label: pull.branch,
        repo: { ...place, id: 1 },
        user: { id: 1, login: forge.owner, type: "Organization" },
      },
      merged_at: pull.mergedAt,
      merged: pull.mergedAt !== null,
      updated_at: `2026-07-01T00:00:00.${String(pull.updated).padStart(3, "0")}Z`,
    };
  };
  const whole = (pull: Pull): Fields => ({
    ...shown(pull),
    commits: pull.counts.commits ?? count(`${baseAt(pull)}..${pull.head}`),
    changed_files:
      pull.counts.changedFiles ??
      forge
        .ask("diff", "--name-only", `${baseAt(pull)}...${pull.head}`)
        .split("\n")
        .filter(Boolean).length,
  });
  const commitsIn = (range: string): readonly Fields[] =>
    forge
      .ask("rev-list", "--reverse", "--format=%H %ae %ce", "--no-commit-header", range)
      .split("\n")
      .filter(Boolean)
      .map((line) => {
        const [sha = "", author = "", committer = ""] = line.split(" ");
        const of = (email: string): unknown =>
          account(forge.people.get(Number(/^(\d+)\+/.exec(email)?.[1])) ?? null);
        return {
          sha,
          author: of(author),
          committer: of(committer),
          commit: { message: "", author: null, committer: null },
        };
      });
  const pullOf = ({ path }: Asked): Pull | undefined =>
    forge.pulls.find(({ number }) => String(number) === (path["pull_number"] ?? path["issue_number"]));
  const checkShown = (check: CheckRun): unknown => ({
    ...check,
    app: { id: check.app },
    output: { ...check.output, text: null, annotations_count: check.annotations.length, annotations_url: "" },
    url: "",
    annotations: undefined,
  });
  const rulesetShown = (ruleset: RulesetState, caller: Caller): unknown => {
    const { bypass_actors: bypass, ...rest } = ruleset;
    // Who may bypass is only told to who may write rulesets.
    return { ...rest, source: place.full_name, ...(caller.kind === "user" && { bypass_actors: bypass }) };
  };
  const admin = (asked: Asked, reply: () => Reply): Reply =>
    asked.caller.kind === "user" ? reply() : notByIntegration;

  return {
    "GET /app": ({ caller }) =>
      caller.kind === "jwt"
        ? ok({ id: caller.app, slug: "assent-gate", name: "assent gate" })
        : refuse(401, "A JSON web token could not be decoded"),
    "GET /user": ({ caller }) =>
      caller.kind === "user"
        ? ok({ ...(account(caller.person) as Fields), user_view_type: "public" })
        : notByIntegration,
    "GET /user/{account_id}": ({ path }) => {
      const person = forge.people.get(Number(path["account_id"]));
      return person === undefined
        ? notFound
        : ok({ ...(account(person) as Fields), user_view_type: "public" });
    },
    "GET /orgs/{org}/members/{username}": ({ path, caller }) => {
      if (caller.kind !== "user" || !forge.organisation.has(caller.person.id)) return { status: 302 };
      const person = [...forge.people.values()].find(({ login }) => login === path["username"]);
      return person !== undefined && forge.organisation.has(person.id) ? { status: 204 } : notFound;
    },
    "GET /orgs/{org}/teams/{team_slug}": ({ path }) => {
      const team = forge.teams.get(path["team_slug"] ?? "");
      return team === undefined
        ? notFound
        : ok({ id: team.id, slug: path["team_slug"], name: team.name, members_count: team.members.length });
    },
    "GET /orgs/{org}/teams/{team_slug}/members": ({ path }) => {
      const team = forge.teams.get(path["team_slug"] ?? "");
      return team === undefined ? notFound : { status: 200, list: team.members.map(account) };
    },
    "GET /repos/{owner}/{repo}": () => ok(repository()),
    "PATCH /repos/{owner}/{repo}": (asked) =>
      admin(asked, () => {
        Object.assign(forge.settings, asked.body);
        return ok(repository());
      }),
    "GET /repos/{owner}/{repo}/installation": ({ caller }) =>
      caller.kind === "jwt"
        ? ok({ id: 77, app_id: caller.app, app_slug: "assent-gate" })
        : refuse(401, "A JSON web token could not be decoded"),
    "POST /app/installations/{installation_id}/access_tokens": ({ caller, path }) =>
      caller.kind === "jwt" && path["installation_id"] === "77"
        ? ok({ token: "ghs_installation", expires_at: "2026-07-02T01:00:00Z" }, 201)
        : notFound,
    "GET /repos/{owner}/{repo}/git/ref/{ref}": ({ path }) => {
      const branch = (path["ref"] ?? "").replace(/^heads\//, "");
      const sha = forge.tip(branch);
      return sha === undefined
        ? notFound
        : ok({ ref: `refs/heads/${branch}`, object: { sha, type: "commit" } });
    },
    "GET /repos/{owner}/{repo}/activity": ({ query }) => ({
      status: 200,
      list: forge.pushes
        .filter(({ branch }) => query.get("ref") === `refs/heads/${branch}`)
        .map(({ id, branch, actor, before, after }) => ({
          id,
          before,
          after,
          ref: `refs/heads/${branch}`,
          timestamp: "2026-07-01T00:00:00Z",
          activity_type: "push",
          actor: account(actor),
        })),
    }),
    "GET /repos/{owner}/{repo}/pulls": ({ query }) => ({
      status: 200,
      list: forge.pulls
        .filter(
          (each) =>
            each.state === query.get("state") &&
            (query.get("head") ?? `${forge.owner}:${each.branch}`) === `${forge.owner}:${each.branch}` &&
            (query.get("base") ?? each.base) === each.base,
        )
        .map(shown),
    }),
    "POST /repos/{owner}/{repo}/pulls": ({ body, caller }) => {
      if (caller.kind === "nobody" || caller.kind === "jwt") return refuse(401, "Requires authentication");
      const [head, base] = [String(body["head"]), String(body["base"])];
      if (forge.tip(head) === undefined) return refuse(422, "Validation Failed: head invalid");
      if (forge.pulls.some((each) => each.state === "open" && each.branch === head && each.base === base))
        return refuse(422, `A pull request already exists for ${forge.owner}:${head}.`);
      const made = forge.open(caller.person, head, base, String(body["title"]));
      made.body = String(body["body"] ?? "");
      return ok(whole(made), 201);
    },
    "PATCH /repos/{owner}/{repo}/pulls/{pull_number}": (asked) => {
      const pull = pullOf(asked);
      if (pull === undefined || (asked.caller.kind !== "app" && asked.caller.kind !== "user"))
        return notFound;
      if (asked.body["title"] !== undefined) pull.title = String(asked.body["title"]);
      if (asked.body["body"] !== undefined) pull.body = String(asked.body["body"]);
      pull.updated += 1;
      return ok(whole(pull));
    },
    "GET /repos/{owner}/{repo}/pulls/{pull_number}": (asked) => {
      const pull = pullOf(asked);
      return pull === undefined ? notFound : ok(whole(pull));
    },
    "GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews": (asked) => ({
      status: 200,
      list: pullOf(asked)?.reviews.map((each) => ({ ...each, user: account(each.user), body: "" })) ?? [],
    }),
    "POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews": (asked) => {
      const pull = pullOf(asked);
      if (pull === undefined || asked.caller.kind !== "user") return notFound;
      const state =
        asked.body["event"] === "APPROVE"
          ? "APPROVED"
          : asked.body["event"] === "REQUEST_CHANGES"
            ? "CHANGES_REQUESTED"
            : "COMMENTED";
      const refused = forge.review(pull.number, asked.caller.person, state);
      return refused === undefined
        ? ok({ ...pull.reviews.at(-1), user: account(asked.caller.person), body: "" })
        : refuse(422, refused);
    },
    // GitHub lists no more than this, and does not say so.
    "GET /repos/{owner}/{repo}/pulls/{pull_number}/commits": (asked) => {
      const pull = pullOf(asked);
      return pull === undefined
        ? notFound
        : { status: 200, list: commitsIn(`${baseAt(pull)}..${pull.head}`).slice(0, 250) };
    },
    "GET /repos/{owner}/{repo}/compare/{basehead}": ({ path }) => {
      const [base = "", head = ""] = (path["basehead"] ?? "").split("...");
      return {
        status: 200,
        list: commitsIn(`${base}..${head}`),
        key: "commits",
        value: { status: "ahead", ahead_by: 1, behind_by: 0, total_commits: count(`${base}..${head}`) },
      };
    },
    "POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers": (asked) => {
      const pull = pullOf(asked);
      if (pull === undefined) return notFound;
      const users = (asked.body["reviewers"] ?? []) as string[];
      const known = [...forge.people.values()].map(({ login }) => login);
      if (users.some((login) => login === pull.author?.login))
        return refuse(422, "Review cannot be requested from pull request author.");
      if (users.some((login) => !known.includes(login)))
        return refuse(422, "Reviews may only be requested from collaborators.");
      users.forEach((login) => pull.requested.add(login));
      ((asked.body["team_reviewers"] ?? []) as string[]).forEach((slug) => pull.teams.add(slug));
      return ok(shown(pull), 201);
    },
    "GET /repos/{owner}/{repo}/commits/{ref}/check-runs": ({ path, query }) => {
      const wanted = forge.checks.filter(
        (each) =>
          each.head_sha === path["ref"] &&
          each.name === query.get("check_name") &&
          (query.get("app_id") ?? String(each.app)) === String(each.app),
      );
      const latest = wanted.filter(
        (each) => !wanted.some((other) => other.app === each.app && other.id > each.id),
      );
      return {
        status: 200,
        list: latest.map(checkShown),
        key: "check_runs",
        value: { total_count: latest.length },
      };
    },
    "POST /repos/{owner}/{repo}/check-runs": ({ body, caller }) => {
      if (caller.kind !== "app") return refuse(403, "You must authenticate via a GitHub App.");
      const check: CheckRun = {
        id: forge.nextId(),
        app: caller.app,
        name: String(body["name"]),
        head_sha: String(body["head_sha"]),
        external_id: "",
        status: "queued",
        conclusion: null,
        output: { title: "", summary: "" },
        annotations: [],
      };
      const refused = update(check, body);
      if (refused !== undefined) return refuse(422, refused);
      forge.checks.push(check);
      return ok(checkShown(check), 201);
    },
    "PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}": ({ path, body, caller }) => {
      const check = forge.checks.find(({ id }) => String(id) === path["check_run_id"]);
      if (check === undefined || caller.kind !== "app" || caller.app !== check.app) return notFound;
      const refused =
        check.status === "completed" && body["status"] !== "completed"
          ? "A completed check stays completed."
          : update(check, body);
      return refused === undefined ? ok(checkShown(check)) : refuse(422, refused);
    },
    "GET /repos/{owner}/{repo}/issues/{issue_number}/comments": ({ path }) => ({
      status: 200,
      list: forge.comments
        .filter(({ number }) => String(number) === path["issue_number"])
        .map((each) => ({ id: each.id, body: each.body, user: account(each.user) })),
    }),
    "POST /repos/{owner}/{repo}/issues/{issue_number}/comments": ({ path, body, caller }) => {
      if (caller.kind !== "app" && caller.kind !== "user") return refuse(401, "Requires authentication");
      const comment = {
        id: forge.nextId(),
        number: Number(path["issue_number"]),
        user: caller.person,
        body: String(body["body"]),
        edits: 0,
      };
      if (comment.body.length > 65_536) return refuse(422, "body is too long (maximum is 65536 characters)");
      forge.comments.push(comment);
      return ok({ id: comment.id, body: comment.body, user: account(comment.user) }, 201);
    },
    "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}": ({ path, body }) => {
      const comment = forge.comments.find(({ id }) => String(id) === path["comment_id"]);
      if (comment === undefined) return notFound;
      comment.body = String(body["body"]);
      comment.edits += 1;
      return ok({ id: comment.id, body: comment.body, user: account(comment.user) });
    },
    "GET /repos/{owner}/{repo}/rulesets": ({ caller }) => ({
      status: 200,
      list: forge.rulesets.map(({ rules: _rules, ...each }) => rulesetShown({ ...each, rules: [] }, caller)),
    }),
    "GET /repos/{owner}/{repo}/rulesets/{ruleset_id}": ({ path, caller }) => {
      const ruleset = forge.rulesets.find(({ id }) => String(id) === path["ruleset_id"]);
      return ruleset === undefined ? notFound : ok(rulesetShown(ruleset, caller));
    },
    "POST /repos/{owner}/{repo}/rulesets": (asked) =>
      admin(asked, () => {
        const made: RulesetState = Object.assign(
          {
            id: forge.nextId(),
            name: "",
            target: "branch",
            enforcement: "active",
            bypass_actors: [],
            conditions: { ref_name: { include: [], exclude: [] } },
            rules: [],
          },
          asked.body,
        );
        forge.rulesets.push(made);
        return ok(rulesetShown(made, asked.caller), 201);
      }),
    "PUT /repos/{owner}/{repo}/rulesets/{ruleset_id}": (asked) =>
      admin(asked, () => {
        const ruleset = forge.rulesets.find(({ id }) => String(id) === asked.path["ruleset_id"]);
        if (ruleset === undefined) return notFound;
        Object.assign(ruleset, asked.body);
        return ok(rulesetShown(ruleset, asked.caller));
      }),
    "GET /repos/{owner}/{repo}/environments": () =>
      ok({ total_count: forge.environments.size, environments: [...forge.environments.values()] }),
    "PUT /repos/{owner}/{repo}/environments/{environment_name}": (asked) =>
      admin(asked, () => {
        const name = asked.path["environment_name"] ?? "";
        forge.environments.set(name, { id: 1, name, ...asked.body });
        return ok(forge.environments.get(name));
      }),
    "GET /repos/{owner}/{repo}/actions/permissions": (asked) =>
      admin(asked, () => ok(forge.actionsPermissions)),
    "GET /repos/{owner}/{repo}/actions/permissions/workflow": (asked) =>
      admin(asked, () => ok(forge.workflow)),
    "PUT /repos/{owner}/{repo}/actions/permissions/workflow": (asked) =>
      admin(asked, () => {
        Object.assign(forge.workflow, asked.body);
        return { status: 204 };
      }),
    "GET /repos/{owner}/{repo}/codeowners/errors": () => ok({ errors: [] }),
  };
}

/** Writes what a request says about a check; a text = why GitHub refuses it. */
function update(check: CheckRun, body: Fields): string | undefined {
  const output = body["output"] as
    | { title: string; summary: string; annotations?: { path: string; start_line: number }[] }
    | undefined;
  const annotations = output?.annotations ?? [];
  if (annotations.length > 50) return "No more than 50 annotations in one request.";
  if ((output?.summary.length ?? 0) > 65_535) return "The summary is too long.";
  if (body["status"] === "completed" && typeof body["conclusion"] !== "string")
    return "A completed check needs a conclusion.";
  if (typeof body["external_id"] === "string") check.external_id = body["external_id"];
  check.status =
    typeof body["conclusion"] === "string" ? "completed" : String(body["status"] ?? check.status);
  check.conclusion = typeof body["conclusion"] === "string" ? body["conclusion"] : null;
  if (output !== undefined) check.output = { title: output.title, summary: output.summary };
  check.annotations.push(...annotations);
  return undefined;
}

export const actionsBot: Person = { id: 41_898_282, login: "github-actions[bot]", type: "Bot" };
export const actionsCaller: Caller = { kind: "app", app: actions, person: actionsBot };

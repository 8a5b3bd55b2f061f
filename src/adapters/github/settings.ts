/** How GitHub guards a repository: read as a value, changed one step of a plan at a time. It must never judge. */
import type { ForgeSettings, Ruleset, SettingChange } from "../../core/govern/forge-settings.ts";
import type { JsonObject } from "../../core/model/json.ts";
import type { RepositoryName } from "../../core/model/repository-name.ts";
import { listOf, malformed, numberOf, objectOf, textOf, type Fields } from "./answer.ts";
import type { Client, Parameters } from "./client.ts";
import { readPages } from "./pages.ts";

/** Statuses that mean: this token may not see it, or it is not there. */
const hidden = [403, 404];

export async function readSettings(client: Client, repo: RepositoryName): Promise<ForgeSettings> {
  const place = { owner: repo.owner, repo: repo.name };
  const whole = objectOf((await client.ask("GET /repos/{owner}/{repo}", place)).data, "the repository");
  const flag = (key: string): boolean | null => (typeof whole[key] === "boolean" ? whole[key] : null);
  return {
    defaultBranch: textOf(whole, "default_branch", "the repository"),
    allowRebaseMerge: flag("allow_rebase_merge"),
    allowUpdateBranch: flag("allow_update_branch"),
    rulesets: await readRulesets(client, place),
    environments: await readEnvironments(client, place),
    actions: await readOptional(client, "GET /repos/{owner}/{repo}/actions/permissions", place, (fields) => ({
      enabled: fields["enabled"] === true,
      allowed: typeof fields["allowed_actions"] === "string" ? fields["allowed_actions"] : null,
      shaPinningRequired: fields["sha_pinning_required"] === true,
    })),
    workflowToken: await readOptional(
      client,
      "GET /repos/{owner}/{repo}/actions/permissions/workflow",
      place,
      (fields) => ({
        permissions: textOf(fields, "default_workflow_permissions", "the workflow token"),
        mayApprove: fields["can_approve_pull_request_reviews"] === true,
      }),
    ),
    codeownersErrors: await readOptional(
      client,
      "GET /repos/{owner}/{repo}/codeowners/errors",
      place,
      (fields) =>
        listOf(fields["errors"], "the errors of CODEOWNERS").map((item) => {
          const error = objectOf(item, "an error of CODEOWNERS");
          return {
            line: numberOf(error, "line", "an error"),
            kind: textOf(error, "kind", "an error"),
            path: textOf(error, "path", "an error"),
          };
        }),
    ),
  };
}

async function readOptional<T>(
  client: Client,
  route: string,
  place: Parameters,
  read: (fields: Fields) => T,
): Promise<T | null> {
  const { status, data } = await client.ask(route, place, { also: hidden });
  return hidden.includes(status) ? null : read(objectOf(data, route));
}

async function readRulesets(client: Client, place: Parameters): Promise<readonly Ruleset[] | null> {
  const route = "GET /repos/{owner}/{repo}/rulesets";
  const { status } = await client.ask(route, { ...place, per_page: 1 }, { also: hidden });
  if (hidden.includes(status)) return null;
  const { items, whole } = await readPages(client, route, { ...place, includes_parents: true });
  if (!whole) throw malformed("the list of rulesets does not end");
  const rulesets: Ruleset[] = [];
  for (const item of items) {
    const id = numberOf(objectOf(item, "a ruleset"), "id", "a ruleset");
    // A list does not say what the rules are.
    const { data } = await client.ask("GET /repos/{owner}/{repo}/rulesets/{ruleset_id}", {
      ...place,
      ruleset_id: id,
    });
    rulesets.push(rulesetOf(objectOf(data, "a ruleset")));
  }
  return rulesets.sort((a, b) => a.id - b.id);
}

function rulesetOf(fields: Fields): Ruleset {
  const what = "a ruleset";
  const conditions =
    fields["conditions"] === undefined || fields["conditions"] === null
      ? {}
      : objectOf(fields["conditions"], what);
  const refs = conditions["ref_name"] === undefined ? {} : objectOf(conditions["ref_name"], what);
  const texts = (key: string): readonly string[] =>
    refs[key] === undefined ? [] : listOf(refs[key], what).map(String);
  const bypass = fields["bypass_actors"];
  return {
    id: numberOf(fields, "id", what),
    name: textOf(fields, "name", what),
    target: typeof fields["target"] === "string" ? fields["target"] : "branch",
    enforcement: textOf(fields, "enforcement", what),
    bypassActors: Array.isArray(bypass) ? bypass.length : null,
    include: texts("include"),
    exclude: texts("exclude"),
    rules: (fields["rules"] === undefined ? [] : listOf(fields["rules"], what)).map((item) => {
      const rule = objectOf(item, "a rule");
      const parameters = rule["parameters"] === undefined ? {} : objectOf(rule["parameters"], "a rule");
      return { type: textOf(rule, "type", "a rule"), parameters: parameters as JsonObject };
    }),
  };
}

async function readEnvironments(client: Client, place: Parameters): Promise<ForgeSettings["environments"]> {
  const { status, data } = await client.ask(
    "GET /repos/{owner}/{repo}/environments",
    { ...place, per_page: 100 },
    { also: hidden },
  );
  if (hidden.includes(status)) return null;
  const found = objectOf(data, "the environments")["environments"];
  return (found === undefined ? [] : listOf(found, "the environments")).map((item) => {
    const environment = objectOf(item, "an environment");
    const policy = environment["deployment_branch_policy"];
    const protectedOnly =
      policy !== null &&
      policy !== undefined &&
      objectOf(policy, "an environment")["protected_branches"] === true;
    return { name: textOf(environment, "name", "an environment"), protectedBranchesOnly: protectedOnly };
  });
}

/** Applies one step of a plan. */
export async function writeSetting(
  client: Client,
  repo: RepositoryName,
  change: SettingChange,
): Promise<void> {
  const place = { owner: repo.owner, repo: repo.name };
  switch (change.kind) {
    case "repository":
      await client.ask("PATCH /repos/{owner}/{repo}", { ...place, ...change.body });
      return;
    case "ruleset":
      if (change.id === null)
        await client.ask("POST /repos/{owner}/{repo}/rulesets", { ...place, ...change.body });
      else
        await client.ask("PUT /repos/{owner}/{repo}/rulesets/{ruleset_id}", {
          ...place,
          ruleset_id: change.id,
          ...change.body,
        });
      return;
    case "environment":
      await client.ask("PUT /repos/{owner}/{repo}/environments/{environment_name}", {
        ...place,
        environment_name: change.name,
        ...change.body,
      });
      return;
    case "workflow-token":
      await client.ask("PUT /repos/{owner}/{repo}/actions/permissions/workflow", {
        ...place,
        ...change.body,
      });
  }
}

/**
 * What the forge's side must be at a level (DESIGN 5.8), and the plan that makes it so. The plan is a value: printing
 * it is the dry run, and when nothing is left to do it is empty. It must never loosen what somebody made stricter.
 */
import { isObject, type Json, type JsonObject } from "../model/json.ts";
import type { ForgeSettings, Ruleset, SettingChange } from "./forge-settings.ts";

export type Level = 1 | 2 | 3;

export interface SetupGoal {
  readonly level: Level;
  /** The protected branch, without `refs/heads/`. */
  readonly branch: string;
  /** The App whose check counts: GitHub Actions at level 1, the gate's own App above. */
  readonly checkSource: number;
}

/** GitHub Actions, as an App, on github.com. */
export const actionsApp = 15368;

/** The check that the gate posts. */
export const checkContext = "assent";

export interface SetupStep {
  /** What is changed, in a few words. */
  readonly what: string;
  readonly why: string;
  readonly change: SettingChange;
}

/** The rulesets of a level, as GitHub's API takes them. */
export function desiredRulesets(goal: SetupGoal): readonly JsonObject[] {
  const ruleset = (name: string, include: readonly string[], rules: readonly Json[]): JsonObject => ({
    name,
    target: "branch",
    enforcement: "active",
    bypass_actors: [],
    conditions: { ref_name: { include, exclude: [] } },
    rules,
  });
  const keep: readonly Json[] = [{ type: "deletion" }, { type: "non_fast_forward" }];
  return [
    ruleset("assent", [`refs/heads/${goal.branch}`], [...keep, ...landingRules(goal)]),
    // Evidence is only ever appended; signatures may be withdrawn by a commit, never by rewriting.
    ruleset("assent records", ["refs/heads/registry-evidence", "refs/heads/registry-approvals"], keep),
  ];
}

function landingRules({ level, checkSource }: SetupGoal): readonly Json[] {
  const reviews = level === 3 ? 0 : 1;
  const rules: Json[] = [
    {
      type: "pull_request",
      parameters: {
        // At level 3 approvals are signatures; below, GitHub's own demand stands beside the gate's.
        required_approving_review_count: reviews,
        require_code_owner_review: reviews > 0,
        // An approval is bound to the content by D: it survives an update of the branch and dies with any other byte.
        dismiss_stale_reviews_on_push: false,
        require_last_push_approval: false,
        required_review_thread_resolution: false,
        // One pull request is one landing.
        allowed_merge_methods: ["merge", "squash"],
      },
    },
    {
      type: "required_status_checks",
      parameters: {
        // The check stands only while the base is the tip; a merge queue sees to that by itself.
        strict_required_status_checks_policy: level === 1,
        required_status_checks: [{ context: checkContext, integration_id: checkSource }],
      },
    },
  ];
  if (level === 1) return rules;
  const queue = {
    check_response_timeout_minutes: 30,
    grouping_strategy: "ALLGREEN",
    max_entries_to_build: 5,
    max_entries_to_merge: 1,
    merge_method: "MERGE",
    min_entries_to_merge: 1,
    min_entries_to_merge_wait_minutes: 0,
  };
  return [...rules, { type: "merge_queue", parameters: queue }];
}

/** What has to change so that the forge guards the branch as the level asks; empty when it does. */
export function planSetup(goal: SetupGoal, settings: ForgeSettings): readonly SetupStep[] {
  const steps: SetupStep[] = [];
  const merging: JsonObject = {
    ...(settings.allowRebaseMerge !== false && { allow_rebase_merge: false }),
    ...(settings.allowUpdateBranch !== true && { allow_update_branch: true }),
  };
  if (Object.keys(merging).length > 0) {
    steps.push({
      what: "no rebase merging; a button that updates branches",
      why: "One pull request is one landing: a rebase merge would land its commits one by one.",
      change: { kind: "repository", body: merging },
    });
  }
  for (const body of desiredRulesets(goal)) {
    const name = String(body["name"]);
    const standing = (settings.rulesets ?? []).find((each) => each.name === name);
    if (standing !== undefined && meets(standing, body)) continue;
    steps.push({
      what: `${standing === undefined ? "a new ruleset" : "the ruleset"} "${name}"`,
      why:
        name === "assent"
          ? `Nothing lands on ${goal.branch} but through a pull request with the check "${checkContext}" of App ${goal.checkSource}; no force push, no deletion, no bypass.`
          : "Evidence and signatures are appended to, never rewritten.",
      change: {
        kind: "ruleset",
        id: standing?.id ?? null,
        body: standing === undefined ? body : withExtras(body, standing),
      },
    });
  }
  const token = settings.workflowToken;
  if (token === null || token.permissions !== "read" || token.mayApprove) {
    steps.push({
      what: "workflows get a reading token and cannot approve",
      why: "A workflow that may write or approve by default is a way around every rule.",
      change: {
        kind: "workflow-token",
        body: { default_workflow_permissions: "read", can_approve_pull_request_reviews: false },
      },
    });
  }
  if (!isReleaseGuarded(settings)) {
    steps.push({
      what: `the environment "${RELEASE_ENVIRONMENT}"`,
      why: "Keys that sign releases are only reachable from the protected branch.",
      change: {
        kind: "environment",
        name: RELEASE_ENVIRONMENT,
        body: { deployment_branch_policy: { protected_branches: true, custom_branch_policies: false } },
      },
    });
  }
  return steps;
}

/** Whose secrets the keys of releases are. */
export const RELEASE_ENVIRONMENT = "release";

/** Whether nothing but protected branches reaches the keys of releases. What cannot be read is not taken for good. */
export function isReleaseGuarded({ environments }: ForgeSettings): boolean {
  return (environments ?? []).some((each) => each.name === RELEASE_ENVIRONMENT && each.protectedBranchesOnly);
}

/** Whether a ruleset says everything that is asked, whatever else it says. */
function meets(standing: Ruleset, body: JsonObject): boolean {
  const include = includedRefs(body);
  if (standing.enforcement !== "active" || standing.bypassActors !== 0 || standing.exclude.length > 0)
    return false;
  if (!include.every((each) => standing.include.includes(each)) || standing.target !== "branch") return false;
  return rulesOf(body).every((rule) =>
    standing.rules.some(
      ({ type, parameters }) => type === rule["type"] && holds(parameters, rule["parameters"] ?? {}),
    ),
  );
}

function includedRefs(body: JsonObject): readonly string[] {
  const conditions = isObject(body["conditions"]) ? body["conditions"]["ref_name"] : undefined;
  const include = isObject(conditions) ? conditions["include"] : undefined;
  return Array.isArray(include) ? include.map(String) : [];
}

/** Rules that somebody added stay; what is asked replaces its own kind. */
function withExtras(body: JsonObject, standing: Ruleset): JsonObject {
  const types = new Set(rulesOf(body).map((rule) => rule["type"]));
  const extras = standing.rules
    .filter(({ type }) => !types.has(type))
    .map(({ type, parameters }): JsonObject =>
      Object.keys(parameters).length === 0 ? { type } : { type, parameters },
    );
  return { ...body, rules: [...rulesOf(body), ...extras] };
}

function rulesOf(body: JsonObject): readonly JsonObject[] {
  const rules = body["rules"];
  return Array.isArray(rules) ? rules.filter(isObject) : [];
}

/** Whether a value says what is wanted: objects may say more, lists of objects too, everything else is equal. */
function holds(value: Json | undefined, wanted: Json | undefined): boolean {
  if (isObject(wanted))
    return isObject(value) && Object.entries(wanted).every(([key, each]) => holds(value[key], each));
  if (Array.isArray(wanted)) {
    if (!Array.isArray(value)) return false;
    const sameLength = wanted.every(isObject) || wanted.length === value.length;
    return sameLength && wanted.every((each: Json) => value.some((other: Json) => holds(other, each)));
  }
  return value === wanted;
}

/** Whether a rule's parameters demand the gate's check. */
export function demandsCheck(parameters: JsonObject): boolean {
  return holds(parameters["required_status_checks"], [{ context: checkContext }]);
}

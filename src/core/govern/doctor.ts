/**
 * What is unsafe about how a forge guards a registry. It looks at rulesets as they are, whoever made them; what it
 * cannot see it says, and never takes for safe.
 */
import type { CodeDefinition } from "../model/diagnostic.ts";
import { isObject } from "../model/json.ts";
import * as codes from "./doctor-codes.ts";
import { coversBranch, type ForgeSettings, type Ruleset } from "./forge-settings.ts";
import { checkContext, demandsCheck, isReleaseGuarded, RELEASE_ENVIRONMENT } from "./setup.ts";

/** One thing that is unsafe. */
export interface Ailment {
  readonly definition: CodeDefinition;
  /** What is unsafe here, a sentence. */
  readonly message: string;
  /** A file of the repository, or which settings. */
  readonly where: string;
}

const inSettings =
  (page: string) =>
  (definition: CodeDefinition, message: string): Ailment => ({ definition, message, where: page });
const inRulesets = inSettings("Settings, Rules, Rulesets");
const inActions = inSettings("Settings, Actions, General");
const inGeneral = inSettings("Settings, General");

/**
 * Everything unsafe about a repository's settings. `branch`: the protected branch, without `refs/heads/`; `publishes`:
 * whether a workflow is given keys of releases.
 */
export function examineForge(
  settings: ForgeSettings,
  branch: string,
  publishes: boolean,
): readonly Ailment[] {
  return [
    ...examineRules(settings, branch),
    ...examineSettings(settings, branch),
    ...(publishes ? examineEnvironment(settings) : []),
  ];
}

function examineEnvironment(settings: ForgeSettings): readonly Ailment[] {
  const say = inSettings("Settings, Environments");
  if (settings.environments === null)
    return [say(codes.unreadable, "The environments cannot be read with this token.")];
  if (isReleaseGuarded(settings)) return [];
  const isThere = settings.environments.some(({ name }) => name === RELEASE_ENVIRONMENT);
  const what = isThere ? "is reached from any branch" : "is not there, and comes without protection";
  return [say(codes.releaseKeysOpen, `The environment "${RELEASE_ENVIRONMENT}" ${what}.`)];
}

function examineRules(settings: ForgeSettings, branch: string): readonly Ailment[] {
  if (settings.rulesets === null)
    return [inRulesets(codes.unreadable, "The rulesets cannot be read with this token.")];
  const active = settings.rulesets.filter(
    (each) => each.enforcement === "active" && coversBranch(each, branch, settings.defaultBranch),
  );
  const rules = active.flatMap((ruleset) => ruleset.rules.map((rule) => ({ ...rule, ruleset })));
  const has = (type: string): boolean => rules.some((rule) => rule.type === type);
  const found: Ailment[] = [];
  const checks = rules.filter(
    ({ type, parameters }) => type === "required_status_checks" && demandsCheck(parameters),
  );
  if (checks.length === 0) {
    const idle = settings.rulesets.some(
      (each) =>
        each.enforcement !== "active" && each.rules.some(({ parameters }) => demandsCheck(parameters)),
    );
    const reason = idle ? "a ruleset that does is not active" : "no ruleset does";
    found.push(
      inRulesets(
        codes.noRequiredCheck,
        `Nothing demands the check "${checkContext}" on ${branch}: ${reason}.`,
      ),
    );
  } else {
    if (!checks.some(({ parameters }) => isBound(parameters["required_status_checks"]))) {
      found.push(inRulesets(codes.checkSourceOpen, `The check "${checkContext}" may come from any App.`));
    }
    const strict = checks.some(
      ({ parameters }) => parameters["strict_required_status_checks_policy"] === true,
    );
    if (!strict && !has("merge_queue"))
      found.push(inRulesets(codes.notUpToDate, `A branch behind ${branch} may be merged.`));
  }
  if (!has("pull_request") && checks.length === 0)
    found.push(inRulesets(codes.directPush, `Pushes to ${branch} need no pull request.`));
  for (const [type, what] of [
    ["non_fast_forward", "force-pushed"],
    ["deletion", "deleted"],
  ] as const) {
    if (!has(type)) found.push(inRulesets(codes.rewritable, `${branch} may be ${what}.`));
  }
  return [...found, ...active.flatMap(examineBypass)];
}

function examineBypass({ name, bypassActors }: Ruleset): readonly Ailment[] {
  if (bypassActors === null)
    return [
      inRulesets(codes.unreadable, `Who may bypass the ruleset "${name}" cannot be read with this token.`),
    ];
  if (bypassActors === 0) return [];
  const who = bypassActors === 1 ? "One account, role or App" : `${bypassActors} accounts, roles or Apps`;
  return [inRulesets(codes.bypass, `${who} may bypass the ruleset "${name}".`)];
}

function isBound(checks: unknown): boolean {
  return (
    Array.isArray(checks) &&
    checks.some(
      (each: unknown) =>
        isObject(each) && each["context"] === checkContext && typeof each["integration_id"] === "number",
    )
  );
}

function examineSettings(settings: ForgeSettings, branch: string): readonly Ailment[] {
  const {
    defaultBranch,
    allowRebaseMerge,
    actions,
    workflowToken: token,
    codeownersErrors: errors,
  } = settings;
  const found: Ailment[] = [];
  if (defaultBranch !== branch)
    found.push(
      inGeneral(
        codes.otherDefaultBranch,
        `The default branch is ${defaultBranch}, and registry.yaml protects ${branch}.`,
      ),
    );
  if (allowRebaseMerge === true) found.push(inGeneral(codes.rebaseMerge, "Rebase merging is allowed."));
  if (allowRebaseMerge === null)
    found.push(
      inGeneral(codes.unreadable, "How pull requests may be merged cannot be read with this token."),
    );
  if (token === null)
    found.push(inActions(codes.unreadable, "What workflows may do cannot be read with this token."));
  else if (token.permissions !== "read" || token.mayApprove) {
    const may = [
      ...(token.permissions === "read" ? [] : ["write"]),
      ...(token.mayApprove ? ["approve pull requests"] : []),
    ];
    found.push(inActions(codes.workflowToken, `By default workflows may ${may.join(" and ")}.`));
  }
  if (actions?.enabled === true && actions.allowed === "all" && !actions.shaPinningRequired) {
    found.push(inActions(codes.anyAction, "All actions are allowed, and need not be pinned to a commit."));
  }
  for (const { line, kind, path } of errors ?? []) {
    found.push({
      definition: codes.codeownersErrors,
      message: `GitHub says of line ${line}: ${kind}.`,
      where: `${path}:${line}`,
    });
  }
  return found;
}

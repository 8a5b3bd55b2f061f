/**
 * What is unsafe in a repository's workflows and in the lock of the tool that judges. Reads texts; runs nothing. It
 * looks for the faults that let a stranger's pull request run with the base's token, not for style.
 */
import { parse } from "yaml";
import { isObject, type Json, type JsonObject } from "../model/json.ts";
import type { CodeDefinition } from "../model/diagnostic.ts";
import type { Ailment } from "./doctor.ts";
import * as codes from "./doctor-codes.ts";

/** Full commit of an action, or digest of an image. */
const pinned = /^(?:\.\/|docker:\/\/[^@]+@sha256:[0-9a-f]{64}$|[\w.-]+\/[\w./-]+@[0-9a-f]{40}$)/;

/** Values that the sender of an event chooses. */
const chosenByStrangers = /\bgithub\.(?:event\.|head_ref\b)|\bgithub\s*\[/;

/** Refs of a pull request's own commits. */
const ofTheChange = /github\.head_ref|github\.event\.(?:pull_request\.head|workflow_run\.head_)|refs\/pull\//;

/** Secrets by the names that sign releases (app/release-keys.ts), as an expression reads them. */
const releaseSecret =
  /\bsecrets\s*(?:\.\s*|\[\s*\W{1,3})ASSENT_(?:(?:TARGETS|SNAPSHOT|TIMESTAMP)_(?:KEY|PASSPHRASE)|KEY_PASSPHRASE)\b/i;
const rootSecret = /\bsecrets\s*(?:\.\s*|\[\s*\W{1,3})ASSENT_ROOT_(?:KEY|PASSPHRASE)\b/i;

/** Whether a workflow is given keys of releases. */
export function readsReleaseKeys(text: string): boolean {
  return releaseSecret.test(text);
}

/** Everything unsafe in one workflow, or in an action of the repository itself. */
export function examineWorkflow(where: string, text: string): readonly Ailment[] {
  const found: Ailment[] = [];
  const say = (definition: CodeDefinition, message: string): unknown =>
    found.push({ definition, message, where });
  let value: Json;
  try {
    value = parse(text, { maxAliasCount: 100 }) as Json;
  } catch {
    return [{ definition: codes.workflowUnreadable, message: "It is no YAML.", where }];
  }
  const workflow = isObject(value) ? value : {};
  const jobs = isObject(workflow["jobs"]) ? Object.entries(workflow["jobs"]) : [];
  const started = triggers(workflow["on"]);
  const trusted = started.some((each) => each === "pull_request_target" || each === "workflow_run");
  const byChange = trusted || started.some((each) => each.startsWith("pull_request"));
  if (rootSecret.test(text)) say(codes.rootKeyOnline, "It reads the key of the root.");
  if (releaseSecret.test(JSON.stringify(workflow["env"] ?? {})))
    say(codes.releaseKeysOpen, "All of its jobs are given keys of releases.");
  for (const [name, job] of jobs) {
    if (!isObject(job)) continue;
    if (workflow["permissions"] === undefined && job["permissions"] === undefined) {
      say(codes.workflowPermissions, `Job ${name} has the permissions of the repository's default.`);
    }
    if (typeof job["uses"] === "string") examineUse(job["uses"], say);
    if (releaseSecret.test(JSON.stringify(job))) {
      if (job["environment"] === undefined)
        say(codes.releaseKeysOpen, `Job ${name} reads keys of releases and names no environment.`);
      if (byChange)
        say(codes.releaseKeysOpen, `Job ${name} reads keys of releases, and pull requests start it.`);
    }
    examineSteps(job["steps"], trusted, name, say);
  }
  const runs = isObject(workflow["runs"]) ? workflow["runs"] : {};
  examineSteps(runs["steps"], false, "the action", say);
  return found;
}

type Say = (definition: CodeDefinition, message: string) => unknown;

function examineSteps(steps: Json | undefined, trusted: boolean, name: string, say: Say): void {
  for (const step of Array.isArray(steps) ? steps.filter(isObject) : []) {
    const { uses, run } = step;
    if (typeof uses === "string") examineUse(uses, say);
    if (typeof run === "string" && expressionsIn(run).some((each) => chosenByStrangers.test(each))) {
      say(codes.workflowEventText, `${name} pastes a value of the event into a script.`);
    }
    const ref = isObject(step["with"]) ? step["with"]["ref"] : undefined;
    const checksOut =
      typeof uses === "string" &&
      uses.startsWith("actions/checkout") &&
      typeof ref === "string" &&
      ofTheChange.test(ref);
    const fetches =
      typeof run === "string" &&
      /git\s+(?:checkout|switch|pull|merge)\b/.test(run) &&
      ofTheChange.test(run + JSON.stringify(step["env"] ?? {}));
    if (trusted && (checksOut || fetches))
      say(codes.workflowRunsChange, `${name} checks out the pull request's files.`);
  }
}

/** What stands between `${{` and `}}`. */
function expressionsIn(text: string): readonly string[] {
  return text
    .split("${{")
    .slice(1)
    .map((part) => part.split("}}")[0] ?? "");
}

function examineUse(uses: string, say: Say): void {
  if (!pinned.test(uses)) say(codes.workflowUnpinned, `${uses} is not pinned to a commit.`);
}

function triggers(on: Json | undefined): readonly string[] {
  if (typeof on === "string") return [on];
  if (Array.isArray(on)) return on.map(String);
  return isObject(on) ? Object.keys(on) : [];
}

/** What is wrong with `.github/assent`: its manifest and its lock, as texts. */
export function examineTool(manifest: string | undefined, lock: string | undefined): readonly Ailment[] {
  const folder = ".github/assent";
  const missing = [
    ...(manifest === undefined ? ["package.json"] : []),
    ...(lock === undefined ? ["package-lock.json"] : []),
  ];
  if (lock === undefined || missing.length > 0) {
    return [
      { definition: codes.toolMissing, message: `There is no ${missing.join(" and no ")}.`, where: folder },
    ];
  }
  const where = `${folder}/package-lock.json`;
  const packages = packagesOf(lock);
  if (packages === undefined)
    return [{ definition: codes.toolUnlocked, message: "It is no lock of npm 7 or later.", where }];
  return Object.entries(packages).flatMap(([path, each]) => {
    const open =
      path !== "" && !(isObject(each) && typeof each["integrity"] === "string" && each["link"] !== true);
    return open ? [{ definition: codes.toolUnlocked, message: `${path} has no integrity.`, where }] : [];
  });
}

function packagesOf(lock: string): JsonObject | undefined {
  try {
    const value = JSON.parse(lock) as Json;
    return isObject(value) && isObject(value["packages"]) ? value["packages"] : undefined;
  } catch {
    return undefined;
  }
}

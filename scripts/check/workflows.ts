/**
 * What actionlint does not ask of a GitHub workflow: that every action is pinned to a commit, that permissions are
 * given explicitly, and that nothing which a stranger writes (a title, a branch name) is pasted into a script.
 */
import { parse } from "yaml";

interface Step {
  readonly run?: unknown;
}

interface Job {
  readonly permissions?: unknown;
  readonly steps?: readonly Step[];
}

interface Workflow {
  readonly permissions?: unknown;
  readonly jobs?: Readonly<Record<string, Job>>;
}

/** A version comment after the pin lets a reader, and an updating bot, see what the commit is. */
const pinned = /^[\w./-]+@[0-9a-f]{40} # v\d+(?:\.\d+){0,2}$/;

/** Values that the sender of an event chooses. */
const chosenByStrangers = /\$\{\{(?:(?!\}\}).)*\bgithub\.(?:event|head_ref)\b/s;

/** Everything wrong with a workflow, as sentences; empty when nothing is. */
export function workflowFaults(text: string): readonly string[] {
  const faults: string[] = [];
  const workflow = parse(text) as Workflow;
  for (const [, uses = ""] of text.matchAll(/^\s*(?:- )?uses:\s*(.+?)\s*$/gm)) {
    if (!uses.startsWith("./") && !pinned.test(uses)) {
      faults.push(`${uses} is not pinned to a commit with its version beside it`);
    }
  }
  for (const [name, job] of Object.entries(workflow.jobs ?? {})) {
    if (workflow.permissions === undefined && job.permissions === undefined) {
      faults.push(`job ${name} has the permissions of the repository's default: state them`);
    }
    for (const { run } of job.steps ?? []) {
      if (typeof run === "string" && chosenByStrangers.test(run)) {
        faults.push(`job ${name} pastes a value that a stranger chooses into a script: pass it by env`);
      }
    }
  }
  return faults;
}

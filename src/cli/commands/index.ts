/**
 * The table of commands: name, group, one line of help, and where the command stands.
 * A new command is its file and one line here; a test asserts that list, folder and summaries agree.
 */
import type { Command, Group } from "../command.ts";

export interface CommandLine {
  readonly name: string;
  readonly group: Group;
  readonly summary: string;
  load(): Promise<Command>;
}

export const commands: readonly CommandLine[] = [
  {
    name: "status",
    group: "Author",
    summary: "what is live where, what is on its way, and the next command to type",
    load: async () => (await import("./status.ts")).status,
  },
  {
    name: "init",
    group: "Author",
    summary: "begin a registry that lints clean, with entries to start from",
    load: async () => (await import("./init.ts")).init,
  },
  {
    name: "new",
    group: "Author",
    summary: "add an entry; what follows from the registry or an older version is filled in",
    load: async () => (await import("./new.ts")).newCommand,
  },
  {
    name: "clone",
    group: "Author",
    summary: "add an entry that says what another one says, under a new id",
    load: async () => (await import("./clone.ts")).clone,
  },
  {
    name: "edit",
    group: "Author",
    summary: "change the same fields of many entries, all of them or none",
    load: async () => (await import("./edit.ts")).edit,
  },
  {
    name: "fmt",
    group: "Author",
    summary: "write entries in their canonical layout, comments kept",
    load: async () => (await import("./fmt.ts")).fmt,
  },
  {
    name: "import",
    group: "Author",
    summary: "make entries of a foreign catalogue, and keep them up to date",
    load: async () => (await import("./import.ts")).importCommand,
  },
  {
    name: "lint",
    group: "Author",
    summary: "check everything that can be known without approvals",
    load: async () => (await import("./lint.ts")).lint,
  },
  {
    name: "explain",
    group: "Author",
    summary: "the page of a diagnostic: what it means, why it matters, how to fix it",
    load: async () => (await import("./explain.ts")).explain,
  },
  {
    name: "publish",
    group: "Author",
    summary: "register a bundle's version, its evaluations and missing datasets from one request",
    load: async () => (await import("./publish.ts")).publish,
  },
  {
    name: "evaluation",
    group: "Author",
    summary: "record what test suites measured",
    load: async () => (await import("./evaluation.ts")).evaluation,
  },
  {
    name: "transition",
    group: "Author",
    summary: "move an entry to another state",
    load: async () => (await import("./transition.ts")).transition,
  },
  {
    name: "promote",
    group: "Author",
    summary: "make a bundle live in a scope",
    load: async () => (await import("./promote.ts")).promote,
  },
  {
    name: "rollback",
    group: "Author",
    summary: "return a scope to what was live before",
    load: async () => (await import("./rollback.ts")).rollback,
  },
  {
    name: "deactivate",
    group: "Author",
    summary: "take what is live out of a scope",
    load: async () => (await import("./deactivate.ts")).deactivate,
  },
  {
    name: "alias",
    group: "Author",
    summary: "names for exact versions of models and pipelines",
    load: async () => (await import("./alias.ts")).alias,
  },
  {
    name: "sync",
    group: "Author",
    summary: "bring people and roles in step with a forge",
    load: async () => (await import("./sync.ts")).sync,
  },
  {
    name: "plan",
    group: "Review",
    summary: "what a change means: what goes live where, what it replaces, who must agree",
    load: async () => (await import("./plan.ts")).plan,
  },
  {
    name: "gate",
    group: "Review",
    summary: "decide whether a change may land, and say why",
    load: async () => (await import("./gate.ts")).gate,
  },
  {
    name: "sign",
    group: "Review",
    summary: "approve a change with your SSH key, without any forge",
    load: async () => (await import("./sign.ts")).sign,
  },
  {
    name: "merge",
    group: "Review",
    summary: "land a change that has its signed approvals, without any forge",
    load: async () => (await import("./merge.ts")).merge,
  },
  {
    name: "verify-push",
    group: "Review",
    summary: "judge a push before it is taken: the gate as a pre-receive hook",
    load: async () => (await import("./verify-push.ts")).verifyPush,
  },
  {
    name: "codeowners",
    group: "Review",
    summary: "who owns which path, and the file that tells GitHub",
    load: async () => (await import("./codeowners.ts")).codeowners,
  },
  {
    name: "rules",
    group: "Review",
    summary: "who must agree to what, in plain words",
    load: async () => (await import("./rules.ts")).rules,
  },
  {
    name: "backtest",
    group: "Review",
    summary: "which past landings a policy would have denied",
    load: async () => (await import("./backtest.ts")).backtest,
  },
  {
    name: "app",
    group: "Review",
    summary: "the gate as a GitHub App: a webhook server",
    load: async () => (await import("./app.ts")).app,
  },
  {
    name: "setup",
    group: "Review",
    summary: "make a forge guard the registry: rulesets, settings, workflows",
    load: async () => (await import("./setup.ts")).setup,
  },
  {
    name: "doctor",
    group: "Review",
    summary: "find what is unsafe around the registry, and how to mend it",
    load: async () => (await import("./doctor.ts")).doctor,
  },
  {
    name: "resolve",
    group: "Ask",
    summary: "what is live in a scope, and why",
    load: async () => (await import("./resolve.ts")).resolve,
  },
  {
    name: "history",
    group: "Ask",
    summary: "who changed a scope or an entry, when and why",
    load: async () => (await import("./history.ts")).history,
  },
  {
    name: "events",
    group: "Ask",
    summary: "everything that happened, one event a line",
    load: async () => (await import("./events.ts")).events,
  },
  {
    name: "list",
    group: "Ask",
    summary: "entries of a kind, filtered and sorted",
    load: async () => (await import("./list.ts")).list,
  },
  {
    name: "show",
    group: "Ask",
    summary: "one entry, and what is derived about it",
    load: async () => (await import("./show.ts")).show,
  },
  {
    name: "search",
    group: "Ask",
    summary: "find entries by words in titles, descriptions, tags and names",
    load: async () => (await import("./search.ts")).search,
  },
  {
    name: "diff",
    group: "Ask",
    summary: "what two versions differ in, and what that means",
    load: async () => (await import("./diff.ts")).diff,
  },
  {
    name: "compat",
    group: "Ask",
    summary: "may one version replace the other",
    load: async () => (await import("./compat.ts")).compat,
  },
  {
    name: "lineage",
    group: "Ask",
    summary: "where an entry comes from, and what it goes into",
    load: async () => (await import("./lineage.ts")).lineage,
  },
  {
    name: "impact",
    group: "Ask",
    summary: "who is hit when an entry goes, or another takes its place",
    load: async () => (await import("./impact.ts")).impact,
  },
  {
    name: "schema",
    group: "Publish and consume",
    summary: "schemas for editors, completing references to the entries that exist now",
    load: async () => (await import("./schema.ts")).schema,
  },
  {
    name: "compile",
    group: "Publish and consume",
    summary: "the unsigned snapshot of a commit: what consumers read, with one digest",
    load: async () => (await import("./compile.ts")).compile,
  },
  {
    name: "key",
    group: "Publish and consume",
    summary: "the keys that sign releases: made, exchanged, looked at",
    load: async () => (await import("./key.ts")).key,
  },
  {
    name: "release",
    group: "Publish and consume",
    summary: "sign what landed, so that services can verify it offline",
    load: async () => (await import("./release.ts")).release,
  },
  {
    name: "push",
    group: "Publish and consume",
    summary: "publish a release to static hosts, OCI registries, S3 stores and GitHub",
    load: async () => (await import("./push.ts")).push,
  },
  {
    name: "pull",
    group: "Publish and consume",
    summary: "copy a release into a folder, verified whole",
    load: async () => (await import("./pull.ts")).pull,
  },
  {
    name: "verify",
    group: "Publish and consume",
    summary: "check a release down to its last file, and show who signed it until when",
    load: async () => (await import("./verify.ts")).verify,
  },
  {
    name: "export",
    group: "Publish and consume",
    summary: "the registry, or one entry, as what another program reads",
    load: async () => (await import("./export.ts")).exportCommand,
  },
  {
    name: "agent",
    group: "Publish and consume",
    summary: "keep a verified slice as a JSON file, for services in any language",
    load: async () => (await import("./agent.ts")).agent,
  },
  {
    name: "audit",
    group: "Publish and consume",
    summary: "append evidence; prove history; hand it to an auditor",
    load: async () => (await import("./audit.ts")).audit,
  },
];

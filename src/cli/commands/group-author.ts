/** Commands that write entries. One line a command; see index.ts. */
import type { CommandLine } from "./index.ts";

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
    name: "template",
    group: "Author",
    summary: "pipelines, invocations and deployments with parameters: render, compare",
    load: async () => (await import("./template.ts")).template,
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
    name: "policy",
    group: "Author",
    summary: "policies that come with the program: list, read, bring in, bind",
    load: async () => (await import("./policy.ts")).policy,
  },
  {
    name: "plugin",
    group: "Author",
    summary: "checks and formats of your own, in a sandbox: list, pin, compare, try",
    load: async () => (await import("./plugin.ts")).plugin,
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
];

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
    name: "resolve",
    group: "Ask",
    summary: "what is live in a scope, and why",
    load: async () => (await import("./resolve.ts")).resolve,
  },
  {
    name: "compile",
    group: "Publish and consume",
    summary: "the unsigned snapshot of a commit: what consumers read, with one digest",
    load: async () => (await import("./compile.ts")).compile,
  },
];

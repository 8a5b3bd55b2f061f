/**
 * The table of commands: name, group, one line of help, and where the command stands; a group has a file of its own.
 * A new command is its file and one line in its group; a test asserts that list, folder and summaries agree.
 */
import type { Command, Group } from "../command.ts";
import { commands as ask } from "./group-ask.ts";
import { commands as author } from "./group-author.ts";
import { commands as publishAndConsume } from "./group-publish-and-consume.ts";
import { commands as review } from "./group-review.ts";

export interface CommandLine {
  readonly name: string;
  readonly group: Group;
  readonly summary: string;
  load(): Promise<Command>;
}

/** In the order of help. */
export const commands: readonly CommandLine[] = [...author, ...review, ...ask, ...publishAndConsume];

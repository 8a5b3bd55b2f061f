/**
 * What a command is: how it is typed, and what it does with streams it is given.
 * A command only translates: flags -> operation -> renderer -> exit code. It must never decide anything.
 */
import type { Instant } from "../core/model/instant.ts";
import type { Progress } from "../core/model/progress.ts";
import type { Ports } from "../app/ports.ts";

/** Exit codes (CLI.md): 0 good, 1 the data or the answer is bad, 2 usage or operation, 3 a bug, 4 pending. */
export type ExitCode = 0 | 1 | 2 | 3 | 4;

export type Group = "Author" | "Review" | "Ask" | "Publish and consume";

/** One flag; `flags` in commander's spelling: `--base <rev>`, `--set <path=value...>`. */
export interface Option {
  readonly flags: string;
  readonly description: string;
  readonly choices?: readonly string[];
  /** The flag may be given several times; its value is then a list. */
  readonly repeatable?: boolean;
}

/** One argument; `name` in commander's spelling: `<scope>`, `[paths...]`. */
export interface Argument {
  readonly name: string;
  readonly description: string;
}

/** Flags as typed: a string, true for a flag without value, a list for a repeatable one. */
export type Flags = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

export interface Command {
  readonly name: string;
  /** One line for help. */
  readonly summary: string;
  /** Longer help: what it reads and writes, in sentences. */
  readonly description?: string;
  readonly arguments?: readonly Argument[];
  readonly options?: readonly Option[];
  /** Output formats beyond `text` and `json`. */
  readonly formats?: readonly string[];
  /** Command lines with what they do; shown in help and run by a test. */
  readonly examples: readonly { readonly line: string; readonly does: string }[];
  /** Commands below this one (`codeowners generate`); then `run` is for the bare command. */
  readonly subcommands?: readonly Command[];
  /** Absent only where subcommands stand. */
  run?(
    context: CommandContext,
    args: readonly (string | readonly string[] | undefined)[],
    flags: Flags,
  ): Promise<ExitCode>;
}

/** The flags every command understands (CLI.md, Global). */
export interface GlobalFlags {
  /** `-C`: where to look for the registry; default the working folder. */
  readonly repo: string | undefined;
  readonly format: string;
  readonly at: string | undefined;
  readonly asOf: Instant | undefined;
  readonly quiet: boolean;
}

/** Text styles for a terminal; each is the identity where colour is off. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
  green(text: string): string;
  blue(text: string): string;
  cyan(text: string): string;
}

export interface CommandContext {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly global: GlobalFlags;
  /** Standard output: machine output and answers. */
  out(text: string): void;
  /** Standard error: prose and progress; silent with --quiet. */
  note(text: string): void;
  /** Says how far long work is, on one line of standard error; does nothing when that is no terminal. */
  readonly progress: Progress;
  readStdin(): Promise<Uint8Array>;
  readonly style: Style;
  /** Width of the terminal, at most 100. */
  readonly columns: number;
  readonly version: string;
  readonly ports: Ports;
}

/**
 * The command line: argv -> command -> exit code. Every failure ends here, in words or as JSON.
 * Commands are loaded one at a time, so that start-up pays only for the one that runs.
 * It must never touch `process`; main.ts hands it everything.
 */
import { CommanderError, Command as Commander, Option as CommanderOption } from "commander";
import type { Ports } from "../app/ports.ts";
import { Failure } from "../core/model/failure.ts";
import { parseInstant } from "../core/model/instant.ts";
import type { Command, CommandContext, ExitCode, Flags, GlobalFlags, Style } from "./command.ts";
import { commands, type CommandLine } from "./commands/index.ts";
import { createProgressLine, noProgress, type ProgressLine } from "./progress.ts";
import { escapeTerminal } from "./render/escape.ts";
import { renderFailure } from "./render/failure.ts";

/** What the process gives the program. */
export interface Host {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  out(text: string): void;
  err(text: string): void;
  readStdin(): Promise<Uint8Array>;
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  readonly columns: number | undefined;
  /** A clock for progress that never goes back, in milliseconds; without one no progress is shown. */
  milliseconds?(): number;
  readonly version: string;
  style(colour: boolean): Promise<Style>;
  readonly ports: Ports;
}

/** Runs one command line (without node and script) and says how it ended. Never throws. */
export async function runProgram(argv: readonly string[], host: Host): Promise<ExitCode> {
  const json = wantsJson(argv);
  try {
    let code: ExitCode = 0;
    const line = spelledOut(argv);
    const program = await buildProgram(line, host, (result) => (code = result));
    await program.parseAsync([...line], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      const message = error.message.replace(/^error: /, "").replace(/\n+/g, " ");
      const failure = new Failure("usage/invalid", message, {
        hint: "Run the command with --help to see its arguments and flags.",
      });
      return fail(failure, host, json);
    }
    return fail(error, host, json);
  }
}

/** Prints what stopped the command; a bug says so, with the version. */
function fail(error: unknown, host: Host, json: boolean): ExitCode {
  const known = error instanceof Failure;
  if (json) host.out(`${JSON.stringify(renderFailure(error))}\n`);
  else {
    const { code, message, hint } = renderFailure(error);
    host.err(`error ${code}: ${escapeTerminal(message)}\n`);
    if (hint !== "") host.err(`  fix: ${escapeTerminal(hint)}\n`);
  }
  if (!known) {
    const stack = error instanceof Error ? error.stack : String(error);
    host.err(`This is a bug in assent ${host.version}. Please report it with the lines below.\n${stack}\n`);
  }
  return known ? 2 : 3;
}

function wantsJson(argv: readonly string[]): boolean {
  return argv.some(
    (arg, index) => arg === "--format=json" || (arg === "--format" && argv[index + 1] === "json"),
  );
}

async function buildProgram(
  argv: readonly string[],
  host: Host,
  done: (code: ExitCode) => void,
): Promise<Commander> {
  const program = new Commander("assent");
  program
    .description(
      "Nothing goes live without assent: a GitOps registry for AI models, pipelines, policies and bundles.",
    )
    .usage("<command> [arguments] [flags]")
    .version(host.version, "--version", "print the version")
    .helpOption("-h, --help", "show help")
    .helpCommand("help [command]", "show help for a command")
    .showSuggestionAfterError(true)
    .configureHelp({ helpWidth: Math.min(host.columns ?? 100, 100), sortSubcommands: false })
    .configureOutput({ writeOut: host.out, writeErr: () => {} })
    .exitOverride();
  addGlobalOptions(program);
  const wanted = argv[commandIndex(argv)];
  const known = commands.filter((line) => line.name === wanted);
  for (const line of known.length > 0 ? known : commands) {
    program.commandsGroup(`${line.group}:`);
    const command = known.length > 0 ? await line.load() : undefined;
    if (command === undefined) addStub(program, line);
    else addCommand(program, command, host, done);
  }
  return program;
}

/** The command line with its command: none is `status`, and `help lint` is `lint --help`. */
function spelledOut(argv: readonly string[]): readonly string[] {
  const at = commandIndex(argv);
  if (at < 0)
    return argv.some((arg) => ["-h", "--help", "--version"].includes(arg)) ? argv : ["status", ...argv];
  if (argv[at] !== "help") return argv;
  const rest = argv.filter((_, index) => index !== at);
  const wanted = rest[commandIndex(rest)];
  // Help for a word that is no command is the same mistake as the word itself, and gets the same suggestion.
  return wanted === undefined || commands.some(({ name }) => name === wanted) ? [...rest, "--help"] : rest;
}

/** Where the first word of argv stands that is no flag and no value of a global flag; -1 when there is none. */
function commandIndex(argv: readonly string[]): number {
  const withValue = new Set(["-C", "--repo", "--format", "--at", "--as-of", "--log-level"]);
  for (let index = 0; index < argv.length; index++) {
    const arg = argv[index] ?? "";
    if (withValue.has(arg)) index++;
    else if (!arg.startsWith("-")) return index;
  }
  return -1;
}

/** Help and suggestions need names and summaries only; `help <command>` loads the rest. */
function addStub(program: Commander, line: CommandLine): void {
  program.addCommand(new Commander(line.name).summary(line.summary).description(line.summary));
}

function addCommand(parent: Commander, command: Command, host: Host, done: (code: ExitCode) => void): void {
  const commander = parent.command(command.name).summary(command.summary);
  commander.description(command.description ?? command.summary);
  commander.addHelpOption(new CommanderOption("-h, --help", "show help").helpGroup("Global options:"));
  commander.configureHelp({ helpWidth: Math.min(host.columns ?? 100, 100) });
  for (const argument of command.arguments ?? []) commander.argument(argument.name, argument.description);
  for (const option of command.options ?? []) commander.addOption(commanderOption(option));
  commander.optionsGroup("Global options:");
  addGlobalOptions(commander);
  if (command.examples.length > 0) {
    const lines = command.examples.map(({ line, does }) => `  ${line}\n      ${does}`);
    commander.addHelpText("after", `\nExamples:\n${lines.join("\n")}`);
  }
  for (const subcommand of command.subcommands ?? []) addCommand(commander, subcommand, host, done);
  const run = command.run?.bind(command);
  if (run === undefined) {
    commander.allowExcessArguments().action(() => {
      throw incomplete(command, commander.args[0]);
    });
    return;
  }
  commander.action(async (...parameters: unknown[]) => {
    const args = parameters.slice(0, commander.registeredArguments.length) as (
      | string
      | string[]
      | undefined
    )[];
    const flags: Flags = commander.optsWithGlobals();
    const global = globalFlags(flags, command);
    const { line, context } = await contextOf(host, global, flags);
    try {
      done(await run(context, args, flags));
    } finally {
      line.clear();
    }
  });
}

/** What is wrong with a command that only stands for those below it. */
function incomplete(command: Command, word: string | undefined): Failure {
  const names = (command.subcommands ?? []).map(({ name }) => name);
  const message =
    word === undefined
      ? `assent ${command.name} does nothing by itself.`
      : `"${word}" is no command of assent ${command.name}.`;
  return new Failure("usage/invalid", message, {
    hint: `Write assent ${command.name} ${names.join(" or ")}.`,
  });
}

function commanderOption(option: NonNullable<Command["options"]>[number]): CommanderOption {
  const made = new CommanderOption(option.flags, option.description);
  if (option.choices !== undefined) made.choices([...option.choices]);
  if (option.repeatable === true) {
    made.argParser((value: string, previous: string[] | undefined) => [...(previous ?? []), value]);
  }
  return made;
}

const LOG_LEVELS = ["error", "warn", "info", "debug"];

function addGlobalOptions(commander: Commander): void {
  commander
    .option("-C, --repo <dir>", "the registry's repository (default: where you are)")
    .option("--format <format>", "output format (default: text)")
    .option("--at <instant|rev>", "the registry as it was at an instant or revision")
    .option("--as-of <instant>", "the clock that expiries are judged by")
    .option("--no-color", "no colours")
    .option("-q, --quiet", "no prose and no progress on standard error")
    .addOption(
      new CommanderOption(
        "--log-level <level>",
        "how much is told on standard error (default: info)",
      ).choices(LOG_LEVELS),
    );
}

function globalFlags(flags: Flags, command: Command): GlobalFlags {
  const format = typeof flags["format"] === "string" ? flags["format"] : "text";
  const formats = ["text", "json", ...(command.formats ?? [])];
  if (!formats.includes(format)) {
    throw new Failure("usage/format", `"${format}" is no output format of assent ${command.name}.`, {
      hint: `Use one of ${formats.join(", ")}.`,
    });
  }
  const asOf = typeof flags["asOf"] === "string" ? parseInstant(flags["asOf"]) : undefined;
  if (flags["asOf"] !== undefined && asOf === undefined) {
    throw new Failure("usage/instant", `"${String(flags["asOf"])}" is not an instant.`, {
      hint: "Write RFC 3339 in UTC, such as 2026-07-01T00:00:00Z.",
    });
  }
  const text = (name: string): string | undefined => {
    const value = flags[name];
    return typeof value === "string" ? value : undefined;
  };
  return { repo: text("repo"), format, at: text("at"), asOf, quiet: flags["quiet"] === true };
}

async function contextOf(
  host: Host,
  global: GlobalFlags,
  flags: Flags,
): Promise<{ readonly line: ProgressLine; readonly context: CommandContext }> {
  const { env } = host;
  const forced = env["FORCE_COLOR"] !== undefined && env["FORCE_COLOR"] !== "0";
  const refused = flags["color"] === false || (env["NO_COLOR"] ?? "") !== "" || env["FORCE_COLOR"] === "0";
  const colour = !refused && (forced || host.outIsTerminal) && global.format === "text";
  const level = flags["logLevel"];
  const silent = global.quiet || level === "error";
  const showsProgress = host.errIsTerminal && !silent && level !== "warn" && env["CI"] === undefined;
  const columns = Math.min(host.columns ?? 100, 100);
  const milliseconds = host.milliseconds?.bind(host);
  const line =
    showsProgress && milliseconds !== undefined
      ? createProgressLine({ write: host.err, milliseconds, columns })
      : noProgress;
  const behindLine = (write: (text: string) => void) => (text: string) => {
    line.clear();
    write(text);
  };
  const context: CommandContext = {
    cwd: host.cwd,
    env,
    global,
    out: behindLine(host.out),
    note: silent ? () => {} : behindLine(host.err),
    progress: line.show,
    readStdin: host.readStdin,
    style: await host.style(colour),
    columns,
    version: host.version,
    ports: host.ports,
  };
  return { line, context };
}

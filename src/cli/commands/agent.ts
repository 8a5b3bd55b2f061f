/** `assent agent`: flags -> a file that is kept up to date -> exit code. */
import { resolve } from "node:path";
import { keepSlice, writeSliceOnce, type AgentRequest, type AgentTold } from "../../app/agent.ts";
import { hostKindOf, folderIn } from "../../client/source/open.ts";
import { Failure } from "../../core/model/failure.ts";
import type { Command, CommandContext, Flags } from "../command.ts";
import { listFlag, neededFlag, shownBy, textFlag, wholeNumber } from "../flags.ts";
import { renderAgent, renderAgentFailure } from "../render/agent.ts";
import { escapeLine } from "../render/escape.ts";

export const agent: Command = {
  name: "agent",
  summary: "keep a verified slice as a JSON file, for services in any language",
  description:
    "Follows a release, verifies it, and keeps what one environment resolves from as one JSON file: every scope's answer in " +
    "every degrade mode, the bundles, and until when they may be used. The file is replaced whole. Past that instant its " +
    "answers are null; readers compare servesUntil with their clock, in case the agent itself is gone. Runs until it is " +
    "stopped; with --once it asks the sources once: exit code 0 when they gave a good release, else 2.",
  options: [
    { flags: "--out <file>", description: "the file to keep" },
    {
      flags: "--source <address>",
      description:
        "a folder, https://…, oci://…, s3://… or github-release:owner/repo; several fail over in this order",
      repeatable: true,
    },
    {
      flags: "--trust <file>",
      description: "the root to trust; it came from somewhere else than the release",
    },
    { flags: "--environment <name>", description: "the environment" },
    { flags: "--tenant <name>", description: "the tenant, where slices are cut by tenant" },
    { flags: "--registry <id>", description: "the registry that is expected" },
    { flags: "--min-sequence <n>", description: "refuse every release below this one" },
    { flags: "--interval <duration>", description: "how often to ask, seconds or PT30S (default: 30)" },
    {
      flags: "--serve-last-good <duration>",
      description: "go on for so long after the release has expired (default: not at all)",
    },
    { flags: "--cache <dir>", description: "where the verified release is kept (default: <file>.cache)" },
    { flags: "--once", description: "write the file once and end" },
    { flags: "--unsigned", description: "development: a compiled snapshot's folder that nobody signed" },
  ],
  examples: [
    {
      line: "assent agent --out live.json --source https://models.example.com --trust root.json --environment prod",
      does: "keeps live.json current",
    },
  ],
  async run(context, _args, flags) {
    const request = requestOf(context, flags);
    const { ports, global } = context;
    const shown = { ...shownBy(context), out: textFlag(flags, "out") ?? "" };
    const told: AgentTold = {
      written: (document) => context.out(renderAgent(document, shown)),
      warned: (message) => context.note(`${escapeLine(message)}\n`),
      failed: (failure) => context.note(renderAgentFailure(failure)),
    };
    if (flags["once"] === true) {
      told.written(await writeSliceOnce(request, ports, global.quiet ? { ...told, failed: () => {} } : told));
      return 0;
    }
    await keepSlice(request, ports, told, (milliseconds, run) => {
      const timer = setTimeout(run, Math.min(milliseconds, LONGEST_WAIT));
      return () => clearTimeout(timer);
    });
    // Until the process is told to end; its timers keep it alive.
    return new Promise(() => {});
  },
};

const LONGEST_WAIT = 2 ** 31 - 1;

function requestOf(context: CommandContext, flags: Flags): AgentRequest {
  const out = resolve(context.cwd, neededFlag(flags, "out", "--out <file>"));
  const sources = listFlag(flags, "source").map((address) => inFolder(context.cwd, address));
  if (sources.length === 0) {
    throw new Failure("usage/missing-flag", "--source <address> is missing.", {
      hint: "Say --source, once for each place that the release may be read from.",
    });
  }
  const trust = textFlag(flags, "trust");
  const minSequence = textFlag(flags, "minSequence");
  return {
    folder: context.cwd,
    out,
    sources,
    trust: trust === undefined ? undefined : context.ports.readInput(context.cwd, trust),
    unsigned: flags["unsigned"] === true,
    environment: neededFlag(flags, "environment", "--environment <name>"),
    tenant: textFlag(flags, "tenant"),
    registry: textFlag(flags, "registry"),
    minSequence: minSequence === undefined ? undefined : wholeNumber(minSequence, "--min-sequence"),
    cacheDir: resolve(context.cwd, textFlag(flags, "cache") ?? `${out}.cache`),
    interval: durationOf(textFlag(flags, "interval") ?? "30"),
    serveLastGood: durationOf(textFlag(flags, "serveLastGood")),
    env: context.env,
  };
}

function inFolder(folder: string, address: string): string {
  return hostKindOf(address) === "directory" ? resolve(folder, folderIn(address)) : address;
}

function durationOf(typed: string): number | string;
function durationOf(typed: string | undefined): number | string | undefined;
function durationOf(typed: string | undefined): number | string | undefined {
  return typed !== undefined && /^\d{1,9}$/.test(typed) ? Number(typed) : typed;
}

/**
 * The process: the only file that reads `process.*`. It joins the command line to the adapters and must never
 * decide anything else.
 */
import { writeSync } from "node:fs";
import { createRequire } from "node:module";
import { instantOfSeconds } from "./core/model/instant.ts";
import type { Ports } from "./app/ports.ts";
import type { Style } from "./cli/command.ts";

declare const ASSENT_VERSION: string | undefined;

/** Set by the build; from source it is read from package.json. */
const version =
  typeof ASSENT_VERSION === "string"
    ? ASSENT_VERSION
    : (createRequire(import.meta.url)("../package.json") as { version: string }).version;

const argv = process.argv.slice(2);

// The YAML library prints its tokens to standard output when it finds these; an answer must not depend on them.
delete process.env["LOG_TOKENS"];
delete process.env["LOG_STREAM"];

if (argv.length === 1 && argv[0] === "--version") writeSync(1, `${version}\n`);
else void run();

async function run(): Promise<void> {
  const { runProgram } = await import("./cli/program.ts");
  const { openOutput } = await import("./adapters/stdio.ts");
  const end = (): never => process.exit(0);
  const out = openOutput(1, () => process.stdout, end);
  const err = openOutput(2, () => process.stderr, end);
  process.exitCode = await runProgram(argv, {
    cwd: process.cwd(),
    env: process.env,
    out: out.write,
    err: err.write,
    readStdin,
    outIsTerminal: out.isTerminal,
    errIsTerminal: err.isTerminal,
    columns: out.columns,
    version,
    style,
    ports: await joinPorts(),
  });
}

/** The neighbours of operations. A registry stands at the top of its repository; one in a subfolder has no history. */
async function joinPorts(): Promise<Ports> {
  const { findRegistryFolder, openWorkTree, readInput } = await import("./adapters/worktree/open.ts");
  const { discoverRepository } = await import("./adapters/git/discover.ts");
  const { openRepository } = await import("./adapters/git/open.ts");
  const { readSourceFolder } = await import("./adapters/source-folder.ts");
  const { openSnapshotFolder } = await import("./adapters/snapshot-folder.ts");
  const seconds = (): number => Math.floor(Date.now() / 1000);
  return {
    now: () => instantOfSeconds(seconds()),
    findRoot(folder) {
      const top = discoverRepository(folder)?.root ?? undefined;
      return findRegistryFolder(folder) ?? top;
    },
    openWorkTree,
    async openRepository(folder) {
      const place = discoverRepository(folder);
      if (place === undefined || (place.root !== null && place.root !== openWorkTree(folder).root)) return undefined;
      return openRepository(folder, { env: process.env, now: seconds });
    },
    readInput,
    openSnapshotFolder,
    readSourceFolder,
  };
}

async function readStdin(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

async function style(colour: boolean): Promise<Style> {
  const plain = (text: string): string => text;
  if (!colour) return { bold: plain, dim: plain, red: plain, yellow: plain, green: plain, blue: plain, cyan: plain };
  const { Chalk } = await import("chalk");
  const { bold, dim, red, yellow, green, blue, cyan } = new Chalk({ level: 1 });
  return { bold, dim, red, yellow, green, blue, cyan };
}

/**
 * The process: the only file that reads `process.*`. It starts the command line with the adapters that
 * join.ts puts together, and must never decide anything else.
 */
import { writeSync } from "node:fs";
import { createRequire } from "node:module";
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
  const { joinPorts } = await import("./join.ts");
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
    ports: joinPorts({ env: process.env, seconds: () => Math.floor(Date.now() / 1000) }),
  });
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

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
  // The same class that the program knows, and not one more of the same name in assent.js.
  const { Failure } = await import("./core/model/failure.ts");
  let lost = false;
  const err = openOutput(
    2,
    () => process.stderr,
    () => (lost = true),
  );
  const out = openOutput(
    1,
    () => process.stdout,
    (code) => {
      lost = true;
      // A terminal's stream may tell after the program has ended.
      process.exitCode = 2;
      err.write(
        `error output/lost: The answer could not be written (${code}).\n  fix: Make room, and run the command again.\n`,
      );
    },
  );
  const code = await runProgram(argv, {
    get cwd() {
      try {
        return process.cwd();
      } catch (cause) {
        throw new Failure("usage/working-folder", "The folder you are in does not exist any more.", {
          hint: "Go to another folder.",
          cause,
        });
      }
    },
    env: process.env,
    out: out.write,
    err: err.write,
    readStdin,
    outIsTerminal: out.isTerminal,
    errIsTerminal: err.isTerminal,
    columns: out.columns,
    milliseconds: () => performance.now(),
    version,
    style,
    ports: joinPorts({ env: process.env, seconds: () => Math.floor(Date.now() / 1000) }),
  });
  process.exitCode = lost ? 2 : code;
}

async function readStdin(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

async function style(colour: boolean): Promise<Style> {
  const plain = (text: string): string => text;
  if (!colour)
    return { bold: plain, dim: plain, red: plain, yellow: plain, green: plain, blue: plain, cyan: plain };
  const { Chalk } = await import("chalk");
  const { bold, dim, red, yellow, green, blue, cyan } = new Chalk({ level: 1 });
  return { bold, dim, red, yellow, green, blue, cyan };
}

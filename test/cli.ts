/** The program through its front door, in this process, with the real adapters joined as main.ts joins them. */
import { runProgram } from "../src/cli/program.ts";
import { joinPorts } from "../src/join.ts";
import { plainEnvironment } from "./repository-on-disk.ts";

/** 2026-07-02T00:00:00Z, the moment at which every test runs. */
const now = 1_782_950_400;

/** The neighbours at a moment, for a user of git. */
const portsAt = (at: number, git: Readonly<Record<string, string>> = {}) =>
  joinPorts({ env: { ...plainEnvironment, ...git }, seconds: () => at, pace: 1 });

const ports = portsAt(now);

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command line; `columns` and `env` as a terminal would have them. Colours are shown as `<red>text</red>`. */
export async function run(
  argv: readonly string[],
  options: {
    readonly cwd: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly columns?: number;
    /** Standard error is a terminal, with this clock for progress. */
    readonly milliseconds?: () => number;
    /** Another moment, in seconds since the epoch, and who uses git there. */
    readonly host?: { readonly now: number; readonly git: Readonly<Record<string, string>> };
  },
): Promise<Ran> {
  let stdout = "";
  let stderr = "";
  const code = await runProgram(argv, {
    cwd: options.cwd,
    env: options.env ?? {},
    out: (text) => void (stdout += text),
    err: (text) => void (stderr += text),
    readStdin: () => Promise.resolve(new Uint8Array()),
    outIsTerminal: false,
    errIsTerminal: options.milliseconds !== undefined,
    columns: options.columns ?? 100,
    ...(options.milliseconds && { milliseconds: options.milliseconds }),
    version: "0.0.0",
    style: (colour) => Promise.resolve(styleOf(colour)),
    ports: options.host === undefined ? ports : portsAt(options.host.now, options.host.git),
  });
  return { code, stdout, stderr };
}

function styleOf(colour: boolean) {
  const paint = (name: string) => (text: string) => (colour ? `<${name}>${text}</${name}>` : text);
  return {
    bold: paint("bold"),
    dim: paint("dim"),
    red: paint("red"),
    yellow: paint("yellow"),
    green: paint("green"),
    blue: paint("blue"),
    cyan: paint("cyan"),
  };
}

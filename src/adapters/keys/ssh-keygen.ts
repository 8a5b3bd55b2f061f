/**
 * Signs with somebody's SSH key through ssh-keygen, which knows files, agents, tokens and passphrases; no private key is
 * ever read here. What it must never do: sign with another key than the one that was named.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, isAbsolute, join, resolve } from "node:path";
import type { Signer } from "../../app/ports.ts";
import { Failure } from "../../core/model/failure.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** What ssh-keygen needs to find keys and to ask people. */
const passed = [
  "PATH",
  "HOME",
  "USERPROFILE",
  "SystemRoot",
  "SYSTEMROOT",
  "TEMP",
  "TMP",
  "TMPDIR",
  "TERM",
  "DISPLAY",
  "WAYLAND_DISPLAY",
  "XDG_RUNTIME_DIR",
  "SSH_AUTH_SOCK",
  "SSH_ASKPASS",
  "SSH_ASKPASS_REQUIRE",
  "SSH_SK_PROVIDER",
];

/** Signs a message; see `Signer.sign`. */
export async function signWithSsh(request: Parameters<Signer["sign"]>[0], env: Environment): Promise<string> {
  const { message, namespace, folder, keyFile, publicKeys } = request;
  // A name that reads as an option would be one.
  if (!/^[a-z][a-z0-9@.-]*$/.test(namespace)) throw new Error(`not a namespace: ${namespace}`);
  const sign = (file: string): Promise<string> =>
    run(env, ["-q", "-Y", "sign", "-n", namespace, "-f", file], message);
  if (keyFile !== undefined) {
    const file = resolve(folder, keyFile);
    if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) {
      throw new Failure("keys/not-found", `There is no key in ${keyFile}.`, {
        hint: "Name the private key's file, or the public one's where the key is in an agent.",
      });
    }
    return sign(file);
  }
  const wanted = new Set(publicKeys.map(withoutComment));
  const file = fileOf(wanted, env);
  if (file !== undefined) return sign(file);
  const inAgent = (await agentKeys(env)).find((key) => wanted.has(key));
  if (inAgent === undefined) {
    throw new Failure(
      "keys/not-found",
      "None of the identity's keys that are in force is in ~/.ssh or in your agent.",
      {
        hint: "Name one with --key <file>, or load it: ssh-add <file>.",
      },
    );
  }
  const scratch = mkdtempSync(join(tmpdir(), "assent-key-"));
  try {
    writeFileSync(join(scratch, "key.pub"), `${inAgent}\n`, { mode: 0o600 });
    return await sign(join(scratch, "key.pub"));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The file below ~/.ssh that holds one of these keys: the private one's where it is there, else the public one's. */
function fileOf(wanted: ReadonlySet<string>, env: Environment): string | undefined {
  const folder = join(env["HOME"] ?? env["USERPROFILE"] ?? "/nonexistent", ".ssh");
  if (!existsSync(folder)) return undefined;
  for (const name of readdirSync(folder).sort()) {
    if (!name.endsWith(".pub")) continue;
    const file = join(folder, name);
    const found = statSync(file, { throwIfNoEntry: false });
    if (
      found?.isFile() !== true ||
      found.size > 20_000 ||
      !wanted.has(withoutComment(readFileSync(file, "utf8")))
    )
      continue;
    const own = file.slice(0, -".pub".length);
    return existsSync(own) ? own : file;
  }
  return undefined;
}

async function agentKeys(env: Environment): Promise<readonly string[]> {
  if ((env["SSH_AUTH_SOCK"] ?? "") === "") return [];
  return new Promise((done) => {
    const child = spawn(programOf("ssh-add", env), ["-L"], {
      env: environment(env),
      stdio: ["ignore", "pipe", "ignore"],
    });
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
    // No agent, or an empty one: then there is nothing to choose from.
    child.on("error", () => done([]));
    child.on("close", () => done(text.split("\n").map(withoutComment)));
  });
}

function withoutComment(line: string): string {
  return line.trim().split(/\s+/).slice(0, 2).join(" ");
}

/** ssh-keygen reads the message from its input and asks for passphrases on the terminal; its prompts go to standard error. */
function run(env: Environment, args: readonly string[], input: string | Uint8Array): Promise<string> {
  return new Promise((done, failed) => {
    // Its standard error is the user's: there it says when a token waits to be touched.
    const child = spawn(programOf("ssh-keygen", env), args, {
      env: environment(env),
      stdio: ["pipe", "pipe", "inherit"],
    });
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString("latin1")));
    child.stdin.on("error", () => {});
    child.on("error", (cause) => failed(notSigned(cause.message, cause)));
    child.on("close", (code) =>
      code === 0 && text.includes("BEGIN SSH SIGNATURE")
        ? done(text)
        : failed(notSigned(`it ended with code ${code ?? "none"}, and what it said stands above`)),
    );
    child.stdin.end(input);
  });
}

function notSigned(said: string, cause?: unknown): Failure {
  return new Failure("keys/not-signed", `ssh-keygen did not sign: ${said}.`, {
    hint: "Try ssh-keygen -Y sign -n test -f <key> with the same key, and repeat the command when that works.",
    category: "auth",
    cause,
  });
}

function environment(env: Environment): Record<string, string> {
  return Object.fromEntries(
    passed.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
  ) as Record<string, string>;
}

/** A program on the path; relative entries of the path are not looked at. */
function programOf(name: string, env: Environment): string {
  const file = delimiter === ";" ? `${name}.exe` : name;
  for (const folder of (env["PATH"] ?? env["Path"] ?? "").split(delimiter)) {
    if (isAbsolute(folder) && existsSync(join(folder, file))) return join(folder, file);
  }
  throw new Failure("keys/no-ssh-keygen", `There is no ${name} on the PATH.`, {
    hint: "Install OpenSSH 8.2 or newer.",
  });
}

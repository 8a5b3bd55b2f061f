/** Real SSH keys for tests: made, used and asked about by ssh-keygen itself. */
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { plainEnvironment } from "./repository-on-disk.ts";

export interface KeyOnDisk {
  /** The private key's file. */
  readonly file: string;
  /** `<type> <base64>`. */
  readonly publicKey: string;
}

/** A new key without a passphrase in a folder. */
export function newKey(folder: string, name: string, ...options: readonly string[]): KeyOnDisk {
  const file = join(folder, name);
  execFileSync(
    "ssh-keygen",
    ["-q", "-N", "", "-C", "", "-f", file, ...(options.length > 0 ? options : ["-t", "ed25519"])],
    { env: plainEnvironment },
  );
  return { file, publicKey: readFileSync(`${file}.pub`, "utf8").trim() };
}

/** Signs with `ssh-keygen -Y sign`. */
export function sshSign(
  key: KeyOnDisk,
  namespace: string,
  message: string,
  ...options: readonly string[]
): string {
  return execFileSync("ssh-keygen", ["-Y", "sign", "-q", "-f", key.file, "-n", namespace, ...options], {
    input: message,
    env: plainEnvironment,
    stdio: ["pipe", "pipe", "ignore"],
  }).toString();
}

/** Whether `ssh-keygen -Y verify` accepts a signature by this key. */
export function sshAccepts(
  folder: string,
  publicKey: string,
  namespace: string,
  message: string,
  signature: string,
): boolean {
  writeFileSync(join(folder, "allowed"), `somebody ${publicKey}\n`);
  writeFileSync(join(folder, "signature"), signature);
  const args = [
    "-Y",
    "verify",
    "-f",
    join(folder, "allowed"),
    "-I",
    "somebody",
    "-n",
    namespace,
    "-s",
    join(folder, "signature"),
  ];
  return spawnSync("ssh-keygen", args, { input: message, env: plainEnvironment }).status === 0;
}

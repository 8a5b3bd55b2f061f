/** Folders that authoring is tried in: a new registry as `assent init` makes it, and the examples beside the project. */
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect } from "vitest";
import { run } from "../cli.ts";
import { commitAll } from "./registry-folder.ts";
import { git, newFolder, newRepository } from "../repository-on-disk.ts";

export const examples = resolve(import.meta.dirname, "../../../shared/examples");

/** Why tests of the examples are skipped here; undefined where they are not. */
export const examplesMissing = existsSync(examples)
  ? undefined
  : "skipped: ../shared/examples is not on this machine";

/** The text of a file of a folder. */
export const textOf = (folder: string, path: string): string => readFileSync(join(folder, path), "utf8");

/** Writes a file of a folder, making its folders. */
export function put(folder: string, path: string, text: string | Uint8Array): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** Every file below a folder but git's own, by path. */
export function snapshotOf(folder: string): Readonly<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name).slice(folder.length + 1);
    if (entry.isFile() && !path.startsWith(".git/")) files[path] = readFileSync(join(folder, path), "utf8");
  }
  return files;
}

let template: Promise<string> | undefined;

/** A repository with a new registry that has landed. It is made once and copied for each test. */
export async function newRegistry(): Promise<string> {
  template ??= makeRegistry();
  const folder = newFolder();
  cpSync(await template, folder, { recursive: true });
  return folder;
}

async function makeRegistry(): Promise<string> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "assent-new-")));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  git(folder, ["init", "-q", "-b", "main", "."]);
  const made = await run(["init", "--id", "acme"], { cwd: folder });
  expect({ code: made.code, stderr: made.stderr }).toEqual({ code: 0, stderr: "" });
  commitAll(folder, "Begin");
  return folder;
}

/** The examples as a repository. */
export function exampleRegistry(): string {
  const folder = newRepository();
  cpSync(join(examples, "registry"), join(folder, "registry"), { recursive: true });
  cpSync(join(examples, "CODEOWNERS"), join(folder, "CODEOWNERS"));
  // They are read-only where they lie.
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.parentPath.includes("/.git"))
      chmodSync(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o755 : 0o644);
  }
  commitAll(folder, "Begin");
  return folder;
}

export { newFolder, newRepository, run };

const wire = resolve(import.meta.dirname, "../../schemas/wire");
const ajv = new Ajv2020({ strict: false, formats: { "date-time": true } });
for (const file of readdirSync(wire))
  ajv.addSchema(JSON.parse(readFileSync(join(wire, file), "utf8")) as object);

/** Asserts that an answer fits the published schema of its format. */
function expectFits(answer: Readonly<Record<string, unknown>>): void {
  const [, name] = /^assent\.([a-z-]+)\/v1$/.exec(String(answer["format"])) ?? [];
  const validate = ajv.getSchema(`https://assent.dev/schemas/wire/v1/${name}.schema.json`);
  expect({ name, known: validate !== undefined }).toEqual({ name, known: true });
  validate?.(answer);
  expect({ name, errors: validate?.errors ?? [] }).toEqual({ name, errors: [] });
}

/** Runs a command that must answer in JSON, in its published format. */
export async function json(
  folder: string,
  ...argv: readonly string[]
): Promise<{ readonly code: number; readonly answer: Readonly<Record<string, unknown>> }> {
  const { code, stdout, stderr } = await run([...argv, "--format", "json"], { cwd: folder });
  expect(stdout, stderr).not.toBe("");
  const answer = JSON.parse(stdout) as Readonly<Record<string, unknown>>;
  expectFits(answer);
  return { code, answer };
}

/** Asserts that the folder lints clean, without a warning. */
export async function expectClean(folder: string): Promise<void> {
  const { answer } = await json(folder, "lint");
  expect(answer).toMatchObject({ ok: true, diagnostics: [] });
}

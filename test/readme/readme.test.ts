/** The examples in the READMEs are run, in order, and what they show must come out. */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commands } from "../../src/cli/commands/index.ts";
import { examplesOf, matches, type Example } from "./console.ts";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const temp = mkdtempSync(join(tmpdir(), "assent-readme-"));
const bin = join(temp, "bin");

/** The documents whose examples are run, each in folders of its own. */
const documents = { project: "README.md", governance: "registry/governance/README.md" };

const env = {
  ...process.env,
  PATH: `${bin}:${dirname(process.execPath)}:${process.env["PATH"]}`,
  NO_COLOR: "1",
  PYTHONPATH: join(root, "src/client/python"),
  PYTHONDONTWRITEBYTECODE: "1",
  COLUMNS: "100",
  GIT_AUTHOR_NAME: "Ada Marsh",
  GIT_AUTHOR_EMAIL: "5101+ada-payments@users.noreply.github.com",
  GIT_COMMITTER_NAME: "Ada Marsh",
  GIT_COMMITTER_EMAIL: "5101+ada-payments@users.noreply.github.com",
  GIT_AUTHOR_DATE: "2026-07-02T09:00:00Z",
  GIT_COMMITTER_DATE: "2026-07-02T09:00:00Z",
  GIT_CONFIG_GLOBAL: join(temp, "gitconfig"),
  GIT_CONFIG_NOSYSTEM: "1",
};

/** Commits are of one moment, so that the examples show the same; a server that judges landings wants them to be of now. */
function shell(command: string, cwd: string, isNow = false): { status: number | null; output: string } {
  const dated = isNow ? { ...env, GIT_AUTHOR_DATE: undefined, GIT_COMMITTER_DATE: undefined } : env;
  const { status, stdout, stderr } = spawnSync("bash", ["-c", command], {
    cwd,
    env: dated,
    encoding: "utf8",
    input: "",
  });
  return { status, output: `${stdout}${stderr}` };
}

beforeAll(() => {
  if (!existsSync(join(root, "dist/assent.js")))
    throw new Error("the READMEs run the built program: npm run build");
  mkdirSync(bin);
  writeFileSync(join(bin, "assent"), `#!/bin/sh\nexec node "${join(root, "dist/assent.js")}" "$@"\n`);
  chmodSync(join(bin, "assent"), 0o755);
  // As an installed package: what services import is found upwards of them.
  mkdirSync(join(temp, "node_modules"));
  symlinkSync(join(root, "dist"), join(temp, "node_modules/assent"));
  writeFileSync(
    join(temp, "gitconfig"),
    "[user]\n\tname = Ada Marsh\n\temail = 5101+ada-payments@users.noreply.github.com\n[init]\n\tdefaultBranch = main\n",
  );
  for (const name of Object.keys(documents)) {
    const copy = join(temp, name, "copy");
    mkdirSync(copy, { recursive: true });
    for (const path of ["registry", "CODEOWNERS"])
      cpSync(join(root, path), join(copy, path), { recursive: true });
    for (const [, file = "", code = ""] of scriptsIn(documents[name as keyof typeof documents]))
      writeFileSync(join(copy, file), code);
    shell("git init -q -b main && git add -A && git commit -q -m 'First landing'", copy);
  }
});

/** Programs that a document shows: `// <name>.mjs` in the first line says where they lie. */
function scriptsIn(path: string): Iterable<readonly string[]> {
  return readFileSync(join(root, path), "utf8").matchAll(/```js\n\/\/ (\w+\.mjs)\n([^]*?)```/g);
}

/** Why a command cannot be tried here; undefined where it can. */
function lacking(command: string): string | undefined {
  if (!command.startsWith("python3 ")) return undefined;
  const { status } = spawnSync("python3", ["-c", "import cryptography"]);
  return status === 0 ? undefined : "python3-cryptography";
}

afterAll(() => rmSync(temp, { recursive: true, force: true }));

/** The folders whose commits are made now. */
const live = new Set(["server"]);

function run(document: string, { folder, steps }: Example): void {
  const cwd = join(temp, document, folder ?? "copy");
  if (!existsSync(cwd)) mkdirSync(cwd);
  for (const { command, expected, exit, line } of steps) {
    if (lacking(command) !== undefined) continue;
    const { status, output } = shell(command, cwd, live.has(folder ?? ""));
    const seen = `line ${line}: $ ${command}\n${output}`;
    expect({ status, seen }).toEqual({ status: exit, seen });
    if (!matches(expected, output))
      expect(output.trim(), `line ${line}: $ ${command}`).toBe(expected.join("\n").trim());
  }
}

describe.each(Object.entries(documents))("%s: the examples of %s", (name, path) => {
  const examples = examplesOf(readFileSync(join(root, path), "utf8"));
  it.each(examples.map((example) => [example.steps[0]?.line ?? 0, example] as const))(
    "line %i",
    { timeout: 60_000 },
    (_, example) => {
      run(name, example);
    },
  );
});

describe("README.md", () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");

  it("shows every command", () => {
    const missing = commands.filter(({ name }) => !readme.includes(`assent ${name}`)).map(({ name }) => name);
    expect(missing).toEqual([]);
  });

  it("names no command that does not exist", () => {
    const named = [
      ...readme.matchAll(/^\$ assent ([a-z][a-z-]*)/gm),
      ...readme.matchAll(/`assent ([a-z][a-z-]*)/g),
    ].map((match) => match[1]);
    const known = new Set(commands.map(({ name }) => name));
    expect(named.filter((name) => name !== undefined && !known.has(name) && name !== "help")).toEqual([]);
  });
});

describe("the matcher of examples", () => {
  it("can fail", () => {
    expect(matches(["a …", "…", "z"], "a b\nc\nd\nz")).toBe(true);
    expect(matches(["a …", "…", "z"], "a b\nz")).toBe(true);
    expect(matches(["a …", "z"], "a b\nc\nz")).toBe(false);
    expect(matches(["a"], "a\nb")).toBe(false);
    expect(matches(["…", "end"], "x\ny\nend")).toBe(true);
    expect(matches(["ok (1.0)"], "ok (1x0)")).toBe(false);
  });
});

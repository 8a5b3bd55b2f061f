/** Templates as people use them, on this repository's own registry: rendered, written, drifting, a new version planned. */
import { execFileSync } from "node:child_process";
import {
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
import { join } from "node:path";
import { afterEach, beforeAll, expect, it } from "vitest";
import { parse } from "yaml";
import { templateYaml } from "../../src/cli/render/template.ts";
import type { Digest } from "../../src/core/model/digest.ts";
import { run } from "../cli.ts";
import { git, plainEnvironment } from "../repository-on-disk.ts";
import { commitAll } from "./registry-folder.ts";

const root = join(import.meta.dirname, "../..");
let folder = "";

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "assent-template-")));
  git(folder, ["init", "-q", "-b", "main", "."]);
  for (const name of ["registry", "CODEOWNERS", ".github"])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  commitAll(folder, "Begin");
  return () => rmSync(folder, { recursive: true, force: true });
});

afterEach(() => {
  git(folder, ["checkout", "-q", "main"]);
  git(folder, ["reset", "-q", "--hard", "HEAD"]);
  git(folder, ["clean", "-fdq"]);
});

const answer = "template:support/answer@1.0.0";
const rendering = "registry/pipelines/support/refund-answer/1.0.0.yaml";
const model = "model=model:openai/gpt-5.5@1.0.0";
const prompt = "prompt=config:support/assistant-prompt@1.1.0";
const given = ["--set", model, "--set", prompt];
const inFolder = (...argv: readonly string[]) => run(argv, { cwd: folder });
const json = async (...argv: readonly string[]) =>
  JSON.parse((await inFolder(...argv, "--format", "json")).stdout) as Record<string, unknown>;
const errorsOf = async (): Promise<readonly string[]> => {
  const { diagnostics } = await json("lint");
  return (diagnostics as readonly { severity: string; code: string; file: string; line: number }[])
    .filter(({ severity }) => severity === "error")
    .map(({ code, file, line }) => `${code} ${file}:${line}`);
};
const edit = (path: string, change: (text: string) => string): void =>
  writeFileSync(join(folder, path), change(readFileSync(join(folder, path), "utf8")));

/** Writes the next version of our template. */
function nextVersion(change: (text: string) => string, version = "1.1.0"): void {
  const text = readFileSync(join(folder, "registry/templates/support/answer/1.0.0.yaml"), "utf8");
  mkdirSync(join(folder, "registry/templates/support/answer"), { recursive: true });
  writeFileSync(join(folder, `registry/templates/support/answer/${version}.yaml`), change(text));
}

it("shows what a template gives, with a comment about where it came from that no parameter leaves", async () => {
  const redact = 'alsoRedact=["x\\nnodes: []"]';
  const { code, stdout } = await inFolder("template", "render", answer, ...given, "--set", redact);
  expect(code).toBe(0);
  const [first, second] = stdout.split("\n");
  expect(first).toMatch(
    /^# Rendered from template:support\/answer@1\.0\.0 \(sha256:[0-9a-f]{64}\); do not edit\.$/,
  );
  expect(second).toMatch(/^# Parameters: \{"alsoRedact":\["x\\nnodes: \[\]"\],/);
  // What another program reads is what was given, in one field.
  const value = parse(stdout) as { nodes: readonly { config: { fields?: readonly string[] } }[] };
  expect(value.nodes).toHaveLength(4);
  expect(value.nodes[0]?.config.fields).toEqual(["card_number", "iban", "x\nnodes: []"]);
});

it("breaks no comment, whatever a reader of YAML takes for the end of a line", () => {
  const breaks = "a\r\n\u0085\u2028\u2029b";
  const rendered = {
    template: answer,
    digest: `sha256:${"0".repeat(64)}` as Digest,
    type: "invocation" as const,
    parameters: { breaks },
  };
  const text = templateYaml({ ...rendered, result: { value: { breaks } } }, { breaks });
  const [, second = "", ...rest] = text.split("\n");
  expect(second).toBe('# Parameters: {"breaks":"a\\r\\n\\u0085\\u2028\\u2029b"}');
  expect(parse(rest.join("\n"))).toEqual({ breaks });
});

it("writes what was rendered to a file, as YAML or JSON, and nothing into the registry", async () => {
  for (const name of ["out.yaml", "out.json"])
    expect((await inFolder("template", "render", answer, ...given, "--out", name)).code).toBe(0);
  const [yaml, plain] = ["out.yaml", "out.json"].map((name) => readFileSync(join(folder, name), "utf8"));
  expect(parse(yaml!)).toEqual(JSON.parse(plain!));
  expect(git(folder, ["status", "--porcelain"])).toBe("?? out.json\n?? out.yaml\n");
});

it("says what is wrong with parameters, all at once", async () => {
  const { code, stdout } = await inFolder(
    "template",
    "render",
    answer,
    "--set",
    "modle=x",
    "--set",
    "concurrency=99",
  );
  expect(code).toBe(1);
  expect(stdout).toMatchInlineSnapshot(`
    "refused  template:support/answer@1.0.0 gives nothing for these parameters
      Parameter concurrency: 99 must be <= 64.
      Parameter modle: There is no key modle here.
          Did you mean model?
      The key model is missing.
          Add model.
      The key prompt is missing.
          Add prompt.
    "
  `);
});

it("adds an entry that lint renders again; the same again changes nothing, anything else is a conflict", async () => {
  const words = ["template", "render", answer, ...given, "--as", "pipeline:support/letter@1.0.0"];
  expect((await json(...words, "--dry-run"))["outcome"]).toBe("planned");
  expect(existsSync(join(folder, "registry/pipelines/support/letter"))).toBe(false);
  expect((await json(...words))["outcome"]).toBe("written");
  expect(await errorsOf()).toEqual([]);
  expect((await json(...words))["outcome"]).toBe("unchanged");
  expect((await json(...words, "--set", "concurrency=8"))["code"]).toBe("author/exists");
  const { stdout } = await inFolder("lineage", "pipeline:support/letter@1.0.0", "--up", "--depth", "1");
  expect(stdout).toContain(`derived from ${answer}`);
});

it("adds a Config for what an invocation gives, and no entry of another kind", async () => {
  const path = join(folder, "registry/templates/support/call");
  mkdirSync(path, { recursive: true });
  const text =
    "state: active\nspec:\n  type: invocation\n  parameters: { type: object, properties: { t: { type: number } } }\n  body: { temperature: { $param: t } }\n";
  writeFileSync(join(path, "1.0.0.yaml"), text);
  const words = ["template", "render", "template:support/call@1.0.0", "--set", "t=0.5", "--as"];
  expect((await json(...words, "pipeline:support/call@1.0.0"))["code"]).toBe("usage/id");
  expect((await json(...words, "support/call@1.0.0"))["outcome"]).toBe("written");
  expect(parse(readFileSync(join(folder, "registry/configs/support/call/1.0.0.yaml"), "utf8"))).toMatchObject(
    {
      spec: {
        type: "parameters",
        template: "template:support/call@1.0.0",
        parameters: { t: 0.5 },
        value: { temperature: 0.5 },
      },
    },
  );
  expect(await errorsOf()).toEqual([]);
});

it("finds what was changed by hand after it was rendered", async () => {
  expect(await errorsOf()).toEqual([]);
  edit(rendering, (text) =>
    text
      .replace("memory: 256Mi", "memory: 64Gi")
      .replace("concurrency: 8\n  input", "concurrency: 9\n  input"),
  );
  expect((await errorsOf()).map((line) => line.replace(/:\d+$/, ""))).toEqual([
    `template/drift ${rendering}`,
    `template/drift ${rendering}`,
  ]);
});

it("shows what a new version of a template changes, before it lands and for any two versions", async () => {
  git(folder, ["checkout", "-q", "-b", "change"]);
  nextVersion((text) => text.replace("timeout: PT30S", "timeout: PT20S"));
  commitAll(folder, "Answer sooner");
  const { stdout } = await inFolder("plan", "--base", "main");
  expect(stdout.slice(stdout.indexOf("Rendered from what changes")).split("\n\n")[0]).toMatchInlineSnapshot(`
    "Rendered from what changes  1 entry; none of them changes until it is rendered again
      changed  pipeline:support/refund-answer@1.0.0
        unknown    spec.execution  It runs under other limits.
          - {"concurrency":8,"timeout":"PT30S"}
          + {"concurrency":8,"timeout":"PT20S"}"
  `);
  const plan = await json("plan", "--base", "main");
  const diff = await json("template", "diff", `${answer}..template:support/answer@1.1.0`);
  expect(plan["renderings"]).toEqual(diff["renderings"]);
  expect(diff["renderings"]).toMatchObject([
    {
      ref: "pipeline:support/refund-answer@1.0.0",
      outcome: "changed",
      changes: [{ pointer: "/spec/execution", before: { timeout: "PT30S" }, after: { timeout: "PT20S" } }],
    },
  ]);
});

it("says which renderings a new version refuses", async () => {
  nextVersion(
    (text) => text.replace("maximum: 64", "maximum: 4").replace(/ {4}concurrency: 8\n/, ""),
    "2.0.0",
  );
  const { stdout, code } = await inFolder("template", "diff", answer, "template:support/answer@2.0.0");
  expect(code).toBe(0);
  expect(stdout).toMatchInlineSnapshot(`
    "template:support/answer@1.0.0 -> template:support/answer@2.0.0  1 rendering: 1 refused
      refused  pipeline:support/refund-answer@1.0.0
        Parameter concurrency: 8 must be <= 4.
    "
  `);
});

it("stays honest when a model is exchanged: rendered with the new one, or from no template any more", async () => {
  const words = ["template", "render", answer, ...given, "--as", "pipeline:support/letter@1.0.0"];
  expect((await json(...words))["outcome"]).toBe("written");
  commitAll(folder, "Write letters");
  const exchange = async (from: string, to: string): Promise<readonly string[]> => {
    const { migration } = await json("impact", from, "--to", to);
    const { stdout } = await inFolder("impact", from, "--to", to, "--format", "patch");
    execFileSync("git", ["apply", "-"], { cwd: folder, input: stdout, env: plainEnvironment });
    expect(await errorsOf()).toEqual([]);
    return (migration as { open: readonly { ref: string; why: string }[] }).open
      .filter(({ why }) => why.includes("template"))
      .map(({ ref }) => ref);
  };
  // A parameter names it: the new version is rendered with the other one.
  expect(await exchange("model:openai/gpt-5.4@1.0.0", "model:openai/gpt-5.5@1.0.0")).toEqual([]);
  const drafts = (name: string) => readdirSync(join(folder, "registry/pipelines/support", name)).sort();
  const draft = drafts("refund-answer").at(-1)!;
  const text = readFileSync(join(folder, "registry/pipelines/support/refund-answer", draft), "utf8");
  expect(text).toContain(`template: ${answer}\n  parameters:\n    model: model:openai/gpt-5.5@1.0.0`);
  // The template itself names it: what comes out is no rendering of it.
  const [small, large] = ["small", "large"].map((size) => `model:openai/text-embedding-3-${size}@1.0.0`);
  expect(await exchange(small!, large!)).toEqual([
    `pipeline:support/letter@${drafts("letter").at(-1)!.replace(".yaml", "")}`,
  ]);
  const letter = readFileSync(
    join(folder, "registry/pipelines/support/letter", drafts("letter").at(-1)!),
    "utf8",
  );
  expect(letter).not.toContain("template:");
  git(folder, ["reset", "-q", "--hard", "HEAD~1"]);
});

it("is told what it cannot do", async () => {
  const codes = await Promise.all(
    [
      ["render", answer, ...given, "--commit"],
      ["render", answer, ...given, "--type", "prompt"],
      ["render", answer, ...given, "--as", "x/y@1.0.0", "--out", "z"],
      ["render", answer, ...given, "--set", "__proto__.x=1"],
      ["render", "template:support/anser@1.0.0"],
      ["diff", answer],
      ["diff", `${answer}..`, answer],
    ].map(async (words) => (await json("template", ...words))["code"]),
  );
  expect(codes).toEqual([
    "usage/as",
    "usage/as",
    "usage/out-and-as",
    "usage/path",
    "usage/unknown-entry",
    "usage/two-versions",
    "usage/two-versions",
  ]);
});

/** Custom metadata from end to end: declared, asked, sorted by, required per change, unique, and in the catalogue as it is. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, expect, it } from "vitest";
import { unmark, type Files } from "../cases/case.ts";
import { run } from "../cli.ts";
import { git, newFolder } from "../repository-on-disk.ts";
import { commitAll, writeFiles } from "./registry-folder.ts";

const schema = (required: boolean): string =>
  `title: Risk
appliesTo: [Model]
required: ${required}
schema:
  type: object
  additionalProperties: false
  required: [score]
  properties:
    score: { type: number }
    register: { type: string }
index:
  - { path: score, type: number }
  - { path: register, unique: true }
`;
const model = (name: string, extensions = ""): Files => ({
  [`registry/models/acme/${name}/1.0.0.yaml`]: `title: ${name}\nspec:\n  provider: provider:acme\n  upstreamId: ${name}\n  type: classification\n${extensions}`,
});
const risk = (score: number, register: string): string =>
  `extensions:\n  acme-risk: { score: ${score}, register: ${register} }\n`;
const schemaPath = "registry/governance/metadata-schemas/acme-risk.yaml";

let folder = "";
beforeEach(() => {
  folder = newFolder();
  git(folder, ["init", "-q", "-b", "main", "."]);
  const files = { ...model("a", risk(9, "R-1")), ...model("b", risk(10, "R-2")), ...model("c") };
  writeFiles(folder, unmark({ [schemaPath]: schema(false), ...files }));
  commitAll(folder, "Begin");
  return () => rmSync(folder, { recursive: true, force: true });
});

const write = (files: Files): void => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), String(text));
  }
};
interface Told {
  readonly items: readonly { readonly ref: string }[];
  readonly code: string;
  readonly outcome: string;
  readonly diagnostics: readonly {
    readonly code: string;
    readonly severity: string;
    readonly file: string;
    readonly related: readonly { readonly file: string }[];
  }[];
}
const ask = async (...argv: readonly string[]): Promise<Told> =>
  JSON.parse((await run([...argv, "--format", "json"], { cwd: folder })).stdout) as Told;
const names = async (...argv: readonly string[]): Promise<readonly string[]> =>
  (await ask("list", "model", ...argv)).items.map(({ ref }) => ref.slice(11, 12));
const found = async (...argv: readonly string[]): Promise<readonly string[]> =>
  (await ask("lint", ...argv)).diagnostics.map(({ code, severity, file }) => `${severity} ${code} ${file}`);

it("is asked and sorted by its type, and a misspelt field is no answer", async () => {
  expect(await names("--where", "metadata.acme_risk.score > 9.5")).toEqual(["b"]);
  expect(await names("--where", 'extensions["acme-risk"].score == null')).toEqual(["c"]);
  expect(await names("--sort", "metadata.acme_risk.score")).toEqual(["a", "b", "c"]);
  expect(await names("--sort", "-extensions.acme-risk.score")).toEqual(["b", "a", "c"]);
  expect((await ask("list", "model", "--where", "metadata.acme_risk.scor > 3")).code).toBe("usage/where");
  expect((await ask("list", "model", "--sort", "metadata.acme_risk.scor")).code).toBe("usage/sort");
});

it("is unique where it says so, and both places are named", async () => {
  write(model("d", risk(1, "R-1")));
  const { diagnostics } = await ask("lint");
  expect(
    diagnostics.map(({ code, file, related }) => [code, file, related.map((each) => each.file)]),
  ).toEqual([
    ["extension/duplicate", "registry/models/acme/d/1.0.0.yaml", ["registry/models/acme/a/1.0.0.yaml"]],
  ]);
});

it("is required of what a change touches, and of nothing else", async () => {
  write({ [schemaPath]: schema(true) });
  const standing = "warning extension/missing registry/models/acme/c/1.0.0.yaml";
  // The landing that asks for it breaks nothing; what stands is told of.
  expect(await found("--base", "HEAD")).toEqual([standing]);
  commitAll(folder, "Ask for it");
  expect(await found("--base", "HEAD")).toEqual([standing]);
  write(model("a", `${risk(8, "R-1")}tags: [small]\n`));
  expect(await found("--base", "HEAD")).toEqual([standing]);
  write(model("c", "tags: [small]\n"));
  expect(await found("--base", "HEAD")).toEqual([
    standing,
    "error extension/required registry/models/acme/c/1.0.0.yaml",
  ]);
  // Restricting what is reported hides no warning about it.
  expect(await found("registry/models")).toEqual([standing]);
});

it("is asked for by commands that write", async () => {
  write({ [schemaPath]: schema(true) });
  commitAll(folder, "Ask for it");
  const words = [
    "new",
    "model",
    "acme/e@1.0.0",
    "--set",
    "spec.type=classification",
    "--set",
    "spec.upstreamId=e",
  ];
  const refused = await ask(...words);
  expect([refused.outcome, refused.diagnostics.map(({ code }) => code).sort()]).toEqual([
    "refused",
    ["extension/missing", "extension/required"],
  ]);
  const written = await ask(...words, "--set", 'extensions={"acme-risk":{"score":1,"register":"R-9"}}');
  expect(written.outcome).toBe("written");
});

it("stands in the catalogue as it stands in the entry", async () => {
  const out = join(folder, "snapshot");
  expect((await run(["compile", "--out", out], { cwd: folder })).code).toBe(0);
  const lines = readdirSync(out, { recursive: true, encoding: "utf8" })
    .filter((path) => /\.(?:jsonl?|ndjson)$/.test(path))
    .flatMap((path) => readFileSync(join(out, path), "utf8").split("\n"))
    .filter((line) => line.includes('"extensions"'));
  expect(
    lines.filter((line) => line.includes('"extensions":{"acme-risk":{"register":"R-2","score":10}}')),
  ).toHaveLength(1);
});

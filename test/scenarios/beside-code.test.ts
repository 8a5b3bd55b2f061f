/**
 * What is made of the registry for code and people beside it, and where code disagrees: pages that CI can hold, constants
 * that compilers take, names in code that the registry does not know or is about to end.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { AnySchema } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { beforeEach, describe, expect, it } from "vitest";
import { literalsOf } from "../../src/core/find/literals.ts";
import { run } from "../cli.ts";
import { newFolder } from "../repository-on-disk.ts";

const bin = join(import.meta.dirname, "../../node_modules/.bin");
const model = (upstreamId: string, more = ""): string =>
  `${more}spec: { provider: provider:acme, upstreamId: ${upstreamId}, type: embedding }\n`;

const registry: Readonly<Record<string, string>> = {
  "registry/registry.yaml": "id: tries\nownership:\n  - { path: /registry/, roles: [role:ml] }\n",
  "registry/governance/roles/ml.yaml": "members: [identity:ada]\n",
  "registry/governance/identities/ada.yaml": "github: { login: ada, id: 1 }\n",
  "registry/governance/environments/prod.yaml": "rank: 1\n",
  "registry/providers/acme.yaml":
    "env: [{ name: ACME_KEY }, { name: ACME_ORG, required: false }, { name: ACME_EMPTY }]\n",
  "registry/models/acme/chat-1/1.0.0.yaml": model("chat-1", 'title: "|<script>*/ `x` @everyone [a](b)"\n'),
  "registry/models/acme/chat-1/aliases.yaml": 'aliases: { stable: "1.0.0" }\n',
  "registry/models/acme/old-2/1.0.0.yaml": model(
    "old-2",
    'title: \'Old" */ """ \\\'\nstate: deprecated\nreason: Gone */ soon\nsunset: "2027-01-01"\nreplacedBy: model:acme/chat-1@1.0.0\n',
  ),
  "registry/models/acme/dead-3/1.0.0.yaml": model("dead-3", "state: retired\nreason: x\n"),
  "registry/models/acme/priced/1.0.0.yaml": `${model("priced-9")}facts:\n  capabilities: { contextLength: 1000 }\nserving:\n  pricing: { currency: USD, inputPerMillionTokens: "2.50" }\n`,
};

let folder = "";
function write(files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
const read = (path: string): string => readFileSync(join(folder, path), "utf8");
const assent = (...argv: readonly string[]) => run(argv, { cwd: folder });

beforeEach(() => {
  folder = newFolder();
  write(registry);
});

describe("docs", () => {
  it("writes pages, finds them stale, removes what it no longer makes and nothing else", async () => {
    expect((await assent("docs", "--check")).code).toBe(1);
    expect(existsSync(join(folder, "docs"))).toBe(false);
    expect((await assent("docs")).code).toBe(0);
    const pages = read("docs/registry/models.md");
    expect((await assent("docs", "--check")).stdout).toContain("unchanged");
    const mark = pages.slice(0, pages.indexOf("\n") + 1);
    write({ "docs/registry/gone.md": mark, "docs/registry/mine.md": "# Mine\n" });
    expect((await assent("docs", "--check")).stdout).toContain("docs/registry/gone.md");
    await assent("docs");
    expect([existsSync(join(folder, "docs/registry/gone.md")), read("docs/registry/mine.md")]).toEqual([
      false,
      "# Mine\n",
    ]);
    write({ "registry/models/acme/new-4/1.0.0.yaml": model("new-4") });
    const { code, stdout } = await assent("docs", "--check", "--format", "json");
    expect([code, (JSON.parse(stdout) as { changed: string[] }).changed]).toEqual([
      1,
      ["docs/registry/README.md", "docs/registry/models.md", "docs/registry/providers.md"],
    ]);
  });

  it("escapes what strangers wrote", async () => {
    write({ "registry/providers/acme.yaml": 'title: "a|b <img src=x> =cmd() [x](javascript:1) @here"\n' });
    await assent("docs");
    const row = read("docs/registry/providers.md")
      .split("\n")
      .find((line) => line.startsWith("| acme"));
    expect(row).toBe(
      "| acme | a\\|b &lt;img src=x&gt; =cmd\\(\\) \\[x\\]\\(javascript:1\\) &#64;here |  | active | 4 |  |",
    );
  });

  it.each(["registry/docs", "../out", "registry", ".git/x"])("writes nothing into %s", async (out) => {
    expect((await assent("docs", "--out", out)).code).toBe(2);
  });

  it("a registry that cannot be read whole makes no page that lacks something", async () => {
    write({ "registry/models/acme/bad/1.0.0.yaml": "a: [\n" });
    expect((await assent("docs")).code).toBe(2);
  });
});

describe("codegen", () => {
  it("TypeScript compiles strictly, marks what ends, and its shim warns", async () => {
    expect((await assent("codegen", "ts", "--out", "names.ts")).code).toBe(0);
    expect((await assent("codegen", "ts", "--out", "names.ts", "--check")).code).toBe(0);
    const text = read("names.ts");
    expect(text).toContain(
      "   * @deprecated deprecated until 2027-01-01. Use model:acme/chat-1@1.0.0. Gone *\\/ soon\n",
    );
    write({
      "use.ts": `import { models, aliases, watched, type ModelId } from "./names.ts";
const id: ModelId = "acme/chat-1@1.0.0";
const ref: "model:acme/chat-1@1.0.0" = models[id];
const alias: "model:acme/chat-1@1.0.0" = aliases["acme/chat-1@stable"];
// @ts-expect-error there is no such model
const wrong: ModelId = "acme/chat-2@1.0.0";
const said: string[] = [];
const table = watched({ "chat-1": 1, "old-2": 2, "acme/nope": 3 }, (message) => { said.push(message); });
export const all: readonly [string, string, ModelId, number, string] = [ref, alias, wrong, table["chat-1"], said.join("\\n")];
`,
    });
    const strict = [
      "--strict",
      "--noEmit",
      "--target",
      "es2022",
      "--lib",
      "es2022",
      "--module",
      "esnext",
      "--moduleResolution",
      "bundler",
    ];
    execFileSync(
      join(bin, "tsc"),
      [...strict, "--noUncheckedIndexedAccess", "--allowImportingTsExtensions", "--types", "", "use.ts"],
      { cwd: folder },
    );
    const printed = execFileSync(
      process.execPath,
      ["--input-type=module", "-e", 'const { all } = await import("./use.ts"); console.log(all[4]);'],
      { cwd: folder, encoding: "utf8" },
    );
    expect(printed).toBe(
      'Hard-coded model: "old-2" (model:acme/old-2@1.0.0): deprecated until 2027-01-01. Use model:acme/chat-1@1.0.0. Gone */ soon\n' +
        'Hard-coded model: "acme/nope" is not in the registry.\n',
    );
  });

  it("Python compiles, and its shim warns", async () => {
    expect((await assent("codegen", "python", "--out", "names.py")).code).toBe(0);
    execFileSync("python3", ["-m", "py_compile", "names.py"], { cwd: folder });
    const program =
      "import warnings, names\nwith warnings.catch_warnings(record=True) as seen:\n    warnings.simplefilter('always')\n    names.watch({'chat-1': 1, 'old-2': 2, 'nope': 3})\n    print(len(seen), names.ALIASES['acme/chat-1@stable'], names.DEPRECATED['acme/old-2@1.0.0'])\n";
    expect(execFileSync("python3", ["-c", program], { cwd: folder, encoding: "utf8" })).toBe(
      "2 model:acme/chat-1@1.0.0 deprecated until 2027-01-01. Use model:acme/chat-1@1.0.0. Gone */ soon\n",
    );
  });

  it("is stale when the registry moved on; another language is a usage error", async () => {
    await assent("codegen", "python");
    write({ "registry/models/acme/chat-1/aliases.yaml": 'aliases: { best: "1.0.0" }\n' });
    expect((await assent("codegen", "python", "--check")).code).toBe(1);
    expect((await assent("codegen", "cobol")).code).toBe(2);
    expect((await assent("codegen", "constructor")).code).toBe(2);
  });
});

describe("reconcile", () => {
  const found = async (files: Readonly<Record<string, string | Uint8Array>>, source = "code") => {
    write(Object.fromEntries(Object.entries(files).map(([path, text]) => [`code/${path}`, text])));
    const { code, stdout } = await assent("reconcile", source, "--format", "json");
    const { diagnostics } = JSON.parse(stdout) as {
      diagnostics: readonly { code: string; file: string; line: number; column: number }[];
    };
    return { code, said: diagnostics.map((each) => `${each.code} ${each.file}:${each.line}:${each.column}`) };
  };

  it.each([
    ["known, with an alias", 'call("chat-1")', ["reconcile/aliasable a.ts:1:7"]],
    ["an exact version, with an alias", "x = 'acme/chat-1@1.0.0'", ["reconcile/aliasable a.ts:1:6"]],
    ["the alias itself", 'x = "acme/chat-1@stable"', []],
    ["known, without an alias", 'x = "priced-9"', []],
    ["deprecated", 'm = { model: "acme/old-2" }', ["reconcile/deprecated a.ts:1:15"]],
    ["unknown, by what models are called", "const x = `gpt-99-turbo`", ["reconcile/unknown a.ts:1:12"]],
    ["unknown, by what the registry calls models", 'x = "chat-77"', ["reconcile/unknown a.ts:1:6"]],
    ["unknown, by what it is assigned to", 'model_name="foo/bar-1"', ["reconcile/unknown a.ts:1:13"]],
    ["unknown, as our own reference", 'x = "model:acme/nope@1.0.0"', ["reconcile/unknown a.ts:1:6"]],
    ["no model: an address", 'x = "https://a.test/gpt-4"', []],
    ["no model: a file", 'import x from "./gpt-4.ts"; y = "gpt-4.json"', []],
    ["no model: words", 'x = "chat-room"; model = "the best one"', []],
    ["a line nobody wrote", `${"x".repeat(3000)} "gpt-99"`, []],
  ])("%s", async (_, text, said) => {
    expect(await found({ "a.ts": `${text}\n` })).toEqual({ code: 0, said });
  });

  it("what is retired fails, and says what to use", async () => {
    expect(await found({ "a.py": 'M = "dead-3"\n' })).toEqual({
      code: 1,
      said: ["reconcile/retired a.py:1:6"],
    });
  });

  it("settings need no quotes; folders of others and the registry itself are not read", async () => {
    const { said } = await found({
      "app.env": "LLM_MODEL=gpt-99\n",
      "b.yaml": "deployment:\n  model: claude-77 # try\n",
      "node_modules/x.js": 'm("gpt-98")\n',
      ".git/x.js": 'm("gpt-98")\n',
      "data.bin": 'm("gpt-98")\n',
      "nul.ts": new Uint8Array([0x22, 0, 0x22]),
    });
    expect(said).toEqual([
      "reconcile/unknown app.env:1:11",
      "reconcile/unknown b.yaml:2:10",
      "reconcile/unread nul.ts:1:1",
    ]);
    const own = await assent("reconcile", ".", "--format", "json");
    expect(own.stdout).not.toContain('"registry/');
  });

  it("a LiteLLM configuration: prices, limits, unknown models, each where it is named", async () => {
    const config = `model_list:
  - model_name: a
    litellm_params: { model: acme/priced-9, api_key: sk-do-not-show }
    model_info: { mode: embedding, max_input_tokens: 1000, input_cost_per_token: 0.000003 }
  - model_name: b
    litellm_params: { model: acme/nobody }
`;
    const { said } = await found({ "litellm.yaml": config }, "code/litellm.yaml");
    expect(said).toEqual(["reconcile/differs litellm.yaml:3:30", "reconcile/unknown litellm.yaml:6:30"]);
    const text = await assent("reconcile", "code/litellm.yaml");
    expect(text.stdout.replace(/\s+/g, " ")).toContain("is 2.50; the configuration says 3");
    expect(text.stdout).not.toContain("sk-do-not-show");
    expect((await assent("reconcile", "code/litellm.yaml", "--max-warnings", "0")).code).toBe(1);
  });

  it.each(["github", "sarif", "junit", "markdown"])("as %s", async (format) => {
    write({ "code/a.ts": 'm("old-2")\n' });
    const { code, stdout } = await assent("reconcile", "code", "--format", format);
    expect([code, stdout.includes("reconcile/deprecated")]).toEqual([0, true]);
  });

  it("many quotes and long lines take time in proportion to the text", () => {
    const text = `${'"'.repeat(1999)}\n${"a = '".repeat(390)}\n${`${"k".repeat(90)}: `.repeat(20)}\n`.repeat(
      200,
    );
    expect([...literalsOf(text, true)].length).toBeLessThan(text.length);
  });
});

describe("doctor --env", () => {
  it("says which variables are there by name, and never shows a value", async () => {
    const env = { ACME_KEY: "sk-the-value-itself", ACME_EMPTY: "" };
    const { stdout } = await run(["doctor", "--env", "--format", "json"], { cwd: folder, env });
    expect((JSON.parse(stdout) as { variables: unknown }).variables).toEqual([
      { provider: "provider:acme", name: "ACME_KEY", required: true, present: true },
      { provider: "provider:acme", name: "ACME_ORG", required: false, present: false },
      { provider: "provider:acme", name: "ACME_EMPTY", required: true, present: false },
    ]);
    const text = await run(["doctor", "--env"], { cwd: folder, env });
    expect(text.stdout).toContain("ACME_EMPTY of provider:acme is not set.");
    expect(text.stdout + stdout).not.toContain("the-value-itself");
    const without = await run(["doctor", "--format", "json"], { cwd: folder, env });
    expect(without.stdout).not.toContain("ACME");
  });
});

describe("goldens", () => {
  const schemas = join(import.meta.dirname, "../../schemas/wire");
  const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true, strictRequired: false });
  for (const file of readdirSync(schemas))
    ajv.addSchema(JSON.parse(readFileSync(join(schemas, file), "utf8")) as AnySchema);
  const table = "provider,id,context length,input per million\nacme,priced-9,2000,3\nacme,fresh,10,1\n";
  const golden = (name: string): string => join(import.meta.dirname, "golden", name);

  it.each([
    ["import", ["import", "csv", "t.csv", "--dry-run"], 0],
    ["docs", ["docs"], 0],
    ["codegen", ["codegen", "ts"], 0],
    ["reconcile", ["reconcile", "code"], 1],
    ["doctor", ["doctor", "--env"], 1],
  ])("assent.%s/v1 of %j", async (format, argv, exit) => {
    write({ "t.csv": table, "code/a.ts": 'm("old-2", "chat-1");\nn("dead-3", "chat-77");\n' });
    const { code, stdout } = await assent(...argv, "--format", "json");
    const value = JSON.parse(stdout) as Readonly<Record<string, unknown>>;
    expect([code, value["format"]]).toEqual([exit, `assent.${format}/v1`]);
    const validate = ajv.getSchema(`https://assent.dev/schemas/wire/v1/${format}.schema.json`);
    expect(validate?.(value), JSON.stringify(validate?.errors)).toBe(true);
    expect(validate?.({ ...value, more: 1 })).toBe(false);
    await expect(`${JSON.stringify(value, null, 2)}\n`).toMatchFileSnapshot(golden(`${format}.json`));
  });

  it("the files that are made, to the byte", async () => {
    for (const argv of [["docs"], ["codegen", "ts"], ["codegen", "python"]]) await assent(...argv);
    await expect(read("docs/registry/models.md")).toMatchFileSnapshot(golden("models.md"));
    await expect(read("generated/assent-registry.ts")).toMatchFileSnapshot(golden("assent-registry.ts.txt"));
    await expect(read("generated/assent_registry.py")).toMatchFileSnapshot(golden("assent_registry.py.txt"));
  });

  it.each(["litellm", "models.dev", "backstage", "flagd"])("the export %s", async (format) => {
    const { stdout } = await assent("export", format);
    await expect(stdout.replace(/"version": "[^"]*"/, '"version": "..."')).toMatchFileSnapshot(
      golden(`export-${format}.txt`),
    );
  });
});

it("a configuration that cannot be read whole is said to be, and never taken for one that agrees", async () => {
  write({ "c.yaml": "model_list:\n  - &a { litellm_params: { model: acme/priced-9 } }\n  - *a\n" });
  const { stdout } = await assent("reconcile", "c.yaml", "--format", "json");
  const { counts, diagnostics } = JSON.parse(stdout) as {
    counts: unknown;
    diagnostics: readonly { code: string; message: string }[];
  };
  expect(counts).toEqual({ error: 0, warning: 1, info: 0 });
  expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([
    "reconcile/unread It uses an anchor (&name).",
  ]);
});

/**
 * Every command once with `--format json`, in the registry that `init` makes: what it prints has a published schema and
 * fits it. A command that is not in this table fails the test, so that no answer stays unpublished.
 */
import {
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
import { Ajv2020 } from "ajv/dist/2020.js";
import { beforeAll, describe, expect, it } from "vitest";
import type { Command } from "../../src/cli/command.ts";
import { commands } from "../../src/cli/commands/index.ts";
import { run } from "../cli.ts";
import { git } from "../repository-on-disk.ts";
import { commitAll } from "../scenarios/registry-folder.ts";

const root = join(import.meta.dirname, "../..");
const schemas = join(root, "schemas/wire");

type Wire = Readonly<Record<string, unknown>>;

const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true, strictRequired: false });
for (const file of readdirSync(schemas))
  ajv.addSchema(JSON.parse(readFileSync(join(schemas, file), "utf8")) as Wire);

const formatIn = /^assent\.([a-z-]+)\/v1$/;
const idOf = (format: unknown): string =>
  `https://assent.dev/schemas/wire/v1/${formatIn.exec(String(format))?.[1] ?? ""}.schema.json`;

const bundle = "bundle:support/reply@1.0.0";
const templateText = `state: active
spec:
  type: invocation
  parameters: { type: object, properties: { n: { type: integer } } }
  body: { temperature: { $param: n } }
`;
const because = ["--reason", "A try."];
const template = "template:support/try@1.0.0";
const policy = "registry/governance/approval-policies/go-live-prod.yaml";
const facts = {
  author: { id: 1, login: "your-github-login" },
  base: { ref: "refs/heads/main" },
  number: 1,
  mergedAt: null,
  reviews: [],
};
const request = { bundle_id: "support/reply", bundle_version: "1.0.0" };
const evaluated = {
  suite: "suite:support/prompt-checks@1.0.0",
  target: bundle,
  executedAt: "2026-07-01T09:00:00Z",
  status: "passed",
  metrics: { checks_passed: 1 },
};
const price = { "gpt-x": { litellm_provider: "openai", mode: "chat", max_input_tokens: 1000 } };

const pluginText =
  'plugin({ api: "assent.plugin/v1", summary: "Tries.", functions: { one: { apply() { return 1; } } } });\n';

/** The command, the words behind it, the format it answers in, and its exit code. */
const table: readonly (readonly [command: string, words: readonly string[], format: string, exit: number])[] =
  [
    ["status", [], "status", 0],
    ["init", ["../assent-never-made", "--dry-run"], "write", 0],
    ["new", ["role", "tries", "--dry-run"], "write", 0],
    ["clone", [bundle, "support/other@1.0.0", "--dry-run"], "write", 1],
    ["template render", [template, "--set", "n=1"], "template", 0],
    ["template render", [template, "--set", "n=one"], "template", 1],
    ["template render", [template, "--as", "support/tried@1.0.0", "--dry-run"], "write", 0],
    ["template diff", [template, template], "template-diff", 0],
    ["edit", ["bundle", "--where", "true", "--set", "title=X", ...because, "--dry-run"], "write", 0],
    ["fmt", ["--check"], "fmt", 0],
    ["import", ["litellm", "price.json", "--dry-run"], "import", 0],
    ["lint", [], "lint", 0],
    ["explain", [], "codes", 0],
    ["publish", ["request.json", "--dry-run"], "publish", 1],
    ["evaluation add", ["run.json", "--dry-run"], "write", 0],
    ["policy list", [], "packs", 0],
    ["policy show", ["eu-ai-act"], "pack", 0],
    ["policy add", ["licence-allow-list", "--dry-run"], "write", 0],
    ["policy bind", ["licence-allow-list", "prod"], "error", 2],
    ["plugin list", [], "plugins", 0],
    ["plugin add", ["tried", "--dry-run"], "write", 0],
    ["plugin verify", [], "plugin-verify", 0],
    ["plugin test", [], "plugin-test", 0],
    ["transition", [bundle, "retired", ...because, "--dry-run"], "write", 1],
    ["promote", ["support/reply@1.0.0", "--to", "stage", ...because, "--dry-run"], "write", 0],
    ["rollback", ["dev/support/reply", "--to", "1.0.0", ...because, "--dry-run"], "write", 0],
    ["deactivate", ["dev/support/reply", ...because, "--dry-run"], "write", 1],
    ["alias set", ["openai/gpt-4o-mini", "stable", "1.0.0", "--dry-run"], "write", 0],
    ["plan", ["--base", "HEAD", "--head", "HEAD"], "plan", 0],
    ["gate", ["--base", "HEAD", "--head", "HEAD", "--reviews", "reviews.json"], "decision", 0],
    ["sign", ["HEAD", "--identity", "nobody"], "sign", 1],
    ["merge", ["HEAD"], "merge", 0],
    ["verify-push", [], "verify-push", 0],
    ["codeowners generate", ["--check"], "codeowners-generated", 0],
    ["codeowners who", ["registry/registry.yaml", "elsewhere/x"], "codeowners", 0],
    ["codeowners lint", [], "lint", 0],
    ["rules", [], "rules", 0],
    ["backtest", [policy], "backtest", 0],
    ["doctor", [], "doctor", 1],
    ["resolve", ["dev/support/reply"], "resolution", 0],
    ["history", ["dev/support/reply"], "history", 0],
    ["events", [], "event", 0],
    ["list", ["model"], "list", 0],
    ["show", [bundle], "entry", 0],
    ["search", ["support"], "list", 0],
    ["diff", [bundle, bundle], "diff", 0],
    ["compat", [bundle, bundle], "compat", 0],
    ["compat", ["--matrix"], "matrix", 0],
    ["results", [bundle], "results", 0],
    ["trend", ["checks_passed", "--usecase", "support/reply"], "trend", 0],
    ["lineage", [bundle], "lineage", 0],
    ["impact", [bundle], "impact", 0],
    ["export", ["cyclonedx", bundle], "export", 0],
    ["report", ["inventory"], "report", 0],
    ["docs", [], "docs", 0],
    ["codegen", ["ts"], "codegen", 0],
    ["reconcile", ["price.json"], "reconcile", 0],
    ["artifacts verify", [], "artifacts", 0],
    ["schema", ["--check"], "schema", 0],
    ["compile", [], "compile", 0],
    ["audit verify", [], "audit", 0],
    ["audit export", ["--out", "export.tar"], "audit-export", 0],
  ];

/** Commands without an answer here, and where they are tried. */
const elsewhere: Readonly<Record<string, string>> = {
  "plugin render": "needs a pinned plugin: test/scenarios/plugins.test.ts",
  "audit record": "needs a witness's key: test/e2e/audit.test.ts",
  "key generate": "needs a passphrase: test/scenarios/release-keys.test.ts",
  "key rotate": "needs keys: test/scenarios/release-keys.test.ts",
  "key inspect": "needs a root: test/scenarios/release-keys.test.ts",
  release: "needs keys: test/scenarios/release.test.ts",
  agent: "needs a signed release: test/scenarios/agent.test.ts",
  push: "needs a release: test/hosts/static.test.ts",
  pull: "needs a release: test/hosts/static.test.ts",
  verify: "needs a release: test/hosts/static.test.ts",
  app: "a server that answers webhooks: test/e2e/github-app.test.ts",
  "setup github": "needs a forge: test/e2e/github-guard.test.ts",
  "sync github": "needs a forge, answers assent.write/v1: test/e2e/github-teams.test.ts",
};

function runnable(command: Command, name: string): readonly string[] {
  const below = (command.subcommands ?? []).flatMap((each) => runnable(each, `${name} ${each.name}`));
  return command.run === undefined ? below : [name, ...below];
}

it("knows every command", async () => {
  const names = await Promise.all(commands.map(async (line) => runnable(await line.load(), line.name)));
  const known = [...new Set(table.map(([name]) => name)), ...Object.keys(elsewhere)];
  expect(known.sort()).toEqual(names.flat().sort());
});

it("publishes every format that stands in the sources", () => {
  const sources = ["src/cli", "src/app", "src/core"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts"))
      .map((path) => readFileSync(join(root, folder, path), "utf8")),
  );
  const formats = new Set(
    sources.flatMap((text) => [...text.matchAll(/"(assent\.[a-z-]+\/v1)"/g)].map((match) => match[1]!)),
  );
  // What a clone remembers for itself is no answer.
  formats.delete("assent.audit-state/v1");
  formats.delete("assent.trusted/v1");
  // The interface that plugins speak is no answer either.
  formats.delete("assent.plugin/v1");
  expect(formats.size).toBeGreaterThan(30);
  expect([...formats].filter((format) => ajv.getSchema(idOf(format)) === undefined)).toEqual([]);
});

describe("every command", () => {
  let folder = "";
  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "assent-wire-")));
    git(folder, ["init", "-q", "-b", "main", "."]);
    const { code, stderr } = await run(["init", ".", "--id", "tried"], { cwd: folder });
    expect([code, stderr]).toEqual([0, ""]);
    const lock = join(folder, ".github/assent/package-lock.json");
    writeFileSync(lock, "{}\n");
    mkdirSync(join(folder, "registry/templates/support/try"), { recursive: true });
    writeFileSync(join(folder, "registry/templates/support/try/1.0.0.yaml"), templateText);
    mkdirSync(join(folder, ".github/assent/plugins"));
    writeFileSync(join(folder, ".github/assent/plugins/tried.js"), pluginText);
    for (const words of [["fmt"], ["schema"]]) await run(words, { cwd: folder });
    commitAll(folder, "Begin");
    const files = {
      "reviews.json": facts,
      "request.json": request,
      "run.json": evaluated,
      "price.json": price,
    };
    for (const [path, value] of Object.entries(files))
      writeFileSync(join(folder, path), JSON.stringify(value));
    return () => rmSync(folder, { recursive: true, force: true });
  });

  it.each(table)("%s %j answers assent.%s/v1, exit %i", async (command, words, format, exit) => {
    const argv = [...command.split(" "), ...words, "--format", "json"];
    const { code, stdout } = await run(argv, { cwd: folder });
    const lines = format === "event" ? stdout.trimEnd().split("\n") : [stdout];
    for (const line of lines) {
      const value = JSON.parse(line) as Wire;
      const validate = ajv.getSchema(idOf(value["format"]));
      expect([Object.keys(value)[0], value["format"]]).toEqual(["format", `assent.${format}/v1`]);
      validate?.(value);
      expect(validate?.errors ?? []).toEqual([]);
    }
    expect(code).toBe(exit);
  });
});

/**
 * The real catalogue, whole: unpacked from the archive beside the project, imported into an empty registry, linted,
 * imported again. The thousands of files are written to memory; what writing to disk takes is tried on small ones. Counts are those of the archive of 2026-07-02.
 */
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { importSource, type ImportRequest } from "../../src/app/import.ts";
import { lint } from "../../src/app/lint.ts";
import type { Ports, WorkTree } from "../../src/app/ports.ts";
import { compareBytes } from "../../src/core/model/json.ts";
import type { Instant } from "../../src/core/model/instant.ts";
import { treeOfTexts, type Tree } from "../../src/core/model/tree.ts";
import { parseFast } from "../../src/core/source/fast.ts";
import { readSourceFolder } from "../../src/adapters/source-folder.ts";
import { joinPorts } from "../../src/join.ts";
import { run } from "../cli.ts";
import { newFolder } from "../repository-on-disk.ts";

const archive = resolve(import.meta.dirname, "../../../shared/data/models.dev-2026-07-02.tar.xz");
const missing = existsSync(archive)
  ? undefined
  : "the archive of models.dev is not on this machine (../shared/data)";
const asOf = "2026-07-02T00:00:00Z" as Instant;

/** The neighbours an import has; the folder it is given is its registry, and no repository. */
const ports: Ports = {
  ...joinPorts({ env: {}, seconds: () => 1_782_950_400 }),
  findRoot: (folder) => folder,
  openRepository: async () => undefined,
};

const start: Readonly<Record<string, string>> = {
  "registry/registry.yaml": "id: catalogue\nownership:\n  - { path: /registry/, roles: [role:ml] }\n",
  "registry/governance/roles/ml.yaml": "title: ML\nmembers: [identity:ada]\n",
  "registry/governance/identities/ada.yaml": "title: Ada\ngithub: { login: ada, id: 1 }\n",
};

/** A registry on disk. */
function emptyRegistry(): string {
  const folder = newFolder();
  for (const [path, text] of Object.entries(start)) {
    mkdirSync(dirname(`${folder}/${path}`), { recursive: true });
    writeFileSync(`${folder}/${path}`, text);
  }
  return folder;
}

/** The same registry in memory. */
function inMemory(): { readonly ports: Ports; readonly files: ReadonlyMap<string, string> } {
  const files = new Map(Object.entries(start));
  const tree = (): Tree => treeOfTexts(Object.fromEntries(files));
  const workTree: WorkTree = {
    root: "/memory",
    readTree: tree,
    readFile: (path) => tree().get(path)?.read(),
    write(changes) {
      for (const { path, content } of changes) {
        if (content === null) files.delete(path);
        else files.set(path, typeof content === "string" ? content : new TextDecoder().decode(content));
      }
    },
  };
  return { ports: { ...ports, openWorkTree: () => workTree }, files };
}

function filesOf(folder: string): Readonly<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const entry of readdirSync(`${folder}/registry`, { recursive: true, withFileTypes: true })) {
    const path = `${entry.parentPath}/${entry.name}`;
    if (entry.isFile()) files[path.slice(folder.length + 1)] = readFileSync(path, "utf8");
  }
  return files;
}

describe.skipIf(missing !== undefined)(
  `the models.dev catalogue${missing === undefined ? "" : ` (skipped: ${missing})`}`,
  () => {
    let source = "";
    beforeAll(() => {
      source = realpathSync(mkdtempSync(join(tmpdir(), "assent-catalogue-")));
      execFileSync("tar", ["-xJf", archive, "-C", source]);
    });
    afterAll(() => rmSync(source, { recursive: true, force: true }));

    it("becomes 5,276 models that lint clean; what does not is reported one by one; a second import changes nothing", async () => {
      const { ports: memory, files: written } = inMemory();
      const folder = "/memory";
      const importAll = (request: Partial<ImportRequest> = {}) =>
        importSource({ folder, asOf, format: "models.dev", source, ...request }, {}, memory);
      const first = await importAll();
      expect(first.outcome).toBe("written");
      const { plan } = first;
      const kinds = (prefix: string): number => plan.imported.filter((ref) => ref.startsWith(prefix)).length;
      expect([kinds("model:"), kinds("provider:"), plan.changed.length, plan.conflicts.length]).toEqual([
        5276, 147, 0, 0,
      ]);

      const counts = (findings: typeof plan.notes): object => {
        const byCode: Record<string, number> = {};
        for (const { definition } of findings) byCode[definition.code] = (byCode[definition.code] ?? 0) + 1;
        return byCode;
      };
      expect(counts(plan.skipped)).toEqual({ "import/dangling-link": 31, "import/no-ending": 2 });
      expect(new Set(plan.skipped.map(({ at }) => at.file)).size).toBe(33);
      expect(counts(plan.notes)).toEqual({
        "import/contradiction": 131,
        "import/illegal-value": 4,
        "import/misspelt": 21,
        "import/rounded": 145,
        "import/shortened": 1,
      });
      expect(plan.notes.filter(({ message }) => message.startsWith("limit.output")).length).toBe(84);
      expect(Object.fromEntries(plan.dropped)).toEqual({
        "cost.citation": 1,
        "cost.image": 2,
        "cost.request": 1,
        "limit.context = 0": 94,
        "limit.input = 0": 5,
        "limit.output = 0": 156,
        "provider.shape (without provider.api)": 3,
      });

      const files = Object.fromEntries(written);
      const models = Object.entries(files).filter(([path]) => path.startsWith("registry/models/"));
      expect(models.length).toBe(5276);
      expect(
        models.filter(
          ([, text]) => text.includes("\nstate: deprecated\n") && text.includes("\nsunset: unknown\n"),
        ).length,
      ).toBe(121);
      expect(models.filter(([, text]) => text.includes("    note: ")).length).toBeGreaterThan(600);
      for (const [path] of models)
        expect(path).toMatch(/^registry\/models\/[a-z0-9._-]+\/[a-z0-9._-]+\/1\.0\.0\.yaml$/);
      const declined = Object.values(files).filter(
        (text) => parseFast(new TextEncoder().encode(text)) === undefined,
      );
      expect(declined.length / Object.keys(files).length).toBeLessThanOrEqual(0.02);

      const linted = await lint({ folder, asOf }, memory);
      expect(
        linted.diagnostics.filter(({ file, severity }) => severity === "error" && file !== "CODEOWNERS"),
      ).toEqual([]);

      const second = await importAll();
      expect([second.outcome, second.plan.unchanged.length]).toEqual(["unchanged", 5423]);
      expect(Object.fromEntries(written)).toEqual(files);
    });

    it("keeps the digits, the inheritance, the links and the comments of known records", async () => {
      const { ports: memory, files: written } = inMemory();
      const folder = "/memory";
      const only = [
        "openai/gpt-4o",
        "azure-cognitive-services/gpt-4o",
        "openrouter/~anthropic/*",
        "nvidia/qwen/qwen3.5-397b-a17b",
        "cloudflare-workers-ai/@cf/ibm-granite/*",
      ];
      const { plan } = await importSource({ folder, asOf, format: "models.dev", source, only }, {}, memory);
      expect(plan.imported.filter((ref) => ref.startsWith("provider:"))).toEqual([
        "provider:azure-cognitive-services",
        "provider:cloudflare-workers-ai",
        "provider:nvidia",
        "provider:openai",
        "provider:openrouter",
      ]);
      const files = Object.fromEntries(written);
      expect(files["registry/models/openai/gpt-4o/1.0.0.yaml"]).toContain(
        '  pricing:\n    currency: USD\n    inputPerMillionTokens: "2.50"\n    outputPerMillionTokens: "10.00"\n    cacheReadPerMillionTokens: "1.25"\n',
      );
      expect(files["registry/models/azure-cognitive-services/gpt-4o/1.0.0.yaml"]).toContain(
        "path: providers/azure/models/gpt-4o.toml\n",
      );
      const latest = Object.keys(files)
        .filter((path) => path.startsWith("registry/models/openrouter/"))
        .sort(compareBytes);
      expect(latest).toContain("registry/models/openrouter/anthropic-claude-haiku-latest/1.0.0.yaml");
      expect(files["registry/models/openrouter/anthropic-claude-haiku-latest/1.0.0.yaml"]).toContain(
        "upstreamId: ~anthropic/claude-haiku-latest\n",
      );
      expect(files["registry/models/nvidia/qwen-qwen3.5-397b-a17b/1.0.0.yaml"]).toContain("note: ");
      expect(
        files["registry/models/cloudflare-workers-ai/cf-ibm-granite-granite-4.0-h-micro/1.0.0.yaml"],
      ).toContain('upstreamId: "@cf/ibm-granite/granite-4.0-h-micro"\n');
    });

    it("refuses a source of which a part is missing, and says nothing about it was written", async () => {
      const { ports: memory, files: written } = inMemory();
      const folder = "/memory";
      const request = { folder, asOf, format: "models.dev", source, only: ["openai"] };
      await importSource(request, {}, memory);
      const before = Object.fromEntries(written);
      const half: Ports = {
        ...memory,
        readSourceFolder: (...asked) =>
          readSourceFolder(...asked).filter(({ path }) => !path.startsWith("providers/openai/models/")),
      };
      const { plan, outcome } = await importSource({ ...request, only: [] }, {}, half);
      expect(plan.refused?.definition.code).toBe("import/vanished-many");
      expect(outcome).toBe("unchanged");
      expect(Object.fromEntries(written)).toEqual(before);
    });
  },
);

/** What the published schema has against an answer. */
function against(name: string, answer: unknown): unknown {
  const ajv = new Ajv2020({ strict: false });
  for (const file of ["common", name]) {
    const path = resolve(import.meta.dirname, `../../schemas/wire/${file}.schema.json`);
    ajv.addSchema(JSON.parse(readFileSync(path, "utf8")) as object, file);
  }
  ajv.validate(name, answer);
  return ajv.errors ?? [];
}

describe("assent import", () => {
  async function command(
    cwd: string,
    ...argv: readonly string[]
  ): Promise<{ readonly code: number; readonly out: string }> {
    const { code, stdout } = await run(argv, { cwd });
    return { code, out: stdout };
  }

  const model = '[modalities]\ninput = ["text"]\noutput = ["text"]\n[cost]\ncached_input = 1.0\nimage = 2\n';

  function small(): { readonly folder: string; readonly source: string } {
    const [folder, source] = [emptyRegistry(), newFolder()];
    mkdirSync(`${source}/providers/acme/models`, { recursive: true });
    writeFileSync(`${source}/providers/acme/models/a.toml`, model);
    symlinkSync("gone.toml", `${source}/providers/acme/models/b.toml`);
    return { folder, source };
  }

  it("prints what was skipped and why, what has no field, and counts", async () => {
    const { folder, source } = small();
    const { code, out } = await command(folder, "import", "models.dev", source, "--as-of", asOf);
    expect(code).toBe(0);
    expect(out).toBe(`import/dangling-link  providers/acme/models/b.toml
  The link points at "providers/acme/models/gone.toml", which is not there.

noted: import/misspelt (1); --format json lists each
without a field here: cost.image (1)

written  imported 2, changed 0, unchanged 0, skipped 1, conflicts 0
`);
    expect((await command(folder, "import", "models.dev", source)).out).toContain(
      "unchanged  imported 0, changed 0, unchanged 2, skipped 1, conflicts 0\n",
    );
  });

  it("answers in JSON, and with --dry-run writes nothing", async () => {
    const { folder, source } = small();
    const before = filesOf(folder);
    const { code, out } = await command(
      folder,
      "import",
      "models.dev",
      source,
      "--dry-run",
      "--format",
      "json",
    );
    expect(code).toBe(0);
    expect(against("import", JSON.parse(out))).toEqual([]);
    expect(JSON.parse(out)).toMatchObject({
      format: "assent.import/v1",
      outcome: "planned",
      imported: ["model:acme/a@1.0.0", "provider:acme"],
      changed: [],
      unchanged: 0,
      skipped: [{ code: "import/dangling-link", severity: "warning", file: "providers/acme/models/b.toml" }],
      notes: [{ code: "import/misspelt", file: "providers/acme/models/a.toml" }],
      dropped: { "cost.image": 1 },
      refused: null,
      committed: null,
    });
    expect(filesOf(folder)).toEqual(before);
  });

  it.each([
    [["xml", "."], "usage/unknown-format"],
    [["models.dev", "nowhere"], "import/no-folder"],
    [["models.dev", "."], "import/wrong-source"],
    [["litellm", "nowhere.json"], "file/unreadable"],
    [["models.dev", "SOURCE", "--only", "acme/z"], "usage/only"],
    [["models.dev", "SOURCE", "--state", "retired"], "usage/unknown-state"],
    [["models.dev", "SOURCE", "--namespace", "../x"], "usage/namespace"],
    [["models.dev", "SOURCE", "--owner", "provider:x"], "usage/owner"],
  ])("%j ends with 2 and %s", async (args, failure) => {
    const { folder, source } = small();
    const { code, out } = await command(
      folder,
      "import",
      ...args.map((arg) => (arg === "SOURCE" ? source : arg)),
      "--format",
      "json",
    );
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ format: "assent.error/v1", code: failure });
  });

  it("leaves out what would not lint and writes the rest", async () => {
    const folder = emptyRegistry();
    const records = [
      { ref: "role:good", members: ["identity:ada"] },
      { ref: "role:bad", members: ["identity:nobody"] },
    ];
    writeFileSync(`${folder}/roles.json`, JSON.stringify(records));
    const { code, out } = await command(folder, "import", "json", "roles.json", "--format", "json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      imported: ["role:good"],
      skipped: [{ code: "import/invalid-entry", subject: "role:bad" }],
    });
    expect(existsSync(`${folder}/registry/governance/roles/good.yaml`)).toBe(true);
    expect(existsSync(`${folder}/registry/governance/roles/bad.yaml`)).toBe(false);
  });
});

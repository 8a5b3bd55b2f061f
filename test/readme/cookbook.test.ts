/** The cookbook of approval policies: each recipe is put into a copy of this registry, lints, and says what it promises. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { run } from "../cli.ts";
import { git } from "../repository-on-disk.ts";

const root = join(import.meta.dirname, "../..");
const markdown = readFileSync(join(root, "registry/governance/approval-policies/README.md"), "utf8");
const scratch = mkdtempSync(join(tmpdir(), "assent-cookbook-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

interface Recipe {
  readonly title: string;
  /** Whether the snippet is a whole file, or keys that take the place of those in it. */
  readonly isWhole: boolean;
  readonly path: string;
  readonly yaml: string;
}

const recipes: readonly Recipe[] = markdown
  .split(/^## /m)
  .slice(1)
  .map((section) => {
    const [, how = "", path = "", yaml = ""] =
      /<!-- (file|keys of): (\S+) -->\n```yaml\n([^]*?)```/.exec(section) ?? [];
    return { title: section.slice(0, section.indexOf("\n")), isWhole: how === "file", path, yaml };
  });

/** A text with a snippet's top-level keys in place of its own. */
function withKeys(text: string, snippet: string): string {
  const keys = [...snippet.matchAll(/^(\w+):/gm)].map((match) => match[1] ?? "");
  const others = text.split(/^(?=\w+:)/m).filter((part) => !keys.some((key) => part.startsWith(`${key}:`)));
  return `${others.join("").trimEnd()}\n${snippet}`;
}

let count = 0;

/** A copy of this project's registry as the recipe makes it. */
async function cook({ isWhole, path, yaml }: Recipe): Promise<string> {
  const folder = join(scratch, String(count++));
  for (const each of ["registry", "CODEOWNERS"])
    cpSync(join(root, each), join(folder, each), { recursive: true });
  const file = join(folder, path);
  writeFileSync(file, isWhole ? yaml : withKeys(readFileSync(file, "utf8"), yaml));
  if (!isWhole) expect((await run(["codeowners", "generate"], { cwd: folder })).code).toBe(0);
  git(folder, ["init", "-q", "."]);
  return folder;
}

interface Diagnostic {
  readonly code: string;
  readonly severity: string;
  readonly message: string;
}

async function lint(folder: string): Promise<readonly string[]> {
  const { stdout } = await run(["lint", "--format", "json", "--as-of", "2026-07-02T00:00:00Z"], {
    cwd: folder,
  });
  return (JSON.parse(stdout) as { diagnostics: Diagnostic[] }).diagnostics.map(
    ({ severity, code, message }) => `${severity} ${code} ${message}`,
  );
}

/** What `assent rules` says of each recipe's policy, or of ownership. */
const promised: Readonly<Record<string, readonly string[]>> = {
  "Two roles for production": ["one of release-manager (farah, goran) and one of model-risk (dora, emil)"],
  "Soak first, on fresh numbers": ["live in stage for 3 days before; evaluations at most 30 days old"],
  "Only numbers that somebody signed": ["evaluations with an attestation"],
  "Only where the risk is high": ["where the risk is high or critical: one of model-risk (dora, emil)"],
  "Signatures for what is critical": [
    "where the risk is critical: two of model-risk (dora, emil), each with a signature",
  ],
  "In an emergency": ["in an emergency instead two of governance (emil, goran, hana), for 1 day"],
  Undo: ["rollback, deactivate | one of release-manager (farah, goran)"],
  "A bundle is approved by somebody else of the team": ["approve Bundle | ", "one of the file's owners"],
  "A team owns its namespace": ["/registry/*/fraud/ | fraud (ada, chen)"],
};

describe("the cookbook", () => {
  it("has a recipe in every section, and each is promised something", () => {
    expect(recipes.map(({ title }) => title)).toEqual(Object.keys(promised));
    expect(recipes.filter(({ path, yaml }) => path === "" || yaml === "")).toEqual([]);
    expect(new Set(recipes.map(({ path }) => path)).size).toBe(recipes.length);
  });

  it.each(recipes.map((recipe) => [recipe.title, recipe] as const))(
    "%s: lints, and asks for what it says",
    async (title, recipe) => {
      const folder = await cook(recipe);
      const before = await lint(root);
      expect((await lint(folder)).filter((line) => !before.includes(line))).toEqual([]);
      const { stdout } = await run(["rules", "--format", "markdown"], { cwd: folder });
      const said = stdout.replaceAll(/\\(?=[-()*_])/g, "");
      for (const sentence of promised[title] ?? []) expect(said).toContain(sentence);
    },
  );
});

/**
 * Every code that the product can say is provoked here through the front door, and what the program answers is kept
 * beside this file, an area a file: the proof that no code is dead, and a catalogue of messages to read as a whole.
 */
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { sha256Hex } from "../../src/core/model/digest.ts";
import { allCodes } from "../../src/core/validate/codes.ts";
import { areas } from "../cases/areas.ts";
import { unmark, type Case } from "../cases/case.ts";
import { changes } from "../cases/changes.ts";
import { run } from "../cli.ts";
import { git, newFolder } from "../repository-on-disk.ts";
import { commitAll, repositoryOf, writeFiles } from "./registry-folder.ts";

/** The last resort for a fault of a file's shape that no other code explains; a test of schemas shows that none is left. */
const unreachable = new Set(["schema/invalid"]);

/** What the gate, publish and audit say stands in answers of their own, which have tests of their own. */
const isElsewhere = (code: string): boolean =>
  /^(?:(?:govern|override|request|doctor|audit|lapse|reconcile)\/|plugin\/(?:failed|not-run|before-transition)$)/.test(
    code,
  );

const codesIn = (each: Case): string[] =>
  unmark(each.files, each.elsewhere).expected.map((line) => line.split(/[ :]/)[0]!);

/** For each code the case with the fewest findings that has it. */
function smallestCases(cases: readonly Case[]): ReadonlyMap<string, Case> {
  const chosen = new Map<string, Case>();
  for (const each of cases) {
    for (const code of new Set(codesIn(each))) {
      const so = chosen.get(code);
      if (so === undefined || codesIn(each).length < codesIn(so).length) chosen.set(code, each);
    }
  }
  return chosen;
}

/** Sources to import, one after the other into one registry; `-> x` is a link. */
const imports: readonly (readonly [
  format: string,
  files: Readonly<Record<string, string>>,
  ...flags: string[],
])[] = [
  [
    "models.dev",
    {
      "providers/acme/provider.toml": 'name = "Acme"\n',
      "providers/acme/models/unreadable.toml": "not toml",
      "providers/acme/models/dangling-link.toml": "-> gone.toml",
      "providers/acme/models/foreign-link.toml": "-> ../../../../etc/passwd",
      "providers/acme/models/no-ending": "",
      "providers/acme/models/no-name.toml": "",
      "providers/acme/models/missing-base.toml": 'base_model = "lab/none"\n',
      [`providers/acme/models/illegal id\u0007.toml`]: "",
      "providers/acme/models/illegal-value.toml": 'knowledge = "2025-02-31"\n',
      "providers/acme/models/misspelt.toml": "[cost]\ninput = 1\ncached_input = 0.1\n",
      "providers/acme/models/rounded.toml": "[cost]\ninput = 0.049999999999999996\n",
      "providers/acme/models/contradiction.toml": "[limit]\ncontext = 1\noutput = 2\n",
      "providers/acme/models/shortened.toml": `# ${"x".repeat(5_000)}\n`,
      "providers/acme/models/state-kept.toml": 'status = "deprecated"\n',
      ...Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`providers/acme/models/m${i}.toml`, ""])),
    },
  ],
  [
    "json",
    {
      "entries.json":
        '[{"ref":"role:r","members":["identity:ada"]},{"ref":"role:r","members":[]},{"kind":"Role","id":"s","members":"ada"}]',
    },
  ],
  [
    "models.dev",
    Object.fromEntries([
      ["providers/acme/provider.toml", ""],
      ["providers/acme/models/state-kept.toml", ""],
      ...["illegal-value", "misspelt", "rounded", "contradiction", "shortened"].map((name) => [
        `providers/acme/models/${name}.toml`,
        "",
      ]),
      ...Array.from({ length: 39 }, (_, i) => [`providers/acme/models/m${i}.toml`, ""]),
    ]) as Record<string, string>,
  ],
  ["models.dev", { "providers/acme/provider.toml": "", "providers/acme/models/m0.toml": "" }],
  [
    "gto",
    {
      "tags.txt": ["churn@v1.0.0", "churn#prod#1", "churn#nowhere#2", "v1.0.0"]
        .map((tag) => `${"1".repeat(40)} refs/tags/${tag}\n`)
        .join(""),
    },
    "--adopt",
  ],
  [
    "huggingface-card",
    {
      "README.md":
        "---\ndatasets: squad\nmodel-index: [{ name: a/b, results: [{ metrics: [{ type: loss, value: 1 }] }] }]\n---\n",
    },
  ],
];

function writeSource(files: Readonly<Record<string, string>>): string {
  const folder = newFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    if (text.startsWith("-> ")) symlinkSync(text.slice(3), join(folder, path));
    else writeFileSync(join(folder, path), text);
  }
  return Object.keys(files).length === 1 ? join(folder, Object.keys(files)[0]!) : folder;
}

interface Report {
  readonly code: string;
}

async function importedCodes(): Promise<Set<string>> {
  const world = newFolder();
  const taken = (name: string, id: string) => ({
    [`registry/models/acme/${name}/1.0.0.yaml`]: `spec:\n  provider: provider:acme\n  upstreamId: ${id}\n  type: image\n`,
  });
  writeFiles(
    world,
    unmark({
      "registry/governance/environments/prod.yaml": "rank: 1\n",
      ...taken("no-name", "one"),
      ...taken(`no-name-${sha256Hex("no-name").slice(0, 8)}`, "two"),
    }),
  );
  const found = new Set<string>();
  for (const [format, files, ...flags] of imports) {
    const { stdout } = await run(["import", format, writeSource(files), "--format", "json", ...flags], {
      cwd: world,
    });
    const answer = JSON.parse(stdout) as Record<"skipped" | "conflicts" | "notes", Report[]> & {
      refused: Report | null;
    };
    for (const { code } of [...answer.skipped, ...answer.conflicts, ...answer.notes]) found.add(code);
    if (answer.refused !== null) found.add(answer.refused.code);
  }
  return found;
}

const shown = smallestCases([...Object.values(areas), changes].flat());

describe("what lint says", () => {
  const byArea = new Map<string, [string, Case][]>();
  for (const [code, each] of [...shown].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const area = code.slice(0, code.indexOf("/"));
    byArea.set(area, [...(byArea.get(area) ?? []), [code, each]]);
  }
  it.each([...byArea])("%s", async (area, cases) => {
    const pages: string[] = [];
    for (const [code, each] of cases) {
      const isMove = each.landed !== undefined;
      const folder = isMove ? repositoryOf(each) : newFolder();
      if (!isMove) writeFiles(folder, unmark(each.files));
      // Without git, a folder without registry.yaml is no registry at all.
      if (each.files["registry/registry.yaml"] === null) git(folder, ["init", "-q", "."]);
      const asOf = ["--as-of", "2026-07-01T00:00:00Z"];
      const { code: exit, stdout } = await run(["lint", ...(isMove ? ["--base", "HEAD"] : []), ...asOf], {
        cwd: folder,
        columns: 100,
      });
      expect(stdout).toContain(` ${code}  `);
      const severe = unmark(each.files, each.elsewhere).expected.some((line) => {
        const [found = "", severity] = line.split(" ")[0]!.split(":");
        return (severity ?? allCodes().find((known) => known.code === found)?.severity) === "error";
      });
      expect(exit).toBe(severe ? 1 : 0);
      pages.push(`=== ${code}: ${each.name}\n\n${stdout}`);
    }
    await expect(pages.join("\n")).toMatchFileSnapshot(`every-code/${area}.txt`);
  });

  it("keeps no answers of codes that are gone", () => {
    const files = readdirSync(join(import.meta.dirname, "every-code"));
    expect(files.sort()).toEqual([...byArea.keys()].map((area) => `${area}.txt`).sort());
  });
});

/** What only a CODEOWNERS file can have that is not made from ownership. */
async function ownersCodes(): Promise<string[]> {
  const folder = newFolder();
  const owners = "* @org/team\n/registry/ @zed\n/gone/ @org/team\n/x someone\n";
  writeFiles(
    folder,
    unmark({
      CODEOWNERS: owners,
      "registry/governance/roles/r.yaml": 'members: []\ngithubTeam: "@org/team"\n',
    }),
  );
  git(folder, ["init", "-q", "-b", "main", "."]);
  commitAll(folder, "x");
  const { stdout } = await run(["codeowners", "lint", "--format", "json"], { cwd: folder });
  return (JSON.parse(stdout) as { diagnostics: Report[] }).diagnostics.map(({ code }) => code);
}

it("every code is provoked: by lint, by an import, or by codeowners lint", async () => {
  const seen = new Set([...shown.keys(), ...(await importedCodes()), ...(await ownersCodes())]);
  expect(
    allCodes()
      .map(({ code }) => code)
      .filter((code) => !seen.has(code) && !unreachable.has(code) && !isElsewhere(code)),
  ).toEqual([]);
});

describe("the list of codes", () => {
  const sources = readdirSync(join(import.meta.dirname, "../../src"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !path.startsWith("generated"))
    .map((path) => [path, readFileSync(join(import.meta.dirname, "../../src", path), "utf8")] as const);

  it("names each code once, kebab by area", () => {
    const codes = allCodes().map(({ code }) => code);
    expect(codes.filter((code) => !/^[a-z][a-z-]*\/[a-z][a-z-]*$/.test(code))).toEqual([]);
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
  });

  it("holds every definition that stands in the sources", () => {
    const known = new Set(allCodes().map(({ code }) => code));
    const defined = sources.flatMap(([path, text]) =>
      [
        ...text.matchAll(
          /\bdefine(?:Code|EntryRule|ReferenceRule|RegistryRule|ChangeRule)\(\{[^}]*?\bcode: "([^"]+)"/g,
        ),
      ].map((match) => [path, match[1]!] as const),
    );
    expect(defined.length).toBeGreaterThan(100);
    expect(defined.filter(([, code]) => !known.has(code) && !isElsewhere(code))).toEqual([]);
  });

  it("explains each code on its page", async () => {
    for (const { code, summary, why, fix } of allCodes()) {
      const { code: exit, stdout } = await run(["explain", code], { cwd: "/" });
      expect([exit, stdout.startsWith(`${code}  `)]).toEqual([0, true]);
      for (const text of [summary, why, fix])
        expect(stdout.replaceAll(/\s+/g, " ")).toContain(text.replaceAll(/\s+/g, " "));
    }
  });

  it("gives failures codes of their own, kebab by area", () => {
    const known = new Set(allCodes().map(({ code }) => code));
    const failures = sources.flatMap(([, text]) =>
      [...text.matchAll(/new Failure\(\s*"([^"]*)"/g)].map((match) => match[1]!),
    );
    expect(failures.length).toBeGreaterThan(50);
    expect(failures.filter((code) => !/^[a-z][a-z-]*\/[a-z][a-z-]*$/.test(code) || known.has(code))).toEqual(
      [],
    );
  });
});

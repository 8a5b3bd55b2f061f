/** Attacks on the lint itself: registries made to hang it, to speak through its output, or to have it read and tell what it must not. */
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { unmark, type Files } from "../cases/case.ts";
import { judge } from "../cases/judge.ts";
import { run } from "../cli.ts";
import { newFolder } from "../repository-on-disk.ts";
import { cyclesIn, fromFirst, inWords } from "../../src/core/validate/cycles.ts";
import { cpuTime } from "../cpu-time.ts";

const many = 4000;
const files = (each: (i: number) => readonly [string, string], count = many): Files =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => each(i)));
const model = (i: number, head: string): readonly [string, string] => [
  `registry/models/acme/m${i}/1.0.0.yaml`,
  `${head}spec:\n  provider: provider:acme\n  upstreamId: u${i}\n  type: classification\n`,
];
const dataset = (i: number, from: readonly number[]): readonly [string, string] => [
  `registry/datasets/acme/d${i}/1.0.0.yaml`,
  `spec:\n  uri: s3://x/${i}\n  digest: sha256:${String(i).padStart(64, "0")}\n  derivedFrom: [${from.map((j) => `dataset:acme/d${j % many}@1.0.0`).join(", ")}]\n`,
];

describe("registries that would keep it busy for ever", () => {
  const rows: readonly (readonly [name: string, files: Files, found: number])[] = [
    [
      "a chain of replacements through everything",
      files((i) => model(i, i + 1 < many ? `replacedBy: model:acme/m${i + 1}@1.0.0\n` : "")),
      0,
    ],
    [
      "a circle of replacements through everything",
      files((i) => model(i, `replacedBy: model:acme/m${(i + 1) % many}@1.0.0\n`)),
      1,
    ],
    [
      "everything made from the next twenty",
      files((i) =>
        dataset(
          i,
          Array.from({ length: Math.min(20, many - i - 1) }, (_, k) => i + k + 1),
        ),
      ),
      0,
    ],
    [
      "everything made from the next twenty, round and round",
      files((i) =>
        dataset(
          i,
          Array.from({ length: 20 }, (_, k) => i + k + 1),
        ),
      ),
      20,
    ],
    [
      "thousands of references to nothing that all look alike",
      files((i) => model(i, `replacedBy: model:acme/n${i}@1.0.0\n`)),
      many,
    ],
    ["a README of addresses", { "registry/README.md": "x@y.example ".repeat(150_000) }, 20],
    [
      "a README of what nearly is a token",
      {
        "registry/README.md": `${"sk-".repeat(300_000)}\n${"eyJ.".repeat(200_000)}\n${"+1 ".repeat(200_000)}`,
      },
      1,
    ],
  ];
  it.each(rows)("%s", (_, hostile, found) => {
    const unmarked = unmark(hostile);
    const start = cpuTime();
    expect(judge(unmarked)).toHaveLength(found);
    expect(cpuTime() - start).toBeLessThan(5_000);
  });

  it("a file of two thousand faults is shown as fast as it is read", async () => {
    const folder = newFolder();
    mkdirSync(join(folder, "registry/providers"), { recursive: true });
    writeFileSync(join(folder, "registry/registry.yaml"), "id: x\n");
    writeFileSync(
      join(folder, "registry/providers/x.yaml"),
      Array.from({ length: 1_990 }, (_, i) => `k${i}: "${"x".repeat(100)}"\n`).join(""),
    );
    const start = cpuTime();
    for (const format of ["text", "json", "sarif", "github", "markdown", "junit"]) {
      expect((await run(["lint", "--format", format], { cwd: folder })).code).toBe(1);
    }
    expect(cpuTime() - start).toBeLessThan(10_000);
  });
});

describe("circles", () => {
  it("are found exactly where there are any, each a way that exists", () => {
    const graph = fc.array(fc.array(fc.nat(7), { maxLength: 4 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(graph, (edges) => {
        const next = (node: string): string[] => (edges[Number(node)] ?? []).map(String);
        const nodes = edges.map((_, i) => String(i));
        const cycles = cyclesIn(nodes, next);
        for (const cycle of [...cycles, ...cycles.map(fromFirst)]) {
          expect(cycle[0]).toBe(cycle.at(-1));
          cycle.slice(1).forEach((node, i) => expect(next(cycle[i]!)).toContain(node));
        }
        // By definition: some node that can be reached from itself.
        const reaches = (from: string): Set<string> => {
          const seen = new Set<string>();
          const open = [from];
          for (let at = open.pop(); at !== undefined; at = open.pop())
            for (const to of next(at)) {
              if (!seen.has(to)) open.push(to);
              seen.add(to);
            }
          return seen;
        };
        expect(cycles.length > 0).toBe(nodes.some((node) => reaches(node).has(node)));
      }),
      { numRuns: 500 },
    );
  });

  it("of thousands are told in a line", () => {
    expect(inWords(Array.from({ length: 4_000 }, (_, i) => `dataset:acme/d${i}@1.0.0`)).length).toBeLessThan(
      400,
    );
  });
});

/** A registry on disk whose names and texts speak to terminals and CI systems. */
function hostileFolder(): string {
  const folder = newFolder();
  const below = join(folder, "registry/providers");
  mkdirSync(below, { recursive: true });
  writeFileSync(join(folder, "registry/registry.yaml"), "id: x\n");
  const names: (string | Buffer)[] = [
    "\u001b[2J.yaml",
    "x\n::error::owned.yaml",
    "##[set-output name=a]b.yaml",
    "<img src=x>.yaml",
    "|`@a`|.yaml",
    "\u202egnp.yaml",
    Buffer.from([0xff, 0xfe, 0x2e, 0x79, 0x61, 0x6d, 0x6c]),
  ];
  for (const name of names)
    writeFileSync(Buffer.concat([Buffer.from(`${below}/`), Buffer.from(name)]), "title: 1\n");
  writeFileSync(
    join(below, "a.yaml"),
    'title: "\\e[31m ::stop-commands::x ##[add-mask]y <b>@all</b>"\nowner: "::error::x"\n"\\e]0;x\\a": 1\nstatus: "##vso[x]"\n',
  );
  return folder;
}

describe("what stands in a registry, or how it is called, never speaks in the output", () => {
  const unsafe = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
  it.each(["text", "json", "sarif", "github", "markdown", "junit"])("as %s", async (format) => {
    const { code, stdout } = await run(["lint", "--format", format], { cwd: hostileFolder() });
    expect(code).toBe(1);
    if (format !== "json" && format !== "sarif") expect(stdout).not.toMatch(unsafe);
    const lines = stdout.split("\n").filter((line) => /^\s*::|##\[|##vso\[/.test(line));
    const own =
      format === "github"
        ? lines.filter((line) => !/^::(error|warning|notice) file=[^:]*::/.test(line))
        : lines;
    expect(own).toEqual([]);
    if (format === "json" || format === "sarif") expect(() => void JSON.parse(stdout)).not.toThrow();
  });

  it("nor in a failure", async () => {
    const { code, stderr } = await run(["lint", "\u001b[31mx\n::error::y"], { cwd: hostileFolder() });
    expect([code, unsafe.test(stderr), /^\s*::/m.test(stderr)]).toEqual([2, false, false]);
  });
});

describe("secrets", () => {
  const secret = ["ghp", "Abcdefghij0123456789Klmnopqrst0123456789"].join("_");
  it.each(["text", "json", "sarif", "github", "markdown", "junit"])(
    "are never printed, as %s: not by the finding, nor by others about the same value",
    async (format) => {
      const folder = newFolder();
      mkdirSync(join(folder, "registry/providers"), { recursive: true });
      writeFileSync(join(folder, "registry/registry.yaml"), "id: x\n");
      writeFileSync(
        join(folder, "registry/providers/x.yaml"),
        `owner: ${secret}\nstatus: ${secret}\ndocs: ${secret}\n${secret}: 1\n`,
      );
      const { code, stdout, stderr } = await run(["lint", "--format", format], { cwd: folder });
      expect([code, stdout.includes("secret/token")]).toEqual([1, true]);
      expect(stdout + stderr).not.toContain(secret.slice(0, 12));
    },
  );
});

describe("what stands outside", () => {
  it("is not read through links, and nothing there is written by --fix", async () => {
    const outside = newFolder();
    writeFileSync(join(outside, "CODEOWNERS"), "outside\n");
    writeFileSync(join(outside, "x.yaml"), "title: Outside\n");
    const folder = newFolder();
    mkdirSync(join(folder, "registry/governance/roles"), { recursive: true });
    mkdirSync(join(folder, "registry/providers"));
    writeFileSync(
      join(folder, "registry/registry.yaml"),
      'id: x\nownership:\n  - { path: "*", roles: [role:r] }\n',
    );
    writeFileSync(join(folder, "registry/governance/roles/r.yaml"), 'members: []\ngithubTeam: "@a/b"\n');
    symlinkSync(join(outside, "x.yaml"), join(folder, "registry/providers/x.yaml"));
    symlinkSync(outside, join(folder, "registry/models"));
    symlinkSync(join(outside, "CODEOWNERS"), join(folder, "CODEOWNERS"));
    const { stdout } = await run(["lint", "--format", "json"], { cwd: folder });
    expect(stdout).toContain("path/symlink");
    expect(stdout).not.toContain("Outside");
    const fixed = await run(["lint", "--fix"], { cwd: folder });
    expect(fixed.code).not.toBe(3);
    expect(readFileSync(join(outside, "CODEOWNERS"), "utf8")).toBe("outside\n");
    expect(readdirSync(outside).sort()).toEqual(["CODEOWNERS", "x.yaml"]);
  });
});

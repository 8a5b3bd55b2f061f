/** Policies as somebody meets them: packs brought in, bound without breaking what is there, wrong ones answered. */
import { execFileSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { expectClean, json, newFolder, newRegistry, put, run, snapshotOf, textOf } from "./author-folder.ts";
import { packs } from "../../src/core/author/packs/index.ts";
import { git } from "../repository-on-disk.ts";
import { commitAll } from "./registry-folder.ts";

describe("assent policy", () => {
  it("writes every pack as entries that lint without errors, and does nothing twice", async () => {
    const folder = await newRegistry();
    for (const { name, environment } of packs) {
      for (const argv of [
        ["policy", "add", name],
        ["policy", "bind", name, ...(environment === undefined ? [] : [environment])],
      ]) {
        const { code, answer } = await json(folder, ...argv);
        expect({ name, code, outcome: answer["outcome"], diagnostics: answer["diagnostics"] }).toEqual({
          name,
          code: 0,
          outcome: "written",
          diagnostics: [],
        });
        const before = snapshotOf(folder);
        const again = await json(folder, ...argv);
        expect([again.code, again.answer["outcome"], again.answer["kept"]]).toEqual([
          0,
          "unchanged",
          answer["refs"],
        ]);
        expect(snapshotOf(folder)).toEqual(before);
      }
    }
    const { code, answer } = await json(folder, "lint");
    expect([code, answer["counts"]]).toMatchObject([0, { error: 0 }]);
    const formatted = await run(["fmt", "--check"], { cwd: folder });
    expect(formatted.code).toBe(0);
  });

  it("keeps a policy that somebody has edited, and binds what stands there", async () => {
    const folder = await newRegistry();
    const path = "registry/policies/core/licence-allow-list/1.0.0.yaml";
    const first = await json(folder, "policy", "add", "licence-allow-list");
    expect(first.answer["files"]).toEqual([{ path, change: "added" }]);
    await expectClean(folder);
    put(folder, path, textOf(folder, path).replace('"ISC"', '"ISC", "Zlib"'));
    const again = await json(folder, "policy", "add", "licence-allow-list");
    expect([again.answer["outcome"], again.answer["kept"]]).toEqual([
      "unchanged",
      ["policy:core/licence-allow-list@1.0.0"],
    ]);
    const second = await json(folder, "policy", "bind", "core/licence-allow-list", "prod", "--warn");
    expect(second.answer["outcome"]).toBe("written");
    expect(textOf(folder, path)).toContain("Zlib");
    expect(textOf(folder, "registry/governance/policy-bindings/licence-allow-list-prod.yaml")).toBe(
      "title: Licences that were agreed to, in prod\nselector: { kinds: [Model, Dataset], environments: [environment:prod] }\npolicies: [policy:core/licence-allow-list@1.0.0]\nmode: warn\n",
    );
    const stricter = await json(folder, "policy", "bind", "licence-allow-list", "prod");
    expect([stricter.code, stricter.answer["code"], stricter.answer["category"]]).toEqual([
      2,
      "author/exists",
      "conflict",
    ]);
    expect(stricter.answer["hint"]).toContain("--set mode=enforce");
  });

  it.each([
    [["policy", "add", "licence-allowlist"], "policy/no-pack", "Did you mean licence-allow-list?"],
    [["policy", "add", "eu-ai-act", "--namespace", "Core!"], "usage/namespace", "Namespaces are lower-case"],
    [["policy", "show", "nothing-like-it"], "policy/no-pack", "The packs are generals-only"],
    [["policy", "bind", "eu-ai-act", "production"], "usage/unknown-environment", "The environments are"],
    [
      ["policy", "bind", "eu-ai-act"],
      "usage/unknown-entry",
      "Add it, and let it land first: assent policy add eu-ai-act.",
    ],
    [["policy", "bind", "core/nothing"], "usage/unknown-entry", ""],
  ])("%j is answered with %s", async (argv, code, hint) => {
    const folder = await newRegistry();
    const before = snapshotOf(folder);
    const { code: exit, answer } = await json(folder, ...argv);
    expect([exit, answer["code"]]).toEqual([2, code]);
    expect(answer["hint"]).toContain(hint);
    expect(snapshotOf(folder)).toEqual(before);
  });

  it("refuses to write over a file that it cannot read", async () => {
    const folder = await newRegistry();
    put(folder, "registry/policies/core/nist-ai-rmf/1.0.0.yaml", "title: [\n");
    commitAll(folder, "Somebody was busy");
    const { code, answer } = await json(folder, "policy", "add", "nist-ai-rmf");
    expect([code, answer["code"], answer["category"]]).toEqual([2, "author/exists", "conflict"]);
  });
});

describe("a bad policy", () => {
  const path = "registry/policies/core/bad/1.0.0.yaml";
  const policy = (...asserts: readonly string[]): string =>
    `state: active\nspec:\n  appliesTo: [Model]\n  rules:\n${asserts
      .map(
        (assert, i) =>
          `    - { id: r${i}, assert: '${assert}', severity: high, message: "Rule ${i} does not hold." }\n`,
      )
      .join("")}`;
  const rows = (answer: Readonly<Record<string, unknown>>): readonly string[] =>
    (answer["diagnostics"] as readonly Record<string, unknown>[]).map(
      ({ code, severity, subject, message }) => `${severity} ${code} ${subject}: ${message}`,
    );

  it.each([
    ['facts.sizeClas == "xl"', "policy/expression", "sizeClas"],
    ['name.matches("(a+)+$")', "policy/expression", "Matches can take for ever"],
    ['like(name, "(a+")', "policy/expression", ""],
    ['tags.all(a, tags.all(b, tags.all(c, a + b + c != "")))', "policy/expression", "at most twice"],
    [`name == "${"x".repeat(2000)}"`, "yaml/long-line", "2000"],
    ["1 +", "policy/expression", ""],
  ])("%s is refused by %s, once, whatever is bound", async (assert, code, words) => {
    const folder = await newRegistry();
    put(folder, path, policy(assert));
    put(
      folder,
      "registry/governance/policy-bindings/bad.yaml",
      "selector: { kinds: [Model] }\npolicies: [policy:core/bad@1.0.0]\n",
    );
    const { code: exit, answer } = await json(folder, "lint");
    const [first = "", ...more] = rows(answer).filter((row) => row.startsWith("error"));
    expect(exit).toBe(1);
    expect(first).toContain(`error ${code}`);
    expect(first).toContain(words);
    expect(more.filter((row) => !row.includes("ref/"))).toEqual([]);
  });

  it("that cannot be answered for some entries is violated by those, says why, and stops nobody else", async () => {
    const folder = await newRegistry();
    // Patterns run in linear time, and loops on a budget: an entry can be too large for a rule, and then does not meet it.
    const loops = 'tags.all(a, tags.all(b, like(a + b, "(x+x+)+y") != true))';
    put(folder, path, policy("double(labels.price) < 2.0", loops));
    put(
      folder,
      "registry/governance/policy-bindings/bad.yaml",
      "selector: { kinds: [Model] }\npolicies: [policy:core/bad@1.0.0]\n",
    );
    const model = (name: string, more: string): void =>
      put(
        folder,
        `registry/models/openai/${name}/1.0.0.yaml`,
        `title: Model\nstate: experimental\nspec: { provider: provider:openai, upstreamId: ${name}, type: image }\n${more}`,
      );
    model("cheap", 'labels: { price: "1.5" }\n');
    model("dear", 'labels: { price: "2.5" }\n');
    model("odd", 'labels: { price: "a lot" }\n');
    const { code, answer } = await json(folder, "lint", "registry/models/openai");
    expect(code).toBe(0);
    const own = rows(answer).filter((row) => /cheap|dear|odd/.test(row));
    expect(own).toEqual([
      "warning policy/violated model:openai/dear@1.0.0: Rule 0 does not hold. (high: r0 of policy:core/bad@1.0.0)",
      expect.stringMatching(
        /^warning policy\/violated model:openai\/odd@1\.0\.0: Rule 0 does not hold\. The rule cannot be answered: .+/,
      ) as unknown,
    ]);
    const shown = await json(folder, "show", "model:openai/odd@1.0.0");
    const { compliance } = shown.answer["derived"] as { readonly compliance: unknown };
    expect(compliance).toMatchObject({
      answers: [
        { status: "non-compliant", violations: [{ rule: "r0", error: expect.any(String) as unknown }] },
      ],
    });
    // Nothing has landed, so nobody can say since when.
    expect(compliance).toMatchObject({ answers: [{ since: null, violations: [{ since: null }] }] });
  });
});

const archive = resolve(import.meta.dirname, "../../../shared/data/models.dev-2026-07-02.tar.xz");
const missing = existsSync(archive) ? undefined : "../shared/data is not on this machine";

describe.skipIf(missing !== undefined)(
  `a licence policy among the imported models${missing === undefined ? "" : ` (skipped: ${missing})`}`,
  () => {
    it("is introduced without breaking main, and denies what changes an entry that does not meet it", async () => {
      const folder = await newRegistry();
      const source = newFolder();
      execFileSync("tar", ["-xJf", archive, "-C", source]);
      expect(
        (
          await run(
            ["import", "models.dev", source, "--only", "groq", "--only", "nvidia", "--only", "openai"],
            { cwd: folder },
          )
        ).code,
      ).toBe(0);
      rmSync(source, { recursive: true });
      // Two owners, so that somebody is left to agree; what is asked here is what policies say.
      commitAll(folder, "What the catalogue says");
      const landed = async (title: string, ...argv: readonly string[]) => {
        const base = git(folder, ["rev-parse", "HEAD"]).trim();
        const written = await json(folder, ...argv);
        expect([written.code, written.answer["outcome"]]).toEqual([0, "written"]);
        const head = commitAll(folder, title);
        return { answer: written.answer, codes: await codesOfGate(folder, base, head) };
      };
      const added = await landed("Add it", "policy", "add", "licence-allow-list");
      expect(added.answer["unmet"]).toBe(0);
      const bound = await landed("Bind it", "policy", "bind", "licence-allow-list");
      const planned = await json(folder, "plan", "--base", "HEAD~1", "--head", "HEAD");
      const moves = planned.answer["compliance"] as readonly { readonly subject: string }[];
      expect(moves).toHaveLength(Number(bound.answer["unmet"]));
      expect(moves[0]).toEqual({
        subject: expect.stringMatching(/^model:/) as unknown,
        environment: null,
        before: "unknown",
        after: "non-compliant",
        unmet: ["policy:core/licence-allow-list@1.0.0 model-states-one"],
      });
      const words = (await run(["plan", "--base", "HEAD~1", "--head", "HEAD"], { cwd: folder })).stdout;
      expect(words).toContain(`unknown -> non-compliant: ${moves.length} entries\n    ${moves[0]?.subject}`);
      // Whoever looks at the registry sees them all, and main is as good as before.
      expect(bound.answer["unmet"]).toBeGreaterThan(40);
      expect([...added.codes, ...bound.codes].filter((code) => code !== "govern/nobody-left")).toEqual([]);
      const lint = await json(folder, "lint");
      expect([lint.code, lint.answer["ok"]]).toEqual([0, true]);
      expect((await json(folder, "compile")).code).toBe(0);

      const shown = await json(
        folder,
        "list",
        "model",
        "--where",
        "facts.openWeights == true",
        "--limit",
        "1",
      );
      const [{ ref = "" } = {}] = shown.answer["items"] as readonly { readonly ref?: string }[];
      const closed = await json(
        folder,
        "list",
        "model",
        "--where",
        "facts.openWeights == false",
        "--limit",
        "1",
      );
      const [{ ref: other = "" } = {}] = closed.answer["items"] as readonly { readonly ref?: string }[];
      const since = git(folder, ["log", "-1", "--format=%cI"]).trim().replace("+00:00", "Z");
      const tags = (subject: string): readonly string[] => [
        "edit",
        "model",
        "--where",
        `id == "${subject.replace("model:", "")}"`,
        "--set",
        'tags=["seen"]',
        "--reason",
        "Looked at.",
      ];
      expect((await landed("Another one", ...tags(other))).codes).not.toContain("govern/non-compliant");
      expect((await landed("One of them", ...tags(ref))).codes).toContain("govern/non-compliant");

      const { answer } = await json(folder, "show", ref);
      const { compliance } = answer["derived"] as { readonly compliance: unknown };
      expect(compliance).toMatchObject({
        score: { value: 0.7143, asked: 14, unmet: 4, waived: 0 },
        answers: [{ status: "non-compliant", since, violations: [{ rule: "model-states-one", since }] }],
      });
      const text = (await run(["show", ref], { cwd: folder })).stdout;
      expect(text).toContain(`model-states-one (high since ${since})`);
      expect(
        Math.max(
          ...text
            .split("\n")
            .slice(0, 20)
            .map(({ length }) => length),
        ),
      ).toBeLessThanOrEqual(100);
    });
  },
);

/** The codes of what the gate says of a change that nobody has reviewed. */
async function codesOfGate(folder: string, base: string, head: string): Promise<readonly string[]> {
  const facts = {
    author: { id: 1, login: "your-github-login" },
    base: { ref: "refs/heads/main" },
    number: 1,
    mergedAt: null,
    reviews: [],
  };
  const file = join(newFolder(), "reviews.json");
  writeFileSync(file, JSON.stringify(facts));
  const { answer } = await json(folder, "gate", "--base", base, "--head", head, "--reviews", file);
  return (answer["diagnostics"] as readonly { readonly code: string }[]).map(({ code }) => code);
}

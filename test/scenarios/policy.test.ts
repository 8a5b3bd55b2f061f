/** Policies as somebody meets them: packs brought in, bound without breaking what is there, wrong ones answered. */
import { describe, expect, it } from "vitest";
import { expectClean, json, newRegistry, put, run, snapshotOf, textOf } from "./author-folder.ts";
import { packs } from "../../src/core/author/packs/index.ts";
import { commitAll } from "./registry-folder.ts";

describe("assent policy", () => {
  it("writes every pack as entries that lint without errors, and does nothing twice", async () => {
    const folder = await newRegistry();
    for (const { name, environment } of packs) {
      const argv = ["policy", "add", name, "--bind", ...(environment === undefined ? [] : [environment])];
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
    const { code, answer } = await json(folder, "lint");
    expect([code, answer["counts"]]).toMatchObject([0, { error: 0 }]);
    const formatted = await run(["fmt", "--check"], { cwd: folder });
    expect(formatted.code).toBe(0);
  });

  it("without --bind judges nobody; a second binding keeps the policy that somebody has edited", async () => {
    const folder = await newRegistry();
    const path = "registry/policies/core/licence-allow-list/1.0.0.yaml";
    const first = await json(folder, "policy", "add", "licence-allow-list");
    expect(first.answer["files"]).toEqual([{ path, change: "added" }]);
    await expectClean(folder);
    put(folder, path, textOf(folder, path).replace('"ISC"', '"ISC", "Zlib"'));
    const second = await json(folder, "policy", "add", "licence-allow-list", "--bind", "prod", "--warn");
    expect([second.answer["outcome"], second.answer["kept"]]).toEqual([
      "written",
      ["policy:core/licence-allow-list@1.0.0"],
    ]);
    expect(textOf(folder, path)).toContain("Zlib");
    expect(textOf(folder, "registry/governance/policy-bindings/licence-allow-list-prod.yaml")).toBe(
      "title: Licences that were agreed to, in prod\nselector: { kinds: [Model, Dataset], environments: [environment:prod] }\npolicies: [policy:core/licence-allow-list@1.0.0]\nmode: warn\n",
    );
  });

  it.each([
    [["policy", "add", "licence-allowlist"], "policy/no-pack", "Did you mean licence-allow-list?"],
    [
      ["policy", "add", "eu-ai-act", "--bind", "production"],
      "usage/unknown-environment",
      "The environments are",
    ],
    [["policy", "add", "eu-ai-act", "--namespace", "Core!"], "usage/namespace", "Namespaces are lower-case"],
    [["policy", "show", "nothing-like-it"], "policy/no-pack", "The packs are generals-only"],
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

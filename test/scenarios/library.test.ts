/** The library's public API says what the command line says, about the registry of this repository. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { filesBelow } from "../../scripts/bench/corpus.ts";
import { compile, lint, parse, renderAnswer, resolverOf } from "../../src/index.ts";
import { run } from "../cli.ts";

const root = join(import.meta.dirname, "../..");
const asOf = "2026-07-02T00:00:00Z";
const below = (folder: string): string[] => filesBelow(join(root, folder)).map((path) => `${folder}/${path}`);
const files: Record<string, Uint8Array> = Object.fromEntries(
  [...below("registry"), ...below(".github"), "CODEOWNERS"].map((path) => [
    path,
    readFileSync(join(root, path)),
  ]),
);

const json = async (...words: readonly string[]) => {
  const { stdout } = await run([...words, "--as-of", asOf, "--format", "json"], { cwd: root });
  return stdout;
};

describe("the library", () => {
  it("lints as the command line does", async () => {
    const { ok, counts, diagnostics } = await lint(await parse(files), { asOf });
    const printed = JSON.parse(await json("lint")) as {
      diagnostics: readonly { code: string; file: string }[];
    };
    expect({ ok, counts }).toMatchObject({
      ok: true,
      counts: (printed as object as { counts: object }).counts,
    });
    expect(diagnostics.map(({ code, file, line }) => ({ code, file, line }))).toEqual(
      printed.diagnostics.map((each) => expect.objectContaining({ code: each.code, file: each.file })),
    );
  });

  it("compiles to the same bytes and resolves to the same answer", async () => {
    const { snapshot, diagnostics } = await compile(await parse(files), { asOf });
    expect(diagnostics).toEqual([]);
    const printed = JSON.parse(await json("compile", "--work-tree")) as { digest: string };
    expect(snapshot?.digest).toBe(printed.digest);
    const answer = resolverOf(snapshot!).resolve({
      environment: "prod",
      usecase: "fraud/card-score",
      tenant: "acme",
    });
    expect(renderAnswer(answer)).toBe(await json("resolve", "prod/fraud/card-score/acme"));
  });

  it("answers with diagnostics, and never throws, about whatever stands in a file", async () => {
    const broken = {
      ...files,
      "registry/registry.yaml": "id: [\n",
      "registry/x.yml": new Uint8Array([0xff]),
    };
    const parsed = await parse(broken);
    expect(parsed.diagnostics.map(({ file }) => file)).toContain("registry/registry.yaml");
    const { snapshot, diagnostics } = await compile(parsed, { asOf });
    expect(snapshot).toBeUndefined();
    expect(diagnostics.length).toBeGreaterThan(0);
    expect((await lint(parsed, { asOf })).ok).toBe(false);
  });

  it("takes an instant for an instant", async () => {
    await expect(lint(await parse({}), { asOf: "tomorrow" })).rejects.toMatchObject({
      code: "usage/instant",
    });
  });
});

/**
 * What a person who edits YAML once a month gets wrong, on the examples, each answered with file, line, reason and fix.
 * The answers stand in wrong-edits.txt, to be read as that person would.
 */
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { run } from "../cli.ts";
import { git, newFolder } from "../repository-on-disk.ts";
import { commitAll } from "./registry-folder.ts";

const examples = join(import.meta.dirname, "../../../shared/examples");
const model = "registry/models/openai/gpt-4o/1.0.0.yaml";
const bundle = "registry/bundles/fraud/score/1.4.0.yaml";
const live = "registry/live/prod/fraud/score.yaml";
const usecase = "registry/usecases/fraud/score.yaml";

/** The edit: a file, what stands there, and what is made of it; null deletes the file. `code` is the answer. */
const edits: readonly (readonly [
  name: string,
  file: string,
  from: string,
  to: string | null,
  code: string,
])[] = [
  ["a typo in a key", model, "contextLength:", "contextLenght:", "schema/unknown-key"],
  ["a reference to what does not exist", model, "provider:openai", "provider:opneai", "ref/missing"],
  [
    "a reference without its prefix",
    model,
    "owner: role:ml-platform",
    "owner: ml-platform",
    "schema/pattern",
  ],
  [
    "a quote that is not closed",
    model,
    'releaseDate: "2024-05-13"',
    'releaseDate: "2024-05-13',
    "yaml/syntax",
  ],
  ["a tab for indentation", model, "  series: gpt", "\tseries: gpt", "yaml/syntax"],
  ["one blank too many", model, "  series: gpt", "   series: gpt", "yaml/syntax"],
  [
    "a colon in a text without quotes",
    live,
    "reason: First production release.",
    "reason: Rollback: it was too slow",
    "yaml/syntax",
  ],
  ["a version that YAML reads as a number", live, 'bundle: "1.3.0"', "bundle: 1.10", "schema/type"],
  ["a day that does not exist", usecase, "2027-03-31", "2027-02-31", "schema/format"],
  ["a word the field does not know", usecase, "riskTier: high", "riskTier: hgih", "schema/enum"],
  ["a version that was never published", live, '"1.3.0"', '"1.5.0"', "activation/bundle-missing"],
  ["a rejected bundle goes live", bundle, "state: approved", "state: rejected", "change/illegal-move"],
  [
    "the frozen content of a version",
    bundle,
    "trainingRun: run-1.4.0",
    "trainingRun: run-1.4.1",
    "change/frozen",
  ],
  ["a landed file is deleted", bundle, "", null, "change/deleted"],
  ["an activation is deleted instead of deactivated", live, "", null, "change/deleted"],
  ["CODEOWNERS by hand", "CODEOWNERS", "@example/fraud", "@example/fraud @me", "codeowners/drift"],
  [
    "a key that the path says already",
    model,
    "title: GPT-4o",
    "id: openai/gpt-4o\ntitle: GPT-4o",
    "schema/written-by-hand",
  ],
  ["an indented list where a map is meant", usecase, "gates:\n  - {", "gates:\n  {", "yaml/syntax"],
];

it.skipIf(!existsSync(examples))(
  "wrong edits of the examples are answered with file, line, reason and fix (needs ../shared)",
  async () => {
    const folder = newFolder();
    cpSync(join(examples, "registry"), join(folder, "registry"), { recursive: true });
    cpSync(join(examples, "CODEOWNERS"), join(folder, "CODEOWNERS"));
    git(folder, ["init", "-q", "-b", "main", "."]);
    commitAll(folder, "Begin");
    const pages: string[] = [];
    for (const [name, file, from, to, expected] of edits) {
      const path = join(folder, file);
      const landed = readFileSync(path, "utf8");
      expect([name, landed.includes(from)]).toEqual([name, true]);
      if (to === null) rmSync(path);
      else writeFileSync(path, landed.replace(from, to));
      const { code, stdout, stderr } = await run(
        ["lint", "--base", "HEAD", "--as-of", "2026-07-01T00:00:00Z"],
        { cwd: folder },
      );
      expect([name, code, stderr]).toEqual([name, 1, ""]);
      const blocks = stdout.split("\n\n").slice(0, -1);
      for (const block of blocks)
        expect(block).toMatch(
          /^(error|warning|info) [a-z-]+\/[a-z-]+ {2}\S+:\d+:\d+\n {2}\S[\s\S]*\n {2}fix: \S/,
        );
      expect([name, stdout]).toEqual([name, expect.stringContaining(`error ${expected}  ${file}:`)]);
      pages.push(`=== ${name}\n\n${stdout}`);
      writeFileSync(path, landed);
    }
    await expect(pages.join("\n")).toMatchFileSnapshot("wrong-edits.txt");
  },
);

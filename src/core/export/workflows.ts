/**
 * What runs on GitHub, as texts: the workflows and the action that `init` and `setup` write (DESIGN 5.8).
 * What the attacker controls: everything in a pull request, its title and branch names too. So files of a pull
 * request are read and never executed, the tool comes from the base's .github/assent alone, tokens have the least
 * permissions, actions are pinned to commits, and no value of an event is pasted into a script.
 */
import { CHECKOUT, SETUP_NODE, type WorkflowFile } from "./actions.ts";
import { releaseText, releaseWorkflow } from "./release-workflow.ts";

export interface WorkflowOptions {
  /** 0 and 2: lint only (at 2 the App is the gate). 1: the gate as an Action too. 3 is 2 with signatures. */
  readonly level: 0 | 1 | 2 | 3;
  /** The protected branch, without `refs/heads/`. */
  readonly branch: string;
}

const gateWorkflow = ".github/workflows/assent-gate.yml";
const pingWorkflow = ".github/workflows/assent-ping.yml";

const lint = `# Checks every pull request, with a token that may only read and no secret.
name: assent

on:
  pull_request:

permissions:
  contents: read

concurrency:
  group: assent-\${{ github.ref }}
  cancel-in-progress: true

jobs:
  lint:
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      # The action and the tool are the base's, never the change's.
      - uses: ${CHECKOUT}
        with:
          ref: \${{ github.event.pull_request.base.sha }}
          persist-credentials: false
      # The change is read, never executed.
      - uses: ${CHECKOUT}
        with:
          path: change
          fetch-depth: 0
          persist-credentials: false
      - uses: ./.github/actions/assent
        with:
          command: lint
          folder: change
          base: \${{ github.event.pull_request.base.sha }}
`;

const ping = `# Tells the gate that somebody reviewed. A review starts the workflow of the pull request's own branch, which anybody
# may have changed, so it may do nothing and hands nothing over: the gate asks GitHub itself.
name: assent ping

on:
  pull_request_review:
    types: [submitted, edited, dismissed]

permissions: {}

jobs:
  ping:
    runs-on: ubuntu-24.04
    timeout-minutes: 2
    steps:
      - run: "true"
`;

const gate = (
  branch: string,
): string => `# Decides whether a pull request may land, and says so in its check. Runs from the default branch only; the files of the
# pull request are fetched as git objects and never checked out.
name: assent gate

on:
  pull_request_target:
    types: [opened, reopened, synchronize, edited, ready_for_review]
  workflow_run:
    workflows: [assent ping]
    types: [completed]
  push:
    branches: [${JSON.stringify(branch)}]
  schedule:
    # What waits for time is decided again once it has come.
    - cron: "23 * * * *"
  workflow_dispatch:

permissions: {}

concurrency:
  group: assent-gate-\${{ github.event.pull_request.number || github.event.workflow_run.head_sha || github.event_name }}
  cancel-in-progress: false

jobs:
  gate:
    # A pull request to another branch would bring that branch's tool along.
    if: >-
      (github.event_name != 'pull_request_target' || github.event.pull_request.base.ref == '${branch}') &&
      (github.event_name != 'workflow_run' || github.event.workflow_run.event == 'pull_request_review') &&
      (github.event_name != 'workflow_dispatch' || github.ref == 'refs/heads/${branch}')
    runs-on: ubuntu-24.04
    timeout-minutes: 15
    permissions:
      checks: write
      contents: read
      pull-requests: write
    steps:
      - uses: ${CHECKOUT}
        with:
          fetch-depth: 0
          persist-credentials: false
      - uses: ./.github/actions/assent
        with:
          command: gate
          token: \${{ github.token }}
`;

const action = `# Runs assent, exactly as .github/assent of the checked-out base pins it.
name: assent
description: Lints a registry, or decides whether a pull request may land
inputs:
  command:
    description: lint or gate
    required: true
  folder:
    description: "lint: the folder the change is checked out in"
    default: "."
  base:
    description: "lint: the commit that the change is compared with"
    default: ""
  token:
    description: "gate: reads the pull request, posts the check, the comment and review requests"
    default: ""
runs:
  using: composite
  steps:
    - uses: ${SETUP_NODE}
      with:
        node-version: 24
    - name: Install the tool from its lock
      shell: bash
      run: |
        set -euo pipefail
        if [ ! -f "$GITHUB_WORKSPACE/.github/assent/package-lock.json" ]; then
          echo "::error file=.github/assent/README.md::The tool is not there yet; this file says how to add it."
          exit 1
        fi
        npm ci --prefix "$GITHUB_WORKSPACE/.github/assent" --ignore-scripts --no-audit --no-fund
    - name: Lint
      if: inputs.command == 'lint'
      shell: bash
      env:
        FOLDER: \${{ inputs.folder }}
        BASE: \${{ inputs.base }}
      run: |
        set -euo pipefail
        tool="$GITHUB_WORKSPACE/.github/assent/node_modules/.bin/assent"
        if [ -n "$BASE" ]; then
          "$tool" lint --repo "$FOLDER" --base "$BASE" --format github
        else
          "$tool" lint --repo "$FOLDER" --format github
        fi
    - name: Decide
      if: inputs.command == 'gate'
      shell: bash
      env:
        GITHUB_TOKEN: \${{ inputs.token }}
      run: |
        set -euo pipefail
        tool="$GITHUB_WORKSPACE/.github/assent/node_modules/.bin/assent"
        "$tool" app --repo "$GITHUB_WORKSPACE" --event "$GITHUB_EVENT_NAME" --payload "$GITHUB_EVENT_PATH"
`;

/**
 * Everything below .github/ that a level needs besides the tool (.github/assent, which init begins), in byte order of
 * the paths.
 */
export function workflowFiles({ level, branch }: WorkflowOptions): readonly WorkflowFile[] {
  return [
    { path: ".github/actions/assent/action.yml", text: action },
    ...(level === 1
      ? [
          { path: gateWorkflow, text: gate(branch) },
          { path: pingWorkflow, text: ping },
        ]
      : []),
    { path: releaseWorkflow, text: releaseText(branch) },
    { path: ".github/workflows/assent.yml", text: lint },
  ];
}

/** Workflows that must not stay where an App is the gate: two gates post two checks. */
export const actionGate: readonly string[] = [gateWorkflow, pingWorkflow];

/**
 * The workflow that says in time what lapses, as a text: once a week an issue lists the waivers that end and the reviews
 * that are due (DESIGN 9, scheduled findings). It runs from the default branch only, and reads entries as data.
 * What the attacker controls: on a public forge anybody may open an issue, under any title; only one of its own is edited.
 */
import { CHECKOUT, SETUP_NODE, type WorkflowFile } from "./actions.ts";

const workflow = `# Once a week: which waivers end, which reviews are due, which sunsets come? One issue says so, and is closed when there are none.
# The variable ASSENT_LAPSES_WITHIN says how far to look ahead; 30d where it is not set.
name: assent lapses

on:
  schedule:
    - cron: "11 5 * * 1"
  workflow_dispatch:

permissions: {}

concurrency:
  group: assent-lapses
  cancel-in-progress: false

jobs:
  lapses:
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    permissions:
      contents: read
      issues: write
    steps:
      - uses: ${CHECKOUT}
        with:
          fetch-depth: 0
          persist-credentials: false
      - uses: ${SETUP_NODE}
        with:
          node-version: 24
      - name: Install the tool from its lock
        run: npm ci --prefix .github/assent --ignore-scripts --no-audit --no-fund
      - name: Say what lapses
        env:
          GH_TOKEN: \${{ github.token }}
          WITHIN: \${{ vars.ASSENT_LAPSES_WITHIN }}
        run: |
          set -eu
          title="What lapses soon"
          body="$RUNNER_TEMP/lapses.md"
          status=0
          .github/assent/node_modules/.bin/assent lint --lapses-within "\${WITHIN:-30d}" --max-warnings 0 \\
            --format markdown > "$body" || status=$?
          if [ "$status" -gt 1 ]; then
            cat "$body"
            exit "$status"
          fi
          # Only one that this workflow has opened: anybody may open an issue of the same title.
          issue=$(gh issue list --repo "$GITHUB_REPOSITORY" --app github-actions --state open --limit 100 \\
            --json number,title --jq "[.[] | select(.title == \\"$title\\") | .number][0] // empty")
          if [ "$status" -eq 0 ]; then
            [ -z "$issue" ] || gh issue close "$issue" --repo "$GITHUB_REPOSITORY" --comment "Nothing lapses soon any more."
          elif [ -n "$issue" ]; then
            gh issue edit "$issue" --repo "$GITHUB_REPOSITORY" --body-file "$body"
          else
            gh issue create --repo "$GITHUB_REPOSITORY" --title "$title" --body-file "$body"
          fi
`;

/** The workflow. */
export const lapseFiles: readonly WorkflowFile[] = [
  { path: ".github/workflows/assent-lapses.yml", text: workflow },
];

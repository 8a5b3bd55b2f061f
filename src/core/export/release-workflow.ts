/**
 * The workflow that publishes, as a text (DESIGN 7): after each landing record, prove, release, push; on a schedule renew
 * what is published before it expires, and drop what has expired in the registry.
 * What the attacker controls: pull requests, and branches other than the protected one. So it runs for the protected
 * branch alone, its keys are secrets of an environment that only that branch reaches, the steps that sign ask nobody
 * but git and the steps that talk to hosts hold no key, and the tool is the one that has landed.
 */
import { RELEASE_ENVIRONMENT } from "../govern/setup.ts";
import { CHECKOUT, SETUP_NODE } from "./actions.ts";

export const releaseWorkflow = ".github/workflows/assent-release.yml";

/** What a person does once so that it publishes; secrets are nothing that a program should pass around. */
export const releaseByHand: readonly { readonly what: string; readonly command: string }[] = [
  {
    what: "a key for each role, and the root; land trust/1.root.json, keep root.pem offline",
    command: "assent key generate --out ../keys --passphrase-file ../passphrase",
  },
  ...["targets", "snapshot", "timestamp"].map((role) => ({
    what: `what signs as ${role}`,
    command: `gh secret set ASSENT_${role.toUpperCase()}_KEY --env ${RELEASE_ENVIRONMENT} < ../keys/${role}.pem`,
  })),
  {
    what: "what the keys open with",
    command: `gh secret set ASSENT_KEY_PASSPHRASE --env ${RELEASE_ENVIRONMENT} < ../passphrase`,
  },
  {
    what: "where to, with blanks between several; and the secrets of those hosts, named as in the workflow",
    command: `gh variable set ASSENT_RELEASE_TO --env ${RELEASE_ENVIRONMENT} --body "oci://ghcr.io/acme/registry"`,
  },
  { what: "switch it on", command: "gh variable set ASSENT_RELEASE --body on" },
];

const tool = `      - uses: ${SETUP_NODE}
        with:
          node-version: 24
      - name: Install the tool from its lock
        run: npm ci --prefix .github/assent --ignore-scripts --no-audit --no-fund
`;

/** For the steps that read and write hosts. What is not set is empty, and counts as not there. */
const hosts = `          TO: \${{ vars.ASSENT_RELEASE_TO }}
          ASSENT_OCI_HOST: \${{ vars.ASSENT_OCI_HOST }}
          ASSENT_OCI_USERNAME: \${{ secrets.ASSENT_OCI_USERNAME }}
          ASSENT_OCI_PASSWORD: \${{ secrets.ASSENT_OCI_PASSWORD }}
          AWS_ACCESS_KEY_ID: \${{ secrets.AWS_ACCESS_KEY_ID }}
          AWS_SECRET_ACCESS_KEY: \${{ secrets.AWS_SECRET_ACCESS_KEY }}
          GITHUB_TOKEN: \${{ secrets.ASSENT_RELEASE_TOKEN }}
`;

const keys = `          ASSENT_TARGETS_KEY: \${{ secrets.ASSENT_TARGETS_KEY }}
          ASSENT_SNAPSHOT_KEY: \${{ secrets.ASSENT_SNAPSHOT_KEY }}
          ASSENT_TIMESTAMP_KEY: \${{ secrets.ASSENT_TIMESTAMP_KEY }}
          ASSENT_KEY_PASSPHRASE: \${{ secrets.ASSENT_KEY_PASSPHRASE }}
`;

/** The token for one git command, never written to a file of the clone. */
const authorized = `git -c "http.$GITHUB_SERVER_URL/.extraheader=AUTHORIZATION: basic $(printf 'x-access-token:%s' "$FETCH_TOKEN" | base64 -w 0)"`;

/** The workflow for a registry whose protected branch this is, without \`refs/heads/\`. */
export const releaseText = (
  branch: string,
): string => `# Publishes what has landed, and renews it before it expires. It does nothing until the variable ASSENT_RELEASE is "on":
# .github/assent/README.md says what to set before. Its keys are secrets of the environment "${RELEASE_ENVIRONMENT}".
name: assent release

on:
  push:
    branches: [${JSON.stringify(branch)}]
  schedule:
    # A timestamp is good for two days, so services outlive a day without this job.
    - cron: "41 */4 * * *"
  workflow_dispatch:

permissions: {}

# One after the other: each goes on from what the one before has published.
concurrency:
  group: assent-release
  cancel-in-progress: false

jobs:
  # Where the registry is its own witness (the variable ASSENT_WITNESS is "here"). One outside of it proves more.
  record:
    if: vars.ASSENT_RELEASE == 'on' && vars.ASSENT_WITNESS == 'here' && github.ref == 'refs/heads/${branch}'
    runs-on: ubuntu-24.04
    timeout-minutes: 15
    environment: ${RELEASE_ENVIRONMENT}
    permissions:
      # Appends to the branch registry-evidence.
      contents: write
      # Without a key it signs by the workflow's own identity, which the registry must name.
      id-token: write
      pull-requests: read
    steps:
      - uses: ${CHECKOUT}
        with:
          ref: refs/heads/${branch}
          persist-credentials: false
${tool}      - name: Record what has landed
        env:
          GITHUB_TOKEN: \${{ github.token }}
          ASSENT_WITNESS_KEY: \${{ secrets.ASSENT_WITNESS_KEY }}
        run: |
          set -eu
          git config --global user.name "assent"
          git config --global user.email "assent@users.noreply.github.com"
          git config --global "http.$GITHUB_SERVER_URL/.extraheader" \\
            "AUTHORIZATION: basic $(printf 'x-access-token:%s' "$GITHUB_TOKEN" | base64 -w 0)"
          git clone --quiet --bare "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY.git" "$RUNNER_TEMP/registry.git"
          git -C "$RUNNER_TEMP/registry.git" config remote.origin.fetch '+refs/heads/*:refs/remotes/origin/*'
          git -C "$RUNNER_TEMP/registry.git" fetch --quiet origin
          .github/assent/node_modules/.bin/assent audit record --github "$GITHUB_REPOSITORY" --repo "$RUNNER_TEMP/registry.git"

  release:
    needs: record
    # What is not proven is not released, so a record that failed needs no second guard, and must not keep a timestamp
    # from being renewed.
    if: \${{ !cancelled() && vars.ASSENT_RELEASE == 'on' && github.ref == 'refs/heads/${branch}' }}
    runs-on: ubuntu-24.04
    timeout-minutes: 45
    environment: ${RELEASE_ENVIRONMENT}
    permissions:
      contents: read
    steps:
      - uses: ${CHECKOUT}
        with:
          ref: refs/heads/${branch}
          fetch-depth: 0
          persist-credentials: false
${tool}      - name: Fetch what is published
        id: fetch
        env:
${hosts}        run: |
          set -eu
          read -r -a to <<< "$TO"
          .github/assent/node_modules/.bin/assent pull "\${to[0]}" --out "$RUNNER_TEMP/release" --trust trust/1.root.json --if-any
      - name: Renew the timestamp
        if: github.event_name == 'schedule'
        env:
${keys}        run: |
          set -eu
          if [ ! -f "$RUNNER_TEMP/release/metadata/timestamp.json" ]; then exit 0; fi
          .github/assent/node_modules/.bin/assent release --out "$RUNNER_TEMP/release" --refresh
      - name: Release what has landed
        env:
          # The trust anchor that the proof begins with, handed over outside of the repository.
          ANCHOR: \${{ vars.ASSENT_ANCHOR }}
          FETCH_TOKEN: \${{ github.token }}
${keys}        run: |
          set -eu
          set -- --out "$RUNNER_TEMP/release" --format json
          if [ -n "$ANCHOR" ]; then
            printf '%s' "$ANCHOR" > "$RUNNER_TEMP/anchor.json"
            set -- "$@" --trust "$RUNNER_TEMP/anchor.json"
          fi
          # A witness outside of the registry may come by a little later.
          for turn in $(seq 40); do
            status=0
            .github/assent/node_modules/.bin/assent release "$@" > "$RUNNER_TEMP/answer.json" || status=$?
            cat "$RUNNER_TEMP/answer.json"
            if [ "$status" -eq 0 ] || ! grep -q '"code":"release/not-recorded"' "$RUNNER_TEMP/answer.json"; then break; fi
            echo "waiting for the witness, turn $turn"
            sleep 30
            ${authorized} \\
              fetch --quiet "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY.git" \\
              '+refs/heads/registry-evidence*:refs/remotes/origin/registry-evidence*'
          done
          exit "$status"
      # Also where nothing new could be released: the timestamp was renewed all the same.
      - name: Push it
        if: \${{ !cancelled() && steps.fetch.outcome == 'success' }}
        env:
${hosts}        run: |
          set -eu
          if [ ! -f "$RUNNER_TEMP/release/metadata/timestamp.json" ]; then exit 0; fi
          read -r -a to <<< "$TO"
          .github/assent/node_modules/.bin/assent push "\${to[@]}" --release "$RUNNER_TEMP/release" --trust trust/1.root.json
`;

/**
 * A repository of its own for the witness, as texts (DESIGN 6): whoever governs the registry can make a workflow in it
 * say anything, so the witness runs somewhere else, with a key that the registry's people do not have.
 */
import { CHECKOUT, SETUP_NODE, type WorkflowFile } from "./actions.ts";

/** Once a month, at an hour of its own. */
const MONTHLY = "17 4 1 * *";

const tool = `      - uses: ${CHECKOUT}
        with:
          persist-credentials: false
      - uses: ${SETUP_NODE}
        with:
          node-version: 24
      - name: Install the tool from its lock
        run: npm ci --prefix .github/assent --ignore-scripts --no-audit --no-fund
`;

const variables = `          # owner/name of the registry.
          REGISTRY: \${{ vars.ASSENT_REGISTRY }}
          # May read the registry and its pull requests, and push to its branch registry-evidence alone.
          GITHUB_TOKEN: \${{ secrets.ASSENT_REGISTRY_TOKEN }}
          # Without a key the workflow signs by its own identity, which the registry must name.
          ASSENT_WITNESS_KEY: \${{ secrets.ASSENT_WITNESS_KEY }}
`;

const fetched = `          set -eu
          git config --global user.name "assent witness"
          git config --global user.email "assent-witness@users.noreply.github.com"
          git config --global "http.$GITHUB_SERVER_URL/.extraheader" \\
            "AUTHORIZATION: basic $(printf 'x-access-token:%s' "$GITHUB_TOKEN" | base64 -w 0)"
          git clone --quiet --bare "$GITHUB_SERVER_URL/$REGISTRY.git" "$RUNNER_TEMP/registry.git"
          git -C "$RUNNER_TEMP/registry.git" config remote.origin.fetch '+refs/heads/*:refs/remotes/origin/*'
          git -C "$RUNNER_TEMP/registry.git" fetch --quiet origin
`;

const record =
  '.github/assent/node_modules/.bin/assent audit record --outside --github "$REGISTRY" --repo "$RUNNER_TEMP/registry.git"';

const workflow = `# Records what has landed in the registry, from outside of it. Nothing of the registry is executed: it is fetched as git
# objects, and the tool is this repository's own.
name: assent witness

on:
  schedule:
    - cron: "*/10 * * * *"
    - cron: "${MONTHLY}"
  repository_dispatch:
    types: [landed]
  workflow_dispatch:

permissions: {}

concurrency:
  group: assent-witness
  cancel-in-progress: false

jobs:
  record:
    if: github.event.schedule != '${MONTHLY}'
    runs-on: ubuntu-24.04
    timeout-minutes: 15
    permissions:
      contents: read
      id-token: write
    steps:
${tool}      - name: Record what has landed
        env:
${variables}        run: |
${fetched}          ${record}

  # A file of the whole registry and a signed checkpoint of it, as a release of this repository.
  keep:
    if: github.event.schedule == '${MONTHLY}'
    runs-on: ubuntu-24.04
    timeout-minutes: 30
    permissions:
      contents: write
      id-token: write
    steps:
${tool}      - name: Keep the registry
        env:
${variables}          GH_TOKEN: \${{ github.token }}
        run: |
${fetched}          ${record} \\
            --checkpoint "$RUNNER_TEMP/checkpoint.dsse.json"
          git -C "$RUNNER_TEMP/registry.git" fetch --quiet origin
          git -C "$RUNNER_TEMP/registry.git" bundle create --quiet "$RUNNER_TEMP/registry.bundle" --remotes=origin
          gh release create "kept-$(date -u +%Y-%m-%d)" --repo "$GITHUB_REPOSITORY" --title "The registry as it was kept" \\
            --notes "Restore it with restore-drill.sh of the registry, and verify it with --checkpoint." \\
            "$RUNNER_TEMP/registry.bundle" "$RUNNER_TEMP/checkpoint.dsse.json"
`;

const readme = (version: string): string => `# The witness of a registry

This repository records what lands in a registry, and must be governed by other people than the registry itself: whoever
could change both could make evidence say anything.

1. Make a key for the witness alone: \`ssh-keygen -t ed25519 -N "" -f witness\`. Put the private half into this repository's
   secret ASSENT_WITNESS_KEY and delete the file. Add the public half to \`witness\` of the registry's registry.yaml:

       witness:
         - sshPublicKey: ssh-ed25519 ...

   Or leave out the key, and let the workflow sign by its own identity. Then the public log of sigstore learns of each
   record's digest and of this workflow's name, and the registry names that and keeps sigstore's trusted root (what
   \`gh attestation trusted-root\` prints for the public one) in .github/assent/sigstore-root.json:

       witness:
         - sigstore:
             issuer: https://token.actions.githubusercontent.com
             identity: https://github.com/OWNER/NAME/.github/workflows/assent-witness.yml@refs/heads/main

2. Set the variable ASSENT_REGISTRY (owner/name) and the secret ASSENT_REGISTRY_TOKEN: a token that may read the registry and
   its pull requests and push to its branch registry-evidence. Protect that branch against everybody else.
3. Put the tool into .github/assent, as the README there says: \`assent-${version}.tgz\`.
4. Hand the trust anchor to whoever verifies: the \`anchor\` of \`assent audit verify --format json\`.

Once a month the workflow keeps a bundle file of the whole registry and a signed checkpoint as a release here, for years.
\`restore-drill.sh\` of the registry restores and verifies them: CHECKPOINT=checkpoint.dsse.json sh restore-drill.sh registry.bundle.

Record soon after each landing. What a scope has served counts from when it was recorded, so a witness that sleeps makes
bundles soak longer. A registry's workflow can wake it: a repository_dispatch of the type \`landed\`.
`;

/** Everything that the witness's repository needs besides the tool. */
export function witnessFiles(version: string): readonly WorkflowFile[] {
  return [
    { path: ".github/workflows/assent-witness.yml", text: workflow },
    { path: "README.md", text: readme(version) },
  ];
}

/**
 * A repository of its own for the witness, as texts (DESIGN 6): whoever governs the registry can make a workflow in it
 * say anything, so the witness runs somewhere else, with a key that the registry's people do not have.
 */
import { CHECKOUT, SETUP_NODE, type WorkflowFile } from "./workflows.ts";

const workflow = `# Records what has landed in the registry, from outside of it. Nothing of the registry is executed: it is fetched as git
# objects, and the tool is this repository's own.
name: assent witness

on:
  schedule:
    - cron: "*/10 * * * *"
  repository_dispatch:
    types: [landed]
  workflow_dispatch:

permissions:
  contents: read

concurrency:
  group: assent-witness
  cancel-in-progress: false

jobs:
  record:
    runs-on: ubuntu-24.04
    timeout-minutes: 15
    steps:
      - uses: ${CHECKOUT}
        with:
          persist-credentials: false
      - uses: ${SETUP_NODE}
        with:
          node-version: 24
      - name: Install the tool from its lock
        run: npm ci --prefix .github/assent --ignore-scripts --no-audit --no-fund
      - name: Record what has landed
        env:
          # owner/name of the registry.
          REGISTRY: \${{ vars.ASSENT_REGISTRY }}
          # May read the registry and its pull requests, and push to its branch registry-evidence alone.
          GITHUB_TOKEN: \${{ secrets.ASSENT_REGISTRY_TOKEN }}
          ASSENT_WITNESS_KEY: \${{ secrets.ASSENT_WITNESS_KEY }}
        run: |
          set -eu
          git config --global user.name "assent witness"
          git config --global user.email "assent-witness@users.noreply.github.com"
          git config --global "http.$GITHUB_SERVER_URL/.extraheader" \\
            "AUTHORIZATION: basic $(printf 'x-access-token:%s' "$GITHUB_TOKEN" | base64 -w 0)"
          git clone --quiet --bare "$GITHUB_SERVER_URL/$REGISTRY" "$RUNNER_TEMP/registry.git"
          git -C "$RUNNER_TEMP/registry.git" config remote.origin.fetch '+refs/heads/*:refs/remotes/origin/*'
          git -C "$RUNNER_TEMP/registry.git" fetch --quiet origin
          .github/assent/node_modules/.bin/assent audit record --outside --github "$REGISTRY" --repo "$RUNNER_TEMP/registry.git"
`;

const readme = (version: string): string => `# The witness of a registry

This repository records what lands in a registry, and must be governed by other people than the registry itself: whoever
could change both could make evidence say anything.

1. Make a key for the witness alone: \`ssh-keygen -t ed25519 -N "" -f witness\`. Put the private half into this repository's
   secret ASSENT_WITNESS_KEY and delete the file. Add the public half to \`witness\` of the registry's registry.yaml:

       witness:
         - sshPublicKey: ssh-ed25519 ...

2. Set the variable ASSENT_REGISTRY (owner/name) and the secret ASSENT_REGISTRY_TOKEN: a token that may read the registry and
   its pull requests and push to its branch registry-evidence. Protect that branch against everybody else.
3. Put the tool into .github/assent, as the README there says: \`assent-${version}.tgz\`.
4. Hand the trust anchor to whoever verifies: the \`anchor\` of \`assent audit verify --format json\`.

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

/**
 * Keeping history for years, as texts: a drill that restores a registry as an empty machine would, and the workflow that
 * runs it every month (DESIGN 6). The script needs a shell, git and assent. It must never write into the registry.
 */
import { CHECKOUT, SETUP_NODE, type WorkflowFile } from "./actions.ts";

const DRILL = ".github/assent/restore-drill.sh";

const drill = `#!/bin/sh
# Restores the registry from a mirror or a bundle file, as an empty machine would, and proves that nothing is missing:
# every branch that matters is where it is here, the history verifies, and it compiles to the same digest.
#
#   restore-drill.sh <mirror or bundle file> [<trust anchor>]
#
# Run it in a clone of the registry. ASSENT names the program, BRANCH the protected branch, CHECKPOINT a file that the
# witness has signed (assent audit record --checkpoint), which what is restored must hold.
set -eu
source=\${1:?"name a mirror or a bundle file"}
anchor=\${2:-}
assent=\${ASSENT:-assent}
branch=\${BRANCH:-main}
started=$(date +%s)
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT INT TERM
fail() {
  echo "FAILED: $1" >&2
  exit 1
}
# Where a branch stands in this clone; nothing where it is not.
here() {
  git rev-parse --verify --quiet "refs/remotes/origin/$1" || git rev-parse --verify --quiet "refs/heads/$1" || true
}
# What a registry compiles to.
digest() {
  "$assent" compile -C "$1" --at "$2" --format json | sed -n 's/^.*"digest":"\\(sha256:[0-9a-f]*\\)".*$/\\1/p'
}

tip=$(here "$branch")
[ -n "$tip" ] || fail "there is no branch $branch here"
git init -q --bare "$place/mirror.git"
case $(git ls-remote "$source" 'refs/remotes/origin/*') in
  "") from='refs/heads/*' ;;
  *) from='refs/remotes/origin/*' ;;
esac
git -C "$place/mirror.git" fetch -q "$source" "+$from:refs/heads/*" || fail "$source cannot be fetched"
git clone -q --no-hardlinks --branch "$branch" "$place/mirror.git" "$place/registry"
for name in "$branch" registry-evidence registry-approvals; do
  restored=$(git -C "$place/mirror.git" rev-parse --verify --quiet "refs/heads/$name" || true)
  [ "$restored" = "$(here "$name")" ] || fail "$name is at \${restored:-nothing} there, and at $(here "$name") here"
done
set -- --quiet
[ -z "$anchor" ] || set -- "$@" --trust "$anchor"
[ -z "\${CHECKPOINT:-}" ] || set -- "$@" --checkpoint "$CHECKPOINT"
"$assent" audit verify -C "$place/registry" "$@" > "$place/report" || { cat "$place/report"; fail "the history does not verify"; }
restored=$(digest "$place/registry" "$tip")
original=$(digest . "$tip")
[ -n "$restored" ] || fail "the restored registry does not compile"
[ "$restored" = "$original" ] || fail "the restored registry compiles to $restored, and this one to $original"
echo "restored, verified and compiled in $(($(date +%s) - started)) seconds: $tip $restored"
`;

const workflow = `# Once a month: can the registry be restored, does its history verify, does it compile to the same digest?
# The variable ASSENT_MIRROR names a mirror that nobody here can rewrite; without one a bundle file is made and restored.
name: assent restore drill

on:
  schedule:
    - cron: "41 3 1 * *"
  workflow_dispatch:

permissions:
  contents: read

concurrency:
  group: assent-restore-drill
  cancel-in-progress: false

jobs:
  drill:
    runs-on: ubuntu-24.04
    timeout-minutes: 30
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
      - name: Restore, verify, compile, compare
        env:
          MIRROR: \${{ vars.ASSENT_MIRROR }}
          BRANCH: \${{ github.event.repository.default_branch }}
          ASSENT: .github/assent/node_modules/.bin/assent
        run: |
          set -eu
          if [ -z "$MIRROR" ]; then
            git bundle create "$RUNNER_TEMP/registry.bundle" --remotes=origin
            MIRROR="$RUNNER_TEMP/registry.bundle"
          fi
          ASSENT="$GITHUB_WORKSPACE/$ASSENT" sh ${DRILL} "$MIRROR"
`;

/** The drill and its workflow. */
export const retentionFiles: readonly WorkflowFile[] = [
  { path: DRILL, text: drill },
  { path: ".github/workflows/assent-restore-drill.yml", text: workflow },
];

/**
 * What stands around the entries of a new registry: how it is checked, edited and explained. The workflow takes the tool
 * from `.github/assent/` alone, so that which program judges is governed like everything else (DESIGN 5.1).
 */
import { editorSettings } from "../export/editor-schemas.ts";
import { lapseFiles } from "../export/lapses-workflow.ts";
import { retentionFiles } from "../export/retention.ts";
import { witnessFiles } from "../export/witness.ts";
import { releaseByHand } from "../export/release-workflow.ts";
import { workflowFiles } from "../export/workflows.ts";

/** Where the schemas for editors lie. */
export const SCHEMA_FOLDER = ".vscode/schemas";

/** What a killed write leaves beside its target, as git ignores it. */
const LEFT_OVER = ".assent-*.tmp";

/** The files by path; none of them is an entry. */
export function toolingFiles(id: string, version: string): Readonly<Record<string, string>> {
  return {
    ".gitattributes":
      "# The same bytes on every machine: digests and approvals depend on them.\nregistry/** text eol=lf\nCODEOWNERS text eol=lf\n",
    ".gitignore": `node_modules/\n# Left behind when assent is killed while it writes; assent lint --fix deletes it.\n${LEFT_OVER}\n`,
    ...Object.fromEntries(workflowFiles({ level: 0, branch: "main" }).map(({ path, text }) => [path, text])),
    ...Object.fromEntries([...lapseFiles, ...retentionFiles].map(({ path, text }) => [path, text])),
    ".github/assent/package.json": manifest(version),
    ".github/assent/README.md": `${toolReadme(version)}${releaseReadme}`,
    ".vscode/settings.json": settingsText(SCHEMA_FOLDER),
    ".vscode/extensions.json": `${JSON.stringify({ recommendations: ["redhat.vscode-yaml"] }, null, 2)}\n`,
    "README.md": readme(id),
  };
}

/** The files of a witness's own repository. */
export function witnessTooling(version: string): Readonly<Record<string, string>> {
  return {
    ".gitignore": "node_modules/\n",
    ...Object.fromEntries(witnessFiles(version).map(({ path, text }) => [path, text])),
    ".github/assent/package.json": manifest(version),
    ".github/assent/README.md": toolReadme(version),
  };
}

/** VS Code's settings: which schema is for which files. */
export function settingsText(folder: string): string {
  return `${JSON.stringify({ "yaml.schemas": editorSettings(folder) }, null, 2)}\n`;
}

function manifest(version: string): string {
  const value = {
    name: "assent-of-this-registry",
    private: true,
    dependencies: { assent: `file:assent-${version}.tgz` },
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}

function toolReadme(version: string): string {
  return `# The tool that judges this registry

The workflow installs Assent from this folder and from nowhere else. Whoever may change this folder decides which program
judges, so it is owned like the rules themselves.

Assent is not published on a package registry yet, and a package of that name there is not it. Build the package from a
clone of Assent, and commit it here:

    npm ci && npm run build                                     # in the clone of Assent
    npm pack ./dist --pack-destination <this repository>/.github/assent
    npm install --prefix .github/assent --ignore-scripts        # in this repository: writes package-lock.json
    git add .github/assent

The manifest expects \`assent-${version}.tgz\`. To update, pack the new version, change the name in package.json, and install again.
Until the package and the lock are here the workflow fails, because a check that checks nothing should not be green.
`;
}

const releaseReadme = `
## Releases

\`assent-release.yml\` publishes what has landed as signed releases, for services to run on: after each landing it records (or
waits for the witness), proves, releases and pushes, and every four hours it renews what is published. It sleeps until the
variable ASSENT_RELEASE is \`on\`. Once, from this repository:

${releaseByHand.map(({ what, command }) => `    # ${what}\n    ${command}`).join("\n")}

The environment \`release\` must be reachable from protected branches only: \`assent setup github --apply\` makes it so, and
\`assent doctor --github <owner/repo>\` says whether it is. The root's key never goes into a workflow. Where registry.yaml names
a witness, the job waits up to 20 minutes for its record; the variable ASSENT_WITNESS set to \`here\` makes the registry its own
(with ASSENT_WITNESS_KEY, a secret of the environment), which proves less. ASSENT_ANCHOR, a variable of the environment, holds
the trust anchor that the proof begins with.
`;

function readme(id: string): string {
  return `# ${id}: what may go live

A registry of AI models, pipelines, policies and bundles, kept by Assent. Every file under \`registry/\` is an entry: its path is its
name, its folder is its kind. A pull request is a change of state, and git's history is the log.

## Every day

    assent                                        # what is live where, and what to do next
    assent lint                                   # is everything right?
    assent resolve dev/support/reply              # what does a service get?
    assent promote support/reply@1.0.0 --to stage --reason "Works in dev"

A promotion changes two lines of one file, \`registry/live/<environment>/support/reply.yaml\`. Open a pull request with it.

## A new version

    assent new bundle support/reply@1.1.0 --from support/reply --artifact prompt=prompt.txt
    assent publish request.json                   # where the use case has gates: with what was measured
    assent transition bundle:support/reply@1.1.0 approved --reason "Read by two of us"

## More

    assent new usecase <namespace>/<name>         # says what is still missing, and what to type
    assent import models.dev <folder>             # models by the thousand
    assent rollback prod/support/reply --reason "Answers got worse"
    assent schema                                 # let the editor complete references to what exists now
    assent explain <code>                         # why a check complains, and how to mend it

## Where things are

| Path | What it is |
|---|---|
| \`registry/registry.yaml\` | id, mode, who owns which path |
| \`registry/governance/\` | people, roles, environments, who must agree to what |
| \`registry/usecases/\` | what bundles are for, and what must be measured |
| \`registry/models/\`, \`bundles/\`, ... | versions; \`spec\` is frozen once it has landed |
| \`registry/live/\` | what is live: one small file per scope |
| \`CODEOWNERS\` | made from registry.yaml: \`assent codeowners generate\`, never edited |
| \`.github/assent/\` | the tool that judges; its README says how to put it there |

The registry observes: it checks and reports, and blocks nothing. Delete what you do not need of the first entries before they land.
`;
}

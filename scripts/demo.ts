/**
 * `npm run demo`: the main job on this repository's own registry, shown and checked: lint -> compile -> resolve.
 * It runs the built program as a user would, and fails when an answer is not what the registry's files say.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = mkdtempSync(join(tmpdir(), "assent-demo-"));
const snapshot = join(folder, "snapshot");

/** Runs one command, shows it with its output, and returns the output; any other exit code ends the demo. */
function assent(args: readonly string[], options: { readonly quiet?: boolean } = {}): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "dist/assent.js"), ...args], {
    cwd: root,
    encoding: "utf8",
  });
  if (options.quiet !== true)
    process.stdout.write(`$ assent ${args.join(" ").replace(snapshot, "snapshot")}\n${stdout}\n`);
  if (status !== 0) throw new Error(`assent ${args[0]} ended with ${status}\n${stderr}`);
  return stdout;
}

function check(what: string, holds: boolean): void {
  if (!holds) throw new Error(`the demo expected that ${what}`);
  process.stdout.write(`checked: ${what}\n`);
}

try {
  const scope = "prod/fraud/card-score";
  assent(["lint", "--quiet", "registry/live"]);
  assent(["compile", "--work-tree", "--out", snapshot]);
  assent(["resolve", scope, "--snapshot", snapshot, "--unsigned"]);
  const question = ["resolve", scope, "--format", "json"];
  const compiled: unknown = JSON.parse(
    assent([...question, "--snapshot", snapshot, "--unsigned"], { quiet: true }),
  );
  const direct: unknown = JSON.parse(assent(question, { quiet: true }));
  const live = /^bundle: "(.+)"$/m.exec(readFileSync(join(root, `registry/live/${scope}.yaml`), "utf8"))?.[1];
  const { bundle } = compiled as { bundle: { ref: string; digest: string } };
  check(
    `${scope} resolves to the bundle that its file names (${live})`,
    bundle.ref === `bundle:fraud/card-score@${live}`,
  );
  check(
    "the snapshot and the registry's files give the same bundle",
    bundle.digest === (direct as { bundle: { digest: string } }).bundle.digest,
  );
  const again = assent(["compile", "--work-tree", "--format", "json"], { quiet: true });
  const twice = assent(["compile", "--work-tree", "--format", "json"], { quiet: true });
  check("compiling twice gives the same digest", again === twice);
  process.stdout.write('\nThe main job works. Next: README.md, "Your own registry in five minutes".\n');
} finally {
  rmSync(folder, { recursive: true, force: true });
}

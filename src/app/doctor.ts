/** `assent doctor`: what is unsafe around a registry, in this clone and on the forge, and how to mend it. Changes nothing. */
import type { Ailment } from "../core/govern/doctor.ts";
import * as codes from "../core/govern/doctor-codes.ts";
import { settingsOf } from "../core/govern/ownership.ts";
import type { RepositoryName } from "../core/model/repository-name.ts";
import type { Tree } from "../core/model/tree.ts";
import { codeownersLocation } from "../core/validate/rules/codeowners-location.ts";
import { decodeText } from "../core/source/parse.ts";
import type { Forge, Ports } from "./ports.ts";
import { openRegistry, type OpenRegistry, type Selection } from "./read.ts";

export interface Examination {
  readonly ailments: readonly Ailment[];
  /** Whether the forge was looked at. */
  readonly forge: boolean;
}

/** Looks at the clone, and with `github` at the forge. */
export async function examine(
  request: Selection & { readonly github: RepositoryName | undefined; readonly forge: () => Promise<Forge> },
  ports: Ports,
): Promise<Examination> {
  const open = await openRegistry(request, ports);
  const branch = settingsOf(open.registry)?.value.protectedBranch ?? "main";
  const local = [...(await examineClone(open, branch)), ...(await examineFiles(open))];
  if (request.github === undefined) return { ailments: local, forge: false };
  const { examineForge } = await import("../core/govern/doctor.ts");
  const settings = await (await request.forge()).settings(request.github);
  return { ailments: [...local, ...examineForge(settings, branch)], forge: true };
}

async function examineClone({ repository }: OpenRegistry, branch: string): Promise<readonly Ailment[]> {
  const where = "this clone";
  if (repository === undefined)
    return [{ definition: codes.noGit, message: "There is no git repository around the registry.", where }];
  const found: Ailment[] = [];
  if (await repository.isShallow())
    found.push({ definition: codes.shallow, message: "The clone is shallow.", where });
  if ((await repository.tipOf(branch)) === null) {
    found.push({
      definition: codes.noProtectedBranch,
      message: `There is no origin/${branch} and no ${branch}.`,
      where,
    });
  }
  return found;
}

async function examineFiles({ registry }: OpenRegistry): Promise<readonly Ailment[]> {
  const { examineTool, examineWorkflow } = await import("../core/govern/workflow-safety.ts");
  const { tree } = registry;
  const workflows = tree.files
    .map(({ path }) => path)
    .filter((path) => /^\.github\/(?:workflows\/[^/]+\.ya?ml|actions\/.+\/action\.ya?ml)$/.test(path));
  const second: Ailment[] = [".github/CODEOWNERS", "docs/CODEOWNERS"]
    .filter((path) => tree.get(path) !== undefined)
    .map((where) => ({
      definition: codeownersLocation,
      message: "There is a second CODEOWNERS file.",
      where,
    }));
  const tool = examineTool(
    textAt(tree, ".github/assent/package.json"),
    textAt(tree, ".github/assent/package-lock.json"),
  );
  return [
    ...second,
    ...tool,
    ...workflows.flatMap((path) => examineWorkflow(path, textAt(tree, path) ?? "")),
  ];
}

function textAt(tree: Tree, path: string): string | undefined {
  const file = tree.get(path);
  return file === undefined ? undefined : decodeText(file.read());
}

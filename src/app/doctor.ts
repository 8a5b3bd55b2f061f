/** `assent doctor`: what is unsafe around a registry, in this clone and on the forge, and how to mend it. Changes nothing. */
import type { Ailment } from "../core/govern/doctor.ts";
import { checkVariables, missingVariables, type VariableCheck } from "../core/govern/doctor-env.ts";
import * as codes from "../core/govern/doctor-codes.ts";
import { settingsOf } from "../core/govern/ownership.ts";
import { Failure } from "../core/model/failure.ts";
import { millisecondsOf } from "../core/model/instant.ts";
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
  /** The variables of providers; absent when nobody asked. */
  readonly variables?: readonly VariableCheck[];
}

/** Looks at the clone, and with `github` at the forge. */
export async function examine(
  request: Selection & {
    readonly github: RepositoryName | undefined;
    readonly forge: () => Promise<Forge>;
    /** Whether a variable is set; given when providers' variables are to be looked at. */
    readonly isSet?: ((name: string) => boolean) | undefined;
  },
  ports: Ports,
): Promise<Examination> {
  const open = await openRegistry(request, ports);
  const branch = settingsOf(open.registry)?.value.protectedBranch ?? "main";
  const local = [
    ...(await examineClone(open, branch)),
    ...(await examineFiles(open)),
    ...(await examineRoots(request.folder, ports)),
  ];
  const variables = request.isSet && checkVariables(open.registry, request.isSet);
  const told = variables === undefined ? {} : { variables };
  local.push(...missingVariables(variables ?? []));
  if (request.github === undefined) return { ailments: local, forge: false, ...told };
  const [{ examineForge }, { readsReleaseKeys }] = await Promise.all([
    import("../core/govern/doctor.ts"),
    import("../core/govern/workflow-safety.ts"),
  ]);
  const settings = await (await request.forge()).settings(request.github);
  const { tree } = open.registry;
  const publishes = workflowsOf(tree).some((path) => readsReleaseKeys(textAt(tree, path) ?? ""));
  return { ailments: [...local, ...examineForge(settings, branch, publishes)], forge: true, ...told };
}

/** In milliseconds: owners of a root need some days to find each other. */
const SOON = 30 * 86_400_000;

/** The roots that releases hang on, where there are any. */
async function examineRoots(folder: string, ports: Ports): Promise<readonly Ailment[]> {
  const [{ readRoots, TRUST_FOLDER: where }, { chainOf }] = await Promise.all([
    import("./key-root.ts"),
    import("../core/release/root.ts"),
  ]);
  try {
    const { files } = readRoots(folder, undefined, { ports, store: await ports.openKeyStore() });
    const last = files.length === 0 ? undefined : chainOf(files)?.last;
    if (last === undefined || millisecondsOf(last.expires) - millisecondsOf(ports.now()) > SOON) return [];
    const message = `Root ${last.version} is good until ${last.expires}.`;
    return [{ definition: codes.rootExpires, message, where: `${where}/${last.version}.root.json` }];
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return [{ definition: codes.rootUnusable, message: error.message, where }];
  }
}

function workflowsOf(tree: Tree): readonly string[] {
  return tree.files
    .map(({ path }) => path)
    .filter((path) => /^\.github\/(?:workflows\/[^/]+\.ya?ml|actions\/.+\/action\.ya?ml)$/.test(path));
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
    ...workflowsOf(tree).flatMap((path) => examineWorkflow(path, textAt(tree, path) ?? "")),
  ];
}

function textAt(tree: Tree, path: string): string | undefined {
  const file = tree.get(path);
  return file === undefined ? undefined : decodeText(file.read());
}

/** `assent codeowners`: the rendering of registry.yaml's ownership, and who owns a path as GitHub reads the file. */
import { ownersOf, parseCodeowners, type PathOwners } from "../core/govern/codeowners.ts";
import { renderCodeowners } from "../core/govern/ownership.ts";
import { Failure } from "../core/model/failure.ts";
import { decodeText } from "../core/source/parse.ts";
import type { Ports } from "./ports.ts";
import { openRegistry, type Selection } from "./read.ts";
import { rootOf } from "./root.ts";

const path = "CODEOWNERS";

export interface Generated {
  /** Whether the file already says what ownership says. */
  readonly current: boolean;
  readonly text: string;
}

/** Writes CODEOWNERS from ownership; with `check` it only compares. */
export async function generateCodeowners(
  request: Selection & { readonly check: boolean },
  ports: Ports,
): Promise<Generated> {
  const { registry, workTree } = await openRegistry(request, ports);
  if (registry.ofKind("Registry").length === 0) {
    throw new Failure(
      "codeowners/no-registry",
      "registry/registry.yaml is missing or wrong, so nobody owns anything.",
      {
        hint: "Run assent lint registry/registry.yaml and mend what it says.",
      },
    );
  }
  const text = renderCodeowners(registry);
  const file = registry.tree.get(path);
  const current = file !== undefined && decodeText(file.read()) === text;
  if (!current && !request.check) workTree.write([{ path, content: text }]);
  return { current, text };
}

/** Who owns paths, as GitHub reads the CODEOWNERS file that is there (`file`, relative to the folder, when given). */
export function whoOwns(
  request: Pick<Selection, "folder"> & {
    readonly paths: readonly string[];
    readonly file?: string | undefined;
  },
  ports: Ports,
): readonly (PathOwners & { readonly path: string })[] {
  const bytes =
    request.file === undefined
      ? ports.openWorkTree(rootOf(request.folder, ports)).readFile(path)
      : ports.readInput(request.folder, request.file);
  if (bytes === undefined) {
    throw new Failure("codeowners/missing", "There is no CODEOWNERS file.", {
      hint: "Make it: assent codeowners generate.",
    });
  }
  const parsed = parseCodeowners(decodeText(bytes));
  return request.paths.map((each) => ({ path: each, ...ownersOf(parsed, each) }));
}

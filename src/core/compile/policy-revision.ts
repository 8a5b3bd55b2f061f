/**
 * `policyRevision`: one digest for all the rules of a tree (DESIGN 5.1), so that a decision or an answer can say
 * under which rules it was made. It must never depend on anything but paths and bytes.
 */
import { digestOfBytes, sha256Hex, type Digest } from "../model/digest.ts";
import { compareBytes } from "../model/json.ts";
import { bytesOfPath, GOVERNED_ROOTS } from "../model/path.ts";
import { filesBelow, filesBetween, type Tree, type TreeFile } from "../model/tree.ts";

const encoder = new TextEncoder();

/**
 * sha256 over `sha256(content) SP path NUL` of the governance files (registry.yaml, registry/governance/**,
 * registry/usecases/** and every governed path outside registry/) and registry/policies/**, in byte order.
 * The tree must hold the governed files and no others.
 */
export function policyRevisionOf(tree: Tree): Digest {
  const files = ruleFilesOf(tree).filter(({ mode }) => mode !== "160000");
  const [first] = files;
  const known = first === undefined ? undefined : revisions.get(first);
  if (known?.files.length === files.length && known.files.every((file, at) => file === files[at]))
    return known.revision;
  const parts = files.flatMap((file) => [
    encoder.encode(`${sha256Hex(file.read())} `),
    bytesOfPath(file.path),
    NUL,
  ]);
  const revision = digestOfBytes(concat(parts));
  if (first !== undefined) revisions.set(first, { files, revision });
  return revision;
}

/** By the first of the files: along a history nearly every tree has the very rules of the one before. */
const revisions = new WeakMap<TreeFile, { readonly files: readonly TreeFile[]; readonly revision: Digest }>();

/** The same from the sha256 of each rule file, by path. */
export function revisionOfRules(rules: ReadonlyMap<string, string>): Digest {
  const parts: Uint8Array[] = [];
  let text = "";
  const flush = (): void => {
    parts.push(encoder.encode(text));
    text = "";
  };
  for (const path of [...rules.keys()].sort(compareBytes)) {
    text += `${rules.get(path) ?? ""} `;
    if (path.isWellFormed()) text += `${path}\0`;
    else {
      flush();
      parts.push(bytesOfPath(path));
      text = "\0";
    }
  }
  flush();
  return digestOfBytes(concat(parts));
}

/** Whether a governed path is one that rules are read from. */
export function isRulePath(path: string): boolean {
  if (!path.startsWith("registry/")) return true;
  return (
    path === "registry/registry.yaml" ||
    path.startsWith("registry/governance/") ||
    path.startsWith("registry/usecases/") ||
    path.startsWith("registry/policies/")
  );
}

/** The files of a tree that rules are read from, in byte order. */
export function ruleFilesOf(tree: Tree): readonly TreeFile[] {
  const settings = tree.get("registry/registry.yaml");
  // "0" is the character after "/".
  return [
    ...filesBetween(tree, "", "registry/"),
    ...filesBelow(tree, "registry/governance/"),
    ...filesBelow(tree, "registry/policies/"),
    ...(settings === undefined ? [] : [settings]),
    ...filesBelow(tree, "registry/usecases/"),
    ...filesBetween(tree, "registry0"),
  ];
}

/** Files and folders of a repository in which `isRulePath` can hold, below what is governed. */
export const RULE_ROOTS: readonly string[] = [
  ...GOVERNED_ROOTS.filter((root) => root !== "registry"),
  "registry/registry.yaml",
  "registry/governance",
  "registry/usecases",
  "registry/policies",
];

const NUL = Uint8Array.of(0);

function concat(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

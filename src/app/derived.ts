/**
 * Files that are made of the registry and live beside it: documentation, constants for code. They are written where they
 * differ, removed where they were made here and are no longer, and with `check` only compared, for CI.
 */
import { Failure } from "../core/model/failure.ts";
import { isSafePath } from "../core/model/path.ts";
import type { Registry } from "../core/model/registry.ts";
import type { FileChange, Ports } from "./ports.ts";
import { openRegistry, type Selection } from "./read.ts";

export interface DerivedRequest extends Selection {
  /** A folder or file relative to the repository's root. */
  readonly out: string;
  readonly check: boolean;
}

/** What to make, and how to know what was made here before. */
export interface Derivation {
  /** Files below `out`; one with the empty path is `out` itself. */
  readonly make: (registry: Registry) => readonly { readonly path: string; readonly text: string }[];
  /** The beginning of everything made here; null where only one file is made. */
  readonly mark: string | null;
}

export interface Derived {
  readonly out: string;
  readonly files: number;
  /** Paths that were written or removed or, with `check`, would be; relative to the root. */
  readonly changed: readonly string[];
}

export async function derive(
  request: DerivedRequest,
  { make, mark }: Derivation,
  ports: Ports,
): Promise<Derived> {
  const open = await openRegistry(request, ports);
  if (open.findings.length > 0)
    throw new Failure(
      "registry/errors",
      "The registry has files that cannot be read; what is made of it would lack them.",
      {
        hint: "assent lint shows them.",
      },
    );
  const out = request.out.replace(/\/+$/, "");
  if (!isSafePath(out) || out === "registry" || out.startsWith("registry/"))
    throw new Failure("usage/out", `"${out}" is no place for what is made of the registry.`, {
      hint: "Choose one inside the repository and outside registry/, such as docs/registry.",
    });
  const files = make(open.registry).map(({ path, text }) => ({
    path: path === "" ? out : `${out}/${path}`,
    text,
  }));
  const wanted = new Set(files.map(({ path }) => path));
  const decoder = new TextDecoder();
  const changes: FileChange[] = files.flatMap(({ path, text }): FileChange[] => {
    const there = open.workTree.readFile(path);
    return there !== undefined && decoder.decode(there) === text ? [] : [{ path, content: text }];
  });
  if (mark !== null) {
    for (const file of open.workTree.readTree({ also: [out] }).files) {
      if (!file.path.startsWith(`${out}/`) || wanted.has(file.path)) continue;
      if (decoder.decode(file.read()).startsWith(mark)) changes.push({ path: file.path, content: null });
    }
  }
  if (!request.check && changes.length > 0) open.workTree.write(changes);
  return { out, files: files.length, changed: changes.map(({ path }) => path) };
}

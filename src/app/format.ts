/** `assent fmt`: the canonical layout, which people and the fast parser read best. Comments are kept. */
import type { Finding } from "../core/model/diagnostic.ts";
import { counted } from "../core/model/progress.ts";
import type { Tree } from "../core/model/tree.ts";
import { format } from "../core/source/layout.ts";
import { decodeText } from "../core/source/parse.ts";
import { parseStrict } from "../core/source/strict.ts";
import { identityOfPath } from "../core/source/reference.ts";
import type { Diagnostic } from "../core/validate/report.ts";
import { keyOrders } from "../generated/key-order.ts";
import { locate } from "./lint.ts";
import type { FileChange, Ports } from "./ports.ts";
import { telling, type Selection } from "./read.ts";
import { rootOf } from "./root.ts";
import { selector } from "./select.ts";

export interface FormatRequest extends Pick<Selection, "folder" | "onProgress"> {
  /** Files or folders, relative to the root; empty = the whole registry. */
  readonly paths: readonly string[];
  /** Say which files would change, and write nothing. */
  readonly check: boolean;
}

export interface FormatResult {
  /** How many files were looked at. */
  readonly files: number;
  /** The files whose layout is (or was) not canonical, in byte order. */
  readonly changed: readonly string[];
  /** Files that no layout can be given to, because they are not valid YAML. */
  readonly diagnostics: readonly Diagnostic[];
  readonly tree: Tree;
}

/** Brings entry files into the canonical layout; what cannot be read is reported and left alone. */
export async function formatFiles(request: FormatRequest, ports: Ports): Promise<FormatResult> {
  const workTree = telling(ports.openWorkTree(rootOf(request.folder, ports)), request.onProgress);
  const tree = workTree.readTree();
  const wanted = selector(request.paths, tree);
  const changes: FileChange[] = [];
  const findings: Finding[] = [];
  const told = counted(request.onProgress, "laying out files", null);
  let files = 0;
  for (const file of tree.files) {
    if (!file.mode.startsWith("100") || wanted?.(file.path) === false) continue;
    const kind = identityOfPath(file.path)?.kind;
    if (kind === undefined) continue;
    files++;
    told?.(files);
    const bytes = file.read();
    // The bytes are judged, not the text: what is no UTF-8 would come out changed.
    const faults = parseStrict(file.path, bytes).findings;
    if (faults.length > 0) {
      findings.push(...faults);
      continue;
    }
    const text = decodeText(bytes);
    const formatted = format(text, keyOrders[kind], file.path);
    findings.push(...formatted.findings);
    if (formatted.text !== text) changes.push({ path: file.path, content: formatted.text });
  }
  if (!request.check && changes.length > 0) workTree.write(changes);
  return { files, changed: changes.map(({ path }) => path), diagnostics: await locate(findings, tree), tree };
}

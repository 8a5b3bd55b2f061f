/**
 * `assent reconcile`: where code, or another system's configuration, and the registry disagree. Reads the source and the
 * registry, writes nothing, and opens nothing outside the source.
 */
import { Failure } from "../core/model/failure.ts";
import type { Finding } from "../core/model/diagnostic.ts";
import { compareBytes } from "../core/model/json.ts";
import { treeOfTexts, type Tree } from "../core/model/tree.ts";
import { isLitellm, reconcileConfig } from "../core/find/reconcile-config.ts";
import { unread } from "../core/find/reconcile-codes.ts";
import { knownNames, reconcileText } from "../core/find/reconcile.ts";
import { MAX_SOURCE_BYTES } from "../core/import/json-text.ts";
import type { SourceFile } from "../core/import/record.ts";
import { rangesIn } from "../core/source/positions.ts";
import {
  countsOf,
  createPlacer,
  diagnosticsOf,
  type Counts,
  type Diagnostic,
} from "../core/validate/report.ts";
import type { Ports } from "./ports.ts";
import { openRegistry, type Selection } from "./read.ts";

export interface ReconcileRequest extends Selection {
  /** A folder or a file, relative to `folder`. */
  readonly source: string;
}

export interface Reconciliation {
  readonly source: string;
  /** How many files were read. */
  readonly files: number;
  readonly counts: Counts;
  readonly diagnostics: readonly Diagnostic[];
  /** The files of code with something to say, for code frames; never files of settings. */
  readonly tree: Tree;
}

const code =
  /\.(?:[cm]?[jt]sx?|py|ipynb|go|java|kts?|rb|rs|cs|php|scala|swift|lua|r|sh|ps1|sql|tf|vue|svelte)$/i;
const settings = /(?:\.(?:ya?ml|toml|ini|cfg|conf|properties|json)|(?:^|\/)\.env[\w.-]*|\.env)$/i;

/** Folders that hold nobody's own code. */
const foreign: ReadonlySet<string> = new Set(
  "node_modules .git .hg .svn dist build out target vendor .venv venv __pycache__ .tox .next .cache coverage".split(
    " ",
  ),
);

/** Compares a file or a folder with the registry. */
export async function reconcile(request: ReconcileRequest, ports: Ports): Promise<Reconciliation> {
  const open = await openRegistry(request, ports);
  const files = filesOf(request, ports);
  const known = knownNames(open.registry);
  const findings: Finding[] = [];
  const texts = new Map<string, string>();
  let count = 0;
  for (const file of files.toSorted((a, b) => compareBytes(a.path, b.path))) {
    if (file.kind !== "file") {
      if (isWanted(file.path) && file.kind === "unread")
        findings.push({
          definition: unread,
          message: `${file.path}: ${file.reason}`,
          at: { file: file.path },
        });
      continue;
    }
    if (!isWanted(file.path) && files.length > 1) continue;
    const text = textOf(file.bytes);
    if (text === undefined) {
      findings.push({
        definition: unread,
        message: `${file.path} is no text that can be read.`,
        at: { file: file.path },
      });
      continue;
    }
    count++;
    const found = isLitellm(text)
      ? reconcileConfig(file.path, text, open.registry)
      : reconcileText(file.path, text, settings.test(file.path), known);
    if (found.length > 0) texts.set(file.path, text);
    findings.push(...found);
  }
  const tree = treeOfTexts(Object.fromEntries(texts));
  const placer = createPlacer(tree, (text) => {
    const rangeOf = rangesIn(text);
    return ({ span }) => rangeOf(span ?? { start: 0, end: 0 });
  });
  const diagnostics = diagnosticsOf(findings, placer);
  // Files of settings hold secrets beside names, and what is shown ends in logs that more people read.
  const shown = treeOfTexts(Object.fromEntries([...texts].filter(([path]) => !settings.test(path))));
  return { source: request.source, files: count, counts: countsOf(diagnostics), diagnostics, tree: shown };
}

/** A folder as its files, without those of others and without the registry's own; a file as itself. */
function filesOf({ folder, source }: ReconcileRequest, ports: Ports): readonly SourceFile[] {
  try {
    const files = ports.readSourceFolder(folder, source, ["."], foreign);
    const plain = files.map((file) => ({ ...file, path: file.path.replace(/^\.\//, "") }));
    return plain.filter(({ path }) => !path.startsWith("registry/"));
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== "import/no-folder") throw error;
  }
  const name = source.split(/[/\\]/).at(-1) ?? source;
  return [{ path: name, kind: "file", bytes: ports.readInput(folder, source) }];
}

function isWanted(path: string): boolean {
  return code.test(path) || settings.test(path);
}

/** Text without NUL, which no source code holds. */
function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.length > MAX_SOURCE_BYTES || bytes.includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

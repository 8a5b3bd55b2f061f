/** Imports in memory: foreign texts in, the registry's files out, through the same steps as the operation. */
import { planImport } from "../src/core/import/plan.ts";
import type { ImportOptions, ImportPlan } from "../src/core/import/draft.ts";
import type { ImportFormat, ReadOptions, Source, SourceFile } from "../src/core/import/record.ts";
import { modelsDev } from "../src/core/import/models-dev.ts";
import type { Tree } from "../src/core/model/tree.ts";
import { treeOfTexts } from "../src/core/model/tree.ts";
import { editText } from "../src/core/source/edit.ts";
import { render } from "../src/core/source/render.ts";
import { schemaFindings } from "../src/core/validate/schema.ts";
import { keyOrders } from "../src/generated/key-order.ts";
import { loadTree } from "../src/app/read.ts";

/** A source of texts, links (`-> target`) and bytes. */
export function sourceOf(files: Readonly<Record<string, string | Uint8Array>>): Source {
  return {
    files: Object.entries(files).map(([path, content]): SourceFile => {
      if (typeof content !== "string") return { path, kind: "file", bytes: content };
      if (content.startsWith("-> ")) return { path, kind: "link", target: content.slice(3) };
      return { path, kind: "file", bytes: new TextEncoder().encode(content) };
    }),
  };
}

export interface Imported {
  readonly plan: ImportPlan;
  /** The files of the registry after the import. */
  readonly texts: Readonly<Record<string, string>>;
}

/** How a source is read when nobody says more about it. */
export const plainly: ReadOptions = { columns: new Map(), typed: "" };

export const everything = (): boolean => true;

/** Imports a source into a registry of texts, which is loaded anew, as a later run would. */
export async function importInto(
  texts: Readonly<Record<string, string>>,
  source: Source,
  options: Partial<ImportOptions> = {},
  format: ImportFormat = modelsDev,
  reading: Partial<ReadOptions> = {},
): Promise<Imported> {
  const { registry } = await loadTree(treeOfTexts(texts));
  const plan = planImport(
    registry,
    format.read(source, options.wanted ?? everything, {
      ...plainly,
      typed: source.files[0]?.path ?? "",
      ...reading,
    }),
    {
      uri: format.uri,
      partial: format.partial === true,
      about: {},
      state: "experimental",
      adopt: false,
      allowVanished: false,
      wanted: everything,
      schema: schemaFindings,
      ...options,
    },
  );
  const after: Record<string, string> = { ...texts };
  for (const { path, kind, write } of plan.writes) {
    after[path] =
      write.by === "new"
        ? render(write.value, keyOrders[kind])
        : editText(textAt(registry.tree, path), write.edits, keyOrders[kind]);
  }
  return { plan, texts: after };
}

function textAt(tree: Tree, path: string): string {
  return new TextDecoder().decode(tree.get(path)?.read());
}

/** Codes of findings with the file each is about. */
export function codesOf(findings: ImportPlan["notes"]): readonly string[] {
  return findings.map(({ definition, at }) => `${definition.code} ${at.file}`);
}

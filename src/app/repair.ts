/** Repairs -> the files they make. Only findings with exactly one right answer carry a repair (`lint --fix`). */
import type { Repair } from "../core/model/diagnostic.ts";
import { compareBytes, type Pointer } from "../core/model/json.ts";
import type { Tree } from "../core/model/tree.ts";
import { editText } from "../core/source/edit.ts";
import { decodeText } from "../core/source/parse.ts";
import { quoteAsWritten } from "../core/source/quote.ts";
import { identityOfPath } from "../core/source/reference.ts";
import { keyOrders } from "../generated/key-order.ts";
import type { FileChange } from "./ports.ts";

/** The whole new content of every file that a repair touches, in byte order of paths. */
export function applyRepairs(repairs: readonly Repair[], tree: Tree): FileChange[] {
  const contents = new Map<string, string | Uint8Array | null>();
  const quotes = new Map<string, Pointer[]>();
  const targets = repairs.flatMap((repair) => (repair.kind === "rename" ? [repair.to] : []));
  for (const repair of repairs) {
    const bytes = tree.get(repair.file)?.read();
    if (repair.kind === "write") contents.set(repair.file, repair.text);
    else if (bytes === undefined) continue;
    else if (repair.kind === "delete") contents.set(repair.file, null);
    else if (repair.kind === "rewrite") {
      if (!contents.has(repair.file)) contents.set(repair.file, bytes);
    } else if (repair.kind === "rename") {
      // Two files for one name: which of them is meant is not ours to say.
      if (tree.get(repair.to) !== undefined || targets.indexOf(repair.to) !== targets.lastIndexOf(repair.to))
        continue;
      contents.set(repair.to, bytes);
      contents.set(repair.file, null);
    } else if (repair.kind === "quote") {
      quotes.set(repair.file, [...(quotes.get(repair.file) ?? []), repair.pointer]);
    } else {
      const kind = identityOfPath(repair.file)?.kind;
      if (kind === undefined) continue;
      const text = textOf(contents.get(repair.file) ?? bytes);
      contents.set(
        repair.file,
        editText(text, [{ pointer: repair.pointer, value: repair.value }], keyOrders[kind]),
      );
    }
  }
  for (const [file, pointers] of quotes) {
    const before = contents.get(file) ?? tree.get(file)?.read();
    if (before === undefined) continue;
    const text = textOf(before);
    const quoted = quoteAsWritten(text, pointers);
    if (quoted !== text) contents.set(file, quoted);
  }
  return [...contents]
    .map(([path, content]) => ({ path, content }))
    .sort((a, b) => compareBytes(a.path, b.path));
}

function textOf(content: string | Uint8Array): string {
  return typeof content === "string" ? content : decodeText(content);
}

/** Repairs -> the files they make. Only findings with exactly one right answer carry a repair (`lint --fix`). */
import type { Repair } from "../core/model/diagnostic.ts";
import { compareBytes } from "../core/model/json.ts";
import type { Tree } from "../core/model/tree.ts";
import { editText } from "../core/source/edit.ts";
import { decodeText } from "../core/source/parse.ts";
import { identityOfPath } from "../core/source/reference.ts";
import { keyOrders } from "../generated/key-order.ts";
import type { FileChange } from "./ports.ts";

/** The whole new content of every file that a repair touches, in byte order of paths. */
export function applyRepairs(repairs: readonly Repair[], tree: Tree): FileChange[] {
  const texts = new Map<string, string>();
  for (const repair of repairs) {
    if (repair.kind === "write") {
      texts.set(repair.file, repair.text);
      continue;
    }
    const file = tree.get(repair.file);
    const kind = identityOfPath(repair.file)?.kind;
    if (file === undefined || kind === undefined) continue;
    const text = texts.get(repair.file) ?? decodeText(file.read());
    texts.set(repair.file, editText(text, [{ pointer: repair.pointer, value: repair.value }], keyOrders[kind]));
  }
  return [...texts]
    .map(([path, content]) => ({ path, content }))
    .sort((a, b) => compareBytes(a.path, b.path));
}

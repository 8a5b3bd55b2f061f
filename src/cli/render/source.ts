/** The text of files for code frames. It must never read outside the tree that was linted, nor show a credential. */
import type { Tree } from "../../core/model/tree.ts";
import { decodeText } from "../../core/source/parse.ts";
import { maskTokens } from "../../core/validate/mask.ts";

/** A reader of texts; undefined for what is no ordinary file or is too large to show. */
export function sourceReader(tree: Tree): (file: string) => string | undefined {
  const texts = new Map<string, string | undefined>();
  return (path) => {
    if (!texts.has(path)) {
      const file = tree.get(path);
      const ordinary = file !== undefined && file.mode.startsWith("100");
      texts.set(path, ordinary ? maskTokens(decodeText(file.read())) : undefined);
    }
    return texts.get(path);
  };
}

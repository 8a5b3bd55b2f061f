/**
 * The one place where the YAML library is called: text to composed documents under one set of options.
 * It must never compose what is nested too deep, because the library's composer recurses.
 */
import { Composer, Parser, type CST, type Document } from "yaml";

/** YAML 1.2 core schema; key checks are our own, because the library's are quadratic. */
const options = {
  schema: "core",
  version: "1.2",
  merge: false,
  uniqueKeys: false,
  strict: true,
  prettyErrors: false,
} as const;

/** The concrete syntax of a text. The library's tokenizer keeps its own stack, so depth does not matter here. */
export function tokensOf(text: string): readonly CST.Token[] {
  return [...new Parser().parse(text)];
}

/** All documents of a text, at least one; only for tokens that passed `nestingOf`. */
export function composeTokens(tokens: readonly CST.Token[], text: string): readonly Document[] {
  return [...new Composer(options).compose(tokens, true, text.length)];
}

/** The first collection nested deeper than `most`, as an offset; -1 when there is none. */
export function tooDeepAt(tokens: readonly CST.Token[], most: number): number {
  const open = tokens.map((token) => ({ token, depth: 0 })).reverse();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    if (token.type === "document") {
      if (token.value !== undefined) open.push({ token: token.value, depth });
    } else if (token.type === "block-map" || token.type === "block-seq" || token.type === "flow-collection") {
      if (depth >= most) return token.offset;
      for (let i = token.items.length - 1; i >= 0; i--) {
        const item = token.items[i];
        if (item?.value !== undefined) open.push({ token: item.value, depth: depth + 1 });
        if (item?.key) open.push({ token: item.key, depth: depth + 1 });
      }
    }
  }
  return -1;
}

/** The first document of a text whose files may be nested `most` deep; undefined when it is nested deeper. */
export function composeFirst(text: string, most: number): Document | undefined {
  const tokens = tokensOf(text);
  return tooDeepAt(tokens, most) >= 0 ? undefined : composeTokens(tokens, text)[0];
}

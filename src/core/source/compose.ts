/**
 * The one place where the YAML library is called: text to composed documents under one set of options.
 * It must never compose what is nested too deep, because the library's composer recurses.
 */
import { Composer, CST, Lexer, Parser, type Document } from "yaml";

import { MAX_DEPTH, MAX_KEYS } from "./limits.ts";

/** YAML 1.2 core schema; key checks are our own, because the library's are quadratic. */
const options = {
  schema: "core",
  version: "1.2",
  merge: false,
  uniqueKeys: false,
  strict: true,
  prettyErrors: false,
} as const;

/** What the tokenizer made of a text, or the offset at which it went beyond a bound that every file keeps. */
export type Tokens =
  | { readonly tokens: readonly CST.Token[] }
  | { readonly beyond: "depth" | "keys"; readonly at: number };

/** The document, a scalar and an empty line may lie on the tokenizer's stack beside the open collections. */
const BESIDE = 4;

/** Tokens between documents that are no fault; a sound file has one of any other type. */
const quiet: ReadonlySet<string> = new Set(["comment", "newline", "space"]);

/** Errors and documents after which the rest of a file is left unread; far fewer of them are ever shown. */
const MOST_ERRORS = 200;

/**
 * The concrete syntax of a text. More than `mostKeys` keys, and nesting beyond MAX_DEPTH, stop the tokenizer early:
 * it takes seconds over thousands of open brackets, and so does the composer over thousands of broken keys. A text that
 * is broken all over is cut off, which is one more error.
 */
export function tokensOf(text: string, mostKeys = MAX_KEYS): Tokens {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let keys = 0;
  let errors = 0;
  let previous = "";
  let solid = "";
  for (const lexeme of new Lexer().lex(text)) {
    const at = parser.offset;
    for (const token of parser.next(lexeme)) {
      tokens.push(token);
      if (!quiet.has(token.type)) errors++;
    }
    if (parser.stack.length > MAX_DEPTH + BESIDE) {
      return { beyond: "depth", at: parser.stack.filter(CST.isCollection)[MAX_DEPTH]?.offset ?? at };
    }
    // Every key has its colon; a scalar that is a colon comes behind a mark.
    if (lexeme === ":" && previous !== CST.SCALAR && ++keys > mostKeys) return { beyond: "keys", at };
    // Keys without a colon are errors, but keys.
    const top = parser.stack.at(-1);
    if (top?.type === "block-map" && top.items.length > mostKeys) return { beyond: "keys", at };
    // A comma behind a comma or a bracket separates nothing.
    if (lexeme === "," && (solid === "," || solid === "[" || solid === "{")) errors++;
    if (errors > MOST_ERRORS) break;
    previous = lexeme;
    if (lexeme.trim() !== "") solid = lexeme;
  }
  for (const token of parser.end()) tokens.push(token);
  const deep = tooDeepAt(tokens, MAX_DEPTH);
  return deep < 0 ? { tokens } : { beyond: "depth", at: deep };
}

/**
 * All documents of a text, at least one. Its tokens are not nested too deep for the composer, which recurses.
 * A broken file may make a hundred thousand errors of the library; without stack traces, which nobody reads, that
 * takes a third of the time. The limit is put back before anything else runs.
 */
export function composeTokens(tokens: readonly CST.Token[], text: string): readonly Document[] {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return [...new Composer(options).compose(tokens, true, text.length)];
  } finally {
    Error.stackTraceLimit = limit;
  }
}

/** The first document of a text; undefined when it goes beyond a bound. */
export function composeFirst(text: string): Document | undefined {
  const made = tokensOf(text);
  return "tokens" in made ? composeTokens(made.tokens, text)[0] : undefined;
}

/** The first collection nested deeper than `most`, as an offset; -1 when there is none. */
function tooDeepAt(tokens: readonly CST.Token[], most: number): number {
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

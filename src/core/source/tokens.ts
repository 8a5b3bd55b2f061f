/**
 * What is refused by its mere presence in the YAML: directives, further documents, anchors, aliases, tags, and nesting
 * beyond the bound. It is checked on the library's concrete syntax, before anything recursive runs over it;
 * this module must therefore never recurse itself.
 */
import type { CST } from "yaml";
import * as codes from "./codes.ts";
import type { Faults } from "./faults.ts";
import { MAX_DEPTH } from "./limits.ts";

/** Checks all tokens of a file; false when they are nested too deep to be composed. */
export function checkTokens(tokens: readonly CST.Token[], faults: Faults): boolean {
  const open: { readonly token: CST.Token; readonly depth: number }[] = [];
  let documents = 0;
  let fine = true;
  for (let i = tokens.length - 1; i >= 0; i--) open.push({ token: tokens[i]!, depth: 0 });
  const pushAll = (list: readonly CST.Token[] | undefined, depth: number): void => {
    if (list !== undefined) for (const token of list) open.push({ token, depth });
  };
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    switch (token.type) {
      case "document":
        if (++documents > 1) {
          const mark = token.start.find(({ type }) => type === "doc-start");
          const at = mark?.offset ?? token.offset;
          faults.add(codes.multipleDocuments, "A second YAML document begins here.", at, at + (mark?.source.length ?? 1));
        }
        pushAll(token.start, depth);
        if (token.value !== undefined) open.push({ token: token.value, depth });
        pushAll(token.end, depth);
        break;
      case "block-map":
      case "block-seq":
      case "flow-collection":
        if (depth >= MAX_DEPTH) {
          if (fine) {
            const message = `Maps and lists are nested more than ${MAX_DEPTH} deep here.`;
            faults.add(codes.tooDeep, message, token.offset, token.offset + 1);
          }
          fine = false;
          break;
        }
        for (const item of token.items) {
          pushAll(item.start, depth + 1);
          if (item.key) open.push({ token: item.key, depth: depth + 1 });
          pushAll(item.sep, depth + 1);
          if (item.value !== undefined) open.push({ token: item.value, depth: depth + 1 });
        }
        break;
      case "block-scalar":
        pushAll(token.props, depth);
        break;
      default:
        checkToken(token, faults);
    }
  }
  return fine;
}

function checkToken(token: CST.Token, faults: Faults): void {
  if (!("source" in token)) return;
  const { offset, source } = token;
  const end = offset + source.length;
  const shown = source.length > 60 ? `${source.slice(0, 60)}...` : source;
  switch (token.type) {
    case "directive":
      faults.add(codes.directive, `The line "${shown}" is a YAML directive.`, offset, end);
      break;
    case "anchor":
      faults.add(codes.anchor, `"${shown}" is a YAML anchor.`, offset, end);
      break;
    case "alias": {
      const hint = source === "*" ? 'To mean the character itself, write "*" in quotes.' : undefined;
      faults.add(codes.alias, `"${shown}" is a YAML alias.`, offset, end, hint);
      break;
    }
    case "tag":
      if (source.startsWith("!!") || source.startsWith("!<")) {
        faults.add(codes.tag, `"${shown}" is a YAML tag.`, offset, end);
      } else {
        const message = `YAML reads "${shown}" as a tag, not as part of the value.`;
        const hint = "An expression that begins with `!` must stand in quotes: '!(a in b)'.";
        faults.add(codes.leadingExclamation, message, offset, end, hint);
      }
      break;
    default:
  }
}

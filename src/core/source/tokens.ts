/**
 * What is refused by its mere presence in the YAML: directives, further documents, anchors, aliases, tags.
 * It is checked on the library's concrete syntax, before anything recursive runs over it and whatever its depth;
 * this module must therefore never recurse itself.
 */
import type { CST } from "yaml";
import * as codes from "./codes.ts";
import type { Faults } from "./faults.ts";

/** Checks all tokens of a file. */
export function checkTokens(tokens: readonly CST.Token[], faults: Faults): void {
  const open: CST.Token[] = [...tokens].reverse();
  const pushAll = (list: readonly CST.Token[] | undefined): void => {
    if (list !== undefined) for (const token of list) open.push(token);
  };
  let documents = 0;
  for (let token = open.pop(); token !== undefined; token = open.pop()) {
    switch (token.type) {
      case "document":
        if (++documents > 1) {
          const mark = token.start.find(({ type }) => type === "doc-start");
          const at = mark?.offset ?? token.offset;
          faults.add(
            codes.multipleDocuments,
            "A second YAML document begins here.",
            at,
            at + (mark?.source.length ?? 1),
          );
        }
        pushAll(token.start);
        if (token.value !== undefined) open.push(token.value);
        pushAll(token.end);
        break;
      case "block-map":
      case "block-seq":
      case "flow-collection":
        for (const item of token.items) {
          pushAll(item.start);
          if (item.key) open.push(item.key);
          pushAll(item.sep);
          if (item.value !== undefined) open.push(item.value);
        }
        break;
      case "block-scalar":
        pushAll(token.props);
        break;
      default:
        checkToken(token, faults);
    }
  }
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
    case "single-quoted-scalar":
    case "double-quoted-scalar":
      if (source.length === 1 || source.at(-1) !== source[0]) {
        const line = source.indexOf("\n");
        const hint = `End it with ${source[0]}, or leave the first one out.`;
        faults.add(
          codes.syntax,
          "The quote that opens here is never closed.",
          offset,
          line < 0 ? end : offset + line,
          hint,
        );
      }
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

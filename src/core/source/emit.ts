/**
 * A composed document as text in the canonical layout, comments kept. What the author chose stays chosen where the
 * layout allows both: quotes, and a list or map on one line. It must never decide what a value is, only how it stands.
 */
import {
  isMap,
  isScalar,
  isSeq,
  type Document,
  type Pair,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { asFound, type KeyOrder } from "./key-order.ts";
import { MAX_LINE } from "./limits.ts";
import { orderOf } from "./render.ts";
import { literalBlock, spellKey, spellNumber, spellString } from "./scalar.ts";

/** Columns up to which a list or map that stands on one line may stay there. */
const WIDTH = 150;

/** Writes the document whose text was `source`; the root must be a map of scalar keys. */
export function emit(document: Document, source: string, keyOrder: KeyOrder): string {
  const root = document.contents;
  const out: string[] = [];
  const write = { source, out };
  if (document.commentBefore) {
    comments(out, document.commentBefore, 0);
    out.push("");
  }
  if (isMap(root)) {
    const header = takeHeader(root);
    if (header !== undefined) {
      comments(out, header, 0);
      out.push("");
    }
    if (root.commentBefore) comments(out, root.commentBefore, 0);
    if (root.items.length === 0) out.push("{}");
    else mapLines(write, root, keyOrder, 0, "");
    if (root.comment) comments(out, root.comment, 0);
  }
  if (document.comment) {
    if (standsApart(source, document.comment)) blank(out);
    comments(out, document.comment, 0);
  }
  while (out.length > 0 && out[out.length - 1] === "") out.pop();
  return `${out.join("\n")}\n`;
}

interface Write {
  readonly source: string;
  readonly out: string[];
}

/** Comments above the first key, up to the last blank line, are about the file; they stay at its top. */
function takeHeader(root: YAMLMap): string | undefined {
  const first = root.items[0]?.key;
  const comment = isScalar(first) ? first.commentBefore : undefined;
  const end = comment?.lastIndexOf("\n\n") ?? -1;
  if (!isScalar(first) || !comment || end < 0) return undefined;
  first.commentBefore = comment.slice(end + 2);
  return comment.slice(0, end);
}

/** The library gives the comments above the first key of an inner map to the map; they belong to the key. */
function giveToFirstKey(source: string, map: YAMLMap, head: Scalar | undefined): void {
  const first = map.items[0]?.key;
  if (!map.commentBefore || !isScalar(first) || first.commentBefore) return;
  const end = head?.range?.[1] ?? 0;
  const feed = source.indexOf("\n", end);
  // What stands behind the colon of the map's own key stays with the map.
  const lines = map.commentBefore.split("\n");
  const own = source.slice(end, feed < 0 ? source.length : feed).includes("#") ? lines.slice(0, 1) : [];
  first.commentBefore = lines.slice(own.length).join("\n");
  map.commentBefore = own.join("\n");
}

/** Whether a blank line stands above the comment that ends the file. */
function standsApart(source: string, comment: string): boolean {
  const start = source.lastIndexOf(`#${comment.split("\n")[0] ?? ""}`);
  let feeds = 0;
  for (let at = start - 1; at >= 0 && /\s/.test(source.charAt(at)); at--) {
    if (source.charAt(at) === "\n") feeds++;
  }
  return feeds > 1;
}

/** Writes a block map; `first` stands before its first key (the dash of a list item) instead of the indentation. */
function mapLines(write: Write, node: YAMLMap, order: KeyOrder, indent: number, first: string): void {
  const margin = " ".repeat(indent);
  let lead = first;
  for (const pair of sorted(node.items, order)) {
    const key = keyText(pair);
    const keyNode = isScalar(pair.key) ? pair.key : undefined;
    const inner = orderOf(order, key);
    before(write.out, keyNode, indent, lead !== "");
    const value = pair.value;
    if (isScalar(value)) {
      if (value.commentBefore) comments(write.out, value.commentBefore, indent);
      if (keyNode?.comment) comments(write.out, keyNode.comment, indent);
      scalarLine(write, `${lead === "" ? margin : lead}${spellKey(key)}:`, value, indent + 2, indent);
    } else {
      if (keyNode?.comment) comments(write.out, keyNode.comment, indent);
      if (isMap(value) && value.flow !== true) giveToFirstKey(write.source, value, keyNode);
      collectionLines(write, `${lead === "" ? margin : lead}${spellKey(key)}:`, value, inner, indent + 2);
    }
    lead = "";
  }
}

/** Writes `head` and the collection behind or below it. */
function collectionLines(write: Write, head: string, node: unknown, order: KeyOrder, indent: number): void {
  const { out } = write;
  if (!isMap(node) && !isSeq(node)) {
    out.push(`${head} null`);
    return;
  }
  const flow = node.flow || node.items.length === 0 ? flowText(write, node, order) : undefined;
  if (flow !== undefined && head.length + 1 + flow.length <= WIDTH) {
    if (node.commentBefore) comments(out, node.commentBefore, head.length - head.trimStart().length);
    trailing(out, `${head} ${flow}`, node.comment, indent);
    return;
  }
  out.push(head);
  if (node.commentBefore) comments(out, node.commentBefore, indent);
  if (isMap(node)) mapLines(write, node, order, indent, "");
  else seqLines(write, node, order.items ?? asFound, indent);
  if (node.comment) comments(out, node.comment, indent);
}

function seqLines(write: Write, node: YAMLSeq, order: KeyOrder, indent: number): void {
  const dash = `${" ".repeat(indent)}-`;
  for (const item of node.items) {
    if (isScalar(item)) {
      before(write.out, item, indent, false);
      scalarLine(write, dash, item, indent + 2, indent);
      continue;
    }
    if (isMap(item)) {
      before(write.out, item, indent, false);
      const flow = item.flow || item.items.length === 0 ? flowText(write, item, order) : undefined;
      if (flow !== undefined && dash.length + 1 + flow.length <= WIDTH) {
        trailing(write.out, `${dash} ${flow}`, item.comment, indent);
      } else {
        const firstKey = sorted(item.items, order)[0]?.key;
        if (isScalar(firstKey)) before(write.out, firstKey, indent, false);
        mapLines(write, item, order, indent + 2, `${dash} `);
        if (item.comment) comments(write.out, item.comment, indent + 2);
      }
    } else if (isSeq(item)) {
      if (item.spaceBefore) blank(write.out);
      collectionLines(write, dash, item, order, indent + 2);
    } else {
      // `[a: b]` is kept by the library as a pair inside the list.
      write.out.push(`${dash} ${flowPair(write, item, order) ?? "null"}`);
    }
  }
}

/** Writes `head scalar # comment`, or the scalar as a literal block below. */
function scalarLine(write: Write, head: string, node: Scalar, indent: number, commentIndent: number): void {
  const { value } = node;
  if (typeof value === "string" && (value.includes("\n") || head.length + value.length > MAX_LINE - 100)) {
    const block = literalBlock(value, indent);
    if (block !== undefined) {
      if (node.comment) comments(write.out, node.comment, commentIndent);
      write.out.push(`${head} ${block}`);
      return;
    }
  }
  trailing(write.out, `${head} ${spell(write, node, "block")}`, node.comment, commentIndent);
}

/** A collection on one line; undefined when a comment or a long text in it needs lines of its own. */
function flowText(write: Write, node: unknown, order: KeyOrder): string | undefined {
  if (isScalar(node)) {
    if (node.comment || node.commentBefore) return undefined;
    if (typeof node.value === "string" && node.value.includes("\n")) return undefined;
    return spell(write, node, "flow");
  }
  if (isMap(node)) {
    if (node.items.length === 0) return "{}";
    const items = sorted(node.items, order).map((pair) => flowPair(write, pair, order));
    return hasComment(node.items) || items.includes(undefined) ? undefined : `{ ${items.join(", ")} }`;
  }
  if (isSeq(node)) {
    const inner = order.items ?? asFound;
    const items = node.items.map((item) => {
      if (isScalar(item)) return flowText(write, item, inner);
      if (isMap(item) || isSeq(item))
        return item.comment || item.commentBefore ? undefined : flowText(write, item, inner);
      const pair = flowPair(write, item, inner);
      return pair === undefined ? undefined : `{ ${pair} }`;
    });
    return items.includes(undefined) ? undefined : `[${items.join(", ")}]`;
  }
  return "null";
}

function flowPair(write: Write, item: unknown, order: KeyOrder): string | undefined {
  if (typeof item !== "object" || item === null || !("key" in item) || !("value" in item)) return undefined;
  const { key, value } = item;
  if (isScalar(key) && (key.comment || key.commentBefore)) return undefined;
  if ((isMap(value) || isSeq(value)) && (value.comment || value.commentBefore)) return undefined;
  const name = keyText({ key });
  const text = flowText(write, value, orderOf(order, name));
  return text === undefined ? undefined : `${spellKey(name)}: ${text}`;
}

function hasComment(items: readonly Pair[]): boolean {
  return items.some(({ key }) => isScalar(key) && (key.comment || key.commentBefore));
}

const keptNumber = /^-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,15})?$/;
const keptDouble = /^"(?:[^"\\\0-\x1f]|\\["\\nt])*"$/;
const keptSingle = /^'(?:[^'\0-\x1f]|'')*'$/;

/** A scalar on one line; quotes stay quotes, because they never harm and often mean something to the author. */
function spell(write: Write, node: Scalar, place: "block" | "flow"): string {
  const { value, range } = node;
  const written = range ? write.source.slice(range[0], range[1]) : "";
  if (typeof value === "number") {
    return keptNumber.test(written) && !Object.is(value, -0) ? written : spellNumber(value);
  }
  if (typeof value !== "string") return typeof value === "boolean" ? String(value) : "null";
  if (node.type === "QUOTE_DOUBLE" && keptDouble.test(written)) return written;
  if (node.type === "QUOTE_SINGLE" && keptSingle.test(written)) return written;
  return spellString(value, place);
}

/** Map items in schema order; unknown keys behind, in the order found. */
function sorted(items: readonly Pair[], order: KeyOrder): readonly Pair[] {
  if (order.keys.length === 0) return items;
  const rank = new Map(order.keys.map((key, index) => [key, index]));
  const rankOf = (pair: Pair): number => rank.get(keyText(pair)) ?? order.keys.length;
  return [...items].sort((a, b) => rankOf(a) - rankOf(b));
}

/** Keys of what was read are scalars; keys of what an edit has added are plain strings. */
function keyText({ key }: { readonly key: unknown }): string {
  return String(isScalar(key) ? key.value : key);
}

/** The blank line and the comments before a node; `behindDash` = the list item has written them. */
function before(
  out: string[],
  node: Scalar | YAMLMap | undefined,
  indent: number,
  behindDash: boolean,
): void {
  if (node === undefined || behindDash) return;
  if (node.spaceBefore) blank(out);
  if (node.commentBefore) comments(out, node.commentBefore, indent);
}

/** One blank line, never at the top and never two. */
function blank(out: string[]): void {
  if (out.length > 0 && out[out.length - 1] !== "") out.push("");
}

function comments(out: string[], text: string, indent: number): void {
  const margin = " ".repeat(indent);
  for (const line of text.split("\n")) {
    if (line === "") blank(out);
    else out.push(`${margin}#${line.trimEnd()}`);
  }
}

/** A line with its comment; a comment of several lines goes on below. */
function trailing(out: string[], line: string, comment: string | null | undefined, indent: number): void {
  if (!comment) {
    out.push(line);
    return;
  }
  const [first = "", ...rest] = comment.replace(/\n+$/, "").split("\n");
  out.push(first === "" ? line : `${line} #${first.trimEnd()}`);
  if (rest.length > 0) comments(out, rest.join("\n"), indent);
}

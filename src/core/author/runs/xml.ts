/**
 * A small strict reader of XML 1.0, for reports of test runners. What the attacker controls: every byte. So there is no
 * document type, hence no entity but the five of the language, nothing external and nothing that grows; depth, number
 * and size are bounded, names are ASCII, and what is not understood is a fault with its place. It must never guess.
 */

export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Its own text, without that of its children; at most `MAX_TEXT` signs of it. */
  readonly text: string;
  /** Where its tag begins, in UTF-16 units. */
  readonly offset: number;
}

export type XmlRead = { readonly root: XmlElement } | { readonly reason: string; readonly offset: number };

const MAX_DEPTH = 32;
const MAX_ELEMENTS = 200_000;
const MAX_ATTRIBUTES = 64;
/** More of a text is read and left out: outputs of tests have no end. */
export const MAX_TEXT = 16_384;

class Refused extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** Reads a document. The first fault ends it. */
export function readXml(text: string): XmlRead {
  try {
    return { root: documentIn(text) };
  } catch (error) {
    if (error instanceof Refused) return { reason: error.message, offset: error.offset };
    throw error;
  }
}

/** An element while it is open. */
interface Open {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  readonly offset: number;
  text: string;
}

const tagPattern = /<([A-Za-z_][A-Za-z0-9_.:-]{0,99})/y;
const attributePattern = /\s+([A-Za-z_][A-Za-z0-9_.:-]{0,99})\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const endPattern = /\s*(\/?)>/y;
const closePattern = /<\/([A-Za-z_][A-Za-z0-9_.:-]{0,99})\s*>/y;
// Everything but tab, LF and CR below U+0020, and noncharacters: no XML 1.0 (2.2).
const notXml = /[\0-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]/;

function documentIn(text: string): XmlElement {
  const wrong = notXml.exec(text);
  if (wrong !== null) throw new Refused("Here stands a character that XML does not allow.", wrong.index);
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  at = declarationEnd(text, at);
  const stack: Open[] = [];
  let root: XmlElement | undefined;
  let elements = 0;
  while (at < text.length) {
    const next = text.indexOf("<", at);
    const until = next < 0 ? text.length : next;
    addText(stack.at(-1), text.slice(at, until), at);
    at = until;
    if (next < 0) break;
    if (text.startsWith("<!--", at)) at = endOf(text, at, "-->", "comment");
    else if (text.startsWith("<![CDATA[", at)) {
      const end = endOf(text, at, "]]>", "CDATA section");
      const top = stack.at(-1);
      if (top === undefined) throw new Refused("Text stands outside the root element.", at);
      append(top, text.slice(at + "<![CDATA[".length, end - "]]>".length));
      at = end;
    } else if (text.startsWith("<!", at))
      throw new Refused("It declares a document type or an entity, which is never read.", at);
    else if (text.startsWith("<?", at)) at = endOf(text, at, "?>", "processing instruction");
    else if (text.startsWith("</", at)) {
      const name = matchAt(closePattern, text, at)?.[1];
      const top = stack.pop();
      if (name === undefined || top === undefined || top.name !== name)
        throw new Refused(
          top === undefined ? "An end tag ends nothing." : `The end of <${top.name}> should stand here.`,
          at,
        );
      at = closePattern.lastIndex;
      const parent = stack.at(-1);
      if (parent === undefined) root = top;
      else parent.children.push(top);
    } else {
      if (root !== undefined) throw new Refused("Something stands behind the root element.", at);
      if (++elements > MAX_ELEMENTS) throw new Refused(`It has more than ${MAX_ELEMENTS} elements.`, at);
      if (stack.length === MAX_DEPTH) throw new Refused(`It is nested more than ${MAX_DEPTH} deep.`, at);
      const { open, end, isEmpty } = tagAt(text, at);
      at = end;
      const parent = stack.at(-1);
      if (!isEmpty) stack.push(open);
      else if (parent === undefined) root = open;
      else parent.children.push(open);
    }
  }
  const left = stack.at(-1);
  if (left !== undefined) throw new Refused(`<${left.name}> does not end.`, left.offset);
  if (root === undefined) throw new Refused("It holds no element.", 0);
  return root;
}

/** Behind the XML declaration, which may stand at the very beginning; of encodings only UTF-8 and its part ASCII. */
function declarationEnd(text: string, at: number): number {
  if (!/^<\?xml\s/.test(text.slice(at, at + 6))) return at;
  const end = endOf(text, at, "?>", "XML declaration");
  const declaration = text.slice(at, end);
  const version = /\sversion\s*=\s*["']([^"']*)["']/.exec(declaration)?.[1];
  const encoding = /\sencoding\s*=\s*["']([^"']*)["']/.exec(declaration)?.[1] ?? "UTF-8";
  if (version !== "1.0")
    throw new Refused(`Its version is ${version ?? "not stated"}; only 1.0 is read.`, at);
  if (!/^(?:utf-?8|us-ascii)$/i.test(encoding))
    throw new Refused(`Its encoding is ${JSON.stringify(encoding.slice(0, 40))}; only UTF-8 is read.`, at);
  return end;
}

function tagAt(
  text: string,
  start: number,
): { readonly open: Open; readonly end: number; readonly isEmpty: boolean } {
  const name = matchAt(tagPattern, text, start)?.[1];
  if (name === undefined) throw new Refused("A tag should begin here.", start);
  let at = tagPattern.lastIndex;
  const attributes = new Map<string, string>();
  for (;;) {
    const found = matchAt(attributePattern, text, at);
    if (found === null) break;
    const [, key = "", double, single = ""] = found;
    if (attributes.has(key)) throw new Refused(`The attribute ${key} stands here twice.`, at);
    if (attributes.size === MAX_ATTRIBUTES)
      throw new Refused(`<${name}> has more than ${MAX_ATTRIBUTES} attributes.`, at);
    const value = double ?? single;
    attributes.set(
      key,
      decoded(value, attributePattern.lastIndex - value.length - 1).replace(/[\t\n\r]/g, " "),
    );
    at = attributePattern.lastIndex;
  }
  const end = matchAt(endPattern, text, at);
  if (end === null) throw new Refused(`The tag of <${name}> does not end as tags do.`, at);
  return {
    open: { name, attributes, children: [], offset: start, text: "" },
    end: endPattern.lastIndex,
    isEmpty: end[1] === "/",
  };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function endOf(text: string, at: number, mark: string, what: string): number {
  const end = text.indexOf(mark, at);
  if (end < 0) throw new Refused(`The ${what} does not end.`, at);
  return end + mark.length;
}

function addText(top: Open | undefined, raw: string, at: number): void {
  if (top !== undefined) return append(top, decoded(raw, at));
  if (raw.trim() !== "") throw new Refused("Text stands outside the root element.", at);
}

function append(top: Open, text: string): void {
  if (top.text.length < MAX_TEXT) top.text = `${top.text}${text}`.slice(0, MAX_TEXT);
}

const named: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** References replaced once; what they become is never read again. */
function decoded(raw: string, at: number): string {
  if (!raw.includes("&")) return raw;
  return raw.replace(
    /&(?:#x([0-9A-Fa-f]{1,6})|#(\d{1,7})|([A-Za-z]{1,10}));|&/g,
    (all, hex, decimal, name, offset) => {
      const known = typeof name === "string" ? named[name] : undefined;
      if (known !== undefined) return known;
      const code = typeof hex === "string" ? Number.parseInt(hex, 16) : Number(decimal ?? -1);
      const isChar = code >= 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
      if (isChar && !notXml.test(String.fromCodePoint(code))) return String.fromCodePoint(code);
      throw new Refused(
        `${JSON.stringify(String(all).slice(0, 20))} is no reference that XML has without a document type.`,
        at + Number(offset),
      );
    },
  );
}

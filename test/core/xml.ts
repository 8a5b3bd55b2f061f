/** A strict reader of XML 1.0 without DTDs, namespaces and comments: it throws at whatever is not well-formed. */

export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  /** The texts directly inside, joined. */
  readonly text: string;
}

const named: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };
const illegal = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** Reads a document. */
export function readXml(document: string): Element {
  if (illegal.test(document))
    throw new Error(`a character that XML cannot hold: ${illegal.exec(document)?.[0]}`);
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    const sticky = new RegExp(pattern.source, "uy");
    sticky.lastIndex = at;
    const found = sticky.exec(document) ?? undefined;
    if (found !== undefined) at = sticky.lastIndex;
    return found;
  };
  const need = (pattern: RegExp): RegExpExecArray => {
    const found = take(pattern);
    if (found === undefined)
      throw new Error(`${pattern} expected at ${JSON.stringify(document.slice(at, at + 40))}`);
    return found;
  };
  const element = (): Element => {
    const name = need(/<([A-Za-z_][\w.-]*)/)[1]!;
    const attributes: Record<string, string> = {};
    for (
      let found = take(/\s+([A-Za-z_][\w.-]*)="([^"<]*)"/);
      found;
      found = take(/\s+([A-Za-z_][\w.-]*)="([^"<]*)"/)
    ) {
      if (Object.hasOwn(attributes, found[1]!)) throw new Error(`${found[1]} stands twice`);
      attributes[found[1]!] = unescape(found[2]!.replaceAll(/[\t\n\r]/g, " "));
    }
    need(/\s*/);
    if (take(/\/>/)) return { name, attributes, children: [], text: "" };
    need(/>/);
    const children: Element[] = [];
    let text = "";
    while (!take(new RegExp(`</${name}\\s*>`))) {
      const raw = take(/[^<]+/)?.[0];
      if (raw === undefined) children.push(element());
      else if (raw.includes("]]>")) throw new Error("]]> in text");
      else text += unescape(raw);
    }
    return { name, attributes, children, text };
  };
  take(/<\?xml version="1\.0" encoding="UTF-8"\?>\s*/);
  const root = element();
  need(/\s*$/);
  return root;
}

/** All text inside an element, its descendants' too. */
export function textOf({ text, children }: Element): string {
  return text + children.map(textOf).join("");
}

function unescape(text: string): string {
  return text.replace(/&([^;&]*);?/g, (whole, name: string) => {
    const code = /^#(\d+)$/.exec(name)?.[1];
    const char = code === undefined ? named[name] : String.fromCodePoint(Number(code));
    if (char === undefined || !whole.endsWith(";")) throw new Error(`${whole} is no entity`);
    return char;
  });
}

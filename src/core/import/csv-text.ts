/**
 * Comma-separated values as RFC 4180 has them, and nothing else: a quote opens a field at its beginning only, two quotes
 * in a quoted field are one, every record has as many fields as the header. Line ends are CRLF or LF. What a cell holds
 * is text, whatever a spreadsheet would make of it. One pass, one record at a time.
 */

export interface CsvRecord {
  /** The line it begins on, 1-based. */
  readonly line: number;
  readonly fields: readonly string[];
  /** Why it cannot be trusted, as a sentence. */
  readonly fault: string | undefined;
}

/** The records of a text, the header among them. A record with a fault ends with its line, so that the next is read. */
export function* csvRecords(text: string): Generator<CsvRecord> {
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  let line = 1;
  while (at < text.length) {
    const begun = line;
    const fields: string[] = [];
    let fault: string | undefined;
    for (;;) {
      if (text[at] === '"') {
        const close = closingQuote(text, at + 1);
        if (close < 0) {
          // Where it was meant to end nobody can tell, so nothing behind it is read.
          yield {
            line: begun,
            fields: [],
            fault: "A quote is opened and never closed; nothing behind it was read.",
          };
          return;
        }
        const inner = text.slice(at + 1, close);
        line += countOf(inner, "\n");
        fields.push(inner.replaceAll('""', '"'));
        at = close + 1;
        if (at < text.length && !/[,\r\n]/.test(text[at] ?? ""))
          fault = "Something stands behind a closing quote.";
      } else {
        const end = endOfField(text, at);
        const field = text.slice(at, end);
        if (field.includes('"')) fault = "A quote stands inside a field that is not quoted.";
        fields.push(field);
        at = end;
      }
      if (fault !== undefined) {
        const end = text.indexOf("\n", at);
        at = end < 0 ? text.length : end;
      }
      if (text[at] !== ",") break;
      at++;
    }
    if (text[at] === "\r" && text[at + 1] === "\n") at++;
    else if (text[at] === "\r") fault ??= "A carriage return stands without a line feed.";
    if (at < text.length) at++;
    line++;
    yield { line: begun, fields, fault };
  }
}

/** The quote that closes a field; -1 when none does. */
function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 2))
    if (text[at + 1] !== '"') return at;
  return -1;
}

function endOfField(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === 0x2c || char === 0x0a || char === 0x0d) return at;
  }
  return text.length;
}

function countOf(text: string, char: string): number {
  let count = 0;
  for (let at = text.indexOf(char); at >= 0; at = text.indexOf(char, at + 1)) count++;
  return count;
}

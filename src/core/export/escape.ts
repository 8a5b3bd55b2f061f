/**
 * Registry text is never trusted in an output: one escape per place it can be shown in (DESIGN 9).
 * It must never drop text silently; what is dangerous becomes visible.
 */

// Control, bidirectional, zero-width and line separator characters; tab and LF are decided by each place.
const unsafe =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

/** Control and bidirectional characters become `\u{..}`; LF and tab stay. */
function visible(text: string): string {
  return text.replace(unsafe, (char) => `\\u{${char.charCodeAt(0).toString(16)}}`);
}

/**
 * Text for a terminal or a log, as `visible`. CI systems read commands out of logs: `::name::` at the start of a line,
 * indented or not (GitHub), `##[name]` and `##name[` anywhere (GitHub, Azure, TeamCity). Such text is broken up.
 */
export function escapeTerminal(text: string): string {
  return visible(text)
    .replace(/(^|\s)::/g, "$1\\u{3a}:")
    .replace(/##(?=[a-z]*\[)/gi, "#\\u{23}");
}

/** One line for a terminal: as escapeTerminal, and LF becomes a visible sign. */
export function escapeLine(text: string): string {
  return escapeTerminal(text).replaceAll("\n", "\u23ce").replaceAll("\t", " ");
}

/** A value as one line of JSON that no CI system takes for a command of its own; it parses to the same value. */
export function jsonLine(value: unknown): string {
  return `${JSON.stringify(value).replace(/##(?=[a-z]*\[)/gi, "#\\u0023")}\n`;
}

/** The message of a GitHub workflow command. */
export function escapeCommandData(text: string): string {
  return visible(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/** A property value of a GitHub workflow command. */
export function escapeCommandProperty(text: string): string {
  return escapeCommandData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

/** Text in Markdown prose: no markup, no HTML, no mentions, no autolinks. */
export function escapeMarkdown(text: string): string {
  return escapeLine(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/[\\`*_{}[\]()#+!|~$-]/g, "\\$&")
    .replaceAll("@", "&#64;")
    .replaceAll("://", "&#58;//");
}

/** Text as Markdown inline code, with as many backticks as it needs. */
export function markdownCode(text: string): string {
  const line = escapeLine(text);
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  const pad = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** Text in XML content or a double-quoted attribute; what XML 1.0 cannot hold is shown as `\u{..}`. */
export function escapeXml(text: string): string {
  return visible(text)
    .replace(/[\ud800-\udfff\ufffe\uffff]/gu, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("##", "#&#35;")
    .replace(/(^|\s)::/g, "$1&#58;:");
}

/**
 * Text as a cell of CSV. What the attacker controls: how the text begins. Spreadsheets take a cell that begins with one of
 * `= + - @`, a tab or a line break, or their full-width twins, for a formula, also behind spaces and quotes; such a cell
 * gets an apostrophe in front, which shows that it is text. Quoted where RFC 4180 asks for it.
 */
export function escapeCsv(text: string): string {
  // Line ends are content here; the quotes hold them.
  const plain = text.split("\r").map(visible).join("\r");
  const guarded = /^[\s'"]*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/.test(plain) ? `'${plain}` : plain;
  return /[",\r\n;]|^\s|\s$/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

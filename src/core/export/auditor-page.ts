/**
 * The page that an auditor opens first: what was proven, every decision, and who did what, in one HTML file without
 * scripts, pictures or anything from elsewhere. What the attacker controls: every text in it; all of it is escaped.
 */

/** A table with a heading. */
export interface PageTable {
  readonly title: string;
  readonly note: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface Page {
  readonly title: string;
  /** Name and value. */
  readonly facts: readonly (readonly [string, string])[];
  readonly tables: readonly PageTable[];
}

const style =
  "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem;color:#1a1a1a}" +
  "table{border-collapse:collapse;width:100%;margin:0 0 2rem;font-size:13px}" +
  "th,td{border-bottom:1px solid #ccc;padding:.3rem .6rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}" +
  "dt{font-weight:600}dd{margin:0 0 .5rem;overflow-wrap:anywhere}" +
  "@media(prefers-color-scheme:dark){body{background:#111;color:#eee}th,td{border-color:#444}}";

/** The page. The same values give the same bytes. */
export function renderPage({ title, facts, tables }: Page): string {
  const list = facts.map(([name, value]) => `<dt>${escape(name)}</dt><dd>${escape(value)}</dd>`).join("\n");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escape(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escape(title)}</h1>
<dl>
${list}
</dl>
${tables.map(renderTable).join("\n")}
</main>
</body>
</html>
`;
}

function renderTable({ title, note, columns, rows }: PageTable): string {
  const head = columns.map((column) => `<th scope="col">${escape(column)}</th>`).join("");
  const body = rows
    .map((row) => `<tr>${row.map((cell) => `<td>${escape(cell)}</td>`).join("")}</tr>`)
    .join("\n");
  return `<h2>${escape(title)}</h2>
<p>${escape(note)}</p>
<table>
<thead><tr>${head}</tr></thead>
<tbody>
${body}
</tbody>
</table>`;
}

/** Text that stays text; control characters and directions that would hide something are shown as what they are. */
function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replace(
      /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
      (character) => {
        return `[U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}]`;
      },
    );
}

/**
 * A report as one page: nothing loaded from anywhere, no script, to be read on a screen (light or dark) and on paper.
 * What the attacker controls: every text of entries; all of it is escaped, and the page's policy lets nothing run or load.
 */
import { escapeXml } from "../../escape.ts";
import { toneOf, type Cell, type Column, type Fact, type Report, type Section } from "../define.ts";
import { styles } from "./html-style.ts";
import { headOf, pageTable } from "./head.ts";
import { chartSvg } from "./svg.ts";
import { cellText, factText, isNumber } from "./words.ts";

/** So many rows of a table a page holds unless told otherwise: browsers stay quick, and people search. */
export const HTML_ROWS = 5_000;

/** The page. The same report gives the same bytes. */
export function renderHtml(report: Report, most = HTML_ROWS): string {
  const { title, registry } = report;
  const heading = `${title} \u00b7 ${registry}`;
  const charts = report.charts.flatMap((chart, index) => {
    const caption = `chart-${index + 1}`;
    const svg = chartSvg(chart, caption);
    if (svg === undefined) return [];
    return [
      `<figure>\n<figcaption id="${caption}">${escapeXml(chart.title)}</figcaption>\n<div role="region" aria-labelledby="${caption}" tabindex="0">${svg}</div>\n</figure>`,
    ];
  });
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">`,
    '<meta name="color-scheme" content="light dark">',
    `<title>${escapeXml(heading)}</title>`,
    `<style>${styles}</style>`,
    "</head>",
    "<body>",
    "<header>",
    `<h1>${escapeXml(title)}</h1>`,
    `<dl class="about">${headOf(report)
      .map(([name, value]) => `<div><dt>${escapeXml(name)}</dt><dd>${escapeXml(value)}</dd></div>`)
      .join("")}</dl>`,
    "</header>",
    '<nav aria-label="Tables"><ul>',
    ...report.sections.map(
      ({ key, title, rows }) =>
        `<li><a href="#${escapeXml(key)}">${escapeXml(title)}</a> <span class="faint">${rows.length}</span></li>`,
    ),
    "</ul></nav>",
    "<main>",
    `<dl class="facts">${report.facts.map(factHtml).join("")}</dl>`,
    ...(charts.length === 0 ? [] : ['<div class="charts">', ...charts, "</div>"]),
    ...report.sections.map((section) => sectionHtml(section, most)),
    '<section aria-labelledby="notes"><h2 id="notes">How to read this</h2>',
    `<ul>${report.notes.map((note) => `<li>${codes(escapeXml(note))}</li>`).join("")}</ul>`,
    ...report.sections.map(meaningsHtml),
    "</section>",
    "</main>",
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

function factHtml(fact: Fact): string {
  return `<div class="${fact.tone}"><dt>${escapeXml(fact.title)}</dt><dd>${escapeXml(factText(fact))}</dd></div>`;
}

function sectionHtml(section: Section, most: number): string {
  const { key, title, note, none } = section;
  const head = `<section aria-labelledby="${escapeXml(key)}"><h2 id="${escapeXml(key)}">${escapeXml(title)}</h2>\n<p class="faint">${escapeXml(note)}</p>`;
  if (section.rows.length === 0) return `${head}\n<p class="none">${escapeXml(none)}</p>\n</section>`;
  const { columns, rows, empty, left } = pageTable(section, most);
  const titles = columns
    .map(
      ({ title, type }) =>
        `<th scope="col"${isNumber(type) ? ' class="number"' : ""}>${escapeXml(title)}</th>`,
    )
    .join("");
  const body = rows.map((row) => {
    const [first, ...others] = columns;
    const lead = first === undefined ? "" : `<th scope="row">${cellHtml(row[first.key] ?? null, first)}</th>`;
    return `<tr>${lead}${others.map((column) => tableCell(row[column.key] ?? null, column)).join("")}</tr>`;
  });
  return [
    head,
    ...(empty === null ? [] : [`<p class="faint">${escapeXml(empty)}</p>`]),
    ...(left === null ? [] : [`<p class="left" role="note">${escapeXml(left)}</p>`]),
    // A table that scrolls is reached by keyboard as well.
    `<div class="scroll" role="region" aria-label="${escapeXml(title)}" tabindex="0">`,
    "<table>",
    `<caption>${escapeXml(title)}, ${rows.length === 1 ? "1 row" : `${rows.length} rows`}</caption>`,
    `<thead><tr>${titles}</tr></thead>`,
    "<tbody>",
    ...body,
    "</tbody>",
    "</table>",
    "</div>",
    "</section>",
  ].join("\n");
}

function tableCell(cell: Cell, column: Column): string {
  const name = isNumber(column.type) ? "number" : column.type;
  return `<td class="${name}">${cellHtml(cell, column)}</td>`;
}

function cellHtml(cell: Cell, { type }: Column): string {
  const text = cellText(cell, type);
  if (typeof text !== "string") {
    if (text.length === 0) return "";
    return text.length === 1
      ? broken(text[0] ?? "")
      : `<ul>${text.map((each) => `<li>${broken(each)}</li>`).join("")}</ul>`;
  }
  if (text === "") return "";
  if (type === "status") return `<span class="status ${toneOf(text)}">${escapeXml(text)}</span>`;
  if (type === "instant") return `<time datetime="${escapeXml(String(cell))}">${escapeXml(text)}</time>`;
  return type === "ref" ? broken(text) : escapeXml(text);
}

/** References may break where their parts meet. */
function broken(text: string): string {
  return escapeXml(text).replace(/[/:@]/g, "$&<wbr>");
}

function meaningsHtml({ title, columns }: Section): string {
  const list = columns.map(
    ({ title, means }) => `<dt>${escapeXml(title)}</dt><dd>${codes(escapeXml(means))}</dd>`,
  );
  return `<details><summary>Columns of \u201c${escapeXml(title)}\u201d</summary>\n<dl class="means">${list.join("")}</dl></details>`;
}

/** Words between backticks in our own sentences. */
function codes(escaped: string): string {
  return escaped.replace(/`([^`]+)`/g, "<code>$1</code>");
}

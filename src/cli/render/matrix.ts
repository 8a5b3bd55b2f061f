/** The matrix of pipelines and model versions: as text, assent.matrix/v1, CSV for a spreadsheet, or a page to print. */
import type { Matrix } from "../../app/matrix.ts";
import { cellsOf, type MatrixRow, type MatrixUse, type MatrixVerdict } from "../../core/lineage/matrix.ts";
import type { Style } from "../command.ts";
import { escapeCsv, escapeLine, escapeXml } from "./escape.ts";
import { plural } from "./words.ts";

/** The wire value. */
export function matrixWire({ rows, counts }: Matrix): object {
  return {
    format: "assent.matrix/v1",
    counts,
    rows: rows.map(({ pipeline, state, uses }) => ({
      pipeline,
      state,
      uses: uses.map((use) => ({ ref: use.ref, range: use.range, cells: cellsOf(use) })),
    })),
  };
}

/** A line for each cell, ends of lines as RFC 4180 has them. */
export function matrixCsv({ rows }: Matrix): string {
  const lines = rows.flatMap(({ pipeline, uses }) =>
    uses.flatMap((use) =>
      cellsOf(use).map(({ model, state, verdict, because }) =>
        [pipeline, use.ref, use.range ?? "", model, state ?? "", verdict, because].map(escapeCsv).join(","),
      ),
    ),
  );
  return `${["pipeline,uses,range,model,state,verdict,because", ...lines].join("\r\n")}\r\n`;
}

const signs: Readonly<Record<MatrixVerdict, string>> = { compatible: "=", unknown: "?", breaking: "x" };

/** Each pipeline with what it names; the versions it can run with on one line, the others with their reasons. */
export function matrixText({ rows, counts }: Matrix, style: Style): string {
  const paint = { compatible: style.green, unknown: style.yellow, breaking: style.red };
  const blocks = rows.map(({ pipeline, uses }) => {
    const lines = uses.flatMap((use) => {
      const cells = cellsOf(use);
      const fine = cells
        .filter(({ verdict }) => verdict === "compatible")
        .map(({ model }) => versionOf(model));
      const others = cells.filter(({ verdict }) => verdict !== "compatible");
      return [
        `  ${escapeLine(namedBy(use))}`,
        `    ${style.green(signs.compatible)} ${fine.length === 0 ? style.dim("none") : fine.map(escapeLine).join(", ")}`,
        ...others.map(
          ({ model, verdict, because }) =>
            `    ${paint[verdict](signs[verdict])} ${escapeLine(versionOf(model))}  ${style.dim(escapeLine(because))}`,
        ),
      ];
    });
    return [style.bold(escapeLine(pipeline)), ...lines].join("\n");
  });
  const sum = `${plural(rows.length, "pipeline")}: ${counts.compatible} compatible (=), ${counts.unknown} unknown (?), ${counts.breaking} breaking (x)`;
  return `${[...blocks, sum].join("\n\n")}\n`;
}

function namedBy({ ref, range }: MatrixUse): string {
  return range === null ? ref : `${ref} ${range}`;
}

function versionOf(ref: string): string {
  return ref.slice(ref.lastIndexOf("@") + 1);
}

/**
 * One page that loads nothing: a table for each model, a row for each pipeline that names it, a column for each version.
 * What the attacker controls are names and reasons; each is escaped, and no script may run.
 */
export function matrixHtml({ rows, counts }: Matrix): string {
  const models = new Map<string, { row: MatrixRow; use: MatrixUse }[]>();
  for (const row of rows)
    for (const use of row.uses) {
      const name = use.range === null ? use.ref.slice(0, use.ref.lastIndexOf("@")) : use.ref;
      const known = models.get(name);
      if (known === undefined) models.set(name, [{ row, use }]);
      else known.push({ row, use });
    }
  const tables = [...models].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, uses]) => tableOf(name, uses));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Pipelines and model versions</title>
<style>
body { font: 14px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1c2330; background: #fff; }
table { border-collapse: collapse; margin: 0 0 2rem; }
th, td { border: 1px solid #d5dbe5; padding: 0.3rem 0.6rem; text-align: left; vertical-align: top; }
td.compatible { background: #e3f4e7; } td.unknown { background: #fdf2d0; } td.breaking { background: #fbdfdc; }
td small { display: block; max-width: 14rem; color: #3d4757; }
@media print { body { margin: 0; } table { break-inside: avoid; } }
</style>
</head>
<body>
<h1>Pipelines and model versions</h1>
<p>${plural(rows.length, "pipeline")}: ${counts.compatible} compatible, ${counts.unknown} unknown, ${counts.breaking} breaking. A model that a pipeline does not name has no cell.</p>
${tables.join("\n")}
</body>
</html>
`;
}

function tableOf(
  name: string,
  uses: readonly { readonly row: MatrixRow; readonly use: MatrixUse }[],
): string {
  const versions = cellsOf(uses[0]!.use).map(({ model }) => versionOf(model));
  const head = ["Pipeline", "Names", ...versions].map((text) => `<th scope="col">${escapeXml(text)}</th>`);
  const lines = uses.map(({ row, use }) => {
    const cells = cellsOf(use).map(
      ({ verdict, because }) => `<td class="${verdict}">${verdict}<small>${escapeXml(because)}</small></td>`,
    );
    const named = use.range ?? versionOf(use.ref);
    return `<tr><th scope="row">${escapeXml(row.pipeline)}</th><td>${escapeXml(named)}</td>${cells.join("")}</tr>`;
  });
  return `<h2>${escapeXml(name)}</h2>\n<table>\n<thead><tr>${head.join("")}</tr></thead>\n<tbody>\n${lines.join("\n")}\n</tbody>\n</table>`;
}

/** Diagnostics as SARIF 2.1.0 (OASIS), for code scanning. One rule per code that was found. */
import type { Severity } from "../../core/model/diagnostic.ts";
import { compareBytes } from "../../core/model/json.ts";
import { bytesOfPath } from "../../core/model/path.ts";
import type { Diagnostic, Range } from "../../core/validate/report.ts";
import { allCodes } from "../../core/validate/codes.ts";
import type { RenderDiagnostics } from "./diagnostics.ts";
import { jsonLine } from "./escape.ts";

const levelOf: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", info: "note" };

export const renderSarif: RenderDiagnostics = ({ diagnostics }, { version }) => {
  const codes = [...new Set(diagnostics.map(({ code }) => code))].sort(compareBytes);
  const definitions = new Map(allCodes().map((definition) => [definition.code, definition]));
  const rules = codes.map((code) => {
    const definition = definitions.get(code);
    return {
      id: code,
      shortDescription: { text: definition?.summary ?? code },
      fullDescription: { text: definition?.why ?? code },
      help: { text: definition?.fix ?? `assent explain ${code}` },
      defaultConfiguration: { level: levelOf[definition?.severity ?? "error"] },
    };
  });
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "assent", semanticVersion: version, rules } },
        columnKind: "utf16CodeUnits",
        originalUriBaseIds: { SRCROOT: { description: { text: "The root of the registry's repository." } } },
        results: diagnostics.map((d) => resultOf(d, codes.indexOf(d.code))),
      },
    ],
  };
  return jsonLine(log);
};

function resultOf(d: Diagnostic, ruleIndex: number): object {
  return {
    ruleId: d.code,
    ruleIndex,
    level: levelOf[d.severity],
    message: { text: `${d.message}\nfix: ${d.hint}` },
    locations: [placeOf(d.file, d)],
    ...(d.related.length === 0
      ? {}
      : {
          relatedLocations: d.related.map((related, id) => ({
            id,
            message: { text: related.message },
            ...placeOf(related.file, related),
          })),
        }),
  };
}

/** A path as a relative URI (RFC 3986), byte by byte: a name that is no UTF-8 has one too. */
function uriOf(file: string): string {
  let uri = "";
  for (const byte of bytesOfPath(file)) {
    const char = String.fromCharCode(byte);
    uri += /[A-Za-z0-9._~/-]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return uri;
}

function placeOf(file: string, range: Range): object {
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(file), uriBaseId: "SRCROOT" },
      region: {
        startLine: range.line,
        startColumn: range.column,
        endLine: range.endLine,
        endColumn: range.endColumn,
      },
    },
  };
}

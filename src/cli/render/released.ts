/** What `assent release` made -> text, or the wire value assent.release/v1. */
import type { ReleaseResult } from "../../app/release.ts";
import { ROLES } from "../../core/trust/tuf/metadata.ts";
import type { CommandContext } from "../command.ts";
import { escapeLine, jsonLine } from "./escape.ts";
import { prunedText } from "./release.ts";
import { renderTable } from "./table.ts";

/** `out` is the folder as typed. */
export function renderReleased(
  { outcome, release, metadata, signed, files, removed, waiting }: ReleaseResult,
  out: string,
  format: string,
  { style, columns }: Pick<CommandContext, "style" | "columns">,
): string {
  const { registry, commit, pair, assurance, manifest } = release;
  if (format === "json") {
    return jsonLine({
      format: "assent.release/v1",
      outcome,
      registry,
      commit,
      ...pair,
      assurance,
      digest: `sha256:${manifest.sha256}`,
      metadata,
      signed,
      files,
      removed,
      waiting,
    });
  }
  const words = {
    released: style.green("released"),
    refreshed: style.green("refreshed"),
    unchanged: "released already",
  };
  const rows = ROLES.map((role) => [
    role,
    String(metadata[role].version),
    metadata[role].expires,
    signed.some((one) => one === role) ? "signed now" : "",
  ]);
  const wrote =
    files.written === 0
      ? "no new file"
      : `${files.written} new ${files.written === 1 ? "file" : "files"}, ${files.bytes} bytes`;
  const lines = [
    `${words[outcome]}  ${escapeLine(registry)}, landing ${pair.sequence} as of ${pair.asOf}`,
    `  sha256:${manifest.sha256}`,
    `  commit ${commit.slice(0, 12)}, assurance ${assurance}`,
    "",
    ...renderTable(["ROLE", "VERSION", "GOOD UNTIL", ""], rows, columns - 2, style).map(
      (line) => `  ${line}`,
    ),
    "",
    outcome === "unchanged"
      ? `  nothing to write in ${escapeLine(out)}`
      : `  ${wrote} and a timestamp in ${escapeLine(out)}`,
    ...(removed === null ? [] : [`  ${prunedText(removed)}`]),
    ...(waiting === null ? [] : [`  root ${waiting} waits for signatures and is not in force`]),
  ];
  return `${lines.join("\n")}\n`;
}

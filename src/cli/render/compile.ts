/** A compiled snapshot -> text, or the wire value assent.compile/v1 (CLI.md). */
import type { CompiledHistory } from "../../core/compile/history.ts";
import type { CompiledSnapshot } from "../../core/compile/snapshot.ts";
import { sha256Hex } from "../../core/model/digest.ts";
import type { Style } from "../command.ts";

/** `out` is the folder it was written to, as typed. */
export function renderCompile(
  snapshot: CompiledSnapshot,
  history: CompiledHistory | undefined,
  format: string,
  style: Style,
  out: string | undefined,
): string {
  const { digest, manifest, entries, scopes } = snapshot;
  const { registry, commit, sequence, asOf, nextChange } = manifest;
  const all = [...snapshot.files, ...(history?.files ?? [])];
  if (format === "json") {
    const files = all.map(({ path, bytes }) => ({ path, sha256: sha256Hex(bytes), length: bytes.length }));
    const more = history === undefined ? {} : { history: history.digest };
    const answer = {
      format: "assent.compile/v1",
      registry,
      commit,
      sequence,
      asOf,
      digest,
      entries,
      scopes,
      files,
      ...more,
    };
    return `${JSON.stringify(answer)}\n`;
  }
  const bytes = all.reduce((sum, file) => sum + file.bytes.length, 0);
  const from = commit === null ? "the work tree" : `${commit.slice(0, 12)}, landing ${sequence}`;
  const lines = [
    style.bold(digest),
    `  ${registry}  ${from}, as of ${asOf}${nextChange === null ? "" : `, changes at ${nextChange}`}`,
    `  ${count(entries, "entry", "entries")}, ${count(scopes, "scope", "scopes")}, ${count(all.length, "file", "files")}, ${bytes} bytes`,
    ...(history === undefined
      ? []
      : [`  history ${history.digest}, ${count(history.manifest.sequence, "landing", "landings")}`]),
    out === undefined ? style.dim("  nothing written; --out <dir> writes it") : `  written to ${out}`,
  ];
  return `${lines.join("\n")}\n`;
}

function count(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`;
}

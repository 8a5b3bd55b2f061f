/** What push, pull and verify did with a release -> text, or their wire values (CLI.md). */
import type { RemovedFiles } from "../../app/ports.ts";
import type { Pulled } from "../../app/pull.ts";
import type { Pushed } from "../../app/push.ts";
import type { VerifiedRelease } from "../../app/verify-release.ts";
import type { WholeRelease } from "../../client/whole.ts";
import type { Style } from "../command.ts";
import { escapeLine } from "./escape.ts";
import { renderTable } from "./table.ts";
import { grouped, plural } from "./words.ts";

/** How an answer is shown. */
export interface Shown {
  readonly format: string;
  readonly style: Style;
  readonly columns: number;
}

/** `assent.push/v1`. */
export function renderPushed({ whole, destinations }: Pushed, { format, style, columns }: Shown): string {
  if (format === "json") {
    const rows = destinations.map(({ address, sent, unchanged, bytes, moved, atomic, removed }) => {
      return { address, sent, unchanged, bytes, moved, atomic, removed };
    });
    return jsonLine({ format: "assent.push/v1", ...factsOf(whole), destinations: rows });
  }
  const rows = destinations.map(({ address, sent, unchanged, bytes, moved }) => [
    moved ? "current now" : "was current",
    grouped(sent),
    grouped(unchanged),
    grouped(bytes),
    address,
  ]);
  const head = ["RELEASE", "SENT", "UNCHANGED", "BYTES", "DESTINATION"];
  const compared = destinations.filter(({ moved, atomic }) => moved && !atomic);
  const notes = compared.map(({ address }) =>
    style.dim(`  ${escapeLine(address)} cannot compare and switch in one step: it was compared right before`),
  );
  const pruned = destinations.flatMap(({ address, removed }) =>
    removed === null ? [] : [`  ${prunedText(removed)} from ${escapeLine(address)}`],
  );
  return lines([headOf(whole, style), ...renderTable(head, rows, columns, style), ...pruned, ...notes]);
}

/** `assent.pull/v1`. */
/** What pruning did, in words. */
export function prunedText({ files, bytes }: RemovedFiles): string {
  return files === 0
    ? "nothing old to take away"
    : `${plural(files, "old file")} taken away (${plural(bytes, "byte")})`;
}

export function renderPulled(
  { address, whole, fetched, unchanged, bytes }: Pulled,
  out: string,
  { format, style }: Shown,
): string {
  if (format === "json")
    return jsonLine({
      format: "assent.pull/v1",
      ...(whole === undefined
        ? { registry: null, sequence: null, asOf: null, digest: null }
        : factsOf(whole)),
      source: address,
      out,
      fetched,
      unchanged,
      bytes,
    });
  if (whole === undefined) return lines([`nothing is published yet at ${escapeLine(address)}`]);
  return lines([
    headOf(whole, style),
    `  ${plural(fetched, "file")} fetched (${plural(bytes, "byte")}), ${grouped(unchanged)} there already`,
    `  verified, and whole in ${escapeLine(out)}`,
  ]);
}

/** `assent.verify/v1`. */
export function renderVerified(
  { address, whole, bytes, provenance }: VerifiedRelease,
  { format, style, columns }: Shown,
): string {
  const { release, files, metadata, roles } = whole;
  const count = files.length + metadata.length + 1;
  if (format === "json") {
    const { commit, assurance } = release;
    return jsonLine({
      format: "assent.verify/v1",
      ok: true,
      ...factsOf(whole),
      commit,
      assurance,
      source: address,
      files: count,
      bytes,
      roles,
      ...(provenance === null ? {} : { provenance }),
    });
  }
  const rows = roles.map(({ role, version, expires, threshold, keys, signedBy }) => [
    role,
    String(version),
    expires,
    `${signedBy.length} of ${keys}, ${threshold} needed`,
    signedBy.map((id) => id.slice(0, 12)).join(" "),
  ]);
  const assurance =
    release.assurance === "none" ? "none: nobody witnesses this registry's history" : release.assurance;
  return lines([
    headOf(whole, style),
    `  commit ${release.commit}`,
    `  manifest sha256:${release.manifest.sha256}`,
    `  assurance ${assurance}`,
    ...(provenance === null ? [] : [`  made by ${escapeLine(provenance.identity)}`]),
    `  ${plural(count, "file")}, ${plural(bytes, "byte")}, every one as it was signed for`,
    "",
    ...renderTable(["ROLE", "VERSION", "GOOD UNTIL", "SIGNATURES", "KEYS"], rows, columns, style),
  ]);
}

function headOf({ release }: WholeRelease, style: Style): string {
  const { registry, pair } = release;
  return style.bold(`${escapeLine(registry)}  landing ${grouped(pair.sequence)}, as of ${pair.asOf}`);
}

function factsOf({ release }: WholeRelease): Readonly<Record<string, unknown>> {
  const { registry, pair, manifest } = release;
  return {
    registry,
    sequence: pair.sequence,
    asOf: pair.asOf,
    digest: `sha256:${manifest.sha256}`,
  };
}

function lines(all: readonly string[]): string {
  return `${all.join("\n")}\n`;
}

function jsonLine(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

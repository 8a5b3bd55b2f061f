/** `assent export`: the registry, or one entry of it, as what another program reads. Writes nothing but `--out`. */
import type { ExportFormat } from "../core/export/define.ts";
import { exportFormats } from "../core/export/formats.ts";
import { kindOf } from "../core/kinds/index.ts";
import { sha256Hex } from "../core/model/digest.ts";
import { Failure } from "../core/model/failure.ts";
import { nearest } from "../core/model/nearest.ts";
import type { Entry, Registry } from "../core/model/registry.ts";
import { findEntry } from "./entry.ts";
import type { Ports } from "./ports.ts";
import { openRegistry, type Selection } from "./read.ts";

export interface ExportRequest extends Selection {
  readonly format: string;
  readonly entry?: string | undefined;
  /** The file to write to, relative to `folder`; without one nothing is written. */
  readonly out?: string | undefined;
  readonly version: string;
}

export interface Exported {
  readonly format: string;
  /** The entry it is about; null = the whole registry. */
  readonly subject: string | null;
  readonly mediaType: string;
  readonly text: string;
  readonly sha256: string;
  /** In bytes. */
  readonly length: number;
}

/** Makes one export. */
export async function exportAs(request: ExportRequest, ports: Ports): Promise<Exported> {
  const format = await formatNamed(request.format);
  const { registry, asOf, commit } = await openRegistry(request, ports);
  const subject = subjectOf(format, request.entry, registry);
  const text = format.render({ registry, subject, asOf, commit, version: request.version });
  const bytes = new TextEncoder().encode(text);
  if (request.out !== undefined) ports.writeOutput(request.folder, request.out, bytes);
  return {
    format: format.name,
    subject: subject?.ref ?? null,
    mediaType: format.mediaType,
    text,
    sha256: sha256Hex(bytes),
    length: bytes.length,
  };
}

async function formatNamed(name: string): Promise<ExportFormat> {
  const load = Object.hasOwn(exportFormats, name) ? exportFormats[name] : undefined;
  if (load !== undefined) return load();
  const names = Object.keys(exportFormats);
  const near = nearest(name, names);
  throw new Failure("usage/export-format", `There is no export "${name}".`, {
    hint: near === undefined ? `There are ${names.join(", ")}.` : `Did you mean ${near}?`,
  });
}

function subjectOf(
  { name, subject }: ExportFormat,
  word: string | undefined,
  registry: Registry,
): Entry | undefined {
  if (word === undefined) {
    if (subject === null || subject.optional) return undefined;
    const kinds = subject.kinds.map((kind) => kindOf(kind).prefix).join(" or ");
    throw new Failure("usage/export-subject", `${name} is about one ${kinds}, and none is named.`, {
      hint: `Write assent export ${name} <${kinds}>.`,
    });
  }
  if (subject === null) {
    throw new Failure("usage/export-subject", `${name} is always of the whole registry.`, {
      hint: `Write assent export ${name}.`,
    });
  }
  const [only, other] = subject.kinds;
  const entry = findEntry(registry, word, other === undefined ? only : undefined);
  if (subject.kinds.includes(entry.kind)) return entry;
  throw new Failure("usage/export-subject", `${name} is not about a ${entry.kind}.`, {
    hint: `It takes ${subject.kinds.map((kind) => kindOf(kind).prefix).join(", ")}.`,
  });
}

/**
 * What an export is: a registry, or one entry of it, as what another program reads. One file per format, and a line in
 * formats.ts. Same registry, same bytes: an export must never read a clock or anything else than its arguments.
 */
import type { Instant } from "../model/instant.ts";
import type { KindName } from "../model/kind.ts";
import type { Entry, Registry } from "../model/registry.ts";

export interface ExportRequest {
  readonly registry: Registry;
  /** Present where the format is about one entry; of a kind that it takes. */
  readonly subject: Entry | undefined;
  /** The moment of what is exported, and the clock of everything in it that has one. */
  readonly asOf: Instant;
  /** Null for the work tree. */
  readonly commit: string | null;
  /** Of this program. */
  readonly version: string;
}

/** A format that is about one entry or, with `optional`, about the whole registry as well. */
export interface ExportSubject {
  /** Kinds that it takes. */
  readonly kinds: readonly KindName[];
  readonly optional: boolean;
}

export interface ExportFormat {
  readonly name: string;
  /** One line for help. */
  readonly summary: string;
  /** Null where it is always the whole registry. */
  readonly subject: ExportSubject | null;
  readonly mediaType: string;
  /** The whole text, with its last line end. */
  readonly render: (request: ExportRequest) => string;
}

/** Checks a format's definition. */
export function defineExport(format: ExportFormat): ExportFormat {
  return format;
}

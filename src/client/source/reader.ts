/**
 * How a release is read from wherever it lies: one interface, one file beside this one per kind of host.
 * A reader fetches bytes and decides nothing: what it returns is a stranger's until client code has verified it.
 */

export interface ReadOptions {
  /** In bytes; a longer answer is cut off and refused, whatever the host said its length was. */
  readonly maxLength: number;
  /** The validator (an ETag, a digest) of the bytes the caller holds already. */
  readonly tag?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** `unchanged`: the host says that the bytes behind `tag` are still the current ones. Undefined: there is no such file. */
export type ReadAnswer =
  | { readonly bytes: Uint8Array; readonly tag?: string | undefined }
  | "unchanged"
  | undefined;

/** One place that a release may be read from. */
export interface ReleaseReader {
  /** For messages; never with a secret in it. */
  readonly address: string;
  /**
   * One file of the release, by its path (core/model/release.ts). Whatever keeps it from being read (network, a refused
   * redirect, an answer over `maxLength`, a time-out) is a Failure of category `unavailable` or `auth`.
   */
  read(path: string, options: ReadOptions): Promise<ReadAnswer>;
  /** Lets go of connections. */
  close?(): void;
}

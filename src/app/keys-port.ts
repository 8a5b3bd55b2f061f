/** Where keys of a release lie; the interface between key, release and the disk. Part of ports.ts. */

/** The text of a secret and where it was found. It is never to be shown, logged or quoted. */
export interface FoundSecret {
  readonly text: string;
  /** Whether it lies on a disk, where a key has to be encrypted. */
  readonly onDisk: boolean;
}

/** Keys, passphrases, and what new ones are made of. */
export interface KeyStore {
  /**
   * The secret in a file that was named (relative to `folder`), else in the first of these variables of the environment
   * that is filled; undefined where there is neither.
   */
  read(request: {
    readonly folder: string;
    readonly file: string | undefined;
    readonly variables: readonly string[];
  }): FoundSecret | undefined;
  /** Bytes that nobody can guess. */
  random(length: number): Uint8Array;
  /** A file's bytes, by its absolute path; undefined only where there is none. */
  find(path: string): Uint8Array | undefined;
  /** Makes a file that was not there, whole or not at all; a secret one only its owner can read. Folders are made. */
  create(path: string, bytes: Uint8Array, options: { readonly secret: boolean }): void;
}

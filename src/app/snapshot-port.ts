/** Where compiled snapshots lie; the interface between compile, resolve and the disk. Part of ports.ts. */

/** A folder that holds one compiled snapshot: files named by their sha256 below `<part>/`, and one manifest. */
export interface SnapshotFolder {
  /** One file's bytes; undefined where there is none. Reads regular files only, and no path that leaves the folder. */
  read(path: string): Uint8Array | undefined;
  /**
   * Replaces the snapshot: files that stand already are left alone, the last file (the manifest) is renamed into place
   * when all others are there, then files of older snapshots go. Killed at any moment, the folder holds the old snapshot
   * or the new one, whole. Refuses a folder that holds anything else than a snapshot.
   */
  replace(files: readonly { readonly path: string; readonly bytes: Uint8Array }[]): void;
}

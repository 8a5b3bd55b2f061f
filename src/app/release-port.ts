/** Where releases are published; the interface between push and its destinations. Part of ports.ts. */

/** One file of a release, by its path (core/model/release.ts). */
export interface ReleaseFile {
  readonly path: string;
  readonly sha256: string;
  readonly length: number;
  /** Read when it has to travel, and only then. */
  read(): Uint8Array;
}

/** One host that holds a release. It stores what it is given; order and completeness are the operation's to decide. */
export interface ReleaseDestination {
  /** For messages; never with a secret in it. */
  readonly address: string;
  /** The timestamp metadata that is current there, with what `makeCurrent` needs to notice somebody else's push; undefined on a new host. */
  current(): Promise<{ readonly bytes: Uint8Array; readonly tag: string } | undefined>;
  /** Which of these files are there already, whole. */
  present(files: readonly ReleaseFile[]): Promise<ReadonlySet<string>>;
  /** Stores immutable files; nothing that is current changes. May be repeated after an interruption. */
  store(files: readonly ReleaseFile[], told: (path: string) => void): Promise<void>;
  /**
   * The one step that publishes: `release` is complete there now, `timestamp` becomes the current metadata. Refused as a
   * conflict when what is current is no longer what `current` answered.
   */
  makeCurrent(
    release: { readonly timestamp: Uint8Array; readonly files: readonly ReleaseFile[] },
    expected: string | undefined,
  ): Promise<void>;
}

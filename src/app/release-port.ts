/** Where releases are published; the interface between push, pull and the hosts they write to. Part of ports.ts. */
import type { ReleasePair } from "../core/model/release.ts";

/** One immutable file of a release, by its path (core/model/release.ts). */
export interface ReleaseFile {
  readonly path: string;
  readonly sha256: string;
  readonly length: number;
  /** Read when it has to travel, and only then. */
  read(): Uint8Array | Promise<Uint8Array>;
}

/** What becomes current: the timestamp metadata, and every other file of the release. */
export interface CompleteRelease extends ReleasePair {
  readonly timestamp: Uint8Array;
  /** The timestamp's TUF version. */
  readonly version: number;
  readonly files: readonly ReleaseFile[];
}

/** What was taken away from a folder. */
export interface RemovedFiles {
  readonly files: number;
  readonly bytes: number;
}

/** What became of makeCurrent. */
export interface MadeCurrent {
  /**
   * Whether the host itself excludes that two pushes switch at the same moment. Where it cannot (`false`), what is current
   * was compared right before.
   */
  readonly atomic: boolean;
  /** Bytes that the host's own way of naming a release took besides the timestamp: a manifest, an index. */
  readonly overhead?: number;
}

/**
 * One host that holds a release. It stores what it is given; order and completeness are the operation's to decide. What is
 * there is read through the reader for the same address (client/source): its tag of the timestamp is what makeCurrent
 * takes as `expected`.
 */
export interface ReleaseDestination {
  /** For messages; never with a secret in it. */
  readonly address: string;
  /** Which of these files are there already, whole. */
  present(files: readonly ReleaseFile[]): Promise<ReadonlySet<string>>;
  /**
   * Stores immutable files; nothing that is current changes. May be repeated after an interruption. A file of the same
   * name with other content is replaced only where it is what an abandoned push has left; one that somebody may be about
   * to publish is a Failure of category `conflict`.
   */
  store(files: readonly ReleaseFile[], told: (file: ReleaseFile) => void): Promise<void>;
  /**
   * The one step that publishes: `release` is complete there now, its timestamp becomes the current metadata. A Failure of
   * category `conflict` when what is current is no longer what `expected` stands for (undefined: nothing).
   */
  makeCurrent(release: CompleteRelease, expected: string | undefined): Promise<MadeCurrent>;
  /**
   * Takes away those files of releases that `isOld` names, but none that was written within the last hour. Nothing where
   * what is current is no longer what `expected` stands for: a Failure of category `conflict`. Absent: the host cannot.
   */
  remove?(isOld: (path: string) => boolean, expected: string | undefined): Promise<RemovedFiles>;
}

/** How a destination is opened. */
export interface DestinationOptions {
  /** What a relative path starts at; absolute. */
  readonly folder: string;
  /** Where secrets come from. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether http is good enough for hosts other than this machine. */
  readonly allowHttp?: boolean | undefined;
  /** Of the program, for hosts that want to know who asks. */
  readonly version?: string | undefined;
}

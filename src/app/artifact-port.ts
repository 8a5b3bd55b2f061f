/** Where artifacts are kept; the interface between `artifacts verify` and the hosts. Part of ports.ts. */
import type { Digest } from "../core/model/digest.ts";

/** What somebody who opened an artifact has found. */
export interface MeasuredArtifact {
  /** Null where reading stopped because the artifact is longer than it may be. */
  readonly digest: Digest | null;
  /** In bytes; at least so many, where the digest is null. */
  readonly size: number;
}

/** What may be asked and for how long, said by whoever runs the program and never by an entry. */
export interface ArtifactOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute folders below which `file:` addresses may lie. */
  readonly folders: readonly string[];
  /** `host` or `host:port`: may be asked although they are private, this machine, or without TLS. */
  readonly hosts: readonly string[];
  /** Milliseconds for one artifact. */
  readonly timeout: number;
}

/** The hosts. Every address comes from an entry, so from anybody who may open a pull request. */
export interface ArtifactSource {
  /**
   * Reads an artifact to its end, piece by piece, or until it is longer than `most` bytes. `expected` says which of
   * several things an OCI repository is to hand out. Whatever keeps it from being read is a Failure of category
   * `unavailable` or `auth`.
   */
  measure(request: {
    readonly uri: string;
    readonly expected: Digest;
    readonly most: number | null;
    /** Hears of each piece, in bytes. */
    readonly told: (bytes: number) => void;
  }): Promise<MeasuredArtifact>;
}

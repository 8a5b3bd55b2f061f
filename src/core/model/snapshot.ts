/**
 * The parts of a compiled registry that consumers read (DESIGN 7), and what resolution answers (DESIGN 8).
 * These are wire types: published under schemas/wire/, versioned by `format`, changed only together with it.
 * Vocabulary only; this module must never read or make a snapshot.
 */
import type { Category } from "./diagnostic.ts";
import type { Digest } from "./digest.ts";
import type { Instant } from "./instant.ts";
import type { JsonObject } from "./json.ts";

/** One file of a snapshot, relative to its directory. */
export interface SnapshotFile {
  readonly path: string;
  /** 64 lower-case hex digits. */
  readonly sha256: string;
  /** In bytes. */
  readonly length: number;
}

/** How the resolution data is cut: one slice per environment, or one per environment and tenant. */
export type Slicing = "environment" | "tenant";

export const MANIFEST_FORMAT = "assent.manifest/v1";
/**
 * Where the manifest stands in a snapshot directory; its sha256 is the snapshot's digest. Every other file is named
 * by its own sha256, so replacing this one file is what replaces a snapshot.
 */
export const MANIFEST_PATH = "manifest.json";

/** Where the manifest of the History part stands, beside the snapshot's; its sha256 is the history's digest. */
export const HISTORY_PATH = "history.json";

/** The folders of a snapshot. */
export const SNAPSHOT_PARTS: readonly string[] = [
  "catalogue",
  "compliance",
  "dependents",
  "history",
  "slices",
];

const blobPath = /^([a-z]+)\/[0-9a-f]{64}\.jsonl?$/;

/** Whether a path can be one of a snapshot: the manifest, or a file named by its sha256 in one of the folders. */
export function isSnapshotPath(path: string): boolean {
  const part = blobPath.exec(path)?.[1];
  return (
    path === MANIFEST_PATH || path === HISTORY_PATH || (part !== undefined && SNAPSHOT_PARTS.includes(part))
  );
}

export interface Manifest {
  readonly format: typeof MANIFEST_FORMAT;
  readonly registry: string;
  /** Null for a work tree, which cannot be released. */
  readonly commit: string | null;
  readonly sequence: number | null;
  readonly asOf: Instant;
  /** The earliest instant after asOf at which an expiry changes the content; null = never. */
  readonly nextChange: Instant | null;
  readonly policyRevision: Digest;
  /** By rank, then by name. */
  readonly environments: readonly string[];
  readonly slicing: Slicing;
  /** By environment, then by tenant, in byte order; the slice without tenant first. */
  readonly slices: readonly SliceFile[];
  /** Paths of the index roots; everything below a root is reached by sha256. */
  readonly catalogue: string;
  readonly dependents: string;
  readonly compliance: string;
  /** Slices and roots, in byte order of their paths. Shards are vouched for by the roots. */
  readonly files: readonly SnapshotFile[];
}

/** Where the slice of an environment (and a tenant) stands. */
export interface SliceFile {
  readonly environment: string;
  /** With slices by tenant: whose it is; null = the scopes without a tenant. Null with slices by environment. */
  readonly tenant: string | null;
  readonly path: string;
}

export const SLICE_FORMAT = "assent.slice/v1";

/** What one environment (or one tenant in it) needs to resolve, and nothing else. */
export interface SliceDocument {
  readonly format: typeof SLICE_FORMAT;
  readonly registry: string;
  readonly environment: string;
  readonly slicing: Slicing;
  /** As in the manifest. */
  readonly tenant: string | null;
  /** Whether a scope without an Activation asks the next wider one. */
  readonly inherit: boolean;
  readonly compatibility: "fail-closed" | "warn";
  readonly offer: {
    readonly featureGroups: Readonly<Record<string, readonly string[]>>;
    readonly schemas: Readonly<Record<string, readonly string[]>>;
    readonly capabilities: readonly string[];
  };
  readonly degradeProfiles: Readonly<
    Record<
      string,
      {
        readonly featureGroups?: readonly string[];
        readonly capabilities?: readonly string[];
        readonly posture: "NORMAL" | "STEP_UP_ONLY" | "REVIEW";
      }
    >
  >;
  /** In byte order of their scopes. */
  readonly scopes: readonly SliceScope[];
  /** Every bundle that a scope of this slice names, by reference. */
  readonly bundles: Readonly<Record<string, SliceBundle>>;
}

/** One Activation. */
export interface SliceScope {
  /** The path below `live/`: `prod/fraud/score/acme`. */
  readonly scope: string;
  /** A bundle's full reference, `none` or `inherit`. */
  readonly bundle: string;
  readonly fallback?: string;
}

export interface SliceBundle {
  readonly digest: Digest;
  readonly spec: JsonObject;
  /** References of what this bundle reaches and what is deprecated, itself left out; in byte order. */
  readonly deprecated: readonly string[];
}

export const CATALOGUE_FORMAT = "assent.catalogue/v1";
export const DEPENDENTS_FORMAT = "assent.dependents/v1";
export const COMPLIANCE_FORMAT = "assent.compliance/v1";

export const HISTORY_MANIFEST_FORMAT = "assent.history-manifest/v1";
export const MARKS_FORMAT = "assent.marks/v1";
export const EVENT_FORMAT = "assent.event/v1";

/** The History part: what first-parent history says, whatever the snapshot beside it holds. */
export interface HistoryManifest {
  readonly format: typeof HISTORY_MANIFEST_FORMAT;
  readonly registry: string;
  /** The last landing. */
  readonly commit: string;
  readonly sequence: number;
  /** In order; a landing changes the last one only. */
  readonly events: readonly EventSegment[];
  /** Path of the index root of `{ref, registered, updated}` lines. */
  readonly marks: string;
}

/** A file of events, one canonical JSON line each, of the landings `first` to `last`. */
export interface EventSegment extends SnapshotFile {
  readonly events: number;
  readonly first: number;
  readonly last: number;
}

export const RESOLUTION_FORMAT = "assent.resolution/v1";

export interface Step {
  /** `scope:prod/fraud/score` or `bundle:fraud/score@1.4.0`. */
  readonly try: string;
  readonly result: "absent" | "inherit" | "found" | "none" | "compatible" | "incompatible";
  readonly reason: string | null;
}

/** The answer of `resolve` (CLI.md). The keys stand in this order on the wire. */
export interface Resolution {
  readonly format: typeof RESOLUTION_FORMAT;
  readonly outcome: "resolved" | "fallback" | "incompatible" | "none";
  readonly scope: {
    readonly environment: string;
    readonly usecase: string;
    readonly tenant: string | null;
    readonly scenario: string | null;
  };
  /** Null unless the outcome is resolved or fallback: what must not be used is not handed out. */
  readonly bundle: { readonly ref: string; readonly digest: Digest; readonly spec: JsonObject } | null;
  readonly compatible: boolean;
  readonly posture: "NORMAL" | "STEP_UP_ONLY" | "REVIEW";
  /** In the order of DESIGN 8's list, names in byte order. */
  readonly reasons: readonly string[];
  readonly steps: readonly Step[];
  readonly snapshot: {
    readonly digest: Digest;
    readonly commit: string | null;
    readonly sequence: number | null;
  };
  readonly policyRevision: Digest;
}

export const ERROR_FORMAT = "assent.error/v1";

/** A question that has no answer, as every `--format json` failure is spelled (CLI.md). */
export interface WireError {
  readonly format: typeof ERROR_FORMAT;
  readonly code: string;
  readonly category: Category;
  readonly retryable: boolean;
  readonly message: string;
  readonly hint: string;
}

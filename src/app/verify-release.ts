/**
 * `assent verify`: everything of a release, down to each shard. What is read is a stranger's until the trusted root
 * vouches for it; the operation answers only when everything fits.
 */
import { readFile } from "../client/read-file.ts";
import { openSource } from "../client/source/open.ts";
import { openWhole, type WholeRelease } from "../client/whole.ts";
import { atOnce } from "../core/model/at-once.ts";
import { Failure } from "../core/model/failure.ts";
import { millisecondsOf, type Instant } from "../core/model/instant.ts";
import { targetPath } from "../core/model/release.ts";
import { counted, type Progress } from "../core/model/progress.ts";
import type { ReleaseReader } from "../client/source/reader.ts";
import type { CertifiedIdentity } from "../core/trust/sigstore.ts";
import type { Ports } from "./ports.ts";

/** Where releases are read from and written to. */
export interface PlaceOptions {
  /** What relative paths start at; absolute. */
  readonly folder: string;
  /** Where secrets come from. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether http is good enough for hosts other than this machine. What is read is verified all the same. */
  readonly allowHttp?: boolean | undefined;
  readonly onProgress?: Progress | undefined;
}

export interface VerifyReleaseRequest extends PlaceOptions {
  readonly source: string;
  /** The file of the root that is trusted. */
  readonly trust: string;
  /** The clock that expiries are judged by; now unless said. */
  readonly asOf?: Instant | undefined;
  /** Who must have made the release, by sigstore: its trusted root's file, and whose certificate it has to be. */
  readonly provenance?: (CertifiedIdentity & { readonly root: string }) | undefined;
}

export interface VerifiedRelease {
  readonly address: string;
  readonly whole: WholeRelease;
  /** Bytes of all files, metadata too. */
  readonly bytes: number;
  /** Who has proven to have made it, where that was asked for. */
  readonly provenance: CertifiedIdentity | null;
}

/** Reads at once: enough to hide the way to a host, few enough for it to bear. */
const WIDTH = 8;

/** Verifies a release whole; a Failure `release/…` says what does not fit. */
export async function verifyRelease(request: VerifyReleaseRequest, ports: Ports): Promise<VerifiedRelease> {
  const reader = await openPlace(request.source, request, ports);
  try {
    const root = ports.readInput(request.folder, request.trust);
    const whole = await openWhole(reader, { root }, { now: request.asOf ?? ports.now() });
    await readLeaves(reader, whole, request.onProgress);
    const provenance = await provenanceOf(reader, whole, request, ports);
    return { address: reader.address, whole, bytes: sizeOf(whole), provenance };
  } finally {
    reader.close?.();
  }
}

/** Who made the release; a Failure where that is not proven, or was somebody else. */
async function provenanceOf(
  reader: ReleaseReader,
  { files, release }: WholeRelease,
  { folder, provenance }: VerifyReleaseRequest,
  ports: Ports,
): Promise<CertifiedIdentity | null> {
  if (provenance === undefined) return null;
  const [{ PROVENANCE_TARGET, verifyProvenance }, { certifierOf }] = await Promise.all([
    import("../core/trust/provenance.ts"),
    import("../core/trust/sigstore.ts"),
  ]);
  const certifier = certifierOf(new TextDecoder().decode(ports.readInput(folder, provenance.root)));
  if ("problem" in certifier) throw unproven(`the trusted root of sigstore is none: ${certifier.problem}`);
  const file = files.find(({ path, sha256 }) => path === targetPath(PROVENANCE_TARGET, sha256));
  if (file === undefined) throw unproven("nothing beside the release says so");
  const bytes = await readFile(reader, file.path, file);
  const signer = verifyProvenance(bytes, release, { ...provenance, certifier });
  if ("problem" in signer) throw unproven(signer.problem);
  return signer;
}

function unproven(why: string): Failure {
  return new Failure("release/unproven", `It is not proven who made this release: ${why}.`, {
    hint: "Let it be released with --provenance by the identity that you expect.",
    category: "auth",
  });
}

/** Reads and compares every file that nobody has read yet. */
export async function readLeaves(
  reader: ReleaseReader,
  { leaves }: WholeRelease,
  progress: Progress | undefined,
): Promise<void> {
  const told = counted(progress, "verifying files", leaves.length);
  let done = 0;
  await atOnce(WIDTH, leaves, async (file) => {
    await readFile(reader, file.path, file);
    told?.(++done);
  });
}

/** How long everything is together. */
export function sizeOf({ files, metadata, timestamp }: WholeRelease): number {
  const named = files.reduce((sum, { length }) => sum + length, 0);
  return named + metadata.reduce((sum, { bytes }) => sum + bytes.length, timestamp.bytes.length);
}

/** A reader for an address that a user typed. */
export function openPlace(
  address: string,
  { folder, env, allowHttp }: PlaceOptions,
  ports: Ports,
): Promise<ReleaseReader> {
  const seconds = (): number => Math.floor(millisecondsOf(ports.now()) / 1000);
  return openSource(address, { folder, env, seconds, allowHttp });
}

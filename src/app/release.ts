/**
 * `assent release`: the landing at HEAD as a signed release in a folder (DESIGN 7). The same pair is a no-op, an older
 * one is refused, what is there already is not written again. `refresh` signs a new timestamp at the cost of that, and
 * compiles only where the content has changed by time. It must never sign what it has not looked at.
 */
import {
  compose,
  needsOf,
  noKey,
  rolesToSign,
  type Composed,
  type ComposeRequest,
  type SigningRole,
} from "../core/release/compose.ts";
import { contentsOf, type ContentFile, type Contents } from "../core/release/contents.ts";
import type { Lifetimes } from "../core/release/lifetimes.ts";
import { isVouchedFor, planOf } from "../core/release/root.ts";
import { sha256Hex } from "../core/model/digest.ts";
import { Failure } from "../core/model/failure.ts";
import { millisecondsOf, type Instant } from "../core/model/instant.ts";
import { comparePairs, metadataPath } from "../core/model/release.ts";
import type { Role, RootMetadata } from "../core/trust/tuf/metadata.ts";
import { releaseIn, type Release } from "../core/trust/tuf/release.ts";
import type { TufSigner } from "../core/trust/tuf/signer.ts";
import { needChain, readRoots } from "./key-root.ts";
import type { KeyStore, Ports, RemovedFiles } from "./ports.ts";
import {
  openReleaseFolder,
  readStanding,
  readStandingManifest,
  writeRelease,
  type ReleaseFolder,
  type StandingRelease,
  type WrittenFiles,
} from "./release-folder.ts";
import { signersOf, type KeySources } from "./release-keys.ts";
import { subjectOf, type ReleaseSubject, type SubjectRequest, type Unfit } from "./release-subject.ts";

export interface ReleaseRequest extends SubjectRequest, KeySources {
  /** The folder that releases are made in; absolute. */
  readonly out: string;
  /** The folder of roots; absolute; undefined: `trust` in the repository. */
  readonly roots: string | undefined;
  /** Renew the timestamp; compile only where time has changed the content. */
  readonly refresh: boolean;
  readonly lifetimes: Lifetimes;
  /** Afterwards, take away what none of so many newest releases needs; undefined: keep everything. */
  readonly keep?: number | undefined;
  /** Have the platform's identity say where a new release comes from; a public log keeps that. */
  readonly provenance: boolean;
}

export interface ReleaseResult {
  readonly outcome: "released" | "refreshed" | "unchanged";
  readonly release: Release;
  /** Of the metadata in force now. */
  readonly metadata: Readonly<Record<Role, { readonly version: number; readonly expires: Instant }>>;
  readonly signed: readonly SigningRole[];
  readonly files: WrittenFiles;
  /** What was taken away, where that was asked for. */
  readonly removed: RemovedFiles | null;
  /** The version of a root that lacks signatures and is not in force yet. */
  readonly waiting: number | null;
}

/** Releases, and with `keep` takes away what is old. */
export async function release(request: ReleaseRequest, ports: Ports): Promise<ReleaseResult | Unfit> {
  const { keep, out } = request;
  if (keep === undefined) return releaseOnly(request, ports);
  const { prune, requireKeep } = await import("./prune.ts");
  requireKeep(keep);
  const result = await releaseOnly(request, ports);
  if ("diagnostics" in result) return result;
  const { reader } = await openReleaseFolder(out, ports);
  const destination = await ports.openDestination(`dir:${out}`, { folder: "/", env: {} });
  return { ...result, removed: await prune(reader, destination, keep, result.release.registry) };
}

async function releaseOnly(request: ReleaseRequest, ports: Ports): Promise<ReleaseResult | Unfit> {
  const store = await ports.openKeyStore();
  const {
    roots,
    last: root,
    waiting,
  } = needChain(readRoots(request.folder, request.roots, { ports, store }));
  const now = ports.now();
  refuseExpired(root, now);
  const folder = await openReleaseFolder(request.out, ports);
  const standing = await readStanding(folder, root);
  const subject = await newContent(request, { folder, standing, root, now }, ports);
  if (subject !== undefined && "diagnostics" in subject) return subject;
  if (subject !== undefined) refuseOther(subject, standing.release, root);
  const isNew = subject !== undefined && !isStanding(subject, standing.release);
  // What the targets' keys of now did not sign is never signed because it lies there: it is compiled again.
  const isSigned = !isNew && isVouched(standing, root);
  const contents =
    subject === undefined || isSigned ? undefined : await contentsFor(subject, isNew, request, ports);
  const composing: ComposeRequest = {
    root,
    standing,
    targets: contents?.targets,
    renew: request.refresh || standing.lacksRoot,
    now,
    lifetimes: request.lifetimes,
  };
  const signers = signersWanted(composing, request, store);
  if (signers.size === 0) return { ...unchanged(standing, root), waiting: waiting?.version ?? null };
  const composed = compose(composing, signers);
  const published = releaseIn(composed.targets.raw, root.registry);
  const files = await writeRelease(
    folder,
    {
      pair: published.pair,
      timestamp: composed.timestamp,
      files: [...(contents?.files ?? []), ...metadataFiles(roots, composed)],
    },
    standing.tag,
    ports,
  );
  return {
    outcome: isNew ? "released" : "refreshed",
    release: published,
    metadata: metadataOf({ root, ...composed }),
    signed: [...signers.keys()],
    files,
    removed: null,
    waiting: waiting?.version ?? null,
  };
}

/** Whether the targets that stand are signed by keys that count. */
function isVouched({ targets }: StandingRelease, root: RootMetadata): boolean {
  return targets !== undefined && isVouchedFor(root, "targets", targets);
}

async function contentsFor(
  subject: ReleaseSubject,
  isNew: boolean,
  request: ReleaseRequest,
  ports: Ports,
): Promise<Contents> {
  const { snapshot, custom } = subject;
  if (!isNew || !request.provenance) return contentsOf(snapshot, custom);
  const { provenanceOf } = await import("./release-provenance.ts");
  return contentsOf(snapshot, custom, [await provenanceOf(subject, request.version, ports)]);
}

/** Clients refuse everything under a root that has expired. */
function refuseExpired(root: RootMetadata, now: Instant): void {
  if (millisecondsOf(root.expires) > millisecondsOf(now)) return;
  throw new Failure(
    "release/root-expired",
    `Root ${root.version} has expired: it was good until ${root.expires}.`,
    {
      hint: "Let its owners sign the next one: assent key rotate.",
      category: "auth",
    },
  );
}

/** What is to be released; undefined where a refresh finds that nothing has changed. */
async function newContent(
  request: ReleaseRequest,
  {
    folder,
    standing,
    root,
    now,
  }: {
    readonly folder: ReleaseFolder;
    readonly standing: StandingRelease;
    readonly root: RootMetadata;
    readonly now: Instant;
  },
  ports: Ports,
): Promise<ReleaseSubject | Unfit | undefined> {
  if (!request.refresh) return subjectOf(request, ports);
  if (standing.release === undefined) {
    throw new Failure("release/nothing-to-refresh", `There is no release in ${folder.path}.`, {
      hint: "Make one first: assent release --out <dir>, or fetch the current one with assent pull.",
    });
  }
  const { commit, pair } = standing.release;
  // The same commit once more: nobody has to merge for what expired to go.
  if (!isVouched(standing, root)) return subjectOf({ ...request, at: commit, asOf: pair.asOf }, ports);
  const { nextChange } = await readStandingManifest(folder, standing.release);
  if (nextChange === null || millisecondsOf(nextChange) > millisecondsOf(now)) return undefined;
  return subjectOf({ ...request, at: commit }, ports);
}

/** Releases only move on, and one pair has one content: consumers would refuse anything else, so it is not made. */
function refuseOther(
  { snapshot, custom }: ReleaseSubject,
  before: Release | undefined,
  root: RootMetadata,
): void {
  if (custom.registry !== root.registry) {
    throw new Failure(
      "release/other-root",
      `This is the registry ${custom.registry}, and the root vouches for ${root.registry}.`,
      { hint: "A registry that changes its id begins with a new root, and its consumers with it." },
    );
  }
  if (before === undefined) return;
  const order = comparePairs(custom, before.pair);
  const standing = `landing ${before.pair.sequence} as of ${before.pair.asOf}`;
  if (order < 0) {
    throw new Failure(
      "release/behind",
      `The folder holds the release of ${standing}, which is newer than landing ${custom.sequence} as of ${custom.asOf}.`,
      {
        hint: "Consumers never go back. To undo something, land its undoing: assent rollback.",
        category: "conflict",
      },
    );
  }
  if (order === 0 && snapshot.digest !== `sha256:${before.manifest.sha256}`) {
    throw new Failure(
      "release/other-content",
      `The release of ${standing} has another content than is compiled now; consumers would take it for an attack.`,
      {
        hint: "Another version of this program compiles otherwise. Land anything, and release that.",
        category: "conflict",
      },
    );
  }
}

function isStanding({ custom }: ReleaseSubject, before: Release | undefined): boolean {
  return (
    before !== undefined && comparePairs(custom, before.pair) === 0 && custom.assurance === before.assurance
  );
}

/** The keys for what has to be signed, read only now: a no-op asks for none. */
function signersWanted(
  composing: ComposeRequest,
  request: KeySources,
  store: KeyStore,
): ReadonlyMap<SigningRole, readonly TufSigner[]> {
  const needs = needsOf(composing);
  // Opening a key costs what guessing its passphrase costs: once is enough.
  const opened = new Map<SigningRole, readonly TufSigner[]>();
  const signersFor = (role: SigningRole): readonly TufSigner[] => {
    const signers = opened.get(role) ?? signersOf(role, request, store);
    opened.set(role, signers);
    return signers;
  };
  const wanted = needs.wanted.length === 0 ? [] : (["targets", "snapshot", "timestamp"] as const);
  const atHand = new Set(wanted.filter((role) => signersFor(role).length > 0));
  const { root } = composing;
  return new Map(
    rolesToSign(needs, atHand).map((role) => {
      const { keys } = planOf(root).roles[role];
      const signers = signersFor(role).filter((signer) => keys.some(({ keyid }) => keyid === signer.keyid));
      if (signers.length === 0) throw noKey(role, root);
      return [role, signers];
    }),
  );
}

function metadataFiles(roots: readonly RootMetadata[], { files }: Composed): readonly ContentFile[] {
  const all = [
    ...roots.map(({ version, bytes }) => ({ path: metadataPath("root", version), bytes })),
    ...files,
  ];
  return all.map(({ path, bytes }) => ({ path, bytes, sha256: sha256Hex(bytes) }));
}

type InForce = Readonly<Record<Role, { readonly version: number; readonly expires: Instant }>>;

function metadataOf(all: InForce): InForce {
  const of = (role: Role): InForce[Role] => ({ version: all[role].version, expires: all[role].expires });
  return { root: of("root"), targets: of("targets"), snapshot: of("snapshot"), timestamp: of("timestamp") };
}

function unchanged(
  { timestamp, snapshot, targets, release: standing }: StandingRelease,
  root: RootMetadata,
): Omit<ReleaseResult, "waiting"> {
  if (timestamp === undefined || snapshot === undefined || targets === undefined || standing === undefined)
    throw new Error("nothing stands, so everything has to be signed");
  return {
    outcome: "unchanged",
    release: standing,
    metadata: metadataOf({ root, timestamp, snapshot, targets }),
    signed: [],
    files: { files: 0, written: 0, bytes: 0 },
    removed: null,
  };
}

/**
 * `assent artifacts verify`: opens what entries keep elsewhere and compares it with the digest and size that they are
 * pinned by. It believes nobody's word for a digest, and what could not be opened is never taken for verified.
 */
import { artifactsOf, type Artifact } from "../core/govern/artifacts.ts";
import { reachOf } from "../core/compile/reach.ts";
import { atOnce } from "../core/model/at-once.ts";
import { Failure } from "../core/model/failure.ts";
import { compareBytes } from "../core/model/json.ts";
import type { Entry, Registry } from "../core/model/registry.ts";
import { findEntry } from "./entry.ts";
import type { ArtifactSource, Ports } from "./ports.ts";
import { needGit, openRegistry, type Selection } from "./read.ts";

/** VERIFIED: the bytes are the ones. MISMATCH: others are there. UNREACHABLE: nobody knows. */
export type ArtifactStatus = "VERIFIED" | "MISMATCH" | "UNREACHABLE";

/** One artifact, and what was found. */
export interface VerifiedArtifact extends Artifact {
  readonly status: ArtifactStatus;
  /** What is there instead; null where it was not read to its end. */
  readonly found: { readonly digest: string | null; readonly size: number } | null;
  /** A sentence for what is not VERIFIED. */
  readonly reason: string | null;
}

export interface ArtifactsRequest extends Selection {
  /** As typed; none = every entry. With each comes what it reaches. */
  readonly entries: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute; besides the registry's repository. */
  readonly folders: readonly string[];
  readonly hosts: readonly string[];
  /** Milliseconds for one artifact. */
  readonly timeout: number;
  /** How many are read at once. */
  readonly jobs: number;
}

export interface ArtifactsResult {
  readonly ok: boolean;
  /** The commit whose entries were read; null for the work tree. */
  readonly commit: string | null;
  /** By entry, then in the order of its file. */
  readonly artifacts: readonly VerifiedArtifact[];
}

/** Verifies the artifacts of entries. */
export async function verifyArtifacts(request: ArtifactsRequest, ports: Ports): Promise<ArtifactsResult> {
  const open = await openRegistry(request, ports);
  if (request.at !== undefined) needGit(open.repository, "--at");
  const wanted = wantedIn(open.registry, request.entries).flatMap(artifactsOf);
  const { env, hosts, timeout } = request;
  const source = await ports.openArtifacts({ env, hosts, timeout, folders: [open.root, ...request.folders] });
  // Several entries may pin the same bytes at the same place: they are read once.
  const asked = new Map<string, Artifact>();
  for (const each of wanted) if (!asked.has(keyOf(each))) asked.set(keyOf(each), each);
  const found = new Map<string, Pick<VerifiedArtifact, "status" | "found" | "reason">>();
  let done = 0;
  let bytes = 0;
  const tell = (): void =>
    request.onProgress?.(`artifacts: ${done} of ${asked.size}, ${Math.floor(bytes / 2 ** 20)} MiB read`);
  await atOnce(request.jobs, [...asked], async ([key, artifact]) => {
    const told = (count: number): void => {
      bytes += count;
      tell();
    };
    found.set(key, await verify(artifact, source, told));
    done++;
    tell();
  });
  const artifacts = wanted.map((each): VerifiedArtifact => ({ ...each, ...resultFor(found, each) }));
  return { ok: artifacts.every(({ status }) => status === "VERIFIED"), commit: open.commit, artifacts };
}

function wantedIn(registry: Registry, words: readonly string[]): readonly Entry[] {
  const entries =
    words.length === 0
      ? registry.entries
      : words
          .map((word) => findEntry(registry, word))
          .flatMap((entry) => [entry, ...reachOf(entry, registry)]);
  return [...new Map(entries.map((entry) => [entry.ref, entry])).values()].sort((a, b) =>
    compareBytes(a.ref, b.ref),
  );
}

async function verify(
  { uri, digest, size }: Artifact,
  source: ArtifactSource,
  told: (bytes: number) => void,
): Promise<Pick<VerifiedArtifact, "status" | "found" | "reason">> {
  try {
    const found = await source.measure({ uri, expected: digest, most: size, told });
    const wrong = (reason: string) => ({ status: "MISMATCH", found, reason }) as const;
    if (size !== null && found.size !== size) {
      const how = found.digest === null ? "more than" : `${found.size} and not`;
      return wrong(`it has ${how} ${size} bytes`);
    }
    if (found.digest !== digest) return wrong("its bytes have another digest");
    return { status: "VERIFIED", found, reason: null };
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    return { status: "UNREACHABLE", found: null, reason: cause.message };
  }
}

function keyOf({ uri, digest, size }: Artifact): string {
  return JSON.stringify([uri, digest, size]);
}

function resultFor<T>(found: ReadonlyMap<string, T>, artifact: Artifact): T {
  const result = found.get(keyOf(artifact));
  if (result === undefined) throw new Error(`nobody verified ${artifact.uri}`);
  return result;
}

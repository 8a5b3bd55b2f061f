/**
 * Joins the ports of operations to their adapters, for the process and for tests alike. Besides main.ts this is the
 * only file that knows adapters. It must never touch `process`: what it needs of it is an argument.
 */
import { discoverRepository, isBareRepository } from "./adapters/git/discover.ts";
import { openRepository } from "./adapters/git/open.ts";
import { gitPerson } from "./adapters/git/person.ts";
import { writeOutput } from "./adapters/output-file.ts";
import { openSnapshotFolder } from "./adapters/snapshot-folder.ts";
import { openSandbox } from "./adapters/sandbox/open.ts";
import { readSourceFolder } from "./adapters/source-folder.ts";
import { openBare } from "./adapters/worktree/bare.ts";
import { findRegistryFolder, openWorkTree, readInput } from "./adapters/worktree/open.ts";
import { measureInput } from "./adapters/worktree/measure.ts";
import type { DestinationOptions, Ports, ReleaseDestination } from "./app/ports.ts";
import { Failure } from "./core/model/failure.ts";
import { instantOfSeconds } from "./core/model/instant.ts";

/** What the neighbours need of the machine. */
export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Seconds since the epoch. */
  seconds(): number;
  /** Milliseconds that a second of waiting for a forge takes; 1,000 unless a test hurries. */
  readonly pace?: number;
}

/** The neighbours of operations. A registry stands at the top of its repository; one in a subfolder has no history. */
export function joinPorts({ env, seconds, pace = 1000 }: Machine): Ports {
  return {
    now: () => instantOfSeconds(seconds()),
    findRoot(folder) {
      const found = findRegistryFolder(folder);
      if (found !== undefined) return found;
      const place = discoverRepository(folder);
      return place === undefined ? undefined : (place.root ?? place.gitDir);
    },
    openWorkTree: (root) => (isBareRepository(root) ? openBare(root) : openWorkTree(root)),
    async openRepository(folder) {
      const place = discoverRepository(folder);
      if (place === undefined || (place.root !== null && place.root !== openWorkTree(folder).root))
        return undefined;
      return openRepository(folder, { env, now: seconds });
    },
    openReceiving: async (folder) => (await import("./adapters/git/receiving.ts")).openReceiving(folder, env),
    openProof: async (folder) => (await import("./adapters/git/proof/open.ts")).openProof(folder, env),
    openCloneNotes: async (folder) =>
      (await import("./adapters/git/clone-notes.ts")).openCloneNotes(folder, env),
    openExchange: async (folder) => (await import("./adapters/git/exchange.ts")).openExchange(folder, env),
    signer: {
      sign: async (request) => (await import("./adapters/keys/ssh-keygen.ts")).signWithSsh(request, env),
    },
    sandbox: openSandbox(),
    openKeyStore: async () => (await import("./adapters/keys/release-keys.ts")).openKeyStore(env),
    readWitnessKey: async (request) =>
      (await import("./adapters/keys/witness.ts")).readWitnessKey(request, env),
    // The libraries that sign are heavy; without a token there is nobody to sign as.
    openIdentitySigner: async () =>
      env["SIGSTORE_ID_TOKEN"] === undefined && env["ACTIONS_ID_TOKEN_REQUEST_URL"] === undefined
        ? undefined
        : (await import("./adapters/keys/sigstore.ts")).openIdentitySigner(env),
    async openForge({ env: asked, version }) {
      const { openForge } = await import("./adapters/github/open.ts");
      return openForge({ env: asked, version, now: seconds, pace });
    },
    async openDirectory({ env: asked, version }) {
      const { openDirectory } = await import("./adapters/github/teams.ts");
      return openDirectory({ env: asked, version, pace });
    },
    serveWebhooks: async (options) => (await import("./adapters/github/webhooks.ts")).serveWebhooks(options),
    openArtifacts: async (options) =>
      (await import("./adapters/artifacts/open.ts")).openArtifacts(options, seconds),
    gitPerson: (folder) => gitPerson(folder, env),
    // The library for patterns is only loaded for the rare pattern that no shell has expanded.
    expandPattern: async (root, pattern) => (await import("./adapters/glob.ts")).expandPattern(root, pattern),
    readInput,
    writeOutput,
    measureInput,
    openSnapshotFolder,
    openDestination: (address, options) => openDestination(address, options, pace),
    readSourceFolder,
  };
}

/** The adapter for the kind of host that an address means; each brings the library of its host only when it is used. */
async function openDestination(
  address: string,
  { folder, env, allowHttp, version = "0" }: DestinationOptions,
  pace: number,
): Promise<ReleaseDestination> {
  const [{ folderIn, hostKindOf }, { ociCredentials, s3Credentials, s3Region }] = await Promise.all([
    import("./client/source/open.ts"),
    import("./client/source/credentials.ts"),
  ]);
  switch (hostKindOf(address)) {
    case "directory": {
      const { openDirectoryDestination } = await import("./adapters/directory-release.ts");
      return openDirectoryDestination(folder, folderIn(address), address);
    }
    case "oci":
      return (await import("./adapters/oci-release.ts")).openOciDestination(address, {
        credentials: ociCredentials(env),
        allowHttp,
      });
    case "s3":
      return (await import("./adapters/s3-release.ts")).openS3Destination(address, {
        credentials: s3Credentials(env),
        region: s3Region(env),
        allowHttp,
      });
    case "github-release":
      return (await import("./adapters/github/release.ts")).openGithubDestination(address, {
        env,
        pace,
        version,
      });
    case "https":
      throw new Failure("push/address", `${address} is a place to read from.`, {
        hint: "Push to the folder that the host serves, or to its store: dir:, oci://, s3://, github-release:.",
      });
  }
}

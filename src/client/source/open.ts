/**
 * An address as people write it -> a reader for that kind of host, loaded when it is needed. The one list of the kinds of
 * hosts that a release may be read from.
 */
import { ociCredentials, s3Credentials, s3Region, variable, type Environment } from "./credentials.ts";
import { badAddress } from "./failures.ts";
import type { Limits } from "./http.ts";
import type { ReleaseReader } from "./reader.ts";

export interface SourceOptions {
  /** What a relative path starts at; absolute. */
  readonly folder: string;
  /** Where secrets come from, and GITHUB_API_URL. */
  readonly env: Environment;
  /** Seconds since the epoch. */
  readonly seconds: () => number;
  /** Whether http is good enough for hosts other than this machine. */
  readonly allowHttp?: boolean | undefined;
  readonly limits?: Limits | undefined;
}

export type HostKind = "directory" | "https" | "oci" | "s3" | "github-release";

/**
 * What kind of host an address means: `dir:<path>` and paths, `https://…`, `oci://host/repository`, `s3://bucket/prefix`,
 * `github-release:owner/repo`. A Failure for a scheme that nobody knows: it must not be taken for a folder's name.
 */
export function hostKindOf(address: string): HostKind {
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(address)?.[1]?.toLowerCase();
  if (scheme === undefined || scheme === "dir") return "directory";
  if (scheme === "https" || scheme === "http") return "https";
  if (scheme === "oci" || scheme === "s3" || scheme === "github-release") return scheme;
  const hint =
    "Write a folder, https://…, oci://host/repository, s3://bucket/prefix or github-release:owner/repo.";
  throw badAddress(address, "nothing is known of its scheme", hint);
}

/** The folder that an address of kind `directory` names. */
export function folderIn(address: string): string {
  return address.startsWith("dir:") ? address.slice("dir:".length) : address;
}

/** Opens a source; nothing is asked yet. An address that is none is a Failure. */
export async function openSource(address: string, options: SourceOptions): Promise<ReleaseReader> {
  const { env, allowHttp, limits, seconds } = options;
  switch (hostKindOf(address)) {
    case "directory":
      return (await import("./directory.ts")).openDirectory(options.folder, folderIn(address));
    case "https":
      return (await import("./https.ts")).openHttps(address, { allowHttp, limits });
    case "oci":
      return (await import("./oci.ts")).openOci(address, {
        credentials: ociCredentials(env),
        allowHttp,
        limits,
      });
    case "s3":
      return (await import("./s3.ts")).openS3(address, {
        credentials: s3Credentials(env),
        region: s3Region(env),
        seconds,
        allowHttp,
        limits,
      });
    case "github-release":
      return (await import("./github-release.ts")).openGithubRelease(address, {
        api: variable(env, "GITHUB_API_URL"),
        token: variable(env, "GITHUB_TOKEN"),
        limits,
      });
  }
}

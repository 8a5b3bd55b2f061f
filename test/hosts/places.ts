/** One fresh, empty place on each kind of host, and the program with what it needs to write there. */
import { inject, onTestFinished } from "vitest";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { run, type Ran } from "../cli.ts";
import { serveForge, type StandIn } from "../github/server.ts";
import { newRepository } from "../repository-on-disk.ts";
import { newFolder } from "./release.ts";

export interface Place {
  readonly address: string;
  readonly env: Readonly<Record<string, string>>;
  /** GitHub's stand-in, where the place is on it. */
  readonly hub?: StandIn;
}

export type Kind = "directory" | "oci" | "oci with a password" | "s3" | "github-release";
export const kinds: readonly Kind[] = ["directory", "oci", "oci with a password", "s3", "github-release"];

export const s3Env = { AWS_ACCESS_KEY_ID: "ci:user", AWS_SECRET_ACCESS_KEY: "secret" };
export const ociEnv = { ASSENT_OCI_USERNAME: "ci", ASSENT_OCI_PASSWORD: "let-me-in" };

const servers = inject("servers");
let count = 0;
const fresh = (): string => `p${process.pid}x${count++}`;

/** Why a kind of host cannot be tried here; undefined where it can. */
export function missingFor(kind: Kind): string | undefined {
  const needs = kind.startsWith("oci") ? servers.registry : kind === "s3" ? servers.s3 : "";
  return needs === null ? `not installed: ${servers.missing.join(" ")}` : undefined;
}

/** A place where nothing is yet. */
export async function newPlace(kind: Kind): Promise<Place> {
  if (kind === "directory") return { address: `dir:${newFolder()}/public`, env: {} };
  if (kind === "oci") return { address: `oci://${servers.registry}/tests/${fresh()}`, env: {} };
  if (kind === "oci with a password")
    return { address: `oci://${servers.guarded}/tests/${fresh()}`, env: ociEnv };
  if (kind === "s3") {
    const bucket = fresh();
    await newBucket(bucket);
    return { address: `s3://${bucket}/some/prefix?endpoint=${servers.s3}`, env: s3Env };
  }
  const folder = newRepository("--bare");
  const hub = await serveForge(folder);
  onTestFinished(() => {
    if (hub.violations.length > 0) throw new Error(hub.violations.join("\n"));
  });
  const { GITHUB_API_URL, GITHUB_TOKEN } = hub.env;
  const env = { GITHUB_API_URL: GITHUB_API_URL ?? "", GITHUB_TOKEN: GITHUB_TOKEN ?? "" };
  return { address: "github-release:octo/registry", env, hub };
}

export async function newBucket(bucket: string): Promise<S3Client> {
  const client = new S3Client({
    region: "us-east-1",
    endpoint: servers.s3 ?? "",
    forcePathStyle: true,
    credentials: { accessKeyId: s3Env.AWS_ACCESS_KEY_ID, secretAccessKey: s3Env.AWS_SECRET_ACCESS_KEY },
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  return client;
}

/** The machine's own time: stores refuse signatures of another. */
const host = (): { readonly now: number; readonly git: Readonly<Record<string, string>> } => ({
  now: Math.floor(Date.now() / 1000),
  git: {},
});

/** Runs the program as it is now. */
export function assent(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  return run(words, { cwd: "/", env, host: host() });
}

/** Runs the program and reads its JSON. */
export async function assentJson(
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Readonly<Record<string, unknown>>> {
  const { stdout } = await assent([...words, "--format", "json"], env);
  return JSON.parse(stdout) as Readonly<Record<string, unknown>>;
}

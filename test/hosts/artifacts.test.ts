/** `artifacts verify` from a real OCI registry and a real S3 store, with and without the right to read there. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { expect, inject, it } from "vitest";
import { sha256Hex } from "../../src/core/model/digest.ts";
import { run } from "../cli.ts";
import { newRepository } from "../repository-on-disk.ts";
import { missingFor, newBucket, ociEnv, s3Env } from "./places.ts";

const servers = inject("servers");
const bytes = Buffer.alloc(3_000_000, "weights of a model, ");
const digest = `sha256:${sha256Hex(bytes)}`;
const other = `sha256:${"0".repeat(64)}`;

interface Row {
  readonly uri: string;
  readonly digest?: string;
  readonly size?: number;
}

async function verify(
  rows: Readonly<Record<string, Row>>,
  words: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> {
  const folder = newRepository();
  const put = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  put("registry/registry.yaml", "title: Test\nid: test\n");
  for (const [name, { uri, digest: pinned = digest, size }] of Object.entries(rows)) {
    const more = size === undefined ? "" : `, size: ${size}`;
    put(
      `registry/models/own/${name}/1.0.0.yaml`,
      `title: M\nstate: beta\nspec:\n  provider: provider:own\n  type: classification\n` +
        `  artifact: { uri: "${uri}", digest: "${pinned}"${more} }\n`,
    );
  }
  const argv = ["artifacts", "verify", ...words, "--format", "json"];
  const host = { now: Math.floor(Date.now() / 1000), git: {} };
  const { stdout } = await run(argv, { cwd: folder, env, host });
  const { artifacts } = JSON.parse(stdout) as {
    readonly artifacts: readonly { readonly subject: string; readonly status: string }[];
  };
  return Object.fromEntries(
    artifacts.map(({ subject, status }) => [/own\/([^@]+)@/.exec(subject)?.[1] ?? "", status]),
  );
}

/** Pushes one blob and a manifest that names it, as `oras push` does; hands back the manifest's digest. */
async function pushImage(host: string, repository: string, tag: string, headers: Record<string, string>) {
  const base = `http://${host}/v2/${repository}`;
  const blob = async (content: Uint8Array): Promise<object> => {
    const begun = await fetch(`${base}/blobs/uploads/`, { method: "POST", headers });
    const at = new URL(begun.headers.get("location") ?? "", base);
    const named = `sha256:${sha256Hex(content)}`;
    at.searchParams.set("digest", named);
    const put = await fetch(at, {
      method: "PUT",
      body: Buffer.from(content),
      headers: { ...headers, "content-type": "application/octet-stream" },
    });
    expect(put.status).toBe(201);
    return { mediaType: "application/octet-stream", digest: named, size: content.length };
  };
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  const config = await blob(Buffer.from("{}"));
  const layer = await blob(bytes);
  const manifest = JSON.stringify({ schemaVersion: 2, mediaType, config, layers: [layer] });
  const put = await fetch(`${base}/manifests/${tag}`, {
    method: "PUT",
    body: manifest,
    headers: { ...headers, "content-type": mediaType },
  });
  expect(put.status).toBe(201);
  return { manifest: `sha256:${sha256Hex(Buffer.from(manifest))}`, size: manifest.length };
}

const noRegistry = missingFor("oci");
it.skipIf(noRegistry !== undefined)(
  `opens blobs and manifests of a registry ${noRegistry ?? ""}`,
  async () => {
    const host = servers.registry ?? "";
    const repository = `tests/artifacts-${process.pid}`;
    const { manifest, size } = await pushImage(host, repository, "v1", {});
    const at = `oci://${host}/${repository}`;
    const told = await verify(
      {
        tag: { uri: `${at}:v1`, size: bytes.length },
        bare: { uri: at },
        pinned: { uri: `${at}@${manifest}` },
        itself: { uri: `${at}@${manifest}`, digest: manifest, size },
        moved: { uri: `${at}:v1`, digest: other },
        shorter: { uri: `${at}:v1`, size: bytes.length + 1 },
        gone: { uri: `${at}:v2` },
        absent: { uri: at, digest: other },
      },
      ["--allow-host", host],
      {},
    );
    expect(told).toEqual({
      tag: "VERIFIED",
      bare: "VERIFIED",
      pinned: "VERIFIED",
      itself: "VERIFIED",
      moved: "MISMATCH",
      shorter: "MISMATCH",
      gone: "UNREACHABLE",
      absent: "UNREACHABLE",
    });
  },
);

it.skipIf(noRegistry !== undefined)(`signs in where a registry asks ${noRegistry ?? ""}`, async () => {
  const host = servers.guarded ?? "";
  const repository = `tests/artifacts-${process.pid}`;
  const authorization = `Basic ${Buffer.from("ci:let-me-in").toString("base64")}`;
  await pushImage(host, repository, "v1", { authorization });
  const rows = { tag: { uri: `oci://${host}/${repository}:v1` } };
  const words = ["--allow-host", host];
  expect(await verify(rows, words, { ...ociEnv, ASSENT_OCI_HOST: host })).toEqual({ tag: "VERIFIED" });
  expect(await verify(rows, words, ociEnv)).toEqual({ tag: "UNREACHABLE" });
  const wrong = { ...ociEnv, ASSENT_OCI_PASSWORD: "guessed", ASSENT_OCI_HOST: host };
  expect(await verify(rows, words, wrong)).toEqual({ tag: "UNREACHABLE" });
});

const noStore = missingFor("s3");
it.skipIf(noStore !== undefined)(`opens objects of a store ${noStore ?? ""}`, async () => {
  const bucket = `artifacts-${process.pid}`;
  const client = await newBucket(bucket);
  const keys = ["fraud/score-1.0.0.onnx", "fraud/odd (1)+é!'*.onnx"];
  for (const Key of keys) await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: bytes }));
  const rows = {
    plain: { uri: `s3://${bucket}/${keys[0]}`, size: bytes.length },
    odd: { uri: `s3://${bucket}/fraud/odd%20(1)` },
    other: { uri: `s3://${bucket}/${keys[0]}`, digest: other },
    gone: { uri: `s3://${bucket}/fraud/gone.onnx` },
    dotted: { uri: `s3://${bucket}/../other/key` },
  };
  const env = { ...s3Env, AWS_ENDPOINT_URL: servers.s3 ?? "" };
  expect(await verify(rows, [], env)).toEqual({
    plain: "VERIFIED",
    odd: "UNREACHABLE",
    other: "MISMATCH",
    gone: "UNREACHABLE",
    dotted: "UNREACHABLE",
  });
  const { plain } = rows;
  expect(await verify({ plain }, [], { ...env, AWS_SECRET_ACCESS_KEY: "guessed" })).toEqual({
    plain: "UNREACHABLE",
  });
  const signs = { odd: { uri: `s3://${bucket}/fraud/odd+é!'*@$,=.onnx` } };
  await client.send(new PutObjectCommand({ Bucket: bucket, Key: "fraud/odd+é!'*@$,=.onnx", Body: bytes }));
  expect(await verify(signs, [], env)).toEqual({ odd: "VERIFIED" });
});

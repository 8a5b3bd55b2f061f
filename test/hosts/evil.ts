/** Hosts that lie: small servers on loopback that answer as a test says, and remember what they were asked. */
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { sha256 } from "../tuf-repository.ts";

export interface Evil {
  readonly origin: string;
  readonly host: string;
  /** `GET /path`, in order. */
  readonly asked: string[];
  /** The Authorization headers that arrived. */
  readonly secrets: string[];
}

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** Serves until the test ends. */
export async function evil(answer: Answer): Promise<Evil> {
  const asked: string[] = [];
  const secrets: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (request.headers.authorization !== undefined) secrets.push(request.headers.authorization);
    answer(request, response);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => void (server.closeAllConnections(), server.close()));
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, host: `127.0.0.1:${port}`, asked, secrets };
}

/** Sends a request on to another host as it came, and the answer back. `body` sees every piece on its way. */
export function forward(
  to: string,
  request: IncomingMessage,
  response: ServerResponse,
  body: (piece: Buffer) => void = () => {},
): void {
  const { hostname, port } = new URL(to);
  const { method, url, headers } = request;
  const onward = ask({ hostname, port, method, path: url, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on("error", () => response.destroy());
  request.on("data", body);
  request.pipe(onward);
}

/** Files as a static host has them. */
export function serving(files: ReadonlyMap<string, Uint8Array>): Answer {
  return (request, response) => {
    const bytes = files.get(decodeURIComponent((request.url ?? "/").slice(1)));
    response.writeHead(bytes === undefined ? 404 : 200).end(bytes);
  };
}

export interface Layer {
  readonly title: string;
  readonly bytes: Uint8Array;
  /** What the manifest says instead. */
  readonly claims?: { readonly digest?: string; readonly size?: number };
}

/** A registry that holds one manifest, made by hand, and hands out its blobs. */
export function registryOf(layers: readonly Layer[], more: object = {}): Answer {
  const manifest = {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    artifactType: "application/vnd.assent.release.v1+json",
    layers: layers.map(({ title, bytes, claims }) => ({
      mediaType: "application/json",
      digest: claims?.digest ?? `sha256:${sha256(bytes)}`,
      size: claims?.size ?? bytes.length,
      annotations: { "org.opencontainers.image.title": title },
    })),
    ...more,
  };
  const blobs = new Map(
    layers.map(({ bytes, claims }) => [claims?.digest ?? `sha256:${sha256(bytes)}`, bytes]),
  );
  return (request, response) => {
    const url = request.url ?? "";
    if (url.includes("/manifests/")) return void response.end(JSON.stringify(manifest));
    const bytes = blobs.get(url.slice(url.lastIndexOf("/") + 1));
    response.writeHead(bytes === undefined ? 404 : 200).end(bytes);
  };
}

/**
 * The door for webhooks: a small server that takes only what GitHub signed. What the attacker controls: everything that
 * arrives. So the body is bounded before it is read, the signature is compared in constant time before anything is
 * parsed, and an answer never says why a signature is wrong. It must never work on a delivery itself.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Delivery, WebhookOptions } from "../../app/ports.ts";
import { Failure } from "../../core/model/failure.ts";

/** GitHub sends no more than 25 MB. */
const longestBody = 25 * 1024 * 1024;

/** Listens on a port (0: any); all interfaces, because a proxy with TLS stands before it. */
export async function serveWebhooks(
  options: WebhookOptions,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer(
    { requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 5_000 },
    (request, response) => {
      void answer(request, response, options);
    },
  );
  server.maxConnections = 200;
  await listen(server, options.port);
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : options.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      reject(
        new Failure(
          "webhooks/port",
          `Port ${port} cannot be listened on: ${cause.code ?? "unknown reason"}.`,
          { hint: "Choose another one with --port." },
        ),
      );
    });
    server.listen(port, resolve);
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: WebhookOptions,
): Promise<void> {
  const say = (status: number, text: string): void => {
    response.writeHead(status, {
      "content-type": "text/plain; charset=utf-8",
      "x-content-type-options": "nosniff",
      connection: "close",
    });
    response.end(`${text}\n`);
  };
  const path = (request.url ?? "").replace(/\?.*$/, "");
  if (request.method === "GET" && path === "/healthz") return say(200, "ok");
  if (request.method !== "POST" || (path !== "/" && path !== "/webhook")) return say(404, "nothing here");
  const body = await bodyOf(request);
  if (body === undefined) {
    options.refused("a body that is too long");
    return say(413, "too long");
  }
  if (!isSigned(body, headerOf(request, "x-hub-signature-256"), options.secret)) {
    options.refused("a wrong signature");
    return say(401, "not signed");
  }
  const delivery = deliveryOf(request, body);
  if (delivery === undefined) {
    options.refused("a delivery that is no JSON or has no id");
    return say(400, "not understood");
  }
  // GitHub waits ten seconds; a decision may take longer.
  say(202, "accepted");
  options.handle(delivery);
}

async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  if (Number(request.headers["content-length"] ?? 0) > longestBody) return undefined;
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > longestBody) return undefined;
      chunks.push(chunk);
    }
  } catch {
    // Broken off; what arrived is signed by nobody.
    return Buffer.alloc(0);
  }
  return Buffer.concat(chunks);
}

/** Whether GitHub signed these bytes with our secret. Compares digests of equal length, in constant time. */
export function isSigned(body: Uint8Array, signature: string, secret: string): boolean {
  const expected = createHmac("sha256", secret).update(body).digest();
  const given = /^sha256=([0-9a-f]{64})$/.exec(signature)?.[1];
  return given !== undefined && secret !== "" && timingSafeEqual(expected, Buffer.from(given, "hex"));
}

function deliveryOf(request: IncomingMessage, body: Buffer): Delivery | undefined {
  const id = headerOf(request, "x-github-delivery");
  const event = headerOf(request, "x-github-event");
  if (!/^[\w-]{1,100}$/.test(id) || !/^[a-z_]{1,60}$/.test(event)) return undefined;
  try {
    const payload: unknown = JSON.parse(body.toString("utf8"));
    return { id, event, payload };
  } catch {
    return undefined;
  }
}

function headerOf(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return typeof value === "string" ? value : "";
}

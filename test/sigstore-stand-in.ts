/**
 * A sigstore of our own on loopback: the certificate authority, the certificate log, the transparency log and a platform's
 * token service, by sigstore's own mock. Requests go over HTTP as they would to the public one.
 */
import { createHash, generateKeyPairSync } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import {
  fulcioHandler,
  initializeCA,
  initializeCTLog,
  initializeTLog,
  initializeTSA,
  rekorHandler,
  tsaHandler,
} from "@sigstore/mock";

export interface SigstoreStandIn {
  /** trusted_root.json. */
  readonly trustedRoot: string;
  /** The environment of whoever signs by these claims, with the token itself. */
  withToken(claims: Claims): Readonly<Record<string, string>>;
  /** The same, with a timestamp authority to ask. */
  withTimestamps(claims: Claims): Readonly<Record<string, string>>;
  /** The environment of a workflow's job that may ask for a token with these claims. */
  inWorkflow(claims: Claims): Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export interface Claims {
  readonly iss: string;
  /** What the certificate will name. */
  readonly sub: string;
}

/** Starts one; `logsAt` is the clock of its transparency log. */
export async function startSigstore(logsAt?: Date): Promise<SigstoreStandIn> {
  const pair = () => generateKeyPairSync("ec", { namedCurve: "P-256" });
  const ctLog = await initializeCTLog(pair());
  const ca = await initializeCA(pair(), ctLog);
  const handleCertificate = fulcioHandler(ca).fn;
  const tsa = await initializeTSA(pair());
  // In whole seconds, as public authorities stamp: the library reads fractions of three digits alone, and DER leaves
  // out the zeros at their end.
  Object.assign(tsa, { getCurrentTime: () => new Date(Math.floor(Date.now() / 1000) * 1000) });
  const handleTimestamp = tsaHandler(tsa).fn;
  const tokens = new Map<string, string>();
  const server = createServer((request, response) => {
    void answer(request).then(({ status, body, type }) => {
      response.writeHead(status, { "content-type": type });
      response.end(typeof body === "string" ? body : Buffer.from(body.buffer));
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const tlog = await initializeTLog(url, pair(), logsAt);
  const handleEntry = rekorHandler(tlog).fn;

  async function answer(request: IncomingMessage) {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const address = new URL(request.url ?? "/", url);
    if (address.pathname === "/token") {
      const token = tokens.get(request.headers.authorization ?? "");
      const isGiven = token !== undefined && address.searchParams.get("audience") === "sigstore";
      return {
        status: isGiven ? 200 : 401,
        body: JSON.stringify({ value: token }),
        type: "application/json",
      };
    }
    const handled = {
      "/api/v2/signingCert": () => handleCertificate(body),
      "/api/v1/timestamp": () => handleTimestamp(body),
    }[address.pathname];
    const { statusCode, response, contentType } = await (handled?.() ?? handleEntry(entryOf(body)));
    return { status: statusCode, body: response, type: contentType ?? "text/plain" };
  }

  const withToken = (claims: Claims) => ({
    SIGSTORE_FULCIO_URL: url,
    SIGSTORE_REKOR_URL: url,
    SIGSTORE_ID_TOKEN: tokenOf(claims),
  });
  const keyOf = (der: Buffer) => ({
    rawBytes: der.toString("base64"),
    keyDetails: "PKIX_ECDSA_P256_SHA_256",
    validFor: { start: "2020-01-01T00:00:00Z" },
  });
  const certificate = Buffer.from(ca.rootCertificate.buffer).toString("base64");
  return {
    trustedRoot: JSON.stringify({
      mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
      tlogs: [
        {
          baseUrl: url,
          hashAlgorithm: "SHA2_256",
          publicKey: keyOf(tlog.publicKey),
          logId: { keyId: createHash("sha256").update(tlog.publicKey).digest("base64") },
        },
      ],
      certificateAuthorities: [
        {
          subject: { organization: "stand-in", commonName: "stand-in" },
          uri: url,
          certChain: { certificates: [{ rawBytes: certificate }] },
          validFor: { start: "2020-01-01T00:00:00Z" },
        },
      ],
      timestampAuthorities: [
        {
          subject: { organization: "stand-in", commonName: "stand-in" },
          uri: url,
          certChain: {
            certificates: [tsa.intCertificate, tsa.rootCertificate].map(({ buffer }) => ({
              rawBytes: Buffer.from(buffer).toString("base64"),
            })),
          },
          validFor: { start: "2020-01-01T00:00:00Z" },
        },
      ],
      ctlogs: [
        {
          baseUrl: url,
          hashAlgorithm: "SHA2_256",
          publicKey: keyOf(ctLog.publicKey),
          logId: { keyId: Buffer.from(ctLog.logID.buffer).toString("base64") },
        },
      ],
    }),
    withToken,
    withTimestamps: (claims) => ({ ...withToken(claims), SIGSTORE_TSA_URL: url }),
    inWorkflow(claims) {
      const secret = `secret-${tokens.size}`;
      tokens.set(`bearer ${secret}`, tokenOf(claims));
      return {
        SIGSTORE_FULCIO_URL: url,
        SIGSTORE_REKOR_URL: url,
        ACTIONS_ID_TOKEN_REQUEST_URL: `${url}/token?api-version=2`,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: secret,
      };
    },
    stop: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/** A platform's token; the stand-in believes it, as the real authority believes the platform's signature. */
function tokenOf(claims: Claims): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none" })}.${part({ aud: "sigstore", ...claims })}.${part({})}`;
}

/** What Rekor makes of a proposed dsse entry before it logs it: digests in place of contents (types/dsse/v0.0.1). */
function entryOf(body: string): string {
  const { proposedContent } = (
    JSON.parse(body) as {
      readonly spec: {
        readonly proposedContent: { readonly envelope: string; readonly verifiers: string[] };
      };
    }
  ).spec;
  const { payload, signatures } = JSON.parse(proposedContent.envelope) as {
    readonly payload: string;
    readonly signatures: readonly { readonly sig: string }[];
  };
  const hashOf = (bytes: string | Buffer) => ({
    algorithm: "sha256",
    value: createHash("sha256").update(bytes).digest("hex"),
  });
  return JSON.stringify({
    apiVersion: "0.0.1",
    kind: "dsse",
    spec: {
      envelopeHash: hashOf(proposedContent.envelope),
      payloadHash: hashOf(Buffer.from(payload, "base64")),
      signatures: signatures.map(({ sig }, index) => ({
        signature: sig,
        verifier: proposedContent.verifiers[index],
      })),
    },
  });
}

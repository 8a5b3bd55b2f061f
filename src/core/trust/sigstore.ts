/**
 * Whose certificate signed an envelope, by sigstore's bundle beside it and a trusted root that somebody pinned: the
 * certificate chain, its place in the certificate log, the entry of the transparency log, the time at which the short-lived
 * certificate was used, and the signature. All offline. What the attacker controls: every byte of the bundle, and any
 * identity that an issuer gives to anybody. It must never compare identities: patterns match more than was meant, so the
 * identity is handed back and whoever trusts one compares it letter by letter.
 */
import { X509Certificate, type KeyObject } from "node:crypto";
import { BUNDLE_V03_MEDIA_TYPE, bundleFromJSON, bundleToJSON, type Bundle } from "@sigstore/bundle";
import { PolicyError, toSignedEntity, toTrustMaterial, VerificationError, Verifier } from "@sigstore/verify";
import { canonicalJson } from "../model/canonical.ts";
import { isObject, type Json, type JsonObject } from "../model/json.ts";
import { base64Of, Malformed, strictBase64 } from "./ssh-wire.ts";
import type { DsseEnvelope } from "./dsse.ts";
import type { BadSignature } from "./sshsig.ts";

/** The identity in a certificate (its one subject alternative name) and who vouched for it. */
export interface CertifiedIdentity {
  readonly issuer: string;
  readonly identity: string;
}

/** Says who signed an envelope, or why nobody can be said to have. */
export type Certifier = (envelope: DsseEnvelope) => CertifiedIdentity | BadSignature;

/** Reads a trusted root (sigstore's trusted_root.json); what is wrong with it is a value. */
export function certifierOf(trustedRoot: string): Certifier | BadSignature {
  try {
    const root = rootIn(trustedRoot);
    const thresholds = { tlogThreshold: 1, ctlogThreshold: 1, timestampThreshold: 1 };
    const verifier = new Verifier(toTrustMaterial(root), thresholds);
    const issuers = root.certificateAuthorities.flatMap(({ certChain }) =>
      (certChain?.certificates ?? []).map(({ rawBytes }) => new X509Certificate(rawBytes).publicKey),
    );
    return (envelope) => signerOf(envelope, verifier, issuers);
  } catch (error) {
    if (error instanceof Malformed) return { problem: error.message };
    // A certificate or key in it that cannot be read.
    if (error instanceof Error) return { problem: "the trusted root holds what is no certificate or key" };
    throw error;
  }
}

function signerOf(
  envelope: DsseEnvelope,
  verifier: Verifier,
  issuers: readonly KeyObject[],
): CertifiedIdentity | BadSignature {
  const { material, payload, payloadType, signatures } = envelope;
  if (material === undefined) return { problem: "nothing stands beside its signature" };
  try {
    const spelled = {
      mediaType: BUNDLE_V03_MEDIA_TYPE,
      verificationMaterial: material,
      dsseEnvelope: {
        payload: base64Of(payload),
        payloadType,
        signatures: signatures.map(({ keyid, sig }) => ({ keyid, sig: base64Of(sig) })),
      },
    };
    const bundle = bundleFromJSON(spelled);
    // Keys that the reader passes over, and other spellings, are bytes that nobody signed.
    const again = jsonIn(JSON.stringify(bundleToJSON(bundle)))?.["verificationMaterial"];
    if (again === undefined || canonicalJson(again) !== canonicalJson(material))
      return { problem: "its bundle is not spelled as bundles are" };
    if (bundle.verificationMaterial.content.$case === "publicKey")
      return { problem: "it holds no certificate" };
    const { identity } = verifier.verify(toSignedEntity(bundle));
    if (!isExact(bundle, issuers)) return { problem: "its bundle holds what nobody signed" };
    const name = identity?.subjectAlternativeName;
    const issuer = identity?.extensions?.issuer;
    if (name === undefined || name === "" || issuer === undefined || issuer === "")
      return { problem: "it names nobody" };
    return { issuer, identity: name };
  } catch (error) {
    // The library throws these for what does not verify, and plain errors for bytes that it cannot take apart.
    if (error instanceof VerificationError || error instanceof PolicyError)
      return { problem: `it does not verify: ${error.code}` };
    if (error instanceof Error) return { problem: "its bundle cannot be read" };
    throw error;
  }
}

/**
 * Whether nothing stands in a bundle that no signature covers: a certificate as OpenSSL reads and verifies it, whose two
 * names of its algorithm agree (RFC 5280, 4.1.1.2), and a log's checkpoint that says the same as the proof beside it and
 * bears one signature (c2sp.org/tlog-checkpoint). The verifier passes over all of these.
 */
function isExact({ verificationMaterial }: Bundle, issuers: readonly KeyObject[]): boolean {
  const { content, tlogEntries } = verificationMaterial;
  if (content.$case !== "certificate") return false;
  const { rawBytes } = content.certificate;
  const certificate = new X509Certificate(rawBytes);
  if (!certificate.raw.equals(rawBytes) || !issuers.some((key) => certificate.verify(key))) return false;
  return tlogEntries.every(({ inclusionProof }) => {
    if (inclusionProof === undefined) return true;
    const [, size, root, signature] =
      /^[^\n]+\n(\d+)\n([^\n]+)\n(?:[^\n]+\n)*\n\u2014 [^\s]+ ([^\s]+)\n$/.exec(
        inclusionProof.checkpoint?.envelope ?? "",
      ) ?? [];
    return (
      size === inclusionProof.treeSize &&
      root === base64Of(inclusionProof.rootHash) &&
      strictBase64(signature ?? "") !== undefined
    );
  });
}

type TrustedRoot = Parameters<typeof toTrustMaterial>[0];
type Authority = TrustedRoot["certificateAuthorities"][number];
type Log = TrustedRoot["tlogs"][number];

/** Larger than any trusted root. */
const LIMIT = 1_000_000;

/** The keys of logs, as sigstore numbers them (PublicKeyDetails); no log in use signs with RSA. */
const keyDetails: Readonly<Record<string, NonNullable<Log["publicKey"]>["keyDetails"]>> = {
  PKIX_ECDSA_P256_SHA_256: 5,
  PKIX_ED25519: 7,
  PKIX_ECDSA_P384_SHA_384: 12,
};

function rootIn(text: string): TrustedRoot {
  const root = text.length > LIMIT ? undefined : jsonIn(text);
  const mediaType = root?.["mediaType"];
  if (root === undefined || typeof mediaType !== "string" || !mediaType.includes("dev.sigstore.trustedroot"))
    throw new Malformed("it is no trusted root");
  return {
    mediaType,
    certificateAuthorities: listIn(root, "certificateAuthorities").map(authorityIn),
    timestampAuthorities: listIn(root, "timestampAuthorities").map(authorityIn),
    tlogs: listIn(root, "tlogs").map(logIn),
    ctlogs: listIn(root, "ctlogs").map(logIn),
  };
}

function authorityIn(value: JsonObject): Authority {
  const certificates = listIn(objectIn(value, "certChain"), "certificates");
  return {
    subject: undefined,
    uri: "",
    operator: "",
    certChain: { certificates: certificates.map((each) => ({ rawBytes: bytesIn(each, "rawBytes") })) },
    validFor: rangeIn(value),
  };
}

function logIn(value: JsonObject): Log {
  const publicKey = objectIn(value, "publicKey");
  const details = keyDetails[String(publicKey["keyDetails"])];
  if (details === undefined) throw new Malformed("a log's key is of a kind that is not believed");
  const idIn = (key: string): Log["logId"] =>
    value[key] === undefined ? undefined : { keyId: bytesIn(objectIn(value, key), "keyId") };
  const logId = idIn("logId");
  if (logId === undefined) throw new Malformed("a log has no id");
  return {
    baseUrl: typeof value["baseUrl"] === "string" ? value["baseUrl"] : "",
    hashAlgorithm: 1,
    publicKey: {
      rawBytes: bytesIn(publicKey, "rawBytes"),
      keyDetails: details,
      validFor: rangeIn(publicKey),
    },
    logId,
    checkpointKeyId: idIn("checkpointKeyId"),
    operator: "",
  };
}

/** From when until when it counts; whoever names no beginning is believed for no time. */
function rangeIn(value: JsonObject): { readonly start: Date; readonly end: Date | undefined } {
  const { start, end } = objectIn(value, "validFor");
  const dateOf = (text: Json | undefined): Date => {
    const at = typeof text === "string" ? Date.parse(text) : Number.NaN;
    if (Number.isNaN(at)) throw new Malformed("a time in it is none");
    return new Date(at);
  };
  return { start: dateOf(start), end: end === undefined ? undefined : dateOf(end) };
}

function jsonIn(text: string): JsonObject | undefined {
  try {
    const value = JSON.parse(text) as Json;
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function objectIn(value: JsonObject, key: string): JsonObject {
  const found = value[key];
  if (isObject(found)) return found;
  throw new Malformed(`it has no ${key}`);
}

function listIn(value: JsonObject, key: string): readonly JsonObject[] {
  const found = value[key] ?? [];
  if (Array.isArray(found) && found.length <= 50 && found.every(isObject)) return found;
  throw new Malformed(`its ${key} are none`);
}

function bytesIn(value: JsonObject, key: string): Buffer {
  const found = value[key];
  const bytes = typeof found === "string" ? strictBase64(found) : undefined;
  if (bytes === undefined) throw new Malformed(`a ${key} in it is no base64`);
  return Buffer.from(bytes);
}

/**
 * Where a release comes from, signed by a workflow's identity: an in-toto statement with a SLSA provenance over the
 * manifest's digest, in sigstore's bundle format, so that cosign and others read it. It stands beside the manifest as a
 * TUF target, is optional, and vouches for nothing by itself: the root does. What the attacker controls: every byte, and
 * any identity that an issuer gives to anybody; so issuer and identity are compared letter by letter, never by pattern.
 */
import { BUNDLE_V03_MEDIA_TYPE } from "@sigstore/bundle";
import { canonicalJson } from "../model/canonical.ts";
import { isObject, type Json, type JsonObject } from "../model/json.ts";
import type { CertifiedIdentity, Certifier } from "./sigstore.ts";
import { base64Of, strictBase64 } from "./ssh-wire.ts";
import type { BadSignature } from "./sshsig.ts";
import type { Release } from "./tuf/release.ts";

/** The TUF target that holds it. */
export const PROVENANCE_TARGET = "manifest.json.sigstore.json";

export const PROVENANCE_TYPE = "application/vnd.in-toto+json";

/** Larger than any bundle. */
const LIMIT = 200_000;

/** What is signed: this manifest was made of this commit by this version of the program. */
export function provenancePayload(
  { pair, registry, commit, manifest }: Omit<Release, "assurance">,
  version: string,
): Uint8Array {
  const statement = {
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: "manifest.json", digest: { sha256: manifest.sha256 } }],
    predicateType: "https://slsa.dev/provenance/v1",
    predicate: {
      buildDefinition: {
        buildType: "https://assent.dev/release/v1",
        externalParameters: { registry, sequence: pair.sequence, asOf: pair.asOf },
        resolvedDependencies: [{ name: registry, digest: { gitCommit: commit } }],
      },
      runDetails: { builder: { id: "https://assent.dev/cli", version: { assent: version } } },
    },
  };
  return new TextEncoder().encode(canonicalJson(statement));
}

/** The bundle of a signed payload. */
export function renderProvenance(
  payload: Uint8Array,
  { sig, material }: { readonly sig: Uint8Array; readonly material: JsonObject },
): Uint8Array {
  const bundle = {
    mediaType: BUNDLE_V03_MEDIA_TYPE,
    verificationMaterial: material,
    dsseEnvelope: {
      payload: base64Of(payload),
      payloadType: PROVENANCE_TYPE,
      signatures: [{ keyid: "", sig: base64Of(sig) }],
    },
  };
  return new TextEncoder().encode(`${canonicalJson(bundle)}\n`);
}

/** Who is expected to have made the release. */
export interface ExpectedIdentity extends CertifiedIdentity {
  readonly certifier: Certifier;
}

/**
 * Whether a bundle proves that an identity made exactly this release; otherwise why not. Everything is compared: the
 * manifest, the registry, the landing, the commit; the program's version is whatever it says.
 */
export function verifyProvenance(
  bytes: Uint8Array,
  release: Omit<Release, "assurance">,
  { certifier, issuer, identity }: ExpectedIdentity,
): CertifiedIdentity | BadSignature {
  const read = bundleIn(bytes);
  if (read === undefined) return { problem: "it is no bundle of a provenance" };
  const { payload, sig, material } = read;
  const signer = certifier({
    payloadType: PROVENANCE_TYPE,
    payload,
    signatures: [{ keyid: "", sig }],
    material,
  });
  if ("problem" in signer) return signer;
  if (signer.issuer !== issuer || signer.identity !== identity)
    return { problem: `it is signed by ${signer.identity} of ${signer.issuer}` };
  const version = versionIn(payload);
  const expected = version === undefined ? undefined : provenancePayload(release, version);
  if (expected === undefined || base64Of(expected) !== base64Of(payload))
    return { problem: "it is the provenance of something else" };
  return signer;
}

function bundleIn(
  bytes: Uint8Array,
): { readonly payload: Uint8Array; readonly sig: Uint8Array; readonly material: JsonObject } | undefined {
  const value = bytes.length > LIMIT ? undefined : jsonIn(bytes);
  const envelope = isObject(value) ? value["dsseEnvelope"] : undefined;
  const material = isObject(value) ? value["verificationMaterial"] : undefined;
  if (!isObject(envelope) || !isObject(material) || envelope["payloadType"] !== PROVENANCE_TYPE)
    return undefined;
  const { payload: body, signatures } = envelope;
  const [only, ...more] = Array.isArray(signatures) ? (signatures as readonly Json[]) : [];
  const payload = typeof body === "string" ? strictBase64(body) : undefined;
  const sig = isObject(only) && typeof only["sig"] === "string" ? strictBase64(only["sig"]) : undefined;
  if (payload === undefined || sig === undefined || more.length > 0) return undefined;
  return { payload, sig, material };
}

function versionIn(payload: Uint8Array): string | undefined {
  let found: Json | undefined = jsonIn(payload);
  for (const key of ["predicate", "runDetails", "builder", "version", "assent"])
    found = isObject(found) ? found[key] : undefined;
  return typeof found === "string" ? found : undefined;
}

function jsonIn(bytes: Uint8Array): Json | undefined {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as Json;
  } catch {
    return undefined;
  }
}

/** Runs that are signed for tests: keys made of names, and the attestation of an Evaluation's text. */
import { createHash } from "node:crypto";
import { parse, stringify } from "yaml";
import type { EvaluationEntry } from "../src/generated/entries.ts";
import { attestationOf, attestationPayload, ATTESTATION_TYPE } from "../src/core/trust/attestation.ts";
import { paeOf } from "../src/core/trust/dsse.ts";
import { parseSigningKey, type SigningKey } from "../src/core/trust/signing-key.ts";

/** The PKCS #8 text of an Ed25519 key that follows from a name. */
export function privateKeyOf(name: string): string {
  const head = Buffer.from("302e020100300506032b657004220420", "hex");
  const der = Buffer.concat([head, createHash("sha256").update(name).digest()]);
  return `-----BEGIN PRIVATE KEY-----\n${der.toString("base64")}\n-----END PRIVATE KEY-----\n`;
}

/** The key that follows from a name. */
export function signingKeyOf(name: string): SigningKey {
  const key = parseSigningKey(privateKeyOf(name));
  if ("problem" in key) throw new Error(key.problem);
  return key;
}

/** An Evaluation's text with the attestation of whoever has this key. */
export function attested(text: string, ref: string, registry: string, by: string): string {
  const value = parse(text) as EvaluationEntry;
  const key = signingKeyOf(by);
  const payload = attestationPayload({ ref: ref as Ref, value }, registry);
  const sig = key.sign(paeOf(ATTESTATION_TYPE, payload));
  const signatures = [{ keyid: key.publicKey.fingerprint, sig }];
  const attestation = attestationOf({ payloadType: ATTESTATION_TYPE, payload, signatures });
  return `${text}${stringify({ attestation }, { lineWidth: 0 })}`;
}

type Ref = Parameters<typeof attestationPayload>[0]["ref"];

/**
 * Attested evaluations (DESIGN 3): the issuer's signature over exactly what an Evaluation says, as an in-toto Statement in
 * a DSSE envelope. The statement follows from the entry, so the payload is compared byte by byte and never read; it names
 * the registry, so that a run signed for one proves nothing in another. What the attacker controls: the whole entry, its
 * envelope too. It must never take a key or certificate from the entry: those of its issuer at the base count.
 */
import { canonicalJsonOf } from "../model/canonical.ts";
import { digestOfBytes } from "../model/digest.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { verifiesEnvelope, paeOf, type DsseEnvelope, type DsseSignature } from "./dsse.ts";
import type { Certifier } from "./sigstore.ts";
import { parseSshPublicKey, type SshPublicKey } from "./ssh-key.ts";
import { base64Of, strictBase64 } from "./ssh-wire.ts";
import { verifySshSignature, type BadSignature } from "./sshsig.ts";

/** What a person's key signs runs in (PROTOCOL.sshsig); a key in a workflow's secret signs the envelope as DSSE says. */
export const EVALUATION_NAMESPACE = "assent-evaluation@v1";

export const ATTESTATION_TYPE = "application/vnd.in-toto+json";
const STATEMENT_TYPE = "https://in-toto.io/Statement/v1";
const PREDICATE_TYPE = "https://assent.dev/evaluation/v1";

/** A run as far as a statement is about it. */
export type AttestedRun = Pick<Entry<"Evaluation">, "ref" | "value">;

/** The bytes that the issuer of a run signs. `registry` is the registry's id. */
export function attestationPayload({ ref, value }: AttestedRun, registry: string): Uint8Array {
  const { attestation: _, ...measured } = value;
  const encoder = new TextEncoder();
  const digest = digestOfBytes(encoder.encode(canonicalJsonOf({ kind: "Evaluation", ref, value: measured })));
  // The digest covers the numbers; a line of the entry must hold the whole payload.
  const { suite, target, targetDigest, executedAt, status, issuer } = value;
  const statement = {
    _type: STATEMENT_TYPE,
    subject: [{ name: target, digest: { sha256: targetDigest.slice("sha256:".length) } }],
    predicateType: PREDICATE_TYPE,
    predicate: {
      registry,
      evaluation: ref,
      digest,
      suite,
      executedAt,
      status,
      ...(value.class !== undefined && { class: value.class }),
      ...(issuer !== undefined && { issuer }),
    },
  };
  return encoder.encode(canonicalJsonOf(statement));
}

/** An attestation as it stands in an entry. */
export function attestationOf({ payloadType, payload, signatures, material }: DsseEnvelope) {
  return {
    payloadType,
    payload: base64Of(payload),
    ...(material !== undefined && { verificationMaterial: material }),
    // A certificate's signature names no key.
    signatures: signatures.map(({ keyid, sig }) => ({ ...(keyid !== "" && { keyid }), sig: base64Of(sig) })),
  };
}

/** Where issuers and their keys are read from, and what certificates are looked at with. */
export interface AttestationTrust {
  /** The registry at B. */
  readonly registry: Registry;
  /** Its id. */
  readonly id: string;
  /** By the trusted root in force; undefined where there is none, and then no certificate counts. */
  readonly certifier?: Certifier | undefined;
}

/**
 * Who attested a run, or why nobody did: a clause that completes "it is not attested: ...". `isForgery` where what stands
 * there can never come true, whatever keys come into force.
 */
export function attesterOf(
  run: AttestedRun,
  trust: AttestationTrust,
): { readonly by: string } | (BadSignature & { readonly isForgery: boolean }) {
  const { attestation, issuer, target } = run.value;
  const refuse = (problem: string, isForgery = false) => ({ problem, isForgery });
  if (attestation === undefined) return refuse("it has no attestation");
  if (issuer === undefined) return refuse("it names no issuer", true);
  const found = trust.registry.get(issuer);
  if (found?.kind !== "Identity") return refuse(`${issuer} was no identity before`);
  const identity = found as Entry<"Identity">;
  if (identity.value.active === false) return refuse(`${issuer} is not active`);
  if (identity.value.type === "model" && identity.value.model === target)
    return refuse(`${issuer} speaks for ${target}, and nothing attests itself`);
  const payload = attestationPayload(run, trust.id);
  if (attestation.payloadType !== ATTESTATION_TYPE || attestation.payload !== base64Of(payload))
    return refuse("what was signed is not what the run says", true);
  const signatures = attestation.signatures.flatMap(({ keyid = "", sig }) => {
    const bytes = strictBase64(sig);
    return bytes === undefined ? [] : [{ keyid, sig: bytes }];
  });
  const material = attestation.verificationMaterial;
  const envelope: DsseEnvelope = {
    payloadType: ATTESTATION_TYPE,
    payload,
    signatures,
    ...(material !== undefined && { material }),
  };
  if (material !== undefined) {
    const problem = problemOfCertificate(envelope, identity, trust.certifier);
    return problem === null ? { by: issuer } : refuse(problem);
  }
  const keys = keysInForce(identity);
  if (signatures.some((signature) => keys.some((key) => isSignedBy(envelope, signature, key))))
    return { by: issuer };
  return refuse(
    keys.length === 0
      ? `${issuer} had no key in force`
      : `no key that ${issuer} had in force made its signature`,
  );
}

/** The unrevoked keys of an identity. */
export function keysInForce({ value }: Entry<"Identity">): readonly SshPublicKey[] {
  return (value.keys ?? []).flatMap(({ sshPublicKey, revoked }) =>
    revoked === undefined ? (parseSshPublicKey(sshPublicKey) ?? []) : [],
  );
}

/** By the key itself (RFC 8032 over the PAE), or as ssh-keygen signs files, which agents and tokens can do. */
function isSignedBy(envelope: DsseEnvelope, signature: DsseSignature, key: SshPublicKey): boolean {
  if (signature.keyid !== key.fingerprint) return false;
  if (verifiesEnvelope(envelope, signature, key)) return true;
  const verdict = verifySshSignature(
    armored(signature.sig),
    paeOf(envelope.payloadType, envelope.payload),
    EVALUATION_NAMESPACE,
  );
  return "key" in verdict && verdict.key.text === key.text;
}

function armored(signature: Uint8Array): string {
  return `-----BEGIN SSH SIGNATURE-----\n${base64Of(signature)}\n-----END SSH SIGNATURE-----\n`;
}

/** The bytes of an armored SSH signature, as an envelope holds them; undefined where it is none. */
export function bytesOfArmored(text: string): Uint8Array | undefined {
  return strictBase64(text.replaceAll(/-----[A-Z ]+-----|\s/g, ""));
}

/** Null where the issuer's certificate signed; names are compared letter by letter. */
function problemOfCertificate(
  envelope: DsseEnvelope,
  { ref, value: { sigstore } }: Entry<"Identity">,
  certifier: Certifier | undefined,
): string | null {
  if (sigstore === undefined) return `${ref} names no certificate identity`;
  if (envelope.signatures.length !== 1 || envelope.signatures[0]?.keyid !== "")
    return "a certificate signs alone";
  if (certifier === undefined) return "the registry holds no trusted root for certificates";
  const certified = certifier(envelope);
  if ("problem" in certified) return certified.problem;
  return certified.issuer === sigstore.issuer && certified.identity === sigstore.identity
    ? null
    : `${JSON.stringify(certified.identity)} signed, who is not ${ref}`;
}

/**
 * Who signs evidence: a key that is read where somebody named it, used, and never shown; without one the identity that a
 * workflow's platform vouches for. It must never sign for a registry that names other witnesses.
 */
import type { SigstoreIdentity, Witness } from "../../core/audit/anchor.ts";
import type { ChainState } from "../../core/audit/chain-state.ts";
import { PAYLOAD_TYPE, type Evidence } from "../../core/audit/evidence.ts";
import { payloadOf, recordPath, type RecordFile } from "../../core/audit/record.ts";
import { Failure } from "../../core/model/failure.ts";
import { paeOf, renderEnvelope, type DsseEnvelope } from "../../core/trust/dsse.ts";
import { parseSigningKey, type SigningKey } from "../../core/trust/signing-key.ts";
import type { IdentitySigner, Ports } from "../ports.ts";
import { certificateOf, SIGSTORE_ROOT } from "./certified.ts";

/** Whoever signs. */
export type EvidenceSigner = { readonly key: SigningKey } | { readonly identity: IdentitySigner };

/** The signer of evidence; a Failure where none is at hand or the key is of no use. */
export async function evidenceSigner(
  { folder, keyFile }: { readonly folder: string; readonly keyFile?: string | undefined },
  ports: Ports,
): Promise<EvidenceSigner> {
  const text = await ports.readWitnessKey({ folder, file: keyFile });
  if (text === undefined) {
    const identity = await ports.openIdentitySigner();
    if (identity !== undefined) return { identity };
    throw new Failure("audit/no-key", "No key is at hand that signs evidence.", {
      hint: "Name its file with --key <file>, or put it into ASSENT_WITNESS_KEY. A workflow with id-token: write needs none.",
      category: "auth",
    });
  }
  const key = parseSigningKey(text);
  if ("sign" in key) return { key };
  throw new Failure("audit/unusable-key", `The witness's key cannot be used: ${key.problem}.`, {
    hint: 'Make one for the witness alone: ssh-keygen -t ed25519 -N "" -f witness.',
    category: "auth",
  });
}

/** Whether somebody is named who may witness. A record by anybody else would only be one more thing to explain. */
export function isWitnessed({ witnesses, known }: ChainState, signer: EvidenceSigner): boolean {
  if (known.length === 0) return false;
  if ("key" in signer) {
    const { text, fingerprint } = signer.key.publicKey;
    if (witnesses.some(({ sshPublicKey }) => sshPublicKey === text)) return true;
    throw notAWitness(fingerprint, `Add sshPublicKey: ${text}`, "use the key of a witness");
  }
  if (witnesses.some(({ sigstore }) => sigstore !== undefined)) return true;
  throw notAWitness("a workflow's identity", "Add the workflow under sigstore:", "use the key of a witness");
}

/** The record of a landing, signed. */
export async function signRecord(evidence: Evidence, ...by: SigningArguments): Promise<RecordFile> {
  const { bytes, certificate } = await signPayload(payloadOf(evidence), ...by);
  const file = { path: recordPath(evidence.sequence), bytes };
  return certificate === undefined ? file : { ...file, sigstore: certificate };
}

type SigningArguments = readonly [
  signer: EvidenceSigner,
  witnesses: readonly Witness[],
  rootOf: () => Promise<string | undefined>,
];

/**
 * An envelope around a statement, signed by one of these witnesses; `rootOf` gives the trusted root in force, by which a
 * certificate is looked at before anything is written: whose it is shows only when it was made.
 */
export async function signPayload(
  payload: Uint8Array,
  ...[signer, witnesses, rootOf]: SigningArguments
): Promise<{ readonly bytes: Uint8Array; readonly certificate?: SigstoreIdentity }> {
  const payloadType = PAYLOAD_TYPE;
  if ("key" in signer) {
    const { key } = signer;
    const signature = { keyid: key.publicKey.fingerprint, sig: key.sign(paeOf(payloadType, payload)) };
    return { bytes: renderEnvelope({ payloadType, payload, signatures: [signature] }) };
  }
  const { sig, material } = await signer.identity.sign(payloadType, payload);
  const envelope: DsseEnvelope = { payloadType, payload, signatures: [{ keyid: "", sig }], material };
  const certificate = await certificateOf(envelope, rootOf);
  if (certificate === undefined || "problem" in certificate) {
    throw new Failure(
      "audit/uncertified",
      `The certificate of this workflow cannot be verified: ${certificate?.problem ?? "it is none"}.`,
      {
        hint: `Put sigstore's trusted root into ${SIGSTORE_ROOT} of the registry.`,
        category: "auth",
      },
    );
  }
  const isNamed = witnesses.some(
    ({ sigstore }) => sigstore?.issuer === certificate.issuer && sigstore.identity === certificate.identity,
  );
  if (isNamed) return { bytes: renderEnvelope(envelope), certificate };
  throw notAWitness(
    certificate.identity,
    `Add ${spelled(certificate)}`,
    "record from the workflow that is named",
  );
}

function spelled({ issuer, identity }: SigstoreIdentity): string {
  return `sigstore: { issuer: ${JSON.stringify(issuer)}, identity: ${JSON.stringify(identity)} }`;
}

function notAWitness(who: string, add: string, otherwise: string): Failure {
  return new Failure("audit/not-a-witness", `The registry names other witnesses than ${who}.`, {
    hint: `${add} to \`witness\` of registry/registry.yaml, or ${otherwise}.`,
    category: "auth",
  });
}

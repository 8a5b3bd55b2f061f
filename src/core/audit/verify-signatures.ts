/**
 * Whether a record is signed by witnesses in force, by all of them that signed and by nobody else. What the attacker
 * controls: the whole envelope. A strange signature beside a good one is a fault too, because somebody put it there.
 */
import { verifiesEnvelope } from "../trust/dsse.ts";
import type { BadSignature } from "../trust/sshsig.ts";
import { keyOf, type SigstoreIdentity, type Witness } from "./anchor.ts";
import { isSameWitness } from "./chain-keys.ts";
import type { ReadRecord } from "./record.ts";
import * as codes from "./verify-codes.ts";
import type { Fault } from "./verify-record.ts";

export interface Signatures {
  readonly faults: readonly Fault[];
  /** Fingerprints of the keys in force that signed. */
  readonly signers: readonly string[];
}

/** Judges the signatures of a record. `known` are all witnesses of any time: they only name the fault. */
export function faultsOfSignatures(
  { envelope }: Pick<ReadRecord, "envelope">,
  certified: SigstoreIdentity | BadSignature | undefined,
  inForce: readonly Witness[],
  known: readonly Witness[],
): Signatures {
  const faults: Fault[] = [];
  const sigstore = certified !== undefined && "issuer" in certified ? certified : undefined;
  const signers: string[] = [];
  for (const signature of envelope.signatures) {
    const signs = (witness: Witness): boolean => {
      const key = keyOf(witness);
      return key === undefined
        ? sigstore !== undefined &&
            isSameWitness(witness, { sigstore }) &&
            !signature.keyid.startsWith("SHA256:")
        : verifiesEnvelope(envelope, signature, key);
    };
    const witness = inForce.find(signs);
    const name = signature.keyid === "" ? nameOf(certified) : signature.keyid.slice(0, 100);
    if (witness !== undefined)
      signers.push(...(keyOf(witness)?.fingerprint === undefined ? [] : [keyOf(witness)!.fingerprint]));
    else if (known.some(signs))
      faults.push([
        codes.keyNotInForce,
        `Its record is signed by ${name}, who is a witness at other landings and not at this one.`,
      ]);
    else faults.push([codes.recordResigned, `Its record's signature by ${name} is no witness's.`]);
  }
  return { faults, signers };
}

/** What is said of a certificate: whose it is, or why it is nobody's. */
function nameOf(certified: SigstoreIdentity | BadSignature | undefined): string {
  if (certified === undefined) return "a certificate";
  return "problem" in certified
    ? `a certificate (${certified.problem})`
    : `${certified.identity.slice(0, 200)} (${certified.issuer.slice(0, 200)})`;
}

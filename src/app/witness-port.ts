/** Who signs evidence without a key of their own: a workflow, by the identity that its platform vouches for. */
import type { JsonObject } from "../core/model/json.ts";

/** A signature by a certificate that was made for it alone, and what proves that it was (sigstore's bundle). */
export interface CertifiedSignature {
  readonly sig: Uint8Array;
  /** The bundle's verification material: certificate, log entry, timestamps. */
  readonly material: JsonObject;
}

/** Signs by an identity. Each signature is entered into a public log, which keeps its digest and the certificate. */
export interface IdentitySigner {
  /** Signs a DSSE payload. Failures: `sigstore/...`. */
  sign(payloadType: string, payload: Uint8Array): Promise<CertifiedSignature>;
}

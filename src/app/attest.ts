/**
 * Signs a run as its issuer (DESIGN 3, attestation): by a key in the environment, the identity that a platform vouches
 * for, or a person's SSH key. What would not count at the gate is refused before anything is written. It must never
 * print or keep a key, and never signs for anybody but the issuer that the run names.
 */
import type { PlannedEntry } from "../core/author/request.ts";
import type { EvaluationEntry } from "../generated/entries.ts";
import { settingsOf } from "../core/govern/ownership.ts";
import { Failure } from "../core/model/failure.ts";
import type { JsonObject } from "../core/model/json.ts";
import type { Entry, Registry } from "../core/model/registry.ts";
import { parseRef } from "../core/source/reference.ts";
import {
  attestationOf,
  attestationPayload,
  ATTESTATION_TYPE,
  attesterOf,
  bytesOfArmored,
  EVALUATION_NAMESPACE,
  keysInForce,
  type AttestedRun,
} from "../core/trust/attestation.ts";
import { paeOf, type DsseEnvelope } from "../core/trust/dsse.ts";
import { parseSigningKey } from "../core/trust/signing-key.ts";
import { parseSshSignature } from "../core/trust/sshsig.ts";
import { certifierOfRegistry } from "./attested.ts";
import type { Ports } from "./ports.ts";

/** The variable that a workflow's secret fills with the issuer's key. */
const VARIABLE = "ASSENT_ISSUER_KEY";

export interface AttestOptions {
  readonly folder: string;
  readonly keyFile: string | undefined;
}

/** The run with its attestation. */
export async function attest(
  planned: PlannedEntry,
  registry: Registry,
  options: AttestOptions,
  ports: Ports,
): Promise<PlannedEntry> {
  const run = runOf(planned);
  const issuer = issuerOf(run, registry);
  const id = settingsOf(registry)?.value.id ?? "";
  const payload = attestationPayload(run, id);
  const envelope = await signed(payload, issuer, options, ports);
  const attestation = attestationOf(envelope) as JsonObject;
  const value = { ...planned.value, attestation };
  const certifier = envelope.material === undefined ? undefined : await certifierOfRegistry(registry);
  const verdict = attesterOf(runOf({ ...planned, value }), { registry, id, certifier });
  if ("by" in verdict) return { ...planned, value };
  throw new Failure("keys/not-in-force", `The attestation would not count: ${verdict.problem}.`, {
    hint: `Sign with a key, or as the workflow, that stands in ${issuer.ref}; a new one lands there first.`,
    category: "auth",
  });
}

/** A planned run as the entry it will be; the schema has not been asked yet, and what it refuses is never written. */
function runOf({ ref, value }: PlannedEntry): AttestedRun {
  const identity = parseRef(ref);
  if (identity === undefined) throw new Error(`a planned run has a reference: ${ref}`);
  return { ref: identity.ref, value: value as object as EvaluationEntry };
}

function issuerOf({ value }: AttestedRun, registry: Registry): Entry<"Identity"> {
  const found = value.issuer === undefined ? undefined : registry.get(value.issuer);
  if (found?.kind === "Identity") return found as Entry<"Identity">;
  const message =
    value.issuer === undefined
      ? "The run names no issuer who could attest it."
      : `There is no ${value.issuer}.`;
  throw new Failure("usage/issuer", message, {
    hint: "Say who stands by the numbers: --issuer identity:<name>.",
  });
}

async function signed(
  payload: Uint8Array,
  issuer: Entry<"Identity">,
  { folder, keyFile }: AttestOptions,
  ports: Ports,
): Promise<DsseEnvelope> {
  const payloadType = ATTESTATION_TYPE;
  const message = paeOf(payloadType, payload);
  const by = (keyid: string, sig: Uint8Array): DsseEnvelope => ({
    payloadType,
    payload,
    signatures: [{ keyid, sig }],
  });
  if (keyFile === undefined) {
    const secret = (await ports.openKeyStore()).read({ folder, file: undefined, variables: [VARIABLE] });
    if (secret !== undefined) {
      const key = parseSigningKey(secret.text);
      if ("problem" in key) {
        throw new Failure("keys/unusable", `The key in ${VARIABLE} cannot be used: ${key.problem}.`, {
          hint: 'Make one for the issuer alone: ssh-keygen -t ed25519 -N "" -f issuer.',
          category: "auth",
        });
      }
      return by(key.publicKey.fingerprint, key.sign(message));
    }
    const signer = issuer.value.sigstore === undefined ? undefined : await ports.openIdentitySigner();
    if (signer !== undefined) {
      const { sig, material } = await signer.sign(payloadType, payload);
      return { ...by("", sig), material };
    }
  }
  const publicKeys = keysInForce(issuer).map(({ text }) => text);
  const armored = await ports.signer.sign({
    message,
    namespace: EVALUATION_NAMESPACE,
    folder,
    keyFile,
    publicKeys,
  });
  const parsed = parseSshSignature(armored);
  const bytes = bytesOfArmored(armored);
  if ("problem" in parsed || bytes === undefined) throw new Error("ssh-keygen made no SSH signature");
  return by(parsed.key.fingerprint, bytes);
}

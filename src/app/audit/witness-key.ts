/** Whose key signs evidence: read where somebody named it, used, and never shown. */
import type { ChainState } from "../../core/audit/chain-state.ts";
import { Failure } from "../../core/model/failure.ts";
import { parseSigningKey, type SigningKey } from "../../core/trust/signing-key.ts";
import type { Ports } from "../ports.ts";

/** The key that signs evidence; a Failure where none is at hand or it is of no use. */
export async function witnessKey(
  { folder, keyFile }: { readonly folder: string; readonly keyFile?: string | undefined },
  ports: Ports,
): Promise<SigningKey> {
  const text = await ports.readWitnessKey({ folder, file: keyFile });
  if (text === undefined) {
    throw new Failure("audit/no-key", "No key is at hand that signs evidence.", {
      hint: "Name its file with --key <file>, or put it into ASSENT_WITNESS_KEY.",
      category: "auth",
    });
  }
  const key = parseSigningKey(text);
  if ("sign" in key) return key;
  throw new Failure("audit/unusable-key", `The witness's key cannot be used: ${key.problem}.`, {
    hint: 'Make one for the witness alone: ssh-keygen -t ed25519 -N "" -f witness.',
    category: "auth",
  });
}

/** Whether somebody is named who may witness. A record by anybody else would only be one more thing to explain. */
export function isWitnessed({ witnesses, known }: ChainState, key: SigningKey): boolean {
  if (known.length === 0) return false;
  if (witnesses.some(({ sshPublicKey }) => sshPublicKey === key.publicKey.text)) return true;
  throw new Failure(
    "audit/not-a-witness",
    `The registry names other witnesses than ${key.publicKey.fingerprint}.`,
    {
      hint: `Add sshPublicKey: ${key.publicKey.text} to \`witness\` of registry/registry.yaml, or use the key of a witness.`,
      category: "auth",
    },
  );
}

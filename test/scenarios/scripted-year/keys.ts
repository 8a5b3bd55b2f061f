/** Keys that follow from names, and SSH signatures made without a process: a year has thousands of them. */
import { createHash, createPrivateKey, createPublicKey, sign, type KeyObject } from "node:crypto";

export interface ScriptedKey {
  /** `ssh-ed25519 <base64>`. */
  readonly publicKey: string;
  /** PKCS #8, as PEM. */
  readonly pem: string;
  /** An armored SSHSIG over a message. */
  sign(namespace: string, message: string | Uint8Array): string;
}

/** The one ed25519 key that belongs to a name. */
export function scriptedKey(name: string): ScriptedKey {
  const seed = createHash("sha256").update(`assent scripted year: ${name}`).digest();
  const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
  const key: KeyObject = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  const raw = createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-32);
  const blob = Buffer.concat([text("ssh-ed25519"), text(raw)]);
  return {
    publicKey: `ssh-ed25519 ${blob.toString("base64")}`,
    pem: String(key.export({ format: "pem", type: "pkcs8" })),
    sign(namespace, message) {
      const digest = createHash("sha512").update(message).digest();
      const head = [text(namespace), text(""), text("sha512")];
      const signed = sign(null, Buffer.concat([Buffer.from("SSHSIG"), ...head, text(digest)]), key);
      const whole = [Buffer.from("SSHSIG"), Buffer.from([0, 0, 0, 1]), text(blob), ...head, text(Buffer.concat([text("ssh-ed25519"), text(signed)]))];
      const lines = Buffer.concat(whole).toString("base64").match(/.{1,70}/g) ?? [];
      return `-----BEGIN SSH SIGNATURE-----\n${lines.join("\n")}\n-----END SSH SIGNATURE-----\n`;
    },
  };
}

/** A string of SSH's wire format: its length, and its bytes. */
function text(value: string | Uint8Array): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

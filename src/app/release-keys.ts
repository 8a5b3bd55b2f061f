/** Whose keys sign a release: read where somebody named them, opened with a passphrase, used, and never shown. */
import { Failure } from "../core/model/failure.ts";
import { compareBytes } from "../core/model/json.ts";
import { ROLES, type Role } from "../core/trust/tuf/metadata.ts";
import { parseTufKey, type TufSigner } from "../core/trust/tuf/signer.ts";
import type { KeyStore } from "./ports.ts";

/** Where keys are looked for. */
export interface KeySources {
  readonly folder: string;
  /** `role=file`, or a file alone. */
  readonly keys: readonly string[];
  /** The folder that `key generate` wrote; absolute. A role of which nothing was named has its key there, if any. */
  readonly keysFolder?: string | undefined;
  readonly passphraseFile: string | undefined;
}

/** The shortest passphrase that a new key is encrypted with. */
const SHORTEST = 12;

/** What was typed for `--key`: the files of each role, and those that nobody gave a role. */
export function keyFiles(typed: readonly string[]): ReadonlyMap<Role | null, readonly string[]> {
  const files = new Map<Role | null, string[]>();
  for (const each of typed) {
    const cut = each.indexOf("=");
    const named = cut < 0 ? null : (ROLES.find((role) => role === each.slice(0, cut)) ?? undefined);
    if (named === undefined) throw unknownRole(each.slice(0, cut));
    files.set(named, [...(files.get(named) ?? []), each.slice(cut + 1)]);
  }
  return files;
}

export function unknownRole(typed: string): Failure {
  return new Failure("usage/role", `"${typed}" is no role.`, {
    hint: `Roles are ${ROLES.join(", ")}.`,
  });
}

/**
 * The signers of a role: of the files that were named for it, else of the folder of keys, else of ASSENT_<ROLE>_KEY. None where nothing was named;
 * a Failure where what was named cannot be used.
 */
export function signersOf(role: Role, sources: KeySources, store: KeyStore): readonly TufSigner[] {
  const files = keyFiles(sources.keys).get(role) ?? inFolder(role, sources, store);
  const variable = `ASSENT_${role.toUpperCase()}_KEY`;
  if (files.length > 0) return files.map((file) => signerIn(file, variable, role, sources, store));
  const found = store.read({ folder: sources.folder, file: undefined, variables: [variable] });
  return found === undefined ? [] : [signerIn(undefined, variable, role, sources, store)];
}

function inFolder(role: Role, { keysFolder }: KeySources, store: KeyStore): readonly string[] {
  const file = `${keysFolder}/${role}.pem`;
  return keysFolder === undefined || store.find(file) === undefined ? [] : [file];
}

/** The signers of files that were named without a role. */
export function plainSigners(sources: KeySources, store: KeyStore): readonly TufSigner[] {
  const files = keyFiles(sources.keys).get(null) ?? [];
  return files.map((file) => signerIn(file, "", null, sources, store));
}

function signerIn(
  file: string | undefined,
  variable: string,
  role: Role | null,
  sources: KeySources,
  store: KeyStore,
): TufSigner {
  const { folder } = sources;
  const found = store.read({ folder, file, variables: [variable] });
  if (found === undefined) throw new Error(`${variable} was there a moment ago`);
  const passphrase = passphraseFor(role, sources, store);
  const key = parseTufKey(found.text, { passphrase, mustBeSealed: found.onDisk });
  if ("sign" in key) return key;
  const name = file ?? variable;
  const problems = {
    encrypted: `The key in ${name} is encrypted, and no passphrase is at hand.`,
    "wrong-passphrase": `The key in ${name} does not open with this passphrase.`,
    "not-encrypted": `The key in ${name} lies on a disk and is not encrypted.`,
    "not-a-key": `What is in ${name} is no Ed25519 key of a release.`,
  };
  throw new Failure(`keys/${key.problem}`, problems[key.problem], {
    hint:
      key.problem === "not-encrypted" || key.problem === "not-a-key"
        ? "Make one: assent key generate. A key that no passphrase guards is only taken from a variable."
        : "Name its file with --passphrase-file, or put it into ASSENT_KEY_PASSPHRASE.",
    category: "auth",
  });
}

/** The passphrase of a role's keys; undefined where none is at hand. */
function passphraseFor(
  role: Role | null,
  { folder, passphraseFile: file }: KeySources,
  store: KeyStore,
): string | undefined {
  const own = role === null ? [] : [`ASSENT_${role.toUpperCase()}_PASSPHRASE`];
  const found = store.read({ folder, file, variables: [...own, "ASSENT_KEY_PASSPHRASE"] });
  // Editors end a file with a line feed, which nobody types.
  return found?.text.replace(/\r?\n$/, "");
}

/** The passphrase for new keys; a Failure where there is none, or one that is quickly guessed. */
export function newPassphrase(role: Role | null, sources: KeySources, store: KeyStore): string {
  const passphrase = passphraseFor(role, sources, store);
  if (passphrase !== undefined && passphrase.length >= SHORTEST) return passphrase;
  const message =
    passphrase === undefined
      ? "No passphrase is at hand that new keys could be encrypted with."
      : `The passphrase has fewer than ${SHORTEST} characters.`;
  throw new Failure("keys/passphrase", message, {
    hint: "Name the file of one with --passphrase-file, or put it into ASSENT_KEY_PASSPHRASE.",
    category: "auth",
  });
}

/** Signers without those that sign twice, in order of their key ids. */
export function distinct(signers: readonly TufSigner[]): readonly TufSigner[] {
  const byId = new Map(signers.map((signer) => [signer.keyid, signer]));
  return [...byId.values()].sort((a, b) => compareBytes(a.keyid, b.keyid));
}

/**
 * SSH signatures, both ways against ssh-keygen: what it signs is verified here, what is accepted here it accepts, and no
 * other byte anywhere in a signature is accepted. Keys in tokens are played by keys in memory that speak their format.
 */
import { execFileSync } from "node:child_process";
import { createHash, generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseSshPublicKey } from "../../src/core/trust/ssh-key.ts";
import { APPROVAL_NAMESPACE, parseSshSignature, verifySshSignature } from "../../src/core/trust/sshsig.ts";
import { commitSigner, signedCommit } from "../../src/core/trust/signed-commit.ts";
import { git, newRepository, plainEnvironment } from "../repository-on-disk.ts";
import { newKey, sshAccepts, sshSign, type KeyOnDisk } from "../ssh.ts";

const D = `${"a1".repeat(32)}\n`;
const folder = mkdtempSync(join(tmpdir(), "assent-keys-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The reason for refusal, or the key's text. */
const verdictOf = (signature: string, message = D, namespace = APPROVAL_NAMESPACE): string => {
  const verdict = verifySshSignature(signature, message, namespace);
  return "problem" in verdict ? verdict.problem : verdict.key.text;
};

const bytesOf = (armored: string): Buffer => Buffer.from(armored.replace(/-----.*-----/g, ""), "base64");
const armor = (bytes: Uint8Array): string =>
  `-----BEGIN SSH SIGNATURE-----\n${Buffer.from(bytes)
    .toString("base64")
    .replace(/.{70}(?=.)/g, "$&\n")}\n-----END SSH SIGNATURE-----\n`;

const u32 = (value: number): Buffer => {
  const four = Buffer.alloc(4);
  four.writeUInt32BE(value);
  return four;
};
const str = (value: string | Uint8Array): Buffer =>
  Buffer.concat([u32(Buffer.from(value).length), Buffer.from(value)]);
const mpint = (value: Uint8Array): Buffer => {
  const short = Buffer.from(
    value.subarray(
      Math.max(
        value.findIndex((byte) => byte !== 0),
        0,
      ),
    ),
  );
  return str((short[0] ?? 0) > 0x7f ? Buffer.concat([Buffer.alloc(1), short]) : short);
};

interface Parts {
  readonly magic?: string;
  readonly version?: number;
  readonly key: Uint8Array;
  readonly namespace?: string;
  readonly reserved?: string;
  readonly hash?: string;
  /** From the bytes to sign to the whole signature field. */
  readonly signed: (message: Buffer) => Uint8Array;
  readonly tail?: Uint8Array;
}

/** An SSHSIG put together by hand. */
function made({
  magic = "SSHSIG",
  version = 1,
  key,
  namespace = APPROVAL_NAMESPACE,
  reserved = "",
  hash = "sha512",
  signed,
  tail,
}: Parts): string {
  const known = hash === "sha256" || hash === "sha512" ? hash : "md5";
  const message = Buffer.concat([
    Buffer.from("SSHSIG"),
    str(namespace),
    str(reserved),
    str(hash),
    str(createHash(known).update(D).digest()),
  ]);
  const whole = [
    Buffer.from(magic),
    u32(version),
    str(key),
    str(namespace),
    str(reserved),
    str(hash),
    str(signed(message)),
    tail ?? Buffer.alloc(0),
  ];
  return armor(Buffer.concat(whole));
}

const jwk = (key: KeyObject, name: "x" | "y" | "n" | "e"): Buffer =>
  Buffer.from(String(key.export({ format: "jwk" })[name]), "base64url");
const ed = generateKeyPairSync("ed25519");
const edBlob = Buffer.concat([str("ssh-ed25519"), str(jwk(ed.publicKey, "x"))]);
const edSigned = (message: Buffer): Buffer =>
  Buffer.concat([str("ssh-ed25519"), str(sign(null, message, ed.privateKey))]);
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const ecPoint = Buffer.concat([Buffer.of(4), jwk(ec.publicKey, "x"), jwk(ec.publicKey, "y")]);
const ecPair = (message: Uint8Array): Buffer => {
  const raw = sign("sha256", message, { key: ec.privateKey, dsaEncoding: "ieee-p1363" });
  return Buffer.concat([mpint(raw.subarray(0, 32)), mpint(raw.subarray(32))]);
};
const rsaPair = generateKeyPairSync("rsa", { modulusLength: 2048 });
const rsaBlob = Buffer.concat([
  str("ssh-rsa"),
  mpint(jwk(rsaPair.publicKey, "e")),
  mpint(jwk(rsaPair.publicKey, "n")),
]);
const sha = (bytes: string | Uint8Array): Buffer => createHash("sha256").update(bytes).digest();

/** What a token signs with these flags. */
const tokenMessage = (message: Buffer, flags: number): Buffer =>
  Buffer.concat([sha("ssh:"), Buffer.of(flags), u32(7), sha(message)]);
const skEdType = "sk-ssh-ed25519@openssh.com";
const skEcType = "sk-ecdsa-sha2-nistp256@openssh.com";
const skEd = (flags: number): string =>
  made({
    key: Buffer.concat([str(skEdType), str(jwk(ed.publicKey, "x")), str("ssh:")]),
    signed: (message) =>
      Buffer.concat([
        str(skEdType),
        str(sign(null, tokenMessage(message, flags), ed.privateKey)),
        Buffer.of(flags),
        u32(7),
      ]),
  });
const skEc = (flags: number): string =>
  made({
    key: Buffer.concat([str(skEcType), str("nistp256"), str(ecPoint), str("ssh:")]),
    signed: (message) =>
      Buffer.concat([str(skEcType), str(ecPair(tokenMessage(message, flags))), Buffer.of(flags), u32(7)]),
  });

describe("against ssh-keygen", () => {
  const kinds = {
    ed25519: ["-t", "ed25519"],
    "rsa 2048": ["-t", "rsa", "-b", "2048"],
    "rsa 3072": ["-t", "rsa", "-b", "3072"],
    p256: ["-t", "ecdsa", "-b", "256"],
    p384: ["-t", "ecdsa", "-b", "384"],
    p521: ["-t", "ecdsa", "-b", "521"],
  };
  const keys = new Map<string, KeyOnDisk>();
  beforeAll(() => {
    for (const [name, options] of Object.entries(kinds))
      keys.set(name, newKey(folder, name.replace(" ", "-"), ...options));
  });
  const keyOf = (name: string): KeyOnDisk => keys.get(name) ?? { file: "", publicKey: "" };

  test.each(Object.keys(kinds))(
    "what %s signs is verified, with either hash, and for nothing else",
    (name) => {
      const key = keyOf(name);
      for (const hash of ["sha256", "sha512"]) {
        const signature = sshSign(key, APPROVAL_NAMESPACE, D, "-O", `hashalg=${hash}`);
        expect(verdictOf(signature)).toBe(key.publicKey);
        expect(parseSshSignature(signature)).toMatchObject({ hash, namespace: APPROVAL_NAMESPACE });
        expect(verdictOf(signature, D.trimEnd())).toBe("it does not fit what it should have signed");
        expect(verdictOf(signature, D, "git")).toBe('it was made for "assent-approval@v1", not for "git"');
        expect(verdictOf(signature.replaceAll("\n", "\r\n"))).toBe(key.publicKey);
      }
    },
  );

  test.each(Object.keys(kinds))("no other byte in a signature by %s is accepted", (name) => {
    const bytes = bytesOf(sshSign(keyOf(name), APPROVAL_NAMESPACE, D));
    const accepted: string[] = [];
    for (let at = 0; at < bytes.length; at++) {
      for (const flip of [0x01, 0x80]) {
        const other = Buffer.from(bytes);
        other[at] = (other[at] ?? 0) ^ flip;
        if ("key" in verifySshSignature(armor(other), D, APPROVAL_NAMESPACE))
          accepted.push(`${at} ^ ${flip}`);
      }
    }
    for (let length = 0; length < bytes.length; length++) {
      if ("key" in verifySshSignature(armor(bytes.subarray(0, length)), D, APPROVAL_NAMESPACE))
        accepted.push(`cut at ${length}`);
    }
    expect(accepted).toEqual([]);
  });

  test("its fingerprints are ours, and comments do not make another key", () => {
    for (const { file, publicKey } of keys.values()) {
      const said = execFileSync("ssh-keygen", ["-lf", `${file}.pub`], { env: plainEnvironment })
        .toString()
        .split(" ")[1];
      expect(parseSshPublicKey(`${publicKey} ada@example\n`)).toMatchObject({
        fingerprint: said,
        text: publicKey,
      });
    }
  });

  test("it accepts what is accepted here from signatures made by hand, those of tokens among them", () => {
    const byHand = [made({ key: edBlob, signed: edSigned }), skEd(1), skEc(1), skEd(5)];
    for (const signature of byHand) {
      const key = verdictOf(signature);
      expect(key).toMatch(/^(?:sk-)?(?:ssh|ecdsa)-/);
      expect(sshAccepts(folder, key, APPROVAL_NAMESPACE, D, signature)).toBe(true);
      expect(sshAccepts(folder, key, APPROVAL_NAMESPACE, `${D}\n`, signature)).toBe(false);
    }
  });

  test("a key that is too short signs nothing", () => {
    const short = newKey(folder, "rsa-1024", "-t", "rsa", "-b", "1024");
    expect(verdictOf(sshSign(short, APPROVAL_NAMESPACE, D))).toBe(
      "an RSA key has 2048 to 16384 bits, this one 1024",
    );
    expect(parseSshPublicKey(short.publicKey)).toBeUndefined();
  });

  test("a certificate signs nothing", () => {
    const key = newKey(folder, "certified");
    const authority = newKey(folder, "authority");
    execFileSync("ssh-keygen", ["-q", "-s", authority.file, "-I", "x", "-n", "x", `${key.file}.pub`], {
      env: plainEnvironment,
      stdio: "ignore",
    });
    const signature = sshSign({ ...key, file: `${key.file}-cert.pub` }, APPROVAL_NAMESPACE, D);
    expect(verdictOf(signature)).toBe('keys of type "ssh-ed25519-cert-v01@openssh.com" may not sign here');
  });
});

describe("refused", () => {
  const rsaSigned = (name: string, hash: string) => (message: Buffer) =>
    Buffer.concat([str(name), str(sign(hash, message, rsaPair.privateKey))]);
  const good = { key: edBlob, signed: edSigned };
  const cases: readonly (readonly [string, string, RegExp])[] = [
    [
      "SHA-1",
      made({ key: rsaBlob, signed: rsaSigned("ssh-rsa", "sha1") }),
      /^"ssh-rsa" is no signature algorithm/,
    ],
    [
      "an RSA name over another hash",
      made({ key: rsaBlob, signed: rsaSigned("rsa-sha2-512", "sha256") }),
      /does not fit/,
    ],
    ["another magic", made({ ...good, magic: "SSHSIF" }), /no SSH signature/],
    ["another version", made({ ...good, version: 2 }), /version is 2/],
    ["no namespace", made({ ...good, namespace: "" }), /no namespace/],
    ["a namespace with a NUL", made({ ...good, namespace: `${APPROVAL_NAMESPACE}\0` }), /printable/],
    ["a reserved part", made({ ...good, reserved: "x" }), /reserved/],
    ["another hash", made({ ...good, hash: "md5" }), /the hash "md5"/],
    ["bytes after the end", made({ ...good, tail: Buffer.of(0) }), /^1 bytes too many/],
    [
      "bytes after the signature",
      made({ ...good, signed: (m) => Buffer.concat([edSigned(m), Buffer.of(0)]) }),
      /^1 bytes too many/,
    ],
    [
      "bytes after the key",
      made({ ...good, key: Buffer.concat([edBlob, Buffer.of(0)]) }),
      /^1 bytes too many/,
    ],
    [
      "another algorithm than the key's",
      made({
        key: edBlob,
        signed: (m) => Buffer.concat([str("ssh-ed448"), str(sign(null, m, ed.privateKey))]),
      }),
      /no signature algorithm/,
    ],
    [
      "a point off its curve",
      made({
        ...good,
        key: Buffer.concat([
          str("ecdsa-sha2-nistp256"),
          str("nistp256"),
          str(Buffer.concat([Buffer.of(4), Buffer.alloc(64, 1)])),
        ]),
      }),
      /none of its type/,
    ],
    [
      "another curve than the type's",
      made({ ...good, key: Buffer.concat([str("ecdsa-sha2-nistp384"), str("nistp256"), str(ecPoint)]) }),
      /another curve/,
    ],
    [
      "a compressed point",
      made({
        ...good,
        key: Buffer.concat([str("ecdsa-sha2-nistp256"), str("nistp256"), str(ecPoint.subarray(0, 33))]),
      }),
      /uncompressed/,
    ],
    ["DSA", made({ ...good, key: Buffer.concat([str("ssh-dss"), mpint(Buffer.of(7))]) }), /"ssh-dss"/],
    [
      "an even exponent",
      made({
        ...good,
        key: Buffer.concat([str("ssh-rsa"), mpint(Buffer.of(4)), mpint(jwk(rsaPair.publicKey, "n"))]),
      }),
      /exponent/,
    ],
    [
      "a negative modulus",
      made({
        ...good,
        key: Buffer.concat([str("ssh-rsa"), mpint(Buffer.of(3)), str(Buffer.alloc(256, 0xff))]),
      }),
      /not positive/,
    ],
    ["a token that nobody touched", skEd(0), /nobody touched/],
    ["a token that only asked for a PIN", skEc(4), /nobody touched/],
    [
      "a length beyond the end",
      armor(Buffer.concat([Buffer.from("SSHSIG"), u32(1), u32(0xffffffff)])),
      /ends in the middle/,
    ],
    ["text before the armor", `x\n${made(good)}`, /begin and end/],
    ["text after the armor", `${made(good)}x`, /begin and end/],
    ["a blank inside", made(good).replace("U1NI", "U1N I"), /base64/],
    ["nothing inside", armor(Buffer.alloc(0)), /ends in the middle/],
    [
      "half an armor",
      "-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----",
      /begin and end|ends in the middle/,
    ],
    ["nothing", "", /begin and end/],
    ["far too much", made({ ...good, tail: Buffer.alloc(20_000) }), /too long/],
  ];
  test.each(cases)("%s", (_name, signature, reason) => {
    expect(verdictOf(signature)).toMatch(reason);
  });

  test("an ECDSA number that is zero, negative or spelled longer", () => {
    const key = Buffer.concat([str("ecdsa-sha2-nistp256"), str("nistp256"), str(ecPoint)]);
    const with_ = (pair: (message: Buffer) => Uint8Array): string =>
      verdictOf(made({ key, signed: (m) => Buffer.concat([str("ecdsa-sha2-nistp256"), str(pair(m))]) }));
    expect(with_(ecPair)).toMatch(/^ecdsa-sha2-nistp256 /);
    expect(with_(() => Buffer.concat([str(""), str("")]))).toBe("an integer is not positive");
    expect(with_(() => Buffer.concat([str(Buffer.of(0x80)), str(Buffer.of(1))]))).toBe(
      "an integer is not positive",
    );
    expect(with_((m) => Buffer.concat([str(Buffer.of(0, 1)), ecPair(m)]))).toBe(
      "an integer is not in its shortest form",
    );
    expect(with_((m) => Buffer.concat([ecPair(m), mpint(Buffer.of(1))]))).toMatch(/bytes too many/);
  });
});

describe("commits", () => {
  const commitIn = (
    repository: string,
    key: KeyOnDisk | undefined,
    ...options: readonly string[]
  ): Buffer => {
    const signing = key === undefined ? [] : ["-c", "gpg.format=ssh", "-c", `user.signingKey=${key.file}`];
    git(repository, [
      ...signing,
      "commit",
      "-q",
      "--allow-empty",
      key === undefined ? "--no-gpg-sign" : "-S",
      "-m",
      "subject\n\ngpgsig no header\n",
      ...options,
    ]);
    return execFileSync("git", ["cat-file", "commit", "HEAD"], { cwd: repository, env: plainEnvironment });
  };
  const problemOf = (bytes: Buffer | string): string => {
    const verdict = commitSigner(Buffer.from(bytes));
    return "problem" in verdict ? verdict.problem : verdict.key.text;
  };

  test.each([["sha1"], ["sha256"]])("what git signs is verified in a %s repository", (format) => {
    const repository = newRepository(`--object-format=${format}`);
    const key = newKey(folder, `commit-${format}`);
    expect(problemOf(commitIn(repository, undefined))).toBe("the commit is not signed");
    const bytes = commitIn(repository, key);
    expect(problemOf(bytes)).toBe(key.publicKey);
    expect(Buffer.from(signedCommit(bytes)?.payload ?? []).toString()).not.toContain("SSH SIGNATURE");
    const text = bytes.toString();
    expect(problemOf(text.replace("subject", "Subject"))).toBe("it does not fit what it should have signed");
    expect(problemOf(text.replace("Ada", "Eve"))).toBe("it does not fit what it should have signed");
    // Two signatures, or one that only another git would look at.
    const header = /gpgsig.*(?:\n .*)+\n/.exec(text)?.[0] ?? "";
    expect(problemOf(text.replace(header, header + header))).toBe("the commit is not signed");
    expect(problemOf(text.replace(header, `${header}gpgsig-other x\n`))).toBe("the commit is not signed");
    expect(problemOf(text.replace(header, "gpgsig -----BEGIN PGP SIGNATURE-----\n x\n"))).toMatch(
      /something else/,
    );
    expect(problemOf(`${text.replace(header, "")}\n${header}`)).toBe("the commit is not signed");
  });

  test("a signature over an approval is none over a commit", () => {
    const repository = newRepository();
    const key = newKey(folder, "confused");
    const text = commitIn(repository, undefined).toString();
    const lines = sshSign(key, APPROVAL_NAMESPACE, text).trimEnd().replaceAll("\n", "\n ");
    expect(problemOf(text.replace("\n\n", `\ngpgsig ${lines}\n\n`))).toBe(
      'it was made for "assent-approval@v1", not for "git"',
    );
  });
});

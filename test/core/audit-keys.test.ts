/**
 * Keys and envelopes of the audit: DSSE and its one spelling, Ed25519 keys as ssh-keygen and openssl know them, signed
 * approvals in evidence, keys that are revoked afterwards, trust anchors, and a prefix that is remembered.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  approvalBy,
  audit,
  beginning,
  inputOf,
  play,
  settings,
  signerText,
  spelled,
  tries,
  VERSION,
  witnessKey,
  REF,
  type Chain,
  type Step,
} from "../audit-world.ts";
import { paths } from "../govern-world.ts";
import { newKey, sshAccepts } from "../ssh.ts";
import { anchorDocument, parseAnchor, renderAnchor, type Anchor } from "../../src/core/audit/anchor.ts";
import { evidenceSignature } from "../../src/core/audit/evidence-facts.ts";
import {
  parseRecord,
  recordMessage,
  recordPath,
  renderRecord,
  sequenceOfPath,
} from "../../src/core/audit/record.ts";
import { spelledPath } from "../../src/core/model/path.ts";
import { isStillThere, recallChain, rememberChain } from "../../src/core/audit/remember.ts";
import { auditDocument } from "../../src/core/audit/verify-wire.ts";
import { verifyChain } from "../../src/core/audit/verify.ts";
import { digestOfBytes, type Digest } from "../../src/core/model/digest.ts";
import type { Evidence } from "../../src/core/audit/evidence.ts";
import { pathOfBytes } from "../../src/core/model/path.ts";
import {
  paeOf,
  parseEnvelope,
  renderEnvelope,
  verifiesEnvelope,
  type DsseEnvelope,
} from "../../src/core/trust/dsse.ts";
import { parseSigningKey } from "../../src/core/trust/signing-key.ts";
import { parseSshPublicKey } from "../../src/core/trust/ssh-key.ts";

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const bytesOf = (value: string): Uint8Array => new TextEncoder().encode(value);

let folder = "";
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "assent-audit-"))));
afterAll(() => rmSync(folder, { recursive: true }));

describe("an envelope", () => {
  const key = witnessKey("w1");
  const made = (payload: string, type = "t"): DsseEnvelope => ({
    payloadType: type,
    payload: bytesOf(payload),
    signatures: [{ keyid: key.publicKey.fingerprint, sig: key.sign(paeOf(type, bytesOf(payload))) }],
  });

  it("is authenticated as the DSSE specification's example says", () => {
    expect(text(paeOf("http://example.com/HelloWorld", bytesOf("hello world")))).toBe(
      "DSSEv1 29 http://example.com/HelloWorld 11 hello world",
    );
    expect(text(paeOf("tür", bytesOf("ä")))).toBe("DSSEv1 4 tür 2 ä");
  });

  it("comes back as it was, and fits its key alone", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.string({ minLength: 1, maxLength: 40, unit: "grapheme" }),
        (payload, type) => {
          const signature = { keyid: key.publicKey.fingerprint, sig: key.sign(paeOf(type, payload)) };
          const envelope = { payloadType: type, payload, signatures: [signature] };
          const again = parseEnvelope(renderEnvelope(envelope));
          if ("problem" in again) throw new Error(again.problem);
          expect({ ...again, payload: [...again.payload] }).toEqual({ ...envelope, payload: [...payload] });
          expect(verifiesEnvelope(again, signature, key.publicKey)).toBe(true);
          expect(verifiesEnvelope(again, signature, witnessKey("w2").publicKey)).toBe(false);
          expect(verifiesEnvelope({ ...again, payloadType: `${type}x` }, signature, key.publicKey)).toBe(
            false,
          );
        },
      ),
    );
  });

  const plain = text(renderEnvelope(made("{}")));
  it.each<readonly [string, string, string]>([
    [
      "another order of keys",
      `{"signatures":${plain.slice(plain.indexOf("["), plain.lastIndexOf("]") + 1)},"payload":"e30=","payloadType":"t"}\n`,
      "spelled",
    ],
    ["a key too many", plain.replace('{"payload"', '{"more":1,"payload"'), "spelled"],
    ["no line feed", plain.trim(), "spelled"],
    ["two line feeds", `${plain}\n`, "spelled"],
    ["blanks", plain.replace(":", ": "), "spelled"],
    ["a key twice", plain.replace('"payloadType":"t"', '"payloadType":"x","payloadType":"t"'), "spelled"],
    ["an escape", plain.replace('"t"', '"\\u0074"'), "spelled"],
    ["loose base64", plain.replace("e30=", "e30"), "no base64"],
    ["bits in the padding of base64", plain.replace("e30=", "e31="), "no base64"],
    ["base64 for addresses", plain.replace("e30=", "e3_="), "no base64"],
    ["no signature", plain.replace(/\[.*\]/s, "[]"), "1 to 20"],
    ["a list", "[]\n", "no envelope"],
    ["nothing", "", "no JSON"],
    ["no UTF-8", "\ufffe", "no JSON"],
    ["the same key twice", plain.replace(/\[(.*)\]/s, "[$1,$1]"), "signed twice"],
  ])("is refused with %s", (_, spelling, problem) => {
    const found = parseEnvelope(bytesOf(spelling));
    expect("problem" in found && found.problem).toContain(problem);
  });

  it("is refused when it is too large, before it is read", () => {
    const found = parseEnvelope(new Uint8Array(33 * 1024 * 1024));
    expect("problem" in found && found.problem).toContain("larger");
  });

  it("that we sign is one that openssl verifies", () => {
    const { publicKey } = key;
    const blob = Buffer.from(publicKey.text.split(" ")[1] ?? "", "base64");
    const spki = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), blob.subarray(-32)]);
    const pem = `-----BEGIN PUBLIC KEY-----\n${spki.toString("base64")}\n-----END PUBLIC KEY-----\n`;
    const [record] = play(beginning).records;
    const envelope = parseEnvelope(record?.bytes ?? new Uint8Array());
    if ("problem" in envelope) throw new Error(envelope.problem);
    writeFileSync(join(folder, "pub.pem"), pem);
    writeFileSync(join(folder, "message"), paeOf(envelope.payloadType, envelope.payload));
    writeFileSync(join(folder, "sig"), envelope.signatures[0]?.sig ?? "");
    const asked = spawnSync(
      "openssl",
      ["pkeyutl", "-verify", "-pubin", "-inkey", "pub.pem", "-rawin", "-in", "message", "-sigfile", "sig"],
      { cwd: folder },
    );
    expect(asked.stdout.toString()).toContain("Verified Successfully");
  });
});

describe("a signing key", () => {
  it("is read as ssh-keygen and openssl write it", () => {
    const made = newKey(folder, "ed");
    const read = parseSigningKey(readFileSync(made.file, "utf8"));
    if ("problem" in read) throw new Error(read.problem);
    expect(read.publicKey.text).toBe(parseSshPublicKey(made.publicKey)?.text);
    const pem = execFileSync("openssl", ["genpkey", "-algorithm", "ed25519"]).toString();
    const other = parseSigningKey(pem);
    if ("problem" in other) throw new Error(other.problem);
    const message = bytesOf("message");
    expect(other.publicKey.verifies("ssh-ed25519", other.sign(message), new Uint8Array(), message)).toBe(
      true,
    );
  });

  it("is refused when it is encrypted, another type, damaged or none, without a word of it", () => {
    const files = {
      encrypted: ["-t", "ed25519", "-N", "secret"],
      rsa: ["-t", "rsa", "-b", "2048", "-N", ""],
    };
    for (const [name, options] of Object.entries(files)) {
      execFileSync("ssh-keygen", ["-q", "-C", "", "-f", join(folder, name), ...options]);
      const found = parseSigningKey(readFileSync(join(folder, name), "utf8"));
      expect("problem" in found && found.problem).toMatch(name === "rsa" ? /no Ed25519/ : /encrypted/);
    }
    const whole = readFileSync(newKey(folder, "damaged").file, "utf8");
    const lines = whole.split("\n");
    const damaged = [lines[0], `${lines[1]?.slice(0, -4)}AAAA`, ...lines.slice(2)].join("\n");
    for (const odd of ["", "x".repeat(20_000), damaged, whole.slice(0, 100)])
      expect(parseSigningKey(odd)).toHaveProperty("problem");
  });
});

/** A beginning in which dave's and bob's keys are real ones. */
const keyed: readonly Step[] = [
  {
    edits: {
      [paths.registry]: settings("observe"),
      [paths.identity("bob")]: signerText("bob"),
      [paths.identity("dave")]: signerText("dave"),
    },
  },
  beginning[1]!,
];
const signed = (version: string, reason: string, by: "bob" | "dave" = "bob"): Step => ({
  ...tries(version, reason),
  approvers: [],
  signatures: ({ digest }) => [evidenceSignature(`identity:${by}`, approvalBy(by, digest), digest)],
});

describe("a signed approval", () => {
  it("is in its record, verifies with ssh-keygen, and makes the landing signed", () => {
    const chain = play([...keyed, signed("1.0.0", "Back")]);
    expect(chain.evidence[2]?.approvals).toEqual([
      {
        identity: "identity:bob",
        roles: ["role:fraud"],
        level: "signed",
        review: "signature:identity:bob",
        key: witnessKey("bob").publicKey.fingerprint,
      },
    ]);
    expect(audit(chain)).toMatchObject({ ok: true, assurance: "signed" });
    const [kept] = chain.evidence[2]?.facts.signatures ?? [];
    expect(
      sshAccepts(
        folder,
        witnessKey("bob").publicKey.text,
        "assent-approval@v1",
        `${kept?.digest.slice(7)}\n`,
        kept?.signature ?? "",
      ),
    ).toBe(true);
  });

  it("is spent by its landing", () => {
    const back = play([
      ...keyed,
      signed("1.0.0", "Back"),
      signed("1.1.0", "Try it."),
      signed("1.0.0", "Back"),
    ]);
    expect(back.evidence.slice(2).map(({ decision, reasons }) => [decision, reasons])).toEqual([
      ["APPROVED", []],
      ["APPROVED", []],
      ["VIOLATION", ["govern/spent"]],
    ]);
    expect(spelled(audit(back))).toEqual(["audit/violation 5"]);
  });

  it("over another change, by somebody else's key, or of nobody counts for nothing", () => {
    const wrong: Step = {
      ...signed("1.0.0", "Back"),
      signatures: ({ digest }) => [evidenceSignature("identity:bob", approvalBy("dave", digest), digest)],
    };
    const none: Step = {
      ...signed("1.0.0", "Back"),
      signatures: ({ digest }) => [evidenceSignature("identity:bob", "mallory@example.com", digest)],
    };
    for (const step of [wrong, none]) {
      const chain = play([...keyed, step]);
      expect(chain.evidence[2]).toMatchObject({ decision: "VIOLATION", approvals: [] });
      expect(spelled(audit(chain))).toEqual(["audit/violation 3"]);
      expect(JSON.stringify(chain.evidence)).not.toContain("mallory");
    }
  });
});

describe("a key that is revoked afterwards", () => {
  const revoke = (since: number): Step => ({
    edits: { [paths.identity("bob")]: signerText("bob", since) },
    by: "frank",
    approvers: ["dave"],
  });
  const story = [...keyed, signed("1.0.0", "Back"), tries("1.1.0", "Forth"), signed("1.0.0", "Again")];

  it.each<readonly [number, readonly string[]]>([
    [6, []],
    [5, ["audit/key-revoked 5"]],
    [4, ["audit/key-revoked 5"]],
    [3, ["audit/key-revoked 3", "audit/key-revoked 5"]],
    [1, ["audit/key-revoked 3", "audit/key-revoked 5"]],
  ])("since landing %i re-flags what it vouched for from there on", (since, expected) => {
    expect(spelled(audit(play([...story, revoke(since)])))).toEqual(expected);
  });

  it("is healed by going back to before, after which the key can be revoked for good", () => {
    const chain = play([
      ...story,
      revoke(5),
      { edits: {}, restores: 4, by: "frank", approvers: ["dave"] },
      revoke(5),
      tries("1.0.0", "Anew"),
    ]);
    expect(chain.evidence.slice(6).map(({ decision }) => decision)).toEqual([
      "APPROVED",
      "APPROVED",
      "APPROVED",
    ]);
    expect(audit(chain)).toMatchObject({ ok: true, healed: [[5, 6]] });
  });

  it("is doubted further back when its revocation is dated back", () => {
    expect(spelled(audit(play([...story, revoke(6), revoke(4)])))).toEqual(["audit/key-revoked 5"]);
  });

  it("leaves in doubt what a heal does not undo, and is no ground to go back to", () => {
    const back = (to: number): Step => ({ edits: {}, restores: to, by: "frank", approvers: ["dave"] });
    const partly = play([...story, revoke(1), back(4)]);
    expect(partly.evidence[6]).toMatchObject({ decision: "APPROVED", heals: { sequence: 4 } });
    expect(spelled(audit(partly))).toEqual(["audit/key-revoked 3"]);
    const doubted = play([...story, revoke(1), back(3)]);
    expect(doubted.evidence[6]).toMatchObject({ decision: "VIOLATION", heals: null });
  });

  it("takes with it what was said on top of what it vouched for", () => {
    const back: Step = { edits: {}, restores: 4, by: "frank", approvers: ["dave"] };
    const healed = play([...story, tries("1.1.0", "On top"), revoke(5), back]);
    expect(healed.evidence[7]?.decision).toBe("APPROVED");
    expect(healed.state.scopes).toEqual(play(story.slice(0, 4)).state.scopes);
  });

  it("is asked about as well where it signed the head", () => {
    const facts = {
      origin: "git",
      author: null,
      headKey: witnessKey("alice").publicKey.fingerprint,
      commits: [],
      reviews: [],
    } as const;
    const [first, second] = keyed as readonly [Step, Step];
    const edits = { ...first.edits, [paths.identity("alice")]: signerText("alice") };
    const gone = { ...revoke(3), edits: { [paths.identity("alice")]: signerText("alice", 3) } };
    const chain = play([{ edits }, second, { ...signed("1.0.0", "Back"), facts }, gone]);
    expect(chain.evidence[2]?.decision).toBe("APPROVED");
    expect(chain.state.unhealed).toMatchObject([{ sequence: 3, code: "audit/key-revoked" }]);
  });

  it("does not count for what is signed with it afterwards", () => {
    const chain = play([...story, revoke(6), signed("1.1.0", "More")]);
    expect(chain.evidence[6]).toMatchObject({ decision: "VIOLATION", approvals: [] });
  });
});

describe("a workflow's identity as witness", () => {
  const sigstore = {
    issuer: "https://token.actions.githubusercontent.com",
    identity: "https://github.com/acme/witness/.github/workflows/record.yaml@refs/heads/main",
  };
  const named = settings("enforce").concat(
    `witness:\n  - sigstore: { issuer: "${sigstore.issuer}", identity: "${sigstore.identity}" }\n`,
  );
  const chain = play([
    beginning[0]!,
    { edits: { [paths.registry]: named }, by: "frank", approvers: ["dave"] },
    tries("1.0.0", "Back"),
  ]);
  /** The records as sigstore signs them: by a key of the moment, which has no name; whose it was is in the bundle. */
  const vouchedBy = (identity: object | undefined, keyid = ""): Chain => {
    let previousRecord: Digest | null = null;
    const records = chain.records.map(({ path }, index) => {
      const evidence: Evidence = { ...chain.evidence[index]!, previousRecord };
      const sig = witnessKey("of the moment").sign(recordMessage(evidence));
      const bytes = renderRecord(evidence, [{ keyid, sig }]);
      previousRecord = digestOfBytes(bytes);
      return { path, bytes, ...(identity && { sigstore: { ...sigstore, ...identity } }) };
    });
    return { ...chain, records };
  };

  it("counts letter by letter, for what its bundle vouches for, and beside no key's name", () => {
    expect(audit(vouchedBy({}))).toMatchObject({ ok: true, assurance: "forge" });
    const strange = ["audit/record-resigned 2", "audit/record-resigned 3"];
    for (const other of [undefined, { identity: `${sigstore.identity}x` }, { issuer: "https://example.com" }])
      expect(spelled(audit(vouchedBy(other)))).toEqual(strange);
    expect(spelled(audit(vouchedBy({}, witnessKey("w1").publicKey.fingerprint)))).toEqual(strange);
  });
});

describe("a trust anchor", () => {
  const anchor = audit(play(beginning)).anchor as Anchor;

  it("comes back as it was, its keys without comments", () => {
    expect(parseAnchor(renderAnchor(anchor))).toEqual(anchor);
    const commented = {
      ...anchor,
      witness: anchor.witness.map(({ sshPublicKey }) => ({ sshPublicKey: `${sshPublicKey} a comment` })),
    };
    expect(renderAnchor(commented)).toBe(renderAnchor(anchor));
    const certificate = { ...anchor, witness: [{ sigstore: { issuer: "https://x", identity: "y" } }] };
    expect(parseAnchor(renderAnchor(certificate))).toEqual(certificate);
  });

  it.each<readonly [string, object]>([
    ["another format", { format: "assent.anchor/v2" }],
    ["a key nobody knows", { more: 1 }],
    ["no registry", { registry: "" }],
    ["a branch that is none", { ref: "main" }],
    ["landing zero", { sequence: 0 }],
    ["no commit", { landing: "main" }],
    ["no digest", { record: "sha256:1" }],
    ["a witness that is none", { witness: [{}] }],
    ["a witness with two faces", { witness: [{ sshPublicKey: "x", sigstore: {} }] }],
    ["a key that is none", { witness: [{ sshPublicKey: "ssh-dss AAAA" }] }],
  ])("is refused with %s", (_, wrong) => {
    expect(() => parseAnchor(JSON.stringify({ ...anchorDocument(anchor), ...wrong }))).toThrowError(
      /cannot be used/,
    );
  });
});

describe("a record's place", () => {
  it("is its number's, and no other path is one", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 ** 9 }), (sequence) => {
        expect(sequenceOfPath(recordPath(sequence))).toBe(sequence);
      }),
    );
    for (const odd of [
      "log/0/0.dsse.json",
      "log/1/1.dsse.json",
      "log/0/01.dsse.json",
      "log/00/1.dsse.json",
      "log/0/1.json",
      "log/0/1.dsse.json/x",
      "x/log/0/1.dsse.json",
    ])
      expect([odd, sequenceOfPath(odd)]).toEqual([odd, undefined]);
  });

  it("spells paths of any bytes, no two alike", () => {
    const odd = pathOfBytes(Uint8Array.of(0x61, 0xff));
    expect(spelledPath(odd)).toBe("%bytes:61ff");
    expect(spelledPath("%bytes:61ff")).toBe(`%bytes:${Buffer.from("%bytes:61ff").toString("hex")}`);
    const chain = play([...beginning, { ...tries("1.0.0", "Back"), edits: { [`registry/${odd}`]: "x" } }]);
    expect(chain.evidence[2]?.paths.map(({ path }) => path)).toEqual([`registry/${odd}`]);
    expect(spelled(audit(chain))).toEqual(["audit/violation 3"]);
  });
});

describe("a prefix that was verified", () => {
  const steps = [
    ...keyed,
    signed("1.0.0", "Back"),
    tries("1.1.0", "Forth"),
    { ...tries("1.0.0", "x"), approvers: [] },
    { edits: {}, restores: 4, by: "frank", approvers: ["dave"] } as Step,
    tries("1.0.0", "Now"),
  ];
  const chain = play(steps);
  const cut = (at: number): Chain => ({
    ...chain,
    landed: chain.landed.slice(0, at),
    records: chain.records.slice(0, at),
  });

  it("is gone on from anywhere, and comes to the same", () => {
    const whole = verifyChain(inputOf(chain));
    expect(whole.report.ok).toBe(true);
    for (let at = 1; at < steps.length; at++) {
      const { state } = verifyChain(inputOf(cut(at)));
      const remembered = recallChain(rememberChain(state, VERSION), {
        anchor: null,
        ref: REF,
        evaluator: VERSION,
      });
      expect(remembered).toEqual(state);
      const rest = verifyChain({
        ...inputOf(chain),
        landed: chain.landed.slice(at),
        records: chain.records.slice(at),
        remembered,
      });
      expect(rest.state).toEqual(whole.state);
      expect({ ...rest.report, transitions: [], remembered: null }).toEqual({
        ...whole.report,
        transitions: [],
      });
    }
  });

  it("is forgotten for another anchor, branch or program, when damaged, or when what it saw is gone", () => {
    const { state, report } = verifyChain(inputOf(chain));
    const kept = rememberChain(state, VERSION);
    const asked = { anchor: null, ref: REF, evaluator: VERSION };
    expect(recallChain(kept, { ...asked, ref: "refs/heads/x" })).toBeUndefined();
    expect(recallChain(kept, { ...asked, evaluator: "1.2.1" })).toBeUndefined();
    expect(recallChain(kept, { ...asked, anchor: report.anchor })).toBeUndefined();
    for (const odd of ["", "\n", kept.slice(0, -1), kept.replace('"landings":7', '"landings":8')])
      expect(recallChain(odd, asked)).toBeUndefined();
    const pinned = verifyChain(inputOf(chain, { anchor: report.anchor })).state;
    expect(recallChain(rememberChain(pinned, VERSION), { ...asked, anchor: report.anchor })).toEqual(pinned);
    const digestAt = (sequence: number) => digestOfBytes(chain.records[sequence - 1]?.bytes ?? "");
    expect(isStillThere(state, chain.line, digestAt)).toBe(true);
    expect(isStillThere(state, chain.line, () => digestOfBytes("other"))).toBe(false);
    expect(isStillThere(state, { ...chain.line, sequenceOf: () => undefined }, digestAt)).toBe(false);
  });
});

describe("random histories", () => {
  const step = fc.record({
    version: fc.constantFrom("1.0.0", "1.1.0", "none", "inherit"),
    approved: fc.boolean(),
    how: fc.constantFrom("review", "signature"),
    heals: fc.integer({ min: 2, max: 8 }),
  });

  it("verify as they were recorded: nothing but violations that stand, and what was moved is found", () => {
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 7 }),
        fc.nat(),
        fc.nat(),
        (drawn, first, second) => {
          const steps = [...keyed];
          for (const [index, { version, approved, how, heals }] of drawn.entries()) {
            if (!approved && heals < steps.length)
              steps.push({ edits: {}, restores: heals, by: "frank", approvers: ["dave"] });
            else if (!approved) steps.push({ ...tries(version, `r${index}`), approvers: [] });
            else steps.push(how === "review" ? tries(version, `r${index}`) : signed(version, `r${index}`));
          }
          const chain = play(steps);
          const { report, state } = verifyChain(inputOf(chain));
          expect(report.violations.filter(({ code }) => code !== "audit/violation")).toEqual([]);
          // The verifier, who knows nothing but the repository, comes to what the recorder came to.
          expect({ ...state, anchor: null }).toEqual({ ...chain.state, anchor: null });
          const [a, b] = [3 + (first % (steps.length - 2)), 3 + (second % (steps.length - 2))];
          if (a === b) return;
          const swapped = chain.records.map((file, index) =>
            index + 1 === a
              ? { ...file, bytes: chain.records[b - 1]!.bytes }
              : index + 1 === b
                ? { ...file, bytes: chain.records[a - 1]!.bytes }
                : file,
          );
          const found = audit({ ...chain, records: swapped }).violations.map(({ code }) => code);
          expect(found.filter((code) => code === "audit/record-reordered").length).toBe(2);
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe("what is published", () => {
  const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true, strictRequired: false });
  const wire = join(import.meta.dirname, "../../schemas/wire");
  for (const file of readdirSync(wire))
    ajv.addSchema(JSON.parse(readFileSync(join(wire, file), "utf8")) as object);
  const fits = (name: string, value: unknown): unknown => {
    const validate = ajv.getSchema(`https://assent.dev/schemas/wire/v1/${name}.schema.json`);
    return validate?.(value) === true ? "fits" : validate?.errors;
  };

  it("fits every record, report and anchor, and nothing with a key more", () => {
    const chain = play([
      ...keyed,
      signed("1.0.0", "Back"),
      { ...tries("1.1.0", "x"), approvers: [] },
      { edits: {}, restores: 3, by: "frank", approvers: ["dave"] },
    ]);
    for (const { bytes } of chain.records) {
      const record = parseRecord(bytes);
      if ("problem" in record) throw new Error(record.problem);
      const statement = JSON.parse(text(record.envelope.payload)) as { predicate: object };
      expect(fits("evidence", statement)).toBe("fits");
      expect(fits("evidence", { ...statement, predicate: { ...statement.predicate, more: 1 } })).not.toBe(
        "fits",
      );
    }
    for (const landings of [2, 4, 5]) {
      const report = audit({ ...chain, landed: chain.landed.slice(0, landings) });
      expect(fits("audit", auditDocument(report))).toBe("fits");
      expect(fits("anchor", anchorDocument(report.anchor as Anchor))).toBe("fits");
    }
  });
});

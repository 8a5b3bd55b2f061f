/**
 * Evidence signed by a workflow's identity, through sigstore's own protocol, and what somebody may try who has an identity
 * as well: everybody does. Verifying is offline throughout; the stand-in has stopped by then.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openIdentitySigner } from "../../src/adapters/keys/sigstore.ts";
import { openBelief } from "../../src/app/audit/believed-record.ts";
import { SIGSTORE_ROOT } from "../../src/app/audit/certified.ts";
import { recordEvidence, type RecordResult } from "../../src/app/audit/record.ts";
import { verifyAudit } from "../../src/app/audit/verify.ts";
import { PAYLOAD_TYPE, type Evidence } from "../../src/core/audit/evidence.ts";
import { parseRecord, payloadOf, renderRecord } from "../../src/core/audit/record.ts";
import type { Instant } from "../../src/core/model/instant.ts";
import { isObject, type Json, type JsonObject } from "../../src/core/model/json.ts";
import { certifierOf } from "../../src/core/trust/sigstore.ts";
import { joinPorts } from "../../src/join.ts";
import { evidenceAt, evidenceBranch, recordAt, replaceRecord } from "../evidence-on-disk.ts";
import { paths } from "../govern-world.ts";
import { now, startLand, type Land } from "../no-forge-land.ts";
import { git, newFolder, plainEnvironment } from "../repository-on-disk.ts";
import { startSigstore, type Claims, type SigstoreStandIn } from "../sigstore-stand-in.ts";

const version = "1.0.0";
const issuer = "https://token.actions.githubusercontent.com";
const identity = "https://github.com/acme/witness/.github/workflows/assent-witness.yml@refs/heads/main";
const named: Claims = { iss: issuer, sub: identity };
const at = { timeout: 120_000 };

let sigstore: SigstoreStandIn;
let stranger: SigstoreStandIn;
let land: Land;
/** Where evidence stood when all of it was right. */
let right = "";

const recordBy = (env: Readonly<Record<string, string>>, folder = land.folder): Promise<RecordResult> => {
  const ports = joinPorts({
    env: { ...plainEnvironment, ...env },
    seconds: () => Date.parse(now) / 1000,
  });
  const asOf = now as Instant;
  return recordEvidence({ folder, asOf, reviews: [], isOutside: true, version }, ports);
};

/** A record of this evidence by whoever has these claims. */
async function signedBy(
  claims: Claims,
  evidence: Evidence,
  authority = sigstore,
  change: (material: JsonObject) => JsonObject = (material) => material,
): Promise<Uint8Array> {
  const signer = openIdentitySigner(authority.withToken(claims));
  if (signer === undefined) throw new Error("there is no token");
  const { sig, material } = await signer.sign(PAYLOAD_TYPE, payloadOf(evidence));
  return renderRecord(evidence, [{ keyid: "", sig }], change(material));
}

/** What verifying says about the history with another file in the place of landing 3's record. */
async function withRecord(bytes: Uint8Array | null): Promise<readonly string[]> {
  git(land.folder, ["update-ref", evidenceBranch, right]);
  if (bytes !== null) replaceRecord(land.folder, 3, bytes);
  const report = await verifyAudit({ folder: land.folder, afresh: true, version }, land.ports);
  git(land.folder, ["update-ref", evidenceBranch, right]);
  return report.violations.map(({ code, message }) => {
    const why = /\((it [^)]*|nothing [^)]*|its [^)]*)\)/.exec(message)?.[1];
    return why === undefined ? code : `${code}: ${why}`;
  });
}

beforeAll(async () => {
  [sigstore, stranger] = await Promise.all([startSigstore(), startSigstore()]);
  land = startLand({
    [paths.registry]: (text) =>
      `${text}witness:\n  - sigstore: { issuer: "${issuer}", identity: "${identity}" }\n`,
    [SIGSTORE_ROOT]: () => sigstore.trustedRoot,
  });
  for (const bundle of ["1.0.0", "1.1.0"]) {
    const text = `bundle: "${bundle}"\nreason: Let ${bundle} soak.\n`;
    const head = land.commit("alice", { [paths.live("stage/fraud/score")]: text });
    await land.approve("bob", head);
    git(land.folder, ["update-ref", "refs/heads/main", head]);
  }
  await recordBy(sigstore.inWorkflow(named));
  right = land.ref(evidenceBranch);
  return async () => {
    land.remove();
    await Promise.all([sigstore.stop(), stranger.stop()]);
  };
}, 120_000);

describe("a workflow's identity", at, () => {
  test("signs what is recorded, and a clone verifies it offline", async () => {
    expect(parseRecord(recordAt(land.folder, 3))).toMatchObject({
      evidence: { decision: "APPROVED", sequence: 3 },
      envelope: {
        signatures: [{ keyid: "" }],
        material: { tlogEntries: [{ kindVersion: { kind: "dsse" } }] },
      },
    });
    const report = await verifyAudit({ folder: land.folder, afresh: true, version }, land.ports);
    expect([report.ok, report.records, report.violations]).toEqual([true, 2, []]);
  });

  test("by a token that is at hand, and nothing without one", async () => {
    const own = startLand({
      [paths.registry]: (text) =>
        `${text}witness:\n  - sigstore: { issuer: "${issuer}", identity: "${identity}" }\n`,
      [SIGSTORE_ROOT]: () => sigstore.trustedRoot,
    });
    const head = own.commit("alice", { "README.md": "Nothing governed.\n" });
    git(own.folder, ["update-ref", "refs/heads/main", head]);
    await expect(recordBy({}, own.folder)).rejects.toMatchObject({ code: "audit/no-key" });
    const token = sigstore.withToken(named);
    const broken = { ...token, SIGSTORE_ID_TOKEN: "not-a-token-but-secret" };
    const failure: unknown = await recordBy(broken, own.folder).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "sigstore/not-signed" });
    expect(String(failure)).not.toContain("not-a-token-but-secret");
    const refused = { ...sigstore.inWorkflow(named), ACTIONS_ID_TOKEN_REQUEST_TOKEN: "another" };
    await expect(recordBy(refused, own.folder)).rejects.toMatchObject({ code: "sigstore/no-token" });
    expect((await recordBy(token, own.folder)).recorded.map(({ sequence }) => sequence)).toEqual([2]);
    own.remove();
  });

  test("with a timestamp beside the log's entry, which must be about this signature too", async () => {
    const evidence = evidenceAt(land.folder, 3);
    const stamped = { ...sigstore, withToken: sigstore.withTimestamps };
    expect(await withRecord(await signedBy(named, evidence, stamped))).toEqual([]);
    const other = parseRecord(await signedBy(named, evidence, stamped));
    if (!("envelope" in other)) throw new Error(other.problem);
    const { timestampVerificationData } = other.envelope.material ?? {};
    const forged = await signedBy(named, evidence, stamped, (material) => ({
      ...material,
      timestampVerificationData,
    }));
    expect(await withRecord(forged)).toEqual(["audit/record-resigned: it does not verify: TIMESTAMP_ERROR"]);
  });

  test("a root that is pinned outside counts instead of the registry's", async () => {
    const folder = newFolder();
    const verifyWith = async (root: string): Promise<readonly string[]> => {
      writeFileSync(join(folder, "root.json"), root);
      const sigstoreRoot = join(folder, "root.json");
      const { violations } = await verifyAudit(
        { folder: land.folder, sigstoreRoot, afresh: false, version },
        land.ports,
      );
      return [...new Set(violations.map(({ code }) => code))];
    };
    expect(await verifyWith(sigstore.trustedRoot)).toEqual([]);
    expect(await verifyWith(stranger.trustedRoot)).toEqual(["audit/record-resigned"]);
    expect(await verifyWith("{}")).toEqual(["audit/record-resigned"]);
  });

  test("the gate believes it as the audit does", async () => {
    const repository = await land.ports.openReceiving(land.folder);
    const landings = await repository.landings(land.main());
    const beliefs = async (): Promise<readonly string[]> => {
      const believe = await openBelief(landings, land.ref(evidenceBranch), repository);
      const found: string[] = [];
      for await (const { status } of believe(landings)) found.push(status);
      return found;
    };
    expect(await beliefs()).toEqual(["unwitnessed", "believed", "believed"]);
    const other = { ...named, sub: `${identity}2` };
    replaceRecord(land.folder, 3, await signedBy(other, evidenceAt(land.folder, 3)));
    expect(await beliefs()).toEqual(["unwitnessed", "believed", "refused"]);
    git(land.folder, ["update-ref", evidenceBranch, right]);
  });
});

test("a landing that was cut off, and whose record is still there, is named as such", at, async () => {
  const tip = land.main();
  git(land.folder, ["update-ref", "refs/heads/main", `${tip}~1`]);
  expect(await withRecord(null)).toEqual(["audit/rewritten"]);
  const forged = await signedBy({ ...named, sub: `${identity}2` }, evidenceAt(land.folder, 3));
  expect(await withRecord(forged)).toEqual(["audit/record-extra"]);
  git(land.folder, ["update-ref", "refs/heads/main", tip]);
});

const others: readonly (readonly [string, Claims])[] = [
  ["another workflow", { iss: issuer, sub: identity.replace("assent-witness", "evil") }],
  ["another branch of the workflow", { iss: issuer, sub: identity.replace("heads/main", "heads/evil") }],
  ["an identity that begins like it", { iss: issuer, sub: `${identity}-evil` }],
  ["an identity that ends like it", { iss: issuer, sub: `https://evil.example/?${identity}` }],
  [
    "an identity that it matches as a pattern",
    { iss: issuer, sub: identity.replace("github.com", "githubxcom") },
  ],
  ["another issuer", { iss: "https://evil.example", sub: identity }],
  ["an issuer that begins like it", { iss: `${issuer}.evil.example`, sub: identity }],
];

describe("somebody else's identity", at, () => {
  test.each(others)("%s records nothing, and counts for nothing", async (_, claims) => {
    git(land.folder, ["update-ref", evidenceBranch, git(land.folder, ["rev-parse", `${right}~1`]).trim()]);
    // Nothing of what this repository has verified before is to be in the way.
    rmSync(join(land.folder, "assent"), { recursive: true, force: true });
    const refused = recordBy(sigstore.withToken(claims)).catch((error: unknown) => error);
    expect(await refused).toMatchObject({ code: "audit/not-a-witness" });
    git(land.folder, ["update-ref", evidenceBranch, right]);
    const forged = await signedBy(claims, evidenceAt(land.folder, 3));
    expect(await withRecord(forged)).toEqual(["audit/record-resigned"]);
  });

  test("of another sigstore, whatever it says", async () => {
    const forged = await signedBy(named, evidenceAt(land.folder, 3), stranger);
    expect(await withRecord(forged)).toEqual([
      "audit/record-resigned: it does not verify: CERTIFICATE_ERROR",
    ]);
  });
});

describe("a bundle that is not of this record", at, () => {
  test("of another record, of another registry", async () => {
    const evidence = evidenceAt(land.folder, 3);
    const elsewhere = { ...evidence, registry: "another" };
    expect(await withRecord(await signedBy(named, elsewhere))).toEqual(["audit/wrong-registry"]);
    // Their signature and log entry, over our statement.
    const theirs = parseRecord(await signedBy(named, elsewhere));
    if (!("envelope" in theirs)) throw new Error(theirs.problem);
    const { signatures, material } = theirs.envelope;
    expect(await withRecord(renderRecord(evidence, signatures, material))).toEqual([
      "audit/record-resigned: it does not verify: TLOG_BODY_ERROR",
    ]);
  });

  test.each<[string, (material: JsonObject) => JsonObject, string]>([
    [
      "no entry of the log",
      (material) => ({ ...material, tlogEntries: undefined }),
      "it does not verify: TIMESTAMP_ERROR",
    ],
    [
      "an empty list of entries",
      (material) => ({ ...material, tlogEntries: [] }),
      "its bundle is not spelled as bundles are",
    ],
    [
      "an entry without its promise, which is the only time there is",
      (material) => entry(material, (each) => ({ ...each, inclusionPromise: undefined })),
      "it does not verify: TIMESTAMP_ERROR",
    ],
    [
      "an entry that moved in time",
      (material) => entry(material, (each) => ({ ...each, integratedTime: "1700000000" })),
      "it does not verify: CERTIFICATE_ERROR",
    ],
    [
      "one entry twice",
      ({ tlogEntries, ...rest }) => ({
        ...rest,
        tlogEntries: Array.isArray(tlogEntries) ? [...tlogEntries, ...tlogEntries] : [],
      }),
      "it does not verify: TIMESTAMP_ERROR",
    ],
    [
      "a key that nobody reads",
      (material) => ({ ...material, note: "x" }),
      "its bundle is not spelled as bundles are",
    ],
    ["no certificate", (material) => ({ ...material, certificate: undefined }), "its bundle cannot be read"],
    [
      "a bare key in place of a certificate",
      (material) => ({ ...material, certificate: undefined, publicKey: { hint: identity } }),
      "it holds no certificate",
    ],
  ])("%s", async (_, change, expected) => {
    const forged = await signedBy(named, evidenceAt(land.folder, 3), sigstore, change);
    expect(await withRecord(forged)).toEqual([`audit/record-resigned: ${expected}`]);
  });

  test("a certificate that had run out when its use was logged", async () => {
    const late = await startSigstore(new Date(Date.now() + 3_600_000));
    const record = parseRecord(await signedBy(named, evidenceAt(land.folder, 3), late));
    await late.stop();
    const certify = certifierOf(late.trustedRoot);
    if (typeof certify !== "function" || !("envelope" in record)) throw new Error("unreadable");
    expect(certify(record.envelope)).toEqual({ problem: "it does not verify: CERTIFICATE_ERROR" });
  });

  test("any other byte", () => {
    const certify = certifierOf(sigstore.trustedRoot);
    if (typeof certify !== "function") throw new Error(certify.problem);
    const bytes = recordAt(land.folder, 3);
    const left: string[] = [];
    // All of them take half a minute; each of these stands for its neighbours.
    for (let place = 0; place < bytes.length; place += 5) {
      const changed = Uint8Array.from(bytes);
      changed[place] = (changed[place] ?? 0) ^ 1;
      const record = parseRecord(changed);
      if (!("envelope" in record)) continue;
      if (!("problem" in certify(record.envelope)))
        left.push(new TextDecoder().decode(changed.slice(place - 30, place + 30)));
    }
    expect(left).toEqual([]);
  });
});

function entry(material: JsonObject, change: (entry: JsonObject) => JsonObject): JsonObject {
  const entries = material["tlogEntries"];
  const [first]: readonly Json[] = Array.isArray(entries) ? entries : [];
  return { ...material, tlogEntries: isObject(first) ? [change(first)] : [] };
}

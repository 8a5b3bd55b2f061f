/**
 * Who made a release, by sigstore's own protocol, and what somebody may try who has an identity as well. Verifying is
 * offline; the stand-in has stopped by then.
 */
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { openIdentitySigner } from "../../src/adapters/keys/sigstore.ts";
import { canonicalJson } from "../../src/core/model/canonical.ts";
import { isObject, type Json } from "../../src/core/model/json.ts";
import type { Instant } from "../../src/core/model/instant.ts";
import {
  PROVENANCE_TYPE,
  provenancePayload,
  renderProvenance,
  verifyProvenance,
} from "../../src/core/trust/provenance.ts";
import { certifierOf } from "../../src/core/trust/sigstore.ts";
import type { Release } from "../../src/core/trust/tuf/release.ts";
import { generate, releaseWorld } from "../release-world.ts";
import { startSigstore, type Claims } from "../sigstore-stand-in.ts";

const issuer = "https://token.actions.githubusercontent.com";
const identity = "https://github.com/acme/registry/.github/workflows/release.yml@refs/heads/main";
const release: Release = {
  pair: { sequence: 7, asOf: "2026-07-01T00:00:00Z" as Instant },
  registry: "acme",
  commit: "c".repeat(40),
  assurance: "none",
  manifest: { sha256: "a".repeat(64), length: 1 },
};

let trustedRoot = "";
let good: Uint8Array;
const by = new Map<string, Uint8Array>();
const others: Readonly<Record<string, Claims>> = {
  "another workflow of the repository": { iss: issuer, sub: identity.replace("release.yml", "tests.yml") },
  "the same workflow of another repository": {
    iss: issuer,
    sub: identity.replace("acme/registry", "acme/registry2"),
  },
  "a longer name that ends as it does": { iss: issuer, sub: `https://evil.example/${identity}` },
  "a longer name that begins as it does": { iss: issuer, sub: `${identity}-2` },
  "a name that fits it as a pattern": { iss: issuer, sub: identity.replace("github.com", "githubXcom") },
  "the same name by another issuer": { iss: "https://evil.example", sub: identity },
};

beforeAll(async () => {
  const sigstore = await startSigstore();
  try {
    trustedRoot = sigstore.trustedRoot;
    const signedBy = async (claims: Claims, of = release): Promise<Uint8Array> => {
      const signer = openIdentitySigner(sigstore.withToken(claims));
      if (signer === undefined) throw new Error("there is no token");
      const payload = provenancePayload(of, "1.0.0");
      return renderProvenance(payload, await signer.sign(PROVENANCE_TYPE, payload));
    };
    good = await signedBy({ iss: issuer, sub: identity });
    for (const [name, claims] of Object.entries(others)) by.set(name, await signedBy(claims));
    const manifest = { ...release.manifest, sha256: "b".repeat(64) };
    for (const [name, of] of Object.entries({
      "another manifest": { ...release, manifest },
      "another commit": { ...release, commit: "d".repeat(40) },
      "another landing": { ...release, pair: { ...release.pair, sequence: 8 } },
      "another registry": { ...release, registry: "evil" },
    }))
      by.set(name, await signedBy({ iss: issuer, sub: identity }, of));
    const stranger = await startSigstore();
    const signer = openIdentitySigner(stranger.withToken({ iss: issuer, sub: identity }));
    const payload = provenancePayload(release, "1.0.0");
    if (signer !== undefined)
      by.set(
        "a sigstore that nobody trusts",
        renderProvenance(payload, await signer.sign(PROVENANCE_TYPE, payload)),
      );
    await stranger.stop();
  } finally {
    await sigstore.stop();
  }
}, 60_000);

const verify = (bytes: Uint8Array) => {
  const certifier = certifierOf(trustedRoot);
  if ("problem" in certifier) throw new Error(certifier.problem);
  return verifyProvenance(bytes, release, { certifier, issuer, identity });
};

describe("a provenance", () => {
  it("says who made exactly this release", () => {
    expect(verify(good)).toEqual({ issuer, identity });
    const bundle = JSON.parse(new TextDecoder().decode(good)) as Record<string, Json>;
    expect(bundle).toMatchObject({ mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json" });
    const envelope = bundle["dsseEnvelope"];
    const payload = isObject(envelope) ? Buffer.from(String(envelope["payload"]), "base64").toString() : "";
    expect(JSON.parse(payload)).toMatchObject({
      _type: "https://in-toto.io/Statement/v1",
      predicateType: "https://slsa.dev/provenance/v1",
      subject: [{ name: "manifest.json", digest: { sha256: release.manifest.sha256 } }],
    });
  });

  it.each([
    ...Object.keys(others),
    "another manifest",
    "another commit",
    "another landing",
    "another registry",
    "a sigstore that nobody trusts",
  ])("is none where it is of %s", (name) => {
    const bytes = by.get(name);
    expect(bytes).toBeDefined();
    expect(verify(bytes ?? new Uint8Array())).toEqual({ problem: expect.any(String) as string });
  });

  it("is none where any part of it was changed or is missing", () => {
    const bundle = JSON.parse(new TextDecoder().decode(good)) as Record<string, Record<string, Json>>;
    const spelled = (value: object): Uint8Array => Buffer.from(canonicalJson(value as Json));
    const envelope = bundle["dsseEnvelope"] ?? {};
    const signatures = envelope["signatures"] as readonly Json[];
    const changed = [
      {},
      { ...bundle, verificationMaterial: undefined },
      { ...bundle, dsseEnvelope: { ...envelope, signatures: [] } },
      { ...bundle, dsseEnvelope: { ...envelope, signatures: [...signatures, ...signatures] } },
      { ...bundle, dsseEnvelope: { ...envelope, payloadType: "text/plain" } },
      { ...bundle, dsseEnvelope: { ...envelope, payload: Buffer.from("{}").toString("base64") } },
    ];
    for (const each of changed)
      expect(verify(spelled(JSON.parse(JSON.stringify(each)) as object))).toEqual({
        problem: expect.any(String) as string,
      });
    expect(verify(Buffer.from("no JSON"))).toEqual({ problem: "it is no bundle of a provenance" });
    expect(verify(new Uint8Array(300_000))).toEqual({ problem: "it is no bundle of a provenance" });
  });
});

describe("through the program", () => {
  it(
    "stands beside the manifest, survives a refresh, and is asked for by name",
    { timeout: 60_000 },
    async () => {
      const world = await releaseWorld();
      await generate(world);
      const refused = await world.release("--provenance", "--format", "json");
      expect([refused.code, JSON.parse(refused.stdout)]).toMatchObject([2, { code: "release/no-identity" }]);
      const sigstore = await startSigstore();
      try {
        Object.assign(world.env, sigstore.withToken({ iss: issuer, sub: identity }));
        const { code, stderr } = await world.release("--provenance");
        expect([code, stderr]).toEqual([0, ""]);
      } finally {
        await sigstore.stop();
      }
      await world.release("--refresh");
      const root = join(dirname(world.folder), "sigstore-root.json");
      writeFileSync(root, sigstore.trustedRoot);
      const verified = (...words: readonly string[]) =>
        world.run(
          "verify",
          world.out,
          "--trust",
          "trust/1.root.json",
          "--provenance",
          root,
          ...words,
          "--format",
          "json",
        );
      const right = await verified("--identity", identity, "--issuer", issuer);
      expect([right.code, JSON.parse(right.stdout)]).toMatchObject([
        0,
        { ok: true, provenance: { issuer, identity } },
      ]);
      for (const [who, by] of [
        [identity.replace("main", "m.*"), issuer],
        [identity, "https://evil.example"],
      ] as const) {
        const wrong = await verified("--identity", who, "--issuer", by);
        expect([wrong.code, JSON.parse(wrong.stdout)]).toMatchObject([
          2,
          { code: "release/unproven", category: "auth" },
        ]);
      }
      world.land({ "registry/governance/roles/tries.yaml": "title: Tries\nmembers: []\n" });
      await world.release();
      const without = await verified("--identity", identity, "--issuer", issuer);
      expect(JSON.parse(without.stdout)).toMatchObject({ code: "release/unproven" });
    },
  );
});

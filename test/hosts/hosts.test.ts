/**
 * Every kind of host, for real: a release is pushed, verified and pulled; the next one sends only what changed; what the
 * clients of a host would refuse is not pushed to it. The same table for all of them.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { parseS3Address, s3Url, signedHeaders } from "../../src/client/source/s3-signature.ts";
import { hostKindOf } from "../../src/client/source/open.ts";
import { parseOciAddress } from "../../src/client/source/oci-session.ts";
import { one, sha256 } from "../tuf-repository.ts";
import { evil } from "./evil.ts";
import { assent, assentJson, kinds, missingFor, newPlace } from "./places.ts";
import { newFolder, newRelease, newRoles, valuesWith } from "./release.ts";

interface Row {
  readonly address: string;
  readonly sent: number;
  readonly unchanged: number;
  readonly bytes: number;
  readonly moved: boolean;
  readonly atomic: boolean;
}

async function push(
  to: readonly string[],
  release: string,
  env: Readonly<Record<string, string>>,
): Promise<readonly Row[]> {
  const answer = await assentJson(["push", ...to, "--release", release], env);
  expect(answer).toMatchObject({ format: "assent.push/v1", registry: "test" });
  return answer["destinations"] as readonly Row[];
}

const emptyVariables = Object.fromEntries(
  [
    "ASSENT_OCI_HOST",
    "ASSENT_OCI_PASSWORD",
    "ASSENT_OCI_USERNAME",
    "AWS_ACCESS_KEY_ID",
    "AWS_DEFAULT_REGION",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "DOCKER_CONFIG",
    "GITHUB_API_URL",
    "GITHUB_TOKEN",
  ].map((name) => [name, ""]),
);

describe.each(kinds)("%s", (kind) => {
  const reason = missingFor(kind);

  it.skipIf(reason !== undefined)(
    "takes releases one after the other, and gives them back whole",
    async () => {
      const place = await newPlace(kind);
      const { address } = place;
      // As in a workflow: what there is no secret for is there, and empty.
      const env = { ...emptyVariables, ...place.env };
      const roles = newRoles();
      const first = newRelease({ roles, version: 1 });
      const nothing = ["pull", address, "--out", join(newFolder(), "none"), "--trust", first.root];
      expect(await assentJson(nothing, env)).toMatchObject({ code: "release/missing", retryable: true });
      expect(await assentJson([...nothing, "--if-any"], env)).toMatchObject({
        format: "assent.pull/v1",
        sequence: null,
        fetched: 0,
      });
      const total = first.files.size;
      const size = [...first.files.values()].reduce((sum, { length }) => sum + length, 0);
      const [sent] = await push([address], first.folder, env);
      expect(sent).toMatchObject({ address, sent: total, unchanged: 0, moved: true });
      // A manifest or an index comes on top, where a host needs one; the S3 store and the folder need none.
      const overhead = (sent?.bytes ?? 0) - size;
      if (kind === "directory" || kind === "s3") expect(overhead).toBe(0);
      else expect(overhead / total).toBeLessThan(600);

      const resolved = ["resolve", "prod/fraud/score", "--snapshot", address, "--trust", first.root];
      expect(await assentJson(resolved, env)).toMatchObject({
        outcome: "resolved",
        bundle: { ref: "bundle:fraud/score@1.0.0" },
        snapshot: { sequence: 1 },
      });

      const verified = await assentJson(["verify", address, "--trust", first.root], env);
      expect(verified).toMatchObject({ ok: true, registry: "test", sequence: 1, files: total, bytes: size });
      expect(verified["roles"]).toMatchObject(
        ["root", "targets", "snapshot", "timestamp"].map((role) => ({
          role,
          version: 1,
          threshold: 1,
          signedBy: [roles[role as "root"].keys[0]?.id],
        })),
      );

      // Again: nothing travels and nothing moves.
      expect(await push([address], first.folder, env)).toEqual([
        { address, sent: 0, unchanged: total, bytes: 0, moved: false, atomic: true, removed: null },
      ]);
      if (kind !== "directory") {
        const keep = ["push", address, "--release", first.folder, "--keep", "2"];
        expect(await assentJson(keep, env)).toMatchObject({ code: "push/keep" });
      }

      // One bundle more is live: its slice, a shard or two with their lists and roots, the metadata. Not the others.
      const second = newRelease({ roles, version: 2, values: valuesWith(200, "2.0.0") });
      const [changed] = await push([address], second.folder, env);
      const fresh = [...second.files.keys()].filter(
        (path) => path === "metadata/timestamp.json" || !first.files.has(path),
      );
      expect(changed).toMatchObject({
        sent: fresh.length,
        unchanged: second.files.size - fresh.length,
        moved: true,
      });

      // A new timestamp alone.
      const renewed = newRelease({ roles, version: 2, timestamp: 3, values: valuesWith(200, "2.0.0") });
      expect(await push([address], renewed.folder, env)).toMatchObject([{ sent: 1, moved: true }]);

      // What clients would refuse is refused here: an older release, one of another registry, one of the same version.
      const older = await assentJson(["push", address, "--release", first.folder], env);
      expect(older).toMatchObject({ code: "push/older", category: "conflict" });
      const stranger = newRelease({ roles: newRoles(), version: 9 });
      const refused = await assentJson(["push", address, "--release", stranger.folder], env);
      expect(refused).toMatchObject({ code: "push/not-ours" });
      const twin = newRelease({
        roles,
        version: 2,
        timestamp: 3,
        values: valuesWith(200, "2.0.0"),
        expires: "2998-01-01T00:00:00Z",
      });
      const same = await assentJson(["push", address, "--release", twin.folder], env);
      expect(same).toMatchObject({ code: "push/older", category: "conflict" });

      // Pulled, it is the same release byte for byte; pulled again, nothing travels.
      const mirror = join(newFolder(), "mirror");
      const words = ["pull", address, "--out", mirror, "--trust", first.root];
      expect(await assentJson(words, env)).toMatchObject({ fetched: renewed.files.size, unchanged: 0 });
      for (const [path, bytes] of renewed.files)
        expect(readFileSync(join(mirror, path))).toEqual(Buffer.from(bytes));
      expect(await assentJson(words, env)).toMatchObject({
        fetched: 0,
        unchanged: renewed.files.size,
        bytes: 0,
      });
      expect(await assentJson(["verify", mirror, "--trust", first.root])).toMatchObject({
        ok: true,
        sequence: 2,
      });
    },
  );

  it.skipIf(reason !== undefined)(
    "follows new keys, and lets clients of the old root find their way",
    async () => {
      const { address, env } = await newPlace(kind);
      const roles = newRoles();
      const first = newRelease({ roles, version: 1 });
      await push([address], first.folder, env);
      const rotated = { ...roles, root: one(), timestamp: one() };
      const second = newRelease({ roles: rotated, before: [roles], version: 2 });
      expect(await push([address], second.folder, env)).toMatchObject([{ moved: true }]);
      const verified = await assentJson(["verify", address, "--trust", first.root], env);
      expect(verified).toMatchObject({ ok: true, sequence: 2 });
      const mirror = join(newFolder(), "mirror");
      await assentJson(
        ["pull", address, "--out", mirror, "--trust", join(second.folder, "metadata/2.root.json")],
        env,
      );
      expect(await assentJson(["verify", mirror, "--trust", first.root])).toMatchObject({
        ok: true,
        sequence: 2,
      });
    },
  );
});

const all = kinds.find((kind) => missingFor(kind) !== undefined);

it.skipIf(all !== undefined)("switches nowhere before every host has everything", async () => {
  const places = await Promise.all(kinds.map(newPlace));
  const env = Object.assign({}, ...places.map((place) => place.env)) as Record<string, string>;
  const roles = newRoles();
  const first = newRelease({ roles, version: 1 });
  const addresses = places.map(({ address }) => address);
  const rows = await push(addresses, first.folder, env);
  expect(rows.map(({ moved, sent }) => [moved, sent])).toEqual(kinds.map(() => [true, first.files.size]));
  const second = newRelease({ roles, version: 2, values: valuesWith(200, "2.0.0") });
  const broken = await assentJson(
    ["push", ...addresses, "oci://127.0.0.1:1/nobody/here", "--release", second.folder],
    env,
  );
  expect(broken).toMatchObject({ code: "source/unavailable", category: "unavailable", retryable: true });
  expect(String(broken["message"])).toMatch(/Nothing has become current anywhere\.$/);
  for (const address of addresses)
    expect(await assentJson(["verify", address, "--trust", first.root], env)).toMatchObject({ sequence: 1 });
});

const { registry, skopeo } = inject("servers");

it.skipIf(registry === null || skopeo === null)(
  "is an OCI artifact that other tools read and copy",
  async () => {
    const { address, env } = await newPlace("oci");
    const release = newRelease({ roles: newRoles(), version: 1 });
    await push([address], release.folder, env);
    const name = address.slice("oci://".length);
    const ask = (...words: readonly string[]): string => execFileSync("skopeo", words, { encoding: "utf8" });
    const raw = ask("inspect", "--raw", "--tls-verify=false", `docker://${name}:current`);
    const manifest = JSON.parse(raw) as {
      readonly artifactType: string;
      readonly layers: readonly {
        readonly digest: string;
        readonly annotations: Readonly<Record<string, string>>;
      }[];
    };
    expect(manifest.artifactType).toBe("application/vnd.assent.release.v1+json");
    const titles = manifest.layers.map(({ annotations }) => annotations["org.opencontainers.image.title"]);
    expect(titles).toEqual([...release.files.keys()].sort());
    const tags = JSON.parse(ask("list-tags", "--tls-verify=false", `docker://${name}`)) as {
      readonly Tags: readonly string[];
    };
    expect([...tags.Tags].sort()).toEqual(["1-20260701T000000Z", "current"]);
    const copy = `${name}-copy`;
    ask(
      "copy",
      "-q",
      "--src-tls-verify=false",
      "--dest-tls-verify=false",
      `docker://${name}:1-20260701T000000Z`,
      `docker://${copy}:current`,
    );
    for (const source of [
      `oci://${copy}`,
      `${address}:1-20260701T000000Z`,
      `oci://${copy}@sha256:${sha256(raw)}`,
    ])
      expect(await assentJson(["verify", source, "--trust", release.root])).toMatchObject({
        ok: true,
        sequence: 1,
      });
  },
);

it("shows in words what was pushed, pulled and verified", async () => {
  const folder = newFolder();
  const release = newRelease({ roles: newRoles(), version: 1 });
  const shown: string[] = [];
  for (const words of [
    ["push", `dir:${folder}/public`, "--release", release.folder],
    ["push", `dir:${folder}/public`, "--release", release.folder],
    ["pull", `${folder}/public`, "--out", `${folder}/mirror`, "--trust", release.root],
    ["verify", `${folder}/mirror`, "--trust", release.root],
  ]) {
    const { code, stdout, stderr } = await assent(words);
    expect([code, stderr]).toEqual([0, ""]);
    shown.push(
      stdout
        .replaceAll(folder, "F")
        .replace(/\b[0-9a-f]{12}\b|\b[0-9a-f]{64}\b/g, "X")
        .replaceAll(/[\d,]+ bytes/g, "N bytes"),
    );
  }
  expect(shown.join("\n")).toMatchInlineSnapshot(`
    "test  landing 1, as of 2026-07-01T00:00:00Z
    RELEASE      SENT  UNCHANGED  BYTES   DESTINATION
    current now  16    0          44,436  dir:F/public

    test  landing 1, as of 2026-07-01T00:00:00Z
    RELEASE      SENT  UNCHANGED  BYTES  DESTINATION
    was current  0     16         0      dir:F/public

    test  landing 1, as of 2026-07-01T00:00:00Z
      16 files fetched (N bytes), 0 there already
      verified, and whole in F/mirror

    test  landing 1, as of 2026-07-01T00:00:00Z
      commit cccccccccccccccccccccccccccccccccccccccc
      manifest sha256:X
      assurance none: nobody witnesses this registry's history
      16 files, N bytes, every one as it was signed for

    ROLE       VERSION  GOOD UNTIL            SIGNATURES        KEYS
    root       1        2999-01-01T00:00:00Z  1 of 1, 1 needed  X
    targets    1        2999-01-01T00:00:00Z  1 of 1, 1 needed  X
    snapshot   1        2999-01-01T00:00:00Z  1 of 1, 1 needed  X
    timestamp  1        2999-01-01T00:00:00Z  1 of 1, 1 needed  X
    "
  `);
});

describe("one question to a release", () => {
  const release = (): { readonly folder: string; readonly root: string } =>
    newRelease({ roles: newRoles(), version: 1, values: valuesWith(3) });
  const ask = (...words: readonly string[]) => assentJson(["resolve", "prod/fraud/score", ...words]);

  it("needs the root that vouches for it, and not two ways at once", async () => {
    const { folder, root } = release();
    expect(await ask("--snapshot", folder)).toMatchObject({ code: "snapshot/unsigned", category: "auth" });
    expect(await ask("--trust", root)).toMatchObject({ code: "usage/trust" });
    expect(await ask("--snapshot", folder, "--trust", root, "--unsigned")).toMatchObject({
      code: "usage/trust",
    });
    expect(await ask("--snapshot", "https://models.example.com")).toMatchObject({
      code: "usage/snapshot-url",
    });
    expect(await ask("--snapshot", folder, "--trust", release().root)).toMatchObject({
      code: "release/threshold",
    });
    expect(await ask("--snapshot", `${folder}/nothing`, "--trust", root)).toMatchObject({
      code: "release/missing",
    });
  });

  it("reads what the answer needs and nothing else", async () => {
    const { folder, root } = release();
    const host = await evil((request, response) => {
      const path = join(folder, decodeURIComponent(request.url ?? ""));
      if (existsSync(path)) response.end(readFileSync(path));
      else response.writeHead(404).end();
    });
    expect(await ask("--snapshot", host.origin, "--trust", root)).toMatchObject({ outcome: "resolved" });
    const names = host.asked.map((each) => each.replace(/[0-9a-f]{64}/, "X"));
    expect(names).toEqual([
      "GET /metadata/2.root.json",
      "GET /metadata/timestamp.json",
      "GET /metadata/1.snapshot.json",
      "GET /metadata/1.targets.json",
      "GET /targets/X.manifest.json",
      "GET /targets/slices/X.prod.json",
    ]);
  });

  it("is refused when it is no longer fresh", async () => {
    const { folder, root } = newRelease({ roles: newRoles(), version: 1, expires: "2026-01-01T00:00:00Z" });
    expect(await ask("--snapshot", folder, "--trust", root)).toMatchObject({ code: "release/expired" });
  });
});

describe("addresses", () => {
  it.each([
    ["public", "directory"],
    ["/srv/www", "directory"],
    ["dir:public", "directory"],
    ["https://models.example.com/r", "https"],
    ["oci://ghcr.io/acme/registry", "oci"],
    ["s3://bucket/prefix", "s3"],
    ["github-release:acme/registry", "github-release"],
  ])("%s is %s", (address, kind) => expect(hostKindOf(address)).toBe(kind));

  it.each(["ftp://host/x", "file:///x", "git+ssh://host/x", "javascript:alert(1)"])("%s is none", (address) =>
    expect(() => hostKindOf(address)).toThrow("nothing is known of its scheme"),
  );

  it.each([
    ["oci://ghcr.io/acme/registry", "https://ghcr.io", "acme/registry", undefined],
    ["oci://127.0.0.1:5000/a/b:1-x", "http://127.0.0.1:5000", "a/b", "1-x"],
    [`oci://h.example/a@sha256:${"0".repeat(64)}`, "https://h.example", "a", `sha256:${"0".repeat(64)}`],
  ])("%s", (address, origin, repository, reference) =>
    expect(parseOciAddress(address)).toMatchObject({ origin, repository, reference }),
  );

  it.each([
    "oci://host",
    "oci://host/UPPER",
    "oci://user:pw@host/a",
    "oci://host/../a",
    "oci://host/a?x",
    "oci://host/a@sha256:0",
  ])("%s is refused", (address) =>
    expect(() => parseOciAddress(address)).toThrow("does not name a registry"),
  );

  it.each([
    ["s3://b3b/p/q", "https://b3b.s3.us-east-1.amazonaws.com/p/q/x.json"],
    ["s3://b3b?region=eu-west-1", "https://b3b.s3.eu-west-1.amazonaws.com/x.json"],
    ["s3://b3b/p?endpoint=https://minio.example:9000", "https://minio.example:9000/b3b/p/x.json"],
    ["s3://b3b/p?endpoint=https://r2.example&style=host", "https://b3b.r2.example/p/x.json"],
  ])("%s", (address, url) => expect(s3Url(parseS3Address(address), "x.json").href).toBe(url));

  it.each([
    "s3://",
    "s3://UPPER/x",
    "s3://b3b/a/../b",
    "s3://b3b/a b",
    "s3://b3b/p?endpoint=http://elsewhere.example",
    "s3://b3b/p?endpoint=https://u:p@host",
    "s3://b3b/p?secret=x",
    "s3://b3b/p?style=both",
    "s3://b3b/p?region=a/b",
  ])("%s is refused", (address) =>
    expect(() => parseS3Address(address)).toThrow("is no address of a release"),
  );

  // The example "GET Object" of the documentation of AWS Signature Version 4 (s3-header-based-auth), with its headers.
  it("signs as Amazon's own example is signed", () => {
    const who = {
      accessKeyId: "AKIAIOSFODNN7EXAMPLE",
      secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    };
    const url = new URL("https://examplebucket.s3.amazonaws.com/test.txt");
    const seconds = Date.UTC(2013, 4, 24) / 1000;
    const { authorization } = signedHeaders(url, who, "us-east-1", seconds, { range: "bytes=0-9" });
    expect(authorization).toBe(
      "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, " +
        "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, " +
        "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    );
  });
});

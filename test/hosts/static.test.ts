/**
 * A static host, for real: nginx with the lines that the README gives. What it says about caching is right, and polling
 * costs it answers without a body.
 */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { Ajv2020 } from "ajv/dist/2020.js";
import { refreshRelease } from "../../src/client/refresh.ts";
import { openHttps } from "../../src/client/source/https.ts";
import { atOnce } from "../../src/core/model/at-once.ts";
import type { Instant } from "../../src/core/model/instant.ts";
import { serveByNginx } from "./nginx.ts";
import { assent, assentJson } from "./places.ts";
import { newFolder, newRelease, newRoles, valuesWith } from "./release.ts";

const { nginx } = inject("servers");
const root = join(import.meta.dirname, "../..");
const now = "2026-11-20T00:00:00Z" as Instant;

describe.skipIf(nginx === null)("nginx with the README's lines", () => {
  it("lets everything be kept but the timestamp, and no absence", async () => {
    const folder = join(newFolder(), "public");
    const release = newRelease({ roles: newRoles(), version: 1 });
    await assent(["push", `dir:${folder}`, "--release", release.folder]);
    const { url } = await serveByNginx(folder);
    for (const path of release.files.keys()) {
      const response = await fetch(`${url}/${path}`);
      await response.arrayBuffer();
      const caching = path === "metadata/timestamp.json" ? "no-cache" : "public, max-age=31536000, immutable";
      expect([path, response.status, response.headers.get("cache-control")]).toEqual([path, 200, caching]);
      expect(response.headers.get("etag")).toBeTruthy();
    }
    const absent = await fetch(`${url}/metadata/2.root.json`);
    expect([absent.status, absent.headers.get("cache-control")]).toEqual([404, null]);
    expect(await assentJson(["verify", url, "--trust", release.root])).toMatchObject({
      ok: true,
      sequence: 1,
    });
  });

  it("answers ten thousand polls with ten thousand times nothing, and the next release at once", async () => {
    const folder = join(newFolder(), "public");
    const roles = newRoles();
    const first = newRelease({ roles, version: 1, values: valuesWith(20) });
    await assent(["push", `dir:${folder}`, "--release", first.folder]);
    const { url, log } = await serveByNginx(folder);
    const reader = openHttps(url);
    const seen = await refreshRelease(reader, { root: readFileSync(first.root) }, { now });
    // nginx writes a line after it has answered: one poll more, and its line, stand behind all that came before.
    await refreshRelease(reader, seen.state, { now, tag: seen.tag });
    const written = async (count: number): Promise<void> => {
      while (log().filter((line) => line === "304 0").length < count)
        await new Promise((done) => setImmediate(done));
    };
    await written(1);
    const polls = 10_000;
    const before = log().length;
    await atOnce(32, Array.from({ length: polls }), async () => {
      const again = await refreshRelease(reader, seen.state, { now, tag: seen.tag });
      expect(again.isNew).toBe(false);
    });
    await written(polls + 1);
    const lines = log().slice(before);
    expect(lines.length).toBe(polls);
    expect(new Set(lines)).toEqual(new Set(["304 0"]));
    const second = newRelease({ roles, version: 2, values: valuesWith(20, "2.0.0") });
    await assent(["push", `dir:${folder}`, "--release", second.folder]);
    const next = await refreshRelease(reader, seen.state, { now, tag: seen.tag });
    expect([next.isNew, next.release.pair.sequence]).toEqual([true, 2]);
  });
});

it("dates each release in another second than the one it replaces: that is what static hosts tell versions apart by", async () => {
  const folder = join(newFolder(), "public");
  const roles = newRoles();
  const dates: number[] = [];
  for (const version of [1, 2, 3]) {
    const release = newRelease({ roles, version, values: valuesWith(1, `${version}.0.0`) });
    await assent(["push", `dir:${folder}`, "--release", release.folder]);
    dates.push(Math.floor(statSync(join(folder, "metadata/timestamp.json")).mtimeMs / 1000));
  }
  expect(dates).toEqual([...new Set(dates)].toSorted((a, b) => a - b));
});

it("answers push, pull and verify in their published formats", async () => {
  const schemas = join(root, "schemas/wire");
  const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true, strictRequired: false });
  for (const name of ["common", "push", "pull", "verify", "error"])
    ajv.addSchema(JSON.parse(readFileSync(join(schemas, `${name}.schema.json`), "utf8")) as object);
  const folder = newFolder();
  const release = newRelease({ roles: newRoles(), version: 1, values: valuesWith(5) });
  const table: readonly (readonly [string, readonly string[]])[] = [
    ["push", ["push", `dir:${folder}/public`, "--release", release.folder]],
    ["pull", ["pull", `${folder}/public`, "--out", `${folder}/mirror`, "--trust", release.root]],
    ["pull", ["pull", `${folder}/none`, "--out", `${folder}/none2`, "--trust", release.root, "--if-any"]],
    ["verify", ["verify", `${folder}/mirror`, "--trust", release.root]],
    ["error", ["verify", `${folder}/nothing`, "--trust", release.root]],
  ];
  for (const [format, words] of table) {
    const answer = await assentJson(words);
    expect(answer["format"]).toBe(`assent.${format}/v1`);
    ajv.validate(`https://assent.dev/schemas/wire/v1/${format}.schema.json`, answer);
    expect([format, ajv.errors ?? []]).toEqual([format, []]);
  }
});

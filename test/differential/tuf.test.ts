/** Every case of the TUF client workflow, told to our client and to a stock tuf-js: the same verdict, step by step. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { instantOfSeconds } from "../../src/core/model/instant.ts";
import { filesBelow, generate, releaseWorld } from "../release-world.ts";
import { cases, newRoles, NOW, type Scene } from "../tuf-cases.ts";
import { openHost, ourClient, plainReader, stockClient, type Host, type Verdict } from "../tuf-host.ts";
import { manifestBytes, publish, publishRoot } from "../tuf-repository.ts";

describe("the client workflow of TUF, case by case", () => {
  let host: Host;

  beforeAll(async () => {
    host = await openHost();
  });
  afterAll(() => host.close());
  // The stock client asks the machine's clock; nothing else is faked.
  beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"] }));
  afterEach(() => void vi.useRealTimers());

  it.each(cases)("$name", async ({ roles: rolesOf = newRoles, steps, refused, sequence, begin }) => {
    host.files.clear();
    host.endless.clear();
    const { files, endless } = host;
    const scene: Scene = { files, endless, roles: rolesOf(), other: newRoles(), now: NOW };
    const first = publishRoot(files, scene.roles);
    publish(files, { roles: scene.roles });
    const root = begin?.(scene) ?? first;
    const ours = ourClient(plainReader(host.url), root);
    const theirs = stockClient(host.url, root);
    try {
      const told: { readonly ours: Verdict; readonly theirs: Verdict }[] = [];
      for (const step of [() => {}, ...steps]) {
        step(scene);
        vi.setSystemTime(scene.now);
        told.push({ ours: await ours.refresh(scene.now), theirs: await theirs.refresh(scene.now) });
      }
      for (const [at, pair] of told.entries()) {
        if (at < told.length - 1) expect(pair.ours, `step ${at}`).toEqual(pair.theirs);
      }
      const last = told.at(-1);
      if (refused === null) {
        const content = { sequence: sequence ?? 0, registry: "acme", asOf: "2026-01-01T00:00:00Z", salt: "" };
        const manifest = manifestBytes(content).toString();
        expect(last).toEqual({ ours: { manifest }, theirs: { manifest } });
      } else {
        expect(last).toEqual({ ours: { refused }, theirs: { refused: expect.any(String) as string } });
      }
    } finally {
      theirs.close();
    }
  });
});

describe("a release of Assent", () => {
  it("is downloaded and verified by a stock client that knows nothing of it, landing after landing", async () => {
    const world = await releaseWorld();
    await generate(world, "--root-keys", "2", "--root-threshold", "2");
    const host = await openHost();
    const root = readFileSync(join(world.folder, "trust/1.root.json"));
    const theirs = stockClient(host.url, root);
    const ours = ourClient(plainReader(host.url), root);
    vi.useFakeTimers({ toFake: ["Date"] });
    try {
      for (const sequence of [1, 2, 3]) {
        const { code, stderr } = await world.release();
        expect([code, stderr]).toEqual([0, ""]);
        for (const [path, text] of filesBelow(world.out)) host.files.set(path, Buffer.from(text, "latin1"));
        vi.setSystemTime(world.now * 1000);
        const told = await theirs.refresh(instantOfSeconds(world.now));
        expect(told).toEqual(await ours.refresh(instantOfSeconds(world.now)));
        const manifest = "manifest" in told ? (JSON.parse(told.manifest) as { sequence: number }) : told;
        expect(manifest).toMatchObject({ format: "assent.manifest/v1", registry: "tried", sequence });
        // Each slice is a target under a name that a person can guess.
        expect(await theirs.download("slices/prod.json")).toContain(`"environment":"prod"`);
        world.now += 3_600;
        world.land({ "registry/governance/roles/tries.yaml": `title: Turn ${sequence}\nmembers: []\n` });
      }
      // Nobody signs a new timestamp: both notice within two days.
      world.now += 172_800;
      vi.setSystemTime(world.now * 1000);
      expect(await ours.refresh(instantOfSeconds(world.now))).toEqual({ refused: "release/expired" });
      expect(await theirs.refresh(instantOfSeconds(world.now))).toHaveProperty("refused");
    } finally {
      vi.useRealTimers();
      theirs.close();
      await host.close();
    }
  }, 60_000);
});

/** Every case of the TUF client workflow, told to our client and to a stock tuf-js: the same verdict, step by step. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
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

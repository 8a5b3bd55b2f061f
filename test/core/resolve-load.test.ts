/** What consumers read: slices that hold nothing of others, and bytes that are refused unless they are the compiled ones. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sha256Hex } from "../../src/core/model/digest.ts";
import { Failure } from "../../src/core/model/failure.ts";
import { MANIFEST_PATH, type Resolution, type WireError } from "../../src/core/model/snapshot.ts";
import { loadManifest, loadSlice, sliceFor } from "../../src/core/resolve/load.ts";
import { createResolver } from "../../src/core/resolve/resolve.ts";
import { at, base, bundle, compiled, filesOf, live, resolverOf, type Values } from "../compiled.ts";

describe("slices by tenant", () => {
  const sliced: Values = {
    "registry/registry.yaml": { ...base["registry/registry.yaml"], slices: "tenant" },
    "registry/bundles/fraud/score/7.0.0.yaml": bundle({ requires: ["secret-of-zeta"] }),
    [at("")]: live("1.0.0"),
    [at("/acme")]: live("2.0.0"),
    [at("/zeta")]: live("7.0.0", "1.0.0"),
    [at("/zeta/night")]: live("none"),
  };

  it("hold no byte of another tenant", () => {
    const snapshot = compiled(sliced);
    const { manifest } = snapshot;
    const text = (path: string): string => new TextDecoder().decode(filesOf(snapshot)(path));
    expect(manifest.slices.map(({ environment, tenant }) => [environment, tenant])).toEqual([
      ["dev", null],
      ["prod", null],
      ["prod", "acme"],
      ["prod", "zeta"],
    ]);
    for (const { tenant, path } of manifest.slices) {
      const whole = text(path);
      for (const [other, words] of [
        ["acme", ["acme", "2.0.0"]],
        ["zeta", ["zeta", "7.0.0", "night"]],
      ] as const) {
        for (const word of words) expect(whole.includes(word)).toBe(tenant === other);
      }
    }
  });

  it("answer as one slice would", () => {
    const together = { ...sliced, "registry/registry.yaml": base["registry/registry.yaml"] ?? {} };
    const snapshot = compiled(sliced);
    const files = filesOf(snapshot);
    const loaded = loadManifest(files(MANIFEST_PATH));
    for (const tenant of [null, "acme", "zeta", "nobody"]) {
      for (const scenario of [null, "night"]) {
        const slice = sliceFor(loaded.manifest, "prod", tenant);
        if (slice === undefined) throw new Error("no slice");
        const alone = createResolver(loaded, [loadSlice(loaded, slice, files(slice.path))]);
        const answer = alone.resolve({
          environment: "prod",
          usecase: "fraud/score",
          tenant,
          scenario,
        }) as Resolution;
        const {
          outcome,
          bundle: chosen,
          reasons,
          steps,
        } = resolverOf(compiled(together)).resolve({
          environment: "prod",
          usecase: "fraud/score",
          tenant,
          scenario,
        }) as Resolution;
        expect(answer).toMatchObject({ outcome, bundle: chosen, reasons, steps });
      }
    }
  });

  it("do not answer for a tenant whose slice is elsewhere", () => {
    const snapshot = compiled(sliced);
    const files = filesOf(snapshot);
    const loaded = loadManifest(files(MANIFEST_PATH));
    const acme = sliceFor(loaded.manifest, "prod", "acme");
    if (acme === undefined) throw new Error("no slice");
    const alone = createResolver(loaded, [loadSlice(loaded, acme, files(acme.path))]);
    const asked = (tenant: string | null): string => {
      const answer = alone.resolve({ environment: "prod", usecase: "fraud/score", tenant });
      return answer.format === "assent.error/v1" ? answer.code : (answer.bundle?.ref ?? answer.outcome);
    };
    expect(asked("acme")).toBe("bundle:fraud/score@2.0.0");
    expect(asked(null)).toBe("bundle:fraud/score@1.0.0");
    expect(asked("nobody")).toBe("bundle:fraud/score@1.0.0");
    expect(asked("zeta")).toBe("resolve/slice-not-loaded");
    expect((alone.resolve({ environment: "dev", usecase: "fraud/score" }) as WireError).code).toBe(
      "resolve/slice-not-loaded",
    );
  });
});

describe("loading", () => {
  const snapshot = compiled({ [at("")]: live("2.0.0") });
  const files = filesOf(snapshot);
  const manifest = files(MANIFEST_PATH);
  const loaded = loadManifest(manifest);
  const prod = sliceFor(loaded.manifest, "prod", null) ?? { environment: "", tenant: null, path: "" };
  const slice = files(prod.path);
  const codeOf = (act: () => unknown): string => {
    try {
      act();
    } catch (error) {
      if (error instanceof Failure) return error.code;
      throw error;
    }
    return "none";
  };
  const edited = (change: (value: Record<string, unknown>) => void): Uint8Array => {
    const value = JSON.parse(new TextDecoder().decode(manifest)) as Record<string, unknown>;
    change(value);
    return new TextEncoder().encode(JSON.stringify(value));
  };

  it("refuses a slice with any byte changed, cut off or added", () => {
    for (let i = 0; i < slice.length; i += 37) {
      const changed = Uint8Array.from(slice);
      changed[i] = (changed[i] ?? 0) ^ 1;
      expect(codeOf(() => loadSlice(loaded, prod, changed))).toBe("snapshot/digest-mismatch");
    }
    expect(codeOf(() => loadSlice(loaded, prod, slice.subarray(1)))).toBe("snapshot/digest-mismatch");
    expect(codeOf(() => loadSlice(loaded, prod, Uint8Array.from([...slice, 10])))).toBe(
      "snapshot/digest-mismatch",
    );
  });

  it("refuses the slice of another environment under this one's name", () => {
    const dev = sliceFor(loaded.manifest, "dev", null) ?? prod;
    expect(codeOf(() => loadSlice(loaded, { ...dev, environment: "prod" }, files(dev.path)))).toBe(
      "snapshot/malformed",
    );
  });

  it.each<[string, (value: Record<string, unknown>) => void, string]>([
    ["another format", (value) => (value["format"] = "assent.manifest/v2"), "snapshot/unknown-format"],
    ["no format", (value) => delete value["format"], "snapshot/unknown-format"],
    [
      "a slice outside the folder",
      (value) => (value["slices"] = [{ environment: "prod", tenant: null, path: "../secret.json" }]),
      "snapshot/malformed",
    ],
    [
      "an environment that is no name",
      (value) => (value["environments"] = ["\u001b[2J"]),
      "snapshot/malformed",
    ],
    ["a commit that is none", (value) => (value["commit"] = "main"), "snapshot/malformed"],
    ["no files", (value) => delete value["files"], "snapshot/malformed"],
  ])("refuses a manifest with %s", (_, change, code) => {
    expect(codeOf(() => loadManifest(edited(change)))).toBe(code);
  });

  it("refuses a slice that keeps its digest and not its shape", () => {
    const forged = (text: string): string => {
      const bytes = new TextEncoder().encode(text);
      const hex = sha256Hex(bytes);
      const file = { ...prod, path: `slices/${hex}.json` };
      const vouched = edited((value) => {
        value["slices"] = [file];
        value["files"] = [{ path: file.path, sha256: hex, length: bytes.length }];
      });
      return codeOf(() => loadSlice(loadManifest(vouched), file, bytes));
    };
    const good = new TextDecoder().decode(slice);
    expect(forged(good)).toBe("none");
    const deep = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;
    expect(forged(good.replace('"spec":{', `"spec":{"deep":${deep},`))).toBe("snapshot/malformed");
    expect(forged(good.replace('"inherit":true', '"inherit":1'))).toBe("snapshot/malformed");
    expect(forged(good.replace('"posture":"REVIEW"', '"posture":"NONE"'))).toBe("snapshot/malformed");
    expect(forged(good.replace('"DEGRADED_1":', '"\\u001b[2J":'))).toBe("snapshot/malformed");
    expect(forged(good.replace('"registry":"test"', '"registry":"other"'))).toBe("snapshot/malformed");
    expect(forged(good.replace("assent.slice/v1", "assent.slice/v9"))).toBe("snapshot/unknown-format");
    expect(forged(good.slice(0, -2))).toBe("snapshot/malformed");
  });

  it("never throws anything but a Failure on random bytes", () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => codeOf(() => loadManifest(bytes)) !== "none"));
    fc.assert(
      fc.property(fc.json(), (text) => codeOf(() => loadManifest(new TextEncoder().encode(text))) !== "none"),
    );
  });
});

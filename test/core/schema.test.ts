/** Faults in files: found where they stand, told with the way out, and never against what Ajv says. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { schemaTexts } from "../../src/generated/schemas.ts";
import { validators } from "../../src/generated/validators.js";
import { kinds } from "../../src/core/kinds/index.ts";
import type { Json, JsonObject, Pointer } from "../../src/core/model/json.ts";
import type { KindName } from "../../src/core/model/kind.ts";
import { identityOfPath } from "../../src/core/source/reference.ts";
import { formats } from "../../src/core/validate/formats.ts";
import { schemaCodes, schemaFindings } from "../../src/core/validate/schema.ts";
import type { Schema } from "../../src/core/validate/schema-tree.ts";
import { fitting } from "./schema-examples.ts";
import { faulty } from "./schema-faults.ts";

const shared = join(import.meta.dirname, "../../../shared/examples");
const kindNames = kinds.map((kind) => kind.name);

interface Example {
  readonly path: string;
  readonly kind: KindName;
  readonly value: JsonObject;
}

const examples: readonly Example[] = existsSync(shared)
  ? readdirSync(join(shared, "registry"), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".yaml"))
      .sort()
      .map((file) => {
        const path = `registry/${file.replaceAll("\\", "/")}`;
        const text = readFileSync(join(shared, path), "utf8");
        return { path, kind: identityOfPath(path)!.kind, value: parse(text) as JsonObject };
      })
  : [];

const oracle = new Ajv2020({
  allErrors: true,
  strictTypes: false,
  strictRequired: false,
  unicode: false,
  logger: false,
  formats,
});
for (const word of ["x-ref", "x-ref-mixed", "x-range", "x-version-of", "x-free", "x-because"])
  oracle.addKeyword(word);
for (const [name, text] of Object.entries(schemaTexts)) {
  oracle.addSchema(JSON.parse(text) as Schema, name === "common" ? undefined : name);
}
const oracleFor = (kind: KindName): ValidateFunction => oracle.getSchema(kind)!;

const place = (pointer: Pointer | undefined): string => `/${(pointer ?? []).join("/")}`;
const codesAt = (kind: KindName, value: Json): string[] =>
  schemaFindings(kind, "registry/x.yaml", value).map(
    ({ definition, at }) => `${definition.code} ${place(at.pointer)}${at.part === "key" ? " key" : ""}`,
  );

describe("files that fit", () => {
  it.skipIf(examples.length === 0)(
    "hold every file of the shared example registry (skipped where ../shared is missing)",
    () => {
      expect(
        examples.flatMap(({ kind, path, value }) => codesAt(kind, value).map((code) => `${path}: ${code}`)),
      ).toEqual([]);
      expect(examples.length).toBeGreaterThan(40);
    },
  );

  it.each(kindNames)("hold a full example of %s", (kind) => {
    expect(codesAt(kind, fitting[kind])).toEqual([]);
  });
});

describe("faults", () => {
  it.each(faulty)("%s: %s", (kind, _, change, expected) => {
    const value = structuredClone(fitting[kind]) as Record<string, Json>;
    change(value);
    expect(codesAt(kind, value)).toEqual(expected);
  });

  it("show every code but the last resort", () => {
    const seen = new Set(faulty.flatMap(([, , , expected]) => expected.map((code) => code.split(" ")[0]!)));
    const all = schemaCodes.map(({ code }) => code).filter((code) => code !== "schema/invalid");
    expect([...seen].sort()).toEqual([...all].sort());
  });

  it.each<[KindName, JsonObject, string, string]>([
    [
      "Model",
      { spec: { provider: "provider:x", tpye: "image", type: "image" } },
      "`tpye` is no field of `spec`.",
      "Did you mean `type`?",
    ],
    [
      "Model",
      { provider: "provider:x", spec: { provider: "provider:x", type: "image" } },
      "`provider` is no field of a Model.",
      "`provider` belongs below `spec`.",
    ],
    [
      "Model",
      { id: "x", spec: { provider: "provider:x", type: "image" } },
      "`id` is not written in the file.",
      "Remove it: the path is the id.",
    ],
    [
      "Activation",
      { bundle: 1.4, reason: "x" },
      "`bundle` is the number 1.4, not a text.",
      "Put it in quotes. For example: 1.4.0",
    ],
    [
      "Provider",
      { status: "actve" },
      '"actve" is none of the values of `status`.',
      "Did you mean `active`? Known: active, deprecated, retired.",
    ],
    [
      "Model",
      { spec: { provider: "openai", type: "image" } },
      '"openai" is not spelled as `provider` is spelled here.',
      "One Provider, spelled `provider:<name>`. For example: provider:openai",
    ],
    [
      "Role",
      { members: "identity:a" },
      '`members` is the text "identity:a", not a list.',
      "Write a list: [identity:a].",
    ],
  ])("in a %s say what is wrong and how to mend it: %j", (kind, value, message, hint) => {
    expect(schemaFindings(kind, "x.yaml", value).map((finding) => [finding.message, finding.hint])).toEqual([
      [message, hint],
    ]);
  });

  it("never show control characters or endless values", () => {
    const [finding] = schemaFindings("Activation", "x.yaml", {
      bundle: `\u001b[31m${"x".repeat(99)}\n`,
      reason: "x",
    });
    expect(finding?.message).not.toMatch(/[\u0000-\u001f]/);
    expect(finding!.message.length).toBeLessThan(200);
  });
});

describe("the compiled validators", () => {
  /** Any example with one place replaced, removed or added. */
  const mutated = fc
    .tuple(
      fc.constantFrom(...kindNames),
      fc.array(fc.nat(), { maxLength: 5 }),
      fc.nat(5),
      fc.jsonValue({ maxDepth: 2 }),
    )
    .map(([kind, way, how, junk]): readonly [KindName, Json] => {
      const value = structuredClone(fitting[kind]) as Record<string, Json>;
      let at: Record<string, Json> | Json[] = value;
      for (const step of way) {
        const keys: string[] = Object.keys(at);
        const key = keys[step % Math.max(1, keys.length)];
        const next: Json | undefined = key === undefined ? undefined : (at as Record<string, Json>)[key];
        if (next === null || typeof next !== "object") {
          if (key !== undefined) (at as Record<string, Json>)[key] = how === 0 ? "" : (junk as Json);
          return [kind, value];
        }
        at = next as Record<string, Json>;
      }
      if (Array.isArray(at)) at.push(how < 3 && at.length > 0 ? at[0]! : (junk as Json));
      else {
        const keys = Object.keys(at);
        if (how < 3 && keys.length > 0) delete at[keys[how % keys.length]!];
        else at[how === 3 ? "title" : "other"] = junk as Json;
      }
      return [kind, value];
    });

  it("judge as Ajv does on the published schemas, and what they refuse is explained", () => {
    let refused = 0;
    fc.assert(
      fc.property(mutated, ([kind, value]) => {
        const verdict = oracleFor(kind)(value);
        expect(validators[kind](value)).toBe(verdict);
        const codes = codesAt(kind, value);
        expect(codes.length === 0).toBe(verdict);
        expect(codes.some((code) => code.startsWith("schema/invalid"))).toBe(false);
        if (!verdict) refused++;
      }),
      { numRuns: 3000, seed: 7 },
    );
    expect(refused).toBeGreaterThan(1000);
  });

  it("find every place that Ajv finds", () => {
    fc.assert(
      fc.property(mutated, ([kind, value]) => {
        if (oracleFor(kind)(value)) return;
        const ours = schemaFindings(kind, "x.yaml", value).map(({ at }) => place(at.pointer));
        for (const error of oracleFor(kind).errors ?? []) {
          if (error.keyword === "if" || error.schemaPath.includes("/oneOf/")) continue;
          const added =
            error.keyword === "additionalProperties"
              ? `/${error.params["additionalProperty"] as string}`
              : "";
          const at = (error.instancePath + added).replaceAll("~1", "/").replaceAll("~0", "~") || "/";
          // A duplicate points at the item, Ajv at the list.
          expect(
            ours.some(
              (pointer) => pointer === at || (error.keyword === "uniqueItems" && pointer.startsWith(at)),
            ),
          ).toBe(true);
        }
      }),
      { numRuns: 1500, seed: 11 },
    );
  });
});

describe("formats", () => {
  it("agree with the formats' own words", () => {
    const table: readonly [string, string, boolean][] = [
      ["date-time", "2026-07-01T10:00:00Z", true],
      ["date-time", "2026-07-01 10:00:00Z", false],
      ["date-time", "2026-07-01T10:00:00+02:00", false],
      ["date-time", "2026-02-30T10:00:00Z", false],
      ["date", "2024-02-29", true],
      ["date", "2023-02-29", false],
      ["partial-date", "2024-05", true],
      ["partial-date", "2024-13", false],
      ["partial-date", "2024", false],
      ["sunset", "unknown", true],
      ["sunset", "soon", false],
      ["duration", "P90D", true],
      ["duration", "PT0.2S", true],
      ["duration", "P1Y", false],
      ["duration", "PT", false],
      ["calendar-duration", "P5Y", true],
      ["calendar-duration", "P", false],
      ["version", "1.0.0-rc.1", true],
      ["version", "1.0", false],
      ["version", "1.0.0+build", false],
      ["live-version", "none", true],
      ["live-version", "latest", false],
      ["inline-text", "x".repeat(65_536), true],
      ["inline-text", "é".repeat(32_769), false],
      ["inline-text", "😀".repeat(16_384), true],
      ["inline-text", "😀".repeat(16_385), false],
    ];
    for (const [name, text, fits] of table)
      expect(formats[name]!(text), `${name} ${text.slice(0, 30)}`).toBe(fits);
  });
});

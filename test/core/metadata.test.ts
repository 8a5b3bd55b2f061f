/** Custom metadata in queries: typed by the registry's own schemas, null where it is absent, safe where it does not fit. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { metadataFields, metadataSteps } from "../../src/core/find/metadata.ts";
import { sortEntries } from "../../src/core/find/list.ts";
import type { Instant } from "../../src/core/model/instant.ts";
import { compileQuery } from "../../src/core/policy/query.ts";
import { registryOfValues } from "../registry-of-values.ts";

const asOf = "2026-07-01T00:00:00Z" as Instant;
const schema = {
  type: "object",
  additionalProperties: false,
  properties: {
    score: { type: "number" },
    count: { type: "integer" },
    open: { type: "boolean" },
    id: { type: "string" },
    tags: { type: "array", items: { type: "string" } },
    deep: { type: "object", additionalProperties: false, properties: { at: { type: "string" } } },
    free: { type: "object" },
    either: { anyOf: [{ type: "string" }, { type: "number" }] },
  },
};
const schemas = {
  "registry/governance/metadata-schemas/acme-risk.yaml": { appliesTo: ["Model"], schema },
  "registry/governance/metadata-schemas/use.note.yaml": {
    appliesTo: ["UseCase"],
    schema: { type: "string" },
  },
};
const worldOf = (extensions: Readonly<Record<string, unknown>>) =>
  registryOfValues({
    ...schemas,
    ...Object.fromEntries(
      Object.entries(extensions).map(([name, value]) => [
        `registry/models/acme/${name}/1.0.0.yaml`,
        {
          spec: { provider: "provider:p", type: "other" },
          ...(value !== undefined && { extensions: value }),
        },
      ]),
    ),
  });
const world = worldOf({
  a: { "acme-risk": { score: 3.5, count: 3, id: "R-1", deep: { at: "eu" }, free: { x: 1 } } },
  b: { "acme-risk": { score: 10, tags: ["x", "y"], open: true } },
  c: { "acme-risk": {} },
  d: undefined,
});
const ask = (text: string, registry = world) => {
  const compiled = compileQuery(text, ["Model"], registry);
  if ("faults" in compiled) return compiled.faults.map(({ message, hint }) => `${message}: ${hint}`);
  const { matches, skipped } = compiled.query.run(registry, asOf, registry.ofKind("Model"));
  return [matches.map(({ name }) => name).join(""), skipped.length];
};

describe("a query", () => {
  it.each([
    ["metadata.acme_risk.score > 3", ["ab", 0]],
    ["metadata.acme_risk.score > 3.5", ["b", 0]],
    ['extensions["acme-risk"].score > 3', ["ab", 0]],
    ['extensions["acme-risk"]["id"] == "R-1"', ["a", 0]],
    ["metadata.acme_risk.score == null", ["cd", 0]],
    ["metadata.acme_risk.open", ["b", 0]],
    ['metadata.acme_risk.deep.at == "eu"', ["a", 0]],
    ['"x" in metadata.acme_risk.tags', ["b", 0]],
    ['"acme-risk" in extensions', ["abc", 0]],
    ['"acme_risk" in metadata', ["abc", 0]],
    ["metadata.acme_risk.free.x == 1", ["a", 3]],
    ["metadata.acme_risk.scor > 3", ["there is no field scor here: did you mean score?"]],
    ["metadata.acme_rsk.score > 3", ["there is no field acme_rsk here: did you mean acme_risk?"]],
    ['extensions["use.note"] == "x"', ["there is no field use.note here: known are acme-risk"]],
    ['metadata.acme_risk.deep.to == ""', ["there is no field to here: known are at"]],
  ])("%s", (text, expected) => {
    expect(ask(text)).toEqual(expected);
  });

  it.each(["metadata.acme_risk.id > 3", "metadata.acme_risk.open == 1", "metadata.acme_risk.score"])(
    "is checked against the types: %s",
    (text) => {
      const [first] = ask(text);
      expect(first).toMatch(/^(?:a string|string|bool|cannot|the expression|a bool|.*not)/i);
      expect(ask(text)).toHaveLength(1);
    },
  );

  it("reads what does not fit its schema as what it is, and never fails", () => {
    const queries = [
      "metadata.acme_risk.score > 3",
      'metadata.acme_risk.deep.at.startsWith("e")',
      'metadata.acme_risk.tags.exists(x, x == "a")',
      "metadata.acme_risk.open || metadata.acme_risk.count + 1 > 2",
      'metadata.acme_risk.id in ["a"]',
      "metadata.acme_risk.size() > 0",
      "metadata.acme_risk.either == metadata.acme_risk.free",
    ];
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.record(
        Object.fromEntries(Object.keys(schema.properties).map((key) => [key, fc.jsonValue({ maxDepth: 2 })])),
        { requiredKeys: [] },
      ),
    );
    fc.assert(
      fc.property(value, fc.constantFrom(...queries), (risk, text) => {
        const compiled = compileQuery(text, ["Model"], world);
        if ("faults" in compiled) throw new Error(compiled.faults[0]?.message);
        const registry = worldOf({ a: { "acme-risk": risk } });
        const { matches, skipped } = compiled.query.run(registry, asOf, registry.ofKind("Model"));
        expect(matches.length + skipped.length).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("never reads what JavaScript's own objects have", () => {
    const named = {
      type: "object",
      additionalProperties: false,
      properties: { toString: { type: "string" } },
    };
    const registry = registryOfValues({
      "registry/governance/metadata-schemas/m.yaml": { schema: named },
      "registry/models/acme/a/1.0.0.yaml": { spec: {}, extensions: { m: {} } },
    });
    expect(ask("metadata.m.toString == null", registry)).toEqual(["a", 0]);
  });
});

describe("sorting", () => {
  const sorted = (field: string) => {
    const steps = metadataSteps(world, ["Model"], field.replace("-", ""));
    return (
      steps &&
      sortEntries(world.ofKind("Model"), field, steps)
        .map(({ name }) => name)
        .join("")
    );
  };
  it("orders by a number as a number, both ways, what is absent last", () => {
    expect([sorted("metadata.acme_risk.score"), sorted("-metadata.acme_risk.score")]).toEqual([
      "abcd",
      "bacd",
    ]);
    expect(metadataSteps(world, [], "extensions.acme-risk.deep.at")).toEqual([
      "extensions",
      "acme-risk",
      "deep",
      "at",
    ]);
  });
  it("knows no field that nobody declared, or that holds several values", () => {
    const fields = ["scor", "deep", "deep.to", "score.x", ""].map((field) => `metadata.acme_risk.${field}`);
    expect(fields.map((field) => metadataSteps(world, ["Model"], field))).toEqual(
      fields.map(() => undefined),
    );
    expect(metadataSteps(world, ["UseCase"], "metadata.acme_risk.score")).toBeUndefined();
    expect(metadataFields(world, ["Model"])).toContain("metadata.acme_risk.deep.at");
  });
});

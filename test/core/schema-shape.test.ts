/** The schemas themselves and what is generated from them: complete, closed, bounded, linear, up to date. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { generate } from "../../scripts/generate/index.ts";
import { ambiguityOf } from "../../scripts/generate/linear.ts";
import { keyOrders } from "../../src/generated/key-order.ts";
import { references } from "../../src/generated/references.ts";
import { kindOf, kinds } from "../../src/core/kinds/index.ts";
import { isObject, type Json } from "../../src/core/model/json.ts";
import type { KindName } from "../../src/core/model/kind.ts";
import type { KeyOrder } from "../../src/core/source/key-order.ts";
import { identityOfPath } from "../../src/core/source/reference.ts";
import { formats } from "../../src/core/validate/formats.ts";
import { schemaOf, type Schema } from "../../src/core/validate/schema-tree.ts";
import { fitting } from "./schema-examples.ts";
import { cpuTime } from "../cpu-time.ts";

const root = join(import.meta.dirname, "../..");
const shared = join(root, "../shared/examples/registry");
const examples = existsSync(shared)
  ? readdirSync(shared, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".yaml"))
      .map((file) => `registry/${file}`)
  : [];
const kindNames = kinds.map((kind) => kind.name);

/** Every schema below a kind's, with the way to it. */
function* walk(schema: Schema, path: string): Generator<readonly [string, Schema]> {
  yield [path, schema];
  const below: [string, Schema | boolean | undefined][] = [
    ...Object.entries(schema.properties ?? {}).map(([key, inner]): [string, Schema | boolean] => [
      `${path}.${key}`,
      inner,
    ]),
    ...Object.values(schema.patternProperties ?? {}).map((inner): [string, Schema] => [`${path}.*`, inner]),
    [`${path}[]`, schema.items],
    [`${path}?then`, schema.then],
    [`${path}?else`, schema.else],
    ...(schema.allOf ?? []).map((inner, i): [string, Schema] => [`${path}&${i}`, inner]),
  ];
  for (const [at, inner] of below) if (typeof inner === "object") yield* walk(inner, at);
}

const everySchema = kindNames.flatMap((kind) => [...walk(schemaOf(kind), kind)]);

describe("the schemas", () => {
  it("know one schema per kind, with the states of its lifecycle", () => {
    const states = (name: KindName): Schema => (schemaOf(name).properties?.["state"] ?? {}) as Schema;
    expect(kinds.map(({ name }) => [name, states(name).enum, states(name).default])).toEqual(
      kinds.map(({ name, lifecycle }) => [name, lifecycle?.states, lifecycle?.initial]),
    );
  });

  it("give every field a title and a sentence that is not the key again", () => {
    const bare = everySchema.filter(([path, { title, description }]) => {
      if (/[?&]/.test(path)) return false;
      const key = path.split(".").at(-1)!.toLowerCase();
      return (
        !title ||
        !description ||
        !/[.)]$/.test(description) ||
        description.toLowerCase().replace(".", "") === key
      );
    });
    expect(bare.map(([path]) => path)).toEqual([]);
  });

  it("give conditions' own fields a title and a description too", () => {
    const bare = everySchema.filter(([path, schema]) => {
      const conditional = /[?&]/.test(path) && /\.[^?&]*$/.test(path);
      return conditional && schema.type !== undefined && schema["x-ref"] !== undefined && !schema.description;
    });
    expect(bare.map(([path]) => path)).toEqual([]);
  });

  it("close every map, but for those whose content is the user's", () => {
    const open = everySchema.filter(
      ([path, schema]) =>
        !/[?&]/.test(path) && schema.type === "object" && schema.additionalProperties !== false,
    );
    expect(new Set(open.map(([path, schema]) => (schema["x-free"] === true ? "free" : path)))).toEqual(
      new Set(["free"]),
    );
    expect(open.map(([path]) => path).sort()).toEqual([
      "Config.spec.parameters",
      "Config.spec.schema",
      "Dataset.spec.schema",
      "Evaluation.attestation.verificationMaterial",
      "MetadataSchema.schema",
      "Model.serving.modes.*.body",
      "Model.spec.interface.input",
      "Model.spec.interface.output",
      "Pipeline.spec.input",
      "Pipeline.spec.nodes[].config",
      "Pipeline.spec.nodes[].inputs[].schema",
      "Pipeline.spec.nodes[].outputs[].schema",
      "Pipeline.spec.output",
      "Pipeline.spec.parameters",
      "Policy.spec.tests[].given",
      "Template.spec.body",
      "Template.spec.parameters",
      "Template.spec.tests[].parameters",
      "TestSuite.spec.cases[].assertions[].config",
    ]);
  });

  it("bound every text and every list", () => {
    const unbounded = everySchema.filter(([path, schema]) => {
      if (/[?&]/.test(path)) return false;
      const isText = schema.type === "string" && schema.enum === undefined && schema.const === undefined;
      return (
        (isText && schema.maxLength === undefined) ||
        (schema.type === "array" && schema.maxItems === undefined)
      );
    });
    expect(unbounded.map(([path]) => path)).toEqual([]);
  });

  it("have examples and defaults that fit", () => {
    const wrong: string[] = [];
    const plain = new Ajv2020({ strict: false, logger: false, formats, unicode: false });
    for (const [path, schema] of everySchema) {
      const given = [...(schema.examples ?? []), ...(schema.default === undefined ? [] : [schema.default])];
      if (given.length === 0 || /[?&]/.test(path)) continue;
      const fits = plain.compile(schema);
      for (const example of given) if (!fits(example)) wrong.push(`${path}: ${JSON.stringify(example)}`);
    }
    expect(wrong).toEqual([]);
  });

  it.skipIf(examples.length === 0)("list keys in the order in which the shared examples write them", () => {
    const wrong: string[] = [];
    const compare = (value: Json | undefined, order: KeyOrder | undefined, at: string): void => {
      if (order === undefined) return;
      if (Array.isArray(value)) value.forEach((item: Json, i) => compare(item, order.items, `${at}/${i}`));
      else if (isObject(value)) {
        const keys = Object.keys(value);
        const sorted = order.keys.filter((key) => keys.includes(key));
        if (sorted.length > 0 && sorted.join() !== keys.join()) wrong.push(`${at}: ${keys.join()}`);
        for (const key of keys) compare(value[key], order.children[key] ?? order.additional, `${at}/${key}`);
      }
    };
    for (const path of examples) {
      const text = readFileSync(join(shared, "..", path), "utf8");
      compare(parse(text) as Json, keyOrders[identityOfPath(path)!.kind], path);
    }
    expect(wrong).toEqual([]);
  });

  it("name only formats that are judged", () => {
    const used = new Set(
      everySchema.flatMap(([, schema]) => (schema.format === undefined ? [] : [schema.format])),
    );
    expect([...used].sort()).toEqual(Object.keys(formats).sort());
  });

  it("are shown whole by the examples of the tests: no field that no test has seen", () => {
    const all = new Set<string>();
    const seen = new Set<string>();
    /** A field by its own name and the one above: what is shared between kinds need be seen only once. */
    const visit = (schema: Schema, values: readonly Json[], above: string): void => {
      const maps = values.filter(isObject);
      for (const [key, inner] of Object.entries(schema.properties ?? {})) {
        const below = maps.flatMap((map) => (map[key] === undefined ? [] : [map[key]]));
        all.add(`${above}.${key}`);
        if (below.length > 0) seen.add(`${above}.${key}`);
        if (typeof inner === "object") visit(inner, below, key);
      }
      const items = values.flatMap((value) => (Array.isArray(value) ? (value as Json[]) : []));
      if (schema.items !== undefined) visit(schema.items, items, above);
    };
    for (const kind of kindNames) visit(schemaOf(kind), [fitting[kind]], "");
    const alternatives = ["match.paths", "spec.text", "spec.artifact"];
    const plenty = /PerMillionTokens$|^perNamespace\./;
    const unseen = [...all].filter((field) => !seen.has(field) && !plenty.test(field));
    expect(unseen.filter((field) => !alternatives.includes(field))).toEqual([]);
  });
});

describe("patterns", () => {
  const patterns = [
    ...new Set(
      everySchema.flatMap(([, schema]) => [
        ...(schema.pattern ? [schema.pattern] : []),
        ...Object.keys(schema.patternProperties ?? {}),
      ]),
    ),
  ];

  it("are anchored and provably linear", () => {
    expect(patterns.length).toBeGreaterThan(20);
    expect(patterns.filter((pattern) => ambiguityOf(pattern) !== null)).toEqual([]);
  });

  it("answer at once, whatever they are asked", () => {
    const seeds = [
      "a",
      "0",
      "-",
      ".",
      "/",
      "a.",
      "a/",
      "a-",
      "sha256:",
      "model:a/",
      "https://a",
      "ssh-ed25519 A",
      "=",
      "é",
      "\ud800",
    ];
    for (const pattern of patterns) {
      const regExp = new RegExp(pattern, "u");
      for (const seed of seeds) {
        for (const size of [2_000, 20_000]) {
          const text = `${seed.repeat(size)}\n!`;
          const start = cpuTime();
          expect(regExp.test(text)).toBe(false);
          expect(cpuTime() - start, `${pattern} on ${JSON.stringify(seed)}`).toBeLessThan(50);
        }
      }
    }
  });

  it.each([
    ["(a+)+", "^(?:a+)+$"],
    ["a*a*", "^a*a*$"],
    ["overlapping choice", "^(?:a|ab?)*$"],
    ["empty repetition", "^(?:a?)*$"],
    ["counted twice", "^(?:a{1,9}){1,9}$"],
    ["class overlap", "^[a-z]*[m-z]*x$"],
    ["open end", "^a"],
    ["open start", "a$"],
    ["look-ahead", "^(?=a)a*$"],
    ["unknown escape", "^\\p{L}*$"],
  ])("are refused when they may backtrack: %s", (_, pattern) => {
    expect(ambiguityOf(pattern)).not.toBeNull();
  });

  it.each(["^a*b*$", "^(?:ab|ac)$", "^(?:a|b)*c$", "^[^x]*x?$", "^a{1,9}(?:-a{1,9}){0,9}$"])(
    "pass when they cannot: %s",
    (pattern) => {
      expect(ambiguityOf(pattern)).toBeNull();
    },
  );
});

describe("generated files", () => {
  it("are what their sources give", async () => {
    for (const [path, text] of await generate()) {
      expect(
        readFileSync(join(root, path), "utf8") === text,
        `${path} is stale: run node scripts/generate/index.ts`,
      ).toBe(true);
    }
  });

  it("name reference places that the schemas have, with kinds that exist", () => {
    expect(Object.keys(references).sort()).toEqual([...kindNames].sort());
    for (const place of Object.values(references).flat()) {
      for (const kind of place.kinds) expect(kindOf(kind).name).toBe(kind);
    }
    expect(references.Model.find(({ form }) => form === "range")?.path).toEqual([
      "spec",
      "dependencies",
      "*",
    ]);
    expect(references.Pipeline.map(({ path }) => path.join("."))).toContain("spec.nodes.*.config.model");
  });
});

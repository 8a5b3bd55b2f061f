/** JSON Schemas that users write: what is refused and where, what values violate, and attacks. */
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../../src/core/model/json.ts";
import { compileJsonSchema } from "../../src/core/validate/json-schema.ts";
import { shapes } from "../../src/core/validate/json-schema-shapes.ts";
import { cpuTime } from "../cpu-time.ts";

const faultsOf = (schema: JsonObject): string[] => {
  return compileJsonSchema(schema).faults.map(
    ({ pointer, part, severity, message }) =>
      `${severity} /${pointer.join("/")}${part === "key" ? " (key)" : ""}: ${message}`,
  );
};
const violationsOf = (schema: JsonObject, value: Json): string[] => {
  const { check } = compileJsonSchema(schema);
  if (check === undefined) throw new Error(faultsOf(schema).join("; "));
  return check(value).map(
    ({ pointer, part, message, hint }) =>
      `/${pointer.join("/")}${part === "key" ? " (key)" : ""}: ${message}${hint === undefined ? "" : ` (${hint})`}`,
  );
};

describe("schemas", () => {
  test.each<[string, JsonObject, string[]]>([
    ["nothing", {}, []],
    [
      "an ordinary one",
      {
        $schema: "https://json-schema.org/draft/2020-12/schema",
        type: "object",
        required: ["a"],
        properties: { a: { $ref: "#/$defs/x" } },
        $defs: { x: { type: "string", pattern: "^a+$", format: "date" } },
        "x-own": 1,
      },
      [],
    ],
    ["an anchor", { $ref: "#here", $defs: { a: { $anchor: "here", type: "string" } } }, []],
    ["itself", { properties: { a: { $ref: "#" } } }, []],
    ["a wrong type", { type: "strng" }, ['error /type: "strng" is no type']],
    [
      "a wrong bound",
      { properties: { a: { minLength: -1 } } },
      ["error /properties/a/minLength: a whole number from 0 belongs here"],
    ],
    [
      "a list where a map belongs",
      { properties: ["a"] },
      ["error /properties: a map of schemas belongs here"],
    ],
    ["required twice", { required: ["a", "a"] }, ["error /required/1: a stands here twice"]],
    [
      "a misspelt keyword",
      { type: "object", requierd: ["a"] },
      ["warning /requierd (key): requierd is no keyword of JSON Schema 2020-12"],
    ],
    [
      "an older draft's word",
      { definitions: {} },
      ["warning /definitions (key): definitions is no keyword of JSON Schema 2020-12"],
    ],
    [
      "an older draft",
      { $schema: "http://json-schema.org/draft-07/schema#" },
      ["error /$schema: only the draft 2020-12 is read"],
    ],
    [
      "a dynamic reference",
      { $dynamicRef: "#a" },
      ["error /$dynamicRef (key): $dynamicRef is no keyword of JSON Schema 2020-12"],
    ],
    [
      "a remote reference",
      { properties: { a: { $ref: "https://evil.example/s.json" } } },
      [
        'error /properties/a/$ref: "https://evil.example/s.json" leads out of the schema, and nothing remote is loaded',
      ],
    ],
    [
      "a file",
      { $ref: "file:///etc/passwd" },
      ['error /$ref: "file:///etc/passwd" leads out of the schema, and nothing remote is loaded'],
    ],
    [
      "a reference to nothing",
      { allOf: [{ $ref: "#/$defs/b" }] },
      ['error /allOf/0/$ref: "#/$defs/b" leads nowhere'],
    ],
    [
      "a reference to what everything has",
      { $ref: "#/constructor" },
      ['error /$ref: "#/constructor" leads nowhere'],
    ],
    [
      "an id inside",
      { properties: { a: { $id: "b" } } },
      ["error /properties/a/$id: a part of a schema cannot have an id of its own"],
    ],
    ["an unknown format", { format: "phone" }, ["warning /format: the format phone is not checked"]],
    [
      "a look-around",
      { pattern: "(?=a)" },
      ["error /pattern: error parsing regexp: invalid or unsupported Perl syntax: `(?=`"],
    ],
    [
      "a wrong key pattern",
      { patternProperties: { "(": true } },
      ["error /patternProperties/( (key): error parsing regexp: missing closing ): `(`"],
    ],
    [
      "an exploding pattern",
      { pattern: "((a{90}){90}){90}" },
      ["error /pattern: the pattern's repetitions expand too far"],
    ],
    [
      "many patterns",
      { allOf: Array.from({ length: 11 }, (_, i) => ({ pattern: `${i}[a-z]{990}` })) },
      ["error /allOf/10/pattern: the patterns of the schema expand too far"],
    ],
    [
      "too many parts",
      { enum: Array.from({ length: 6_000 }, (_, i) => i) },
      ["error /: the schema has more than 5000 parts"],
    ],
    [
      "two faults",
      { type: 1, properties: { a: { $ref: "b" } } },
      [
        "error /type: 1 is no type",
        'error /properties/a/$ref: "b" leads out of the schema, and nothing remote is loaded',
      ],
    ],
  ])("%s", (_, schema, expected) => expect(faultsOf(schema)).toEqual(expected));
});

describe("the published meta-schema", () => {
  const meta = new Ajv2020({ strict: false, validateFormats: false });
  const junk = fc.oneof(
    fc.constantFrom<Json>("string", "array", "a", -1, 0, 1.5, true, null, {}, []),
    fc.array(fc.constantFrom<Json>("a", "string", 1, {}, true), { maxLength: 3 }),
    fc.constantFrom<Json>({ a: true }, { a: ["b", "b"] }, { a: ["b"] }, { a: 1 }),
  );
  test.each(
    [...shapes.keys()].filter(
      (key) => !["$schema", "$id", "$ref", "$anchor", "pattern", "patternProperties"].includes(key),
    ),
  )("agrees on %s", (key) => {
    fc.assert(
      fc.property(junk, (value) => {
        fc.pre(key !== "enum" || !Array.isArray(value) || value.length > 0);
        const ours = compileJsonSchema({ [key]: value }).faults.filter(
          ({ severity }) => severity === "error",
        );
        expect([value, ours.length === 0]).toEqual([value, meta.validateSchema({ [key]: value })]);
      }),
    );
  });
});

describe("values", () => {
  const schema: JsonObject = {
    type: "object",
    additionalProperties: false,
    required: ["register"],
    properties: {
      register: { type: "string", pattern: "^RISK-[0-9]+$" },
      level: { enum: ["low", "high"] },
      list: {
        type: "array",
        uniqueItems: true,
        maxItems: 3,
        items: { type: "object", properties: { n: { type: "integer", minimum: 1 } } },
      },
      when: { format: "date-time" },
      either: { anyOf: [{ type: "string" }, { type: "number" }] },
    },
  };
  test.each<[Json, string[]]>([
    [
      {
        register: "RISK-1",
        level: "low",
        list: [{ n: 1 }, { n: 2 }],
        when: "2026-01-01T00:00:00Z",
        either: 1,
      },
      [],
    ],
    [{}, ["/: the key register is missing (add register)"]],
    [{ register: "R" }, ['/register: "R" does not match ^RISK-[0-9]+$']],
    [{ register: "RISK-1", levl: "low" }, ["/levl (key): there is no key levl here (did you mean level?)"]],
    [
      { register: "RISK-1", level: "hihg" },
      ['/level: "hihg" is none of the values that may stand here (did you mean high?)'],
    ],
    [
      { register: 1, list: [{ n: 0 }, { n: "x" }] },
      [
        "/list/0/n: 0 must be >= 1",
        '/list/1/n: "x" is not of type integer',
        "/register: 1 is not of type string",
      ],
    ],
    [
      { register: "RISK-1", list: [{ n: 1 }, { n: 1 }] },
      ["/list: the list holds the same thing twice (remove one of them)"],
    ],
    [
      { register: "RISK-1", list: [1, 1, 1, 1] },
      [
        "/list/0: 1 is not of type object",
        "/list/1: 1 is not of type object",
        "/list/2: 1 is not of type object",
        "/list/3: 1 is not of type object",
        "/list: [1,1,1,1] must NOT have more than 3 items",
        "/list: the list holds the same thing twice (remove one of them)",
      ],
    ],
    [{ register: "RISK-1", when: "2026-01-01 00:00:00Z" }, ['/when: "2026-01-01 00:00:00Z" is no date-time']],
    [{ register: "RISK-1", either: true }, ["/either: true fits none of the 2 alternatives"]],
    ["text", ['/: "text" is not of type object']],
    [null, ["/: null is not of type object"]],
  ])("%j", (value, expected) => expect(violationsOf(schema, value)).toEqual(expected));

  test("a $schema and an $id of the schema's own change nothing, not even twice", () => {
    const make = (): JsonObject => ({ $id: "https://json-schema.org/draft/2020-12/schema", type: "string" });
    expect(violationsOf(make(), 1)).toEqual(["/: 1 is not of type string"]);
    expect(violationsOf(make(), 1)).toEqual(["/: 1 is not of type string"]);
  });

  test.each<[string, string[], string[]]>([
    [
      "date-time",
      ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00.5+02:00"],
      ["2026-02-30T00:00:00Z", "2026-01-01t00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:00:00"],
    ],
    ["date", ["2024-02-29"], ["2026-02-29", "2026-1-1"]],
    ["time", ["23:59:59Z"], ["24:00:00Z", "12:00"]],
    ["duration", ["P1D", "PT5S", "P2W"], ["P", "1D", "P1M"]],
    ["email", ["a.b+c@example.org"], ["a@", "@b", "a b@c", "a@-b"]],
    ["hostname", ["a.example"], ["-a", "a..b", "a_b", ""]],
    ["ipv4", ["127.0.0.1"], ["256.0.0.1", "1.2.3", "01.2.3.4"]],
    ["ipv6", ["::1", "2001:db8::", "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4"], ["1:2:3", ":::", "1::2::3", "g::"]],
    ["uri", ["https://a/b?c", "urn:x:y"], ["a/b", "http://a b"]],
    ["uuid", ["123e4567-e89b-12d3-a456-426614174000"], ["123e4567"]],
    ["json-pointer", ["", "/a~1b"], ["a", "/~2"]],
  ])("the format %s", (format, right, wrong) => {
    expect(right.filter((text) => violationsOf({ format }, text).length > 0)).toEqual([]);
    expect(wrong.filter((text) => violationsOf({ format }, text).length === 0)).toEqual([]);
  });
});

describe("attacks", () => {
  const doubling = Object.fromEntries(
    Array.from({ length: 40 }, (_, i) => [
      `d${i}`,
      { allOf: [{ $ref: `#/$defs/d${i + 1}` }, { $ref: `#/$defs/d${i + 1}` }] },
    ]),
  );
  const deep = Array.from({ length: 30 }).reduce<Json>((inner) => ({ a: inner as Json }), 1);
  const many = Array.from({ length: 60_000 }, (_, i) => i);
  test.each<[string, JsonObject, Json, string]>([
    [
      "references that double",
      { $ref: "#/$defs/d0", $defs: { ...doubling, d40: { type: "string" } } },
      "x",
      "checking the value takes more than 200000 steps",
    ],
    [
      "references that double with each level",
      { properties: { a: { allOf: [{ $ref: "#" }, { $ref: "#" }] } } },
      deep,
      "checking the value takes more than 200000 steps",
    ],
    ["a reference to itself", { allOf: [{ $ref: "#" }] }, 1, "the schema refers to itself without end"],
    [
      "each item against many schemas",
      { items: { allOf: Array.from({ length: 400 }, () => ({ type: "string" })) } },
      many,
      "checking the value takes more than 200000 steps",
    ],
    [
      "each item against a long list",
      { items: { enum: Array.from({ length: 4_000 }, (_, i) => `w${i}`) } },
      many,
      "checking the value takes more than 200000 steps",
    ],
    [
      "a long text against a heavy pattern",
      { pattern: "(a?){100}a{100}b" },
      "a".repeat(200_000),
      "checking the value takes more than 200000 steps",
    ],
  ])("%s ends", (_, schema, value, message) => {
    const before = cpuTime();
    expect(violationsOf(schema, value)[0]).toContain(message);
    expect(cpuTime() - before).toBeLessThan(1_500);
  });

  test("unique items of any kind are compared in one pass", () => {
    const before = cpuTime();
    const objects = many.map((n) => ({ n }));
    expect(violationsOf({ uniqueItems: true }, objects)).toEqual([]);
    expect(violationsOf({ uniqueItems: true }, [...objects, { n: 1 }])).toHaveLength(1);
    expect(cpuTime() - before).toBeLessThan(1_500);
  });

  test.each<[string, JsonObject]>([
    [
      "quotes in keys",
      {
        properties: { '"];throw new Error("x");//': { const: "`${process.exit()}`" } },
        required: ['\\"]);'],
      },
    ],
    [
      "prototype names",
      {
        properties: { toString: { type: "string" }, valueOf: { type: "number" } },
        required: ["hasOwnProperty"],
      },
    ],
  ])("%s are only keys", (_, schema) => {
    expect(violationsOf(schema, {})).toHaveLength(1);
  });
});

/** Interfaces of versions, as JSON Schemas: what goes in must not be accepted less, what comes out not promised less. */
import { expect, it } from "vitest";
import type { Json, JsonObject } from "../../src/core/model/json.ts";
import { compareEntries } from "../../src/core/resolve/compat.ts";

/** `+ pointer impact`, `- ...`, `~ ...`, for two models. */
function changes(before: object, after: object): string[] {
  const sign = { added: "+", removed: "-", changed: "~" };
  return compareEntries({ kind: "Model", value: before }, { kind: "Model", value: after }).changes.map(
    ({ change, pointer, impact }) => `${sign[change]} ${pointer.join("/")} ${impact}`,
  );
}

type Row = readonly [string, object, object, string[]];
const spec = (value: object): object => ({ spec: value });
const at = "spec/interface";
const input = (schema: Json): object => spec({ interface: { input: schema } });
const output = (schema: Json): object => spec({ interface: { output: schema } });
const props = (properties: JsonObject, more: JsonObject = {}): Json => ({
  type: "object",
  properties,
  ...more,
});
const text = { type: "string" };

const rows: readonly Row[] = [
  [
    "input: an optional property",
    input(props({ a: text })),
    input(props({ a: text, b: text })),
    [`+ ${at}/input/properties/b compatible`],
  ],
  [
    "input: a required property",
    input(props({ a: text })),
    input(props({ a: text, b: text }, { required: ["b"] })),
    [`+ ${at}/input/properties/b breaking`],
  ],
  [
    "input: a property becomes required",
    input(props({ a: text })),
    input(props({ a: text }, { required: ["a"] })),
    [`~ ${at}/input/required breaking`],
  ],
  [
    "input: a property is required no more",
    input(props({ a: text }, { required: ["a"] })),
    input(props({ a: text })),
    [`~ ${at}/input/required compatible`],
  ],
  [
    "input: a property is gone",
    input(props({ a: text })),
    input(props({})),
    [`- ${at}/input/properties/a unknown`],
  ],
  [
    "input: a property is gone from a closed object",
    input(props({ a: text }, { additionalProperties: false })),
    input(props({}, { additionalProperties: false })),
    [`- ${at}/input/properties/a breaking`],
  ],
  [
    "input: closed now",
    input(props({})),
    input(props({}, { additionalProperties: false })),
    [`~ ${at}/input/additionalProperties breaking`],
  ],
  [
    "input: open now",
    input(props({}, { additionalProperties: false })),
    input(props({})),
    [`~ ${at}/input/additionalProperties compatible`],
  ],
  [
    "input: a wider type",
    input({ type: "integer" }),
    input({ type: "number" }),
    [`~ ${at}/input/type compatible`],
  ],
  [
    "input: a narrower type",
    input({ type: ["string", "null"] }),
    input({ type: "string" }),
    [`~ ${at}/input/type breaking`],
  ],
  [
    "input: another type",
    input({ type: "string" }),
    input({ type: "number" }),
    [`~ ${at}/input/type breaking`],
  ],
  [
    "input: fewer, more, other values",
    input(props({ a: { enum: [1, 2] }, b: { enum: [1] }, c: { enum: [1] } })),
    input(props({ a: { enum: [1] }, b: { enum: [2, 1] }, c: { enum: [2] } })),
    [
      `~ ${at}/input/properties/a/enum breaking`,
      `~ ${at}/input/properties/b/enum compatible`,
      `~ ${at}/input/properties/c/enum breaking`,
    ],
  ],
  ["input: the same values in another order", input({ enum: ["a", "b"] }), input({ enum: ["b", "a"] }), []],
  [
    "input: bounds",
    input({ minimum: 1, maximum: 5, minLength: 1 }),
    input({ minimum: 2, maximum: 6, maxItems: 3 }),
    [
      `~ ${at}/input/maxItems breaking`,
      `~ ${at}/input/maximum compatible`,
      `~ ${at}/input/minLength compatible`,
      `~ ${at}/input/minimum breaking`,
    ],
  ],
  [
    "input: items",
    input({ items: { type: "number" } }),
    input({ items: { type: "integer" } }),
    [`~ ${at}/input/items/type breaking`],
  ],
  ["input: items of any kind", input({ items: text }), input({}), [`~ ${at}/input/items/type compatible`]],
  [
    "input: a pattern comes, changes, goes",
    input(props({ a: {}, b: { pattern: "x" }, c: { pattern: "x" } })),
    input(props({ a: { pattern: "x" }, b: { pattern: "y" }, c: {} })),
    [
      `~ ${at}/input/properties/a/pattern breaking`,
      `~ ${at}/input/properties/b/pattern unknown`,
      `~ ${at}/input/properties/c/pattern compatible`,
    ],
  ],
  [
    "input: conditions",
    input({ anyOf: [text] }),
    input({ anyOf: [text, {}], not: {} }),
    [`~ ${at}/input/anyOf unknown`, `+ ${at}/input/not unknown`],
  ],
  [
    "input: words",
    input({ title: "a", "x-unit": "s" }),
    input({ title: "b", examples: [1] }),
    [
      `+ ${at}/input/examples compatible`,
      `~ ${at}/input/title compatible`,
      `- ${at}/input/x-unit compatible`,
    ],
  ],
  [
    "input: nothing fits any more",
    input(props({ a: true })),
    input(props({ a: false })),
    [`~ ${at}/input/properties/a breaking`],
  ],
  [
    "input: behind a reference",
    input({ $ref: "#/$defs/a", $defs: { a: { type: "number" } } }),
    input({ $ref: "#/$defs/a", $defs: { a: { type: "integer" } } }),
    [`~ ${at}/input/$defs compatible`, `~ ${at}/input/type breaking`],
  ],
  [
    "input: a schema that refers to itself",
    input({ $ref: "#/$defs/a", $defs: { a: props({ next: { $ref: "#/$defs/a" } }) } }),
    input({ $ref: "#/$defs/a", $defs: { a: props({ next: { $ref: "#/$defs/a" }, b: text }) } }),
    [`~ ${at}/input/$defs compatible`, `+ ${at}/input/properties/b compatible`],
  ],
  [
    "input: references in a circle",
    input({ $ref: "#/$defs/a", $defs: { a: { $ref: "#/$defs/a" } } }),
    input({ $ref: "#/$defs/a", $defs: { a: { $ref: "#/$defs/a" }, b: {} } }),
    [`~ ${at}/input/$defs compatible`],
  ],
  ["input: described now", spec({ interface: {} }), input({}), [`+ ${at}/input unknown`]],
  ["input: described no more", input({}), spec({ interface: {} }), [`- ${at}/input compatible`]],

  [
    "output: a property is gone",
    output(props({ a: text })),
    output(props({})),
    [`- ${at}/output/properties/a breaking`],
  ],
  [
    "output: a property is new",
    output(props({})),
    output(props({ a: text })),
    [`+ ${at}/output/properties/a compatible`],
  ],
  [
    "output: a property may be missing now",
    output(props({ a: text }, { required: ["a"] })),
    output(props({ a: text })),
    [`~ ${at}/output/required breaking`],
  ],
  [
    "output: a property is always there now",
    output(props({ a: text })),
    output(props({ a: text }, { required: ["a"] })),
    [`~ ${at}/output/required compatible`],
  ],
  [
    "output: a wider and a narrower type",
    output(props({ a: { type: "integer" }, b: { type: "number" } })),
    output(props({ a: { type: "number" }, b: { type: "integer" } })),
    [`~ ${at}/output/properties/a/type breaking`, `~ ${at}/output/properties/b/type compatible`],
  ],
  [
    "output: another value",
    output({ enum: ["a"] }),
    output({ enum: ["a", "b"] }),
    [`~ ${at}/output/enum breaking`],
  ],
  [
    "output: open now",
    output(props({}, { additionalProperties: false })),
    output(props({})),
    [`- ${at}/output/additionalProperties unknown`],
  ],
  ["output: described no more", output({}), spec({ interface: {} }), [`- ${at}/output breaking`]],
];

it.each(rows)("%s", (_, before, after, expected) => {
  expect(changes(before, after)).toEqual(expected);
});

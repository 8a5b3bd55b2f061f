/** Templates as values: what each word gives, that no parameter leaves its place, and that nothing makes a rendering long. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../src/core/model/json.ts";
import { renderTemplate } from "../../src/core/template/render.ts";
import { recheck, renderingOf, renderingsChanged } from "../../src/core/template/renderings.ts";
import { MOST_INCLUDED, MOST_STEPS, MOST_TEXT } from "../../src/core/template/run.ts";
import { registryOfValues } from "../registry-of-values.ts";

type Spec = Readonly<Record<string, unknown>>;

/** `$if` as a file holds it. */
const when = (test: unknown, yes: unknown, no?: unknown): unknown =>
  JSON.parse(
    `{"$if": ${JSON.stringify(test)}, "then": ${JSON.stringify(yes)}${no === undefined ? "" : `, "else": ${JSON.stringify(no)}`}}`,
  );

const any = { properties: { a: {}, b: {}, flag: { type: "boolean" } } };
const worldOf = (templates: Readonly<Record<string, Spec>>, more: Readonly<Record<string, object>> = {}) =>
  registryOfValues({
    ...Object.fromEntries(
      Object.entries(templates).map(([name, spec]) => [
        `registry/templates/acme/${name}.yaml`,
        { spec: { type: "invocation", parameters: any, ...spec } },
      ]),
    ),
    ...more,
  });
const give = (body: unknown, given: JsonObject = {}, spec: Spec = {}): Json | readonly string[] => {
  const rendered = renderTemplate(worldOf({ "t/1.0.0": { body, ...spec } }), "template:acme/t@1.0.0", given);
  return "value" in rendered ? rendered.value : rendered.faults.map(({ message }) => message);
};

describe("what a body gives", () => {
  const table: readonly (readonly [
    what: string,
    body: unknown,
    given: JsonObject,
    Json | readonly string[],
  ])[] = [
    ["itself", { x: [1, { y: null }] }, {}, { x: [1, { y: null }] }],
    ["a parameter, whole", { x: { $param: "a" } }, { a: { deep: [1] } }, { x: { deep: [1] } }],
    ["a field of a parameter", { x: { $param: "a.b.c" } }, { a: { b: { c: 3 } } }, { x: 3 }],
    ["nothing for what was not given", { x: { $param: "a" }, y: [{ $param: "a" }, 1] }, {}, { y: [1] }],
    ["nothing for a field that is inherited", { x: { $param: "a.constructor" } }, { a: {} }, {}],
    ["a text", { x: { $text: ["a-", { $param: "a" }, 1, true] } }, { a: "b" }, { x: "a-b1true" }],
    ["one of two", { x: when({ $param: "flag" }, 1, 2) }, { flag: true }, { x: 1 }],
    ["the other", { x: when({ $param: "flag" }, 1, 2) }, {}, { x: 2 }],
    ["neither", { x: when({ $param: "flag" }, 1) }, { flag: false }, {}],
    [
      "something for each, in its list",
      { x: [0, { $each: { $param: "a" }, as: "i", do: { n: { $param: "i.n" } } }, 9] },
      { a: [{ n: 1 }, { n: 2 }] },
      { x: [0, { n: 1 }, { n: 2 }, 9] },
    ],
    [
      "a list, elsewhere",
      { x: { $each: { $param: "a" }, as: "i", do: { $param: "i" } } },
      { a: [[1], 2] },
      { x: [[1], 2] },
    ],
    ["what looks like a word", { x: { $literal: { $param: "a" } } }, {}, { x: { $param: "a" } }],
    [
      "no text of what is not there",
      { x: { $text: [{ $param: "a" }] } },
      {},
      ["A part of $text is a text, a number or true or false, not nothing."],
    ],
    [
      "no text of an object",
      { x: { $text: [{ $param: "a" }] } },
      { a: {} },
      ["A part of $text is a text, a number or true or false, not {}."],
    ],
    ["nothing for each of a number", { x: { $each: 3, as: "i", do: 1 } }, {}, ["$each takes a list, not 3."]],
    ["no choice by a text", { x: when("yes", 1) }, {}, ['$if takes true or false, not "yes".']],
    ["no parameter that nobody declared", { x: { $param: "c" } }, {}, ['There is no parameter "c".']],
    [
      "no template that nobody included",
      { x: { $include: "toString" } },
      {},
      ['There is no "toString" below `includes`.'],
    ],
  ];
  it.each(table)("%s", (_, body, given, expected) => {
    expect(give(body, given)).toEqual(expected);
  });

  it("takes no parameter that nobody declared, and says which was meant", () => {
    const parameters = { properties: { region: { type: "string" } } };
    const world = worldOf({ "t/1.0.0": { body: {}, parameters } });
    expect(renderTemplate(world, "template:acme/t@1.0.0", { regoin: "eu" })).toEqual({
      faults: [
        {
          in: "parameters",
          pointer: ["regoin"],
          part: "key",
          message: expect.stringContaining("regoin") as string,
          hint: "Did you mean region?",
        },
      ],
    });
  });

  it("takes defaults, and holds them against the schema too", () => {
    const parameters = (value: unknown) => ({ properties: { n: { type: "integer", default: value } } });
    expect(give({ n: { $param: "n" } }, {}, { parameters: parameters(3) })).toEqual({ n: 3 });
    expect(give({ n: { $param: "n" } }, {}, { parameters: parameters("3") })).toEqual([
      '"3" is not of type integer.',
    ]);
  });
});

describe("one template in another", () => {
  const retry = {
    body: { attempts: { $param: "n" } },
    parameters: { required: ["n"], properties: { n: { type: "integer" } } },
  };
  it("is rendered with what it is given, and sees nothing else", () => {
    const world = worldOf({
      "retry/1.0.0": retry,
      "t/1.0.0": {
        includes: { retry: "template:acme/retry@1.0.0" },
        body: { r: { $include: "retry", with: { n: { $param: "a" } } } },
      },
      "blind/1.0.0": { body: { x: { $param: "a" } }, parameters: {} },
      "u/1.0.0": { includes: { blind: "template:acme/blind@1.0.0" }, body: { r: { $include: "blind" } } },
    });
    expect(renderTemplate(world, "template:acme/t@1.0.0", { a: 3 })).toMatchObject({
      value: { r: { attempts: 3 } },
    });
    expect(renderTemplate(world, "template:acme/t@1.0.0", { a: "3" })).toMatchObject({
      faults: [
        { pointer: ["r", "with", "n"], message: 'template:acme/retry@1.0.0: "3" is not of type integer.' },
      ],
    });
    expect(renderTemplate(world, "template:acme/u@1.0.0", { a: 3 })).toMatchObject({
      faults: [{ message: 'template:acme/blind@1.0.0: There is no parameter "a".' }],
    });
  });

  it("ends where templates include or extend themselves", () => {
    const world = worldOf({
      "t/1.0.0": { includes: { t: "template:acme/t@1.0.0" }, body: { x: { $include: "t" } } },
      "e/1.0.0": { extends: "template:acme/e@1.0.0", body: {} },
    });
    expect(renderTemplate(world, "template:acme/t@1.0.0", {})).toMatchObject({
      faults: [{ message: expect.stringContaining("more than 8 deep") as string }],
    });
    expect(renderTemplate(world, "template:acme/e@1.0.0", {})).toMatchObject({
      faults: [{ message: "template:acme/e@1.0.0 cannot be used: template:acme/e@1.0.0 extends itself." }],
    });
  });
});

const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;
/** Values that look like words of templates, and keys that reach into JavaScript. */
const hostile: fc.Arbitrary<Json> = fc.oneof(
  json,
  fc.constantFrom<Json>(
    { $param: "b" },
    { $include: "x" },
    { $each: [1, 2], as: "i", do: { $param: "b" } },
    { $text: ["{ $param: b }"] },
    "${b}",
    "{{b}}",
    '", "injected": "',
    "\n- injected",
    "model:acme/m@1.0.0\nstate: active",
    JSON.parse('{"__proto__": {"polluted": true}}') as Json,
  ),
);

describe("a parameter", () => {
  it("cannot leave its place, whatever it holds", () => {
    fc.assert(
      fc.property(hostile, hostile, (a, b) => {
        const body = {
          first: { $param: "a" },
          list: [{ $param: "a" }, "end"],
          kept: { $literal: { $param: "b" } },
        };
        const value = give(body, { a, b });
        expect(JSON.stringify(value)).toBe(
          JSON.stringify({ first: a, list: [a, "end"], kept: { $param: "b" } }),
        );
        expect(Object.keys(value as object)).toEqual(["first", "list", "kept"]);
        expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
      }),
    );
  });

  it("is not read again when it goes through another template, a loop or an object", () => {
    fc.assert(
      fc.property(hostile, (a) => {
        const world = worldOf({
          "in/1.0.0": { body: { is: { $param: "a" } } },
          "t/1.0.0": {
            includes: { in: "template:acme/in@1.0.0" },
            body: {
              x: { $include: "in", with: { a: { $param: "a" } } },
              y: [{ $each: { $param: "b" }, as: "i", do: { $param: "i" } }],
            },
          },
        });
        const rendered = renderTemplate(world, "template:acme/t@1.0.0", { a, b: [a, a] });
        expect("value" in rendered && JSON.stringify(rendered.value)).toBe(
          JSON.stringify({ x: { is: a }, y: [a, a] }),
        );
      }),
    );
  });
});

describe("a bomb ends, and says at which bound", () => {
  const messageOf = (rendered: Json | readonly string[]): string => JSON.stringify(rendered);
  it("loops in loops", () => {
    const loop = (depth: number): unknown =>
      depth === 0 ? 1 : { $each: { $param: "a" }, as: `i${depth}`, do: loop(depth - 1) };
    expect(messageOf(give({ x: loop(6) }, { a: Array.from({ length: 100 }, () => 0) }))).toContain(
      String(MOST_STEPS),
    );
  });
  it("a loop that gives nothing", () => {
    const idle = {
      $each: { $param: "a" },
      as: "i",
      do: { $each: { $param: "a" }, as: "j", do: when(false, 1) },
    };
    expect(messageOf(give({ x: idle }, { a: Array.from({ length: 5_000 }, () => 0) }))).toContain(
      String(MOST_STEPS),
    );
  });
  it("a long text again and again", () => {
    const text = "x".repeat(60_000);
    const doubled = { $each: [1, 2, 3, 4, 5, 6], as: "i", do: { $param: "a" } };
    expect(messageOf(give({ x: doubled }, { a: text }))).toContain(String(MOST_TEXT));
  });
  it("a text made of itself", () => {
    const text = (depth: number): unknown =>
      depth === 0 ? { $param: "a" } : { $text: [text(depth - 1), text(depth - 1)] };
    expect(messageOf(give({ x: text(10) }, { a: "x".repeat(2_000) }))).toContain(String(MOST_TEXT));
  });
  it("templates that include two, that include two", () => {
    const level = (n: number): readonly [string, Spec] => [
      `l${n}/1.0.0`,
      n === 7
        ? { body: { end: 1 } }
        : {
            includes: { next: `template:acme/l${n + 1}@1.0.0` },
            body: { a: { $include: "next" }, b: { $include: "next" }, c: { $include: "next" } },
          },
    ];
    const world = worldOf(Object.fromEntries(Array.from({ length: 8 }, (_, n) => level(n))));
    expect(JSON.stringify(renderTemplate(world, "template:acme/l0@1.0.0", {}))).toContain(
      `${MOST_INCLUDED} in all`,
    );
  });
  it("depth, of the body and of what is put in", () => {
    const deep = (levels: number): Json => (levels === 0 ? 1 : { x: deep(levels - 1) });
    expect(messageOf(give(deep(40)))).toContain("deeper than 29 levels");
    expect(messageOf(give({ x: { $param: "a" } }, { a: deep(30) }))).toContain("deeper than 29 levels");
    expect(give({ x: { $param: "a" } }, { a: deep(27) })).toEqual({ x: deep(27) });
  });
  it("a chain of templates", () => {
    const world = worldOf(
      Object.fromEntries(
        Array.from({ length: 20 }, (_, n) => [
          `e${n}/1.0.0`,
          { body: {}, ...(n < 19 && { extends: `template:acme/e${n + 1}@1.0.0` }) },
        ]),
      ),
    );
    expect(JSON.stringify(renderTemplate(world, "template:acme/e0@1.0.0", {}))).toContain(
      "more than 16 templates",
    );
    expect(renderTemplate(world, "template:acme/e4@1.0.0", {})).toMatchObject({ value: {} });
  });
});

describe("what was rendered", () => {
  const config = (value: unknown, template: string, parameters: object) => ({
    spec: { type: "parameters", template, parameters, value },
  });
  const world = worldOf(
    {
      "t/1.0.0": { body: { x: { $param: "a" } } },
      "t/1.1.0": { body: { x: { $param: "a" }, y: when({ $param: "flag" }, 1) } },
      "t/2.0.0": { body: { x: { $param: "a" } }, parameters: { properties: { a: { type: "integer" } } } },
    },
    {
      "registry/configs/acme/one/1.0.0.yaml": config({ x: 1 }, "template:acme/t@1.0.0", { a: 1 }),
      "registry/configs/acme/two/1.0.0.yaml": config({ x: "s", y: 2 }, "template:acme/t@1.0.0", {
        a: "s",
        flag: true,
      }),
    },
  );
  const entry = (name: string) => renderingOf(world.get(`config:acme/${name}@1.0.0`)!)!;

  it("is what its template gives, or differs at a place", () => {
    expect(recheck(world, entry("one"))).toEqual({ drift: [] });
    expect(recheck(world, entry("two"))).toEqual({
      drift: [{ pointer: ["spec", "value", "y"], found: 2, given: undefined }],
    });
  });

  it("shows what a new version of the template would make of it", () => {
    const from = new Set(["template:acme/t@1.0.0"]);
    const told = (to: string) =>
      renderingsChanged(world, from, to).map(({ ref, outcome, after, reasons }) => [
        ref,
        outcome,
        after,
        reasons,
      ]);
    expect(told("template:acme/t@1.1.0")).toEqual([
      ["config:acme/one@1.0.0", "same", config({ x: 1 }, "template:acme/t@1.1.0", { a: 1 }), []],
      [
        "config:acme/two@1.0.0",
        "changed",
        config({ x: "s", y: 1 }, "template:acme/t@1.1.0", { a: "s", flag: true }),
        [],
      ],
    ]);
    expect(told("template:acme/t@2.0.0").map(([ref, outcome]) => [ref, outcome])).toEqual([
      ["config:acme/one@1.0.0", "same"],
      ["config:acme/two@1.0.0", "refused"],
    ]);
  });

  it("makes one thing of one order of keys and another", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), json, { maxKeys: 6 }), (a) => {
        const turned = Object.fromEntries(Object.entries(a).toReversed());
        const body = { x: { $param: "a" } };
        expect(give(body, { a: turned })).toEqual(give(body, { a }));
      }),
    );
  });
});

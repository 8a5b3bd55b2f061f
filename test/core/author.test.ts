/** Authoring as values: JSON from strangers, fields by path, requests that have been tampered with. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyEdit, editOf, parseSet, pathText, valueAt } from "../../src/core/author/fields.ts";
import { beginningEntries, nameOf } from "../../src/core/author/init.ts";
import { planPublish } from "../../src/core/author/publish.ts";
import { faultsOfRequest, sameJson } from "../../src/core/author/request.ts";
import { MAX_REQUEST_BYTES, readStrictJson } from "../../src/core/author/strict-json.ts";
import { Failure } from "../../src/core/model/failure.ts";
import type { Instant } from "../../src/core/model/instant.ts";
import { isObject, type Json, type JsonObject } from "../../src/core/model/json.ts";
import { isName } from "../../src/core/model/ref.ts";
import { treeOfTexts } from "../../src/core/model/tree.ts";
import { isForbiddenKey } from "../../src/core/source/limits.ts";
import { unwanted } from "../../src/core/source/text.ts";
import { loadTree } from "../../src/app/read.ts";
import { cpuTime } from "../cpu-time.ts";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Whether an entry could hold it at all: texts, keys and whole numbers. */
function holds(value: Json): boolean {
  if (typeof value === "string") return unwanted(value) === undefined;
  if (typeof value === "number") return !Number.isInteger(value) || Number.isSafeInteger(value);
  if (Array.isArray(value)) return value.every((item: Json) => holds(item));
  if (!isObject(value)) return true;
  return Object.entries(value).every(
    ([key, each]) => !isForbiddenKey(key) && holds(key) && holds(each as Json),
  );
}

describe("JSON from strangers", () => {
  it("is read as JSON.parse reads it, wherever it is read", () => {
    const values = fc.jsonValue({ maxDepth: 6 }) as fc.Arbitrary<Json>;
    fc.assert(
      fc.property(values, fc.constantFrom(0, 1, 4), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const read = readStrictJson(bytesOf(text));
        if (holds(value)) expect(read).toEqual({ value: JSON.parse(text) as Json });
        else expect(read).toHaveProperty("fault");
      }),
      { numRuns: 2_000 },
    );
  });

  it("accepts no text that JSON.parse refuses, and reads no text differently", () => {
    const pieces = fc.array(
      fc.constantFrom(
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        '"a"',
        '"b"',
        "1",
        "-0",
        "1e5",
        "01",
        "+1",
        ".5",
        "true",
        "nul",
        " ",
        "\n",
        '"',
        "\\",
        "\u0000",
        "NaN",
        "//",
      ),
      { maxLength: 9 },
    );
    fc.assert(
      fc.property(pieces, (parts) => {
        const text = parts.join("");
        const read = readStrictJson(bytesOf(text));
        if ("value" in read) expect(JSON.stringify(JSON.parse(text))).toBe(JSON.stringify(read.value));
      }),
      { numRuns: 20_000 },
    );
  });

  it.each([
    ["", 0, /No JSON value begins here/],
    ['{"a": 1, "a": 2}', 9, /"a" stands here for the second time/],
    ['{"a": 1, "\\u0061": 2}', 9, /"a" stands here for the second time/],
    ['{"constructor": 1}', 1, /"constructor" is not allowed/],
    ["[1, 2,]", 6, /No JSON value begins here/],
    ['{"a": 1,}', 9, /comma stands before the end/],
    ["{} {}", 3, /Something stands behind/],
    ["9007199254740993", 0, /too large to be exact/],
    ["1e999", 0, /too large for a number/],
    ['"\\ud800"', 0, /no entry may hold/],
    ['"a\nb"', 0, /does not end, or holds a sign/],
    [`${"[".repeat(40)}${"]".repeat(40)}`, 32, /nested more than 32 deep/],
    ["\ufeff{}", 0, /No JSON value begins here/],
  ])("says what is wrong with %j, and where", (text, offset, reason) => {
    const read = readStrictJson(bytesOf(text));
    expect(read).toEqual({ fault: { reason: expect.stringMatching(reason) as string, offset } });
  });

  it("refuses bytes that are no text, and too many of them", () => {
    expect(readStrictJson(Uint8Array.of(0x22, 0xff, 0x22))).toHaveProperty("fault");
    expect(readStrictJson(new Uint8Array(MAX_REQUEST_BYTES + 1))).toHaveProperty("fault");
    // Deep nesting costs no stack, long texts no time.
    const started = cpuTime();
    for (const sign of ["[", '{"a":', '"\\', "1", "-", "[[],"])
      readStrictJson(bytesOf(sign.repeat(1_000_000).slice(0, MAX_REQUEST_BYTES)));
    expect(cpuTime() - started).toBeLessThan(5_000);
  });
});

const beginning = {
  id: "acme",
  person: undefined,
  team: "@acme/ml",
  now: "2026-07-02T00:00:00Z" as Instant,
  version: "0.0.0",
};
const { registry } = await loadTree(treeOfTexts(beginningEntries(beginning)));

const request: JsonObject = {
  bundle_id: "support/reply",
  bundle_version: "1.1.0",
  bundle: { artifacts: [{ role: "prompt", text: "x" }], provenance: { codeRevision: "abc" } },
  gate_receipt: { gates: [{ metric: "checks_passed", operator: ">=", threshold: 1 }] },
  evaluations: [
    {
      suite: "suite:support/prompt-checks@1.0.0",
      executedAt: "2026-07-01T09:00:00Z",
      status: "passed",
      cases: [{ id: "a", status: "passed" }],
      metrics: { checks_passed: 1 },
    },
  ],
  datasets: [{ ref: "dataset:support/tickets@1.0.0", uri: "s3://x", digest: `sha256:${"0".repeat(64)}` }],
  submitted_by: "identity:registry-owner",
};

describe("a tampered request", () => {
  /** Every place in a value. */
  function placesIn(value: Json, at: readonly (string | number)[] = []): (readonly (string | number)[])[] {
    const below = Array.isArray(value)
      ? value.flatMap((item: Json, index) => placesIn(item, [...at, index]))
      : isObject(value)
        ? Object.entries(value).flatMap(([key, each]) => placesIn(each as Json, [...at, key]))
        : [];
    return [at, ...below].filter((place) => place.length > 0);
  }

  it("is planned, or refused with a place in it; it never throws", () => {
    const hostile = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
      fc.constantFrom<Json>(
        "",
        "../../x",
        "bundle:a/b@1.0.0",
        "1.0.0",
        "prompt",
        [],
        {},
        null,
        -1,
        "constructor",
        "suite:x/y@1.0.0",
        "9999-99-99T99:99:99Z",
      ),
    );
    fc.assert(
      fc.property(fc.constantFrom(...placesIn(request)), hostile, (pointer, value) => {
        const given = applyEdit(request, { pointer, value });
        const { findings, fault } = faultsOfRequest("request.json");
        const plan = planPublish(registry, given, fault);
        expect(plan === undefined).toBe(findings.length > 0);
        for (const { at } of findings)
          expect(valueAt(given, at.pointer?.slice(0, -1) ?? []), pathText(at.pointer ?? [])).not.toBe(
            undefined,
          );
      }),
      { numRuns: 3_000 },
    );
  });

  it("means the same whatever the order of its keys", () => {
    const turned = Object.fromEntries(Object.entries(request).reverse());
    const plans = [request, turned].map((each) => planPublish(registry, each, faultsOfRequest("r").fault));
    expect(plans[0]).toEqual(plans[1]);
    expect(sameJson(request, turned)).toBe(true);
  });
});

describe("fields by path", () => {
  it("an edit sets exactly the place it names; a path is its own spelling", () => {
    const places = [
      "title",
      "tags.0",
      "labels.team",
      "labels.a\\.b",
      "spec.upstreamId",
      "facts.capabilities.modalities.input.0",
      "serving.endpoints.0.rateLimit.requestsPerDay",
    ];
    for (const path of places) {
      const edit = editOf("Model", {}, parseSet(`${path}=7`));
      const value = applyEdit({}, edit);
      const pointer = path
        .split(/(?<!\\)\./)
        .map((step) => (/^\d+$/.test(step) ? Number(step) : step.replaceAll("\\.", ".")));
      expect(valueAt(value, pointer), path).toSatisfy((found) => found === 7 || found === "7");
      expect(pathText(pointer)).toBe(path);
    }
  });

  it("any other path is refused as such", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), fc.string({ maxLength: 5 }), (path, text) => {
        try {
          const { pointer } = editOf("Model", { tags: ["a"] }, { path, text });
          expect(pointer.length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(Failure);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("a new registry", () => {
  it("makes a legal name of any text, or none", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 80 }), (text) => {
        const name = nameOf(text);
        expect(name === undefined || isName(name)).toBe(true);
      }),
    );
    expect([nameOf("Ada Lövelace"), nameOf("ACME, Inc."), nameOf("山田"), nameOf("con")]).toEqual([
      "ada-lovelace",
      "acme-inc",
      undefined,
      undefined,
    ]);
  });
});

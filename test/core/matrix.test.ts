/** The matrix of pipelines and model versions: each cell is what `compareEntries` says, and says so in every format. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matrixCsv, matrixHtml, matrixText, matrixWire } from "../../src/cli/render/matrix.ts";
import type { Style } from "../../src/cli/command.ts";
import { cellsOf, countsOfMatrix, matrixOf } from "../../src/core/lineage/matrix.ts";
import { compareLine } from "../../src/core/resolve/compat-line.ts";
import { compareEntries } from "../../src/core/resolve/compat.ts";
import { registryOfValues } from "../registry-of-values.ts";

const few = <T>(...values: readonly T[]) => fc.constantFrom(...values);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
/** Models that differ often and are equal often, key by key. */
const model = fc.record({
  spec: fc.record(
    {
      provider: few("provider:a", "provider:b"),
      type: few("completion", "embedding"),
      upstreamId: few("a", "b"),
      changelog: few("x", "y"),
      artifact: fc.record(
        { uri: few("s3://a", "s3://b"), digest: few("sha256:1", "sha256:2") },
        { requiredKeys: [] },
      ),
      dependencies: few(
        [],
        [{ ref: "model:a/b", version: "^1.0.0" }],
        [{ ref: "model:a/b", version: "^2.0.0" }],
      ),
      interface: fc.record(
        {
          input: few({ type: "object" }, { type: "object", required: ["a"], properties: { a: {} } }),
          output: few({ type: "string" }, { type: "number" }),
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: ["provider", "type"] },
  ),
  facts: maybe(
    fc.record(
      {
        capabilities: fc.record(
          {
            contextLength: few<unknown>(1, 2, "unknown"),
            modalities: fc.record({ input: few(["text"], ["text", "image"]) }, { requiredKeys: [] }),
            functions: fc.boolean(),
            languages: few(["en"], ["en", "de"], ["de", "en"]),
          },
          { requiredKeys: [] },
        ),
        license: few("MIT", "other"),
        series: few("a", "b"),
      },
      { requiredKeys: [] },
    ),
  ),
  serving: maybe(
    fc.record(
      {
        endpoints: few(
          [],
          [{ type: "rest", url: "https://a" }],
          [{ type: "rest", url: "https://a", auth: "key" }],
        ),
        pricing: few({ currency: "USD" }, { currency: "EUR" }),
        minApiVersion: few("1", "2"),
      },
      { requiredKeys: [] },
    ),
  ),
});

describe("many versions of one thing", () => {
  it("are to each other what compareEntries says", () => {
    fc.assert(
      fc.property(fc.array(model, { minLength: 1, maxLength: 6 }), (values) => {
        const line = compareLine("Model", values);
        for (const [from, before] of values.entries())
          for (const [to, after] of values.entries()) {
            const change = line(from, to);
            const { breaking, changes } = compareEntries(
              { kind: "Model", value: before },
              { kind: "Model", value: after },
            );
            const impact = change?.impact ?? "compatible";
            expect(impact === "compatible" ? false : impact === "breaking" || "unknown").toBe(breaking);
            if (impact !== "compatible")
              expect(change).toEqual(changes.find((each) => each.impact === impact));
          }
      }),
    );
  });
});

const spec = (contextLength: number, more: object = {}) => ({
  state: "production",
  spec: { provider: "provider:a", type: "completion", upstreamId: "m" },
  facts: { capabilities: { contextLength } },
  ...more,
});
const node = (model: string, id = "n") => ({ id, type: "model", config: { model } });
const pipeline = (nodes: readonly object[], dependencies?: readonly object[]) => ({
  state: "active",
  spec: { nodes, edges: [], ...(dependencies && { dependencies }) },
});
const world = registryOfValues({
  "registry/models/acme/m/1.0.0.yaml": spec(8),
  "registry/models/acme/m/1.1.0.yaml": spec(16),
  "registry/models/acme/m/1.2.0.yaml": spec(4),
  "registry/models/acme/m/2.0.0.yaml": spec(8, { state: "retired" }),
  "registry/models/acme/m/2.1.0.yaml": spec(8, { serving: { minApiVersion: "9" } }),
  "registry/pipelines/acme/exact/1.0.0.yaml": pipeline([
    node("model:acme/m@1.0.0"),
    node("model:acme/m@1.0.0", "again"),
    node("model:acme/gone@1.0.0", "gone"),
  ]),
  "registry/pipelines/acme/other/1.0.0.yaml": pipeline([node("model:acme/m@1.0.0")]),
  "registry/pipelines/acme/range/1.0.0.yaml": pipeline(
    [],
    [
      { ref: "model:acme/m", version: ">=1.1.0 <3.0.0" },
      { ref: "model:acme/m", version: "^1.2.0", required: false },
      { ref: "config:acme/c", version: "^1.0.0" },
    ],
  ),
});
const told = () =>
  matrixOf(world).map(({ pipeline: name, uses }) => [
    name,
    uses.map((use) => [
      use.range ?? use.ref,
      ...cellsOf(use).map(({ model: ref, verdict, because }) => `${ref.slice(13)} ${verdict}: ${because}`),
    ]),
  ]);

describe("the matrix", () => {
  it("says of each model that a pipeline names, once, what each of its versions is", () => {
    expect(told()).toEqual([
      [
        "pipeline:acme/exact@1.0.0",
        [
          [
            "model:acme/m@1.0.0",
            "1.0.0 compatible: It is the version that the pipeline names.",
            "1.1.0 compatible: The context grew from 8 to 16.",
            "1.2.0 breaking: The context shrank from 8 to 4.",
            "2.0.0 breaking: It is retired.",
            "2.1.0 unknown: Another version of the API is needed.",
          ],
          ["model:acme/gone@1.0.0"],
        ],
      ],
      ["pipeline:acme/other@1.0.0", expect.anything()],
      [
        "pipeline:acme/range@1.0.0",
        [
          [
            ">=1.1.0 <3.0.0",
            "1.0.0 breaking: It is outside of >=1.1.0 <3.0.0.",
            "1.1.0 compatible: It is within >=1.1.0 <3.0.0.",
            "1.2.0 compatible: It is within >=1.1.0 <3.0.0.",
            "2.0.0 breaking: It is retired.",
            "2.1.0 compatible: It is within >=1.1.0 <3.0.0.",
          ],
          [
            "^1.2.0",
            "1.0.0 unknown: It is outside of ^1.2.0, and the pipeline can do without.",
            "1.1.0 unknown: It is outside of ^1.2.0, and the pipeline can do without.",
            "1.2.0 compatible: It is within ^1.2.0.",
            "2.0.0 breaking: It is retired.",
            "2.1.0 unknown: It is outside of ^1.2.0, and the pipeline can do without.",
          ],
        ],
      ],
    ]);
  });

  it("shares the cells of equal uses", () => {
    const [exact, other] = matrixOf(world);
    expect(exact?.uses[0]).toBe(other?.uses[0]);
  });

  it("says the same in every format, and nothing of the registry breaks out of one", () => {
    const hostile = registryOfValues({
      "registry/models/acme/m/1.0.0.yaml": spec(8, {
        facts: { capabilities: { languages: ['=1+1"<script>\n::set'] } },
      }),
      "registry/models/acme/m/1.1.0.yaml": spec(8, { facts: { capabilities: { languages: [] } } }),
      "registry/pipelines/acme/p/1.0.0.yaml": pipeline([node("model:acme/m@1.0.0")]),
    });
    const rows = matrixOf(hostile);
    const found = { rows, counts: countsOfMatrix(rows) };
    const plain = (text: string): string => text;
    const style: Style = {
      bold: plain,
      dim: plain,
      red: plain,
      yellow: plain,
      green: plain,
      blue: plain,
      cyan: plain,
    };
    expect(found.counts).toEqual({ compatible: 1, breaking: 1, unknown: 0 });
    const [csv, html, text] = [matrixCsv(found), matrixHtml(found), matrixText(found, style)];
    expect(csv.split("\r\n")).toHaveLength(4);
    expect(html).not.toContain("<script");
    expect(html).toContain("&lt;script&gt;");
    expect(text).toContain("    x 1.1.0  The language");
    expect(text).not.toMatch(/(?:^|\s)::set/m);
    expect(JSON.stringify(matrixWire(found))).toContain('"verdict":"breaking"');
  });
});

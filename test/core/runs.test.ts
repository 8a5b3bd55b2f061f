/** Results of other programs as runs: what each format becomes, what is refused and where, and that nothing breaks the readers. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fittedRun, withRunFacts } from "../../src/core/author/run-facts.ts";
import { cleanText, durationOf, type RunContext, type RunRead } from "../../src/core/author/runs/format.ts";
import { junit } from "../../src/core/author/runs/junit.ts";
import { lmEval } from "../../src/core/author/runs/lm-eval.ts";
import { readXml } from "../../src/core/author/runs/xml.ts";
import type { JsonObject } from "../../src/core/model/json.ts";
import { unwanted } from "../../src/core/source/text.ts";
import { scored } from "../../src/core/validate/scoring.ts";
import { modelTest, modelTestChecks } from "../../src/core/author/packs/hivellm-model-test.ts";
import { sparkline } from "../../src/cli/render/trend.ts";

const context: RunContext = { cases: new Set(), tasks: [], messages: true };
const suite = (cases: string, attributes = ""): string => `<testsuite${attributes}>${cases}</testsuite>`;
const told = (read: RunRead): unknown =>
  "run" in read ? read.run : read.faults.map(({ reason, offset }) => `${offset} ${reason}`);
const casesOf = (text: string, more: Partial<RunContext> = {}): unknown => {
  const read = junit.read(text, { ...context, ...more });
  return "run" in read ? read.run["cases"] : told(read);
};

describe("JUnit XML", () => {
  it.each<[string, string, unknown]>([
    [
      "pytest, with two suites in one report",
      `<?xml version="1.0" encoding="utf-8"?><testsuites>${suite('<testcase classname="a.b" name="one" time="0.25"/>', ' timestamp="2026-07-01T11:00:00.5+02:00" time="1.5"')}${suite('<testcase name="two"><skipped/></testcase>', ' timestamp="2026-07-01T08:00:00Z" time="1,000.5"')}</testsuites>`,
      {
        executedAt: "2026-07-01T08:00:00Z",
        duration: "PT1002S",
        cases: [
          { id: "a.b.one", status: "passed", duration: "PT0.25S" },
          { id: "two", status: "skipped" },
        ],
        metrics: { pass_rate: 1 },
      },
    ],
    [
      "a clock without an offset is of nobody knows where",
      suite('<testcase name="one"/>', ' timestamp="2026-07-01T11:00:00"'),
      { cases: [{ id: "one", status: "passed" }], metrics: { pass_rate: 1 } },
    ],
    [
      "metrics in properties, of the report and of suites",
      `<testsuites><properties><property name="metric:auc" value="0.93"/></properties>${suite('<properties><property name="metric:tokens_total">1200</property><property name="os" value="x"/></properties><testcase name="one"><failure/></testcase>')}</testsuites>`,
      {
        cases: [{ id: "one", status: "failed" }],
        metrics: { auc: 0.93, tokens_total: 1200, pass_rate: 0 },
      },
    ],
    [
      "nothing but skipped tests has no rate",
      suite('<testcase name="one"><skipped message="later"/></testcase>'),
      { cases: [{ id: "one", status: "skipped", error: { message: "later" } }], metrics: {} },
    ],
    [
      "nested suites",
      `<testsuites>${suite(suite('<testcase name="deep"/>'))}</testsuites>`,
      {
        cases: [{ id: "deep", status: "passed" }],
        metrics: { pass_rate: 1 },
      },
    ],
    [
      "a metric that is no number",
      suite('<properties><property name="metric:auc" value="high"/></properties>'),
      ['23 The metric "auc" is "high", which is no number.'],
    ],
    [
      "a metric with two values",
      suite(
        '<properties><property name="metric:a" value="1"/><property name="metric:a" value="2"/></properties>',
      ),
      ['60 The metric "a" has two values.'],
    ],
    [
      "a test twice",
      suite('<testcase name="one"/><testcase name="one"><failure/></testcase>'),
      ['33 The test case "one" stands here twice.'],
    ],
    ["a test without a name", suite("<testcase/>"), ["11 A test case has no name."]],
    ["another document", "<html/>", ["0 <html> is no report of test suites."]],
  ])("%s", (_, text, expected) => {
    expect(told(junit.read(text, context))).toEqual(expected);
  });

  it("says what failed tests said, cut and without what cannot be seen, or not at all", () => {
    const text = suite(
      `<testcase name="a"><failure type="Assertion\nError" message="x &lt; y\u202e"/></testcase><testcase name="b"><error><![CDATA[  ${"long ".repeat(200)}]]></error></testcase>`,
    );
    expect(casesOf(text)).toEqual([
      { id: "a", status: "failed", error: { type: "Assertion Error", message: "x < y<U+202E>" } },
      { id: "b", status: "error", error: { message: `${"long ".repeat(100).slice(0, 499)}\u2026` } },
    ]);
    expect(casesOf(text, { messages: false })).toEqual([
      { id: "a", status: "failed" },
      { id: "b", status: "error" },
    ]);
  });

  it("names cases as the suite does, else by class and name, never two alike", () => {
    const long = "x".repeat(120);
    const ids = casesOf(
      suite(
        `<testcase classname="m" name="known"/><testcase classname="m" name="t[a-1]"/><testcase classname="m" name="t[a/1]"/><testcase name="${long}"/><testcase name="x"><properties><property name="case" value="stated"/></properties></testcase>`,
      ),
      { cases: new Set(["known"]) },
    ) as readonly { readonly id: string }[];
    const digested = (start: string): unknown => expect.stringMatching(new RegExp(`^${start}-[0-9a-f]{8}$`));
    expect(ids.map(({ id }) => id)).toEqual([
      "known",
      "m.t-a-1",
      digested("m\\.t-a-1"),
      digested("x{91}"),
      "stated",
    ]);
    expect(new Set(ids.map(({ id }) => id)).size).toBe(5);
    for (const { id } of ids) expect(id).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/);
  });
});

describe("XML", () => {
  const lol = `<!DOCTYPE l [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><l>&b;</l>`;
  it.each<[string, string, string]>([
    ["a billion laughs", lol, "0 It declares a document type or an entity, which is never read."],
    [
      "an external entity",
      `<?xml version="1.0"?>\n<!DOCTYPE a SYSTEM "file:///etc/passwd">\n<a/>`,
      "22 It declares a document type or an entity, which is never read.",
    ],
    [
      "an entity that nobody declared",
      "<a>&xxe;</a>",
      '3 "&xxe;" is no reference that XML has without a document type.',
    ],
    ["an ampersand alone", "<a>a & b</a>", '5 "&" is no reference that XML has without a document type.'],
    [
      "a reference to a character that XML does not allow",
      "<a b='&#0;'/>",
      '6 "&#0;" is no reference that XML has without a document type.',
    ],
    [
      "half a surrogate pair",
      "<a>&#xD800;</a>",
      '3 "&#xD800;" is no reference that XML has without a document type.',
    ],
    [
      "beyond Unicode",
      "<a>&#x110000;</a>",
      '3 "&#x110000;" is no reference that XML has without a document type.',
    ],
    ["endless nesting", "<a>".repeat(33), "96 It is nested more than 32 deep."],
    ["two roots", "<a/><b/>", "4 Something stands behind the root element."],
    ["text outside", "<a/>x", "4 Text stands outside the root element."],
    ["crossed tags", "<a><b></a></b>", "6 The end of <b> should stand here."],
    ["no end", "<a><b/>", "0 <a> does not end."],
    ["an attribute twice", `<a b="1" b="2"/>`, "8 The attribute b stands here twice."],
    ["a tag inside an attribute", `<a b="<"/>`, "2 The tag of <a> does not end as tags do."],
    ["no quotes", "<a b=1/>", "2 The tag of <a> does not end as tags do."],
    ["a comment without end", "<a><!-- </a>", "3 The comment does not end."],
    ["nothing", "", "0 It holds no element."],
    ["control characters", "<a>\u0007</a>", "3 Here stands a character that XML does not allow."],
    [
      "another encoding",
      `<?xml version="1.0" encoding="UTF-16"?><a/>`,
      '0 Its encoding is "UTF-16"; only UTF-8 is read.',
    ],
    ["another version", `<?xml version="1.1"?><a/>`, "0 Its version is 1.1; only 1.0 is read."],
    [
      "too many attributes",
      `<a ${Array.from({ length: 65 }, (_, i) => `a${i}="1"`).join(" ")}/>`,
      "504 <a> has more than 64 attributes.",
    ],
    ["too many elements", `<a>${"<b/>".repeat(200_001)}</a>`, "799999 It has more than 200000 elements."],
  ])("refuses %s", (_, text, expected) => {
    const read = readXml(text);
    expect("reason" in read ? `${read.offset} ${read.reason}` : read).toBe(expected);
  });

  it("reads references once, sections, comments and instructions", () => {
    const read = readXml(
      `\uFEFF<?xml version='1.0' encoding='utf-8'?><?x y?><!-- c --><a b='1&#x41;&quot;\n2'>&amp;lt;<![CDATA[<&]]>&#65;<c/><!-- no --></a>\n`,
    );
    if ("reason" in read) throw new Error(read.reason);
    const { name, attributes, text, children } = read.root;
    expect([name, [...attributes], text, children.map((each) => each.name)]).toEqual([
      "a",
      [["b", '1A" 2']],
      "&lt;<&A",
      ["c"],
    ]);
  });

  it("hands back what was written, whatever texts it holds", () => {
    const escape = (text: string): string =>
      text.replace(/[&<>"\t\n\r]/g, (sign) => `&#${sign.charCodeAt(0)};`);
    const texts = fc
      .string({ unit: "grapheme-composite", maxLength: 40 })
      // oxlint-disable-next-line no-control-regex -- these are no XML.
      .map((text) => text.replace(/[\0-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]/g, ""));
    fc.assert(
      fc.property(texts, texts, (value, text) => {
        const read = readXml(`<a b="${escape(value)}">${escape(text)}</a>`);
        if ("reason" in read) throw new Error(read.reason);
        // A tab, LF or CR that is a reference stays what it is nowhere but in text: attributes are normalised.
        expect([read.root.attributes.get("b"), read.root.text]).toEqual([
          value.replace(/[\t\n\r]/g, " "),
          text,
        ]);
      }),
    );
  });

  it("never throws, and takes linear time, whatever it is given", () => {
    const pieces = fc.constantFrom(
      "<a",
      ">",
      "/>",
      "</a>",
      "<!--",
      "-->",
      "<![CDATA[",
      "]]>",
      "&amp;",
      "&",
      " b='1'",
      '"',
      "x",
      "<?",
      "?>",
      "<!DOCTYPE",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
        for (const format of [junit, lmEval]) expect(format.read(parts.join(""), context)).toBeDefined();
      }),
    );
  });
});

describe("lm-evaluation-harness", () => {
  const results = {
    results: {
      gsm8k: {
        alias: " - gsm8k",
        "exact_match,strict-match": 0.74,
        "exact_match_stderr,strict-match": 0.012,
      },
      mmlu_a: { "acc,none": 0.68, "acc_stderr,none": "N/A", sample_len: 100 },
      broken: { alias: "broken" },
    },
    versions: { gsm8k: 3, mmlu_a: 2 },
    "n-shot": { gsm8k: 5, mmlu_a: 0 },
    "n-samples": { gsm8k: { original: 1319, effective: 1319 }, mmlu_a: { original: 14042, effective: 100 } },
    config: { model: "hf", limit: 100, prompt: "a\u0007b\u202e", seed: 12345678901234567890 },
    date: 1782900000.25,
    lm_eval_version: "0.4.8",
    model_name: "x/y",
    total_evaluation_time_seconds: "245.6712349",
  };
  const read = (value: unknown, tasks: readonly string[] = []): RunRead =>
    lmEval.read(JSON.stringify(value), { ...context, tasks });

  it("makes every number a metric, and tells what changes its meaning", () => {
    expect(read(results)).toEqual({
      run: {
        executedAt: "2026-07-01T10:00:00Z",
        duration: "PT245.671235S",
        metrics: {
          "gsm8k/exact_match@strict-match": 0.74,
          "gsm8k/exact_match_stderr@strict-match": 0.012,
          "gsm8k/n_samples": 1319,
          "mmlu_a/acc": 0.68,
          "mmlu_a/n_samples": 100,
        },
      },
      notes: [
        "lm-evaluation-harness 0.4.8 on x/y.",
        "Limited to 100 samples a task.",
        "Tasks: gsm8k (version 3, 5-shot), mmlu_a (version 2, 0-shot), broken.",
      ],
    });
  });

  it.each<[string, unknown, readonly string[], readonly string[]]>([
    ["a task that is not there", results, ["gsm9k"], ['0 There is no task "gsm9k" in it.']],
    ["a task without a number", results, ["broken"], ["0 No task of it has a number."]],
    ["no results", { versions: {} }, [], ["0 It holds no `results` of tasks."]],
    [
      "more metrics than an Evaluation holds",
      { results: Object.fromEntries(Array.from({ length: 501 }, (_, i) => [`t${i}`, { "acc,none": 1 }])) },
      [],
      ["0 It holds 501 metrics; an Evaluation holds at most 500."],
    ],
    [
      "a name that no metric can have",
      { results: { "a b": { "acc,none": 1 } } },
      [],
      ['0 "a b/acc" cannot be the name of a metric.'],
    ],
  ])("refuses %s", (_, value, tasks, expected) => {
    expect(told(read(value, tasks))).toEqual(expected);
  });

  it.each([
    [
      "NaN, which is no JSON",
      '{"results":{"t":{"acc,none":NaN}},"versions":{}}',
      "28 No JSON value begins here.",
    ],
    ["a key twice", '{"results":{},"results":{}}', '14 The key "results" stands here for the second time.'],
    ["endless nesting", `{"results":${"[".repeat(40)}`, "42 It is nested more than 32 deep."],
  ])("refuses %s", (_, text, expected) => {
    expect(told(lmEval.read(text, context))).toEqual([expected]);
  });

  it("is told from JUnit and from our own JSON by its look", () => {
    const texts = [JSON.stringify(results), "\uFEFF <testsuite/>", '{"suite":"x","metrics":{}}', ""];
    expect(texts.map((text) => [junit.looksRight(text), lmEval.looksRight(text)])).toEqual([
      [false, true],
      [true, false],
      [false, false],
      [false, false],
    ]);
  });
});

describe("what an entry can hold", () => {
  const cases = (count: number): JsonObject[] =>
    Array.from({ length: count }, (_, i) => ({
      id: `c${i}`,
      status: i % 10 === 0 ? "failed" : "passed",
      duration: "PT1S",
    }));
  it.each([
    [100, "all", null],
    [450, "all", null],
    [550, "without durations", "The durations of its cases were left out."],
    [5_000, "none", "Its 5000 cases are more than an entry holds, and only their summary stands here."],
  ])("%i cases: %s", (count, kept, note) => {
    const fitted = fittedRun({ cases: cases(count), metrics: { a: 1 } });
    const left = fitted.run["cases"] as readonly JsonObject[] | undefined;
    const what =
      left === undefined ? "none" : left[0]?.["duration"] === undefined ? "without durations" : "all";
    expect([what, fitted.note]).toEqual([kept, note]);
    if (left === undefined)
      expect([fitted.run["summary"], fitted.run["status"]]).toEqual([
        { total: 5_000, passed: 4_500, failed: 500, errors: 0, skipped: 0 },
        "failed",
      ]);
  });

  it("texts are such as an entry may hold, and no longer than asked", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 200 }),
        fc.integer({ min: 1, max: 60 }),
        (text, most) => {
          const clean = cleanText(text, most);
          expect([unwanted(clean), clean.length <= most]).toEqual([undefined, true]);
        },
      ),
    );
  });

  it.each([
    [0.1 + 0.2, "PT0.3S"],
    [3600, "PT3600S"],
    [1e-7, "PT0S"],
    [-1, undefined],
    [Number.NaN, undefined],
    [1e9, undefined],
  ])("%d seconds are %s", (seconds, expected) => {
    expect(durationOf(seconds)).toBe(expected);
  });

  it("flags and file must say the same", () => {
    const faults: string[] = [];
    const run = withRunFacts(
      { suite: "suite:a/b@1.0.0", metrics: { a: 1, b: 2 } },
      {
        stated: { suite: "suite:a/c@1.0.0", issuer: "identity:x", status: undefined },
        metrics: ["a=1", "b=3", "c=x", "d=0.5"],
        artifacts: [],
      },
      (definition, message) => void faults.push(`${definition.code} ${message}`),
    );
    expect(faults).toEqual([
      'request/disagrees suite is given as "suite:a/c@1.0.0", but the file says "suite:a/b@1.0.0".',
      "request/shape --metric c=x is no name and number.",
      "request/disagrees The metric b is given as 3, but the file says 2.",
    ]);
    expect([run["issuer"], run["metrics"]]).toEqual(["identity:x", { a: 1, b: 3, d: 0.5 }]);
  });
});

describe("HiveLLM's protocol as a suite", () => {
  const { scoring } = modelTest.spec;
  const classed = (points: readonly number[], failed: readonly string[] = []): unknown => {
    if (scoring === undefined) throw new Error("no scoring");
    const { score, class: found } = scored(scoring, {
      metrics: Object.fromEntries(modelTestChecks.map(({ id }, index) => [id, points[index] ?? 0])),
      cases: modelTestChecks.map(({ id }) => ({ id, status: failed.includes(id) ? "failed" : "passed" })),
    });
    return [score, found];
  };
  it("weighs six checks 15, 15, 25, 25, 10 and 10", () => {
    expect(modelTestChecks.map(({ weight }) => weight)).toEqual([15, 15, 25, 25, 10, 10]);
  });
  it.each<[string, readonly number[], readonly string[], unknown]>([
    ["all points", [15, 15, 25, 25, 10, 10], [], [100, "general"]],
    ["85", [15, 15, 25, 20, 5, 5], [], [85, "general"]],
    ["84", [15, 15, 25, 19, 5, 5], [], [84, "contributor"]],
    ["84.9 is no 85", [15, 15, 25, 19.9, 5, 5], [], [84.9, "contributor"]],
    ["65", [15, 15, 15, 15, 5, 0], [], [65, "contributor"]],
    ["64", [15, 15, 15, 14, 5, 0], [], [64, "rejected"]],
    ["a critical fail with 90 points", [15, 15, 20, 20, 10, 10], ["connectivity"], [90, "rejected"]],
    ["a critical fail with 70 points", [15, 15, 15, 15, 5, 5], ["task-completeness"], [70, "rejected"]],
    ["a fail that is not critical", [15, 15, 25, 25, 10, 5], ["stability"], [95, "general"]],
    ["more points than there are", [16, 15, 25, 25, 10, 10], [], [null, null]],
  ])("%s", (_, points, failed, expected) => {
    expect(classed(points, failed)).toEqual(expected);
  });
  it("a critical check that nobody told of failed", () => {
    if (scoring === undefined) throw new Error("no scoring");
    const metrics = Object.fromEntries(modelTestChecks.map(({ id, weight }) => [id, weight]));
    expect(scored(scoring, { metrics }).class).toBe("rejected");
  });
});

describe("a line of bars", () => {
  it.each([
    [[1], "▄"],
    [[1, 1, 1], "▄▄▄"],
    [[0, 1], "▁█"],
    [[0, 0.5, 1], "▁▅█"],
    [[-1, 0, 1], "▁▅█"],
  ])("%j is %s", (values, expected) => {
    expect(sparkline(values, 40)).toBe(expected);
  });
  it("of many values shows the one that stands out", () => {
    const values = Array.from({ length: 1000 }, (_, index) => (index === 503 ? 0 : 1));
    const line = sparkline(values, 20);
    expect([line.length, [...line].filter((bar) => bar === "▁").length]).toEqual([20, 1]);
  });
});

/** Every format of diagnostics: the frame under the right column, schemas of others, and hostile text made harmless. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Style } from "../../src/cli/command.ts";
import { diagnosticFormats, type LintReport } from "../../src/cli/render/diagnostics.ts";
import { countsOf, type Diagnostic } from "../../src/core/validate/report.ts";
import { readXml, textOf } from "./xml.ts";

const root = join(import.meta.dirname, "../..");
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

const one: Diagnostic = {
  code: "schema/type",
  severity: "error",
  category: "invalid",
  message: "`title` is the number 7, not a text.",
  hint: "Put it in quotes.",
  file: "registry/providers/a.yaml",
  line: 2,
  column: 8,
  endLine: 2,
  endColumn: 9,
  subject: "provider:a",
  related: [],
};
const reportOf = (...diagnostics: readonly Diagnostic[]): LintReport => ({
  entries: 5,
  counts: countsOf(diagnostics),
  diagnostics,
});

async function render(
  format: string,
  report: LintReport,
  source = "a: 1\ntitle: 7\nb: 2\n",
  columns = 60,
): Promise<string> {
  const renderer = await diagnosticFormats[format]!();
  return renderer(report, { style, columns, version: "1.2.3", sourceOf: () => source });
}

const frame = async (part: Partial<Diagnostic>, source: string, columns = 60): Promise<string[]> => {
  const text = await render("text", reportOf({ ...one, message: "M", hint: "H", ...part }), source, columns);
  const lines = text.split("\n");
  return lines.slice(2, lines.indexOf("  fix: H"));
};

describe("text", () => {
  it("shows what, where with lines and caret, and the fix; and sums up", async () => {
    const related = [
      { message: "the first one", file: "registry/b.yaml", line: 3, column: 4, endLine: 3, endColumn: 5 },
    ];
    expect(await render("text", reportOf(one, { ...one, code: "ref/missing", severity: "warning", related })))
      .toBe(`error schema/type  registry/providers/a.yaml:2:8
  \`title\` is the number 7, not a text.
    1 | a: 1
  > 2 | title: 7
      |        ^
    3 | b: 2
  fix: Put it in quotes.

warning ref/missing  registry/providers/a.yaml:2:8
  \`title\` is the number 7, not a text.
    1 | a: 1
  > 2 | title: 7
      |        ^
    3 | b: 2
  see registry/b.yaml:3:4  the first one
  fix: Put it in quotes.

failed  5 entries, 1 error, 1 warning  (assent explain schema/type)
`);
    expect(await render("text", reportOf())).toBe("ok  5 entries, no errors\n");
  });

  it("puts the caret below what is meant, whatever stands before it", async () => {
    const rows: readonly (readonly [
      name: string,
      source: string,
      part: Partial<Diagnostic>,
      carets: string,
    ])[] = [
      ["a tab is one cell", "\ta:\tx\n", { line: 1, column: 5, endLine: 1, endColumn: 6 }, "    ^"],
      ["a wide character is two", "名前: x\n", { line: 1, column: 5, endLine: 1, endColumn: 6 }, "      ^"],
      [
        "wide characters are underlined whole",
        "a: 名前\n",
        { line: 1, column: 4, endLine: 1, endColumn: 6 },
        "   ^^^^",
      ],
      [
        "an emoji is two, a letter beyond the plane is one",
        "\u{1f600}\u{1d4b3}: x\n",
        { line: 1, column: 7, endLine: 1, endColumn: 8 },
        "     ^",
      ],
      ["a combining mark is none", "e\u0301: x\n", { line: 1, column: 5, endLine: 1, endColumn: 6 }, "   ^"],
      [
        "a control character is one",
        "a\u0007b: x\n",
        { line: 1, column: 6, endLine: 1, endColumn: 7 },
        "     ^",
      ],
      [
        "several lines are underlined to the end of the first",
        "a: [1,\n  2]\n",
        { line: 1, column: 4, endLine: 2, endColumn: 5 },
        "   ^^^",
      ],
      ["nothing is still a place", "a:\n", { line: 1, column: 3, endLine: 1, endColumn: 3 }, "  ^"],
      ["behind the end is a place", "a:\n", { line: 2, column: 1, endLine: 2, endColumn: 1 }, "^"],
    ];
    for (const [name, source, part, carets] of rows) {
      const line = (await frame(part, source)).find((text) => /^ {4,} \| *\^+$/.test(text));
      expect([name, line?.slice("      | ".length)]).toEqual([name, carets]);
    }
  });

  it("leaves carriage returns out, and the empty line behind the last", async () => {
    expect(await frame({ line: 1, column: 1, endLine: 1, endColumn: 2 }, "a: 1\r\n")).toEqual([
      "  > 1 | a: 1",
      "      | ^",
    ]);
  });

  it("lines up numbers of different lengths", async () => {
    expect(await frame({ line: 9, column: 1, endLine: 9, endColumn: 2 }, "a\n".repeat(10))).toEqual([
      "     8 | a",
      "  >  9 | a",
      "       | ^",
      "    10 | a",
    ]);
  });

  it("cuts long lines around the caret, at any width", async () => {
    const source = `key: ${"abcdefghij".repeat(30)}\n`;
    for (const columns of [40, 60, 100]) {
      for (const column of [1, 6, 50, 150, 299, 305]) {
        const lines = await frame({ line: 1, column, endLine: 1, endColumn: column + 1 }, source, columns);
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
        const [code = "", carets = ""] = lines;
        expect([column, code[carets.indexOf("^")]]).toEqual([column, source[column - 1]]);
      }
    }
  });

  it("shows no frame of what cannot be read", async () => {
    const renderer = await diagnosticFormats["text"]!();
    const text = renderer(reportOf(one), { style, columns: 60, version: "1", sourceOf: () => undefined });
    expect(text).not.toContain("|");
  });

  it("never grows wider than its columns by prose", async () => {
    const words = fc.array(
      fc.string({ minLength: 1, maxLength: 12 }).filter((word) => !/\s/.test(word)),
      { minLength: 1, maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(words, fc.integer({ min: 40, max: 100 }), async (list, columns) => {
        const text = await render(
          "text",
          reportOf({ ...one, message: list.join(" "), hint: list.join(" ") }),
          "",
          columns,
        );
        const longest = Math.max(...list.map((word) => JSON.stringify(word).length * 6)) + 8;
        for (const line of text.split("\n"))
          expect(line.length).toBeLessThanOrEqual(Math.max(columns, longest, 66));
      }),
      { numRuns: 50 },
    );
  });
});

/** What a registry's text may try in a log, a page or a parser. */
const hostile = [
  "\u001b[31mred\u001b]0;title\u0007\u009b2J",
  "::error file=x::owned",
  "  ::add-mask::a",
  "x ::stop-commands::b",
  "##[set-output name=a]b",
  "##vso[task.setvariable variable=a]b",
  "%0A::warning::y\r::notice::z",
  "@everyone @acme/team <script>alert(1)</script> <img src=x onerror=y> &amp; [a](javascript:b) ![](https://evil.example/x.png)",
  "`tick` ``two`` | pipe **bold** https://evil.example ]]> --> <!-- \"quoted\" 'single'",
  "\u202eevil\u2066 \u0000nul \ufeff \u2028line \ud800 \ufffe",
].join("\n");
const attack: Diagnostic = {
  ...one,
  message: hostile,
  hint: hostile,
  file: `registry/${hostile}.yaml`,
  subject: hostile,
  related: [{ message: hostile, file: hostile, line: 1, column: 1, endLine: 1, endColumn: 1 }],
};
const unsafe = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;
/** What GitHub's runner, Azure and TeamCity take for a command in a line of a log. */
const commands = /^\s*::[a-z]|##\[|##vso\[|##teamcity\[/i;

describe("hostile text", () => {
  it("in text: nothing moves the cursor, nothing is a command of a CI system", async () => {
    const text = await render("text", reportOf(attack), `${hostile}\n${hostile}\n`, 60);
    expect(text).not.toMatch(unsafe);
    expect(text.split("\n").filter((line) => commands.test(line))).toEqual([]);
    expect(text).toContain("\\u{1b}[31mred");
  });

  it("in json: the value is exact, in one line of plain JSON", async () => {
    const text = await render("json", reportOf(attack));
    expect(text.split("\n")).toHaveLength(2);
    expect(text).not.toMatch(commands);
    const wire = JSON.parse(text) as { diagnostics: Diagnostic[] };
    expect(wire.diagnostics[0]).toMatchObject({ message: hostile, file: attack.file, subject: hostile });
  });

  it("in github: one command a diagnostic, and no other", async () => {
    const text = await render(
      "github",
      reportOf(attack, { ...one, severity: "warning" }, { ...one, severity: "info" }),
    );
    const lines = text.trimEnd().split("\n");
    expect(
      lines.map((line) =>
        /^::(error|warning|notice) file=[^:,]*,line=2,endLine=2,col=8,endColumn=9,title=schema%2Ftype::|^::(error|warning|notice) file=[^:,]*,line=2,endLine=2,col=8,endColumn=9,title=schema\/type::/.test(
          line,
        ),
      ),
    ).toEqual([true, true, true]);
    expect(text).not.toMatch(unsafe);
    const [, data = ""] = /^::error [^:]*::(.*)$/.exec(lines[0]!) ?? [];
    expect(decodeURIComponent(data.replaceAll(/%(?!25|0A|0D)/g, "%25"))).toContain("::error file=x::owned\n");
    expect(lines[1]).toBe(
      "::warning file=registry/providers/a.yaml,line=2,endLine=2,col=8,endColumn=9,title=schema/type::`title` is the number 7, not a text.%0Afix: Put it in quotes.",
    );
  });

  it("in github: columns only where a finding stays in one line", async () => {
    expect(await render("github", reportOf({ ...one, endLine: 3 }))).toMatch(
      /^::error file=registry\/providers\/a\.yaml,line=2,endLine=3,title=/,
    );
  });

  it("in markdown: one row a diagnostic, no markup, no mention, no link, no page loaded", async () => {
    const text = await render("markdown", reportOf(attack, one));
    const rows = text.trimEnd().split("\n").slice(4);
    expect(rows).toHaveLength(2);
    expect(text).not.toMatch(unsafe);
    const outsideCode = rows[0]!.replace(/(`+)(?!`).*?[^`]\1(?!`)/g, "CODE");
    expect(outsideCode).not.toMatch(/[<>@]|:\/\/|(?<!\\)[[\]`*_!]/);
    // A cell ends at a bar that nothing escapes; six bars bound five cells.
    for (const row of rows) expect(row.match(/(?<!\\)\|/g)).toHaveLength(6);
    expect(await render("markdown", reportOf())).toBe("**assent lint**: 5 entries, no errors\n");
  });

  it("in junit: well-formed XML whose texts are what was said", async () => {
    const text = await render("junit", reportOf(attack, one, { ...one, severity: "warning", message: "W" }));
    expect(text).not.toMatch(unsafe);
    expect(text).not.toMatch(commands);
    const suites = readXml(text);
    expect(suites).toMatchObject({ name: "testsuites", attributes: { tests: "2", failures: "2" } });
    const suite = suites.children[0]!;
    const cases = suite.children.filter(({ name }) => name === "testcase");
    expect(cases.map(({ children }) => children.map(({ name }) => name))).toEqual([
      ["failure"],
      ["failure", "system-out"],
    ]);
    expect(textOf(cases[0]!)).toContain("::error file=x::owned\n");
    expect(textOf(cases[0]!)).toContain("<script>alert(1)</script>");
    expect(cases[1]!.attributes["name"]).toBe("registry/providers/a.yaml");
    expect(readXml(await render("junit", reportOf())).children[0]!.attributes).toMatchObject({
      tests: "1",
      failures: "0",
    });
  });

  it("in junit: any text at all makes well-formed XML", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", maxLength: 40 }), async (text) => {
        expect(
          textOf(readXml(await render("junit", reportOf({ ...one, message: text, file: text })))),
        ).toContain("fix: ");
      }),
    );
  });
});

describe("schemas", () => {
  it("json is what schemas/wire/lint.schema.json says", async () => {
    const ajv = new Ajv2020({ allErrors: true, strict: false });
    const read = (name: string): object =>
      JSON.parse(readFileSync(join(root, "schemas/wire", name), "utf8")) as object;
    ajv.addSchema(read("common.schema.json"));
    const validate = ajv.compile(read("lint.schema.json"));
    for (const report of [
      reportOf(),
      reportOf(one),
      reportOf(attack, { ...one, subject: null, related: attack.related }),
    ]) {
      validate(JSON.parse(await render("json", report)));
      expect(validate.errors ?? []).toEqual([]);
    }
    expect(await render("json", reportOf(one))).toBe(
      '{"format":"assent.lint/v1","ok":false,"entries":5,"counts":{"error":1,"warning":0,"info":0},"diagnostics":[{"code":"schema/type","severity":"error",' +
        '"category":"invalid","message":"`title` is the number 7, not a text.","hint":"Put it in quotes.","file":"registry/providers/a.yaml","line":2,"column":8,' +
        '"endLine":2,"endColumn":9,"subject":"provider:a","related":[]}]}\n',
    );
  });

  it("sarif is what SARIF 2.1.0's own schema says", async () => {
    const {
      $schema: _,
      id: __,
      ...schema
    } = JSON.parse(readFileSync(join(root, "test/data/sarif-2.1.0.schema.json"), "utf8")) as Record<
      string,
      unknown
    >;
    const ajv = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false });
    addFormats.default(ajv);
    const validate = ajv.compile(schema);
    const related = [
      { message: "the other", file: "registry/b.yaml", line: 1, column: 1, endLine: 1, endColumn: 2 },
    ];
    for (const report of [
      reportOf(),
      reportOf(one),
      reportOf(attack),
      reportOf(one, { ...one, code: "ref/missing", severity: "info", related }),
    ]) {
      const text = await render("sarif", report);
      expect(text).not.toMatch(commands);
      validate(JSON.parse(text));
      expect(validate.errors ?? []).toEqual([]);
    }
    const { runs } = JSON.parse(
      await render("sarif", reportOf(one, { ...one, code: "ref/missing", severity: "warning" })),
    ) as {
      runs: {
        tool: { driver: { rules: { id: string }[] } };
        results: { ruleId: string; ruleIndex: number; level: string }[];
      }[];
    };
    const [{ tool, results }] = runs as [(typeof runs)[number]];
    expect(
      results.map(({ ruleId, ruleIndex, level }) => [ruleId, tool.driver.rules[ruleIndex]?.id, level]),
    ).toEqual([
      ["schema/type", "schema/type", "error"],
      ["ref/missing", "ref/missing", "warning"],
    ]);
  });
});
